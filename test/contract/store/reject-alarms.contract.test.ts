import { expect, test } from 'vitest'
import { DAY_MS, MINUTE_MS } from '../../../src/clock.ts'
import type { Hold } from '../../../src/domain/outbox/hold.ts'
import type { AlarmedReason, RejectAlarm } from '../../../src/domain/outbox/reject-alarm.ts'
import type { Settlement } from '../../../src/domain/outbox/touchpoint.ts'
import type { Store } from '../../../src/domain/store.ts'
import { addConnection, aMessage, anAuditEntry, aTouchpoint, at, touchpoints } from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'

const reason = (over: Partial<AlarmedReason> = {}): AlarmedReason => ({
  code: 'TOO_LONG',
  field: 'Region__c',
  words: '',
  count: 20,
  message: 'Too long "x"',
  key: 1,
  value: 'x',
  examples: ['a', 'b'],
  ...over,
})

/** An alarm with the message that tells it. */
function anAlarm(connectionId: string, over: Partial<RejectAlarm> = {}) {
  const message = aMessage({ connectionId, kind: 'rejects' })
  const told = {
    kind: 'alike' as const,
    since: at(0),
    settledFrom: at(0),
    settled: 300,
    rejected: 20,
    reasons: [reason()],
    liftedBy: null,
    liftedAt: null,
  }
  return { message, alarm: { messageId: message.id, connectionId, ...told, ...over } }
}

const aHold = (connectionId: string): Hold => ({
  connectionId,
  reason: 'rejects',
  since: at(0),
  until: null,
  by: null,
  detail: {},
})

/** Takes in and settles so many; those that are refused are refused for `field`. */
async function settle(store: Store, connectionId: string, pushed: number, rejected: number, ms: number, field = 'Region__c') {
  await store.outbox.accept(connectionId, touchpoints(pushed + rejected), at(ms))
  const rows = await store.outbox.waiting(connectionId, 0, at(ms), 2000)
  const settlements = rows.map(
    ({ key }, n): Settlement =>
      n < pushed ? { kind: 'pushed', key } : { kind: 'rejected', key, code: 'TOO_LONG', message: 'Too long', field },
  )
  return store.outbox.settle(connectionId, settlements, at(ms))
}

const pushOnEntry = (connectionId: string) => anAuditEntry({ connectionId, actor: 'U1', action: 'pushing_resumed' })

contract('what a CRM refuses', (world, { races }) => {
  test('is counted with the settlement, beside what was pushed; nothing is written where nothing was refused', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    expect((await settle(store, id, 50, 0, 1)).rejects).toBeNull()
    expect(await store.rejectAlarms.windows(at(-1))).toEqual([])
    const { rejects } = await settle(store, id, 30, 12, 2)
    expect(rejects).toMatchObject({
      connectionId: id,
      pushed: 80,
      run: { pushedFrom: 50, rejected: 12 },
      refusedRun: null,
      buckets: [{ rejected: 12, pushedBefore: 50, reasons: [{ code: 'TOO_LONG', field: 'Region__c', count: 12 }] }],
    })
    await settle(store, id, 5, 0, 3)
    await settle(store, id, 0, 1, 4)
    expect(await store.rejectAlarms.windows(at(3))).toMatchObject([{ pushed: 85, buckets: [{ rejected: 13 }] }])
    expect(await store.rejectAlarms.windows(at(4))).toEqual([])
  })

  test('in the results of a job is counted with what was pushed of the job before', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    await settle(store, id, 600, 0, 1)
    await store.outbox.accept(id, touchpoints(300), at(2))
    const rows = await store.outbox.waiting(id, 0, at(2), 300)
    const refused = rows.map(({ key }): Settlement => ({ kind: 'rejected', key, code: 'C', message: 'm', field: null }))
    const { rejects } = await store.outbox.settle(id, refused, at(3), { settled: 800, rejected: 300 })
    expect(rejects).toMatchObject({ refusedRun: null, run: { pushedFrom: 600, rejected: 0 }, buckets: [{ pushedBefore: 100 }] })
  })

  test('is not counted for a version that was replaced meanwhile', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    await store.outbox.accept(id, [aTouchpoint('a')], at(1))
    const [row] = await store.outbox.waiting(id, 0, at(1), 9)
    await store.outbox.accept(id, [aTouchpoint('a', 2)], at(2))
    const late: Settlement = { kind: 'rejected', key: row!.key, code: 'C', message: 'm', field: null }
    expect((await store.outbox.settle(id, [late], at(3))).rejects).toBeNull()
    expect(await store.rejectAlarms.windows(at(0))).toEqual([])
  })

  test('may say anything: what is kept of it comes back', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    await store.outbox.accept(id, [aTouchpoint('a')], at(1))
    const [row] = await store.outbox.waiting(id, 0, at(1), 9)
    const odd: Settlement = {
      kind: 'rejected',
      key: row!.key,
      code: 'C',
      message: `half \ud83d, nul \u0000, “${'ü'.repeat(9000)}”`,
      field: null,
    }
    await store.outbox.settle(id, [odd], at(3))
    const [window] = await store.rejectAlarms.windows(at(0))
    expect(window?.buckets[0]?.reasons[0]?.message).toMatch(/^half \ufffd, nul .*ü$/)
  })

  test('is told by a card once a day for each reason, which counts on', async () => {
    const { store, other } = world()
    const { id } = await addConnection(store)
    const { alarm, message } = anAlarm(id)
    expect(await store.rejectAlarms.raise(alarm, message, null, at(0))).toBe(true)
    const again = anAlarm(id)
    expect(await other.rejectAlarms.raise(again.alarm, again.message, null, at(5))).toBe(false)
    expect(await store.messages.find(again.message.id)).toBeUndefined()
    const field = anAlarm(id, { since: at(6), reasons: [reason({ field: 'Tier__c', count: 30 })] })
    expect(await store.rejectAlarms.raise(field.alarm, field.message, null, at(6))).toBe(true)
    expect(await store.rejectAlarms.since(id, at(-1))).toEqual([field.alarm, alarm])
    expect(await store.rejectAlarms.since(id, at(0))).toEqual([field.alarm])

    await settle(store, id, 0, 7, 10)
    expect((await store.rejectAlarms.ofMessage(message.id))?.reasons).toEqual([reason({ count: 27 })])
    expect(await store.rejectAlarms.ofMessage(field.message.id)).toEqual(field.alarm)

    const tomorrow = anAlarm(id, { since: at(DAY_MS) })
    expect(await store.rejectAlarms.raise(tomorrow.alarm, tomorrow.message, null, at(DAY_MS))).toBe(true)
    await settle(store, id, 0, 1, DAY_MS + 1)
    expect((await store.rejectAlarms.ofMessage(message.id))?.reasons[0]?.count).toBe(27)
    expect((await store.rejectAlarms.ofMessage(tomorrow.message.id))?.reasons[0]?.count).toBe(21)
  })

  test('makes its card due when the count has moved, and not too often', async () => {
    const { store } = world()
    const { id } = await addConnection(store)
    const { alarm, message } = anAlarm(id)
    await store.rejectAlarms.raise(alarm, message, null, at(0))
    for (const due of await store.messages.claim(at(1), at(2), 'me', 9))
      await store.messages.shown(due, 'me', { ts: '1.1', channelId: 'C1', version: due.wanted, at: at(1), dueAt: null })
    expect(await store.rejectAlarms.touch(at(9 * MINUTE_MS), MINUTE_MS)).toBe(0)
    await settle(store, id, 0, 3, 10)
    expect(await store.rejectAlarms.touch(at(MINUTE_MS - 1), MINUTE_MS)).toBe(0)
    expect(await store.rejectAlarms.touch(at(MINUTE_MS), MINUTE_MS)).toBe(1)
    expect((await store.messages.claim(at(MINUTE_MS), at(9 * MINUTE_MS), 'me', 9)).map((due) => due.id)).toEqual([message.id])
    await settle(store, id, 0, 3, MINUTE_MS + 1)
    expect(await store.rejectAlarms.touch(at(2 * MINUTE_MS - 1), MINUTE_MS)).toBe(0)
    expect(await store.rejectAlarms.touch(at(2 * MINUTE_MS), MINUTE_MS)).toBe(1)
  })

  test('stops the pushing with the card, once, and goes on with Push on, once', async () => {
    const { store, other } = world()
    const { id } = await addConnection(store)
    expect((await settle(store, id, 0, 250, 1)).rejects?.refusedRun).toEqual({ settled: 250, rejected: 250 })
    await store.outbox.accept(id, touchpoints(3), at(2))
    const { alarm, message } = anAlarm(id, { kind: 'stopped', settled: 250, rejected: 250 })
    expect(await store.rejectAlarms.raise(alarm, message, aHold(id), at(3))).toBe(true)
    expect(await store.outbox.drainable(at(4))).toEqual([])
    expect(await store.holds.of(id)).toEqual([aHold(id)])
    expect(await store.rejectAlarms.windows(at(0))).toMatchObject([{ refusedRun: null }])
    const second = anAlarm(id, { kind: 'stopped' })
    expect(await other.rejectAlarms.raise(second.alarm, second.message, aHold(id), at(5))).toBe(false)
    expect(await store.messages.find(second.message.id)).toBeUndefined()
    expect(await store.rejectAlarms.lastStop(id)).toEqual(alarm)

    // What was under way when it stopped doesn't count against what comes after.
    await settle(store, id, 0, 150, 6)
    const pushOn = (through: Store, by: string) => through.rejectAlarms.pushOn(id, by, at(9), pushOnEntry(id))
    const answers = [await pushOn(store, 'U1'), await pushOn(other, 'U2')]
    expect(answers).toEqual([true, false])
    expect(await store.holds.of(id)).toEqual([])
    expect(await store.rejectAlarms.lastStop(id)).toMatchObject({ messageId: message.id, liftedBy: 'U1', liftedAt: at(9) })
    expect((await store.messages.find(message.id))?.wanted).toBe(2)
    expect((await store.history.of(id, 9)).filter(({ action }) => action === 'pushing_resumed')).toHaveLength(1)
    expect((await settle(store, id, 0, 199, 10)).rejects?.refusedRun).toBeNull()
    expect((await settle(store, id, 0, 1, 11)).rejects?.refusedRun).toEqual({ settled: 200, rejected: 200 })
  })

  test('is of no connection that there is not', async () => {
    const { store } = world()
    const { alarm, message } = anAlarm('nothing')
    expect(await store.rejectAlarms.raise(alarm, message, null, at(0))).toBe(false)
    expect(await store.rejectAlarms.pushOn('nothing', 'U1', at(0), pushOnEntry('nothing'))).toBe(false)
    expect(await store.rejectAlarms.lastStop('nothing')).toBeUndefined()
    expect(await store.rejectAlarms.ofMessage('nothing')).toBeUndefined()
  })

  test.runIf(races)('is told once when several machines see it, while they settle', async () => {
    const { store, other } = world()
    const { id } = await addConnection(store)
    const through = (n: number) => (n % 2 ? store : other)
    const raise = (n: number, hold: Hold | null) => {
      const { alarm, message } = anAlarm(id, { kind: hold ? 'stopped' : 'alike', reasons: hold ? [] : [reason()] })
      return through(n).rejectAlarms.raise(alarm, message, hold, at(n))
    }
    await store.outbox.accept(id, touchpoints(100), at(0))
    const rows = await store.outbox.waiting(id, 0, at(1), 100)
    const settling = rows.map(({ key }, n) =>
      through(n).outbox.settle(id, [{ kind: 'rejected', key, code: 'TOO_LONG', message: 'm', field: 'Region__c' }], at(2)),
    )
    const raised = await Promise.all(Array.from({ length: 5 }, (_, n) => raise(n, null)))
    const stopped = await Promise.all(Array.from({ length: 5 }, (_, n) => raise(n, aHold(id))))
    await Promise.all(settling)
    expect(raised.filter(Boolean)).toHaveLength(1)
    expect(stopped.filter(Boolean)).toHaveLength(1)
    expect(await store.rejectAlarms.windows(at(0))).toMatchObject([{ buckets: [{ rejected: 100 }] }])
  })
})
