import { expect, test } from 'vitest'
import type { Settlement, WaitingTouchpoint } from '../../../src/domain/outbox/touchpoint.ts'
import type { Store } from '../../../src/domain/store.ts'
import { addConnection, aLoss, anId, aReauthorization, aTouchpoint, at, touchpoints } from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'

const pushed = ({ key }: { key: number }): Settlement => ({ kind: 'pushed', key })
const rejected = ({ key }: { key: number }): Settlement => ({ kind: 'rejected', key, code: 'X', message: 'No.', field: null })
const retry = ({ key }: { key: number }, ms: number): Settlement => ({ kind: 'retry', key, dueAt: at(ms) })
const ids = (rows: readonly WaitingTouchpoint[]) => rows.map(({ id }) => id)

async function all(store: Store, connectionId: string, ms = 0): Promise<WaitingTouchpoint[]> {
  return store.outbox.waiting(connectionId, 0, at(ms), 1000)
}

contract('a catch-up', (world) => {
  /** A connection that broke, missed `missed` touchpoints, and was reauthorized. */
  async function caughtUp(store: Store, missed: number) {
    const red = (await store.connections.changeHealth(aLoss(await addConnection(store))))!
    await store.outbox.accept(red.id, touchpoints(missed, 'm'), at(2000))
    const change = aReauthorization(red)
    const done = (await store.connections.reauthorize(change))!
    return { connection: done.connection, catchUp: done.catchUp!, change }
  }
  const reports = async (store: Store, ms: number) =>
    (await store.messages.claim(at(ms), at(ms + 1), 'me', 99)).filter(({ kind }) => kind === 'report')

  test('accounts for everything that was missed, and reports when the last of it is settled', async () => {
    const { store } = world()
    const { connection, catchUp, change } = await caughtUp(store, 4)
    expect(catchUp).toMatchObject({ expected: 4, pushed: 0, superseded: 0, rejected: 0, finishedAt: null })
    await store.outbox.accept(connection.id, [aTouchpoint('live'), aTouchpoint('m-0', 2)], at(60_001))
    expect(await store.outages.catchUp(catchUp.id)).toMatchObject({ superseded: 1 })
    const rows = await all(store, connection.id)
    expect(ids(rows)).toEqual(['m-1', 'm-2', 'm-3', 'live', 'm-0'])
    const first = await store.outbox.settle(connection.id, [pushed(rows[3]!), pushed(rows[0]!), rejected(rows[1]!)], at(60_002))
    expect(first.finished).toBeNull()
    expect(await reports(store, 60_003)).toEqual([])
    const last = await store.outbox.settle(connection.id, [pushed(rows[2]!), pushed(rows[4]!)], at(60_004))
    expect(last.finished).toMatchObject({ expected: 4, pushed: 2, superseded: 1, rejected: 1, finishedAt: at(60_004) })
    expect(await store.outages.catchUp(catchUp.id)).toEqual(last.finished)
    expect(await reports(store, 60_005)).toMatchObject([{ id: change.report.id, wanted: 1 }])
  })

  test('ends also when the last of it is superseded', async () => {
    const { store } = world()
    const { connection, catchUp, change } = await caughtUp(store, 1)
    await store.outbox.accept(connection.id, [aTouchpoint('m-0', 2)], at(60_001))
    expect(await store.outages.catchUp(catchUp.id)).toMatchObject({ expected: 1, superseded: 1, finishedAt: at(60_001) })
    expect(await reports(store, 60_002)).toMatchObject([{ id: change.report.id }])
  })

  test('expects also the versions that were superseded in the outage', async () => {
    const { store } = world()
    const red = (await store.connections.changeHealth(aLoss(await addConnection(store))))!
    await store.outbox.accept(red.id, touchpoints(3, 'm'), at(2000))
    await store.outbox.accept(red.id, [aTouchpoint('m-0', 2), aTouchpoint('m-0', 3)], at(2001))
    const { catchUp } = (await store.connections.reauthorize(aReauthorization(red)))!
    expect(catchUp).toMatchObject({ expected: 5, superseded: 2, pushed: 0 })
    const rows = await all(store, red.id)
    const { finished } = await store.outbox.settle(red.id, rows.map(pushed), at(60_001))
    expect(finished).toMatchObject({ expected: 5, superseded: 2, pushed: 3, rejected: 0 })
  })

  test('that is interrupted by another outage goes on afterwards, and is reported once', async () => {
    const { store } = world()
    const { connection, catchUp, change } = await caughtUp(store, 4)
    const [a, b] = await all(store, connection.id)
    await store.outbox.settle(connection.id, [pushed(a!)], at(60_001))
    const loss = aLoss(connection, { reuseCardClosedAfter: at(900_000) })
    const red = (await store.connections.changeHealth(loss))!
    await store.outbox.accept(connection.id, [aTouchpoint('new'), aTouchpoint('new', 2), aTouchpoint('m-3', 2)], at(61_000))
    await store.outbox.settle(connection.id, [rejected(b!)], at(61_001))
    const again = aReauthorization(red, { at: at(90_000) })
    const { catchUp: extended } = (await store.connections.reauthorize(again))!
    // 4 missed first, then the new versions of new and m-3, and the superseded first version of new.
    expect(extended).toMatchObject({ id: catchUp.id, outageId: loss.openOutage!.id, expected: 7, startedAt: at(60_000) })
    expect(extended).toMatchObject({ pushed: 1, rejected: 1, superseded: 2, finishedAt: null })
    expect(await store.outages.catchUp(again.catchUpId)).toBeUndefined()
    expect(await store.messages.find(change.report.id)).toBeUndefined()
    expect(await store.messages.find(again.report.id)).toMatchObject({ catchUpId: catchUp.id, wanted: 0 })
    const { finished } = await store.outbox.settle(connection.id, (await all(store, connection.id)).map(pushed), at(90_001))
    expect(finished).toMatchObject({ expected: 7, pushed: 4, rejected: 1, superseded: 2 })
    expect(await reports(store, 90_002)).toMatchObject([{ id: again.report.id }])
  })

  test('makes everything due that waited for another attempt', async () => {
    const { store } = world()
    const seen = await addConnection(store)
    await store.outbox.accept(seen.id, touchpoints(2, 'm'), at(1))
    await store.outbox.settle(
      seen.id,
      (await all(store, seen.id)).map((row) => retry(row, 9_000_000)),
      at(2),
    )
    const red = (await store.connections.changeHealth(aLoss(seen)))!
    await store.connections.reauthorize(aReauthorization(red))
    expect(ids(await all(store, seen.id, 60_000))).toEqual(['m-0', 'm-1'])
  })

  test('begins also when a red card is withdrawn', async () => {
    const { store } = world()
    const red = (await store.connections.changeHealth(aLoss(await addConnection(store))))!
    await store.outbox.accept(red.id, touchpoints(2), at(2000))
    const { report, catchUpId } = aReauthorization(red)
    const closeOutage = { how: 'withdrawn' as const, at: at(5000), catchUpId, report, hold: null }
    const next = { ...red.health, status: 'connected' as const }
    await store.connections.changeHealth(aLoss(red, { next, openOutage: null, card: null, closeOutage }))
    expect(await store.connections.overview(red.id)).toMatchObject({ outage: null, catchUp: { id: catchUpId, expected: 2 } })
  })

  test('misses nothing that is accepted, settled or replaced at the moment of the login', async () => {
    const { store, other } = world()
    for (let round = 0; round < 5; round++) {
      const red = (await store.connections.changeHealth(aLoss(await addConnection(store))))!
      const prefix = anId('m')
      await store.outbox.accept(red.id, touchpoints(50, prefix), at(2000))
      const rows = await all(store, red.id)
      const [done] = await Promise.all([
        store.connections.reauthorize(aReauthorization(red)),
        other.outbox.accept(red.id, touchpoints(50, anId('late')), at(2001)),
        other.outbox.settle(red.id, rows.slice(0, 20).map(pushed), at(2001)),
        store.outbox.accept(
          red.id,
          rows.slice(10, 30).map(({ id }) => aTouchpoint(id, 2)),
          at(2001),
        ),
        other.outbox.accept(
          red.id,
          rows.slice(25, 40).map(({ id }) => aTouchpoint(id, 3)),
          at(2001),
        ),
      ])
      const { id, upToKey } = done!.catchUp!
      const covered = (await all(store, red.id)).filter(({ key }) => key <= upToKey).length
      const catchUp = (await store.outages.catchUp(id))!
      expect(catchUp.pushed + catchUp.superseded + catchUp.rejected + covered).toBe(catchUp.expected)
      expect(catchUp.finishedAt === null).toBe(covered > 0)
    }
  })
})
