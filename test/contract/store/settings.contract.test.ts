import { expect, test } from 'vitest'
import type { Connection } from '../../../src/domain/connections/connection.ts'
import { type ConnectionSettings, type PauseChange, settingsOf } from '../../../src/domain/connections/settings-store.ts'
import type { Store } from '../../../src/domain/store.ts'
import { addConnection, aLoss, aMessage, anAuditEntry, aReauthorization, at, touchpoints } from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'

const settings = (of: Connection, over: Partial<ConnectionSettings> = {}) => ({ ...settingsOf(of), ...over })

function aPause(seen: Connection, over: Partial<PauseChange> = {}): PauseChange {
  return {
    seen,
    next: { ...seen.health, status: 'paused', since: at(5000) },
    pausedBy: 'U2',
    at: at(5000),
    nextCheckAt: at(9000),
    remindAt: null,
    audit: anAuditEntry({ connectionId: seen.id, action: 'paused', at: at(5000) }),
    ...over,
  }
}

const due = async (store: Store, ms: number) => (await store.messages.claim(at(ms), at(ms), 'me', 50)).map(({ id }) => id)

contract('settings', (world) => {
  test('all of them are kept, with what the history says; a save that saw something older is lost', async () => {
    const { store } = world()
    const seen = await addConnection(store)
    const wanted = settings(seen, { channelId: 'C9', ownerId: 'U2', deputyId: 'U3', catchUp: 'ask', reminders: 'daily' })
    const audit = [anAuditEntry({ connectionId: seen.id, action: 'settings_changed', detail: 'channel', at: at(10) })]
    const changed = await store.settings.change(seen, wanted, at(10), audit)
    expect(changed).toEqual({ ...seen, ...wanted, version: seen.version + 1 })
    expect(await store.connections.find(seen.id)).toEqual(changed)
    expect((await store.history.of(seen.id, 9))[0]).toEqual(audit[0])
    const late = anAuditEntry({ connectionId: seen.id, action: 'renamed' })
    expect(await store.settings.change(seen, settings(seen, { name: 'late' }), at(11), [late])).toBeUndefined()
    expect(await store.settings.formerNames('T1')).toEqual([])
    expect((await store.history.of(seen.id, 9)).map(({ action }) => action)).not.toContain('renamed')
  })

  test('a former name leads to the connection until it is called so again', async () => {
    const { store } = world()
    const first = await addConnection(store, { name: 'salesforce' })
    const second = (await store.settings.change(first, settings(first, { name: 'acme' }), at(1), [])) as Connection
    const third = (await store.settings.change(second, settings(second, { name: 'acme-eu' }), at(2), [])) as Connection
    const former = (name: string) => ({ name, connectionId: first.id, nowNamed: 'acme-eu' })
    expect(await store.settings.formerNames('T1')).toEqual([former('acme'), former('salesforce')])
    expect(await store.settings.formerNames('T2')).toEqual([])
    expect(await store.connections.byName('T1', 'salesforce')).toBeUndefined()
    const back = await store.settings.change(third, settings(third, { name: 'salesforce' }), at(3), [])
    expect(back).toMatchObject({ name: 'salesforce' })
    expect((await store.settings.formerNames('T1')).map(({ name }) => name)).toEqual(['acme', 'acme-eu'])
  })

  test('a name that another connection has or had is taken, and nothing changes', async () => {
    const { store } = world()
    const one = await addConnection(store, { name: 'one' })
    const two = await addConnection(store, { name: 'two' })
    await addConnection(store, { name: 'three', teamId: 'T2' })
    expect(await store.settings.change(two, settings(two, { name: 'one' }), at(1), [])).toBe('taken')
    await store.settings.change(one, settings(one, { name: 'uno' }), at(2), [])
    expect(await store.settings.change(two, settings(two, { name: 'one' }), at(3), [])).toBe('taken')
    expect(await store.connections.find(two.id)).toEqual(two)
    expect((await store.settings.formerNames('T1')).map(({ name }) => name)).toEqual(['one'])
    expect(await store.settings.change(two, settings(two, { name: 'three' }), at(4), [])).toMatchObject({ name: 'three' })
  })

  test('of two that want the same name at once one gets it', async () => {
    const { store, other } = world()
    const one = await addConnection(store, { name: 'one' })
    const two = await addConnection(store, { name: 'two' })
    const both = await Promise.all([
      store.settings.change(one, settings(one, { name: 'new' }), at(1), []),
      other.settings.change(two, settings(two, { name: 'new' }), at(1), []),
    ])
    expect(both.filter((end) => end === 'taken')).toHaveLength(1)
    expect(await store.connections.byName('T1', 'new')).toBeDefined()
  })

  test('makes the card of an open outage due, and no other', async () => {
    const { store } = world()
    const seen = await addConnection(store)
    const loss = aLoss(seen)
    const red = await store.connections.changeHealth(loss)
    for (const message of await store.messages.claim(at(2000), at(9000), 'me', 50)) {
      const shown = { ts: '1.0', channelId: 'C1', version: message.wanted, at: at(2000), dueAt: null }
      await store.messages.shown(message, 'me', shown)
    }
    await store.settings.change(red!, settings(red!, { ownerId: 'U9' }), at(3000), [])
    expect(await due(store, 3000)).toEqual([loss.card?.id])
  })
})

contract('a pause', (world) => {
  test('is kept with who paused it, and ends with what the connection is then', async () => {
    const { store } = world()
    const seen = await addConnection(store)
    await store.outbox.accept(seen.id, touchpoints(2), at(0))
    const paused = (await store.settings.pause(aPause(seen)))!
    expect(paused).toMatchObject({ pausedBy: 'U2', health: { status: 'paused', since: at(5000) }, version: seen.version + 1 })
    expect(await store.connections.find(seen.id)).toEqual(paused)
    expect(await store.outbox.drainable(at(6000))).toEqual([])
    expect(await store.settings.pause(aPause(seen))).toBeUndefined()
    const next = { ...paused.health, status: 'connected' as const, since: at(7000) }
    const resumed = await store.settings.pause(aPause(paused, { next, pausedBy: null, at: at(7000) }))
    expect(resumed).toMatchObject({ pausedBy: null, health: { status: 'connected' } })
    expect((await store.outbox.drainable(at(8000))).map(({ id }) => id)).toEqual([seen.id])
  })

  test('of a red connection leaves its outage open and makes its card due', async () => {
    const { store } = world()
    const loss = aLoss(await addConnection(store))
    const red = (await store.connections.changeHealth(loss))!
    await store.messages.claim(at(2000), at(2000), 'me', 50)
    const paused = (await store.settings.pause(aPause(red)))!
    expect((await store.connections.overview(red.id))?.outage).toMatchObject({ id: loss.openOutage?.id, closedAt: null })
    expect(await due(store, 5000)).toContain(loss.card?.id)
    const back = await store.connections.reauthorize(aReauthorization(paused))
    expect(back?.connection).toMatchObject({ pausedBy: 'U2', health: { status: 'paused', since: at(5000) } })
    expect((await store.connections.overview(red.id))?.outage).toBeNull()
  })

  test('does not undo a proof that a push gave meanwhile', async () => {
    const { store } = world()
    const seen = await addConnection(store)
    await store.connections.prove(seen.id, at(4000))
    expect((await store.settings.pause(aPause(seen)))?.health.lastProofAt).toEqual(at(4000))
  })

  test('of an ad platform stops its downloads and scans; when it ends they are due at once', async () => {
    const { store } = world()
    const seen = await addConnection(store, { provider: 'meta', kind: 'ads' })
    const paused = (await store.settings.pause(aPause(seen)))!
    expect(await store.costs.claim(at(6000), at(7000), 'me', 9)).toEqual([])
    expect(await store.adScans.claim(at(6000), at(7000), 'me', 9)).toEqual([])
    const next = { ...paused.health, status: 'connected' as const }
    await store.settings.pause(aPause(paused, { next, pausedBy: null, at: at(8000) }))
    expect(await store.costs.claim(at(8000), at(9000), 'me', 9)).toHaveLength(1)
    expect(await store.adScans.claim(at(8000), at(9000), 'me', 9)).toHaveLength(1)
  })
})

contract('the mark of changes', (world) => {
  test('is another one after each change that lists show, and the same after a proof', async () => {
    const { store } = world()
    const marks: string[] = []
    const mark = async () => void marks.push(await store.connections.changeMark('T1'))
    await mark()
    const seen = await addConnection(store)
    await mark()
    const changed = (await store.settings.change(seen, settings(seen, { ownerId: 'U9' }), at(1), [])) as Connection
    await mark()
    const red = (await store.connections.changeHealth(aLoss(changed)))!
    await mark()
    await store.outbox.accept(red.id, touchpoints(1), at(3000))
    const back = (await store.connections.reauthorize(aReauthorization(red)))!
    await mark()
    const hold = { connectionId: seen.id, reason: 'paused' as const, since: at(4000), until: null, by: 'U1', detail: {} }
    await store.holds.put(hold, at(4000), null)
    await mark()
    const told = aMessage({ connectionId: back.connection.id })
    await store.messages.add(told, at(5000))
    await store.connections.prove(seen.id, at(9_000_000))
    await addConnection(store, { teamId: 'T2' })
    expect(new Set(marks).size).toBe(6)
    expect(await store.connections.changeMark('T1')).toBe(marks.at(-1))
  })
})
