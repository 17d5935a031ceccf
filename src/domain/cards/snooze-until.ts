import { HOUR_MS, later } from '../../clock.ts'
import { addDays, dayIn } from '../day.ts'
import { instantAt, isTimeZone } from '../local-time.ts'

export const SNOOZES = ['1h', '4h', 'tomorrow'] as const
export type Snooze = (typeof SNOOZES)[number]

/** Tomorrow's reminders come when work begins. */
const MORNING = '09:00'

/** When a snooze ends: after 1 h, after 4 h, or at 9:00 of the next day where the person is (`timeZone`; UTC where that is unknown). */
export function snoozeUntil(snooze: Snooze, timeZone: string | null, now: Date): Date {
  switch (snooze) {
    case '1h':
      return later(now, HOUR_MS)
    case '4h':
      return later(now, 4 * HOUR_MS)
    case 'tomorrow': {
      // Slack may know a zone that this Node does not.
      const zone = timeZone !== null && isTimeZone(timeZone) ? timeZone : 'UTC'
      return instantAt(zone, addDays(dayIn(zone, now), 1), MORNING)
    }
    default:
      return snooze satisfies never
  }
}
