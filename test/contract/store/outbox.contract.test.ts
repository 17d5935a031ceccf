import { expect, test } from 'vitest'
import type { Settlement, WaitingTouchpoint } from '../../../src/domain/outbox/touchpoint.ts'
import type { Store } from '../../../src/domain/store.ts'
import { addConnection, aLoss, aTouchpoint, at, touchpoints } from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'

const pushed = ({ key }: { key: number }): Settlement => ({ kind: 'pushed', key })
const rejected = ({ key }: { key: number }, code = 'REQUIRED_FIELD_MISSING'): Settlement => ({
  kind: 'rejected',
  key,
  code,
  message: `${code} said the CRM`,
  field: 'Region__c',
})
const retry = ({ key }: { key: number }, ms: number): Settlement => ({ kind: 'retry', key, dueAt: at(ms) })
const ids = (rows: readonly WaitingTouchpoint[]) => rows.map(({ id }) => id)

async function all(store: Store, connectionId: string, ms = 0): Promise<WaitingTouchpoint[]> {
  return store.outbox.waiting(connectionId, 0, at(ms), 1000)
}

contract('accepting touchpoints', (world) => {
  test('keeps them in order, exactly as they came', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    const batch = [aTouchpoint('b'), { ...aTouchpoint('a'), payload: '{"id":"a","name":"Zoë \\u0000 😀"}' }, aTouchpoint('Ω’')]
    expect(await store.outbox.accept(id, batch, at(1))).toEqual(['accepted', 'accepted', 'accepted'])
    expect(await all(store, id)).toEqual(
      batch.map((touchpoint) => ({ key: expect.any(Number), id: touchpoint.id, payload: touchpoint.payload, attempts: 0 })),
    )
    expect(await store.outbox.backlog(id)).toEqual({ waiting: 3, pushed: 0, superseded: 0, rejected: 0 })
  })

  test('takes the same version once', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    await store.outbox.accept(id, [aTouchpoint('a'), aTouchpoint('b')], at(1))
    const again = [aTouchpoint('c'), aTouchpoint('a'), aTouchpoint('b')]
    expect(await store.outbox.accept(id, again, at(2))).toEqual(['accepted', 'duplicate', 'duplicate'])
    expect(ids(await all(store, id))).toEqual(['a', 'b', 'c'])
    await store.outbox.settle(id, (await all(store, id)).map(pushed), at(3))
    expect(await store.outbox.accept(id, again, at(4))).toEqual(['duplicate', 'duplicate', 'duplicate'])
    expect(await store.outbox.backlog(id)).toEqual({ waiting: 0, pushed: 3, superseded: 0, rejected: 0 })
  })

  test('puts a changed version at the end of the line, in place of the one that waited', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    await store.outbox.accept(id, [aTouchpoint('a'), aTouchpoint('b')], at(1))
    const batch = [aTouchpoint('a', 2), aTouchpoint('c')]
    expect(await store.outbox.accept(id, batch, at(2))).toEqual(['updated', 'accepted'])
    const waiting = await all(store, id)
    expect(ids(waiting)).toEqual(['b', 'a', 'c'])
    expect(waiting[1]?.payload).toBe(batch[0]?.payload)
    expect(await store.outbox.backlog(id)).toEqual({ waiting: 3, pushed: 0, superseded: 1, rejected: 0 })
    expect(await store.outbox.find('T1', 'a')).toMatchObject([{ superseded: 1, acceptedAt: at(2), state: 'waiting' }])
  })

  test('lets what was pushed or rejected wait again when it changes', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    await store.outbox.accept(id, [aTouchpoint('a'), aTouchpoint('b')], at(1))
    const [a, b] = await all(store, id)
    await store.outbox.settle(id, [pushed(a!), rejected(b!)], at(2))
    expect(await store.outbox.backlog(id)).toEqual({ waiting: 0, pushed: 1, superseded: 0, rejected: 1 })
    const changed = [aTouchpoint('b', 2), aTouchpoint('a', 2)]
    expect(await store.outbox.accept(id, changed, at(3))).toEqual(['updated', 'updated'])
    expect(ids(await all(store, id))).toEqual(['b', 'a'])
    expect(await store.outbox.backlog(id)).toEqual({ waiting: 2, pushed: 1, superseded: 0, rejected: 0 })
    expect(await store.outbox.find('T1', 'b')).toMatchObject([{ state: 'waiting', code: null, message: null, settledAt: null }])
    expect(await store.outbox.rejects(id)).toEqual([])
  })

  test('takes the last of several versions in one batch', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    const batch = [aTouchpoint('a', 1), aTouchpoint('a', 2), aTouchpoint('a', 2), aTouchpoint('b')]
    expect(await store.outbox.accept(id, batch, at(1))).toEqual(['accepted', 'updated', 'duplicate', 'accepted'])
    const waiting = await all(store, id)
    expect(waiting.map(({ payload }) => payload)).toEqual([batch[1]?.payload, batch[3]?.payload])
    expect(await store.outbox.backlog(id)).toEqual({ waiting: 2, pushed: 0, superseded: 1, rejected: 0 })
  })

  test('keeps the same id of two connections apart', async () => {
    const { store } = world()
    const [first, second] = [await addConnection(store), await addConnection(store)]
    expect(await store.outbox.accept(first.id, [aTouchpoint('same')], at(1))).toEqual(['accepted'])
    expect(await store.outbox.accept(second.id, [aTouchpoint('same', 2)], at(1))).toEqual(['accepted'])
    expect(await store.outbox.find('T1', 'same')).toMatchObject([{ connectionId: first.id }, { connectionId: second.id }])
    expect(await store.outbox.find('T2', 'same')).toEqual([])
    expect(await store.outbox.find('T1', 'other')).toEqual([])
  })

  test('takes a thousand at once, half of them known', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    const batch = touchpoints(1000)
    await store.outbox.accept(
      id,
      batch.filter((_, n) => n % 2),
      at(1),
    )
    const results = await store.outbox.accept(id, batch, at(2))
    expect(results).toEqual(batch.map((_, n) => (n % 2 ? 'duplicate' : 'accepted')))
    expect(await store.outbox.backlog(id)).toMatchObject({ waiting: 1000 })
  })

  test('takes each id once when many callers send the same batch', async () => {
    const { store, other } = world()
    const { id } = await addConnection(store)
    const batch = touchpoints(100)
    const senders = Array.from({ length: 8 }, (_, n) => (n % 2 ? store : other).outbox.accept(id, batch, at(1)))
    const results = (await Promise.all(senders)).flat()
    expect(results.filter((result) => result === 'accepted')).toHaveLength(100)
    expect(results.filter((result) => result === 'duplicate')).toHaveLength(700)
    expect(await store.outbox.backlog(id)).toMatchObject({ waiting: 100 })
  })

  test('of nothing is nothing, and of no connection is refused', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    expect(await store.outbox.accept(id, [], at(1))).toEqual([])
    await expect(store.outbox.accept('nothing', touchpoints(1), at(1))).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

contract('claiming and settling', (world) => {
  test('claims after a key, no more than asked for, and never another connection’s', async () => {
    const { store } = world()
    const [first, second] = [await addConnection(store), await addConnection(store)]
    await store.outbox.accept(first.id, touchpoints(5, 'x'), at(1))
    await store.outbox.accept(second.id, touchpoints(2, 'y'), at(1))
    const two = await store.outbox.waiting(first.id, 0, at(1), 2)
    expect(ids(two)).toEqual(['x-0', 'x-1'])
    expect(ids(await store.outbox.waiting(first.id, two[1]!.key, at(1), 99))).toEqual(['x-2', 'x-3', 'x-4'])
    expect(ids(await store.outbox.waiting(second.id, 0, at(1), 99))).toEqual(['y-0', 'y-1'])
  })

  test('gives what is retried when its time comes, in its old place', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    await store.outbox.accept(id, touchpoints(4, 'x'), at(1))
    const [a, b, c] = await all(store, id)
    await store.outbox.settle(id, [pushed(a!), retry(b!, 500), retry(c!, 900)], at(2))
    expect(ids(await all(store, id, 499))).toEqual(['x-3'])
    expect(await all(store, id, 500)).toMatchObject([
      { id: 'x-1', attempts: 1 },
      { id: 'x-3', attempts: 0 },
    ])
    expect(ids(await store.outbox.waiting(id, 0, at(900), 2))).toEqual(['x-1', 'x-2'])
    expect(ids(await store.outbox.waiting(id, b!.key, at(900), 9))).toEqual(['x-2', 'x-3'])
    expect(await store.outbox.backlog(id)).toMatchObject({ waiting: 3, pushed: 1 })
    await store.outbox.settle(id, [retry(b!, 1500)], at(1000))
    expect(await store.outbox.find('T1', 'x-1')).toMatchObject([{ attempts: 2, state: 'waiting' }])
  })

  test('settles nothing of a version that was replaced meanwhile', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    await store.outbox.accept(id, [aTouchpoint('a'), aTouchpoint('b'), aTouchpoint('c'), aTouchpoint('d')], at(1))
    const [a, b, c, d] = await all(store, id)
    await store.outbox.accept(id, [aTouchpoint('a', 2), aTouchpoint('b', 2), aTouchpoint('c', 2)], at(2))
    await store.outbox.settle(id, [pushed(a!), rejected(b!), retry(c!, 10), pushed(d!)], at(3))
    expect(ids(await all(store, id))).toEqual(['a', 'b', 'c'])
    expect(await store.outbox.backlog(id)).toEqual({ waiting: 3, pushed: 1, superseded: 3, rejected: 0 })
  })

  test('counts a settlement once, however often it is told', async () => {
    const { store, other } = world()
    const { id } = await addConnection(store)
    await store.outbox.accept(id, touchpoints(50), at(1))
    const rows = await all(store, id)
    const settlements = rows.map((row, n) => (n % 5 ? pushed(row) : rejected(row)))
    const both = [...settlements, ...settlements]
    await Promise.all(Array.from({ length: 6 }, (_, n) => (n % 2 ? store : other).outbox.settle(id, both, at(2))))
    expect(await store.outbox.backlog(id)).toEqual({ waiting: 0, pushed: 40, superseded: 0, rejected: 10 })
  })

  test('notes the proof when something was pushed, and only then', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    await store.outbox.accept(id, touchpoints(2), at(1))
    const [a, b] = await all(store, id)
    await store.outbox.settle(id, [rejected(a!)], at(100))
    expect((await store.connections.find(id))?.health.lastProofAt).toEqual(at(0))
    await store.outbox.settle(id, [pushed(b!)], at(200))
    expect(await store.connections.find(id)).toMatchObject({ version: 0, health: { lastProofAt: at(200) } })
    await store.outbox.accept(id, touchpoints(1), at(201))
    await store.outbox.settle(id, (await all(store, id)).map(pushed), at(150))
    expect((await store.connections.find(id))?.health.lastProofAt).toEqual(at(200))
  })

  test('groups what was rejected by the CRM’s reason, the most frequent first', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    await store.outbox.accept(id, touchpoints(5), at(1))
    const rows = await all(store, id)
    const noField = { ...rejected(rows[0]!, 'OTHER'), field: null } as Settlement
    await store.outbox.settle(id, [noField, ...rows.slice(1, 4).map((row) => rejected(row)), pushed(rows[4]!)], at(2))
    expect(await store.outbox.rejects(id)).toEqual([
      { code: 'REQUIRED_FIELD_MISSING', message: 'REQUIRED_FIELD_MISSING said the CRM', field: 'Region__c', count: 3 },
      { code: 'OTHER', message: 'OTHER said the CRM', field: null, count: 1 },
    ])
    expect(await store.outbox.find('T1', rows[0]!.id)).toMatchObject([{ state: 'rejected', code: 'OTHER', settledAt: at(2) }])
  })

  test('tells no more than the most frequent reasons when every record has its own', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    await store.outbox.accept(id, touchpoints(61), at(1))
    const rows = await all(store, id)
    await store.outbox.settle(
      id,
      rows.map((row, n) => rejected(row, n < 2 ? 'TWICE' : `ONCE_${n}`)),
      at(2),
    )
    const reasons = await store.outbox.rejects(id)
    expect(reasons).toHaveLength(50)
    expect(reasons[0]).toMatchObject({ code: 'TWICE', count: 2 })
    expect(await store.outbox.rejects(id, 3)).toEqual(reasons.slice(0, 3))
    expect(await store.outbox.backlog(id)).toMatchObject({ rejected: 61 })
  })

  test('hands out no more payload than it is asked for, and always one', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    const sized = (name: string, bytes: number) => ({ ...aTouchpoint(name), payload: `"${'ü'.repeat(bytes / 2 - 1)}"` })
    const batch = [sized('a', 100), sized('b', 200), sized('c', 300), sized('d', 100)]
    await store.outbox.accept(id, batch, at(1))
    const [a, b, c, d] = await all(store, id)
    await store.outbox.settle(id, [retry(b!, 5)], at(2))
    const upTo = async (bytes: number, after = 0) => ids(await store.outbox.waiting(id, after, at(10), 1000, bytes))
    expect(await upTo(1)).toEqual(['a'])
    expect(await upTo(100)).toEqual(['a'])
    expect(await upTo(101)).toEqual(['a', 'b'])
    expect(await upTo(599)).toEqual(['a', 'b', 'c'])
    expect(await upTo(601)).toEqual(['a', 'b', 'c', 'd'])
    expect(await upTo(1, a!.key)).toEqual(['b'])
    expect(await upTo(1, c!.key)).toEqual(['d'])
    expect(await upTo(1, d!.key)).toEqual([])
  })

  test('drains a long line to its end while more comes in', async () => {
    const { store, other } = world()
    const { id } = await addConnection(store)
    await store.outbox.accept(id, touchpoints(600), at(1))
    const adding = (async () => {
      for (let n = 0; n < 6; n++) await other.outbox.accept(id, touchpoints(100), at(2))
    })()
    const seen = new Set<number>()
    for (let turn = 0, after = 0; turn < 100 && seen.size < 1200; turn++) {
      const rows = await store.outbox.waiting(id, after, at(3), 50)
      if (rows.length === 0) {
        await adding
        continue
      }
      for (const { key } of rows) {
        expect(seen.has(key)).toBe(false)
        seen.add(key)
      }
      after = rows.at(-1)?.key ?? after
      await store.outbox.settle(id, rows.map(pushed), at(3))
    }
    expect(await store.outbox.backlog(id)).toEqual({ waiting: 0, pushed: 1200, superseded: 0, rejected: 0 })
  })

  test('finds the few that wait among the many that are settled, in whatever order those were', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    for (let n = 0; n < 7; n++) await store.outbox.accept(id, touchpoints(1000), at(1))
    const rows: WaitingTouchpoint[] = []
    for (let n = 0; n < 7; n++) rows.push(...(await store.outbox.waiting(id, rows.at(-1)?.key ?? 0, at(2), 1000)))
    const left = [rows[1]!, rows[3000]!, rows[6999]!]
    const settled = rows.filter((row) => !left.includes(row))
    for (let n = 6; n >= 0; n--) await store.outbox.settle(id, settled.slice(n * 1000, n * 1000 + 1000).map(pushed), at(2))
    expect(await store.outbox.waiting(id, 0, at(3), 10)).toEqual(left)
    expect(await store.outbox.waiting(id, left[1]!.key, at(3), 1)).toEqual([left[2]])
    for (let back = 1; back <= 50; back++) {
      expect(await store.outbox.waiting(id, left[1]!.key - back, at(3), 1)).toEqual([left[1]])
    }
    await store.outbox.settle(id, [pushed(left[0]!), pushed(left[2]!)], at(4))
    expect(await store.outbox.backlog(id)).toMatchObject({ waiting: 1, pushed: 6999 })
    await store.outbox.settle(id, [pushed(left[1]!)], at(5))
    expect(await all(store, id)).toEqual([])
  }, 30_000)

  test('offers what waits for a CRM that is connected and confirmed', async () => {
    const { store } = world()
    const ready = await addConnection(store)
    const unconfirmed = await addConnection(store, { confirmedAt: null })
    const red = await addConnection(store)
    const ads = await addConnection(store, { kind: 'ads' })
    await addConnection(store)
    for (const { id } of [ready, unconfirmed, red, ads]) await store.outbox.accept(id, touchpoints(1), at(1))
    await store.connections.changeHealth(aLoss(red))
    expect(await store.outbox.drainable(at(0))).toEqual([ready])
  })
})
