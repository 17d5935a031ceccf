import type { ApiError } from './answers.ts'
import type { Org } from './org.ts'
import { setupTable } from './setup-api.ts'
import type { StoredRecord, Table } from './table.ts'

interface QueryResult {
  readonly totalSize: number
  readonly done: true
  readonly records: readonly object[]
}

const SELECT =
  /^\s*SELECT\s+(.+?)\s+FROM\s+(\w+)(?:\s+WHERE\s+(\w+)\s*(?:=\s*('(?:[^'\\]|\\.)*')|IN\s*\((.+?)\))(?:\s+AND\s+(\w+)\s*=\s*('(?:[^'\\]|\\.)*'|null))?)?(?:\s+LIMIT\s+(\d+))?\s*$/is

/**
 * The little SOQL that an integration needs: fields or COUNT() of one object, one condition on one field (`=`, `IN`), another one with
 * AND (`=`), LIMIT. Anything else is MALFORMED_QUERY here, which real SOQL would take.
 */
export function runQuery(org: Org, soql: string, version: string): QueryResult | { error: ApiError } {
  const match = SELECT.exec(soql)
  if (!match)
    return {
      error: { status: 400, errorCode: 'MALFORMED_QUERY', message: `unexpected token: '${soql.trim().split(/\s/, 1)[0] ?? ''}'` },
    }
  const [, columns = '', object = '', filterField, equals, list, andField, andEquals, limit] = match
  const source = rowsOf(org, object)
  if (source && 'status' in source) return { error: source }
  if (!source) return { error: { status: 400, errorCode: 'INVALID_TYPE', message: `sObject type '${object}' is not supported.` } }
  const counts = /^count\(\s*\)$/i.test(columns)
  if (counts && !filterField) return { totalSize: source.size, done: true, records: [] }
  const wanted = equals || list ? new Set(literals(equals ?? list ?? '')) : null
  const also = andEquals ? new Set(andEquals === 'null' ? ['null'] : literals(andEquals)) : null
  const isIn = (row: Record<string, unknown>, field: string | undefined, values: ReadonlySet<string> | null) =>
    !values || values.has(String(row[field ?? '']).toLowerCase())
  const rows = source.rows().filter((row) => isIn(row, filterField, wanted) && isIn(row, andField, also))
  if (counts) return { totalSize: rows.length, done: true, records: [] }

  const names = columns.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !source.has(name))
  if (unknown) return { error: noSuchColumn(unknown, object) }
  const records = rows.slice(0, limit ? Number(limit) : 2_000).map((row) => ({
    attributes: { type: object, url: `/services/data/${version}/sobjects/${object}/${String(row['Id'])}` },
    ...Object.fromEntries(names.map((name) => [name, row[name] ?? null])),
  }))
  return { totalSize: records.length, done: true, records }
}

interface Source {
  readonly size: number
  rows(): readonly Record<string, unknown>[]
  has(column: string): boolean
}

function rowsOf(org: Org, object: string): Source | ApiError | null {
  const ofSetup = setupTable(org, object)
  if (ofSetup) return 'status' in ofSetup ? ofSetup : fixed(ofSetup)
  if (/^organization$/i.test(object)) return fixed([organization(org)])
  if (/^user$/i.test(object))
    return fixed(org.users.map((user) => ({ Id: user.id, Username: user.username, IsActive: user.isActive })))
  const table = org.table(object)
  if (!table || table.access === 'hidden' || table.access === 'refused') return null
  return {
    size: table.rows.size,
    rows: () => [...table.rows.values()].map((record) => asRow(table, record)),
    has: (column) => table.field(column) !== null,
  }
}

function fixed(rows: readonly Record<string, unknown>[]): Source {
  return { size: rows.length, rows: () => rows, has: (column) => rows.length === 0 || column in (rows[0] ?? {}) }
}

function organization(org: Org): Record<string, unknown> {
  return {
    Id: org.id,
    Name: org.name,
    IsSandbox: org.isSandbox,
    OrganizationType: org.organizationType,
    InstanceName: 'FAKE1',
    NamespacePrefix: null,
    TrialExpirationDate: null,
  }
}

function asRow(table: Table, record: StoredRecord): Record<string, unknown> {
  const dates = { CreatedDate: record.createdAt.toISOString(), LastModifiedDate: record.updatedAt.toISOString() }
  const name = { Name: `${table.seed.keyPrefix}-${record.id.slice(9, 15)}` }
  return { ...name, ...record.fields, Id: record.id, ...dates }
}

/** Compared without case, as SOQL does for text. */
function literals(list: string): string[] {
  return [...list.matchAll(/'((?:[^'\\]|\\.)*)'/g)].map(([, text = '']) => text.replace(/\\(.)/g, '$1').toLowerCase())
}

function noSuchColumn(column: string, object: string): ApiError {
  const advice = "If you are attempting to use a custom field, be sure to append the '__c' after the custom field name."
  return { status: 400, errorCode: 'INVALID_FIELD', message: `No such column '${column}' on entity '${object}'. ${advice}` }
}
