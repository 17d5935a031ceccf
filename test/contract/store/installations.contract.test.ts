import { expect, test } from 'vitest'
import type { Sealed } from '../../../src/domain/access/secrets.ts'
import { WORKSPACE_GONE } from '../../../src/domain/workspaces/installation.ts'
import { addConnection, aMessage, anInstallation, at, aWorkspace, aWorkspaceEntry } from '../../support/builders.ts'
import { contract, type TestStore } from '../../support/dialects.ts'

const BETA = aWorkspace({ teamId: 'T2', name: 'Beta' })

function install({ store }: TestStore, over: Parameters<typeof anInstallation>[0] = {}): Promise<void> {
  const installation = anInstallation(over)
  const { teamId, installedAt, installedBy } = installation
  const entry = aWorkspaceEntry({ teamId, actor: installedBy, at: installedAt })
  return store.installations.save(installation, { ...BETA, teamId }, entry)
}

async function installed({ store }: TestStore) {
  return (await store.installations.find('T2'))!
}

/** A connection whose welcome is shown already. */
async function addQuiet({ store }: TestStore, teamId: string) {
  const connection = await addConnection(store, { teamId })
  for (const { wanted, ...message } of await store.messages.claim(at(0), at(1), 'quiet', 9)) {
    const shown = { ts: '0.1', channelId: 'C0', version: wanted, at: at(0), dueAt: null }
    await store.messages.shown({ ...message, wanted }, 'quiet', shown)
  }
  return connection
}

contract('installations', (world) => {
  test('keeps one for each workspace, with who did it and the workspace itself', async () => {
    await install(world())
    await install(world(), { teamId: 'T3' })
    const { store } = world()
    const whole = { ...anInstallation(), channelId: null, endedAt: null, endedHow: null, version: 1 }
    expect(await store.installations.find('T2')).toEqual(whole)
    expect(await store.installations.find('T9')).toBeUndefined()
    expect(await store.installations.all()).toEqual([whole, { ...whole, teamId: 'T3' }])
    expect(await store.workspaces.all()).toContainEqual(BETA)
    expect(await store.installations.history('T2', 9)).toMatchObject([
      { teamId: 'T2', actor: 'U2', action: 'installed', at: at(0) },
    ])
  })

  test('installed anew it has the new token, and keeps its channel', async () => {
    await install(world())
    const { installations } = world().store
    expect(await installations.setChannel('T2', 'C2', aWorkspaceEntry({ action: 'channel_changed', at: at(1) }))).toBe(true)
    await install(world(), { sealed: 'another' as Sealed, installedBy: 'U3', installedAt: at(2) })
    expect(await installed(world())).toMatchObject({
      sealed: 'another',
      installedBy: 'U3',
      installedAt: at(2),
      channelId: 'C2',
      version: 2,
    })
    const history = await installations.history('T2', 2)
    expect(history.map(({ action, actor }) => [action, actor])).toEqual([
      ['installed', 'U3'],
      ['channel_changed', 'U2'],
    ])
  })

  test('ends once, and forgets the token', async () => {
    await install(world())
    const { installations } = world().store
    const seen = await installed(world())
    const end = () => installations.end(seen, 'uninstalled', aWorkspaceEntry({ actor: null, action: 'uninstalled', at: at(5) }))
    expect(await end()).toBe(true)
    expect(await end()).toBe(false)
    expect(await installed(world())).toMatchObject({ sealed: null, endedAt: at(5), endedHow: 'uninstalled', version: 2 })
    expect(await installations.setChannel('T2', 'C2', aWorkspaceEntry())).toBe(false)
    expect((await installations.history('T2', 9)).map(({ action }) => action)).toEqual(['uninstalled', 'installed'])
  })

  test('what is heard of an older installation does not end the new one', async () => {
    await install(world())
    const seen = await installed(world())
    await install(world(), { installedAt: at(2) })
    expect(await world().store.installations.end(seen, 'token_revoked', aWorkspaceEntry())).toBe(false)
    expect(await installed(world())).toMatchObject({ endedAt: null, version: 2 })
  })

  test('a token is sealed anew only if it is the one that was seen', async () => {
    await install(world())
    const { installations } = world().store
    const seen = await installed(world())
    await install(world(), { sealed: 'newer' as Sealed })
    expect(await installations.reseal(seen, 'anew' as Sealed)).toBe(false)
    expect(await installations.reseal(await installed(world()), 'anew' as Sealed)).toBe(true)
    expect((await installed(world())).sealed).toBe('anew')
    await installations.end(await installed(world()), 'uninstalled', aWorkspaceEntry())
    expect(await installations.reseal(await installed(world()), 'anew' as Sealed)).toBe(false)
  })

  test('is forgotten where the settings take over', async () => {
    await install(world())
    await world().store.installations.remove('T2')
    expect(await installed(world())).toBeUndefined()
  })

  test('a new installation brings back what was given up for the old one, but for old lines in threads', async () => {
    await install(world())
    const { store } = world()
    const { id: connectionId } = await addQuiet(world(), 'T2')
    const other = await addQuiet(world(), 'T1')
    const card = aMessage({ teamId: 'T2', connectionId, channelId: 'C2' })
    const reminder = aMessage({ teamId: 'T2', connectionId, kind: 'notice', threadOf: card.id })
    const unacceptable = aMessage({ teamId: 'T2', connectionId })
    const elsewhere = aMessage({ teamId: 'T1', connectionId: other.id })
    for (const message of [card, reminder, unacceptable, elsewhere]) await store.messages.add(message, at(1))
    for (const message of await store.messages.claim(at(1), at(99), 'me', 9)) {
      await store.messages.fail(message, 'me', message.id === unacceptable.id ? 'invalid_blocks' : WORKSPACE_GONE)
    }
    await store.installations.end(await installed(world()), 'uninstalled', aWorkspaceEntry())

    await install(world(), { installedAt: at(200) })
    const due = await store.messages.claim(at(200), at(300), 'me', 9)
    expect(due.map(({ id }) => id)).toEqual([card.id])
    expect((await store.messages.failed()).map(({ message }) => message.id).sort()).toEqual(
      [unacceptable.id, elsewhere.id].sort(),
    )
    await store.messages.shown(due[0]!, 'me', { ts: '1.1', channelId: 'C2', version: 2, at: at(201), dueAt: null })
    expect(await store.messages.claim(at(202), at(300), 'me', 9)).toEqual([])
  })

  test('installed anew while it lives, nothing that is due is dropped', async () => {
    await install(world())
    const { store } = world()
    const { id: connectionId } = await addQuiet(world(), 'T2')
    const card = aMessage({ teamId: 'T2', connectionId, ts: '1.1', shown: 1 })
    const line = aMessage({ teamId: 'T2', connectionId, kind: 'notice', threadOf: card.id })
    await store.messages.add(card, at(500))
    await store.messages.add(line, at(1))
    await install(world(), { installedAt: at(2) })
    expect((await store.messages.claim(at(3), at(99), 'me', 9)).map(({ id }) => id)).toEqual([line.id])
  })

  test('with a new channel, what waits to be posted is due at once', async () => {
    await install(world())
    const { store } = world()
    const { id: connectionId } = await addQuiet(world(), 'T2')
    const waiting = aMessage({ teamId: 'T2', connectionId })
    const shown = aMessage({ teamId: 'T2', connectionId, ts: '1.1' })
    const elsewhere = aMessage({ teamId: 'T1', connectionId })
    for (const message of [waiting, shown, elsewhere]) await store.messages.add(message, at(1_000_000))
    await store.installations.setChannel('T2', 'C2', aWorkspaceEntry({ at: at(10) }))
    expect((await store.messages.claim(at(10), at(99), 'me', 9)).map(({ id }) => id)).toEqual([waiting.id])
  })
})
