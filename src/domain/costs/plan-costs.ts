import { DAY_MS } from '../../clock.ts'
import type { CostReach } from '../ads.ts'
import { addDays, type Day, type Days, dayIn, earlierDay, laterDay } from '../day.ts'
import type { CostDownload } from './cost-store.ts'

/** What a new connection begins with: the day on which it was added, and those before. */
const FIRST_DAYS = 30

/** `addedOn` is a day of the account. Before the first download is complete nothing is whole, and what was to be begun with is missing. */
export function doneUpTo(wholeUpTo: Day | null, addedOn: Day): Day {
  return wholeUpTo ?? addDays(addedOn, -FIRST_DAYS)
}

interface Seen extends Pick<CostDownload, 'restatedAt'> {
  /** See `doneUpTo`. */
  readonly wholeUpTo: Day
}

interface Circumstances {
  readonly reach: CostReach
  /** The account's. */
  readonly timeZone: string
  readonly now: Date
  readonly isGap: boolean
}

/**
 * From the first day that is not whole up to today; once a day, and when `isGap`, also the days whose amounts may have changed since
 * they were last read: those that could still change then, however long ago that was.
 */
export function planCosts(
  { wholeUpTo, restatedAt }: Seen,
  { reach: { restatedDays, reachDays }, timeZone, now, isGap }: Circumstances,
): Days {
  const today = dayIn(timeZone, now)
  const missing = addDays(wholeUpTo, 1)
  const isFull = isGap || restatedAt === null || now.getTime() - restatedAt.getTime() >= DAY_MS
  const readOn = restatedAt === null ? today : earlierDay(dayIn(timeZone, restatedAt), today)
  const wanted = isFull ? earlierDay(missing, addDays(readOn, -restatedDays)) : missing
  // A clock that was set back must not ask for less than nothing.
  return { from: earlierDay(laterDay(wanted, addDays(today, -reachDays)), today), to: today }
}

/** Days that were missed before `days`: further back than the provider tells. `wholeUpTo`: see `doneUpTo`. */
export function lostDays(wholeUpTo: Day, { from }: Days): Days | null {
  if (addDays(wholeUpTo, 1) >= from) return null
  return { from: addDays(wholeUpTo, 1), to: addDays(from, -1) }
}

/**
 * When days that may still change were read again by a download that began on the last of `days` and ended at `at`: some take days, and
 * tell how it was when they began. Null: those are not all among them.
 */
export function readAgainAt({ restatedDays, reachDays }: CostReach, { from, to }: Days, timeZone: string, at: Date): Date | null {
  if (from > addDays(to, -Math.min(restatedDays, reachDays))) return null
  return dayIn(timeZone, at) > to ? new Date(`${addDays(to, -1)}T12:00:00Z`) : at
}
