import { SECOND_MS } from '../../clock.ts'

/**
 * `Retry-After` in ms from now: seconds or an HTTP date (RFC 9110, 10.2.3). A date is measured from the answer's own
 * `Date`, so that a wrong clock on either side does no harm, and from `now` without one. `null`: none, or not readable.
 */
export function readRetryAfterMs(headers: Readonly<Record<string, string>>, now: Date): number | null {
  const value = headers['retry-after']?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * SECOND_MS)
  const until = /^[A-Z][a-z]+,? /.test(value) ? Date.parse(value) : Number.NaN
  if (Number.isNaN(until)) return null
  const sent = Date.parse(headers.date ?? '')
  return Math.max(0, until - (Number.isNaN(sent) ? now.getTime() : sent))
}
