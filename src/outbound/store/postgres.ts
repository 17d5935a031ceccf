import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { Client, Pool } from 'pg'
import { postgresColumns } from '../../../db/columns.postgres.ts'
import { defineTables } from '../../../db/schema.ts'
import type { Dialect, Program, Queries, Steps } from './dialect.ts'
import { postgresHot } from './postgres-hot.ts'

export const POSTGRES_MIGRATIONS = fileURLToPath(new URL('../../../db/migrations/postgres', import.meta.url))
/** Any number, as long as every process takes the same. */
const MIGRATION_LOCK = 7_233_539
const CONNECT_MS = 5000
const ANSWER_MS = 30_000

/** `answerMs`: a statement without an answer for so long has failed, also where the server is gone without a word. */
export function openPostgres(url: string, answerMs = ANSWER_MS): Dialect & { migrate(): Promise<void> } {
  const connection = {
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    application_name: 'redkey',
    keepAlive: true,
  }
  const pool = new Pool({ ...connection, statement_timeout: answerMs, query_timeout: answerMs })
  // A client that dies is replaced; whoever was using it is told by its own query.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return {
    ...postgresDialect(
      drizzle(pool),
      () => pool.end(),
      (run) => inTransaction(pool, run),
    ),
    migrate: () => migrateAlone(new Client(connection)),
  }
}

/** Also for PGlite, which the tests use. */
export function postgresDialect<H extends PgQueryResultHKT>(
  db: PgDatabase<H>,
  close: () => Promise<void>,
  transaction: <T>(run: (q: Queries) => Promise<T>) => Promise<T> = (run) =>
    db.transaction((tx) => run(tx as unknown as Queries)),
): Dialect {
  const tables = defineTables(postgresColumns)
  return {
    tables,
    ...postgresHot(tables),
    queries: db as unknown as Queries,
    atomically: <T>(program: Program<T>) => againAfterDeadlock(() => transaction((q) => drive(program(q)))),
    skipLocked: (query) =>
      (query as unknown as { for(strength: string, options: object): typeof query }).for('update', { skipLocked: true }),
    giveBackSpace: async () => false,
    close,
  }
}

/** Two processes may start at once: the second waits, as long as it takes, and finds the work done. */
async function migrateAlone(client: Client): Promise<void> {
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    await migrate(drizzle(client), { migrationsFolder: POSTGRES_MIGRATIONS })
  } finally {
    await client.end()
  }
}

/** Whatever goes wrong, the client goes: closing it rolls back, also when no answer can be had, and gives its place to a new one. */
async function inTransaction<T>(pool: Pool, run: (q: Queries) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const result = await run(drizzle(client) as unknown as Queries)
    await client.query('commit')
    client.release()
    return result
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
