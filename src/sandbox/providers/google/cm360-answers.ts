import type { Reply } from '../http-server.ts'
import { type ApiFault, apiError } from './answers.ts'

export function refusedBy(fault: ApiFault): Reply {
  return { status: fault.status, json: apiError(fault) }
}

/** `badRequest` and `invalidParameter`: cloud.google.com/apis/design/errors and the list that Google's older APIs share; texts are guesses. */
export function invalid(message: string, reason: 'badRequest' | 'invalid' | 'invalidParameter' = 'badRequest'): Reply {
  return refusedBy({ status: 400, canonical: 'INVALID_ARGUMENT', message, errors: [{ message, domain: 'global', reason }] })
}

/** The words are those of Google's JSON front for what it can't bind. */
export function unknownParameter(query: URLSearchParams, known: readonly string[]): Reply | null {
  const name = [...query.keys()].find((one) => !known.includes(one))
  return name === undefined
    ? null
    : invalid(
        `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. Field '${name}' could not be found.`,
      )
}

export function unknownField(body: object, known: readonly string[]): Reply | null {
  const name = Object.keys(body).find((one) => !known.includes(one))
  return name === undefined ? null : invalid(`Invalid JSON payload received. Unknown name "${name}": Cannot find field.`)
}

type Selection = Map<string, Selection | null>

/**
 * What `fields` leaves of an answer: `a,b/c,d(e,f/g)` (developers.google.com/doubleclick-advertisers/performance, partial responses).
 * Names that an object has not are refused.
 */
export function partial(json: unknown, fields: string | null): Reply {
  if (fields === null) return { status: 200, json }
  const selection: Selection = new Map()
  const end = readFields(fields, 0, selection)
  const wrong = end === fields.length ? unknownIn(json, selection) : fields.slice(end)
  return wrong === null
    ? { status: 200, json: pick(json, selection) }
    : invalid(`Invalid field selection ${wrong}`, 'invalidParameter')
}

/** Reads as far as it understands, and answers where it stopped. */
function readFields(text: string, from: number, into: Selection): number {
  let at = readField(text, from, into)
  while (text[at] === ',') at = readField(text, at + 1, into)
  return at
}

function readField(text: string, from: number, into: Selection): number {
  const [name = ''] = /^\w+/.exec(text.slice(from)) ?? []
  const at = from + name.length
  const below: Selection = new Map()
  if (name !== '') into.set(name, text[at] === '/' || text[at] === '(' ? below : null)
  if (text[at] === '/') return readField(text, at + 1, below)
  if (text[at] !== '(') return at
  const end = readFields(text, at + 1, below)
  return text[end] === ')' ? end + 1 : text.length + 1
}

function unknownIn(json: unknown, selection: Selection): string | null {
  if (Array.isArray(json)) return json.length === 0 ? null : unknownIn(json[0], selection)
  if (typeof json !== 'object' || json === null) return null
  for (const [name, below] of selection) {
    if (!(name in json)) return name
    const wrong = below && unknownIn(json[name as keyof typeof json], below)
    if (wrong) return wrong
  }
  return null
}

function pick(json: unknown, selection: Selection): unknown {
  if (Array.isArray(json)) return json.map((one) => pick(one, selection))
  if (typeof json !== 'object' || json === null) return json
  const kept = [...selection].map(([name, below]) => {
    const value: unknown = json[name as keyof typeof json]
    return [name, below ? pick(value, below) : value]
  })
  return Object.fromEntries(kept)
}
