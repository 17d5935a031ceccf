import { expect, test } from 'vitest'
import { addConnection, aMessage, at } from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'

contract('checks', (world) => {
  test('are claimed when due, the longest due first, and not again until rescheduled', async () => {
    const { store } = world()
    const late = await addConnection(store)
    const early = await addConnection(store)
    await store.checks.reschedule(late.id, at(200))
    await store.checks.reschedule(early.id, at(100))
    expect(await store.checks.claim(at(99), at(1000), 'a', 9)).toEqual([])
    expect((await store.checks.claim(at(200), at(1000), 'a', 9)).map(({ id }) => id)).toEqual([early.id, late.id])
    expect(await store.checks.claim(at(300), at(1000), 'b', 9)).toEqual([])
    await store.checks.reschedule(early.id, at(250))
    expect((await store.checks.claim(at(300), at(1000), 'b', 9)).map(({ id }) => id)).toEqual([early.id])
  })

  test('are given to one of many machines that ask at once', async () => {
    const { store, other } = world()
    const added = []
    for (let n = 0; n < 30; n++) added.push(await addConnection(store))
    const asking = Array.from({ length: 10 }, (_, n) => (n % 2 ? store : other).checks.claim(at(10), at(99), `machine-${n}`, 3))
    const claimed = (await Promise.all(asking)).flat().map(({ id }) => id)
    expect(claimed.sort()).toEqual(added.map(({ id }) => id).sort())
  })

  test('go to another machine when the first one stops renewing', async () => {
    const { store, other } = world()
    const { id } = await addConnection(store)
    await store.checks.claim(at(0), at(100), 'a', 9)
    await store.checks.renew('a', at(50), at(150))
    expect(await other.checks.claim(at(149), at(300), 'b', 9)).toEqual([])
    expect(await other.checks.claim(at(150), at(300), 'b', 9)).toMatchObject([{ id }])
    await store.checks.renew('a', at(160), at(900))
    expect(await other.checks.claim(at(300), at(400), 'c', 9)).toMatchObject([{ id }])
  })
})

contract('leases', (world) => {
  test('have one holder, who may renew', async () => {
    const { leases } = world().store
    expect(await leases.take('refresh:1', 'a', at(0), at(10))).toBe(true)
    expect(await leases.take('refresh:1', 'b', at(5), at(15))).toBe(false)
    expect(await leases.take('refresh:2', 'b', at(5), at(15))).toBe(true)
    expect(await leases.take('refresh:1', 'a', at(5), at(15))).toBe(true)
    expect(await leases.take('refresh:1', 'b', at(14), at(25))).toBe(false)
    expect(await leases.take('refresh:1', 'b', at(15), at(25))).toBe(true)
    await leases.renew('a', at(16), at(99))
    expect(await leases.take('refresh:1', 'a', at(20), at(30))).toBe(false)
  })

  test('are freed by their holder only', async () => {
    const { leases } = world().store
    await leases.take('beat', 'a', at(0), at(10))
    await leases.release('beat', 'b')
    expect(await leases.take('beat', 'b', at(1), at(10))).toBe(false)
    await leases.release('beat', 'a')
    expect(await leases.take('beat', 'b', at(1), at(10))).toBe(true)
  })

  test('are taken by one of many that try at once', async () => {
    const { store, other } = world()
    const tries = Array.from({ length: 20 }, (_, n) => (n % 2 ? store : other).leases.take('drain', `m${n}`, at(0), at(10)))
    expect((await Promise.all(tries)).filter((taken) => taken)).toHaveLength(1)
  })

  test('are renewed together while they last, and not after', async () => {
    const { leases } = world().store
    await leases.take('x', 'a', at(0), at(10))
    await leases.take('y', 'a', at(0), at(20))
    await leases.renew('a', at(15), at(50))
    expect(await leases.take('x', 'b', at(16), at(30))).toBe(true)
    expect(await leases.take('y', 'b', at(16), at(30))).toBe(false)
    expect(await leases.take('y', 'b', at(50), at(60))).toBe(true)
  })

  test('of a process that died alone are freed when it starts again', async () => {
    const { store, other } = world()
    const { id } = await addConnection(store)
    const notice = aMessage({ connectionId: id, kind: 'notice' })
    await store.messages.add(notice, at(0))
    await store.leases.take('drain', 'dead', at(0), at(10_000))
    await store.checks.claim(at(0), at(10_000), 'dead', 9)
    expect(await store.messages.claim(at(0), at(10_000), 'dead', 9)).toHaveLength(2)
    await other.leases.releaseAll()
    expect(await other.leases.take('drain', 'new', at(1), at(10))).toBe(true)
    expect(await other.checks.claim(at(1), at(10), 'new', 9)).toMatchObject([{ id }])
    expect(await other.messages.claim(at(1), at(10), 'new', 9)).toHaveLength(2)
  })

  test('of a process that died among others run out by themselves', async () => {
    const { store, other } = world()
    const { id } = await addConnection(store)
    await store.messages.claim(at(0), at(10), 'dead', 9)
    await store.leases.take('drain', 'dead', at(0), at(10))
    expect(await other.messages.claim(at(9), at(20), 'new', 9)).toEqual([])
    expect(await other.leases.take('drain', 'new', at(9), at(20))).toBe(false)
    expect(await other.messages.claim(at(10), at(20), 'new', 9)).toMatchObject([{ connectionId: id }])
    expect(await other.leases.take('drain', 'new', at(10), at(20))).toBe(true)
  })
})

contract('tickets', (world) => {
  test('are used once, whoever comes at the same moment', async () => {
    const { store, other } = world()
    const uses = Array.from({ length: 10 }, (_, n) => (n % 2 ? store : other).tickets.useOnce('state:1', at(0), at(600)))
    expect((await Promise.all(uses)).filter((first) => first)).toHaveLength(1)
    expect(await store.tickets.useOnce('state:2', at(0), at(600))).toBe(true)
  })

  test('are forgotten when they have expired', async () => {
    const { tickets } = world().store
    await tickets.useOnce('old', at(0), at(10))
    await tickets.useOnce('young', at(0), at(20))
    expect(await tickets.forgetExpired(at(10))).toBe(1)
    expect(await tickets.useOnce('young', at(11), at(20))).toBe(false)
    expect(await tickets.useOnce('old', at(11), at(20))).toBe(true)
  })
})
