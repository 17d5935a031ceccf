import { expect, test } from 'vitest'
import type { Connection } from '../../../src/domain/connections/connection.ts'
import type { HealthChange } from '../../../src/domain/connections/connection-store.ts'
import type { Store } from '../../../src/domain/store.ts'
import { addConnection, aLoss, aMessage, anOutage, at } from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'

/** An outage that the card of another connection tells. */
async function loseQuietly(store: Store): Promise<{ connection: Connection; outageId: string }> {
  const seen = await addConnection(store, { teamId: 'T1' })
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
    const seen = await addConnection(store, { teamId: 'T1' })
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
})
