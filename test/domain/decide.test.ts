import { describe, expect, test } from 'vitest'
import { later, MINUTE_MS, SECOND_MS } from '../../src/clock.ts'
import type { Health, Observation, Status } from '../../src/domain/connections/connection.ts'
import { decide } from '../../src/domain/connections/decide.ts'

const RULES = { checkEveryMs: 5 * MINUTE_MS, confirmAfterMs: MINUTE_MS }
const T0 = new Date('2026-11-23T09:00:00Z')
const NOW = later(T0, 10 * MINUTE_MS)

function health(over: Partial<Health> = {}): Health {
  return {
    status: 'connected',
    since: T0,
    cause: null,
    explanation: null,
    suspectSince: null,
    unreachableSince: null,
    lastProofAt: T0,
    ...over,
  }
}

const PROOF: Observation = { kind: 'proof' }
const DEAD: Observation = {
  kind: 'authorization_required',
  cause: 'revoked',
  certain: true,
  code: 'invalid_grant',
  explanation: 'revoked',
}
const DOUBT: Observation = {
  kind: 'authorization_required',
  cause: 'expired',
  certain: false,
  code: 'invalid_grant',
  explanation: 'doubtful',
}
const FORBIDDEN: Observation = { kind: 'permission', cause: 'role_missing', code: 'INSUFFICIENT_ACCESS', explanation: 'no right' }
const OURS: Observation = { kind: 'misconfigured', code: 'invalid_client', explanation: 'client' }
const DOWN: Observation = { kind: 'transient', retryAfterMs: null, code: '503', explanation: 'down' }
const BUSY: Observation = { kind: 'rate_limited', retryAfterMs: 90 * MINUTE_MS, code: 'LIMIT', explanation: 'limit' }
const ODD: Observation = { kind: 'rejected', code: '400', explanation: 'odd' }

describe('a connection that works', () => {
  test('goes red at once on a terminal refusal, and an outage opens', () => {
    const decision = decide(health(), DEAD, NOW, RULES)
    expect(decision.next).toMatchObject({ status: 'authorization_required', since: NOW, cause: 'revoked', lastProofAt: T0 })
    expect(decision.outage).toEqual({ kind: 'open', as: 'authorization' })
  })

  test('only becomes suspect on an ambiguous refusal, and is looked at again after the confirmation wait', () => {
    const decision = decide(health(), DOUBT, NOW, RULES)
    expect(decision.next).toMatchObject({ status: 'connected', suspectSince: NOW })
    expect(decision).toMatchObject({ outage: { kind: 'keep' }, checkAgainInMs: MINUTE_MS })
  })

  test('does not go red when the second proof comes too early', () => {
    const suspect = health({ suspectSince: later(NOW, -20 * SECOND_MS) })
    expect(decide(suspect, DOUBT, NOW, RULES)).toMatchObject({
      next: { status: 'connected' },
      outage: { kind: 'keep' },
      checkAgainInMs: 40 * SECOND_MS,
    })
  })

  test('goes red when an ambiguous refusal is seen again late enough', () => {
    const suspect = health({ suspectSince: later(NOW, -MINUTE_MS) })
    expect(decide(suspect, DOUBT, NOW, RULES)).toMatchObject({
      next: { status: 'authorization_required', suspectSince: suspect.suspectSince },
      outage: { kind: 'open', as: 'authorization' },
    })
  })

  test('counts the wait anew when a call has worked since the doubt', () => {
    const proven = health({ suspectSince: later(NOW, -9 * MINUTE_MS), lastProofAt: later(NOW, -8 * MINUTE_MS) })
    expect(decide(proven, DOUBT, NOW, RULES)).toMatchObject({
      next: { status: 'connected', suspectSince: NOW },
      checkAgainInMs: MINUTE_MS,
    })
  })

  test('is looked at no less often than otherwise while a long confirmation waits', () => {
    const rules = { ...RULES, confirmAfterMs: 15 * MINUTE_MS }
    expect(decide(health(), DOUBT, NOW, rules).checkAgainInMs).toBe(5 * MINUTE_MS)
    const suspect = health({ suspectSince: later(NOW, -12 * MINUTE_MS), lastProofAt: later(NOW, -20 * MINUTE_MS) })
    expect(decide(suspect, DOUBT, NOW, rules).checkAgainInMs).toBe(3 * MINUTE_MS)
  })

  test('forgets a doubt when a call works', () => {
    const decision = decide(health({ suspectSince: T0, unreachableSince: T0 }), PROOF, NOW, RULES)
    expect(decision.next).toEqual(health({ lastProofAt: NOW }))
    expect(decision.outage).toEqual({ kind: 'keep' })
  })

  test('never turns red, permission or misconfigured because the provider is down, busy or odd', () => {
    for (const seen of [DOWN, BUSY, ODD]) {
      expect(decide(health(), seen, NOW, RULES)).toMatchObject({
        next: { status: 'connected', lastProofAt: T0 },
        outage: { kind: 'keep' },
      })
    }
  })

  test('is asked again soon while the provider is down, later and later, and by Retry-After when it is busy', () => {
    expect(decide(health(), DOWN, NOW, RULES)).toMatchObject({ next: { unreachableSince: NOW }, checkAgainInMs: 15 * SECOND_MS })
    const longDown = health({ unreachableSince: later(NOW, -4 * MINUTE_MS) })
    expect(decide(longDown, DOWN, NOW, RULES)).toMatchObject({
      next: { unreachableSince: longDown.unreachableSince },
      checkAgainInMs: 2 * MINUTE_MS,
    })
    // Nothing changed: whoever waits because of it goes on waiting.
    expect(decide(longDown, DOWN, NOW, RULES).next).toBe(longDown)
    expect(decide(health(), BUSY, NOW, RULES).checkAgainInMs).toBe(90 * MINUTE_MS)
  })
})

describe('a connection in an outage', () => {
  const OUTAGES: [Status, Observation][] = [
    ['authorization_required', DEAD],
    ['permission_required', FORBIDDEN],
    ['misconfigured', OURS],
  ]
  test.each(OUTAGES)('%s stays one outage when the same is seen again', (status, seen) => {
    const before = health({ status, since: T0, cause: 'x', explanation: 'y' })
    const decision = decide(before, seen, NOW, RULES)
    expect(decision.next).toEqual(before)
    expect(decision.outage).toEqual({ kind: 'keep' })
  })

  test('is withdrawn when a red one works again by itself, and recovered when another does', () => {
    expect(decide(health({ status: 'authorization_required' }), PROOF, NOW, RULES)).toMatchObject({
      next: { status: 'connected', since: NOW },
      outage: { kind: 'close', how: 'withdrawn' },
    })
    expect(decide(health({ status: 'permission_required' }), PROOF, NOW, RULES).outage).toEqual({
      kind: 'close',
      how: 'recovered',
    })
    expect(decide(health({ status: 'misconfigured' }), PROOF, NOW, RULES).outage).toEqual({ kind: 'close', how: 'recovered' })
  })

  test('changes its kind, and not its card, when another refusal is seen', () => {
    expect(decide(health({ status: 'permission_required' }), DEAD, NOW, RULES).outage).toEqual({
      kind: 'change',
      as: 'authorization',
    })
    expect(decide(health({ status: 'misconfigured' }), FORBIDDEN, NOW, RULES).outage).toEqual({
      kind: 'change',
      as: 'permission',
    })
  })

  test('stays red when only our own settings are refused', () => {
    expect(decide(health({ status: 'authorization_required' }), OURS, NOW, RULES)).toMatchObject({
      next: { status: 'authorization_required' },
      outage: { kind: 'keep' },
    })
  })
})

test('a paused connection is left alone, whatever is seen', () => {
  const paused = health({ status: 'paused' })
  for (const seen of [PROOF, DEAD, DOUBT, FORBIDDEN, OURS, DOWN, BUSY, ODD]) {
    expect(decide(paused, seen, NOW, RULES)).toMatchObject({ next: paused, outage: { kind: 'keep' } })
  }
})
