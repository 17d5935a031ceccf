import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../clock.ts'

/** 1284 → "1,284". */
export function count(n: number): string {
  return n.toLocaleString('en-US')
}

/** `1 touchpoint`, `1,284 touchpoints`. */
export function plural(n: number, one: string, many: string = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`
}

/** The two largest units: "45 s", "12 min", "3 h 12 min", "2 days 4 h". */
export function duration(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.max(1, Math.round(ms / SECOND_MS))} s`
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`
  if (ms < 2 * DAY_MS) return pair(Math.floor(ms / HOUR_MS), 'h', Math.floor((ms % HOUR_MS) / MINUTE_MS), 'min')
  return pair(Math.floor(ms / DAY_MS), 'days', Math.floor((ms % DAY_MS) / HOUR_MS), 'h')
}

/** "in 12 days", "in 5 h"; "now" when it is over. */
export function until(ms: number): string {
  if (ms <= 0) return 'now'
  return ms < 23.5 * HOUR_MS ? `in ${duration(ms)}` : `in ${plural(Math.max(1, Math.round(ms / DAY_MS)), 'day')}`
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`
}

/** How many per second, or per minute where that is less than two. */
export function rate(n: number, ms: number): string {
  const perSecond = n / Math.max(ms / SECOND_MS, 1)
  return perSecond >= 2 ? `${count(Math.round(perSecond))} per second` : `${count(Math.round(perSecond * 60))} per minute`
}

/** "a, b and c". */
export function list(words: readonly string[], last: 'and' | 'or' = 'and'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`
}
