import { HOUR_MS, MINUTE_MS } from '../../clock.ts'
import type { Message } from '../cards/card.ts'

/** Why a record is not taken in at all; callers decide by it. */
export const REFUSAL_CODES = [
  'malformed_record',
  'invalid_touchpoint',
  'unknown_connection',
  'connection_required',
  'custom_field_not_mapped',
] as const
export type RefusalCode = (typeof REFUSAL_CODES)[number]

/** Records that were refused alike on their way in: no outbox has them. */
export interface RefusalReason {
  readonly code: RefusalCode
  /** What it is about: "Score__c", "occurredAt"; empty: nothing that could be named, or many things. */
  readonly about: string
  /** Which of several API tokens sent them, its number from 1 or its label; null: there is one token only, or several sent such records. */
  readonly sender: number | string | null
  readonly count: number
  /** What one of the senders was told. */
  readonly message: string
  /** Ids of the first ones, as far as they had any. */
  readonly examples: readonly string[]
}

/** Refusals of one minute. */
export interface RefusedMinute {
  /** Its beginning, in ms. */
  readonly at: number
  readonly refused: number
  /** The connection's newest key before the first refusal of the minute; null: they belong to no connection. */
  readonly keyBefore: number | null
}

/** What was refused of one connection's records, or of those that belong to none, and has not been told yet. */
export interface Refusals {
  readonly teamId: string
  readonly connectionId: string | null
  readonly refused: number
  readonly reasons: readonly RefusalReason[]
  /** When the first of them was refused. */
  readonly since: Date
  /** The connection's newest key before the first of them. */
  readonly keyBefore: number | null
  /** The connection's newest key now: it moves by one with every record that is taken in. */
  readonly lastKey: number | null
  /** Of the last hour, told or not, the oldest first. */
  readonly minutes: readonly RefusedMinute[]
  readonly toldAt: Date | null
}

/** What we ask of the store for refused records; whole facts like those of `Store`. */
export interface RefusalStore {
  /**
   * Counts records of one connection (null: of none) that were refused in one request, `taken` being those that the same request
   * brought into its outbox. What was never told is forgotten after a day: it was too little.
   */
  note(
    from: { readonly teamId: string; readonly connectionId: string | null },
    reasons: readonly RefusalReason[],
    taken: number,
    at: Date,
  ): Promise<void>
  /** Everything that is not told yet. */
  untold(): Promise<Refusals[]>
  /** Queues the message with what is untold as its notice, and counts anew. False when another machine has told it. */
  tell(seen: Refusals, message: Message, at: Date): Promise<boolean>
}

/** A burst: so many in ten minutes, */
const MANY = 20
const SHORT_MS = 10 * MINUTE_MS
/** or this share of what came in an hour, if it is not just a few. */
const SHARE = 0.05
const FEW = 10
/** At most one message per connection in this time; what comes meanwhile is in the next one. */
const QUIET_MS = HOUR_MS

/**
 * Whether what was refused is worth a message: at least 20 records in ten minutes; or in an hour at least 10 which are at least 5 %
 * of what was sent. What was sent is counted from the first refusal of that hour on, since only refusals leave a mark; for records
 * that belong to no connection it is unknown, and the first rule alone counts. At most one message in an hour.
 */
export function isBurst({ refused, minutes, lastKey, toldAt }: Refusals, now: Date): boolean {
  if (refused === 0 || (toldAt && now.getTime() - toldAt.getTime() < QUIET_MS)) return false
  if (within(minutes, now, SHORT_MS) >= MANY) return true
  const hour = within(minutes, now, HOUR_MS)
  const keyBefore = minutes.find(({ at }) => at > now.getTime() - HOUR_MS)?.keyBefore ?? null
  if (hour < FEW || keyBefore === null || lastKey === null) return false
  return hour >= SHARE * (hour + lastKey - keyBefore)
}

function within(minutes: readonly RefusedMinute[], now: Date, ms: number): number {
  return minutes.filter(({ at }) => at > now.getTime() - ms).reduce((sum, { refused }) => sum + refused, 0)
}
