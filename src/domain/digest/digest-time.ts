import { type Day, dayIn } from '../day.ts'
import { daysLater, instantAt, weekday } from '../local-time.ts'
import type { Span } from './uptime.ts'

const MONDAY = 1
const MORNING = '09:00'

/** When the digest of a week is told. */
export function digestAt(timeZone: string, week: Day): Date {
  return instantAt(timeZone, week, MORNING)
}

/** The Monday whose digest is to be told now: from 9:00 until that day ends. What was missed by then is not told any more. */
export function dueWeek(timeZone: string, now: Date): Day | null {
  const today = dayIn(timeZone, now)
  return weekday(today) === MONDAY && now >= digestAt(timeZone, today) ? today : null
}

/** Nobody wants last Monday's digest on a Thursday. */
export function isTooLate({ week, timeZone }: { readonly week: Day; readonly timeZone: string }, now: Date): boolean {
  return dayIn(timeZone, now) > week
}

/** Seven days of the calendar up to now. */
export function weekBefore(timeZone: string, now: Date): Span {
  return { from: daysLater(timeZone, now, -7), until: now }
}
