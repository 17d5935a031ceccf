import { type Day, dayIn, eachDay, laterDay } from '../day.ts'
import { daysLater, instantAt, weekday } from '../local-time.ts'
import type { Digest } from './digest.ts'
import type { DigestSetting } from './digest-setting.ts'
import type { Span } from './uptime.ts'

const MONDAY = 1
const MORNING = '09:00'
/** Where a day begins first, and where it ends last. */
const FIRST_ZONE = 'Pacific/Kiritimati'
const LAST_ZONE = 'Etc/GMT+12'

/** When the digest of a week is told. */
export function digestAt(timeZone: string, week: Day): Date {
  return instantAt(timeZone, week, MORNING)
}

/** The Monday that it is anywhere on earth; there is never more than one. */
export function mondayAnywhere(now: Date): Day | null {
  const days = eachDay({ from: dayIn(LAST_ZONE, now), to: dayIn(FIRST_ZONE, now) })
  return days.find((day) => weekday(day) === MONDAY) ?? null
}

/** The Monday whose digest is to be told now: from 9:00 until that day ends. What was missed by then is not told any more. */
export function dueWeek(timeZone: string, now: Date): Day | null {
  const today = dayIn(timeZone, now)
  return weekday(today) === MONDAY && now >= digestAt(timeZone, today) ? today : null
}

/** Whether a channel is to be told the week of `mondayAnywhere` now, unless it has been. */
export function isDue({ isOn, timeZone, owedWeek }: DigestSetting, week: Day, now: Date): boolean {
  return isOn && (owedWeek === week || dueWeek(timeZone, now) === week)
}

/**
 * The Monday of which a new time zone would take the digest away: it was still to come by the setting before, and is over in the new
 * zone. It is owed until that Monday is over everywhere.
 */
export function owedWeek(before: DigestSetting, timeZone: string, now: Date): Day | null {
  const week = mondayAnywhere(now)
  if (week === null || !before.isOn) return null
  const isToCome = before.owedWeek === week || dayIn(before.timeZone, now) <= week
  return isToCome && dayIn(timeZone, now) > week ? week : null
}

/** Nobody wants last Monday's digest on a Thursday: it is told until the day ends on which it was made. */
export function isTooLate({ week, timeZone, until }: Pick<Digest, 'week' | 'timeZone' | 'until'>, now: Date): boolean {
  return dayIn(timeZone, now) > laterDay(week, dayIn(timeZone, new Date(until)))
}

/** Seven days of the calendar up to now. */
export function weekBefore(timeZone: string, now: Date): Span {
  return { from: daysLater(timeZone, now, -7), until: now }
}
