import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { Pool } from 'pg'
import { postgresColumns } from '../../../db/columns.ts'
import { defineTables } from '../../../db/schema.ts'
import type { Dialect, Program, Queries, Steps } from './dialect.ts'
import { postgresHot } from './postgres-hot.ts'

export const POSTGRES_MIGRATIONS = fileURLToPath(new URL('../../../db/migrations/postgres', import.meta.url))
/** Any number, as long as every process takes the same. */
const MIGRATION_LOCK = 7_233_539
const CONNECT_MS = 5000

export function openPostgres(url: string): Dialect & { migrate(): Promise<void> } {
  const pool = new Pool({ connectionString: url, connectionTimeoutMillis: CONNECT_MS, application_name: 'redkey' })
  // An idle client that dies is replaced by the next query, which reports its own failure.
  pool.on('error', () => undefined)
  return {
    ...postgresDialect(drizzle(pool), () => pool.end()),
    migrate: () => migrateAlone(pool),
  }
}

/** Also for PGlite, which the tests use. */
export function postgresDialect<H extends PgQueryResultHKT>(db: PgDatabase<H>, close: () => Promise<void>): Dialect {
  const tables = defineTables(postgresColumns)
  return {
    tables,
    ...postgresHot(tables),
    queries: db as unknown as Queries,
    atomically: <T>(program: Program<T>) =>
      againAfterDeadlock(() => db.transaction((tx) => drive(program(tx as unknown as Queries)))),
    skipLocked: (query) =>
      (query as unknown as { for(strength: string, options: object): typeof query }).for('update', { skipLocked: true }),
    close,
  }
}

/** Two processes may start at once: the second waits, and finds the work done. */
async function migrateAlone(pool: Pool): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    await migrate(drizzle(client), { migrationsFolder: POSTGRES_MIGRATIONS })
    await client.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK])
    client.release()
  } catch (cause) {
    client.release(true)
    throw cause
  }
}

async function drive<T>(steps: Steps<T>): Promise<T> {
  let step = steps.next()
  while (!step.done) step = steps.next(await step.value)
  return step.value
}

/** The lock order rules deadlocks out among our own programs; a database that shares its locks otherwise may still find one. */
async function againAfterDeadlock<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      if (attempt === 3 || !wasRolledBackForOthers(error)) throw error
    }
  }
}

/** https://www.postgresql.org/docs/15/errcodes-appendix.html: serialization_failure, deadlock_detected. */
function wasRolledBackForOthers(error: unknown): boolean {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  return typeof cause === 'object' && cause !== null && 'code' in cause && (cause.code === '40001' || cause.code === '40P01')
}
