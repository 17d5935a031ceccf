import { expect, test } from 'vitest'
import { addConnection, aGrant, aReauthorization, at } from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'

contract('people on whom connections depend', (world) => {
  const people = async (before = at(0), limit = 99) =>
    (await world().store.people.toLookAt(before, limit)).map(({ teamId, userId }) => `${teamId} ${userId}`)

  test('are owners, deputies and those whose login is in use, each once in a workspace', async () => {
    const { store } = world()
    await addConnection(store, { ownerId: 'U1', deputyId: 'U2' }, { authorizedBy: 'U3' })
    await addConnection(store, { ownerId: 'U2' }, { authorizedBy: null })
    await addConnection(store, { ownerId: null, teamId: 'T2' }, { authorizedBy: 'U1' })
    expect((await people()).sort()).toEqual(['T1 U1', 'T1 U2', 'T1 U3', 'T2 U1'])
  })

  test('are looked at in turn, those never looked at first, and not again before their time', async () => {
    const { store } = world()
    for (const ownerId of ['U1', 'U2', 'U3']) await addConnection(store, { ownerId }, { authorizedBy: null })
    await store.people.lookedAt({ teamId: 'T1', userId: 'U1' }, at(50))
    await store.people.lookedAt({ teamId: 'T1', userId: 'U3' }, at(20))
    await store.people.lookedAt({ teamId: 'T2', userId: 'U2' }, at(90))
    expect(await people(at(50))).toEqual(['T1 U2', 'T1 U3', 'T1 U1'])
    expect(await people(at(49))).toEqual(['T1 U2', 'T1 U3'])
    expect(await people(at(49), 1)).toEqual(['T1 U2'])
    await store.people.lookedAt({ teamId: 'T1', userId: 'U3' }, at(60))
    expect(await people(at(55))).toEqual(['T1 U2', 'T1 U1'])
  })

  test('are told what depends on them, until somebody else has logged in', async () => {
    const { store } = world()
    const b = await addConnection(store, { name: 'b', ownerId: 'U1', deputyId: 'U9' }, { authorizedBy: 'U1' })
    await addConnection(store, { name: 'a', ownerId: 'U2', deputyId: 'U1' }, { authorizedBy: 'U2' })
    await addConnection(store, { name: 'c', ownerId: 'U2' }, { authorizedBy: 'U2' })
    await addConnection(store, { name: 'd', ownerId: 'U1', teamId: 'T2' })
    const told = async () =>
      (await store.people.dependents({ teamId: 'T1', userId: 'U1' })).map(({ connection, ...needs }) => [connection.name, needs])
    expect(await told()).toEqual([
      ['a', { isOwner: false, isDeputy: true, loggedIn: false }],
      ['b', { isOwner: true, isDeputy: false, loggedIn: true }],
    ])
    await store.connections.reauthorize(aReauthorization(b, { grant: aGrant({ authorizedBy: 'U3' }), byUser: 'U3' }))
    expect(await told()).toEqual([['a', { isOwner: false, isDeputy: true, loggedIn: false }]])
  })
})
