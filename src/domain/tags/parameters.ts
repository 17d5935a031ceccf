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

function pairsOf(parameters: Parameters): Pair[] {
  return parameters
    .split('&')
    .filter((text) => text !== '')
    .map((text) => ({ key: text.split('=', 1)[0] ?? '', text }))
}

/** Keys of `wanted` that are not there, in its order. Somebody's own value for a key counts: it is theirs. */
export function missingKeys(parameters: Parameters, wanted: Parameters): string[] {
  return missing(parameters, wanted).map(({ key }) => key)
}

/** The same pairs in whatever order: not every provider keeps the order in which they were set. */
export function isSame(one: Parameters, other: Parameters): boolean {
  const sorted = (parameters: Parameters) =>
    pairsOf(parameters)
      .map(({ text }) => text)
      .sort()
      .join('&')
  return sorted(one) === sorted(other)
}

/** What is there, unchanged, and behind it what is missing. `added` is the latter alone. */
export function addMissing(parameters: Parameters, wanted: Parameters): { readonly all: Parameters; readonly added: Parameters } {
  const added = missing(parameters, wanted)
    .map(({ text }) => text)
    .join('&')
  const before = parameters.replace(/&+$/, '')
  return { all: [before, added].filter((part) => part !== '').join('&'), added }
}

/** Without the pairs of `added`, as far as they are still there as they were added. */
export function takeAway(parameters: Parameters, added: Parameters): Parameters {
  const gone = new Set(pairsOf(added).map(({ text }) => text))
  return pairsOf(parameters)
    .filter(({ text }) => !gone.has(text))
    .map(({ text }) => text)
    .join('&')
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
  const pairs = pairsOf(parameters)
  const refused = (says: string): ParametersRead => ({ kind: 'refused', says })
  if (pairs.length === 0) return refused('Write at least one parameter, as in utm_source=google&utm_medium=cpc.')
  const odd = pairs.find(({ key, text }) => !/^[\w.~-]+$/.test(key) || !text.includes('=') || /[\s#?]/.test(text))
  if (odd)
    return refused(`"${odd.text.slice(0, 60)}" is no parameter: write name=value, without spaces, # or ?, and & between two.`)
  const keys = pairs.map(({ key }) => key)
  const twice = keys.find((key, place) => keys.indexOf(key) !== place)
  if (twice !== undefined) return refused(`${twice} is there twice.`)
  const [unknown] = unknownMacros(parameters)
  if (unknown !== undefined) return refused(`${unknown} is no macro there: it would be sent as it stands.`)
  if (parameters.length > maxLength)
    return refused(`That is ${parameters.length} characters long: ${maxLength} at most are taken.`)
  return { kind: 'ok', parameters }
}
