import type { TagChoices } from '../ads.ts'

/**
 * URL parameters as providers keep them: a query string without a leading `?` or `&`, in the provider's own macros. Nothing is decoded
 * or encoded: `{keyword}` and `{{ad.id}}` must stay as they are. Keys are compared as they are written, as browsers do.
 */
export type Parameters = string

interface Pair {
  readonly key: string
  /** The whole of it: `key=value`. */
  readonly text: string
}

/** What stands before an anchor, and the anchor with its `#`: behind it nothing is a parameter. */
function split(parameters: Parameters): { readonly query: string; readonly anchor: string } {
  const at = parameters.indexOf('#')
  return at === -1 ? { query: parameters, anchor: '' } : { query: parameters.slice(0, at), anchor: parameters.slice(at) }
}

function pairsOf(parameters: Parameters): Pair[] {
  return pairsIn(split(parameters).query)
}

function pairsIn(query: string): Pair[] {
  return query
    .split('&')
    .filter((text) => text !== '')
    .map((text) => ({ key: text.split('=', 1)[0] ?? '', text }))
}

/** Keys of `wanted` that are not there, in its order. Somebody's own value for a key counts: it is theirs. */
export function missingKeys(parameters: Parameters, wanted: Parameters): string[] {
  return missing(parameters, wanted).map(({ key }) => key)
}

/** Whether all pairs of `added` are there as they were added, whatever else is. */
export function holds(parameters: Parameters, added: Parameters): boolean {
  const there = new Set(pairsOf(parameters).map(({ text }) => text))
  return pairsOf(added).every(({ text }) => there.has(text))
}

/** The same pairs in whatever order: not every provider keeps the order in which they were set. */
export function isSame(one: Parameters, other: Parameters): boolean {
  const sorted = (parameters: Parameters) => {
    const texts = pairsOf(parameters).map(({ text }) => text)
    return texts.sort().join('&') + split(parameters).anchor
  }
  return sorted(one) === sorted(other)
}

/** What is there, unchanged, and behind it what is missing, before an anchor. `added` is what was missing alone. */
export function addMissing(parameters: Parameters, wanted: Parameters): { readonly all: Parameters; readonly added: Parameters } {
  const added = missing(parameters, wanted)
    .map(({ text }) => text)
    .join('&')
  const { query, anchor } = split(parameters)
  const all = [query.replace(/&+$/, ''), added].filter((part) => part !== '').join('&')
  return { all: all + anchor, added }
}

/** Without the pairs of `added`, as far as they are still there as they were added. */
export function takeAway(parameters: Parameters, added: Parameters): Parameters {
  const gone = new Set(pairsOf(added).map(({ text }) => text))
  const kept = pairsOf(parameters).map(({ text }) => text)
  return kept.filter((text) => !gone.has(text)).join('&') + split(parameters).anchor
}

function missing(parameters: Parameters, wanted: Parameters): Pair[] {
  const there = new Set(pairsOf(parameters).map(({ key }) => key))
  return pairsOf(wanted).filter(({ key }) => !there.has(key))
}

/** What may be set for a provider; `says` tells a person what to change. */
export type ParametersRead =
  | { readonly kind: 'ok'; readonly parameters: Parameters }
  | { readonly kind: 'refused'; readonly says: string }

/** What somebody typed as parameters. A leading `?` or `&` and line breaks are no matter. */
export function readParameters(
  typed: string,
  { maxLength, unknownMacros }: Pick<TagChoices, 'maxLength' | 'unknownMacros'>,
): ParametersRead {
  const parameters = typed
    .replace(/\s*\n\s*/g, '')
    .trim()
    .replace(/^[?&]+/, '')
    .replace(/&+$/, '')
  const pairs = pairsIn(parameters)
  const refused = (says: string): ParametersRead => ({ kind: 'refused', says })
  if (pairs.length === 0) return refused('Write at least one parameter, as in utm_source=google&utm_medium=cpc.')
  const odd = pairs.find(({ key, text }) => !/^[\w.~-]+$/.test(key) || !text.includes('=') || /[\s#?]/.test(text))
  if (odd)
    return refused(`"${odd.text.slice(0, 60)}" is no parameter: write name=value, without spaces, # or ?, and & between two.`)
  const keys = pairs.map(({ key }) => key)
  const twice = keys.find((key, place) => keys.indexOf(key) !== place)
  if (twice !== undefined) return refused(`${twice} is there twice.`)
  const [unknown] = unknownMacros(parameters)
  if (unknown !== undefined)
    return refused(`${unknown} is no placeholder (macro) that is filled in there: it would be sent as it stands.`)
  if (parameters.length > maxLength)
    return refused(`That is ${parameters.length} characters long: ${maxLength} at most are taken.`)
  return { kind: 'ok', parameters }
}
