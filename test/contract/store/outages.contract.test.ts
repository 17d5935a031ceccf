import { expect, test } from 'vitest'
import type { Connection } from '../../../src/domain/connections/connection.ts'
import type { HealthChange } from '../../../src/domain/connections/connection-store.ts'
import type { Store } from '../../../src/domain/store.ts'
import {
  ACCOUNT,
  addConnection,
  aLoss,
  aMessage,
  anAuditEntry,
  anId,
  anOutage,
  aReauthorization,
  at,
} from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'

/** Loses the grant; answers the connection as it is then, with its outage. */
async function lose(store: Store, seen: Connection, over: Partial<HealthChange> = {}) {
  const change = aLoss(seen, over)
  const connection = await store.connections.changeHealth(change)
  if (!connection || !change.openOutage) throw new Error('lost the race')
  const outage = { ...change.openOutage, cardId: change.card?.id ?? null }
  return { connection, outage, card: change.card }
}

/** Works again although nobody logged in. */
function aRecovery(seen: Connection, atMs: number, over: Partial<HealthChange['closeOutage']> = {}): HealthChange {
  const catchUpId = anId('catchup')
  const report = aMessage({ connectionId: seen.id, kind: 'report', catchUpId, wanted: 0 })
  return aLoss(seen, {
    next: { ...seen.health, status: 'connected', since: at(atMs), cause: null, explanation: null, lastProofAt: at(atMs) },
    openOutage: null,
    card: null,
    closeOutage: { how: 'withdrawn', at: at(atMs), catchUpId, report, hold: null, ...over },
  })
}

contract('a change of health', (world) => {
  test('opens the outage, makes the card due, sets the next check and the history together', async () => {
    const { store } = world()
    const seen = await addConnection(store)
    const [checked] = await store.checks.claim(at(500), at(9999), 'me', 9)
    const audit = anAuditEntry({ connectionId: seen.id, action: 'authorization_lost', at: at(1000) })
    const { connection, outage, card } = await lose(store, checked!, { audit })
    expect(connection).toMatchObject({ version: 1, health: { status: 'authorization_required', since: at(1000) } })
    expect(await store.connections.find(seen.id)).toEqual(connection)
    expect(await store.outages.find(outage.id)).toEqual(outage)
    expect(await store.messages.ofOutage(outage.id)).toEqual(card)
    expect(await store.messages.claim(at(1000), at(9999), 'me', 9)).toContainEqual(card)
    expect(await store.history.of(seen.id, 1)).toEqual([audit])
    expect(await store.checks.claim(at(299_999), at(900_000), 'me', 9)).toEqual([])
    expect(await store.checks.claim(at(300_000), at(900_000), 'me', 9)).toEqual([connection])
  })

  test('is refused when the connection has changed since it was read', async () => {
    const { store } = world()
    const seen = await addConnection(store)
    await lose(store, seen)
    const late = aLoss(seen, { audit: anAuditEntry({ connectionId: seen.id }) })
    expect(await store.connections.changeHealth(late)).toBeUndefined()
    expect(await store.outages.find(late.openOutage!.id)).toBeUndefined()
    expect(await store.messages.find(late.card!.id)).toBeUndefined()
  })

  test('opens one outage with one card when many machines see the same grant die', async () => {
    const { store, other } = world()
    const seen = await addConnection(store)
    const changes = Array.from({ length: 10 }, () => aLoss(seen))
    const outcomes = await Promise.all(changes.map((change, n) => (n % 2 ? store : other).connections.changeHealth(change)))
    expect(outcomes.filter((connection) => connection !== undefined)).toHaveLength(1)
    expect((await store.messages.claim(at(1000), at(2000), 'me', 99)).filter(({ kind }) => kind === 'outage')).toHaveLength(1)
  })

  test('counts the outage from a push that succeeded after the connection was read', async () => {
    const { store } = world()
    const seen = await addConnection(store)
    await store.connections.prove(seen.id, at(700))
    const { connection, outage } = await lose(store, seen)
    expect(connection.health.lastProofAt).toEqual(at(700))
    expect((await store.outages.find(outage.id))?.lastProofAt).toEqual(at(700))
  })

  test('without a card opens the outage alone', async () => {
    const { store } = world()
    const { outage } = await lose(store, await addConnection(store), { card: null })
    expect(await store.outages.find(outage.id)).toEqual(outage)
    expect(await store.messages.ofOutage(outage.id)).toBeUndefined()
  })

  test('turns the open outage into another kind and makes its card due', async () => {
    const { store } = world()
    const { connection, outage, card } = await lose(store, await addConnection(store))
    const told = { kind: 'permission' as const, cause: 'role_missing', explanation: 'API is off.' }
    const since = { ...connection.health, status: 'permission_required' as const, since: at(2000) }
    const change = aLoss(connection, { next: since, openOutage: null, card: null, changeOutage: told })
    expect(await store.connections.changeHealth(change)).toMatchObject({ version: 2, health: { status: 'permission_required' } })
    expect(await store.outages.find(outage.id)).toEqual({ ...outage, ...told })
    expect(await store.messages.find(card!.id)).toMatchObject({ wanted: 2 })
  })

  test('that only doubts the connection changes no outage and no card', async () => {
    const { store } = world()
    const seen = await addConnection(store)
    const doubt = aLoss(seen, { next: { ...seen.health, suspectSince: at(10) }, openOutage: null, card: null })
    expect(await store.connections.changeHealth(doubt)).toMatchObject({ version: 1, health: { suspectSince: at(10) } })
    expect(await store.connections.overview(seen.id)).toMatchObject({ outage: null })
  })

  test('withdraws a red card that turned out wrong, visibly', async () => {
    const { store } = world()
    const { connection, outage, card } = await lose(store, await addConnection(store, { kind: 'ads' }))
    const recovery = aRecovery(connection, 5000, { report: null })
    expect(await store.connections.changeHealth(recovery)).toMatchObject({ version: 2, health: { status: 'connected' } })
    expect(await store.outages.find(outage.id)).toEqual({ ...outage, closedAt: at(5000), closedHow: 'withdrawn' })
    expect(await store.messages.find(card!.id)).toMatchObject({ wanted: 2 })
    expect(await store.outages.catchUpOf(outage.id)).toBeUndefined()
  })
})

contract('the card of an outage that comes back soon', (world) => {
  test('is used again, in its place in the channel', async () => {
    const { store } = world()
    const first = await lose(store, await addConnection(store))
    await show(store, first.card!.id, '11.1')
    const healthy = (await store.connections.changeHealth(aRecovery(first.connection, 5000)))!
    const again = await lose(store, healthy, { reuseCardClosedAfter: at(4999) })
    expect(await store.messages.ofOutage(again.outage.id)).toMatchObject({ id: first.card!.id, ts: '11.1', catchUpId: null })
    expect(await store.messages.find(again.card!.id)).toBeUndefined()
    const due = await store.messages.claim(at(6000), at(9000), 'me', 9)
    expect(due.map(({ id }) => id)).toContain(first.card!.id)
  })

  test('is left alone when the outage closed too long ago', async () => {
    const { store } = world()
    const first = await lose(store, await addConnection(store))
    const healthy = (await store.connections.changeHealth(aRecovery(first.connection, 5000)))!
    const again = await lose(store, healthy, { reuseCardClosedAfter: at(5000) })
    expect(await store.messages.ofOutage(again.outage.id)).toEqual(again.card)
    expect(await store.messages.ofOutage(first.outage.id)).toMatchObject({ id: first.card!.id })
  })

  test('is left alone when the connection has another channel now', async () => {
    const { store } = world()
    const first = await lose(store, await addConnection(store))
    const healthy = (await store.connections.changeHealth(aRecovery(first.connection, 5000)))!
    const loss = aLoss(healthy, { reuseCardClosedAfter: at(0) })
    await store.connections.changeHealth({ ...loss, card: { ...loss.card!, channelId: 'C2' } })
    expect(await store.messages.ofOutage(loss.openOutage!.id)).toMatchObject({ id: loss.card!.id, channelId: 'C2' })
  })

  async function show(store: Store, id: string, ts: string) {
    const claimed = await store.messages.claim(at(1000), at(2000), 'me', 9)
    const card = claimed.find((message) => message.id === id)!
    await store.messages.shown(card, 'me', { ts, channelId: 'C1', version: 1, at: at(1000), dueAt: null })
  }
})

contract('reauthorizing', (world) => {
  test('swaps the grant, closes the outage with who did it, and makes card and check due', async () => {
    const { store } = world()
    const { connection, outage, card } = await lose(store, await addConnection(store))
    const change = aReauthorization(connection, { account: { ...ACCOUNT, name: 'Acme Group', via: '77' } })
    const done = (await store.connections.reauthorize(change))!
    expect(done.connection).toMatchObject({
      version: 2,
      grantId: change.grant.id,
      accountName: 'Acme Group',
      accountVia: '77',
      ownerId: 'U2',
      health: { status: 'connected', since: at(60_000), cause: null, explanation: null, lastProofAt: at(60_000) },
    })
    expect(await store.connections.find(connection.id)).toEqual(done.connection)
    expect(await store.outages.find(outage.id)).toMatchObject({
      closedAt: at(60_000),
      closedHow: 'reauthorized',
      closedBy: 'U2',
      closedByUsername: 'back@acme.example',
    })
    expect((await store.messages.find(card!.id))?.wanted).toBeGreaterThan(1)
    expect(await store.grants.all()).toEqual([change.grant])
    expect(await store.checks.claim(at(60_000), at(70_000), 'me', 9)).toEqual([done.connection])
    expect(await store.history.of(connection.id, 1)).toEqual([change.audit])
  })

  test('of nothing missed is finished at once, and the report is due', async () => {
    const { store } = world()
    const { connection, outage } = await lose(store, await addConnection(store))
    const change = aReauthorization(connection)
    const { catchUp } = (await store.connections.reauthorize(change))!
    expect(catchUp).toMatchObject({ id: change.catchUpId, outageId: outage.id, expected: 0, finishedAt: at(60_000) })
    expect(await store.outages.catchUp(change.catchUpId)).toEqual(catchUp)
    expect(await store.outages.catchUpOf(outage.id)).toEqual(catchUp)
    const due = await store.messages.claim(at(60_000), at(70_000), 'me', 9)
    expect(due.find(({ kind }) => kind === 'report')).toMatchObject({ id: change.report.id, wanted: 1, catchUpId: catchUp!.id })
    expect(due.find(({ kind }) => kind === 'outage')).toMatchObject({ catchUpId: catchUp!.id })
  })

  test('is refused when the connection has changed since it was read, and leaves no grant behind', async () => {
    const { store } = world()
    const seen = await addConnection(store)
    await lose(store, seen)
    const late = aReauthorization(seen)
    expect(await store.connections.reauthorize(late)).toBeUndefined()
    expect(await store.grants.find(late.grant.id)).toBeUndefined()
    expect(await store.grants.find(seen.grantId)).toBeDefined()
  })

  test('is done once when two browsers come back at the same moment', async () => {
    const { store, other } = world()
    const { connection } = await lose(store, await addConnection(store))
    const changes = [aReauthorization(connection), aReauthorization(connection)]
    const outcomes = await Promise.all([store.connections.reauthorize(changes[0]!), other.connections.reauthorize(changes[1]!)])
    expect(outcomes.filter((done) => done !== undefined)).toHaveLength(1)
    expect(await store.grants.all()).toHaveLength(1)
    const due = await store.messages.claim(at(60_000), at(70_000), 'me', 9)
    expect(due.filter(({ kind }) => kind === 'report')).toHaveLength(1)
  })

  test('a connection that works swaps the grant and reports nothing', async () => {
    const { store } = world()
    const seen = await addConnection(store)
    const change = aReauthorization(seen, { byUser: null })
    const done = (await store.connections.reauthorize(change))!
    expect(done).toMatchObject({
      catchUp: null,
      connection: { ownerId: 'U1', health: { since: at(0), lastProofAt: at(60_000) } },
    })
    expect(await store.messages.find(change.report.id)).toBeUndefined()
  })

  test('an ad platform begins a gap instead of a catch-up, and its report waits for what it tells', async () => {
    const { store } = world()
    const { connection, outage, card } = await lose(store, await addConnection(store, { kind: 'ads' }))
    const change = aReauthorization(connection)
    expect(await store.connections.reauthorize(change)).toMatchObject({ catchUp: null })
    expect(await store.outages.find(outage.id)).toMatchObject({ closedHow: 'reauthorized' })
    expect(await store.messages.find(card!.id)).toMatchObject({ wanted: 2 })
    const gap = { outageId: outage.id, since: outage.lastProofAt, until: change.at, costs: null, tags: null, finishedAt: null }
    expect(await store.gaps.unfinished(connection.id)).toMatchObject(gap)
    expect(await store.messages.find(change.report.id)).toMatchObject({ outageId: outage.id, wanted: 0 })
  })

  test('keeps a grant that another connection uses, and deletes it when the last one leaves', async () => {
    const { store, other } = world()
    const shared = anId('grant')
    const added = []
    for (let n = 0; n < 6; n++) added.push(await addConnection(store, { grantId: shared }))
    await store.connections.reauthorize(aReauthorization(added[0]!))
    expect(await store.grants.find(shared)).toBeDefined()
    const rest = added.slice(1).map((seen, n) => (n % 2 ? store : other).connections.reauthorize(aReauthorization(seen)))
    await Promise.all(rest)
    expect(await store.grants.find(shared)).toBeUndefined()
    expect(await store.grants.all()).toHaveLength(6)
  })
})

contract('outages', (world) => {
  test('tells of an open misconfigured one with a card, of the same app and workspace only', async () => {
    const { store } = world()
    const seen = await addConnection(store, { teamId: 'T1' })
    const sameApp = await addConnection(store, { teamId: 'T1' })
    const otherApp = await addConnection(store, { teamId: 'T1' }, { clientId: 'another' })
    const elsewhere = await addConnection(store, { teamId: 'T2' })
    const told = (of: Connection) => store.outages.openMisconfigured(of.grantId)
    expect(await told(seen)).toBeUndefined()
    const openOutage = anOutage({ connectionId: seen.id, kind: 'misconfigured' })
    const card = aMessage({ connectionId: seen.id, outageId: openOutage.id })
    const { connection } = await lose(store, seen, { openOutage, card })
    await lose(store, await addConnection(store, { teamId: 'T2' }))
    expect(await told(seen)).toEqual({ ...openOutage, cardId: card.id })
    expect(await told(sameApp)).toEqual({ ...openOutage, cardId: card.id })
    expect(await told(otherApp)).toBeUndefined()
    expect(await told(elsewhere)).toBeUndefined()
    await store.connections.changeHealth(aRecovery(connection, 5000))
    expect(await told(sameApp)).toBeUndefined()
  })

  test('notes once that a login did not come back, and tells it in the thread', async () => {
    const { store, other } = world()
    const { connection, outage, card } = await lose(store, await addConnection(store))
    await store.outages.loginBegun(outage.id, at(2000))
    expect(await store.outages.loginsNotFinished(at(2000))).toEqual([])
    const [waiting] = await store.outages.loginsNotFinished(at(2001))
    expect(waiting).toMatchObject({ id: outage.id, loginBegunAt: at(2000) })
    const notice = () => aMessage({ connectionId: connection.id, kind: 'notice', threadOf: card!.id, outageId: outage.id })
    const [first, second] = [notice(), notice()]
    const noted = await Promise.all([
      store.outages.noteLoginNotFinished(waiting!, first, at(3000)),
      other.outages.noteLoginNotFinished(waiting!, second, at(3000)),
    ])
    expect(noted.filter((won) => won)).toHaveLength(1)
    const stored = [await store.messages.find(first.id), await store.messages.find(second.id)]
    expect(stored.filter((message) => message !== undefined)).toHaveLength(1)
    expect(await store.outages.loginsNotFinished(at(9999))).toEqual([])
  })

  test('forgets a login that was begun anew or came back', async () => {
    const { store } = world()
    const { connection, outage } = await lose(store, await addConnection(store))
    await store.outages.loginBegun(outage.id, at(2000))
    const [before] = await store.outages.loginsNotFinished(at(2001))
    await store.outages.loginBegun(outage.id, at(2500))
    expect(await store.outages.noteLoginNotFinished(before!, aMessage({ connectionId: connection.id }), at(3000))).toBe(false)
    await store.outages.loginCameBack(outage.id)
    expect(await store.outages.loginsNotFinished(at(9999))).toEqual([])
    await store.outages.loginBegun(outage.id, at(4000))
    await store.connections.reauthorize(aReauthorization(connection))
    expect(await store.outages.loginsNotFinished(at(9999))).toEqual([])
    await store.outages.loginBegun(outage.id, at(70_000))
    expect((await store.outages.find(outage.id))?.loginBegunAt).toBeNull()
  })
})
