import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/pglite'
import { migrate } from 'drizzle-orm/pglite/migrator'
import { Client } from 'pg'
import { beforeAll, beforeEach, describe } from 'vitest'
import type { Store } from '../../src/domain/store.ts'
import { type Dialect, rows } from '../../src/outbound/store/dialect.ts'
import { openPostgres, POSTGRES_MIGRATIONS, postgresDialect } from '../../src/outbound/store/postgres.ts'
import { openSqlite } from '../../src/outbound/store/sqlite.ts'
import { createStore, stampDatabase } from '../../src/outbound/store/store.ts'
import { openThreadedStore } from '../../src/outbound/store/threaded-store.ts'

/** An open store with an empty database of its own, and the dialect below it for looking at rows. */
export interface TestStore {
  readonly store: Store
  readonly dialect: Dialect
  /** A second process on the same database; on PGlite, which has one session, the same one. */
  readonly other: Store
  /** Empties every table but the stamp. */
  wipe(): Promise<void>
}

export interface TestDialect {
  readonly name: string
  /** Two sessions really run at once. */
  readonly races: boolean
  /** Why it can't run here. */
  readonly missing: string | null
  open(): Promise<TestStore>
}

/** Of the run's PostgreSQL, or of one that is given. */
const postgresUrl = process.env.TEST_DATABASE_URL

/** What every contract test runs on: a SQLite file, PostgreSQL inside the process, and a real PostgreSQL. */
export const dialects: readonly TestDialect[] = [
  { name: 'sqlite', races: false, missing: null, open: sqliteFile },
  { name: 'sqlite in a thread', races: false, missing: null, open: sqliteThread },
  { name: 'pglite', races: false, missing: null, open: pglite },
  {
    name: 'postgres',
    races: true,
    missing: postgresUrl === undefined ? 'no PostgreSQL found: install one, set PG_BIN, or set TEST_DATABASE_URL' : null,
    open: realPostgres,
  },
]

async function sqliteThread(): Promise<TestStore> {
  const path = join(mkdtempSync(join(tmpdir(), 'redkey-store-')), 'test.db')
  const store = await openThreadedStore(`file:${path}`, { stamp: 'live' })
  const dialect = openSqlite(path, false)
  return {
    store,
    dialect,
    other: store,
    wipe: () => wipe(dialect),
  }
}

async function sqliteFile(): Promise<TestStore> {
  const path = join(mkdtempSync(join(tmpdir(), 'redkey-store-')), 'test.db')
  const [dialect, second] = [openSqlite(path, true), openSqlite(path, true)]
  dialect.migrate()
  second.migrate()
  await stampDatabase(dialect, 'live')
  return testStore(dialect, second)
}

async function pglite(): Promise<TestStore> {
  const client = new PGlite()
  const db = drizzle(client)
  await migrate(db, { migrationsFolder: POSTGRES_MIGRATIONS })
  const dialect = postgresDialect(db, () => client.close())
  await stampDatabase(dialect, 'live')
  return testStore(dialect, dialect)
}

async function realPostgres(): Promise<TestStore> {
  const url = await newDatabase()
  const [dialect, second] = [openPostgres(url), openPostgres(url)]
  await Promise.all([dialect.migrate(), second.migrate()])
  await stampDatabase(dialect, 'live')
  return testStore(dialect, second)
}

let databases = 0

/** Address of an empty one. */
export async function newDatabase(): Promise<string> {
  databases += 1
  const name = `redkey_${process.pid}_${databases}`
  const client = new Client({ connectionString: postgresUrl })
  await client.connect()
  await client.query(`drop database if exists ${name}`)
  await client.query(`create database ${name}`)
  await client.end()
  return Object.assign(new URL(postgresUrl ?? ''), { pathname: `/${name}` }).href
}

function testStore(dialect: Dialect, second: Dialect): TestStore {
  return { store: createStore(dialect), dialect, other: createStore(second), wipe: () => wipe(dialect) }
}

/** As one transaction: each would wait for the disk. */
async function wipe({ atomically, tables }: Dialect): Promise<void> {
  const { meta, grants, connections, outages, ...leaves } = tables
  await atomically(function* (q) {
    for (const table of [...Object.values(leaves), outages, connections, grants]) yield* rows(q.delete(table).returning())
  })
}

/** Making a database and its tables takes longer than most tests: all files of a process share it, as long as that runs. */
const opened = new Map<TestDialect, Promise<TestStore>>()

function openOnce(dialect: TestDialect): Promise<TestStore> {
  const store = opened.get(dialect) ?? dialect.open()
  opened.set(dialect, store)
  return store
}

/** Runs the tests on every database. Each test finds its tables empty. */
export function contract(title: string, body: (world: () => TestStore, dialect: TestDialect) => void): void {
  for (const dialect of dialects) {
    describe.skipIf(dialect.missing !== null)(
      `${title} on ${dialect.name}${dialect.missing ? ` (${dialect.missing})` : ''}`,
      () => {
        let world: TestStore | undefined
        beforeAll(async () => {
          world = await openOnce(dialect)
        }, 60_000)
        beforeEach(() => world?.wipe())
        body(() => world as TestStore, dialect)
      },
    )
  }
}
