import { expect, test } from 'vitest'
import type { Message } from '../../../src/domain/cards/card.ts'
import type { Store } from '../../../src/domain/store.ts'
import { addConnection, aMessage, at } from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'

async function aClaimed(store: Store, over: Partial<Message> = {}): Promise<Message> {
  const { id: connectionId } = await addConnection(store)
  const message = aMessage({ connectionId, ...over })
  await store.messages.add(message, message.createdAt)
  const claimed = await store.messages.claim(message.createdAt, at(9_000_000), 'me', 99)
  return claimed.find(({ id }) => id === message.id)!
}

const shown = { ts: '10.1', channelId: 'C1', version: 1, at: at(50), dueAt: null }

contract('a message whose channel refuses it', (world) => {
  const detour = { channelId: 'C1', reason: 'is_archived', at: at(40) }

  test('goes somewhere else and remembers why, until it is where it belongs', async () => {
    const { store } = world()
    const message = await aClaimed(store, { uncertainSince: at(1) })
    await store.messages.redirect(message, 'me', 'U1', detour)
    const redirected = { ...message, channelId: 'U1', detour, uncertainSince: null }
    expect(await store.messages.find(message.id)).toEqual(redirected)
    await store.messages.redirect(message, 'somebody else', 'C9', null)
    expect(await store.messages.find(message.id)).toEqual(redirected)
    const reply = aMessage({
      connectionId: message.connectionId,
      kind: 'notice',
      notice: { kind: 'card_moved', to: 'C1' },
      ts: '9.9',
    })
    await store.messages.shown(message, 'me', { ...shown, told: 'state', detour: null, reply })
    expect(await store.messages.find(message.id)).toMatchObject({ channelId: 'C1', detour: null, told: 'state', ts: '10.1' })
    expect(await store.messages.find(reply.id)).toEqual(reply)
  })

  test('keeps what was told and where it is when that is left out', async () => {
    const { store } = world()
    const message = await aClaimed(store, { told: 'state', detour })
    await store.messages.shown(message, 'me', shown)
    expect(await store.messages.find(message.id)).toMatchObject({ told: 'state', detour })
  })

  test('is told to the operator for each channel, until something newer has been posted there', async () => {
    const { store } = world()
    expect(await store.messages.detours()).toEqual([])
    await aClaimed(store, { detour: { ...detour, at: at(30), reason: 'not_in_channel' }, channelId: 'U1', ts: '1.1' })
    await aClaimed(store, { detour, channelId: 'U2', ts: '2.1', createdAt: at(20) })
    const elsewhere = { channelId: 'C2', reason: 'channel_not_found', at: at(60) }
    await aClaimed(store, { detour: elsewhere, channelId: 'U1', ts: '3.1' })
    expect(await store.messages.detours()).toEqual([elsewhere, detour])
    await aClaimed(store, { channelId: 'C1', ts: '4.1', createdAt: at(19) })
    await aClaimed(store, { channelId: 'C1', ts: null, createdAt: at(70) })
    expect(await store.messages.detours()).toEqual([elsewhere, detour])
    await aClaimed(store, { channelId: 'C1', ts: '5.1', createdAt: at(71) })
    expect(await store.messages.detours()).toEqual([elsewhere])
  })

  test('is as if it had never been when nobody needs it any more', async () => {
    const { store } = world()
    const message = await aClaimed(store)
    await store.messages.drop(message, 'somebody else')
    expect(await store.messages.find(message.id)).toEqual(message)
    await store.messages.drop(message, 'me')
    expect(await store.messages.find(message.id)).toBeUndefined()
    expect(await store.messages.failed()).toEqual([])
  })
})
