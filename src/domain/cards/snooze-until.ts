import { HOUR_MS, later } from '../../clock.ts'
import { addDays, dayIn } from '../day.ts'

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
    case 'tomorrow':
      return tomorrowMorning(timeZone !== null && isKnown(timeZone) ? timeZone : 'UTC', now)
    default:
      return snooze satisfies never
  }
}

function tomorrowMorning(timeZone: string, now: Date): Date {
  const wanted = Date.parse(`${addDays(dayIn(timeZone, now), 1)}T${MORNING}:00Z`)
  // The offset is that of the morning itself, which a change of clocks in the night makes another one than now's.
  const near = wanted - offsetMs(timeZone, new Date(wanted))
  return new Date(wanted - offsetMs(timeZone, new Date(near)))
}

/** How far the zone's clocks are ahead of UTC. */
function offsetMs(timeZone: string, at: Date): number {
  const local = at.toLocaleString('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  return Date.parse(`${local.replace(' ', 'T')}Z`) - at.getTime()
}

function isKnown(timeZone: string): boolean {
  try {
    return dayIn(timeZone, new Date(0)) !== ''
  } catch {
    return false // Slack may know a zone that this Node does not
  }
}
