import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { DAY_MS } from '../../../src/clock.ts'
import { dropOldPayloads } from '../../../src/domain/outbox/drop-payloads.ts'
import type { Settlement } from '../../../src/domain/outbox/touchpoint.ts'
import type { Store } from '../../../src/domain/store.ts'
import { silentLog } from '../../../src/log.ts'
import { openStore } from '../../../src/outbound/store/store.ts'
import { addConnection, aTouchpoint, at, aWorkspace, touchpoints } from '../../support/builders.ts'
import { contract, type TestStore } from '../../support/dialects.ts'
import { storedVersions } from '../../support/stored-versions.ts'

/** Settles everything that waits at `ms`. */
async function settleAll(store: Store, connectionId: string, ms: number, kind: 'pushed' | 'rejected' = 'pushed'): Promise<void> {
  const waiting = await store.outbox.waiting(connectionId, 0, at(ms), 1000)
  const why = { code: 'C', message: 'no', field: null }
  const settlements = waiting.map(({ key }): Settlement => (kind === 'pushed' ? { kind, key } : { kind, key, ...why }))
  await store.outbox.settle(connectionId, settlements, at(ms))
}

async function withPayload({ dialect }: TestStore): Promise<string[]> {
  return (await storedVersions(dialect)).flatMap(({ id, payload }) => (payload === null ? [] : id)).sort()
}

contract('dropping payloads', (world) => {
  test('drops those of touchpoints that were pushed before then, the oldest first, and no others', async () => {
    const { store } = world()
    const [one, two] = [await addConnection(store), await addConnection(store)]
    for (const [connection, id, ms] of [
      [one, 'b', 2000],
      [two, 'a', 1000],
      [one, 'c', 3000],
      [one, 'd', 4000],
    ] as const) {
      await store.outbox.accept(connection.id, [aTouchpoint(id)], at(0))
      await settleAll(store, connection.id, ms)
    }
    expect(await store.outbox.dropPayloads('conn_none', at(9000), 1000)).toBe(0)
    await store.outbox.accept(one.id, [aTouchpoint('rejected')], at(0))
    await settleAll(store, one.id, 500, 'rejected')
    await store.outbox.accept(one.id, [aTouchpoint('waiting')], at(0))

    expect(await store.outbox.dropPayloads(one.id, at(3001), 1)).toBe(1)
    expect(await store.outbox.dropPayloads(two.id, at(3001), 1)).toBe(1)
    expect(await withPayload(world())).toEqual(['c', 'd', 'rejected', 'waiting'])
    expect(await store.outbox.dropPayloads(one.id, at(3001), 2)).toBe(1)
    expect(await store.outbox.dropPayloads(one.id, at(3001), 2)).toBe(0)
    expect(await withPayload(world())).toEqual(['d', 'rejected', 'waiting'])
    expect(await store.outbox.backlog(one.id)).toEqual({ waiting: 1, pushed: 3, superseded: 0, rejected: 1 })
    expect(await store.outbox.find('T1', 'a')).toMatchObject([{ state: 'pushed', settledAt: at(1000) }])
  })

  test('afterwards a repeat is a duplicate, and a change is pushed again with its own payload', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    await store.outbox.accept(id, [aTouchpoint('a'), aTouchpoint('b')], at(0))
    await settleAll(store, id, 1000)
    expect(await store.outbox.dropPayloads(id, at(2000), 1000)).toBe(2)
    const changed = aTouchpoint('b', 2)
    expect(await store.outbox.accept(id, [aTouchpoint('a'), changed], at(3000))).toEqual(['duplicate', 'updated'])
    expect(await store.outbox.waiting(id, 0, at(3000), 10)).toMatchObject([{ id: 'b', payload: changed.payload }])
    expect(await store.outbox.dropPayloads(id, at(9000), 1000)).toBe(0)
    await settleAll(store, id, 4000)
    expect(await store.outbox.dropPayloads(id, at(9000), 1000)).toBeGreaterThan(0)
    expect(await withPayload(world())).toEqual([])
  })

  test('by several processes at once drops each once', async () => {
    const { store, other } = world()
    const { id } = await addConnection(store)
    await store.outbox.accept(id, touchpoints(300), at(0))
    await settleAll(store, id, 1000)
    const drops = Array.from({ length: 8 }, (_, n) => (n % 2 ? store : other).outbox.dropPayloads(id, at(2000), 100))
    const counts = await Promise.all(drops)
    const rest = await store.outbox.dropPayloads(id, at(2000), 1000)
    expect(counts.reduce((sum, count) => sum + count, rest)).toBe(300)
    expect(await withPayload(world())).toEqual([])
  })

  test('while a changed version is taken in does no harm to it', async () => {
    const { store, other } = world()
    const { id } = await addConnection(store)
    const batch = touchpoints(200, 'race')
    await store.outbox.accept(id, batch, at(0))
    await settleAll(store, id, 1000)
    const changed = batch.map(({ id: name }) => aTouchpoint(name, 2))
    await Promise.all([store.outbox.accept(id, changed, at(2000)), other.outbox.dropPayloads(id, at(2000), 200)])
    const waiting = await store.outbox.waiting(id, 0, at(2000), 1000)
    expect(waiting.map(({ payload }) => payload)).toEqual(changed.map(({ payload }) => payload))
  })

  test('gives space back in steps that end', async () => {
    const { store } = world()
    for (let steps = 0; await store.giveBackSpace(); steps++) expect(steps).toBeLessThan(100)
  })
})

test('a round drops a month of payloads in small steps, stops when it is asked to, and makes a SQLite file smaller', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'redkey-payloads-'))
  const file = join(folder, 'redkey.db')
  const store = await openStore(`file:${file}`, { stamp: 'live' })
  const { id } = await addConnection(store)
  await store.workspaces.save(aWorkspace({ teamId: 'T1' }), at(0))
  for (let batch = 0; batch < 5; batch++) {
    const padded = touchpoints(1000).map((one) => ({ ...one, payload: one.payload.padEnd(1500) }))
    await store.outbox.accept(id, padded, at(0))
    await settleAll(store, id, batch < 4 ? 0 : 10 * DAY_MS)
  }
  const sizes = async () => {
    const looking = new Database(file)
    looking.pragma('wal_checkpoint(TRUNCATE)')
    const { kept } = looking.prepare('select count(*) as kept from bodies').get() as { kept: number }
    looking.close()
    return { kept, bytes: statSync(file).size }
  }
  const before = await sizes()
  const stopping = new AbortController()
  const deps = { store, log: silentLog, stopping: stopping.signal }
  await dropOldPayloads({ ...deps, clock: { now: () => at(30 * DAY_MS) } }, 30 * DAY_MS)
  expect(await sizes()).toEqual(before)
  await dropOldPayloads({ ...deps, clock: { now: () => at(30 * DAY_MS + 1) } }, 30 * DAY_MS)
  const after = await sizes()
  expect(after.kept).toBe(before.kept / 5)
  expect(after.bytes).toBeLessThan(before.bytes / 2)
  stopping.abort()
  await dropOldPayloads({ ...deps, clock: { now: () => at(90 * DAY_MS) } }, 30 * DAY_MS)
  expect(await sizes()).toEqual(after)
  await store.close()
  rmSync(folder, { recursive: true })
})

test('a SQLite file of an older Redkey, which can not give space back, is left as it is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'redkey-old-'))
  const old = new Database(join(folder, 'redkey.db'))
  old.exec('create table junk (x); drop table junk')
  old.close()
  const store = await openStore(`file:${folder}/redkey.db`, { stamp: 'live' })
  expect(await store.giveBackSpace()).toBe(false)
  await store.close()
  rmSync(folder, { recursive: true })
})
