import { expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/clock.ts'
import type { RefusalReason } from '../../../src/domain/outbox/refusal.ts'
import type { Store } from '../../../src/domain/store.ts'
import { addConnection, aMessage, at, touchpoints } from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'

const reason = (over: Partial<RefusalReason> = {}): RefusalReason => ({
  code: 'custom_field_not_mapped',
  about: 'Score__c',
  sender: null,
  count: 1,
  message: 'Add Score__c first.',
  examples: [],
  ...over,
})

/** A connection, and how to note refusals of its records. */
async function aSource(store: Store) {
  const { id: connectionId } = await addConnection(store)
  const from = { teamId: 'T1', connectionId }
  const message = (over = {}) => aMessage({ connectionId, kind: 'notice', ...over })
  return { from, message, note: (ms: number, ...reasons: RefusalReason[]) => store.refusals.note(from, reasons, 0, at(ms)) }
}

contract('refused records', (world, { races }) => {
  test('are counted by what is alike, with the first ids, and beside what was taken in', async () => {
    const { store } = world()
    const { from, note } = await aSource(store)
    await store.outbox.accept(from.connectionId, touchpoints(5), at(0))
    await store.outbox.accept(from.connectionId, touchpoints(3), at(1))
    await store.refusals.note(from, [reason({ count: 2, examples: ['a', 'b'] })], 3, at(1))
    await note(2, reason({ count: 4, examples: ['b', 'c', 'd', 'e', 'f'] }), reason({ sender: 2 }))
    await store.outbox.accept(from.connectionId, touchpoints(2), at(3))
    expect(await store.refusals.untold()).toEqual([
      {
        ...from,
        refused: 7,
        reasons: [reason({ count: 6, examples: ['a', 'b', 'c', 'd', 'e'] }), reason({ sender: 2 })],
        since: at(1),
        keyBefore: expect.any(Number),
        lastKey: expect.any(Number),
        minutes: [{ at: at(0).getTime(), refused: 7, keyBefore: expect.any(Number) }],
        toldAt: null,
      },
    ])
    const [untold] = await store.refusals.untold()
    expect(untold!.lastKey! - untold!.keyBefore!).toBe(5)
    expect(untold!.minutes[0]!.keyBefore).toBe(untold!.keyBefore)
  })

  test('are kept by the minute for an hour', async () => {
    const { store } = world()
    const { note } = await aSource(store)
    for (const minute of [0, 1, 1, 30, 60]) await note(minute * MINUTE_MS + 5, reason())
    const [untold] = await store.refusals.untold()
    const minutes = untold!.minutes.map((one) => [(one.at - at(0).getTime()) / MINUTE_MS, one.refused])
    expect(minutes).toEqual([
      [1, 2],
      [30, 1],
      [60, 1],
    ])
    expect(untold).toMatchObject({ refused: 5, since: at(5) })
  })

  test('that a clock set back brings are counted all the same', async () => {
    const { store } = world()
    const { note } = await aSource(store)
    await note(10 * MINUTE_MS, reason())
    await note(2 * MINUTE_MS, reason())
    expect(await store.refusals.untold()).toMatchObject([{ refused: 2, minutes: [{ refused: 2 }] }])
  })

  test('are told once, with the message, and counted anew', async () => {
    const { store, other } = world()
    const { message, note } = await aSource(store)
    await note(10, reason({ count: 25 }))
    const [seen] = await store.refusals.untold()
    await note(20, reason({ count: 2 }), reason({ about: 'Tier__c' }))
    const first = message()
    expect(await store.refusals.tell(seen!, first, at(30))).toBe(true)
    expect(await other.refusals.tell(seen!, message(), at(31))).toBe(false)
    const notice = {
      kind: 'records_refused',
      refused: 28,
      sent: 28,
      since: at(10).toISOString(),
      reasons: [reason({ count: 27 }), reason({ about: 'Tier__c' })],
    }
    expect(await store.messages.find(first.id)).toMatchObject({ notice, ts: null, wanted: 1 })
    expect((await store.messages.claim(at(30), at(99), 'me', 9)).map(({ id }) => id)).toContain(first.id)
    expect(await store.refusals.untold()).toEqual([])
    await note(MINUTE_MS, reason())
    expect(await store.refusals.untold()).toMatchObject([
      { refused: 1, reasons: [reason()], since: at(MINUTE_MS), toldAt: at(30), minutes: [{ refused: 28 }, { refused: 1 }] },
    ])
  })

  test('that belong to no connection are told without one', async () => {
    const { store } = world()
    await store.refusals.note({ teamId: 'T1', connectionId: null }, [reason()], 0, at(1))
    await store.refusals.note({ teamId: 'T2', connectionId: null }, [reason()], 0, at(1))
    const untold = await store.refusals.untold()
    expect(untold).toHaveLength(2)
    expect(untold[0]).toMatchObject({ connectionId: null, keyBefore: null, lastKey: null })
    const message = aMessage({ kind: 'notice', connectionId: null })
    expect(await store.refusals.tell(untold[0]!, message, at(2))).toBe(true)
    const [claimed] = await store.messages.claim(at(2), at(9), 'me', 9)
    expect(claimed).toMatchObject({ id: message.id, connectionId: null, notice: { refused: 1, sent: null } })
  })

  test('that nobody was told of are forgotten after a day', async () => {
    const { store } = world()
    const { note } = await aSource(store)
    await note(0, reason({ count: 3 }))
    await note(DAY_MS + 1, reason({ about: 'new' }))
    expect(await store.refusals.untold()).toMatchObject([{ refused: 1, reasons: [{ about: 'new' }], since: at(DAY_MS + 1) }])
  })

  test('for many different reasons stay a small row: the rare ones are counted by their code', async () => {
    const { store } = world()
    const { note } = await aSource(store)
    for (let n = 0; n < 60; n++) await note(n, reason({ about: `f${n}`, sender: 1, examples: [`tp${n}`] }))
    await note(70, reason({ about: 'f0', sender: 1 }))
    const [untold] = await store.refusals.untold()
    expect(untold!.reasons).toHaveLength(21)
    expect(untold!.reasons[0]).toMatchObject({ about: 'f0', count: 2 })
    expect(untold!.reasons[20]).toMatchObject({
      about: '',
      sender: null,
      count: 40,
      examples: ['tp20', 'tp21', 'tp22', 'tp23', 'tp24'],
    })
    expect(untold!.refused).toBe(61)
  })

  test.runIf(races)('that come at the same time are all counted, and told once', async () => {
    const { store, other } = world()
    const { from, message } = await aSource(store)
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => (n % 2 ? store : other).refusals.note(from, [reason({ count: 3 })], 0, at(n))),
    )
    const [seen] = await store.refusals.untold()
    expect(seen).toMatchObject({ refused: 60, reasons: [{ count: 60 }] })
    const told = Array.from({ length: 6 }, (_, n) => (n % 2 ? store : other).refusals.tell(seen!, message(), at(HOUR_MS)))
    expect((await Promise.all(told)).filter(Boolean)).toHaveLength(1)
  })
})
