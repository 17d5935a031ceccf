import { expect, test } from 'vitest'
import type { Hold } from '../../../src/domain/outbox/hold.ts'
import type { Store } from '../../../src/domain/store.ts'
import { addConnection, aLoss, anAuditEntry, aReauthorization, aTouchpoint, at, touchpoints } from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'

const MINUTE = 60_000

function aHold(connectionId: string, over: Partial<Hold> = {}): Hold {
  return { connectionId, reason: 'paused', since: at(0), until: null, by: 'U1', detail: {}, ...over }
}

/** A connection whose catch-up of three touchpoints runs, and its card. */
async function catchingUp(store: Store) {
  const connection = await addConnection(store)
  const loss = aLoss(connection)
  const red = await store.connections.changeHealth(loss)
  await store.outbox.accept(connection.id, touchpoints(3), at(2000))
  const back = red && (await store.connections.reauthorize(aReauthorization(red)))
  if (!back?.catchUp || !loss.card) throw new Error('there is no catch-up')
  return { connection: back.connection, catchUp: back.catchUp, card: loss.card }
}

async function showAll(store: Store, ms: number): Promise<string[]> {
  const due = await store.messages.claim(at(ms), at(ms + 10_000), 'me', 50)
  for (const message of due) {
    const shown = { ts: `1.${message.id}`, channelId: message.channelId, version: message.wanted, at: at(ms), dueAt: null }
    await store.messages.shown(message, 'me', shown)
  }
  return due.map(({ id }) => id)
}

contract('holds', (world) => {
  test('a held outbox is not drainable, whatever the reason, and is again once every hold is lifted', async () => {
    const { store } = world()
    const connection = await addConnection(store)
    await store.outbox.accept(connection.id, touchpoints(1), at(0))
    const drainable = async () => (await store.outbox.drainable(at(1000))).map(({ id }) => id)
    expect(await drainable()).toEqual([connection.id])
    await store.holds.put(aHold(connection.id), at(0), null)
    await store.holds.put(aHold(connection.id, { reason: 'ask', by: null, since: at(1) }), at(0), null)
    expect(await drainable()).toEqual([])
    expect(await store.holds.lift(connection.id, 'paused', at(0), null)).toBe(true)
    expect(await drainable()).toEqual([])
    expect(await store.holds.lift(connection.id, 'ask', at(0), null)).toBe(true)
    expect(await drainable()).toEqual([connection.id])
  })

  test('a hold keeps only its own connection, and takes in touchpoints as before', async () => {
    const { store } = world()
    const [held, free] = [await addConnection(store), await addConnection(store)]
    await store.holds.put(aHold(held.id), at(0), null)
    for (const { id } of [held, free]) {
      expect(await store.outbox.accept(id, touchpoints(2), at(0))).toEqual(['accepted', 'accepted'])
    }
    expect((await store.outbox.drainable(at(0))).map(({ id }) => id)).toEqual([free.id])
    expect((await store.outbox.backlog(held.id)).waiting).toBe(2)
  })

  test('a hold with an end stops at its end, to the millisecond', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    await store.outbox.accept(id, touchpoints(1), at(0))
    await store.holds.put(aHold(id, { reason: 'budget', by: null, until: at(MINUTE) }), at(0), null)
    expect(await store.outbox.drainable(at(MINUTE - 1))).toEqual([])
    expect(await store.outbox.drainable(at(MINUTE))).toHaveLength(1)
  })

  test('what was put is read back whole, in the order in which it was put, also in the overview', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    const usage = { used: 12_001, limit: 15_000 }
    const budget = aHold(id, { reason: 'budget', since: at(5), until: at(MINUTE), by: null, detail: { usage } })
    const paused = aHold(id, { since: at(9) })
    expect(await store.holds.put(paused, at(9), null)).toEqual(paused)
    await store.holds.put(budget, at(9), null)
    expect(await store.holds.of(id)).toEqual([budget, paused])
    expect((await store.connections.overview(id))?.holds).toEqual([budget, paused])
    expect((await store.connections.overviews('T1'))[0]?.holds).toEqual([budget, paused])
    expect(await store.holds.of('nobody')).toEqual([])
  })

  test('of two who pause at once one is first, and the other writes nothing', async () => {
    const { store, other } = world()
    const { id } = await addConnection(store)
    const put = (through: Store, by: string) =>
      through.holds.put(aHold(id, { by }), at(0), anAuditEntry({ connectionId: id, actor: by, action: 'pushing_paused' }))
    const answers = await Promise.all([put(store, 'U1'), put(other, 'U2')])
    const won = answers.filter((answer) => answer !== undefined)
    expect(won).toHaveLength(1)
    expect(await store.holds.of(id)).toEqual(won)
    const written = (await store.history.of(id, 10)).filter(({ action }) => action === 'pushing_paused')
    expect(written.map(({ actor }) => actor)).toEqual([won[0]?.by])
  })

  test('of two who resume at once one is first, and the other writes nothing', async () => {
    const { store, other } = world()
    const { id } = await addConnection(store)
    await store.holds.put(aHold(id), at(0), null)
    const entry = () => anAuditEntry({ connectionId: id, actor: 'U1', action: 'pushing_resumed' })
    const lifted = await Promise.all([store, other].map((one) => one.holds.lift(id, 'paused', at(1), entry())))
    expect(lifted.toSorted()).toEqual([false, true])
    expect((await store.history.of(id, 10)).filter(({ action }) => action === 'pushing_resumed')).toHaveLength(1)
  })

  test('a hold whose time is over is renewed and keeps its beginning; one in effect is left alone', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    const first = aHold(id, { reason: 'budget', by: null, until: at(MINUTE) })
    await store.holds.put(first, at(0), null)
    const second = { ...first, since: at(MINUTE), until: at(2 * MINUTE), detail: { usage: { used: 8, limit: 10 } } }
    expect(await store.holds.put(second, at(MINUTE - 1), null)).toBeUndefined()
    expect(await store.holds.of(id)).toEqual([first])
    expect(await store.holds.put(second, at(MINUTE), null)).toEqual({ ...second, since: at(0) })
  })

  test('the card of the running catch-up is due after each hold that comes or goes', async () => {
    const { store } = world()
    const { connection, card } = await catchingUp(store)
    await showAll(store, 61_000)
    expect(await showAll(store, 62_000)).toEqual([])
    await store.holds.put(aHold(connection.id, { reason: 'budget', until: at(MINUTE * 9) }), at(63_000), null)
    expect(await showAll(store, 63_000)).toEqual([card.id])
    await store.holds.lift(connection.id, 'budget', at(64_000), null)
    expect(await showAll(store, 64_000)).toEqual([card.id])
    await store.holds.lift(connection.id, 'budget', at(65_000), null)
    expect(await showAll(store, 65_000)).toEqual([])
  })

  test('the card of a catch-up that is over tells what people hold, and is left alone for anything else', async () => {
    const { store } = world()
    const { connection, card } = await catchingUp(store)
    const rows = await store.outbox.waiting(connection.id, 0, at(61_000), 10)
    const settlements = rows.map(({ key }) => ({ kind: 'pushed' as const, key }))
    expect((await store.outbox.settle(connection.id, settlements, at(61_000))).finished).not.toBeNull()
    await showAll(store, 62_000)
    await showAll(store, 63_000)
    await store.holds.put(aHold(connection.id, { reason: 'budget', until: at(MINUTE * 9) }), at(64_000), null)
    expect(await showAll(store, 64_000)).toEqual([])
    await store.holds.put(aHold(connection.id), at(65_000), null)
    expect(await showAll(store, 65_000)).toEqual([card.id])
  })

  test('a hold on a connection without a catch-up makes no card due', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    await showAll(store, 1000)
    await store.holds.put(aHold(id), at(2000), null)
    expect(await showAll(store, 3000)).toEqual([])
  })

  const ask = (connectionId: string) => aHold(connectionId, { reason: 'ask', since: at(60_000), by: null })

  test('a login that asks first puts its hold with the end of the outage, if anything waits', async () => {
    const { store } = world()
    const red = await store.connections.changeHealth(aLoss(await addConnection(store)))
    if (!red) throw new Error('lost the race')
    await store.outbox.accept(red.id, touchpoints(3), at(2000))
    await store.connections.reauthorize(aReauthorization(red, { hold: ask(red.id) }))
    expect(await store.holds.of(red.id)).toEqual([ask(red.id)])
    expect(await store.outbox.drainable(at(60_000))).toEqual([])
  })

  test('a catch-up that waited for a word begins with it; one that has pushed something began before', async () => {
    const { store } = world()
    const { connection, catchUp } = await catchingUp(store)
    const begun = async () => (await store.outages.catchUp(catchUp.id))?.startedAt
    await store.holds.put(ask(connection.id), at(60_000), null)
    await store.holds.lift(connection.id, 'ask', at(90_000), null)
    expect(await begun()).toEqual(at(90_000))
    const [row] = await store.outbox.waiting(connection.id, 0, at(90_000), 1)
    await store.outbox.settle(connection.id, [{ kind: 'pushed', key: row?.key ?? 0 }], at(90_001))
    await store.holds.put(ask(connection.id), at(91_000), null)
    await store.holds.lift(connection.id, 'ask', at(99_000), null)
    expect(await begun()).toEqual(at(90_000))
  })

  test('a login that lost its race, found nothing waiting, or ended no outage puts none', async () => {
    const { store } = world()
    const healthy = await addConnection(store)
    await store.outbox.accept(healthy.id, touchpoints(1), at(0))
    await store.connections.reauthorize(aReauthorization(healthy, { hold: ask(healthy.id) }))
    expect(await store.holds.of(healthy.id)).toEqual([])

    const red = await store.connections.changeHealth(aLoss(await addConnection(store)))
    if (!red) throw new Error('lost the race')
    await store.connections.reauthorize(aReauthorization(red, { hold: ask(red.id) }))
    await store.outbox.accept(red.id, touchpoints(1), at(60_001))
    expect(await store.connections.reauthorize(aReauthorization(red, { hold: ask(red.id) }))).toBeUndefined()
    expect(await store.holds.of(red.id)).toEqual([])
  })

  test('an outage that ends by itself and asks first puts its hold with its end', async () => {
    const { store } = world()
    const red = await store.connections.changeHealth(aLoss(await addConnection(store)))
    if (!red) throw new Error('lost the race')
    await store.outbox.accept(red.id, touchpoints(2), at(2000))
    const next = { ...red.health, status: 'connected' as const, since: at(60_000), cause: null, explanation: null }
    const closeOutage = { how: 'withdrawn' as const, at: at(60_000), catchUpId: 'cu', report: null, hold: ask(red.id) }
    await store.connections.changeHealth(aLoss(red, { next, openOutage: null, card: null, closeOutage }))
    expect(await store.holds.of(red.id)).toEqual([ask(red.id)])
    expect(await store.outbox.drainable(at(60_000))).toEqual([])
  })
})

contract('the span of what waits', (world) => {
  test('reaches from the first to the last, also of those that wait for another attempt', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    expect(await store.outbox.span(id)).toBeNull()
    for (const n of [1, 2, 3, 4, 5]) await store.outbox.accept(id, [aTouchpoint(`g-${n}`)], at(n))
    expect(await store.outbox.span(id)).toEqual({ firstAcceptedAt: at(1), lastAcceptedAt: at(5) })
    const [first, second, third, , last] = await store.outbox.waiting(id, 0, at(9), 9)
    if (!first || !second || !third || !last) throw new Error('too few wait')
    const settle = (kind: 'pushed' | 'retry', ...rows: { key: number }[]) =>
      store.outbox.settle(
        id,
        rows.map(({ key }) => (kind === 'pushed' ? { kind, key } : { kind, key, dueAt: at(90_000) })),
        at(10),
      )
    await settle('pushed', first)
    await settle('retry', second, last)
    expect(await store.outbox.span(id)).toEqual({ firstAcceptedAt: at(2), lastAcceptedAt: at(5) })
    await settle('pushed', second, last)
    expect(await store.outbox.span(id)).toEqual({ firstAcceptedAt: at(3), lastAcceptedAt: at(4) })
  })
})
