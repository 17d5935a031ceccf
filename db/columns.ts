import * as lite from 'drizzle-orm/sqlite-core'

/**
 * One constructor per kind of column the schema uses. PostgreSQL's kit, with the same JavaScript type per kind, has a file of its own:
 * loading what it needs takes 0.15 s, which SQLite can do without.
 */
export const sqliteColumns = {
  table: lite.sqliteTable,
  index: lite.index,
  uniqueIndex: lite.uniqueIndex,
  /** Of several columns. */
  primaryKey: lite.primaryKey,
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
  bytes: (name: string) => lite.blob(name, { mode: 'buffer' }),
  json: <T>(name: string) => lite.text(name, { mode: 'json' }).$type<T>(),
}

export type Columns = typeof sqliteColumns
