import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import Database from 'better-sqlite3'
import { sqlitePath } from './sqlite-path.ts'
import { unreachable } from './unreachable.ts'

export type Backup =
  | { readonly kind: 'made' }
  | { readonly kind: 'exists' }
  | { readonly kind: 'not_written'; readonly reason: string }
  /** `DATABASE_URL` is not a SQLite file. */
  | { readonly kind: 'not_sqlite' }

/** 20 MB, then others get their turn. */
const PAGES_AT_ONCE = 5000

/**
 * Copies a SQLite database while others use it. The copy is of the moment it began, for its owner only, and appears under its name
 * when it is complete. Never overwrites. Throws
 * `DATABASE_UNREACHABLE` when there is nothing to copy.
 */
export async function backUp(databaseUrl: string, file: string): Promise<Backup> {
  const path = sqlitePath(databaseUrl)
  if (path === undefined || path === ':memory:') return { kind: 'not_sqlite' }
  if (existsSync(file)) return { kind: 'exists' }
  const partial = `${file}.partial`
  rmSync(partial, { force: true })
  const source = openSnapshot(databaseUrl, path)
  try {
    closeSync(openSync(partial, 'w', 0o600))
    await source.backup(partial, { progress: () => PAGES_AT_ONCE })
    persist(partial)
    if (existsSync(file)) return { kind: 'exists' }
    renameSync(partial, file)
    return { kind: 'made' }
  } catch (error) {
    return { kind: 'not_written', reason: error instanceof Error ? error.message : String(error) }
  } finally {
    source.close()
    rmSync(partial, { force: true })
  }
}

/** Without a snapshot of our own the copy would begin anew whenever another process writes. */
function openSnapshot(databaseUrl: string, path: string): Database.Database {
  let source: Database.Database | undefined
  try {
    source = new Database(path, { fileMustExist: true })
    source.exec('begin')
    source.prepare('select count(*) from meta').get()
    return source
  } catch (cause) {
    source?.close()
    throw unreachable(databaseUrl, cause)
  }
}

function persist(path: string): void {
  const handle = openSync(path, 'r+')
  fsyncSync(handle)
  closeSync(handle)
}
