import { expect, test } from 'vitest'
import { REJECTS_AT_ONCE } from '../../../src/domain/outbox/reject.ts'
import type { Settlement, WaitingTouchpoint } from '../../../src/domain/outbox/touchpoint.ts'
import type { Store } from '../../../src/domain/store.ts'
import { addConnection, aLoss, anAuditEntry, aReauthorization, aTouchpoint, at, touchpoints } from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'
import { storedVersions } from '../../support/stored-versions.ts'

const pushed = ({ key }: { key: number }): Settlement => ({ kind: 'pushed', key })
const rejected = ({ key }: { key: number }, code = 'TOO_LONG', field: string | null = 'Region__c'): Settlement => ({
  kind: 'rejected',
  key,
  code,
  message: `${code}, says the CRM`,
  field,
})
const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id)

async function waiting(store: Store, connectionId: string): Promise<WaitingTouchpoint[]> {
  return store.outbox.waiting(connectionId, 0, at(9_999_999), 5000)
}

/** A connection whose CRM refused these: a0…, the even ones as TOO_LONG at a field, the odd ones as NO at none. */
async function withRejects(store: Store, count: number): Promise<string> {
  const { id } = await addConnection(store)
  await store.outbox.accept(id, touchpoints(count, 'a'), at(1))
  const settlements = (await waiting(store, id)).map((row, n) => (n % 2 ? rejected(row, 'NO', null) : rejected(row)))
  await store.outbox.settle(id, settlements, at(2))
  return id
}

contract('listing rejects', (world) => {
  test('gives them whole, in order, page after page, and those of no other connection', async () => {
    const { store } = world()
    const id = await withRejects(store, 5)
    await withRejects(store, 2)
    const first = await store.rejects.page(id, {}, 0, 3)
    expect(ids(first)).toEqual(['a-0', 'a-1', 'a-2'])
    expect(first[1]).toEqual({
      key: expect.any(Number),
      id: 'a-1',
      code: 'NO',
      message: 'NO, says the CRM',
      field: null,
      acceptedAt: at(1),
      settledAt: at(2),
      attempts: 0,
      payload: aTouchpoint('a-1').payload,
    })
    expect(ids(await store.rejects.page(id, {}, first[2]!.key, 3))).toEqual(['a-3', 'a-4'])
    expect(await store.rejects.page('nothing', {}, 0, 3)).toEqual([])
  })

  test.each([
    [{ code: 'NO' }, ['a-1', 'a-3']],
    [{ field: null }, ['a-1', 'a-3']],
    [{ field: 'Region__c' }, ['a-0', 'a-2']],
    [{ code: 'TOO_LONG', message: 'TOO_LONG, says the CRM', field: 'Region__c' }, ['a-0', 'a-2']],
    [{ code: 'TOO_LONG', field: null }, []],
    [{ message: 'no' }, []],
  ])('finds those with %j', async (which, found) => {
    const { store } = world()
    expect(ids(await store.rejects.page(await withRejects(store, 4), which, 0, 9))).toEqual(found)
  })
})

contract('retrying rejects', (world, { races }) => {
  test('puts them at the end of the line, as if never tried', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    await store.outbox.accept(id, [aTouchpoint('a'), aTouchpoint('b'), aTouchpoint('c')], at(1))
    const [a, b] = await waiting(store, id)
    await store.outbox.settle(id, [{ kind: 'retry', key: a!.key, dueAt: at(5) }, pushed(b!)], at(2))
    await store.outbox.settle(id, [rejected(a!)], at(6))
    expect(await store.rejects.page(id, {}, 0, 9)).toMatchObject([{ id: 'a', attempts: 1 }])
    expect(await store.rejects.retry(id, {}, null)).toBe(1)
    expect((await waiting(store, id)).map((row) => [row.id, row.attempts, row.payload])).toEqual([
      ['c', 0, aTouchpoint('c').payload],
      ['a', 0, aTouchpoint('a').payload],
    ])
    expect(await store.outbox.backlog(id)).toEqual({ waiting: 2, pushed: 1, superseded: 0, rejected: 0 })
    expect(await store.outbox.find('T1', 'a')).toMatchObject([
      { state: 'waiting', acceptedAt: at(1), settledAt: null, code: null, message: null },
    ])
    expect(await store.rejects.page(id, {}, 0, 9)).toEqual([])
    expect(await store.outbox.rejects(id)).toEqual([])
  })

  test('takes those of one reason and leaves the others', async () => {
    const { store } = world()
    const id = await withRejects(store, 6)
    expect(await store.rejects.retry(id, { code: 'NO', message: 'NO, says the CRM', field: null }, null)).toBe(3)
    expect(ids(await waiting(store, id))).toEqual(['a-1', 'a-3', 'a-5'])
    expect(await store.outbox.backlog(id)).toEqual({ waiting: 3, pushed: 0, superseded: 0, rejected: 3 })
    expect(await store.rejects.retry(id, { code: 'NOTHING' }, null)).toBe(0)
  })

  test('keeps how many versions were superseded, and the same version is still a duplicate', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    await store.outbox.accept(id, [aTouchpoint('a')], at(1))
    await store.outbox.accept(id, [aTouchpoint('a', 2)], at(2))
    await store.outbox.settle(
      id,
      (await waiting(store, id)).map((row) => rejected(row)),
      at(3),
    )
    await store.rejects.retry(id, {}, null)
    expect(await store.outbox.find('T1', 'a')).toMatchObject([{ superseded: 1 }])
    expect(await store.outbox.accept(id, [aTouchpoint('a', 2)], at(4))).toEqual(['duplicate'])
    expect(await store.outbox.accept(id, [aTouchpoint('a', 3)], at(5))).toEqual(['updated'])
    expect(await store.outbox.backlog(id)).toEqual({ waiting: 1, pushed: 0, superseded: 2, rejected: 0 })
  })

  test('is not undone by an answer that comes late for the old place in line', async () => {
    const { store } = world()
    const id = await withRejects(store, 1)
    const [old] = await store.rejects.page(id, {}, 0, 1)
    await store.rejects.retry(id, {}, null)
    await store.outbox.settle(id, [rejected(old!)], at(4))
    expect(await store.outbox.backlog(id)).toEqual({ waiting: 1, pushed: 0, superseded: 0, rejected: 0 })
    await store.outbox.settle(id, (await waiting(store, id)).map(pushed), at(5))
    expect(await store.outbox.backlog(id)).toEqual({ waiting: 0, pushed: 1, superseded: 0, rejected: 0 })
  })

  test('takes no more than a thousand at once, the oldest first', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    for (const part of ['x', 'y']) await store.outbox.accept(id, touchpoints(600, part), at(1))
    await store.outbox.settle(
      id,
      (await waiting(store, id)).map((row) => rejected(row)),
      at(2),
    )
    expect(await store.rejects.retry(id, {}, null)).toBe(REJECTS_AT_ONCE)
    expect(ids(await store.rejects.page(id, {}, 0, 1))).toEqual(['y-400'])
    expect(await store.rejects.retry(id, {}, null)).toBe(200)
    expect(ids(await waiting(store, id)).at(-1)).toBe('y-599')
    expect(await store.outbox.backlog(id)).toMatchObject({ waiting: 1200, rejected: 0 })
  })

  test('is live traffic to a catch-up that has counted them: its numbers stay', async () => {
    const { store } = world()
    const connection = await addConnection(store)
    const { id } = connection
    const red = await store.connections.changeHealth(aLoss(connection))
    await store.outbox.accept(id, [aTouchpoint('a'), aTouchpoint('b')], at(1))
    const back = await store.connections.reauthorize(aReauthorization(red!))
    const [a, b] = await waiting(store, id)
    await store.outbox.settle(id, [rejected(a!)], at(70_000))
    await store.rejects.retry(id, {}, null)
    const { finished } = await store.outbox.settle(id, [pushed(b!)], at(80_000))
    expect(finished).toMatchObject({ id: back!.catchUp!.id, expected: 2, pushed: 1, superseded: 0, rejected: 1 })
    await store.outbox.settle(id, (await waiting(store, id)).map(pushed), at(90_000))
    expect(await store.outages.catchUp(back!.catchUp!.id)).toMatchObject({ expected: 2, pushed: 1, rejected: 1 })
    expect(await store.outbox.backlog(id)).toEqual({ waiting: 0, pushed: 2, superseded: 0, rejected: 0 })
  })

  test('is noted in the history if there were any', async () => {
    const { store } = world()
    const id = await withRejects(store, 1)
    const entry = (action: 'rejects_retried' | 'rejects_dismissed') =>
      anAuditEntry({ connectionId: id, action, actor: 'U1', at: at(10) })
    await store.rejects.retry(id, {}, entry('rejects_retried'))
    await store.rejects.retry(id, {}, entry('rejects_retried'))
    await store.rejects.dismiss(id, {}, at(3), entry('rejects_dismissed'))
    expect((await store.history.of(id, 9)).map(({ action }) => action)).toEqual(['rejects_retried', 'added'])
  })

  test('of no connection is refused', async () => {
    const { store } = world()
    await expect(store.rejects.retry('nothing', {}, null)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(store.rejects.dismiss('nothing', {}, at(1), null)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test.runIf(races)('happens once when several ask at the same time', async () => {
    const { store, other } = world()
    const id = await withRejects(store, 40)
    const asks = Array.from({ length: 6 }, (_, n) => (n % 2 ? store : other).rejects.retry(id, {}, null))
    expect((await Promise.all(asks)).reduce((sum, n) => sum + n, 0)).toBe(40)
    expect(await store.outbox.backlog(id)).toEqual({ waiting: 40, pushed: 0, superseded: 0, rejected: 0 })
    expect(new Set(ids(await waiting(store, id))).size).toBe(40)
  })
})

contract('dismissing rejects', (world) => {
  test('settles them for good, keeps the reason and drops the payload', async () => {
    const { store, dialect } = world()
    const id = await withRejects(store, 4)
    expect(await store.rejects.dismiss(id, { code: 'NO' }, at(9), null)).toBe(2)
    expect(await store.outbox.backlog(id)).toEqual({ waiting: 0, pushed: 0, superseded: 0, rejected: 2 })
    expect(ids(await store.rejects.page(id, {}, 0, 9))).toEqual(['a-0', 'a-2'])
    expect(await store.outbox.find('T1', 'a-1')).toMatchObject([{ state: 'dismissed', code: 'NO', settledAt: at(9) }])
    const stored = await storedVersions(dialect)
    expect(stored.filter(({ payload }) => payload === null).map((row) => row.id)).toEqual(['a-1', 'a-3'])
    expect(await store.rejects.retry(id, {}, null)).toBe(2)
    expect(await store.rejects.dismiss(id, {}, at(10), null)).toBe(0)
  })

  test('takes the same version for a duplicate, and a changed one waits', async () => {
    const { store } = world()
    const id = await withRejects(store, 1)
    await store.rejects.dismiss(id, {}, at(9), null)
    expect(await store.outbox.accept(id, [aTouchpoint('a-0')], at(10))).toEqual(['duplicate'])
    expect(await store.outbox.accept(id, [aTouchpoint('a-0', 2)], at(11))).toEqual(['updated'])
    expect(await store.outbox.backlog(id)).toEqual({ waiting: 1, pushed: 0, superseded: 0, rejected: 0 })
  })
})
