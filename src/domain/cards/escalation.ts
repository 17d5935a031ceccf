import type { AuditEntry } from '../connections/audit-entry.ts'
import type { Message } from './card.ts'

/** What people do about a card, beside logging in. */
export const ESCALATION_ACTIONS = ['claim', 'release', 'snooze', 'wake'] as const
export type EscalationAction = (typeof ESCALATION_ACTIONS)[number]

/** Somebody said so, and it holds until then. */
export interface Said {
  /** Slack user. */
  readonly by: string
  readonly at: Date
  readonly until: Date
}

/**
 * How a card that asks people for something is followed up: who is at it, and when they are reminded. Begun anew whenever the card
 * begins to ask for something else.
 */
export interface Escalation {
  /** The card. */
  readonly messageId: string
  /** Since when it asks: reminders are counted from here. */
  readonly openedAt: Date
  /** Somebody is on it. One whose time is over claims nothing, and stays until it has been told. */
  readonly claim: Said | null
  /** Holds the reminders. One whose time is over holds none, and stays until the reminder after it. */
  readonly snooze: Said | null
  /** What a person did last. */
  readonly last: { readonly action: EscalationAction; readonly by: string; readonly at: Date } | null
  /** So many of the times of `reminders.ts` have come and are told. */
  readonly step: number
  /** The newest reminder. */
  readonly reminderId: string | null
  /** When the next reminder is due; null once the card asks for nothing any more. */
  readonly remindAt: Date | null
  readonly endedAt: Date | null
  /** Raised by whatever people do, and when it begins or ends; a change that is based on an older one is refused. */
  readonly version: number
}

export function inForce(said: Said | null, now: Date): Said | null {
  return said !== null && said.until > now ? said : null
}

/** What we ask of the store for escalations; whole facts like those of `Store`. */
export interface EscalationStore {
  ofCard(messageId: string): Promise<Escalation | undefined>
  /**
   * What a person did: the escalation becomes `next`, its card is due, and the history has it. False when it has changed or ended
   * since it was seen.
   */
  change(
    seen: Escalation,
    next: Pick<Escalation, 'claim' | 'snooze' | 'last' | 'remindAt'>,
    audit: AuditEntry,
    at: Date,
  ): Promise<boolean>
  /** Claims those whose reminder is due, the longest due first. */
  due(now: Date, until: Date, by: string, limit: number): Promise<Escalation[]>
  /** Renews all claims of `by`. */
  renew(by: string, now: Date, until: Date): Promise<void>
  /** Posts the reminder, whose id becomes `reminderId`; null: nobody wants it. False when the claim is gone, or somebody changed it since it was seen. */
  remind(
    seen: Escalation,
    by: string,
    reminder: Message | null,
    next: Pick<Escalation, 'claim' | 'snooze' | 'step' | 'remindAt'>,
    at: Date,
  ): Promise<boolean>
}
