import { expect, test } from 'vitest'
import type { Message } from '../../../src/domain/cards/card.ts'
import type { Store } from '../../../src/domain/store.ts'
import { addConnection, aLoss, aMessage, aReauthorization, at, touchpoints } from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'

/** A stored message of a stored connection, due at once. */
async function due(store: Store, over: Partial<Message> = {}): Promise<Message> {
  const connectionId = over.connectionId ?? (await quietConnection(store)).id
  const message = aMessage({ kind: 'notice', ...over, connectionId })
  await store.messages.add(message, message.createdAt)
  return message
}

/** A connection whose welcome is shown, so that it is in nobody's way. */
async function quietConnection(store: Store) {
  const connection = await addConnection(store)
  for (const welcome of await store.messages.claim(at(0), at(1), 'quiet', 99)) {
    await store.messages.shown(welcome, 'quiet', { ts: '0.1', channelId: 'C1', version: welcome.wanted, at: at(0), dueAt: null })
  }
  return connection
}

const shownAs = (version: number, ms: number, over: { ts?: string; dueAt?: Date | null } = {}) => ({
  ts: over.ts ?? '10.1',
  channelId: 'C1',
  version,
  at: at(ms),
  dueAt: over.dueAt ?? null,
})

contract('messages', (world) => {
  test('are claimed when due, in order, and not while somebody holds them', async () => {
    const { store } = world()
    const { id: connectionId } = await quietConnection(store)
    const second = await due(store, { connectionId, createdAt: at(20) })
    const first = await due(store, { connectionId, createdAt: at(10) })
    const later = await due(store, { connectionId, createdAt: at(31) })
    expect(await store.messages.claim(at(30), at(100), 'a', 9)).toEqual([first, second])
    expect(await store.messages.claim(at(40), at(100), 'b', 9)).toEqual([later])
    expect(await store.messages.claim(at(99), at(200), 'b', 9)).toEqual([])
    expect((await store.messages.claim(at(100), at(200), 'b', 9)).map(({ id }) => id)).toEqual([first.id, second.id, later.id])
  })

  test('are given to one of many machines that ask at once', async () => {
    const { store, other } = world()
    const { id: connectionId } = await quietConnection(store)
    const added = []
    for (let n = 0; n < 40; n++) added.push(await due(store, { connectionId }))
    const asking = Array.from({ length: 10 }, (_, n) => (n % 2 ? store : other).messages.claim(at(10), at(99), `m${n}`, 4))
    const claimed = (await Promise.all(asking)).flat().map(({ id }) => id)
    expect(claimed.sort()).toEqual(added.map(({ id }) => id).sort())
  })

  test('are done once shown', async () => {
    const { store } = world()
    await due(store)
    const [claimed] = await store.messages.claim(at(0), at(10), 'a', 9)
    await store.messages.shown(claimed!, 'a', { ...shownAs(1, 5), channelId: 'C7' })
    expect(await store.messages.claim(at(999), at(1999), 'a', 9)).toEqual([])
    expect(await store.messages.find(claimed!.id)).toEqual({ ...claimed, ts: '10.1', channelId: 'C7', shown: 1 })
  })

  test('are shown again at a time that was set', async () => {
    const { store } = world()
    await due(store)
    const [claimed] = await store.messages.claim(at(0), at(10), 'a', 9)
    await store.messages.shown(claimed!, 'a', shownAs(1, 5, { dueAt: at(700) }))
    expect(await store.messages.claim(at(699), at(900), 'a', 9)).toEqual([])
    expect(await store.messages.claim(at(700), at(900), 'a', 9)).toMatchObject([{ id: claimed!.id, wanted: 1, shown: 1 }])
  })

  test('stay due when something changed while they were on their way', async () => {
    const { store } = world()
    const seen = await quietConnection(store)
    const loss = aLoss(seen)
    const red = (await store.connections.changeHealth(loss))!
    const [claimed] = await store.messages.claim(at(1000), at(9000), 'a', 9)
    await store.connections.reauthorize(aReauthorization(red, { at: at(1500) }))
    await store.messages.shown(claimed!, 'a', shownAs(claimed!.wanted, 2000))
    const again = await store.messages.claim(at(2000), at(9000), 'a', 9)
    expect(again.map(({ kind }) => kind).sort()).toEqual(['outage', 'report'])
  })

  test('wait until the message has come in whose thread they go', async () => {
    const { store } = world()
    const { id: connectionId } = await quietConnection(store)
    const card = await due(store, { connectionId, kind: 'outage', createdAt: at(10) })
    await due(store, { connectionId, threadOf: card.id })
    const claimed = await store.messages.claim(at(10), at(20), 'a', 9)
    expect(claimed).toEqual([card])
    await store.messages.shown(card, 'a', shownAs(1, 11))
    expect(await store.messages.claim(at(12), at(20), 'a', 9)).toMatchObject([{ threadOf: card.id }])
  })

  test('are tried again when they could not be posted, and remember that they may have been', async () => {
    const { store } = world()
    await due(store)
    const [claimed] = await store.messages.claim(at(0), at(10), 'a', 9)
    await store.messages.postpone(claimed!, 'a', at(500), at(3), 'timeout')
    expect(await store.messages.claim(at(499), at(600), 'a', 9)).toEqual([])
    const [again] = await store.messages.claim(at(500), at(600), 'b', 9)
    expect(again).toEqual({ ...claimed, attempts: 1, uncertainSince: at(3) })
    await store.messages.shown(again!, 'b', shownAs(1, 501))
    expect(await store.messages.find(again!.id)).toMatchObject({ attempts: 0, uncertainSince: null })
  })

  test('are posted anew when they were deleted, and their thread waits for that', async () => {
    const { store } = world()
    const { id: connectionId } = await quietConnection(store)
    const card = await due(store, { connectionId, kind: 'outage' })
    await store.messages.claim(at(0), at(10), 'a', 9)
    await store.messages.shown(card, 'a', shownAs(1, 1, { dueAt: at(20) }))
    await store.messages.claim(at(20), at(30), 'a', 9)
    await store.messages.lost(card, 'a', at(21))
    await due(store, { connectionId, threadOf: card.id })
    expect(await store.messages.claim(at(21), at(30), 'a', 9)).toMatchObject([{ id: card.id, ts: null, shown: 0 }])
  })

  test('are given up with a reason, and get a new chance when there is something new to say', async () => {
    const { store } = world()
    const loss = aLoss(await quietConnection(store))
    const red = (await store.connections.changeHealth(loss))!
    const [card] = await store.messages.claim(at(1000), at(2000), 'a', 9)
    await store.messages.fail(card!, 'a', 'invalid_blocks')
    expect(await store.messages.failed()).toEqual([{ message: card, reason: 'invalid_blocks' }])
    expect(await store.messages.claim(at(99_999), at(100_000), 'a', 9)).toEqual([])
    await store.connections.reauthorize(aReauthorization(red))
    expect(await store.messages.failed()).toEqual([])
    expect((await store.messages.claim(at(60_000), at(61_000), 'a', 9)).map(({ id }) => id)).toContain(card!.id)
  })

  test('are left alone by a machine that no longer holds them', async () => {
    const { store, other } = world()
    await due(store)
    const [claimed] = await store.messages.claim(at(0), at(10), 'slow', 9)
    const [taken] = await other.messages.claim(at(10), at(20), 'quick', 9)
    await store.messages.shown(claimed!, 'slow', shownAs(1, 11))
    await store.messages.postpone(claimed!, 'slow', at(9999), null, 'late')
    await store.messages.lost(claimed!, 'slow', at(12))
    await store.messages.fail(claimed!, 'slow', 'late')
    expect(await store.messages.find(claimed!.id)).toEqual(taken)
    await other.messages.shown(taken!, 'quick', shownAs(1, 13))
    expect(await store.messages.find(claimed!.id)).toMatchObject({ shown: 1, ts: '10.1' })
  })

  test('may exist from the moment they are sent, also if nobody lives to hear Slack’s answer', async () => {
    const { store, other } = world()
    await due(store)
    const [claimed] = await store.messages.claim(at(0), at(10), 'dying', 9)
    expect(await store.messages.sending(claimed!, 'dying', at(5), 'C9')).toBe(true)
    const [found] = await other.messages.claim(at(10), at(20), 'next', 9)
    expect(found).toMatchObject({ id: claimed!.id, uncertainSince: at(5), channelId: 'C9' })
    expect(await store.messages.sending(claimed!, 'dying', at(11), 'C9')).toBe(false)
    expect(await other.messages.sending(found!, 'next', at(12), 'C9')).toBe(true)
    expect(await store.messages.find(claimed!.id)).toMatchObject({ uncertainSince: at(5), channelId: 'C9' })
    expect(await other.messages.sending(found!, 'next', at(20), 'C9')).toBe(false)
  })

  test('stay with a machine that renews', async () => {
    const { store, other } = world()
    await due(store)
    await store.messages.claim(at(0), at(10), 'a', 9)
    await store.messages.renew('a', at(9), at(19))
    expect(await other.messages.claim(at(18), at(30), 'b', 9)).toEqual([])
    expect(await other.messages.claim(at(19), at(30), 'b', 9)).toHaveLength(1)
  })

  test('count edits of the workspace, not posts', async () => {
    const { store } = world()
    await due(store)
    for (const [version, ms] of [
      [1, 1000],
      [1, 2000],
      [1, 3000],
    ] as const) {
      const [claimed] = await store.messages.claim(at(ms), at(ms + 10), 'a', 9)
      await store.messages.shown(claimed!, 'a', shownAs(version, ms, { dueAt: at(ms + 1000) }))
    }
    expect(await store.messages.updatesSince('T1', at(0))).toBe(2)
    expect(await store.messages.updatesSince('T1', at(3000))).toBe(1)
    expect(await store.messages.updatesSince('T2', at(0))).toBe(0)
  })
})

contract('cards whose numbers move', (world) => {
  const EVERY = { outageMs: 15_000, catchUpMs: 3000 }

  async function redCard(store: Store) {
    const red = (await store.connections.changeHealth(aLoss(await quietConnection(store))))!
    const [card] = await store.messages.claim(at(1000), at(2000), 'a', 9)
    await store.messages.shown(card!, 'a', shownAs(1, 1000))
    return { red, card: card! }
  }

  test('are due again while the outage lasts, but not too often', async () => {
    const { store } = world()
    const { red, card } = await redCard(store)
    expect(await store.messages.touchMoved(at(20_000), EVERY)).toBe(0)
    await store.outbox.accept(red.id, touchpoints(5), at(2000))
    expect(await store.messages.touchMoved(at(15_999), EVERY)).toBe(0)
    expect(await store.messages.touchMoved(at(16_000), EVERY)).toBe(1)
    expect(await store.messages.touchMoved(at(16_000), EVERY)).toBe(0)
    const [claimed] = await store.messages.claim(at(16_000), at(17_000), 'a', 9)
    expect(claimed).toMatchObject({ id: card.id, wanted: 2 })
    await store.messages.shown(claimed!, 'a', shownAs(2, 16_000))
    expect(await store.messages.touchMoved(at(99_000), EVERY)).toBe(0)
  })

  test('wait as long as Slack has asked to, however the numbers move', async () => {
    const { store } = world()
    const { red } = await redCard(store)
    await store.outbox.accept(red.id, touchpoints(1), at(2000))
    await store.messages.touchMoved(at(16_000), EVERY)
    const [refused] = await store.messages.claim(at(16_000), at(17_000), 'a', 9)
    await store.messages.postpone(refused!, 'a', at(60_000), null, 'ratelimited')
    await store.outbox.accept(red.id, touchpoints(5, 'more'), at(17_000))
    expect(await store.messages.touchMoved(at(40_000), EVERY)).toBe(0)
    expect(await store.messages.claim(at(59_999), at(61_000), 'a', 9)).toEqual([])
    expect(await store.messages.claim(at(60_000), at(61_000), 'a', 9)).toHaveLength(1)
  })

  test('are due again when the numbers move while the card is on its way', async () => {
    const { store } = world()
    const { red } = await redCard(store)
    await store.outbox.accept(red.id, touchpoints(5), at(2000))
    await store.messages.touchMoved(at(16_000), EVERY)
    const [claimed] = await store.messages.claim(at(16_000), at(17_000), 'a', 9)
    await store.outbox.accept(red.id, touchpoints(5), at(16_100))
    await store.messages.shown(claimed!, 'a', shownAs(2, 16_200))
    expect(await store.messages.touchMoved(at(31_199), EVERY)).toBe(0)
    expect(await store.messages.touchMoved(at(31_200), EVERY)).toBe(1)
  })

  test('are due again while a catch-up runs, and once more when it ends', async () => {
    const { store } = world()
    const { red, card } = await redCard(store)
    await store.outbox.accept(red.id, touchpoints(4), at(2000))
    await store.connections.reauthorize(aReauthorization(red, { at: at(60_000) }))
    const [green] = await store.messages.claim(at(60_000), at(61_000), 'a', 9)
    await store.messages.shown(green!, 'a', shownAs(green!.wanted, 60_000))
    expect(await store.messages.touchMoved(at(63_000), EVERY)).toBe(0)
    const rows = await store.outbox.waiting(red.id, 0, at(60_000), 9)
    const pushed = rows.map(({ key }) => ({ kind: 'pushed' as const, key }))
    await store.outbox.settle(red.id, pushed.slice(0, 2), at(61_000))
    expect(await store.messages.touchMoved(at(62_999), EVERY)).toBe(0)
    expect(await store.messages.touchMoved(at(63_000), EVERY)).toBe(1)
    const [moving] = await store.messages.claim(at(63_000), at(64_000), 'a', 9)
    await store.messages.shown(moving!, 'a', shownAs(moving!.wanted, 63_000))
    await store.outbox.settle(red.id, pushed.slice(2), at(64_000))
    expect(await store.messages.touchMoved(at(90_000), EVERY)).toBe(0)
    const last = await store.messages.claim(at(64_000), at(65_000), 'a', 9)
    expect(last.map(({ kind }) => kind).sort()).toEqual(['outage', 'report'])
    expect(last.map(({ id }) => id)).toContain(card.id)
  })

  test('are left alone after the outage without a catch-up', async () => {
    const { store } = world()
    const { red } = await redCard(store)
    await store.connections.reauthorize(aReauthorization(red))
    for (const message of await store.messages.claim(at(60_000), at(61_000), 'a', 9)) {
      await store.messages.shown(message, 'a', shownAs(message.wanted, 60_000))
    }
    await store.outbox.accept(red.id, touchpoints(5), at(70_000))
    expect(await store.messages.touchMoved(at(900_000), EVERY)).toBe(0)
  })
})
