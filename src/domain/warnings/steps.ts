import { DAY_MS, HOUR_MS } from '../../clock.ts'

/** Days before an end at which it is told. */
const STEPS = [30, 14, 7, 1] as const
/** A step that falls into the hours after a login says nothing that whoever logged in did not know. */
const NEWS_MS = 12 * HOUR_MS

/**
 * Which warning is due: the least of 30, 14, 7 and 1 days that has come; 0 when it is over; null when none has. `knownSince`: the
 * login that began what ends.
 */
export function stepOf(endsAt: Date, now: Date, knownSince: Date | null): number | null {
  if (now >= endsAt) return 0
  const come = STEPS.filter((days) => {
    const at = endsAt.getTime() - days * DAY_MS
    return at <= now.getTime() && (knownSince === null || at > knownSince.getTime() + NEWS_MS)
  })
  return come.length === 0 ? null : Math.min(...come)
}

export const FIRST_STEP_MS = STEPS[0] * DAY_MS

/** Rounded: a card that is made at the moment of the step tells its days. */
export function daysLeft(endsAt: Date, now: Date): number {
  return Math.max(0, Math.round((endsAt.getTime() - now.getTime()) / DAY_MS))
}

/** Late warnings are for the whole channel. */
export function isLoud(step: number): boolean {
  return step <= 7
}
