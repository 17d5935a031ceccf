import { DAY_MS, HOUR_MS, later } from '../../clock.ts'
import type { Message } from '../cards/card.ts'
import type { AuditEntry } from '../connections/audit-entry.ts'
import type { Hold } from './hold.ts'
import { type AlikeRejects, merged, type RejectWindow, type Run, wordsOf } from './reject-window.ts'

/** A reason that a card tells, with one record as the example. */
export interface AlarmedReason extends AlikeRejects {
  /** What the example had in the field; null: nothing. */
  readonly value: string | null
  /** Ids of the first ones. */
  readonly examples: readonly string[]
}

export const ALARM_KINDS = ['alike', 'stopped'] as const

/**
 * What a card of rejects tells. `alike`: many were refused for one reason, the others are pushed. `stopped`: nearly all were refused,
 * so nothing is pushed until a person says so.
 */
export interface RejectAlarm {
  readonly messageId: string
  readonly connectionId: string
  readonly kind: (typeof ALARM_KINDS)[number]
  readonly since: Date
  /** When it was raised: `rejected` of so many were refused since then (`alike`), or of so many one after the other (`stopped`). */
  readonly settledFrom: Date
  readonly settled: number
  readonly rejected: number
  /** One (`alike`), or the most frequent ones; counted on for a day. */
  readonly reasons: readonly AlarmedReason[]
  /** Who let the pushing go on, and when. */
  readonly liftedBy: string | null
  readonly liftedAt: Date | null
}

/** What we ask of the store for these cards; whole facts like those of `Store`. */
export interface RejectAlarmStore {
  /** Windows of connections whose CRM refused something since then. */
  windows(since: Date): Promise<RejectWindow[]>
  /** Those of a connection that were raised since then. */
  since(connectionId: string, since: Date): Promise<RejectAlarm[]>
  ofMessage(messageId: string): Promise<RejectAlarm | undefined>
  /**
   * Queues the card; with a hold, also puts that. False when it is told or held already: by another machine, or on an earlier card of
   * the same day.
   */
  raise(alarm: RejectAlarm, message: Message, hold: Hold | null, at: Date): Promise<boolean>
  /** Lets pushing go on: the hold is lifted, its card is due, and the runs are counted anew. False when it was not held. */
  pushOn(connectionId: string, by: string, at: Date, audit: AuditEntry): Promise<boolean>
  /** The newest stop of a connection. */
  lastStop(connectionId: string): Promise<RejectAlarm | undefined>
  /** Makes cards due whose counts have moved, none more often than `everyMs`. Answers how many. */
  touch(now: Date, everyMs: number): Promise<number>
}

/** So many refused alike in an hour are told, */
const MANY = 20
/** or this share of what was settled, if it is not just a few. */
const SHARE = 0.05
const FEW = 10
/** A reason is told once in this time. */
export const TELL_AGAIN_MS = DAY_MS

export interface Judgement {
  /** Reasons worth a card, the most frequent first. */
  readonly alike: readonly AlikeRejects[]
  /** All reasons of the hour. */
  readonly reasons: readonly AlikeRejects[]
  /** What was settled in the hour, from its first reject on. */
  readonly settled: number
  readonly settledFrom: Date
  /** Pushing must stop. */
  readonly stop: Run | null
}

/**
 * What the last hour's rejects call for. A card: at least 20 refused alike, however many were pushed; or at least 10 that are at
 * least 5 % of what was settled, so that 1 of 5 is no alarm. What was settled is counted from the first reject of the hour on, since
 * only rejects leave a mark. A stop: of 200 or more that were settled one after the other 90 % were refused, for whatever reasons.
 */
export function judgeRejects(window: RejectWindow, now: Date): Judgement {
  const hour = window.buckets.filter(({ at }) => at > now.getTime() - HOUR_MS)
  const rejected = hour.reduce((sum, bucket) => sum + bucket.rejected, 0)
  const settled = rejected + window.pushed - (hour[0]?.pushedBefore ?? window.pushed)
  const reasons = merged(hour.flatMap((bucket) => bucket.reasons))
  const alike = reasons.filter(({ count }) => count >= MANY || (count >= FEW && count >= SHARE * settled))
  return { alike, reasons, settled, settledFrom: hour[0] ? new Date(hour[0].at) : now, stop: window.refusedRun }
}

/** Of these reasons those that no card of the last day tells. */
export function untold<R extends AlikeRejects>(reasons: readonly R[], alarms: readonly RejectAlarm[], now: Date): R[] {
  const told = alarms.filter(({ since }) => since > later(now, -TELL_AGAIN_MS)).flatMap((alarm) => alarm.reasons)
  return reasons.filter((reason) => !told.some((one) => isSame(one, reason)))
}

/** Whether the CRM's answer is one of that reason. */
export function isOf(
  reason: Pick<AlikeRejects, 'code' | 'field' | 'words'>,
  answer: { readonly code: string; readonly message: string; readonly field: string | null },
): boolean {
  return isSame(reason, { ...answer, words: wordsOf(answer) })
}

type Alike = Pick<AlikeRejects, 'code' | 'field' | 'words'>

/** Words that are left out, being many, stand for all of them. */
function isSame(a: Alike, b: Alike): boolean {
  return a.code === b.code && a.field === b.field && (a.words === b.words || a.words === '' || b.words === '')
}
