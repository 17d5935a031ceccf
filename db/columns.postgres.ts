import * as pg from 'drizzle-orm/pg-core'
import type { Columns } from './columns.ts'

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

// The one cast of the schema. True for every value that passes test/contract/store/database.contract.test.ts.
export const postgresColumns = {
  table: pg.pgTable,
  index: pg.index,
  uniqueIndex: pg.uniqueIndex,
  primaryKey: pg.primaryKey,
  text: (name: string) => pgText(name),
  oneOf: <const T extends readonly [string, ...string[]]>(name: string, values: T) => pg.text(name, { enum: values }),
  integer: (name: string) => pg.integer(name),
  bigint: (name: string) => pg.bigint(name, { mode: 'number' }),
  boolean: (name: string) => pg.boolean(name),
  instant: (name: string) => pg.timestamp(name, { withTimezone: true, precision: 3, mode: 'date' }),
  json: <T>(name: string) => pgJson(name).$type<T>(),
} as unknown as Columns
