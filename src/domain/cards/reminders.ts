import { DAY_MS, HOUR_MS, later } from '../../clock.ts'
import type { ReminderMode } from '../connections/connection.ts'

/** After this long the first reminders come; then one a day. */
const FIRST_MS = [HOUR_MS, 4 * HOUR_MS, DAY_MS] as const
/** The reminder that the whole channel gets. */
const LOUD_STEP = FIRST_MS.length

/** When reminder number `step` (from 1) is due: 1 h, 4 h, 24 h after the card began to ask, then daily. */
export function reminderAt(openedAt: Date, step: number): Date {
  return later(openedAt, FIRST_MS[step - 1] ?? DAY_MS * (step - FIRST_MS.length + 1))
}

/** How many of those times have come. */
export function stepsCome(openedAt: Date, now: Date): number {
  const ageMs = now.getTime() - openedAt.getTime()
  const first = FIRST_MS.filter((ms) => ms <= ageMs).length
  return first < FIRST_MS.length ? first : FIRST_MS.length - 1 + Math.floor(ageMs / DAY_MS)
}

/** Whether people are reminded at this step, as its connection's settings say. */
export function isWanted(mode: ReminderMode | null, step: number): boolean {
  switch (mode) {
    case null:
      return true
    case 'daily':
      return step >= LOUD_STEP
    case 'none':
      return false
    default:
      return mode satisfies never
  }
}

/** Whether this reminder is the one for the whole channel: of an outage there is one, the first that comes after 24 h. */
export function isLoud(before: number, step: number): boolean {
  return before < LOUD_STEP && step >= LOUD_STEP
}

/** From then on the deputy is asked as well. */
export function asksDeputyAt(openedAt: Date): Date {
  return later(openedAt, FIRST_MS[1])
}

/** From then on whoever is on call is asked as well. */
export function asksOnCallAt(openedAt: Date): Date {
  return later(openedAt, FIRST_MS[2])
}
