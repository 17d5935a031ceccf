import { expect, test } from 'vitest'
import type { Sealed } from '../../../src/domain/access/secrets.ts'
import {
  aConnection,
  addConnection,
  aGrant,
  aLoss,
  aMapping,
  aMessage,
  anAuditEntry,
  anId,
  at,
  aWorkspace,
  touchpoints,
} from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'

contract('workspaces', (world) => {
  test('keeps what is known of each and replaces it when it changes', async () => {
    const { workspaces } = world().store
    await workspaces.save(aWorkspace({ teamId: 'T2' }), at(0))
    await workspaces.save(aWorkspace({ teamId: 'T1' }), at(0))
    await workspaces.save(aWorkspace({ teamId: 'T1', name: 'Acme Corp' }), at(1))
    expect(await workspaces.all()).toEqual([aWorkspace({ teamId: 'T1', name: 'Acme Corp' }), aWorkspace({ teamId: 'T2' })])
  })

  test('tells the one that was saved last first', async () => {
    const { workspaces } = world().store
    for (const [ms, teamId] of ['T2', 'T1', 'T3', 'T2'].entries()) await workspaces.save(aWorkspace({ teamId }), at(ms))
    expect((await workspaces.all()).map(({ teamId }) => teamId)).toEqual(['T2', 'T3', 'T1'])
  })
})

contract('grants', (world) => {
  test('replaces tokens for whoever read the newest version, and for nobody else', async () => {
    const { grants } = world().store
    const { grantId } = await addConnection(world().store)
    const seen = (await grants.find(grantId))!
    const both = await Promise.all([
      grants.replaceTokens(seen, 'a' as Sealed, at(1), at(9)),
      world().other.grants.replaceTokens(seen, 'b' as Sealed, at(1), null),
    ])
    const [won] = both.filter((grant) => grant !== undefined)
    expect(both.filter((grant) => grant === undefined)).toHaveLength(1)
    expect(won).toMatchObject({ version: 1, refreshedAt: at(1), authorizedAt: at(0) })
    expect(await grants.find(grantId)).toEqual(won)
    expect(await grants.replaceTokens(won!, 'c' as Sealed, at(2), null)).toMatchObject({ sealed: 'c', version: 2 })
  })

  test('lists all of them', async () => {
    const added = [await addConnection(world().store), await addConnection(world().store)]
    const all = await world().store.grants.all()
    expect(all.map(({ id }) => id).sort()).toEqual(added.map(({ grantId }) => grantId).sort())
    expect(await world().store.grants.find('nothing')).toBeUndefined()
  })
})

contract('connections', (world) => {
  test('tells the CRMs of a workspace with their mappings', async () => {
    const { store } = world()
    const plain = await addConnection(store, { name: 'b' })
    const mapped = await addConnection(store, { name: 'a' })
    await addConnection(store, { kind: 'ads' })
    await addConnection(store, { teamId: 'T2' })
    await store.connections.setMapping(mapped.id, aMapping(), anAuditEntry({ connectionId: mapped.id }))
    const a = { id: mapped.id, name: 'a', provider: 'salesforce', mapping: aMapping() }
    const b = { id: plain.id, name: 'b', provider: 'salesforce', mapping: null }
    expect(await store.connections.crms('T1', [], 9)).toEqual({ count: 2, targets: [a, b] })
    const last = await addConnection(store, { name: 'c' })
    const c = { id: last.id, name: 'c', provider: 'salesforce', mapping: null }
    expect(await store.connections.crms('T1', ['c', 'a', 'nobody'], 1)).toEqual({ count: 3, targets: [a, c] })
    expect(await store.connections.crms('T1', [], 1)).toEqual({ count: 3, targets: [a] })
  })

  test('finds a new connection by id, name and account, exactly as it was added', async () => {
    const { connections } = world().store
    const connection = await addConnection(world().store, { environment: 'sandbox', channelId: 'C9', confirmedAt: null })
    expect(await connections.find(connection.id)).toEqual(connection)
    expect(await connections.byName('T1', connection.name)).toEqual(connection)
    expect(await connections.byAccount('T1', 'salesforce', connection.accountId)).toEqual(connection)
    expect(await connections.byName('T2', connection.name)).toBeUndefined()
    expect(await connections.byAccount('T1', 'salesforce', 'other')).toBeUndefined()
    expect(await connections.find('nothing')).toBeUndefined()
  })

  test('begins with an empty backlog, a due check, a due welcome and an entry in its history', async () => {
    const { store } = world()
    const connection = aConnection({ grantId: 'g' })
    const welcome = aMessage({ connectionId: connection.id, kind: 'welcome', createdAt: at(5) })
    const entry = anAuditEntry({ connectionId: connection.id, actor: 'U1', detail: 'ops@acme.example' })
    await store.connections.add(connection, aGrant({ id: 'g' }), aMapping(), welcome, at(7), entry)
    expect(await store.outbox.backlog(connection.id)).toEqual({ waiting: 0, pushed: 0, superseded: 0, rejected: 0 })
    expect(await store.checks.claim(at(6), at(99), 'me', 9)).toEqual([])
    expect(await store.checks.claim(at(7), at(99), 'me', 9)).toEqual([connection])
    expect(await store.messages.claim(at(5), at(99), 'me', 9)).toEqual([welcome])
    expect(await store.history.of(connection.id, 9)).toEqual([entry])
    expect(await store.connections.mapping(connection.id)).toEqual(aMapping())
  })

  test('adds neither connection nor grant when the name or the account is taken', async () => {
    const { store } = world()
    const taken = await addConnection(store)
    for (const same of [{ name: taken.name }, { accountId: taken.accountId }]) {
      await expect(addConnection(store, same)).rejects.toThrow('taken')
    }
    expect(await store.grants.all()).toHaveLength(1)
    expect(await store.connections.overviews('T1')).toHaveLength(1)
    expect((await addConnection(store, { name: taken.name, accountId: taken.accountId, teamId: 'T2' })).name).toBe(taken.name)
  })

  test('adds an account once when two browsers come back at the same moment', async () => {
    const stores = [world().store, world().other]
    const tries = stores.map((store, n) => addConnection(store, { accountId: '00D1', name: `salesforce-${n}` }))
    const outcomes = await Promise.allSettled(tries)
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await world().store.grants.all()).toHaveLength(1)
  })

  test('lets several connections share one grant', async () => {
    const { store } = world()
    const first = await addConnection(store)
    const second = await addConnection(store, { grantId: first.grantId })
    expect(second.grantId).toBe(first.grantId)
    expect(await store.grants.all()).toHaveLength(1)
  })

  test('gives many connections added at once outboxes of their own', async () => {
    const { store, other } = world()
    const added = await Promise.all(Array.from({ length: 20 }, (_, n) => addConnection(n % 2 ? store : other)))
    await Promise.all(added.map(({ id }, n) => store.outbox.accept(id, touchpoints(n + 1, 'same'), at(1))))
    const backlogs = await Promise.all(added.map(({ id }) => store.outbox.backlog(id)))
    expect(backlogs.map(({ waiting }) => waiting)).toEqual(added.map((_, n) => n + 1))
  })

  test('notes a proof without a new version, and never an older one', async () => {
    const { connections } = world().store
    const { id } = await addConnection(world().store)
    await connections.prove(id, at(50))
    await connections.prove(id, at(20))
    expect(await connections.find(id)).toMatchObject({ version: 0, health: { lastProofAt: at(50) } })
  })

  test('confirms a connection once and shows its welcome again', async () => {
    const { store, other } = world()
    const connection = await addConnection(store, { confirmedAt: null, confirmedBy: null })
    const [welcome] = await store.messages.claim(at(0), at(5), 'me', 9)
    await store.messages.shown(welcome!, 'me', { ts: '1.1', channelId: 'C1', version: 1, at: at(1), dueAt: null })
    const confirmation = anAuditEntry({ connectionId: connection.id, action: 'confirmed', at: at(10) })
    const both = await Promise.all([
      store.connections.confirm(connection.id, 'U7', at(10), confirmation),
      other.connections.confirm(connection.id, 'U8', at(10), { ...confirmation, id: anId('audit') }),
    ])
    const [won] = both.filter((one) => one !== undefined)
    expect(both.filter((one) => one === undefined)).toHaveLength(1)
    expect(won).toMatchObject({ confirmedAt: at(10), version: 1 })
    expect(await store.messages.claim(at(10), at(20), 'me', 9)).toMatchObject([
      { id: welcome!.id, wanted: 2, shown: 1, ts: '1.1' },
    ])
    expect(await store.history.of(connection.id, 1)).toMatchObject([{ action: 'confirmed' }])
  })

  test('keeps and replaces a mapping', async () => {
    const { connections } = world().store
    const { id } = await addConnection(world().store)
    expect(await connections.mapping(id)).toBeUndefined()
    await connections.setMapping(id, aMapping(), anAuditEntry({ connectionId: id, action: 'mapping_changed' }))
    const changed = aMapping({ attribution: { ...aMapping().touchpoints, object: 'Other__c' } })
    await connections.setMapping(id, changed, anAuditEntry({ connectionId: id, action: 'mapping_changed', at: at(1) }))
    expect(await connections.mapping(id)).toEqual(changed)
    expect(await world().store.history.of(id, 9)).toHaveLength(3)
  })

  test('tells older history page by page, every entry once, also of one moment', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    const first = await store.history.of(id, 9)
    for (let n = 1; n <= 6; n++) {
      const confirmed = await store.connections.setMapping(id, aMapping(), anAuditEntry({ connectionId: id, at: at(n % 2) }))
      expect(confirmed).toBeUndefined()
    }
    const pages: string[][] = []
    for (let after: string | null = null; ; ) {
      const page = await store.history.of(id, 3, after)
      if (page.length === 0) break
      pages.push(page.map((entry) => entry.id))
      after = page.at(-1)?.id ?? null
    }
    const all = (await store.history.of(id, 99)).map((entry) => entry.id)
    expect(all).toHaveLength(6 + first.length)
    expect(pages.flat()).toEqual(all)
    expect((await store.history.of(id, 3, 'no such entry')).map((entry) => entry.id)).toEqual(all.slice(0, 3))
  })

  test('tells the newest history first, and no more than asked for', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    for (const ms of [1, 3, 2]) await store.connections.setMapping(id, aMapping(), anAuditEntry({ connectionId: id, at: at(ms) }))
    expect((await store.history.of(id, 2)).map((entry) => entry.at)).toEqual([at(3), at(2)])
  })
})

contract('the overview', (world) => {
  test('shows the red ones first, then what needs somebody, then the rest by name', async () => {
    const { store } = world()
    for (const name of ['delta', 'alpha', 'charlie', 'bravo']) await addConnection(store, { name, teamId: 'T5' })
    const charlie = (await store.connections.byName('T5', 'charlie'))!
    const delta = (await store.connections.byName('T5', 'delta'))!
    const permission = { ...charlie.health, status: 'permission_required' as const }
    await store.connections.changeHealth(aLoss(charlie, { next: permission }))
    await store.connections.changeHealth(aLoss(delta))
    const shown = await store.connections.overviews('T5')
    expect(shown.map(({ connection }) => connection.name)).toEqual(['delta', 'charlie', 'alpha', 'bravo'])
    expect(await store.connections.overviews('T6')).toEqual([])
  })

  test('tells backlog, open outage, login and deadline of one connection', async () => {
    const { store } = world()
    const connection = aConnection({ grantId: 'g1' })
    const grant = aGrant({ id: 'g1', username: 'jo@acme.example', refreshExpiresAt: at(900) })
    const welcome = aMessage({ connectionId: connection.id, kind: 'welcome' })
    await store.connections.add(connection, grant, null, welcome, at(0), anAuditEntry())
    await store.outbox.accept(connection.id, touchpoints(3), at(1))
    const loss = aLoss(connection)
    await store.connections.changeHealth(loss)
    expect(await store.connections.overview(connection.id)).toMatchObject({
      connection: { id: connection.id, health: { status: 'authorization_required' } },
      username: 'jo@acme.example',
      refreshExpiresAt: at(900),
      backlog: { waiting: 3, pushed: 0, superseded: 0, rejected: 0 },
      outage: { ...loss.openOutage, cardId: loss.card?.id },
      catchUp: null,
    })
    expect(await store.connections.overview('nothing')).toBeUndefined()
  })
})

contract('checks that somebody asks for', (world) => {
  test('are due at once for the connections of that login or account at these providers, and for no other', async () => {
    const { store } = world()
    const meta = { provider: 'meta' as const, kind: 'ads' as const }
    const byLogin = await addConnection(store, meta, { provider: 'meta', providerUserId: '21' })
    const byAccount = await addConnection(store, { ...meta, accountId: 'act_7' })
    await addConnection(store, { ...meta, accountId: 'act_8' })
    await addConnection(store, { accountId: 'act_7' }, { providerUserId: '21' })
    for (const { id } of await store.checks.claim(at(9_999), at(10_000), 'me', 9)) await store.checks.reschedule(id, at(50_000))
    expect(
      await store.checks.hasten(['meta', 'cm360'], { providerUserIds: ['21', '22'], accountIds: ['act_7'] }, at(20_000)),
    ).toBe(2)
    const due = await store.checks.claim(at(20_000), at(30_000), 'me', 9)
    expect(due.map(({ id }) => id).sort()).toEqual([byLogin.id, byAccount.id].sort())
    expect(await store.checks.hasten(['meta'], { providerUserIds: [], accountIds: [] }, at(20_000))).toBe(0)
  })
})
