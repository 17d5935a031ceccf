import type { CrowdedOut } from '../access/crowded-out.ts'
import type { Connection } from '../connections/connection.ts'
import type { CatchUp, Outage, RejectGroup } from '../connections/outage.ts'
import type { Digest } from '../digest/digest.ts'
import type { Gap } from '../gaps/gap.ts'
import type { Hold } from '../outbox/hold.ts'
import type { PushPreview } from '../outbox/push-preview.ts'
import type { RefusalReason } from '../outbox/refusal.ts'
import type { RejectAlarm } from '../outbox/reject-alarm.ts'
import type { Backlog } from '../outbox/touchpoint.ts'
import type { Named, Warning } from '../warnings/warning.ts'
import type { CardGroup } from './card-group.ts'
import type { Escalation } from './escalation.ts'

export const MESSAGE_KINDS = ['outage', 'report', 'welcome', 'notice', 'rejects', 'warning', 'gap', 'digest'] as const
export type MessageKind = (typeof MESSAGE_KINDS)[number]

/** One message that Slack shows, or shall show. `wanted` above `shown`: it is due. */
export interface Message {
  readonly id: string
  readonly teamId: string
  /** Null: it is about no connection. */
  readonly connectionId: string | null
  readonly kind: MessageKind
  readonly outageId: string | null
  readonly catchUpId: string | null
  readonly channelId: string
  /** The message in whose thread it goes; it waits until that one has its `ts`. */
  readonly threadOf: string | null
  readonly broadcast: boolean
  readonly notice: Notice | null
  readonly ts: string | null
  readonly wanted: number
  readonly shown: number
  readonly attempts: number
  /** Slack's answer to a post was lost: it may exist. */
  readonly uncertainSince: Date | null
  /** It could not be posted to that channel, so it is for `channelId` instead, and says so. */
  readonly detour: Detour | null
  /** Of a card: which of its states people have been told (see `card-state.ts`), by the card itself or below it. */
  readonly told: string | null
  /** Of a card: it shows whatever else breaks in its channel, since then. Null: what has one cause. */
  readonly stormSince: Date | null
  readonly createdAt: Date
}

/** A channel that can't be posted to, and Slack's word for why. */
export interface Detour {
  readonly channelId: string
  readonly reason: string
  /** When it was last refused there. */
  readonly at: Date
}

/** Tells what happened that is no card's state: in the thread of a card, or as a message of its own. */
export type Notice =
  /** Somebody logged in to another account; nothing changed. `came` is null where the visitor was not identified. */
  | { readonly kind: 'wrong_account'; readonly expected: string; readonly came: string; readonly username: string }
  | { readonly kind: 'scope_missing'; readonly missing: readonly string[]; readonly username: string }
  | { readonly kind: 'login_not_finished'; readonly provider: string }
  | { readonly kind: 'login_refused'; readonly explanation: string; readonly steps?: readonly string[] }
  /** Somebody outside the workspace was given a link to log in; `until` ISO 8601, `by` a Slack user. */
  | { readonly kind: 'invited'; readonly by: string; readonly until: string }
  | { readonly kind: 'invitation_withdrawn'; readonly by: string }
  /** Somebody logged in with it; `username` is the provider's. */
  | { readonly kind: 'invitation_used'; readonly by: string; readonly username: string }
  /** One login was for several connections: so many are back, and these are not. */
  | {
      readonly kind: 'brought_back'
      readonly username: string
      readonly back: number
      readonly left: readonly { readonly name: string; readonly account: string; readonly why: 'not_reached' | 'not_read' }[]
    }
  /** Below a card that still asks for something. `ranOut`: the claim whose time is over; `by` null: nobody who is still there. */
  | {
      readonly kind: 'reminder'
      readonly ranOut: { readonly by: string | null; readonly at: string } | null
      /** It comes since the time of this snooze is over. */
      readonly snoozed: { readonly by: string | null } | null
    }
  /** Below a card that asks for something new by an edit, which Slack tells nobody. */
  | { readonly kind: 'asks_anew' }
  /** Below a card that Slack does not let us edit any more. */
  | { readonly kind: 'card_frozen' }
  /** Below a card of several connections: all of them are back. */
  | { readonly kind: 'all_back' }
  /** In the place of a card that has moved to that channel. */
  | { readonly kind: 'card_moved'; readonly to: string }
  /** Said anew below the card that warns of it. */
  | {
      readonly kind: 'login_ends'
      readonly days: number
      readonly endsAt: string
      readonly connections: readonly Named[]
      readonly ownerId: string | null
    }
  | LooseNotice

/** One that may be about no connection. */
export type LooseNotice =
  | ConnectionsAdded
  | { readonly kind: 'secret_ends'; readonly days: number; readonly endsAt: string; readonly provider: string }
  | RecordsRefused
  | ConnectionRemoved

/** A person took a connection away. Also what its open cards say from then on (`isCard`). */
export interface ConnectionRemoved {
  readonly kind: 'connection_removed'
  readonly name: string
  readonly account: string
  /** As people write it. */
  readonly provider: string
  /** Slack user. */
  readonly by: string
  /** Touchpoints that were deleted with it. */
  readonly waiting: number
  readonly rejected: number
  readonly isCard: boolean
  /** Slack channel of its cards; null: the default channel. */
  readonly channelId: string | null
}

/** Several accounts were connected with one login. */
export interface ConnectionsAdded {
  readonly kind: 'connections_added'
  /** As people write it. */
  readonly provider: string
  /** Slack user. */
  readonly by: string
  readonly username: string
  readonly accounts: readonly { readonly name: string; readonly account: string }[]
  /** Slack channel of their cards; null or left out: the default channel. */
  readonly channelId?: string | null
}

/** Programs send records that are refused on their way in, since `since` (ISO 8601). */
export interface RecordsRefused {
  readonly kind: 'records_refused'
  readonly refused: number
  /** Of so many that came; null: unknown, since they belong to no connection. */
  readonly sent: number | null
  readonly since: string
  readonly reasons: readonly RefusalReason[]
}

/** What a message tells: about a connection, or about none. */
export type MessageFacts = CardFacts | LooseFacts

/** Of a message that is about no connection. */
export interface LooseFacts {
  readonly message: Message
  readonly connection: null
  /** Of a warning: what it tells, and the name of the provider that it is about. */
  readonly warning: Warning | null
  readonly providerLabel: string
  /** Of a digest: what it tells. */
  readonly digest: Digest | null
  /** Of a digest: its picture, as a file that Slack has; null: it is told in words. */
  readonly pictureId: string | null
  /** Where the workspace's messages go that name no channel. */
  readonly defaultChannelId: string
  readonly now: Date
}

/** What an ad platform adds. */
export interface AdFacts {
  /** When costs were last downloaded; null: never yet. */
  readonly costsAt: Date | null
  /** Why the last try failed; null: it did not. */
  readonly costsTrouble: string | null
  /** How its ads get URL parameters, with auto-tagging on; null: it is off. */
  readonly tagging: 'inherited' | 'each_ad' | null
  /** What the outage of the message left out. */
  readonly gap: Gap | null
}

/** Everything that a message may need to say, read in one go. Renderers decide nothing. */
export interface CardFacts {
  readonly message: Message
  readonly connection: Connection
  /** The provider's name as people write it. */
  readonly providerLabel: string
  /** Provider user of the grant. */
  readonly username: string
  readonly outage: Outage | null
  readonly catchUp: CatchUp | null
  readonly backlog: Backlog
  /** Of an ad platform. */
  readonly ads: AdFacts | null
  readonly rejects: readonly RejectGroup[]
  /** Of a card of rejects: what it tells. */
  readonly alarm: RejectAlarm | null
  /** Of a warning: what it tells. */
  readonly warning: Warning | null
  /** Why logins end, as a sentence of the provider's. */
  readonly endsBecause: string | null
  /** What stops the outbox now. */
  readonly holds: readonly Hold[]
  /** What somebody is asked to let push. */
  readonly preview: PushPreview | null
  /** Slack users and user groups to mention. */
  readonly mentions: readonly string[]
  /** Of the card that this is, or below which it is said, while it asks for something. */
  readonly escalation: Escalation | null
  /** Of a red card: newer logins of the same user may have ended this one. */
  readonly crowdedOut: CrowdedOut | null
  /** Of a card that tells of several connections, or of a line below it that is about all of them; what stands here of one is about its lead. */
  readonly group: CardGroup | null
  /** URL of the Reauthorize button; null when there is nothing to reauthorize. */
  readonly reauthorizeUrl: string | null
  /** Where the workspace's messages go that name no channel. */
  readonly defaultChannelId: string
  readonly now: Date
}
