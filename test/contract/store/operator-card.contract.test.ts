import { expect, test } from 'vitest'
import type { Connection } from '../../../src/domain/connections/connection.ts'
import type { HealthChange } from '../../../src/domain/connections/connection-store.ts'
import type { Store } from '../../../src/domain/store.ts'
import { addConnection, aLoss, aMessage, anAuditEntry, anId, anOutage, at } from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'

/** An outage that the card of another connection tells. */
async function loseQuietly(store: Store): Promise<{ connection: Connection; outageId: string }> {
  const seen = await addConnection(store, { teamId: 'T1' }, { clientId: 'app' })
  const openOutage = anOutage({ connectionId: seen.id, kind: 'misconfigured' })
  const connection = await store.connections.changeHealth(aLoss(seen, { openOutage, card: null }))
  if (!connection) throw new Error('lost the race')
  return { connection, outageId: openOutage.id }
}

function turnsRed({ connection, outageId }: { connection: Connection; outageId: string }): HealthChange {
  const card = aMessage({ teamId: 'T1', connectionId: connection.id, outageId, createdAt: at(2000) })
  const changeOutage = { kind: 'authorization' as const, cause: 'revoked', explanation: 'Revoked.' }
  return aLoss(connection, { openOutage: null, changeOutage, card })
}

/** An outage with the card that tells of all of the app. */
async function loseLoudly(store: Store, clientId = 'app') {
  const seen = await addConnection(store, { teamId: 'T1' }, { clientId })
  const openOutage = anOutage({ connectionId: seen.id, kind: 'misconfigured' })
  const card = aMessage({ teamId: 'T1', connectionId: seen.id, outageId: openOutage.id })
  const connection = await store.connections.changeHealth(aLoss(seen, { openOutage, card }))
  if (!connection) throw new Error('lost the race')
  return { connection, outageId: openOutage.id, card }
}

function turning(
  { connection, outageId }: { connection: Connection; outageId: string },
  kind: 'authorization' | 'permission' = 'authorization',
) {
  const alert = aMessage({ teamId: 'T1', connectionId: connection.id, kind: 'notice', notice: { kind: 'asks_anew' } })
  const red = turnsRed({ connection, outageId })
  const changeOutage = { kind, cause: 'revoked', explanation: 'Revoked.' }
  return { alert, change: { ...red, changeOutage, remindAt: at(60_000), alert } }
}

/** What hid behind the set-up problem turns red. */
async function takeOver(store: Store) {
  const quiet = await loseQuietly(store)
  const { alert, change } = turning(quiet)
  const connection = await store.connections.changeHealth(change)
  if (!connection) throw new Error('lost the race')
  return { connection, outageId: quiet.outageId, alert }
}

async function comeBack(store: Store, seen: Connection): Promise<void> {
  const next = { ...seen.health, status: 'connected' as const, since: at(5000), cause: null, explanation: null }
  const closeOutage = { how: 'recovered' as const, at: at(5000), catchUpId: anId('catchup'), report: null, hold: null }
  await store.connections.changeHealth(aLoss(seen, { next, openOutage: null, card: null, closeOutage }))
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

async function show(store: Store, cardId: string): Promise<void> {
  const card = (await store.messages.claim(at(3000), at(3001), 'me', 99)).find(({ id }) => id === cardId)
  if (!card) throw new Error('the card is not due')
  const shown = { ts: '1.1', channelId: 'C1', version: card.wanted, at: at(3000), dueAt: null }
  await store.messages.shown(card, 'me', shown)
}

async function remove(store: Store, seen: Connection): Promise<void> {
  const told = { name: seen.name, account: 'Acme', provider: 'Salesforce', by: 'U1', waiting: 0, rejected: 0, channelId: null }
  const notice = (isCard: boolean) => ({ kind: 'connection_removed' as const, ...told, isCard })
  const line = aMessage({ connectionId: null, kind: 'notice', notice: notice(false) })
  const audit = anAuditEntry({ connectionId: seen.id, action: 'removed' })
  expect(await store.removals.remove({ seen, at: at(9000), closing: notice(true), line, audit })).toBe(true)
  while (await store.removals.forget(1000)) {
    // Until nothing is left of it.
  }
}

contract('an outage without a card', (world) => {
  test('does not stand for the others, which still need one', async () => {
    const { store } = world()
    const { connection } = await loseQuietly(store)
    expect(await store.outages.openMisconfigured(connection.grantId)).toBeUndefined()
  })

  test('gets its own when it turns out to be its own trouble, and only one', async () => {
    const { store } = world()
    const quiet = await loseQuietly(store)
    const change = turnsRed(quiet)
    const red = await store.connections.changeHealth(change)
    const messages = async () =>
      (await store.messages.claim(at(9000), at(9001), 'me', 9)).filter(({ kind }) => kind === 'outage').map(({ id }) => id)
    expect(await messages()).toEqual([change.card?.id])
    if (!red) throw new Error('lost the race')
    await store.connections.changeHealth(turnsRed({ connection: red, outageId: quiet.outageId }))
    expect((await store.messages.ofOutage(quiet.outageId))?.id).toBe(change.card?.id)
    expect((await store.messages.ofOutage(quiet.outageId))?.wanted).toBe(2)
  })

  test('takes over the card that told what was wrong with the app, with an alert, when it turns red before the one that has it', async () => {
    const { store } = world()
    const seen = await addConnection(store, { teamId: 'T1' }, { clientId: 'app' })
    const openOutage = anOutage({ connectionId: seen.id, kind: 'misconfigured' })
    const card = aMessage({ teamId: 'T1', connectionId: seen.id, outageId: openOutage.id })
    const first = (await store.connections.changeHealth(aLoss(seen, { openOutage, card })))!
    const quiet = await loseQuietly(store)
    const alert = aMessage({ teamId: 'T1', connectionId: seen.id, kind: 'notice', notice: { kind: 'asks_anew' } })
    const remindAt = at(60_000)
    await store.connections.changeHealth({ ...turnsRed(quiet), remindAt, alert })
    const kinds = async () => (await store.outages.ofCard(card.id)).map(({ outage }) => outage.kind).sort()
    expect(await kinds()).toEqual(['authorization', 'misconfigured'])
    expect(await store.messages.find(alert.id)).toMatchObject({ threadOf: card.id })
    expect(await store.escalations.ofCard(card.id)).toMatchObject({ remindAt, endedAt: null })
    // What shows it next is told by it already.
    const second = aMessage({ teamId: 'T1', connectionId: seen.id, kind: 'notice', notice: { kind: 'asks_anew' } })
    await store.connections.changeHealth({
      ...turnsRed({ connection: first, outageId: openOutage.id }),
      remindAt: at(90_000),
      alert: second,
    })
    expect(await kinds()).toEqual(['authorization', 'authorization'])
    expect(await store.messages.find(second.id)).toBeUndefined()
    expect(await store.escalations.ofCard(card.id)).toMatchObject({ remindAt })
  })

  test('asks nobody any more when what took its card over is back, and only the set-up is wrong', async () => {
    const { store } = world()
    const { card } = await loseLoudly(store)
    const taker = await takeOver(store)
    expect((await store.messages.find(taker.alert.id))?.threadOf).toBe(card.id)
    await comeBack(store, taker.connection)
    expect(await store.escalations.ofCard(card.id)).toMatchObject({ remindAt: null, endedAt: at(5000) })
    const next = await takeOver(store)
    expect((await store.messages.find(next.alert.id))?.threadOf).toBe(card.id)
    expect(await store.escalations.ofCard(card.id)).toMatchObject({ remindAt: at(60_000), endedAt: null })
  })

  test('reminds of nothing on its card while what took that over is paused', async () => {
    const { store } = world()
    const { card, connection } = await loseLoudly(store)
    const taker = await takeOver(store)
    const remindAt = async () => (await store.escalations.ofCard(card.id))?.remindAt
    const paused = await pause(store, taker.connection)
    expect(await remindAt()).toBeNull()
    await pause(store, (await pause(store, connection))!, false)
    expect(await remindAt()).toBeNull()
    await pause(store, paused!, false)
    expect(await remindAt()).toEqual(at(99_000))
  })

  test('is told anew when it lacks a right, and what took its card over is paused', async () => {
    const { store } = world()
    const first = await loseLoudly(store)
    await pause(store, (await takeOver(store)).connection)
    const { alert, change } = turning(first, 'permission')
    await store.connections.changeHealth(change)
    expect((await store.messages.find(alert.id))?.threadOf).toBe(first.card.id)
    expect(await store.escalations.ofCard(first.card.id)).toMatchObject({ remindAt: at(60_000) })
  })

  test('keeps its card when what took that over is removed, and takes it along when it is removed itself', async () => {
    const { store } = world()
    const { card, connection, outageId } = await loseLoudly(store)
    await show(store, card.id)
    const taker = await takeOver(store)
    await remove(store, taker.connection)
    expect(await store.messages.find(card.id)).toMatchObject({ connectionId: connection.id, outageId })
    await remove(store, (await store.connections.find(connection.id))!)
    expect(await store.messages.find(card.id)).toMatchObject({ kind: 'notice', notice: { kind: 'connection_removed' } })
  })

  test('gets the card that told of it when the connection that has it is removed', async () => {
    const { store } = world()
    const { card, connection } = await loseLoudly(store)
    await show(store, card.id)
    const quiet = await loseQuietly(store)
    await loseQuietly(store)
    await remove(store, connection)
    const seen = { connectionId: quiet.connection.id, outageId: quiet.outageId, kind: 'outage' }
    expect(await store.messages.find(card.id)).toMatchObject(seen)
    expect((await store.outages.ofCard(card.id)).map(({ outage }) => outage.id)).toEqual([quiet.outageId])
    expect((await store.outages.openMisconfigured(quiet.connection.grantId))?.id).toBe(quiet.outageId)
  })

  test('stays without a card of its own when that of another app is removed', async () => {
    const { store } = world()
    const { connection } = await loseLoudly(store, 'other app')
    const quiet = await loseQuietly(store)
    await remove(store, connection)
    expect(await store.outages.openMisconfigured(quiet.connection.grantId)).toBeUndefined()
  })
})
