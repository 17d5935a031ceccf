import { API_ERRORS, type ApiError, externalIdFieldUnknown, type RecordError, ROLLED_BACK, recordError } from './answers.ts'
import { recordId } from './ids.ts'
import type { Field } from './objects.ts'
import { refusedValue } from './record-values.ts'
import type { RowFaults } from './row-faults.ts'
import type { Table } from './table.ts'

const MAX_RECORDS = 200

export interface UpsertCall {
  readonly table: Table
  readonly externalIdField: string
  /** The body as it came. */
  readonly body: string
  readonly now: Date
  readonly faults: RowFaults
}

export type UpsertResult =
  | { readonly id: string; readonly success: true; readonly created: boolean; readonly errors: readonly [] }
  | { readonly id?: string; readonly success: false; readonly errors: readonly RecordError[] }

type Row = { readonly [field: string]: unknown }

/** A record that passed every check, or why it did not. */
type Judged = { readonly key: string; readonly externalId: string; readonly record: Row } | RecordError

/**
 * sObject Collections upsert: results in the order of the input, 200 even when every record failed.
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections_upsert.htm
 */
export function upsert(call: UpsertCall): { results: UpsertResult[] } | { error: ApiError } {
  const { table } = call
  if (table.access === 'hidden') return { error: API_ERRORS.notFound }
  if (table.access === 'refused') return { error: API_ERRORS.insufficientAccess }
  const keyField = table.field(call.externalIdField)
  if (!keyField?.externalId) return { error: externalIdFieldUnknown(call.externalIdField) }
  const request = parse(call.body)
  if (!request) return { error: API_ERRORS.malformedJson }
  if (request.records.length > MAX_RECORDS) return { error: API_ERRORS.tooManyRecords }

  const twice = keysSentTwice(call, keyField, request.records)
  const judged = request.records.map((record) => judge(call, keyField, record, twice))
  const failed = judged.filter((one) => 'statusCode' in one).length
  table.counts.refused += request.allOrNone && failed > 0 ? judged.length : failed
  if (request.allOrNone && failed > 0) return { results: judged.map((one) => refusal('statusCode' in one ? one : ROLLED_BACK)) }
  return { results: judged.map((one) => ('statusCode' in one ? refusal(one) : write(call, one))) }
}

function parse(body: string): { allOrNone: boolean; records: readonly Row[] } | null {
  try {
    const parsed = JSON.parse(body) as { allOrNone?: unknown; records?: unknown } | null
    if (!Array.isArray(parsed?.records)) return null
    return { allOrNone: parsed.allOrNone === true, records: parsed.records as Row[] }
  } catch {
    return null
  }
}

/** Every row that shares its external id with another of the same call fails, not only the second. */
function keysSentTwice(call: UpsertCall, keyField: Field, records: readonly Row[]): ReadonlySet<string> {
  const seen = new Set<string>()
  const twice = new Set<string>()
  for (const record of records) {
    const externalId = record[keyField.name] ?? record[call.externalIdField]
    if (typeof externalId !== 'string') continue
    const key = call.table.keyOf(keyField, externalId)
    if (seen.has(key)) twice.add(key)
    seen.add(key)
  }
  return twice
}

function judge(call: UpsertCall, keyField: Field, record: Row, twice: ReadonlySet<string>): Judged {
  const { table } = call
  const attributes = record['attributes'] as { type?: unknown } | null | undefined
  if (attributes?.type !== table.seed.name)
    return recordError('INVALID_TYPE', `sObject type '${String(attributes?.type)}' is not supported.`)
  const externalId = record[keyField.name] ?? record[call.externalIdField]
  if (typeof externalId !== 'string' || externalId === '')
    return recordError('MISSING_ARGUMENT', `${keyField.name} not specified`)
  const key = table.keyOf(keyField, externalId)
  const refused = refusedAccess(table, key)
  if (refused) return refused
  if (twice.has(key)) return recordError('DUPLICATE_VALUE', `Duplicate external id specified: ${externalId}`, [keyField.name])
  return refusedField(table, key, record) ?? call.faults.errorFor(key, externalId) ?? { key, externalId, record }
}

/** Seen of a login that may not create an object: 400 on a single record, with this text (public issue, 2026). */
function refusedAccess(table: Table, key: string): RecordError | null {
  if (table.access === 'read_only')
    return recordError('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id')
  if (table.access !== 'no_create' || table.rows.has(key)) return null
  return recordError('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', `entity type cannot be inserted: ${table.seed.label}`)
}

function refusedField(table: Table, key: string, record: Row): RecordError | null {
  for (const name in record) {
    if (name === 'attributes') continue
    const field = table.field(name)
    if (!field) return recordError('INVALID_FIELD', `No such column '${name}' on sobject of type ${table.seed.name}`)
    const refused = refusedValue(field, record[name])
    if (refused) return refused
  }
  if (table.rows.has(key)) return null
  const missing = table.requiredOnCreate().filter((field) => (record[field.name] ?? null) === null)
  if (missing.length === 0) return null
  const names = missing.map((field) => field.name)
  return recordError('REQUIRED_FIELD_MISSING', `Required fields are missing: [${names.join(', ')}]`, names)
}

function refusal(error: RecordError): UpsertResult {
  return { success: false, errors: [error] }
}

function write(call: UpsertCall, { key, externalId, record }: { key: string; externalId: string; record: Row }): UpsertResult {
  const { table, now } = call
  const known = table.rows.get(key)
  if (known) {
    copyFields(record, known.fields)
    known.updated += 1
    known.updatedAt = now
    table.counts.updated += 1
    return { id: known.id, success: true, created: false, errors: [] }
  }
  const id = recordId(table.seed.keyPrefix, table.rows.size + 1)
  const fields = copyFields(record, {})
  table.rows.set(key, { id, externalId, fields, createdAt: now, updatedAt: now, created: 1, updated: 0 })
  table.counts.created += 1
  return { id, success: true, created: true, errors: [] }
}

function copyFields(record: Row, into: Record<string, unknown>): Record<string, unknown> {
  for (const name in record) if (name !== 'attributes') into[name] = record[name]
  return into
}
