import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { sqliteColumns } from '../../../db/columns.ts'
import { defineTables } from '../../../db/schema.ts'
import { AppError } from '../../errors.ts'
import type { Dialect, Queries } from './dialect.ts'
import { groupCommit } from './group-commit.ts'
import { sqliteHot } from './sqlite-hot.ts'

const MIGRATIONS = fileURLToPath(new URL('../../../db/migrations/sqlite', import.meta.url))
/** Another process may hold the file this long while both open it. */
const OPENING_BUSY_MS = 5000
const BUSY_MS = 250

/** `path` may be `:memory:`. The folder is made, for its owner only; so is the file unless it must exist. */
export function openSqlite(path: string, createIfMissing: boolean): Dialect & { migrate(): void } {
  const client = new Database(path, { fileMustExist: !prepareFile(path, createIfMissing), timeout: OPENING_BUSY_MS })
  try {
    refuseForeign(client, path)
    // Of a new file only, which is why it comes first: an old one would have to be written anew.
    client.pragma('auto_vacuum = INCREMENTAL')
    client.pragma('journal_mode = WAL')
    client.pragma('synchronous = FULL')
    client.pragma('foreign_keys = ON')
    if (path !== ':memory:') chmodSync(path, 0o600)
  } catch (cause) {
    client.close()
    throw cause
  }
  const db = drizzle(client)
  const queries = db as unknown as Queries
  const commits = groupCommit(client, queries)

  return {
    tables: defineTables(sqliteColumns),
    queries,
    atomically: commits.atomically,
    skipLocked: (query) => query,
    ...sqliteHot(client),
    giveBackSpace: async () => giveBackSpace(client),
    close: async () => {
      await commits.idle()
      client.close()
    },
    migrate: () => {
      migrateTwice(() => migrate(db, { migrationsFolder: MIGRATIONS }))
      client.pragma(`busy_timeout = ${BUSY_MS}`)
    },
  }
}

/** Before anything is written: tables without a stamp are another program's. The migrations' own table comes first, and alone. */
function refuseForeign(client: Database.Database, path: string): void {
  const [found] = client
    .prepare<[], { name: string }>(
      `select name from sqlite_schema where type = 'table' and name not glob 'sqlite_*' and name <> '__drizzle_migrations'
        and not exists (select 1 from pragma_table_info('meta') where name = 'stamp') limit 1`,
    )
    .all()
  if (!found) return
  throw new AppError(
    'DATABASE_WRONG_KIND',
    `${path} is another program's database: it has a table ${found.name}, and no stamp of ours.`,
    {
      next: 'Set DATABASE_URL to a file of its own.',
    },
  )
}

/** Answers whether the file may be made. */
function prepareFile(path: string, createIfMissing: boolean): boolean {
  if (path === ':memory:') return true
  if (createIfMissing && !existsSync(path)) mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  return createIfMissing
}

/** So much of the file may be free: what comes next is written there, instead of making the file shrink and grow all day. */
const FREE_SHARE = 0.1
/** 2 MB at a time: 8 ms on a small machine, 40 at most. */
const PAGES_AT_ONCE = 500

function giveBackSpace(client: Database.Database): boolean {
  const pages = (name: string) => Number(client.pragma(name, { simple: true }))
  const spare = () => pages('freelist_count') - Math.ceil(pages('page_count') * FREE_SHARE)
  if (pages('auto_vacuum') !== INCREMENTAL || spare() <= 0) return false
  client.pragma(`incremental_vacuum(${Math.min(spare(), PAGES_AT_ONCE)})`)
  return spare() > 0
}

/** https://www.sqlite.org/pragma.html#pragma_auto_vacuum */
const INCREMENTAL = 2

/** The migrator looks before it locks: of two processes that start at once one fails, and finds the work done when it looks again. */
function migrateTwice(run: () => void): void {
  try {
    run()
  } catch {
    run()
  }
}
