import * as pg from 'drizzle-orm/pg-core'
import * as lite from 'drizzle-orm/sqlite-core'

/** One constructor per kind of column the schema uses. Both kits give the same JavaScript type per kind. */
export const sqliteColumns = {
  table: lite.sqliteTable,
  index: lite.index,
  uniqueIndex: lite.uniqueIndex,
  text: (name: string) => lite.text(name),
  /** One of a closed set of words; the set is checked by the compiler only. */
  oneOf: <const T extends readonly [string, ...string[]]>(name: string, values: T) => lite.text(name, { enum: values }),
  /** 32 bits. */
  integer: (name: string) => lite.integer(name),
  /** Counts and keys: up to 2^53, as a number. */
  bigint: (name: string) => lite.integer(name),
  boolean: (name: string) => lite.integer(name, { mode: 'boolean' }),
  /** A point in time, to the millisecond. */
  instant: (name: string) => lite.integer(name, { mode: 'timestamp_ms' }),
  json: <T>(name: string) => lite.text(name, { mode: 'json' }).$type<T>(),
}

export type Columns = typeof sqliteColumns

/** PostgreSQL's text can't hold U+0000, which a provider's answer may contain: it is stored as U+FFFD. */
function storable(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text
}

const pgText = pg.customType<{ data: string; driverData: string }>({
  dataType: () => 'text',
  toDriver: storable,
})

const pgJson = pg.customType<{ data: unknown; driverData: string }>({
  dataType: () => 'jsonb',
  toDriver: (value) => JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? storable(part) : part)),
})

// The one cast of the schema. True for every value that passes test/contract/store/columns.contract.test.ts.
export const postgresColumns = {
  table: pg.pgTable,
  index: pg.index,
  uniqueIndex: pg.uniqueIndex,
  text: (name: string) => pgText(name),
  oneOf: <const T extends readonly [string, ...string[]]>(name: string, values: T) => pg.text(name, { enum: values }),
  integer: (name: string) => pg.integer(name),
  bigint: (name: string) => pg.bigint(name, { mode: 'number' }),
  boolean: (name: string) => pg.boolean(name),
  instant: (name: string) => pg.timestamp(name, { withTimezone: true, precision: 3, mode: 'date' }),
  json: <T>(name: string) => pgJson(name).$type<T>(),
} as unknown as Columns
