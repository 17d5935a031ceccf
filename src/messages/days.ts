import type { Day } from '../domain/day.ts'
import { addDays } from '../domain/day.ts'

/** "12 Nov 2026". A day of a calendar: the same for every reader. */
export function dayWords(day: Day): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString('en-GB', {
    timeZone: 'UTC',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  })
}

/** "12 Nov" */
export function shortDay(day: Day): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' })
}

/** "Fri 18 Dec, 21:00", as the clocks of a zone show it: the same for every reader. */
export function momentWords(timeZone: string, at: Date): string {
  const day = at.toLocaleDateString('en-GB', { timeZone, weekday: 'short', day: 'numeric', month: 'short' }).replace(',', '')
  return `${day}, ${at.toLocaleTimeString('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' })}`
}

/** Days in order as spans: "12 Nov 2026 to 15 Nov 2026, 20 Nov 2026". */
export function spanWords(days: readonly Day[]): string {
  const spans: { from: Day; to: Day }[] = []
  for (const day of days) {
    const last = spans.at(-1)
    if (last && addDays(last.to, 1) === day) last.to = day
    else spans.push({ from: day, to: day })
  }
  return spans.map(({ from, to }) => (from === to ? dayWords(from) : `${dayWords(from)} to ${dayWords(to)}`)).join(', ')
}
