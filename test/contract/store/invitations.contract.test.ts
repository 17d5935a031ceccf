import { expect, test } from 'vitest'
import type { Invitation } from '../../../src/domain/access/invitation.ts'
import type { Connection } from '../../../src/domain/connections/connection.ts'
import type { Store } from '../../../src/domain/store.ts'
import { addConnection, aLoss, aMessage, anAuditEntry, anId, aReauthorization, at } from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'

function anInvitation({ id, teamId }: Connection, over: Partial<Invitation> = {}): Invitation {
  return {
    id: anId('invitation'),
    teamId,
    connectionId: id,
    outageId: null,
    invitedBy: 'U1',
    invitedByName: 'Ana',
    invitedAt: at(0),
    expiresAt: at(1_000_000),
    endedAt: null,
    endedHow: null,
    ...over,
  }
}

const invitedEntry = ({ id, teamId }: Connection) =>
  anAuditEntry({ teamId, connectionId: id, actor: 'U1', action: 'invited', at: at(1) })

contract('invitations', (world) => {
  test('come back as they were, with a line in the history and one in the thread', async () => {
    const { store, other } = world()
    const connection = await addConnection(store)
    const invitation = anInvitation(connection, { outageId: 'outage_1' })
    const notice = aMessage({ connectionId: connection.id, kind: 'notice', createdAt: at(1) })
    const audit = invitedEntry(connection)
    await store.invitations.add(invitation, notice, audit)
    expect(await other.invitations.find(invitation.id)).toEqual(invitation)
    expect(await other.invitations.open(connection.id, at(5))).toEqual([invitation])
    expect(await other.invitations.open(connection.id, at(1_000_000))).toEqual([])
    expect((await store.history.of(connection.id, 1))[0]).toEqual(audit)
    expect(await store.messages.find(notice.id)).toMatchObject({ kind: 'notice', wanted: 1 })
    expect(await store.invitations.find('nobody')).toBeUndefined()
  })

  test('are withdrawn together, once, and only those of their connection', async () => {
    const { store, other } = world()
    const [one, two] = [await addConnection(store), await addConnection(store)]
    for (const connection of [one, one, two])
      await store.invitations.add(anInvitation(connection), null, invitedEntry(connection))
    const entry = () => anAuditEntry({ teamId: one.teamId, connectionId: one.id, action: 'invitation_withdrawn', at: at(2) })
    expect(await other.invitations.withdraw(one.id, at(2), aMessage({ connectionId: one.id }), entry())).toBe(2)
    expect(await store.invitations.withdraw(one.id, at(3), aMessage({ connectionId: one.id }), entry())).toBe(0)
    expect((await store.history.of(one.id, 9)).filter(({ action }) => action === 'invitation_withdrawn')).toHaveLength(1)
    expect(await store.invitations.open(two.id, at(3))).toHaveLength(1)
  })

  test('are used up by the login that came by one, and the others are over', async () => {
    const { store } = world()
    const connection = await addConnection(store)
    const [used, left] = [anInvitation(connection), anInvitation(connection)]
    await store.invitations.add(used, null, invitedEntry(connection))
    await store.invitations.add(left, null, invitedEntry(connection))
    expect(await store.connections.reauthorize(aReauthorization(connection, { invitationId: used.id }))).toBeDefined()
    expect(await store.invitations.find(used.id)).toMatchObject({ endedHow: 'used', endedAt: at(60_000) })
    expect(await store.invitations.find(left.id)).toMatchObject({ endedHow: 'over' })
    const again = await store.connections.find(connection.id)
    if (!again) throw new Error('the connection vanished')
    expect(await store.connections.reauthorize(aReauthorization(again, { invitationId: used.id }))).toBeUndefined()
    expect((await store.connections.find(connection.id))?.version).toBe(again.version)
  })

  test('of two logins by the same one only the first changes anything', async () => {
    const { store, other } = world()
    const connection = await addConnection(store)
    const invitation = anInvitation(connection)
    await store.invitations.add(invitation, null, invitedEntry(connection))
    const logins = [store, other].map((each) =>
      each.connections.reauthorize(aReauthorization(connection, { invitationId: invitation.id })),
    )
    expect((await Promise.all(logins)).filter((won) => won !== undefined)).toHaveLength(1)
  })

  test('that were withdrawn let nobody in', async () => {
    const { store } = world()
    const connection = await addConnection(store)
    const invitation = anInvitation(connection)
    await store.invitations.add(invitation, null, invitedEntry(connection))
    await store.invitations.withdraw(connection.id, at(2), null, anAuditEntry({ connectionId: connection.id }))
    expect(await store.connections.reauthorize(aReauthorization(connection, { invitationId: invitation.id }))).toBeUndefined()
    expect(await store.invitations.find(invitation.id)).toMatchObject({ endedHow: 'withdrawn', endedAt: at(2) })
  })

  test('are over when the outage is, also without a login', async () => {
    const { store } = world()
    const connection = await addConnection(store)
    const red = await store.connections.changeHealth(aLoss(connection))
    if (!red) throw new Error('it did not go red')
    const invitation = anInvitation(connection)
    await store.invitations.add(invitation, null, invitedEntry(connection))
    const closeOutage = { how: 'withdrawn' as const, at: at(2000), catchUpId: anId('catchup'), report: null, hold: null }
    const next = { ...red.health, status: 'connected' as const }
    await store.connections.changeHealth({ ...aLoss(red), next, openOutage: null, card: null, closeOutage })
    expect(await store.invitations.find(invitation.id)).toMatchObject({ endedHow: 'over', endedAt: at(2000) })
  })

  test('are forgotten some time after they ended', async () => {
    const { store } = world()
    const connection = await addConnection(store)
    const [old, young] = [anInvitation(connection, { expiresAt: at(10) }), anInvitation(connection, { expiresAt: at(20) })]
    for (const one of [old, young]) await store.invitations.add(one, null, invitedEntry(connection))
    expect(await store.invitations.forgetExpired(at(20))).toBe(1)
    expect(await store.invitations.find(young.id)).toBeDefined()
  })
})

async function showAll(store: Store): Promise<void> {
  const shown = await store.messages.claim(at(5000), at(9000), 'me', 99)
  for (const message of shown) {
    const { channelId } = message
    const ts = message.ts ?? `${message.id}.1`
    await store.messages.shown(message, 'me', { ts, channelId, version: message.wanted, at: at(5000), dueAt: null })
  }
}

contract('channels that people from outside see', (world) => {
  test('are remembered, each for its workspace', async () => {
    const { store, other } = world()
    expect(await store.outsiders.note('T1', 'C1', at(10), at(0))).toBe(true)
    expect(await other.outsiders.seenSince('T1', 'C1', at(10))).toBe(true)
    expect(await other.outsiders.seenSince('T1', 'C1', at(11))).toBe(false)
    expect(await other.outsiders.seenSince('T2', 'C1', at(0))).toBe(false)
    expect(await store.outsiders.note('T1', 'C1', at(20), at(0))).toBe(false) // no news
    expect(await store.outsiders.note('T1', 'C1', at(30), at(15))).toBe(true)
    expect(await store.outsiders.seenSince('T1', 'C1', at(30))).toBe(true)
  })

  test('make open cards there due, and nothing else', async () => {
    const { store } = world()
    const [red, well, elsewhere] = [await addConnection(store), await addConnection(store), await addConnection(store)]
    const loss = aLoss(red)
    await store.connections.changeHealth(loss)
    const away = aLoss(elsewhere)
    await store.connections.changeHealth({ ...away, card: away.card && { ...away.card, channelId: 'C9' } })
    await showAll(store)
    expect(await store.outsiders.channelsWithLinks()).toEqual(
      expect.arrayContaining([
        { teamId: 'T1', channelId: 'C1' },
        { teamId: 'T1', channelId: 'C9' },
      ]),
    )
    expect(await store.outsiders.channelsWithLinks()).toHaveLength(2)
    await store.outsiders.note('T1', 'C1', at(6000), at(0))
    const due = await store.messages.claim(at(6000), at(9000), 'me', 99)
    expect(due.map(({ id }) => id)).toEqual([loss.card?.id])
    expect(due.map(({ connectionId }) => connectionId)).not.toContain(well.id)
  })

  test('make what asks anew below an open card there due as well', async () => {
    const { store } = world()
    const loss = aLoss(await addConnection(store))
    await store.connections.changeHealth(loss)
    await showAll(store)
    const below = { connectionId: loss.seen.id, kind: 'notice' as const, threadOf: loss.card?.id ?? '' }
    const anew = aMessage({ ...below, notice: { kind: 'asks_anew' }, ts: '5.1', shown: 1 })
    const reminder = aMessage({ ...below, notice: { kind: 'reminder', ranOut: null, snoozed: null }, ts: '6.1', shown: 1 })
    for (const message of [anew, reminder]) await store.messages.add(message, at(9000))
    await store.outsiders.note(anew.teamId, anew.channelId, at(6000), at(0))
    const due = (await store.messages.claim(at(6000), at(9000), 'me', 99)).map(({ id }) => id)
    expect(due).toContain(anew.id)
    expect(due).not.toContain(reminder.id)
  })
})
