import { describe, expect, test } from 'vitest'
import { createApiMeters } from '../../src/domain/outbox/api-meter.ts'
import type { ApiUsage, Asked } from '../../src/domain/provider.ts'
import { handClock } from '../support/hand-clock.ts'

type Answer = Asked<{ readonly usage: ApiUsage | null }>

/** A CRM that counts each request when it comes in, and answers when it is told to. */
function aCrm(used: number, limit = 100) {
  const waiting: (() => void)[] = []
  const crm = {
    used,
    most: 0,
    tells: true,
    fails: false,
    /** Requests that came in and have no answer yet. */
    open: () => waiting.length,
    request(): Promise<Answer> {
      crm.used++
      crm.most = Math.max(crm.most, crm.used)
      const usage = crm.tells ? { used: crm.used, limit } : null
      const answer: Answer = crm.fails
        ? { kind: 'transient', retryAfterMs: null, code: 'x', explanation: '' }
        : { kind: 'ok', value: { usage } }
      return new Promise((resolve) => waiting.push(() => resolve(answer)))
    },
    /** Answers one of those that wait: the oldest, or the newest. */
    async answer(which: 'oldest' | 'newest' = 'oldest'): Promise<void> {
      const next = which === 'oldest' ? waiting.shift() : waiting.pop()
      next?.()
      await settled()
    },
  }
  return crm
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}

function aMeter(share = 0.8) {
  const clock = handClock()
  return { clock, meter: createApiMeters(clock, share).of({ provider: 'salesforce', accountId: '00D1' }) }
}

describe('an API meter', () => {
  test('sends one request ahead while nothing is known, and the others once it has answered', async () => {
    const { meter } = aMeter()
    const crm = aCrm(0)
    const sent = Array.from({ length: 5 }, () => meter.send(() => crm.request()))
    await settled()
    expect(crm.open()).toBe(1)
    await crm.answer()
    expect(crm.open()).toBe(4)
    for (let n = 0; n < 4; n++) await crm.answer()
    expect((await Promise.all(sent)).every(({ kind }) => kind === 'ok')).toBe(true)
  })

  test('a refusal tells nothing: the next request goes ahead alone as well', async () => {
    const { meter } = aMeter()
    const crm = aCrm(0)
    crm.fails = true
    const sent = Array.from({ length: 5 }, () => meter.send(() => crm.request()))
    await settled()
    expect(crm.open()).toBe(1)
    await crm.answer()
    expect(crm.open()).toBe(1)
    crm.fails = false
    await crm.answer()
    await crm.answer()
    expect(crm.open()).toBe(2)
    for (let n = 0; n < 2; n++) await crm.answer()
    await Promise.all(sent)
  })

  test.each(['oldest', 'newest'] as const)('reaches the budget and never crosses it, with %s answers first', async (which) => {
    const { meter } = aMeter()
    const crm = aCrm(60)
    let refused = 0
    const lane = async () => {
      for (;;) {
        const answer = await meter.send(() => crm.request())
        if (answer.kind === 'ok') continue
        expect(answer).toMatchObject({ kind: 'rate_limited', usedUp: true })
        refused++
        return
      }
    }
    const lanes = Promise.all(Array.from({ length: 16 }, lane))
    for (let n = 0; n < 100; n++) await crm.answer(which)
    await lanes
    expect(refused).toBe(16)
    expect(crm.used).toBe(80)
    expect(crm.most).toBe(80)
  })

  test('refuses nothing as long as an answer that is under way may show that there is room', async () => {
    const { meter } = aMeter()
    const crm = aCrm(76)
    const first = meter.send(() => crm.request())
    await crm.answer()
    await first
    const two = [meter.send(() => crm.request()), meter.send(() => crm.request())]
    await settled()
    await crm.answer('newest')
    // 79 are known to be used, and the request that is under way may be one of them or the 80th.
    const last = meter.send(() => crm.request())
    await settled()
    expect(crm.used).toBe(79)
    await crm.answer()
    expect(crm.used).toBe(80)
    await crm.answer()
    expect((await Promise.all([...two, last])).map(({ kind }) => kind)).toEqual(['ok', 'ok', 'ok'])
  })

  test('counts requests whose answers told nothing', async () => {
    const { meter } = aMeter()
    const crm = aCrm(76)
    const first = meter.send(() => crm.request())
    await crm.answer()
    await first
    crm.fails = true
    for (let n = 0; n < 6; n++) {
      const failed = meter.send(() => crm.request())
      await crm.answer()
      await failed
    }
    expect(crm.used).toBe(80)
  })

  test('sends nothing at all when the budget was used up by others', async () => {
    const { meter } = aMeter()
    await meter.watch(async () => ({ kind: 'ok', value: { used: 80, limit: 100 } }))
    const crm = aCrm(80)
    expect(await meter.send(() => crm.request())).toMatchObject({ kind: 'rate_limited', usedUp: true })
    expect(crm.used).toBe(80)
    expect(meter.hasRoom()).toBe(false)
  })

  test('goes on when a later look shows less: the calls of yesterday have grown old', async () => {
    const { meter } = aMeter()
    await meter.watch(async () => ({ kind: 'ok', value: { used: 80, limit: 100 } }))
    await meter.watch(async () => ({ kind: 'ok', value: { used: 20, limit: 100 } }))
    expect(meter.usage()).toEqual({ used: 20, limit: 100 })
    expect(meter.hasRoom()).toBe(true)
  })

  test('a look that was overtaken by a push does not make the usage smaller', async () => {
    const { meter } = aMeter()
    const crm = aCrm(50)
    let tell: (answer: Asked<ApiUsage | null>) => void = () => undefined
    const looked = meter.watch(() => new Promise((resolve) => (tell = resolve)))
    const sent = meter.send(() => crm.request())
    await crm.answer()
    await sent
    tell({ kind: 'ok', value: { used: 50, limit: 100 } })
    await looked
    expect(meter.usage()?.used).toBe(51)
  })

  test('sends one ahead again when what it knows is ten seconds old: others use the same limit', async () => {
    const { meter, clock } = aMeter()
    const crm = aCrm(0)
    const first = meter.send(() => crm.request())
    await crm.answer()
    await first
    clock.turn(10_000)
    crm.used = 79
    const sent = Array.from({ length: 4 }, () => meter.send(() => crm.request()))
    await settled()
    expect(crm.open()).toBe(1)
    await crm.answer()
    expect((await Promise.all(sent)).map(({ kind }) => kind)).toEqual(['ok', 'rate_limited', 'rate_limited', 'rate_limited'])
    expect(crm.used).toBe(80)
  })

  test('a CRM that tells no usage is pushed to freely, also after it once told that all was used', async () => {
    const { meter, clock } = aMeter()
    const crm = aCrm(1000)
    crm.tells = false
    await meter.watch(async () => ({ kind: 'ok', value: { used: 80, limit: 100 } }))
    clock.turn(10_000)
    await meter.watch(async () => ({ kind: 'ok', value: null }))
    for (let n = 0; n < 3; n++) {
      const sent = meter.send(() => crm.request())
      await crm.answer()
      expect((await sent).kind).toBe('ok')
    }
  })

  test('accounts do not share a budget', async () => {
    const meters = createApiMeters(handClock(), 0.8)
    const [one, other] = ['00D1', '00D2'].map((accountId) => meters.of({ provider: 'salesforce', accountId }))
    await one?.watch(async () => ({ kind: 'ok', value: { used: 100, limit: 100 } }))
    expect(one?.hasRoom()).toBe(false)
    expect(other?.hasRoom()).toBe(true)
    expect(meters.of({ provider: 'salesforce', accountId: '00D1' }).hasRoom()).toBe(false)
  })
})
