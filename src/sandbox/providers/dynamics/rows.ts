import { randomUUID } from 'node:crypto'
import { ANSWERS, type Refusal } from './answers.ts'
import type { Column, TableSeed } from './table-seeds.ts'

/** A record in the fake CRM, with how often it was written; fields under their logical names, lookups as ids. */
export interface StoredRecord {
  readonly id: string
  readonly fields: Record<string, unknown>
  readonly createdAt: Date
  updatedAt: Date
  /** Always 1: a key is created once, whatever is sent. */
  readonly created: 1
  updated: number
}

export interface TableCounts {
  created: number
  updated: number
  refused: number
}

/** One table of an environment. */
export interface Table {
  readonly seed: TableSeed
  /** By primary id. */
  readonly rows: Map<string, StoredRecord>
  readonly counts: TableCounts
  /** State of each alternate key by its column; a column without one is not in it. */
  readonly keys: Map<string, 'Active' | 'Pending' | 'Failed'>
  /** Columns that an admin has taken away. */
  readonly missing: Set<string>
  /** Columns that only some users may write. */
  readonly secured: Set<string>
  column(name: string): Column | null
  /** Texts are compared without case, as SQL Server does by default. */
  byColumn(name: string, value: string): StoredRecord | null
  put(record: StoredRecord): void
  addColumn(column: Column): void
}

export function table(given: TableSeed): Table {
  const columns = [...given.columns]
  const seed = { ...given, columns }
  const rows = new Map<string, StoredRecord>()
  const indexes = new Map<string, Map<string, StoredRecord>>(seed.keys.map((key) => [key, new Map()]))
  const missing = new Set<string>()
  return {
    seed,
    rows,
    counts: { created: 0, updated: 0, refused: 0 },
    keys: new Map(seed.keys.map((key) => [key, 'Active'])),
    missing,
    secured: new Set(),
    column: (name) => (missing.has(name) ? null : (seed.columns.find((one) => one.name === name) ?? null)),
    byColumn(name, value) {
      const wanted = value.toLowerCase()
      const index = indexes.get(name)
      if (index) return index.get(wanted) ?? null
      return [...rows.values()].find(({ fields }) => String(fields[name] ?? '').toLowerCase() === wanted) ?? null
    },
    put(record) {
      rows.set(record.id, record)
      for (const [key, index] of indexes) {
        const value = record.fields[key]
        if (typeof value === 'string') index.set(value.toLowerCase(), record)
      }
    },
    addColumn: (column) => void columns.push(column),
  }
}

export interface WriteCall {
  readonly table: Table
  /** The record that is written, or null for a new one. */
  readonly record: StoredRecord | null
  readonly values: ReadonlyMap<string, unknown>
  readonly now: Date
}

/** Stores what has passed every check. */
export function store({ table, record, values, now }: WriteCall): StoredRecord {
  const stored = record ?? { id: randomUUID(), fields: {}, createdAt: now, updatedAt: now, created: 1, updated: 0 }
  for (const [name, value] of values) stored.fields[name] = value
  if (record) {
    stored.updated += 1
    stored.updatedAt = now
    table.counts.updated += 1
  } else table.counts.created += 1
  table.put(stored)
  return stored
}

/** The columns and values of a body, or why it is refused. `exists`: ids of the tables that lookups point to. */
export function readValues(
  table: Table,
  body: Readonly<Record<string, unknown>>,
  exists: (entitySet: string, id: string) => boolean,
): ReadonlyMap<string, unknown> | Refusal {
  const values = new Map<string, unknown>()
  for (const [name, value] of Object.entries(body)) {
    const bind = /^(.+)@odata\.bind$/.exec(name)?.[1]
    const read = bind === undefined ? readValue(table, name, value) : readBind(table, bind, value, exists)
    if ('status' in read) return read
    values.set(read.column, read.value)
  }
  return values
}

type Read = { readonly column: string; readonly value: unknown } | Refusal

function readValue(table: Table, name: string, value: unknown): Read {
  const column = table.column(name)
  const { name: tableName } = table.seed
  if (column === null) {
    const inner = `Invalid property '${name}' was found in entity 'Microsoft.Dynamics.CRM.${tableName}'.`
    return ANSWERS.badPayload(tableName, inner)
  }
  if (column.type === 'Lookup') {
    const inner = 'CRM do not support direct update of Entity Reference properties, Use Navigation properties instead.'
    return ANSWERS.badPayload(tableName, inner)
  }
  if (value === null) return { column: name, value }
  const edm = { DateTime: 'Edm.DateTimeOffset', Integer: 'Edm.Int32' }[column.type as string] ?? 'Edm.String'
  if (!fits(column, value)) {
    const inner = `Cannot convert the literal '${String(value)}' to the expected type '${edm}'.`
    return ANSWERS.badPayload(tableName, inner)
  }
  if (typeof value === 'string' && value.length > column.maxLength) return ANSWERS.tooLong(name, tableName, column.maxLength)
  return { column: name, value }
}

function fits({ type }: Column, value: unknown): boolean {
  if (type === 'Integer') return Number.isInteger(value)
  if (typeof value !== 'string') return false
  return type !== 'DateTime' || /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(value)
}

function readBind(table: Table, property: string, value: unknown, exists: (entitySet: string, id: string) => boolean): Read {
  const column = table.seed.columns.find((one) => one.type === 'Lookup' && one.schemaName === property)
  if (column === undefined || table.missing.has(column.name)) {
    const inner = `An undeclared property '${property}' which only has property annotations in the payload but no property value was found in the payload.`
    return ANSWERS.badPayload(table.seed.name, inner)
  }
  if (value === null) return { column: column.name, value }
  const [, entitySet = '', id = ''] = /^\/?(\w+)\(([^)]*)\)$/.exec(String(value)) ?? []
  if (!exists(entitySet, id)) return ANSWERS.noRecord(column.target ?? '', id)
  return { column: column.name, value: id }
}
