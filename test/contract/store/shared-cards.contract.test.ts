import { expect, test } from 'vitest'
import type { Message } from '../../../src/domain/cards/card.ts'
import type { Connection } from '../../../src/domain/connections/connection.ts'
import type { HealthChange } from '../../../src/domain/connections/connection-store.ts'
import type { Removal } from '../../../src/domain/connections/removal-store.ts'
import type { Store } from '../../../src/domain/store.ts'
import {
  addConnection,
  aLoss,
  aMessage,
  anAuditEntry,
  anId,
  anOutage,
  aReauthorization,
  at,
  touchpoints,
} from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'

const MINUTE = 60_000

/** A connection with the grant `grantId` (a new one of that app, or another connection's). */
function member(store: Store, grantId = anId('grant'), app = 'app', over: Partial<Connection> = {}): Promise<Connection> {
  return addConnection(store, { grantId, kind: 'ads', ...over }, { clientId: app, username: `user of ${grantId}` })
}

/** What its dead grant does to a connection at that moment. */
function aLossAt(seen: Connection, ms: number, over: Partial<HealthChange> = {}, cause = 'revoked'): HealthChange {
  const openOutage = anOutage({ connectionId: seen.id, openedAt: at(ms), cause })
  const card = aMessage({ connectionId: seen.id, outageId: openOutage.id, createdAt: at(ms) })
  const next = { ...seen.health, status: 'authorization_required' as const, since: at(ms), cause, explanation: 'Dead.' }
  const remindAt = at(ms + 60 * MINUTE)
  const alert = aMessage({ connectionId: seen.id, kind: 'notice', notice: { kind: 'asks_anew' }, createdAt: at(ms) })
  return aLoss(seen, { next, openOutage, card, remindAt, alert, reuseCardClosedAfter: at(ms - 30 * MINUTE), ...over })
}

async function lose(store: Store, seen: Connection, ms: number, over: Partial<HealthChange> = {}, cause = 'revoked') {
  const change = aLossAt(seen, ms, over, cause)
  const connection = await store.connections.changeHealth(change)
  if (!connection || !change.openOutage) throw new Error('lost the race')
  const card = await store.messages.ofOutage(change.openOutage.id)
  return { connection, outageId: change.openOutage.id, cardId: card?.id }
}

async function comeBack(store: Store, seen: Connection, ms: number, how: 'withdrawn' | 'recovered' = 'withdrawn') {
  const catchUpId = anId('catchup')
  const next = {
    ...seen.health,
    status: 'connected' as const,
    since: at(ms),
    cause: null,
    explanation: null,
    lastProofAt: at(ms),
  }
  const closeOutage = { how, at: at(ms), catchUpId, report: null, hold: null }
  const back = await store.connections.changeHealth(aLoss(seen, { next, openOutage: null, card: null, closeOutage }))
  if (!back) throw new Error('lost the race')
  return back
}

function pause(store: Store, seen: Connection, on = true): Promise<Connection | undefined> {
  return store.settings.pause({
    seen,
    next: { ...seen.health, status: on ? 'paused' : 'connected' },
    pausedBy: on ? 'U1' : null,
    at: at(5000),
    nextCheckAt: at(5000),
    remindAt: on ? null : at(99_000),
    audit: anAuditEntry({ connectionId: seen.id, action: 'paused' }),
  })
}

/** Claims for a moment what is due then, but for welcomes. */
async function due(store: Store, ms: number): Promise<Message[]> {
  const all = await store.messages.claim(at(ms), at(ms + 1), 'me', 999)
  return all.filter(({ kind }) => kind !== 'welcome')
}

async function cards(store: Store): Promise<string[]> {
  return (await due(store, 1e9)).filter(({ kind }) => kind === 'outage').map(({ id }) => id)
}

/** Posts the one card. */
async function post(store: Store, ms: number): Promise<void> {
  const [card, ...others] = (await due(store, ms)).filter(({ kind }) => kind === 'outage')
  if (!card || others.length > 0) throw new Error('there is not one card')
  await store.messages.shown(card, 'me', { ts: '1.1', channelId: 'C1', version: card.wanted, at: at(ms), dueAt: null })
}

contract('outages of one login', (world) => {
  test('share one card, whichever cause each has, and however much later they begin', async () => {
    const { store } = world()
    const grantId = anId('grant')
    const first = await lose(store, await member(store, grantId), 0)
    const second = await lose(store, await member(store, grantId), 1000, {}, 'expired')
    const third = await lose(store, await member(store, grantId), 90 * MINUTE)
    expect([second.cardId, third.cardId]).toEqual([first.cardId, first.cardId])
    expect(await cards(store)).toEqual([first.cardId])
    const members = await store.outages.ofCard(first.cardId!)
    expect(members.map(({ outage }) => outage.id)).toEqual([first.outageId, second.outageId, third.outageId])
    expect(members[0]).toMatchObject({ connection: first.connection, username: `user of ${grantId}`, waiting: 0, catchUp: null })
    expect(await store.outages.connectionsOn(first.cardId!)).toBe(3)
  })

  test('make one card when many machines see them at the same moment', async () => {
    const { store, other } = world()
    for (const grants of [1, 8]) {
      const ids = Array.from({ length: grants }, () => anId('grant'))
      const app = anId('app')
      const seen: Connection[] = []
      for (let n = 0; n < 16; n++) seen.push(await member(store, ids[n % grants], app))
      const changes = seen.map((one) => aLossAt(one, 1000))
      await Promise.all(changes.map((change, n) => (n % 2 ? store : other).connections.changeHealth(change)))
      const shown = await Promise.all(changes.map(({ openOutage }) => store.messages.ofOutage(openOutage!.id)))
      expect(new Set(shown.map((card) => card?.id)).size).toBe(1)
      expect(await store.outages.connectionsOn(shown[0]!.id)).toBe(16)
      expect(await cards(store)).toContain(shown[0]!.id)
    }
  })

  test('leave a card that still asks, or one that is over, but never in between, when one ends while another begins', async () => {
    const { store, other } = world()
    for (let round = 0; round < 12; round++) {
      const grantId = anId('grant')
      const first = await lose(store, await member(store, grantId), 0)
      const joins = aLossAt(await member(store, grantId), 1000)
      await Promise.all([comeBack(store, first.connection, 1000), other.connections.changeHealth(joins)])
      const card = await store.messages.ofOutage(joins.openOutage!.id)
      expect(await store.escalations.ofCard(card!.id)).toMatchObject({ endedAt: null })
      if (card!.id !== first.cardId) expect(await store.escalations.ofCard(first.cardId!)).toMatchObject({ endedAt: at(1000) })
    }
  })

  test('notify nobody when one joins, begin nothing anew, and edit the card a little later', async () => {
    const { store } = world()
    const grantId = anId('grant')
    const { cardId } = await lose(store, await member(store, grantId), 0)
    await post(store, 500)
    const before = await store.escalations.ofCard(cardId!)
    await lose(store, await member(store, grantId), 1000)
    expect(await store.escalations.ofCard(cardId!)).toEqual(before)
    expect(await store.messages.find(cardId!)).toMatchObject({ wanted: 2, shown: 1 })
    expect(await due(store, 3999)).toEqual([])
    expect((await due(store, 4000)).map(({ id }) => id)).toEqual([cardId])
  })

  test('end the escalation of their card with the last of them', async () => {
    const { store } = world()
    const grantId = anId('grant')
    const first = await lose(store, await member(store, grantId), 0)
    const second = await lose(store, await member(store, grantId), 0)
    await comeBack(store, first.connection, 5000)
    expect(await store.escalations.ofCard(first.cardId!)).toMatchObject({ endedAt: null })
    expect((await store.outages.ofCard(first.cardId!)).map(({ outage }) => outage.closedHow)).toEqual(['withdrawn', null])
    await store.connections.reauthorize(aReauthorization(second.connection, { at: at(6000) }))
    expect(await store.escalations.ofCard(first.cardId!)).toMatchObject({ endedAt: at(6000), remindAt: null })
  })

  test('use their card again when one breaks soon after it was done, and say so', async () => {
    const { store } = world()
    const grantId = anId('grant')
    const first = await lose(store, await member(store, grantId), 0)
    const second = await lose(store, await member(store, grantId), 0)
    await comeBack(store, second.connection, 5000)
    const healthy = await comeBack(store, first.connection, 5000)
    const again = await lose(store, healthy, 10 * MINUTE)
    expect(again.cardId).toBe(first.cardId)
    expect(await store.escalations.ofCard(first.cardId!)).toMatchObject({ endedAt: null, openedAt: at(10 * MINUTE) })
    const members = await store.outages.ofCard(first.cardId!)
    expect(members.map(({ outage }) => outage.closedHow)).toEqual(['withdrawn', null])
    await post(store, 11 * MINUTE)
    const [alert, ...others] = await due(store, 12 * MINUTE)
    expect([alert, others]).toMatchObject([{ threadOf: first.cardId, notice: { kind: 'asks_anew' } }, []])
  })

  test('are not joined by what lacks a right', async () => {
    const { store } = world()
    const grantId = anId('grant')
    const red = await lose(store, await member(store, grantId), 0)
    const loss = aLossAt(await member(store, grantId), 0)
    await store.connections.changeHealth({
      ...loss,
      openOutage: { ...loss.openOutage!, kind: 'permission', cause: 'access_lost' },
    })
    expect((await store.messages.ofOutage(loss.openOutage!.id))?.id).not.toBe(red.cardId)
  })

  test('alert anew when one on a card of a missing right needs a login, but not for each that follows', async () => {
    const { store } = world()
    const grantId = anId('grant')
    const members = [await member(store, grantId), await member(store, grantId), await member(store, grantId)]
    const lacking: Connection[] = []
    for (const seen of members) {
      const loss = aLossAt(seen, 0)
      const openOutage = { ...loss.openOutage!, kind: 'permission' as const, cause: 'access_lost' }
      lacking.push((await store.connections.changeHealth({ ...loss, openOutage }))!)
    }
    const [card] = await cards(store)
    const alerts: string[] = []
    for (const [n, seen] of lacking.slice(0, 2).entries()) {
      const ms = (n + 1) * MINUTE
      const alert = aMessage({ connectionId: seen.id, kind: 'notice', notice: { kind: 'asks_anew' }, createdAt: at(ms) })
      const changeOutage = { kind: 'authorization' as const, cause: 'revoked', explanation: 'Revoked.' }
      const next = { ...seen.health, since: at(ms) }
      const turned = { next, openOutage: null, card: null, changeOutage, remindAt: at(ms + 60 * MINUTE), alert }
      await store.connections.changeHealth(aLoss(seen, turned))
      if (await store.messages.find(alert.id)) alerts.push(alert.id)
      expect(await store.escalations.ofCard(card!)).toMatchObject({ openedAt: at(MINUTE), remindAt: at(61 * MINUTE) })
      expect((await store.messages.find(alert.id))?.threadOf).toBe(n === 0 ? card : undefined)
    }
    expect(alerts).toHaveLength(1)
  })

  test('alert anew when one needs a login beside another that is paused', async () => {
    const { store } = world()
    const grantId = anId('grant')
    const lacking = async () => {
      const loss = aLossAt(await member(store, grantId), 0)
      const openOutage = { ...loss.openOutage!, kind: 'permission' as const, cause: 'access_lost' }
      return (await store.connections.changeHealth({ ...loss, openOutage }))!
    }
    const red = async (seen: Connection, ms: number) => {
      const alert = aMessage({ connectionId: seen.id, kind: 'notice', notice: { kind: 'asks_anew' }, createdAt: at(ms) })
      const changeOutage = { kind: 'authorization' as const, cause: 'revoked', explanation: 'Revoked.' }
      const remindAt = at(ms + 60 * MINUTE)
      const turned = { openOutage: null, card: null, changeOutage, remindAt, alert }
      const connection = await store.connections.changeHealth(aLoss(seen, turned))
      return { connection: connection!, isTold: (await store.messages.find(alert.id)) !== undefined }
    }
    const [first, second] = [await lacking(), await lacking()]
    await pause(store, (await red(first, MINUTE)).connection)
    expect((await red(second, 2 * MINUTE)).isTold).toBe(true)
  })

  test('alert anew and are reminded of when all others on the card are paused', async () => {
    const { store } = world()
    const grantId = anId('grant')
    const first = await lose(store, await member(store, grantId), 0)
    await post(store, 500)
    await pause(store, first.connection)
    const second = await lose(store, await member(store, grantId), 20 * MINUTE)
    expect(second.cardId).toBe(first.cardId)
    expect(await store.escalations.ofCard(first.cardId!)).toMatchObject({ remindAt: at(80 * MINUTE) })
    const told = (await due(store, 20 * MINUTE)).filter(({ notice }) => notice?.kind === 'asks_anew')
    expect(told).toMatchObject([{ threadOf: first.cardId }])
  })

  test('are not joined by what is wrong with the settings of the app, either', async () => {
    const { store } = world()
    const grantId = anId('grant')
    const first = await lose(store, await member(store, grantId), 0)
    await lose(store, await member(store, grantId), 0)
    const loss = aLossAt(await comeBack(store, first.connection, 5000), 6000)
    const openOutage = { ...loss.openOutage!, kind: 'misconfigured' as const, cause: 'client' }
    await store.connections.changeHealth({ ...loss, openOutage, remindAt: null, alert: null })
    expect((await store.messages.ofOutage(openOutage.id))?.id).toBe(loss.card?.id)
    expect((await store.outages.ofCard(first.cardId!)).map(({ outage }) => outage.closedHow)).toEqual(['withdrawn', null])
  })

  test('have numbers of all of them on the card', async () => {
    const { store } = world()
    const grantId = anId('grant')
    const first = await lose(store, await member(store, grantId, 'app', { kind: 'crm' }), 0)
    const second = await lose(store, await member(store, grantId, 'app', { kind: 'crm' }), 0)
    await post(store, 500)
    const every = { outageMs: 15_000, catchUpMs: 3000 }
    expect(await store.messages.touchMoved(at(20_000), every)).toBe(0)
    await store.outbox.accept(second.connection.id, touchpoints(3), at(20_000))
    expect(await store.messages.touchMoved(at(20_000), every)).toBe(1)
    expect((await store.outages.ofCard(first.cardId!)).map(({ waiting }) => waiting)).toEqual([0, 3])
  })
})

contract('a connection that leaves a card of several', (world) => {
  function aRemoval(seen: Connection): Removal {
    const told = { name: seen.name, account: 'Acme', provider: 'Salesforce', by: 'U1', waiting: 0, rejected: 0, channelId: null }
    const notice = (isCard: boolean) => ({ kind: 'connection_removed' as const, ...told, isCard })
    const line = aMessage({ connectionId: null, kind: 'notice', notice: notice(false) })
    const audit = anAuditEntry({ connectionId: seen.id, action: 'removed' })
    return { seen, at: at(9000), closing: notice(true), line, audit }
  }

  test('since it is removed goes on as the others’, and is over with the last of them', async () => {
    const { store } = world()
    const grantId = anId('grant')
    const first = await lose(store, await member(store, grantId), 0)
    const second = await lose(store, await member(store, grantId), 0)
    expect(await store.removals.remove(aRemoval(first.connection))).toBe(true)
    while (await store.removals.forget(1000)) {
      // Until nothing is left of it.
    }
    const card = await store.messages.find(first.cardId!)
    expect(card).toMatchObject({ kind: 'outage', connectionId: second.connection.id, outageId: second.outageId })
    expect((await store.outages.ofCard(first.cardId!)).map(({ outage }) => outage.id)).toEqual([second.outageId])
    expect(await store.escalations.ofCard(first.cardId!)).toMatchObject({ endedAt: null })
    await comeBack(store, second.connection, 10_000)
    expect(await store.escalations.ofCard(first.cardId!)).toMatchObject({ endedAt: at(10_000) })
  })

  test('since it is removed as the last that was down leaves a card that is over', async () => {
    const { store } = world()
    const grantId = anId('grant')
    const first = await lose(store, await member(store, grantId), 0)
    const second = await lose(store, await member(store, grantId), 0)
    const back = await comeBack(store, second.connection, 5000)
    expect(await store.removals.remove(aRemoval(first.connection))).toBe(true)
    expect(await store.messages.find(first.cardId!)).toMatchObject({ kind: 'outage', connectionId: back.id })
    expect(await store.escalations.ofCard(first.cardId!)).toMatchObject({ endedAt: at(9000) })
  })

  test('since it is paused leaves its reminders to the others, until all are paused', async () => {
    const { store } = world()
    const grantId = anId('grant')
    const first = await lose(store, await member(store, grantId), 0)
    const second = await lose(store, await member(store, grantId), 0)
    const third = await lose(store, await member(store, grantId), 0)
    const remindAt = async () => (await store.escalations.ofCard(first.cardId!))?.remindAt
    const paused = await pause(store, first.connection)
    expect(await remindAt()).toEqual(at(60 * MINUTE))
    await pause(store, second.connection)
    expect(await remindAt()).toEqual(at(60 * MINUTE))
    await comeBack(store, third.connection, 6000)
    expect(await store.escalations.ofCard(first.cardId!)).toMatchObject({ remindAt: null, endedAt: null })
    await pause(store, paused!, false)
    expect(await remindAt()).toEqual(at(99_000))
  })

  test('since all are paused by two processes at once is reminded of no more', async () => {
    const { store, other } = world()
    for (let round = 0; round < 10; round++) {
      const grantId = anId('grant')
      const first = await lose(store, await member(store, grantId), 0)
      const second = await lose(store, await member(store, grantId), 0)
      await Promise.all([pause(store, first.connection), pause(other, second.connection)])
      expect((await store.escalations.ofCard(first.cardId!))?.remindAt).toBeNull()
    }
  })
})

contract('outages of one app', (world) => {
  test('with one cause share a card for five minutes', async () => {
    const { store } = world()
    const first = await lose(store, await member(store), 0)
    const inTime = await lose(store, await member(store), 4 * MINUTE)
    const late = await lose(store, await member(store), 6 * MINUTE)
    const otherCause = await lose(store, await member(store), 6 * MINUTE, {}, 'expired')
    const otherApp = await lose(store, await member(store, undefined, 'other app'), 6 * MINUTE)
    expect(inTime.cardId).toBe(first.cardId)
    expect(new Set([first, late, otherCause, otherApp].map(({ cardId }) => cardId)).size).toBe(4)
  })

  test('share none with another channel or workspace', async () => {
    const { store } = world()
    const here = await lose(store, await member(store), 0)
    const there = await member(store)
    const card = aMessage({ connectionId: there.id, channelId: 'C2' })
    const elsewhere = await lose(store, there, 0, { card })
    const stranger = await addConnection(store, { teamId: 'T2' }, { clientId: 'app' })
    const abroad = await lose(store, stranger, 0, { card: aMessage({ teamId: 'T2', connectionId: stranger.id }) })
    expect(new Set([here, elsewhere, abroad].map(({ cardId }) => cardId)).size).toBe(3)
  })
})

contract('a storm', (world) => {
  const storm = { cards: 4, withinMs: 5 * MINUTE }

  test('leaves the first cards as they are, and gives all that comes after one digest', async () => {
    const { store } = world()
    const lost: (string | undefined)[] = []
    for (let n = 0; n < 8; n++)
      lost.push((await lose(store, await member(store, undefined, `app ${n}`), n * 1000, { storm })).cardId)
    const [one, two, three, digest, ...rest] = lost
    expect(new Set([one, two, three, digest]).size).toBe(4)
    expect(rest).toEqual([digest, digest, digest, digest])
    expect(await store.messages.find(digest!)).toMatchObject({ stormSince: at(3000) })
    expect(await store.messages.find(one!)).toMatchObject({ stormSince: null })
    // Nothing joins what nothing has joined for long.
    const later = await lose(store, await member(store, undefined, 'app 9'), 20 * MINUTE, { storm })
    expect(lost).not.toContain(later.cardId)
  })

  test('makes one digest when many machines see it at the same moment', async () => {
    const { store, other } = world()
    const seen: Connection[] = []
    for (let n = 0; n < 24; n++) seen.push(await member(store, undefined, `app ${n}`))
    const changes = seen.map((one) => aLossAt(one, 1000, { storm }))
    await Promise.all(changes.map((change, n) => (n % 2 ? store : other).connections.changeHealth(change)))
    const shown = await Promise.all(changes.map(({ openOutage }) => store.messages.ofOutage(openOutage!.id)))
    const byCard = Map.groupBy(shown, (card) => card?.id)
    expect([...byCard.values()].map((those) => those.length).sort((a, b) => a - b)).toEqual([1, 1, 1, 21])
    expect(shown.filter((card) => card?.stormSince !== null)).toHaveLength(21)
  })
})
