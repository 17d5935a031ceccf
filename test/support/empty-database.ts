import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqlite } from '../../src/outbound/store/sqlite.ts'
import { stampDatabase } from '../../src/outbound/store/store.ts'

/** Databases with tables and nothing in them, one after the other in one file. */
export interface EmptyDatabase {
  /** Of the one that the others are made from. */
  readonly template: string
  /** Where the next one is; the last one is gone. */
  next(): string
  remove(): void
}

/** In memory where that can be: crashes lose nothing that was written there either; what a disk does to it is `crash.test.ts`'s. */
export async function emptyDatabase(): Promise<EmptyDatabase> {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'redkey-schedules-'))
  const [template, file] = [join(folder, 'empty.db'), join(folder, 'life.db')]
  const dialect = openSqlite(template, true)
  dialect.migrate()
  await stampDatabase(dialect, 'live')
  await dialect.close()
  return {
    template,
    next() {
      for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true })
      copyFileSync(template, file)
      return file
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
