import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { backUp } from '../../src/outbound/store/backup.ts'
import { openStore } from '../../src/outbound/store/store.ts'
import { addConnection, at, touchpoints } from '../support/builders.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'redkey-backup-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('copies the moment it began, while others write, and ends', async () => {
  const url = `file:${folder}/redkey.db`
  const store = await openStore(url, { stamp: 'live' })
  const { id } = await addConnection(store)
  const padded = (count: number) => touchpoints(count).map((one) => ({ ...one, payload: one.payload.padEnd(20_000) }))
  await store.outbox.accept(id, padded(1000), at(0))
  const copying = backUp(url, `${folder}/copy.db`)
  for (let batch = 0; batch < 20; batch++) {
    await store.outbox.accept(id, padded(10), at(0))
    await new Promise(setImmediate)
  }
  expect(await copying).toEqual({ kind: 'made' })
  const copy = await openStore(`file:${folder}/copy.db`, { stamp: 'live', createIfMissing: false })
  const { waiting } = await copy.outbox.backlog(id)
  expect(waiting).toBe(1000)
  expect(await copy.outbox.waiting(id, 0, at(0), 1000)).toHaveLength(1000)
  await copy.close()
  await store.close()
  expect(statSync(`${folder}/copy.db`).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder).sort()).toEqual(['copy.db', 'redkey.db'])
})

test('overwrites nothing, and says what it can not do', async () => {
  const url = `file:${folder}/redkey.db`
  await (await openStore(url, { stamp: 'live' })).close()
  writeFileSync(`${folder}/mine`, 'mine')
  expect(await backUp(url, `${folder}/mine`)).toEqual({ kind: 'exists' })
  expect(readFileSync(`${folder}/mine`, 'utf8')).toBe('mine')
  expect(await backUp(url, `${folder}/none/copy.db`)).toEqual({ kind: 'not_written', reason: expect.stringContaining('ENOENT') })
  expect(await backUp('postgres://db.example/redkey', `${folder}/copy.db`)).toEqual({ kind: 'not_sqlite' })
  await expect(backUp(`file:${folder}/none.db`, `${folder}/copy.db`)).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' })
  expect(readdirSync(folder).sort()).toEqual(['mine', 'redkey.db'])
})
