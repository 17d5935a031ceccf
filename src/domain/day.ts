/** A day of a calendar, without a time zone of its own: `2026-11-24`. They sort as text. */
export type Day = string

/** Both included. */
export interface Days {
  readonly from: Day
  readonly to: Day
}

const DAY_MS = 86_400_000
const FORMATS = new Map<string, Intl.DateTimeFormat>()

/** The day that it is in a time zone (IANA name). @throws RangeError for a zone that there is not. */
export function dayIn(timeZone: string, at: Date): Day {
  const format = FORMATS.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' })
  FORMATS.set(timeZone, format)
  return format.format(at)
}

export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

/** How many days they are; 0 when the last is before the first. */
export function countDays({ from, to }: Days): number {
  return Math.max(0, Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS) + 1)
}

export function eachDay({ from, to }: Days): Day[] {
  return Array.from({ length: countDays({ from, to }) }, (_, place) => addDays(from, place))
}

/** Whether a text is a day that there is: `2026-02-30` is none. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) && addDays(text, 0) === text
}

export function laterDay(a: Day, b: Day): Day {
  return a > b ? a : b
}

export function earlierDay(a: Day, b: Day): Day {
  return a < b ? a : b
}
