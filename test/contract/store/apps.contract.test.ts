import { expect, test } from 'vitest'
import type { Connection, Health } from '../../../src/domain/connections/connection.ts'
import type { Store } from '../../../src/domain/store.ts'
import { addConnection, aLoss, at } from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'

async function change(store: Store, seen: Connection, over: Partial<Health>): Promise<Connection> {
  const next = { ...seen.health, ...over }
  const changed = await store.connections.changeHealth(aLoss(seen, { next, openOutage: null, card: null }))
  if (!changed) throw new Error('lost the race')
  return changed
}

function ofUser(store: Store, providerUserId: string, ofGrant: object = {}, over: Partial<Connection> = {}) {
  return addConnection(store, over, { providerUserId, ...ofGrant })
}

contract('an app', (world) => {
  test('has the doubts of all its connections in the workspace, red ones too, and no others', async () => {
    const { store } = world()
    const ana = await ofUser(store, 'ana')
    const ben = await ofUser(store, 'ben')
    const red = await ofUser(store, 'cem')
    await ofUser(store, 'fine')
    const proven = await ofUser(store, 'proven')
    const paused = await ofUser(store, 'paused')
    for (const foreign of [
      await ofUser(store, 'x', { clientId: 'another' }),
      await ofUser(store, 'x', { tokenOrigin: 'https://test.salesforce.com' }),
      await ofUser(store, 'x', {}, { teamId: 'T2' }),
    ])
      await change(store, foreign, { suspectSince: at(5) })
    await change(store, ben, { suspectSince: at(20) })
    await change(store, ana, { suspectSince: at(10) })
    await change(store, red, { suspectSince: at(30), status: 'authorization_required' })
    await change(store, paused, { suspectSince: at(30), status: 'paused' })
    await change(store, proven, { suspectSince: at(30) })
    await store.connections.prove(proven.id, at(31))
    const doubts = await store.apps.doubts(ana.grantId)
    expect(doubts).toEqual([
      { connectionId: ana.id, name: ana.name, accountName: 'Acme Inc', providerUserId: 'ana', since: at(10), isRed: false },
      { connectionId: ben.id, name: ben.name, accountName: 'Acme Inc', providerUserId: 'ben', since: at(20), isRed: false },
      { connectionId: red.id, name: red.name, accountName: 'Acme Inc', providerUserId: 'cem', since: at(30), isRed: true },
    ])
    expect(await store.apps.doubts(ben.grantId)).toEqual(doubts)
    expect(await store.apps.connections(ana.grantId)).toBe(6)
    expect(await store.apps.doubts('gone')).toEqual([])
  })

  test('has other healthy users asked at once, one connection for each, and none twice', async () => {
    const { store } = world()
    const mine = await ofUser(store, 'ana')
    const alsoMine = await ofUser(store, 'ana')
    const doubted = await ofUser(store, 'dan')
    const foreign = await ofUser(store, 'eve', { clientId: 'another' })
    const others = [await ofUser(store, 'ben'), await ofUser(store, 'ben'), await ofUser(store, 'cem')]
    await change(store, doubted, { suspectSince: at(1) })
    const due = async (now: number) => (await store.checks.claim(at(now), at(now), `by-${now}`, 99)).map(({ id }) => id)
    for (const { id } of [mine, alsoMine, doubted, foreign, ...others]) await store.checks.reschedule(id, at(9000))
    expect(await store.apps.askOthers(mine.grantId, 5, at(100))).toBe(2)
    const asked = await due(100)
    expect(asked).toHaveLength(2)
    expect(asked).toContain(others[2]?.id)
    expect(asked.filter((id) => [others[0]?.id, others[1]?.id].includes(id))).toHaveLength(1)
  })

  test('has at most so many users asked', async () => {
    const { store } = world()
    const mine = await ofUser(store, 'ana')
    for (let n = 0; n < 8; n++) await store.checks.reschedule((await ofUser(store, `user-${n}`)).id, at(9000))
    expect(await store.apps.askOthers(mine.grantId, 5, at(100))).toBe(5)
  })
})

contract('checks of one login', (world) => {
  test('are claimed together, but for those that wait longer or that somebody else has', async () => {
    const { store, other } = world()
    const first = await addConnection(store)
    const share = (at_: number) => addConnection(store, { grantId: first.grantId, accountId: `shared-${at_}` })
    const [soon, resting, taken] = [await share(1), await share(2), await share(3)]
    const alone = await addConnection(store)
    await store.checks.reschedule(taken.id, at(10))
    expect(await other.checks.claim(at(10), at(500), 'other', 9)).toHaveLength(4 + 1)
    await store.checks.reschedule(first.id, at(100))
    await store.checks.reschedule(soon.id, at(300))
    await store.checks.reschedule(resting.id, at(9000))
    await store.checks.reschedule(alone.id, at(300))
    const claimed = await store.checks.claim(at(100), at(600), 'me', 9, at(400))
    expect(claimed.map(({ id }) => id)).toEqual([first.id, soon.id])
    expect((await other.checks.claim(at(300), at(600), 'other', 9, at(400))).map(({ id }) => id)).toEqual([alone.id])
  })

  test('remember when an account itself was asked for', async () => {
    const { store } = world()
    const [one, another] = [await addConnection(store), await addConnection(store)]
    expect(await store.checks.accountProbes([one.id, another.id])).toEqual([])
    await store.checks.accountProbed(one.id, at(70))
    await store.checks.reschedule(one.id, at(100))
    expect(await store.checks.accountProbes([one.id, another.id])).toEqual([{ connectionId: one.id, at: at(70) }])
  })
})

contract('what ends or is silent', (world) => {
  test('lists healthy connections without an answer, the longest silent first, and counts those that answer', async () => {
    const { store } = world()
    const [long, short, red] = [await addConnection(store), await addConnection(store), await addConnection(store)]
    await addConnection(store)
    await addConnection(store, { teamId: 'T2' })
    await change(store, short, { unreachableSince: at(200) })
    await change(store, long, { unreachableSince: at(100) })
    await change(store, red, { unreachableSince: at(50), status: 'authorization_required' })
    expect((await store.connections.silentSince(at(200))).map(({ id }) => id)).toEqual([long.id, short.id])
    expect((await store.connections.silentSince(at(199))).map(({ id }) => id)).toEqual([long.id])
    expect(await store.connections.answering('T1')).toBe(1)
  })

  test('lists logins that end, each with the connections that use it', async () => {
    const { store } = world()
    const ending = await addConnection(store, { name: 'b' }, { refreshExpiresAt: at(500) })
    const sharing = await addConnection(store, { name: 'a', grantId: ending.grantId, accountId: 'second' })
    await addConnection(store, {}, { refreshExpiresAt: at(900) })
    await addConnection(store)
    const found = await store.grants.endingBefore(at(600))
    expect(found.map(({ grant }) => grant.id)).toEqual([ending.grantId])
    expect(found[0]?.connections).toEqual([sharing, ending])
  })
})
