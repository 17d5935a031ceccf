import { isTimeZone } from './local-time.ts'
import { nearestName } from './nearest.ts'

export type TimeZoneRead =
  | { readonly kind: 'found'; readonly timeZone: string }
  /** `nearest` is what was probably meant. */
  | { readonly kind: 'unknown'; readonly nearest: string | null }

/**
 * What Node 24 accepts, but lists under an older name (`Intl.supportedValuesOf`, tried 2026-11-30); people look for these. Names of
 * small towns are left out.
 */
const NEWER_NAMES = ['Asia/Kolkata', 'Asia/Kathmandu', 'Asia/Ho_Chi_Minh', 'Asia/Yangon', 'Europe/Kyiv', 'America/Nuuk']
/** Shorter words are near to everything. */
const SHORTEST = 4
/** Not `BST`, which is Bangladesh's to Node and Britain's to who types it, nor `+02:00`, which knows no summer. */
const REGION = /^[a-z]+\//i

/** The IANA name that somebody typed: case does not matter, nor whether there are spaces instead of underscores. */
export function readTimeZone(typed: string): TimeZoneRead {
  const wanted = typed.trim().replace(/\s+/g, '_')
  const names = ['UTC', ...Intl.supportedValuesOf('timeZone'), ...NEWER_NAMES]
  const listed = names.find((name) => name.toLowerCase() === wanted.toLowerCase())
  if (listed !== undefined) return { kind: 'found', timeZone: listed }
  if (REGION.test(wanted) && isTimeZone(wanted)) return { kind: 'found', timeZone: spelled(wanted) }
  return { kind: 'unknown', nearest: wanted.length < SHORTEST ? null : nearestZone(wanted, names) }
}

/** By its whole name, or by its city alone. */
function nearestZone(wanted: string, names: readonly string[]): string | null {
  const whole = nearestName(wanted, names)
  if (whole !== null || wanted.includes('/')) return whole
  const byCity = new Map(names.map((name) => [name.split('/').at(-1) ?? name, name]))
  return byCity.get(nearestName(wanted, [...byCity.keys()]) ?? '') ?? null
}

/** Another name of a zone, as it was typed; all in small letters, the one that is listed. */
function spelled(name: string): string {
  return /[A-Z]/.test(name) ? name : new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
}
