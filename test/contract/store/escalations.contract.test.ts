import { expect, test } from 'vitest'
import type { Escalation } from '../../../src/domain/cards/escalation.ts'
import type { Connection } from '../../../src/domain/connections/connection.ts'
import type { HealthChange } from '../../../src/domain/connections/connection-store.ts'
import type { Store } from '../../../src/domain/store.ts'
import { addConnection, aLoss, aMessage, anAuditEntry, anId, anOutage, aReauthorization, at } from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'

const REMIND_AT = at(3_601_000)

/** Loses the grant; the card asks, and reminds first at REMIND_AT. */
async function ask(store: Store, over: Partial<HealthChange> = {}, seen?: Connection) {
  const change = aLoss(seen ?? (await addConnection(store)), { remindAt: REMIND_AT, ...over })
  const connection = await store.connections.changeHealth(change)
  if (!connection || !change.openOutage || !change.card) throw new Error('lost the race')
  const card = (await store.messages.ofOutage(change.openOutage.id))!
  return { connection, outage: change.openOutage, card, escalation: (await store.escalations.ofCard(card.id))! }
}

/** It shares no card. */
const ofItsOwnApp = (store: Store) => addConnection(store, {}, { clientId: anId('client') })

const claimed = (by = 'U1', ms = 2000) => ({ by, at: at(ms), until: at(ms + 14_400_000) })
const next = (over: Partial<Escalation> = {}) => ({
  claim: null,
  snooze: null,
  last: { action: 'claim' as const, by: 'U1', at: at(2000) },
  remindAt: REMIND_AT,
  ...over,
})
const anEntry = (connectionId: string) => anAuditEntry({ connectionId, actor: 'U1', action: 'claimed', at: at(2000) })
const aReminder = (connectionId: string, threadOf: string) =>
  aMessage({ connectionId, kind: 'notice', threadOf, notice: { kind: 'reminder', ranOut: null, snoozed: null } })

/** Works again although nobody logged in. */
function aRecovery(seen: Connection, ms: number): HealthChange {
  const catchUpId = anId('catchup')
  const report = aMessage({ connectionId: seen.id, kind: 'report', catchUpId, wanted: 0 })
  return aLoss(seen, {
    next: { ...seen.health, status: 'connected', since: at(ms), cause: null, explanation: null, lastProofAt: at(ms) },
    openOutage: null,
    card: null,
    closeOutage: { how: 'withdrawn', at: at(ms), catchUpId, report, hold: null },
  })
}

contract('the escalation of a card', (world) => {
  test('begins with the card that asks, and not with one that reminds nobody', async () => {
    const { store } = world()
    const { card, escalation } = await ask(store)
    expect(escalation).toEqual({
      messageId: card.id,
      openedAt: at(1000),
      claim: null,
      snooze: null,
      last: null,
      step: 0,
      reminderId: null,
      remindAt: REMIND_AT,
      endedAt: null,
      version: 1,
    })
    const quiet = await ask(store, { remindAt: null }, await ofItsOwnApp(store))
    expect(quiet.escalation).toBeUndefined()
  })

  test('takes what a person did, makes the card due and writes the history, together', async () => {
    const { store } = world()
    const { connection, card, escalation } = await ask(store)
    const audit = anEntry(connection.id)
    const claim = claimed()
    const snooze = { by: 'U2', at: at(2000), until: at(9000) }
    const to = next({ claim, snooze, remindAt: at(9000) })
    expect(await store.escalations.change(escalation, to, audit, at(2000))).toBe(true)
    expect(await store.escalations.ofCard(card.id)).toEqual({ ...escalation, ...to, version: 2 })
    expect(await store.messages.find(card.id)).toMatchObject({ wanted: 2 })
    expect(await store.history.of(connection.id, 1)).toEqual([audit])
    // And what it was based on is refused from then on.
    expect(await store.escalations.change(escalation, next(), anEntry(connection.id), at(2001))).toBe(false)
    expect(await store.messages.find(card.id)).toMatchObject({ wanted: 2 })
    expect(await store.history.of(connection.id, 9)).toHaveLength(2)
  })

  test('takes one of ten things that were done at once', async () => {
    const { store, other } = world()
    const { connection, card, escalation } = await ask(store)
    const acts = Array.from({ length: 10 }, (_, n) =>
      (n % 2 ? store : other).escalations.change(escalation, next({ claim: claimed(`U${n}`) }), anEntry(connection.id), at(2000)),
    )
    expect((await Promise.all(acts)).filter((won) => won)).toHaveLength(1)
    expect(await store.escalations.ofCard(card.id)).toMatchObject({ version: 2 })
  })

  test('ends with its outage, however that ends, and takes nothing more', async () => {
    const { store } = world()
    const withdrawn = await ask(store)
    await store.connections.changeHealth(aRecovery(withdrawn.connection, 5000))
    const back = await ask(store)
    await store.connections.reauthorize(aReauthorization(back.connection))
    for (const [{ card, escalation, connection }, endedAt] of [[withdrawn, at(5000)] as const, [back, at(60_000)] as const]) {
      const ended = await store.escalations.ofCard(card.id)
      expect(ended).toEqual({ ...escalation, endedAt, remindAt: null, version: 2 })
      expect(await store.escalations.change(ended!, next(), anEntry(connection.id), at(70_000))).toBe(false)
    }
    expect(await store.escalations.due(at(9_999_999_999), at(9_999_999_999_999), 'me', 9)).toEqual([])
  })

  test('is never claimed after its outage has ended, when both come at once', async () => {
    const { store, other } = world()
    for (let round = 0; round < 5; round++) {
      const { connection, card, escalation } = await ask(store)
      const [claim] = await Promise.all([
        other.escalations.change(escalation, next({ claim: claimed() }), anEntry(connection.id), at(2000)),
        store.connections.reauthorize(aReauthorization(connection)),
      ])
      const ended = await store.escalations.ofCard(card.id)
      expect(ended).toMatchObject({ endedAt: at(60_000), remindAt: null, version: claim ? 3 : 2 })
    }
  })

  test('begins anew when the card is used again, with an alert below the card that is edited', async () => {
    const { store } = world()
    const first = await ask(store)
    await store.escalations.change(first.escalation, next({ claim: claimed() }), anEntry(first.connection.id), at(2000))
    const healthy = (await store.connections.changeHealth(aRecovery(first.connection, 5000)))!
    const alert = aMessage({ connectionId: healthy.id, kind: 'notice', broadcast: true, notice: { kind: 'asks_anew' } })
    const again = await ask(store, { reuseCardClosedAfter: at(4000), alert }, healthy)
    expect(again.card.id).toBe(first.card.id)
    expect(again.escalation).toEqual({ ...first.escalation, version: 4 })
    expect(await store.messages.find(alert.id)).toEqual({ ...alert, threadOf: first.card.id })
  })

  test('has no alert where a new card is posted', async () => {
    const { store } = world()
    const alert = aMessage({ kind: 'notice', notice: { kind: 'asks_anew' } })
    await ask(store, { alert })
    expect(await store.messages.find(alert.id)).toBeUndefined()
  })

  test('begins anew when the outage turns out to be of another kind, with an alert', async () => {
    const { store } = world()
    const { connection, card, escalation } = await ask(store)
    await store.escalations.change(escalation, next({ snooze: claimed() }), anEntry(connection.id), at(1500))
    const told = { kind: 'permission' as const, cause: 'role_missing', explanation: 'API is off.' }
    const alert = aMessage({ connectionId: connection.id, kind: 'notice', notice: { kind: 'asks_anew' } })
    const since = { ...connection.health, status: 'permission_required' as const, since: at(3000) }
    const turned = { openOutage: null, card: null, changeOutage: told, remindAt: at(7000), alert }
    await store.connections.changeHealth(aLoss(connection, { next: since, ...turned }))
    expect(await store.escalations.ofCard(card.id)).toEqual({ ...escalation, openedAt: at(3000), remindAt: at(7000), version: 3 })
    expect(await store.messages.find(alert.id)).toMatchObject({ threadOf: card.id })
    expect(await store.messages.find(card.id)).toMatchObject({ wanted: 3 })
  })

  test('begins with the card of an outage that had none', async () => {
    const { store } = world()
    const seen = await addConnection(store)
    const openOutage = anOutage({ connectionId: seen.id, kind: 'misconfigured' })
    const connection = (await store.connections.changeHealth(aLoss(seen, { openOutage, card: null })))!
    const told = { kind: 'authorization' as const, cause: 'revoked', explanation: 'Revoked.' }
    const card = aMessage({ connectionId: seen.id, outageId: openOutage.id })
    const alert = aMessage({ kind: 'notice', notice: { kind: 'asks_anew' } })
    const turned = { openOutage: null, card, changeOutage: told, remindAt: REMIND_AT, alert }
    await store.connections.changeHealth(aLoss(connection, turned))
    expect(await store.escalations.ofCard(card.id)).toMatchObject({ remindAt: REMIND_AT, version: 1 })
    expect(await store.messages.find(alert.id)).toBeUndefined()
  })
})

contract('reminders', (world) => {
  const told = (over: Partial<Escalation> = {}) => ({ claim: null, snooze: null, step: 1, remindAt: at(20_000_000), ...over })

  test('are given to one of many machines that ask at once, when they are due', async () => {
    const { store, other } = world()
    const cards: string[] = []
    const noStorm = { storm: { cards: 99, withinMs: 1 } }
    for (let n = 0; n < 12; n++) cards.push((await ask(store, noStorm, await ofItsOwnApp(store))).card.id)
    expect(await store.escalations.due(at(3_600_999), at(3_700_000), 'me', 99)).toEqual([])
    const asking = Array.from({ length: 6 }, (_, n) =>
      (n % 2 ? store : other).escalations.due(REMIND_AT, at(3_700_000), `m${n}`, 3),
    )
    const given = (await Promise.all(asking)).flat().map(({ messageId }) => messageId)
    const rest = await store.escalations.due(REMIND_AT, at(3_700_000), 'last', 99)
    expect([...given, ...rest.map(({ messageId }) => messageId)].sort()).toEqual(cards.sort())
  })

  test('are posted with what comes next, and their claim is over', async () => {
    const { store } = world()
    const { connection, card } = await ask(store)
    const [seen] = await store.escalations.due(REMIND_AT, at(3_700_000), 'me', 9)
    const reminder = aReminder(connection.id, card.id)
    expect(await store.escalations.remind(seen!, 'me', reminder, told(), at(3_602_000))).toBe(true)
    expect(await store.escalations.ofCard(card.id)).toEqual({ ...seen, ...told(), reminderId: reminder.id })
    expect(await store.messages.find(reminder.id)).toEqual(reminder)
    // The same once more is refused: its claim is gone.
    expect(await store.escalations.remind(seen!, 'me', aReminder(connection.id, card.id), told(), at(3_603_000))).toBe(false)
    expect(await store.escalations.due(at(19_999_999), at(20_000_000), 'me', 9)).toEqual([])
    expect(await store.escalations.due(at(20_000_000), at(21_000_000), 'me', 9)).toHaveLength(1)
  })

  test('are not posted once somebody did something, the outage ended, or another machine has taken over', async () => {
    const { store } = world()
    const changed = await ask(store)
    const ended = await ask(store)
    const lost = await ask(store)
    const seen = await store.escalations.due(REMIND_AT, at(3_700_000), 'me', 9)
    const of = (messageId: string) => seen.find((one) => one.messageId === messageId)!
    await store.escalations.change(of(changed.card.id), next(), anEntry(changed.connection.id), at(3_602_000))
    await store.connections.reauthorize(aReauthorization(ended.connection))
    await store.escalations.due(at(3_700_000), at(3_800_000), 'another', 9)
    for (const { connection, card } of [changed, ended, lost]) {
      const reminder = aReminder(connection.id, card.id)
      expect(await store.escalations.remind(of(card.id), 'me', reminder, told(), at(3_700_001))).toBe(false)
      expect(await store.messages.find(reminder.id)).toBeUndefined()
    }
  })

  test('are due of no card that is gone', async () => {
    const { store } = world()
    const { card } = await ask(store)
    await store.messages.claim(at(2000), at(9000), 'me', 9)
    await store.messages.drop(card, 'me')
    expect(await store.escalations.due(REMIND_AT, at(3_700_000), 'me', 9)).toEqual([])
  })

  test('stay with whoever works on them, and are free again after a crash', async () => {
    const { store } = world()
    await ask(store)
    await store.escalations.due(REMIND_AT, at(3_610_000), 'me', 9)
    await store.escalations.renew('me', at(3_605_000), at(3_620_000))
    expect(await store.escalations.due(at(3_619_999), at(3_630_000), 'you', 9)).toEqual([])
    await store.leases.releaseAll()
    expect(await store.escalations.due(at(3_605_000), at(3_630_000), 'you', 9)).toHaveLength(1)
  })
})
