import { expect, test } from 'vitest'
import type { Addition, Choice } from '../../../src/domain/access/choice.ts'
import type { Connection } from '../../../src/domain/connections/connection.ts'
import type { Store } from '../../../src/domain/store.ts'
import {
  ACCOUNT,
  aConnection,
  addConnection,
  aGrant,
  aLoss,
  aMessage,
  anAuditEntry,
  anId,
  anOutage,
  aReauthorization,
  at,
} from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'

function aChoice(over: Partial<Choice> = {}): Choice {
  const accounts = [ACCOUNT, { ...ACCOUNT, id: 'second', via: '999', name: 'Second' }]
  return {
    id: anId('choice'),
    teamId: 'T1',
    grantId: 'none',
    accounts,
    userId: 'U1',
    confirms: false,
    wishes: { name: 'ads', channelId: 'C9', ownerId: 'U9' },
    expiresAt: at(1800_000),
    ...over,
  }
}

function anAddition(grantId: string, over: Partial<Connection> = {}): Addition {
  const connection = aConnection({ grantId, provider: 'google-ads', kind: 'ads', ...over })
  return { connection, audit: anAuditEntry({ connectionId: connection.id }) }
}

/** A choice with a grant of its own. */
async function offered(store: Store, over: Partial<Choice> = {}): Promise<Choice> {
  const grant = aGrant({ provider: 'google-ads' })
  const choice = aChoice({ grantId: grant.id, ...over })
  expect(await store.choices.offer(choice, grant)).toBe(true)
  return choice
}

contract('a choice among accounts', (world) => {
  test('is kept with its grant, as it was offered', async () => {
    const { store } = world()
    const grant = aGrant()
    const choice = aChoice({ grantId: grant.id })
    expect(await store.choices.offer(choice, grant)).toBe(true)
    expect(await store.choices.find(choice.id)).toEqual(choice)
    expect(await store.grants.find(grant.id)).toEqual(grant)
    expect(await store.grants.all()).toEqual([grant]) // a new key of REDKEY_KEYS seals it too
    expect(await store.choices.find('other')).toBeUndefined()
  })

  test('adds all that were chosen with one grant, each with its number, its check and its history', async () => {
    const { store } = world()
    const choice = await offered(store)
    const additions = [anAddition(choice.grantId), anAddition(choice.grantId), anAddition(choice.grantId)]
    const note = aMessage({ connectionId: null, kind: 'notice' })
    expect(await store.choices.settle(choice.id, additions, [note], at(500))).toBe('settled')
    for (const { connection, audit } of additions) {
      expect(await store.connections.find(connection.id)).toEqual(connection)
      expect(await store.history.of(connection.id, 9)).toEqual([audit])
      expect((await store.connections.overview(connection.id))?.backlog).toMatchObject({ waiting: 0 })
    }
    expect(await store.messages.find(note.id)).toEqual(note)
    expect((await store.checks.claim(at(500), at(900), 'me', 9)).map(({ id }) => id).sort()).toEqual(
      additions.map(({ connection }) => connection.id).sort(),
    )
    expect(await store.choices.find(choice.id)).toBeUndefined()
    // Their numbers are their own: so are their touchpoints.
    for (const { connection } of additions)
      await store.outbox.accept(connection.id, [{ id: 'a', hash: 'h', payload: '{}' }], at(600))
    const backlogs = await Promise.all(additions.map(({ connection }) => store.outbox.backlog(connection.id)))
    expect(backlogs.map(({ waiting }) => waiting)).toEqual([1, 1, 1])
  })

  test('adds nothing when one of the names or accounts is taken by now, and can be tried again', async () => {
    const { store } = world()
    const there = await addConnection(store, { provider: 'google-ads', name: 'google-ads', accountId: 'A' })
    const choice = await offered(store)
    const free = anAddition(choice.grantId)
    const note = aMessage({ connectionId: null, kind: 'notice' })
    for (const taken of [{ name: there.name }, { accountId: there.accountId }])
      expect(await store.choices.settle(choice.id, [free, anAddition(choice.grantId, taken)], [note], at(1))).toBe('taken')
    expect(await store.connections.find(free.connection.id)).toBeUndefined()
    expect(await store.messages.find(note.id)).toBeUndefined()
    expect(await store.choices.find(choice.id)).toEqual(choice)
    expect(await store.choices.settle(choice.id, [free], [note], at(1))).toBe('settled')
  })

  test('counts once, however many send it at the same time', async () => {
    const { store, other } = world()
    const choice = await offered(store)
    const tries = Array.from(
      { length: 6 },
      (_, n) => [anAddition(choice.grantId, { accountId: 'A' }), n % 2 ? store : other] as const,
    )
    const ends = await Promise.all(tries.map(([one, where]) => where.choices.settle(choice.id, [one], [], at(1))))
    expect(ends.toSorted()).toEqual(['gone', 'gone', 'gone', 'gone', 'gone', 'settled'])
    expect(await store.connections.overviews('T1')).toHaveLength(1)
  })

  test('that nobody made is forgotten in time, with its grant unless that is in use', async () => {
    const { store } = world()
    const unused = await offered(store)
    const { grantId } = await addConnection(store)
    const more = aChoice({ grantId })
    expect(await store.choices.offer(more, null)).toBe(true)
    expect(await store.choices.forgetExpired(at(1799_999))).toBe(0)
    expect(await store.choices.forgetExpired(at(1800_000))).toBe(2)
    expect(await store.choices.forgetExpired(at(1800_000))).toBe(0)
    expect(await store.grants.find(unused.grantId)).toBeUndefined()
    expect(await store.grants.find(grantId)).toBeDefined()
    expect(await store.choices.settle(unused.id, [anAddition(unused.grantId)], [], at(1))).toBe('gone')
  })

  test('keeps its grant while it lasts, also when the last connection leaves that', async () => {
    const { store } = world()
    const seen = await addConnection(store)
    const choice = aChoice({ grantId: seen.grantId })
    await store.choices.offer(choice, null)
    await store.connections.reauthorize(aReauthorization(seen))
    expect(await store.grants.find(seen.grantId)).toBeDefined()
    expect(await store.choices.settle(choice.id, [], [], at(1))).toBe('settled')
    expect(await store.grants.find(seen.grantId)).toBeUndefined()
    expect(await store.choices.offer(aChoice({ grantId: seen.grantId }), null)).toBe(false)
  })
})

contract('the logins of a provider', (world) => {
  test('that work now are the newest of each user', async () => {
    const { store } = world()
    const add = async (over: Parameters<typeof aGrant>[0], status: 'connected' | 'authorization_required' = 'connected') => {
      const grant = aGrant({ provider: 'google-ads', ...over })
      const choice = aChoice({ grantId: grant.id })
      await store.choices.offer(choice, grant)
      const { health } = aConnection()
      await store.choices.settle(choice.id, [anAddition(grant.id, { health: { ...health, status } })], [], at(1))
      return grant
    }
    const old = await add({ providerUserId: 'u1', username: 'ana' })
    const newer = await add({ providerUserId: 'u1', username: 'ana', authorizedAt: at(5) })
    const ben = await add({ providerUserId: 'u2', username: 'ben' })
    await add({ providerUserId: 'u3', username: 'dead' }, 'authorization_required')
    await add({ providerUserId: 'u4', username: 'elsewhere', teamId: 'T2' })
    await offered(store) // has no connection yet
    expect(await store.grants.working('T1', 'google-ads')).toEqual([newer, ben])
    expect(await store.grants.working('T1', 'meta')).toEqual([])
    expect(await store.grants.find(old.id)).toBeDefined()
  })

  test('are counted with every time that this user let this app in', async () => {
    const { store } = world()
    const who = { provider: 'salesforce' as const, clientId: 'app', providerUserId: 'u1' }
    const letIn = (over: object, ms: number) => store.approvals.note({ id: anId('approval'), ...who, ...over, at: at(ms) })
    await letIn({}, 0)
    await letIn({}, 10)
    await letIn({}, 20)
    await letIn({ clientId: 'other' }, 20)
    await letIn({ providerUserId: 'u2' }, 20)
    await store.choices.offer(aChoice({ grantId: 'g' }), aGrant({ id: 'g', ...who, teamId: 'T9' }))
    expect(await store.approvals.counts(who, 'none', at(10))).toEqual({ approvals: 2, grants: 1, losses: 0 })
    expect(await store.approvals.counts({ ...who, provider: 'meta' }, 'none', at(0))).toEqual({
      approvals: 0,
      grants: 0,
      losses: 0,
    })
  })

  test('are counted as lost when they were revoked or expired and somebody logged in anew', async () => {
    const { store } = world()
    let seen = await addConnection(store)
    const who = { provider: 'salesforce' as const, clientId: 'app', providerUserId: 'u1' }
    const lose = async (cause: string, ms: number) => {
      const change = aLoss(seen)
      const openOutage = { ...anOutage({ connectionId: seen.id, openedAt: at(ms) }), cause }
      seen = (await store.connections.changeHealth({ ...change, openOutage, reuseCardClosedAfter: at(ms) }))!
    }
    const renew = async (ms: number) => {
      seen = (await store.connections.reauthorize(aReauthorization(seen, { at: at(ms) })))!.connection
    }
    for (const [cause, ms] of [
      ['revoked', 1000],
      ['expired', 3000],
      ['password_changed', 5000],
    ] as const) {
      await lose(cause, ms)
      await renew(ms + 1000)
    }
    await lose('revoked', 9000)
    expect(await store.approvals.counts(who, seen.id, at(0))).toMatchObject({ losses: 2 })
    expect(await store.approvals.counts(who, seen.id, at(2001))).toMatchObject({ losses: 1 })
    expect(await store.approvals.counts(who, 'another', at(0))).toMatchObject({ losses: 0 })
  })
})
