import { isAscii } from 'node:buffer'
import { MAX_RECORDS } from '../../domain/outbox/accept.ts'
import type { Problem } from './problem.ts'

/** A record that is not even JSON. */
export interface Unreadable {
  readonly index: number
  readonly id: null
  readonly code: 'malformed_record'
  readonly message: string
}

export type TouchpointsRead =
  | {
      readonly kind: 'read'
      readonly items: readonly unknown[]
      /** Where each of `items` stood in the request. */
      readonly indexes: readonly number[]
      readonly unreadable: readonly Unreadable[]
    }
  | { readonly kind: 'problem'; readonly problem: Problem }

const NDJSON = ['application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/x-jsonlines']

export const TOUCHPOINT_TYPES: readonly string[] = ['application/json', ...NDJSON]

/** The touchpoints of a body: a JSON array, `{"touchpoints": […]}`, or one JSON object a line. */
export function readTouchpoints(contentType: string, body: unknown): TouchpointsRead {
  if (!Buffer.isBuffer(body) || body.length === 0) return malformed('The body is empty; an empty list is [].')
  const mediaType = contentType.split(';')[0]?.trim().toLowerCase() ?? ''
  return NDJSON.includes(mediaType) ? readLines(body) : readList(body)
}

export type Json = { readonly kind: 'json'; readonly value: unknown } | { readonly kind: 'unreadable' }

const UTF8 = new TextDecoder('utf-8', { fatal: true })

/** Strict UTF-8, since a silently replaced character would end up in the CRM. */
export function readJson(bytes: Uint8Array): Json {
  try {
    // Text of ASCII alone, as most is, takes half the room and time when it is read as such.
    const text = isAscii(bytes)
      ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
      : UTF8.decode(bytes)
    return { kind: 'json', value: JSON.parse(text) }
  } catch {
    return { kind: 'unreadable' } // SyntaxError or bad UTF-8; their messages quote the body
  }
}

function readList(body: Buffer): TouchpointsRead {
  const read = readJson(body)
  if (read.kind === 'unreadable') return malformed('The body is not valid JSON in UTF-8.')
  const { value } = read
  if (Array.isArray(value)) return listed(value)
  if (value === null || typeof value !== 'object') return malformed('Send an array of touchpoints, or {"touchpoints": […]}.')
  const unknown = Object.keys(value).filter((key) => key !== 'touchpoints')
  if (unknown.length > 0) {
    const names = unknown
      .slice(0, 5)
      .map((name) => JSON.stringify(name.slice(0, 80)))
      .join(', ')
    const hint = 'id' in value ? ' A single touchpoint goes into an array as well.' : ''
    return problem({ code: 'unknown_field', detail: `Beside "touchpoints" nothing is known, but there is ${names}.${hint}` })
  }
  if (!('touchpoints' in value) || !Array.isArray(value.touchpoints)) return malformed('"touchpoints" must be an array.')
  return listed(value.touchpoints)
}

function listed(items: readonly unknown[]): TouchpointsRead {
  if (items.length > MAX_RECORDS) return tooMany(items.length)
  return { kind: 'read', items, indexes: items.map((_, index) => index), unreadable: [] }
}

function readLines(body: Buffer): TouchpointsRead {
  const lines = nonEmptyLines(body)
  if (lines.length > MAX_RECORDS) return tooMany(lines.length)
  const items: unknown[] = []
  const indexes: number[] = []
  const unreadable: Unreadable[] = []
  for (const [index, line] of lines.entries()) {
    const read = readJson(line)
    if (read.kind === 'json') {
      items.push(read.value)
      indexes.push(index)
    } else {
      unreadable.push({ index, id: null, code: 'malformed_record', message: 'The line is not valid JSON in UTF-8.' })
    }
  }
  return { kind: 'read', items, indexes, unreadable }
}

const NEWLINE = 0x0a
const SPACE = 0x20

function nonEmptyLines(body: Buffer): Buffer[] {
  const lines: Buffer[] = []
  for (let start = 0; start < body.length; ) {
    const newline = body.indexOf(NEWLINE, start)
    const end = newline === -1 ? body.length : newline
    if (end > start) {
      const line = body.subarray(start, end)
      if (line.some((byte) => byte > SPACE)) lines.push(line)
    }
    start = end + 1
  }
  return lines
}

function tooMany(count: number): TouchpointsRead {
  return problem({
    code: 'too_many_records',
    detail: `${count} records are more than the ${MAX_RECORDS} that one request may hold. Nothing was taken in.`,
  })
}

function malformed(detail: string): TouchpointsRead {
  return problem({ code: 'malformed_body', detail })
}

function problem(it: Problem): TouchpointsRead {
  return { kind: 'problem', problem: it }
}
