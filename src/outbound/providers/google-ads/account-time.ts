/** Google Ads tells times as they are in the time zone of the account: `2026-11-24 13:05:09.123456`. */

const FORMATS = new Map<string, Intl.DateTimeFormat>()

/**
 * When it was; of an hour that clocks show twice the later one, so that nothing seems older than it is. Null: it is no time.
 * @throws RangeError for a zone that there is not.
 */
export function instantIn(timeZone: string, local: string): Date | null {
  const [, day, time] = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?)\d*$/.exec(local) ?? []
  const asIfUtc = Date.parse(`${day}T${time}Z`)
  if (Number.isNaN(asIfUtc)) return null
  const offsets = [asIfUtc - DAY_MS, asIfUtc + DAY_MS].map((atMs) => offsetMs(timeZone, atMs))
  const possible = offsets.map((offset) => asIfUtc - offset).filter((atMs) => atMs + offsetMs(timeZone, atMs) === asIfUtc)
  // An hour that clocks skip is none of a real event; it is taken as what it would have been without the change.
  return new Date(possible.length > 0 ? Math.max(...possible) : asIfUtc - (offsets[0] ?? 0))
}

/** `2026-11-24 13:05:09`, of a clock in Greenwich. */
export function utcText(at: Date): string {
  return at.toISOString().slice(0, 19).replace('T', ' ')
}

const DAY_MS = 86_400_000

function offsetMs(timeZone: string, atMs: number): number {
  const wholeSeconds = Math.floor(atMs / 1000) * 1000
  return Date.parse(`${formatFor(timeZone).format(wholeSeconds).replace(' ', 'T')}Z`) - wholeSeconds
}

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const format = FORMATS.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  FORMATS.set(timeZone, format)
  return format
}
