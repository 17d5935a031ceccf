import { describe, expect, test } from 'vitest'
import type { BulkJob } from '../../../src/domain/outbox/bulk-job.ts'
import { addConnection, aTouchpoint, at, touchpoints } from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'

function aJob(connectionId: string, over: Partial<BulkJob> = {}): Omit<BulkJob, 'version'> {
  return {
    connectionId,
    phase: 'planned',
    jobId: null,
    target: 'touchpoints',
    object: 'Touch__c',
    externalIdField: 'Key__c',
    afterKey: 0,
    upToKey: 2 ** 53 - 1,
    records: 0,
    polls: 0,
    dueAt: at(0),
    begunAt: at(0),
    ...over,
  }
}

contract('bulk jobs', (world, dialect) => {
  test('a job that was begun is found as it was written', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    expect(await store.bulkJobs.find(id)).toBeUndefined()
    expect(await store.bulkJobs.begin(aJob(id), at(0))).toEqual({ ...aJob(id), version: 0 })
    expect(await store.bulkJobs.find(id)).toEqual({ ...aJob(id), version: 0 })
  })

  test('while one is not done no other begins, and each connection has its own', async () => {
    const { store } = world()
    const [one, two] = [await addConnection(store), await addConnection(store)]
    await store.bulkJobs.begin(aJob(one.id), at(0))
    expect(await store.bulkJobs.begin(aJob(one.id, { object: 'Other__c' }), at(1))).toBeUndefined()
    expect(await store.bulkJobs.begin(aJob(two.id), at(1))).toBeDefined()
    expect((await store.bulkJobs.find(one.id))?.object).toBe('Touch__c')
  })

  test('when one is done the next begins, but not before its time', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    const begun = await store.bulkJobs.begin(aJob(id), at(0))
    if (!begun) throw new Error('not begun')
    const done = await store.bulkJobs.move(begun, { phase: 'done', dueAt: at(1000) })
    expect(done).toMatchObject({ phase: 'done', dueAt: at(1000) })
    expect(await store.bulkJobs.begin(aJob(id), at(999))).toBeUndefined()
    const next = await store.bulkJobs.begin(aJob(id, { object: 'Other__c' }), at(1000))
    expect(next).toMatchObject({ phase: 'planned', object: 'Other__c' })
    // Whoever still knows the one before moves nothing.
    expect(await store.bulkJobs.move(begun, { phase: 'closed' })).toBeUndefined()
    expect(await store.bulkJobs.find(id)).toEqual(next)
  })

  test('a job moves on once from where it was seen', async () => {
    const { store, other } = world()
    const { id } = await addConnection(store)
    const seen = await store.bulkJobs.begin(aJob(id), at(0))
    if (!seen) throw new Error('not begun')
    const moves = await Promise.all([
      store.bulkJobs.move(seen, { phase: 'created', jobId: '750A' }),
      other.bulkJobs.move(seen, { phase: 'created', jobId: '750B' }),
    ])
    const moved = moves.filter((one) => one !== undefined)
    expect(moved).toHaveLength(1)
    expect(await store.bulkJobs.find(id)).toEqual(moved[0])
  })

  test.runIf(dialect.races)('of two processes that begin one at once one does', async () => {
    const { store, other } = world()
    const { id } = await addConnection(store)
    const begun = await Promise.all(
      [store, other, store, other].map((one, place) => one.bulkJobs.begin(aJob(id, { object: `O${place}` }), at(0))),
    )
    expect(begun.filter((one) => one !== undefined)).toHaveLength(1)
  })

  describe('of the touchpoints', () => {
    test('those that wait for their first attempt are counted, no further than asked', async () => {
      const { store } = world()
      const { id } = await addConnection(store)
      expect(await store.bulkJobs.countFresh(id, 10)).toBe(0)
      await store.outbox.accept(id, touchpoints(5), at(0))
      await store.outbox.accept((await addConnection(store)).id, touchpoints(5), at(0))
      expect(await store.bulkJobs.countFresh(id, 10)).toBe(5)
      expect(await store.bulkJobs.countFresh(id, 3)).toBe(3)
      const [first, second] = await store.outbox.waiting(id, 0, at(0), 2)
      await store.outbox.settle(
        id,
        [
          { kind: 'retry', key: first?.key ?? 0, dueAt: at(5000) },
          { kind: 'pushed', key: second?.key ?? 0 },
        ],
        at(0),
      )
      expect(await store.bulkJobs.countFresh(id, 10)).toBe(3)
    })

    test('those that wait for their first attempt are read in order, in pages by number and size', async () => {
      const { store } = world()
      const { id } = await addConnection(store)
      const all = touchpoints(6, 'tp')
      await store.outbox.accept(id, all, at(0))
      const [first] = await store.outbox.waiting(id, 0, at(0), 1)
      await store.outbox.settle(id, [{ kind: 'retry', key: first?.key ?? 0, dueAt: at(0) }], at(0))
      const page = await store.bulkJobs.fresh(id, 0, 3, 1_000_000)
      expect(page.map((row) => row.id)).toEqual(['tp-1', 'tp-2', 'tp-3'])
      expect(page[0]?.payload).toBe(all[1]?.payload)
      const next = await store.bulkJobs.fresh(id, page.at(-1)?.key ?? 0, 3, 1_000_000)
      expect(next.map((row) => row.id)).toEqual(['tp-4', 'tp-5'])
      expect(await store.bulkJobs.fresh(id, next.at(-1)?.key ?? 0, 3, 1_000_000)).toEqual([])
      expect(await store.bulkJobs.fresh(id, 0, 3, 1)).toHaveLength(1)
    })

    test('results find the version that is in the job, and none that is settled, retried, newer or of another connection', async () => {
      const { store } = world()
      const { id } = await addConnection(store)
      const stranger = await addConnection(store)
      await store.outbox.accept(stranger.id, [aTouchpoint('a')], at(0))
      const ids = ['early', 'a', 'b', 'c', 'd', 'A']
      await store.outbox.accept(
        id,
        ids.map((one) => aTouchpoint(one)),
        at(0),
      )
      const keyOf = new Map((await store.outbox.waiting(id, 0, at(0), 10)).map((row) => [row.id, row.key]))
      const key = (one: string) => keyOf.get(one) ?? 0
      const job: BulkJob = { ...aJob(id, { afterKey: key('early'), upToKey: key('A') }), version: 0 }
      await store.outbox.accept(id, [aTouchpoint('b', 2), aTouchpoint('late')], at(1))
      await store.outbox.settle(
        id,
        [
          { kind: 'pushed', key: key('c') },
          { kind: 'retry', key: key('d'), dueAt: at(1) },
        ],
        at(1),
      )
      const found = await store.bulkJobs.keysIn(job, [...ids, 'late', 'unknown'])
      expect(found.toSorted((x, y) => x.key - y.key)).toEqual([
        { key: key('a'), id: 'a', attempts: 0 },
        { key: key('A'), id: 'A', attempts: 0 },
      ])
      expect(await store.bulkJobs.keysIn(job, [])).toEqual([])
    })
  })
})
