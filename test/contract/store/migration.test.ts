import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { expect, test } from 'vitest'
import { openStore } from '../../../src/outbound/store/store.ts'
import { addConnection, aTouchpoint, at } from '../../support/builders.ts'

/** A database as the first `count` migrations leave it. */
function aDatabaseOf(folder: string, count: number): Database.Database {
  cpSync('db/migrations/sqlite', join(folder, 'migrations'), { recursive: true })
  const journal = join(folder, 'migrations', 'meta', '_journal.json')
  const { entries, ...rest } = JSON.parse(readFileSync(journal, 'utf8')) as { entries: unknown[] }
  writeFileSync(journal, JSON.stringify({ ...rest, entries: entries.slice(0, count) }))
  const database = new Database(join(folder, 'redkey.db'))
  migrate(drizzle(database), { migrationsFolder: join(folder, 'migrations') })
  return database
}

test('an outbox of one row a touchpoint goes on where it stood', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'redkey-migration-'))
  const elsewhere = await openStore(':memory:', { stamp: 'live' })
  const connection = await addConnection(elsewhere)
  const old = aDatabaseOf(folder, 3)
  old.exec(`pragma foreign_keys = off; insert into meta values (1, 'live', 1)`)
  old.exec(`insert into backlogs values ('${connection.id}', 1, ${2 ** 34 + 5}, ${2 ** 34 + 2}, 3, 1, 1, 1)`)
  const insert = old.prepare(`insert into touchpoints (key, connection_no, id, hash, payload, state, attempts, due_at, superseded,
    accepted_at, settled_at, code, message, field) values (?, 1, ?, ?, ?, ?, ?, ?, ?, 1000, ?, ?, ?, ?)`)
  const row = (seq: number, state: string, more: { due?: number; superseded?: number; settled?: number; code?: string } = {}) => {
    const { id, hash, payload } = aTouchpoint(`tp-${seq}`)
    const { due = null, superseded = 0, settled = null, code = null } = more
    insert.run(2 ** 34 + seq, id, hash, payload, state, due === null ? 0 : 2, due, superseded, settled, code, code, null)
  }
  row(1, 'pushed', { settled: at(5).getTime() })
  row(2, 'rejected', { settled: at(6).getTime(), code: 'NO' })
  row(3, 'waiting', { due: at(500).getTime() })
  row(4, 'waiting')
  row(5, 'waiting', { superseded: 1 })
  old.close()

  const store = await openStore(`file:${folder}/redkey.db`, { stamp: 'live' })
  const id = connection.id
  expect(await store.outbox.waiting(id, 0, at(499), 9)).toMatchObject([
    { id: 'tp-4', payload: aTouchpoint('tp-4').payload },
    { id: 'tp-5', attempts: 0 },
  ])
  expect(await store.outbox.waiting(id, 0, at(500), 9)).toMatchObject([
    { id: 'tp-3', attempts: 2 },
    { id: 'tp-4' },
    { id: 'tp-5' },
  ])
  expect(await store.rejects.page(id, {}, 0, 9)).toMatchObject([{ id: 'tp-2', code: 'NO', payload: aTouchpoint('tp-2').payload }])
  const again = [1, 2, 3, 4, 5].map((seq) => aTouchpoint(`tp-${seq}`))
  expect(new Set(await store.outbox.accept(id, again, at(600)))).toEqual(new Set(['duplicate']))
  expect(await store.outbox.accept(id, [aTouchpoint('tp-4', 2)], at(600))).toEqual(['updated'])
  expect(await store.outbox.backlog(id)).toEqual({ waiting: 3, pushed: 1, superseded: 2, rejected: 1 })
  const waiting = await store.outbox.waiting(id, 0, at(600), 9)
  expect(waiting.map((one) => one.id)).toEqual(['tp-3', 'tp-5', 'tp-4'])
  await store.close()
  await elsewhere.close()
  rmSync(folder, { recursive: true })
})
