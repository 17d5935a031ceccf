import { addDays, type Day, dayIn } from './day.ts'

/** When it is this time of this day in a zone (`09:00`, or with seconds). A time that the change of clocks leaves out is that of an hour later. */
export function instantAt(timeZone: string, day: Day, time: string): Date {
  const wanted = Date.parse(`${day}T${time.length === 5 ? `${time}:00` : time}Z`)
  // The offset is that of the moment itself, which a change of clocks in the night makes another one than its neighbours'.
  const near = wanted - offsetMs(timeZone, new Date(wanted))
  return new Date(wanted - offsetMs(timeZone, new Date(near)))
}

/** The same time of the day, so many days of the calendar later. */
export function daysLater(timeZone: string, from: Date, days: number): Date {
  return instantAt(timeZone, addDays(dayIn(timeZone, from), days), localTime(timeZone, from).slice(11))
}

/** 0 is Sunday. */
export function weekday(day: Day): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay()
}

/** IANA names that this Node knows. */
export function isTimeZone(name: string): boolean {
  try {
    return dayIn(name, new Date(0)) !== ''
  } catch {
    return false
  }
}

/** How far the zone's clocks are ahead of UTC. */
function offsetMs(timeZone: string, at: Date): number {
  return Date.parse(`${localTime(timeZone, at).replace(' ', 'T')}Z`) - Math.floor(at.getTime() / 1000) * 1000
}

/** `2026-11-23 09:00:00` */
function localTime(timeZone: string, at: Date): string {
  return at.toLocaleString('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
}
