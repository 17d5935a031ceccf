import { DAY_MS } from '../../clock.ts'
import type { CostReach } from '../ads.ts'
import { addDays, type Day, type Days, earlierDay, laterDay } from '../day.ts'
import type { CostDownload } from './cost-store.ts'

/** What a new connection begins with. */
const FIRST_DAYS = 30

/**
 * From the first day that is not whole up to today; once a day, and when `isGap`, also the days whose amounts may have changed.
 * `today` is the account's.
 */
export function planCosts(
  { wholeUpTo, restatedAt }: Pick<CostDownload, 'wholeUpTo' | 'restatedAt'>,
  { restatedDays, reachDays }: CostReach,
  today: Day,
  now: Date,
  isGap: boolean,
): Days {
  const missing = wholeUpTo === null ? addDays(today, 1 - FIRST_DAYS) : addDays(wholeUpTo, 1)
  const isFull = isGap || restatedAt === null || now.getTime() - restatedAt.getTime() >= DAY_MS
  const wanted = isFull ? earlierDay(missing, addDays(today, -restatedDays)) : missing
  // A clock that was set back must not ask for less than nothing.
  return { from: earlierDay(laterDay(wanted, addDays(today, -reachDays)), today), to: today }
}

/** Days that were missed before `days`: further back than the provider tells. */
export function lostDays({ wholeUpTo }: Pick<CostDownload, 'wholeUpTo'>, { from }: Days): Days | null {
  if (wholeUpTo === null || addDays(wholeUpTo, 1) >= from) return null
  return { from: addDays(wholeUpTo, 1), to: addDays(from, -1) }
}

/** Whether all days that may still change are among them. */
export function isFullSpan({ restatedDays, reachDays }: CostReach, { from, to }: Days): boolean {
  return from <= addDays(to, -Math.min(restatedDays, reachDays))
}
