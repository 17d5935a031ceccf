import { ANSWERS, type Refusal } from './answers.ts'
import type { PartRequest } from './batch.ts'
import type { Environment, EnvironmentUser } from './environment.ts'
import { readValues, type StoredRecord, store, type Table } from './rows.ts'

/** A call that is about records, by itself or inside of a batch. */
export interface RecordCall {
  readonly environment: Environment
  readonly user: EnvironmentUser
  readonly request: PartRequest
  readonly now: Date
}

export type RecordReply = Refusal | { readonly status: 200; readonly body: object } | { readonly status: 204; readonly body: '' }

const API = /^(?:https?:\/\/[^/]+)?\/api\/data\/v9\.\d\//

/** `GET set?$filter=…`, `PATCH set(key)`, `POST set`. */
export function recordCall(call: RecordCall): RecordReply {
  const { environment, request } = call
  const [path = '', query = ''] = request.url.replace(API, '').split('?', 2)
  const [, set = '', key] = /^(\w+)(?:\((.*)\))?$/.exec(path) ?? []
  const table = environment.tableOfSet(set)
  if (table === null) return /[/#]/.test(path) ? ANSWERS.badSyntax : ANSWERS.noSegment(set || path)
  if (request.method === 'GET' && key === undefined) return find(call, table, new URLSearchParams(query))
  if (request.method === 'POST' && key === undefined) return write(call, table, null, null)
  if (request.method === 'PATCH' && key !== undefined) return patch(call, table, key)
  return ANSWERS.noSegment(path)
}

/** Only `column eq 'text'`. */
function find({ environment, user }: RecordCall, table: Table, query: URLSearchParams): RecordReply {
  const { name } = table.seed
  if (!environment.holds('Read', name)) return ANSWERS.noPrivilege(`prvRead${name}`, name, user.id)
  const [, column = '', literal = ''] = /^(\w+) eq '((?:[^']|'')*)'$/.exec(query.get('$filter') ?? '') ?? []
  if (table.column(column) === null) return ANSWERS.badPayload(name, `Could not find a property named '${column}'`)
  const found = table.byColumn(column, literal.replaceAll("''", "'"))
  const value = found === null ? [] : [{ '@odata.etag': 'W/"1"', [`${name}id`]: found.id }]
  return { status: 200, body: { '@odata.context': `${environment.url}/api/data/v9.2/$metadata#${table.seed.entitySet}`, value } }
}

/**
 * "If the data within a column that is used in an alternate key will contain one of the following characters … then GET or PATCH actions
 * will not work": https://learn.microsoft.com/en-us/powerapps/maker/data-platform/define-alternate-keys-portal (2026-11)
 */
const RESTRICTED = /[/#<>*%&:\\?+]/

function patch(call: RecordCall, table: Table, key: string): RecordReply {
  const { name } = table.seed
  if (/^[0-9a-f-]{36}$/i.test(key)) {
    const record = table.rows.get(key.toLowerCase()) ?? null
    if (record === null && call.request.headers['if-match'] === '*') return ANSWERS.noRecord(name, key)
    return write(call, table, record, null)
  }
  const [, column = '', encoded] = /^(\w+)='(.*)'$/.exec(key) ?? []
  const literal = encoded === undefined ? null : decode(encoded)
  if (literal === null || RESTRICTED.test(literal) || literal.replaceAll("''", '').includes("'")) return ANSWERS.badSyntax
  if (table.keys.get(column) !== 'Active') return ANSWERS.noKey(name)
  const value = literal.replaceAll("''", "'")
  return write(call, table, table.byColumn(column, value), { column, value })
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

interface Key {
  readonly column: string
  readonly value: string
}

/** `key`: what stood in the URL; it is copied into a new record. */
function write(call: RecordCall, table: Table, record: StoredRecord | null, key: Key | null): RecordReply {
  const reply = tryToWrite(call, table, record, key)
  if (reply.status >= 400) table.counts.refused += 1
  return reply
}

function tryToWrite(
  { environment, user, request, now }: RecordCall,
  table: Table,
  record: StoredRecord | null,
  key: Key | null,
): RecordReply {
  const { name } = table.seed
  const privilege = record === null ? 'Create' : 'Write'
  if (!environment.holds(privilege, name)) return ANSWERS.noPrivilege(`prv${privilege}${name}`, name, user.id)
  const body = parse(request.body)
  if (body === null) return ANSWERS.badPayload(name, 'An error has occurred while reading the payload.')
  const exists = (set: string, id: string) => environment.tableOfSet(set)?.rows.has(id.toLowerCase()) ?? false
  const read = readValues(table, body, exists)
  if ('status' in read) return read
  const values = new Map(read)
  if (key && record === null) values.set(key.column, key.value)
  if ([...values.keys()].some((column) => table.secured.has(column)))
    return record === null ? ANSWERS.securedOnCreate : ANSWERS.securedOnUpdate
  for (const column of table.keys.keys()) {
    const taken = record === null ? table.byColumn(column, String(values.get(column) ?? '')) : null
    if (taken) return ANSWERS.keyTaken(column)
  }
  const ownKey = String(values.get('bizible2_uniqueid') ?? record?.fields.bizible2_uniqueid ?? '')
  const refused = environment.faults.refusalOf(ownKey)
  if (refused) return refused
  store({ table, record, values, now })
  return { status: 204, body: '' }
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Record<string, unknown>) : null
  } catch {
    return null
  }
}
