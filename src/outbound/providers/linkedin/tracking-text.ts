import { asRecord, type JsonRecord } from '../json.ts'

/** `AdDynamicTrackingParameterValue`: …/integrations/ads-reporting/dynamic-utm-tracking; `CREATIVE_NAME` since 202606 (2026-11). */
const DYNAMIC_VALUES: readonly string[] = [
  'ACCOUNT_ID',
  'ACCOUNT_NAME',
  'CAMPAIGN_GROUP_ID',
  'CAMPAIGN_GROUP_NAME',
  'CAMPAIGN_ID',
  'CAMPAIGN_NAME',
  'CREATIVE_ID',
  'CREATIVE_NAME',
]

/** LinkedIn's two maps from a parameter's name to its value: one that it fills in, and one that is sent as it stands. */
export interface TrackingMaps {
  readonly dynamicValueParameters: Readonly<Record<string, string>>
  readonly customValueParameters: Readonly<Record<string, string>>
}

const ORDER = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_content', 'utm_term']
const DYNAMIC = /^\{([A-Z][A-Z0-9_]*)\}$/

/**
 * The maps as a query string: a dynamic value is its name in braces and nothing else (`utm_campaign={CAMPAIGN_ID}`), any other value
 * stands with what would break a query string percent-encoded; `mapsIn` reads both back. Maps have no order: the usual `utm_…` come
 * first, then the others by name. `null`: it is something else than text to text.
 * @TODO source: LinkedIn encodes values when it adds them to a link.
 */
export function textOf(body: JsonRecord): string | null {
  const dynamic = Object.entries(asRecord(body.dynamicValueParameters)).map(([name, value]) => ({
    name,
    text: typeof value === 'string' ? `{${value}}` : null,
  }))
  const custom = Object.entries(asRecord(body.customValueParameters)).map(([name, value]) => ({
    name,
    text: typeof value === 'string' ? customText(value) : null,
  }))
  const all = [...custom, ...dynamic].sort((a, b) => rank(a.name) - rank(b.name) || compare(a.name, b.name))
  if (all.some(({ text }) => text === null)) return null
  return all.map(({ name, text }) => `${escaped(name).replaceAll('=', '%3D')}=${text}`).join('&')
}

function rank(name: string): number {
  const place = ORDER.indexOf(name)
  return place === -1 ? ORDER.length : place
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** A value that only looks like a dynamic one keeps its braces encoded. */
function customText(value: string): string {
  const text = escaped(value)
  return DYNAMIC.test(text) ? text.replace('{', '%7B').replace('}', '%7D') : text
}

function escaped(text: string): string {
  return text.toWellFormed().replace(/[%&#\s\p{Cc}]|[^\p{ASCII}]/gu, (sign) => encodeURIComponent(sign))
}

export type ReadMaps = { readonly kind: 'maps'; readonly maps: TrackingMaps } | { readonly kind: 'refused'; readonly why: string }

/** What `textOf` wrote, or a person. LinkedIn has room for one value of each kind under a name. */
export function mapsIn(parameters: string): ReadMaps {
  const dynamic = new Map<string, string>()
  const custom = new Map<string, string>()
  for (const { name, value } of partsOf(parameters)) {
    if (name === '' || value === null) return { kind: 'refused', why: 'Each of these parameters needs a name and a value.' }
    const macro = DYNAMIC.exec(value)?.[1]
    const map = macro === undefined ? custom : dynamic
    if (map.has(name)) return { kind: 'refused', why: `LinkedIn takes the parameter ${name} once, and here it stands twice.` }
    map.set(name, macro ?? decoded(value))
  }
  const maps = { dynamicValueParameters: Object.fromEntries(dynamic), customValueParameters: Object.fromEntries(custom) }
  return { kind: 'maps', maps }
}

/** In the order in which they stand; a name is decoded, a value as it is written. */
function partsOf(parameters: string): { readonly name: string; readonly value: string | null }[] {
  return parameters
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const at = part.indexOf('=')
      return { name: decoded(at === -1 ? part : part.slice(0, at)), value: at === -1 ? null : part.slice(at + 1) }
    })
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // a lone % is meant as it stands
  }
}

/** Braces that are not a whole value, or not around a value that LinkedIn fills in; and the name of one without its braces. */
export function unknownMacros(parameters: string): readonly string[] {
  const found = partsOf(parameters).flatMap(({ name, value }) => {
    const macro = DYNAMIC.exec(value ?? '')?.[1]
    if (macro !== undefined && DYNAMIC_VALUES.includes(macro)) return name.match(BRACES) ?? []
    if (value !== null && DYNAMIC_VALUES.includes(value)) return [value]
    return `${name}=${value ?? ''}`.match(BRACES) ?? []
  })
  return [...new Set(found)]
}

const BRACES = /\{+[^{}]*\}+/g
