import type { AccountRef, ProviderKind, ProviderName, Verdict } from '../provider.ts'

export const STATUSES = ['connected', 'authorization_required', 'permission_required', 'misconfigured', 'paused'] as const
export type Status = (typeof STATUSES)[number]

/** What becomes of what an outage of a CRM held back: pushed at once, or when a person says so. */
export const CATCH_UP_MODES = ['auto', 'ask'] as const
export type CatchUpMode = (typeof CATCH_UP_MODES)[number]

/** `daily`: only from 24 h on. */
export const REMINDER_MODES = ['daily', 'none'] as const
export type ReminderMode = (typeof REMINDER_MODES)[number]

/** One account at one provider. */
export interface Connection {
  readonly id: string
  readonly teamId: string
  /** A slug that people type, unique in a workspace. */
  readonly name: string
  readonly provider: ProviderName
  readonly kind: ProviderKind
  readonly accountId: string
  readonly accountName: string
  /** See `AccountRef`. */
  readonly accountVia: string | null
  readonly environment: 'production' | 'sandbox'
  readonly grantId: string
  /** Slack user: who authorized last, until somebody is set. */
  readonly ownerId: string | null
  /** Slack user who is asked as well when the owner has not acted for long. */
  readonly deputyId: string | null
  /** Slack channel of its cards; null: the default channel. */
  readonly channelId: string | null
  /** Null: as the settings of Redkey say. */
  readonly catchUp: CatchUpMode | null
  /** Null: as usual, after 1, 4 and 24 h, then daily. */
  readonly reminders: ReminderMode | null
  /** Slack user who has paused it, while it is. */
  readonly pausedBy: string | null
  readonly addedBy: string
  readonly addedAt: Date
  /** Until then nothing is pushed to a CRM: somebody who may change settings must have seen which org it is. */
  readonly confirmedAt: Date | null
  readonly confirmedBy: string | null
  readonly health: Health
  /** Raised by every change that others must notice; a change based on an older one is refused. */
  readonly version: number
}

export function accountOf({ accountId, accountVia }: Pick<Connection, 'accountId' | 'accountVia'>): AccountRef {
  return { id: accountId, via: accountVia }
}

/** How a connection is. Changed by `decide` only, which is pure. */
export interface Health {
  readonly status: Status
  /** Since when the status is what it is. */
  readonly since: Date
  /** The refusal behind a status that is not `connected`. */
  readonly cause: string | null
  readonly explanation: string | null
  /** An ambiguous refusal that waits for its second proof, or has had it. */
  readonly suspectSince: Date | null
  /** The provider gave no usable answer since then. */
  readonly unreachableSince: Date | null
  /** The last check or real call that succeeded; gaps are counted from here. */
  readonly lastProofAt: Date
}

export type Observation = { readonly kind: 'proof' } | Verdict

export interface HealthRules {
  readonly checkEveryMs: number
  /** An ambiguous refusal must be seen twice, at least this far apart, before a card goes red. */
  readonly confirmAfterMs: number
}

export type OutageKind = 'authorization' | 'permission' | 'misconfigured'

/** What an observation changes. `outage` is what the store does to outage and card in the same program. */
export interface Decision {
  readonly next: Health
  readonly outage:
    | { readonly kind: 'keep' }
    | { readonly kind: 'open'; readonly as: OutageKind }
    /** An open outage turned out to be of another kind. */
    | { readonly kind: 'change'; readonly as: OutageKind }
    /** It works again although nobody logged in: `withdrawn` for a red key, `recovered` for the others. */
    | { readonly kind: 'close'; readonly how: 'withdrawn' | 'recovered' }
  readonly checkAgainInMs: number
}
