import { describe, expect, test } from 'vitest'
import { budgetHold, budgetReached, hasRoom, LOOK_AGAIN_MS, newerUsage, usableUsage } from '../../src/domain/outbox/api-budget.ts'
import type { Verdict } from '../../src/domain/provider.ts'

const NOW = new Date('2026-11-23T09:00:00Z')
const usage = (used: number, limit = 1000) => ({ used, limit })

describe('room in the budget', () => {
  test.each([
    [799, 0, true],
    [800, 0, false],
    [801, 0, false],
    [790, 9, true],
    [790, 10, false],
  ])('%i of 1,000 used, %i under way: %s', (used, underWay, room) => {
    expect(hasRoom(usage(used), underWay, 0.8)).toBe(room)
  })

  test('a share of a small limit is rounded down, never up', () => {
    expect(hasRoom(usage(3, 5), 0, 0.8)).toBe(true)
    expect(hasRoom(usage(2, 4), 0, 0.8)).toBe(true)
    expect(hasRoom(usage(3, 4), 0, 0.8)).toBe(false)
  })

  test('a limit of nothing says nothing', () => {
    expect(usableUsage(usage(0, 0))).toBeNull()
    expect(usableUsage(null)).toBeNull()
    expect(usableUsage(usage(5, 10))).toEqual(usage(5, 10))
  })
})

describe('two accounts of the usage', () => {
  test('one that was asked for later counts, also when it is lower', () => {
    expect(newerUsage(usage(500), usage(300), true)).toEqual(usage(300))
  })

  test('of answers that overtook each other the higher one counts', () => {
    expect(newerUsage(usage(500), usage(499), false)).toEqual(usage(500))
    expect(newerUsage(usage(500), usage(501), false)).toEqual(usage(501))
    expect(newerUsage(null, usage(1), false)).toEqual(usage(1))
  })
})

describe('the hold', () => {
  const usedUp: Verdict = {
    kind: 'rate_limited',
    retryAfterMs: null,
    usedUp: true,
    code: 'REQUEST_LIMIT_EXCEEDED',
    explanation: '',
  }

  test('tells the usage, and when Redkey looks again', () => {
    expect(budgetHold('con_1', budgetReached(usage(800)), usage(800), NOW)).toEqual({
      connectionId: 'con_1',
      reason: 'budget',
      since: NOW,
      until: new Date(NOW.getTime() + LOOK_AGAIN_MS),
      by: null,
      detail: { usage: usage(800) },
    })
  })

  test('after the CRM itself said so, claims nothing about numbers, and waits as long as it asks for', () => {
    const stop = { ...usedUp, retryAfterMs: 2 * LOOK_AGAIN_MS }
    const hold = budgetHold('con_1', stop, usage(790), NOW)
    expect(hold?.detail).toEqual({})
    expect(hold?.until).toEqual(new Date(NOW.getTime() + 2 * LOOK_AGAIN_MS))
    expect(budgetHold('con_1', usedUp, null, NOW)?.until).toEqual(new Date(NOW.getTime() + LOOK_AGAIN_MS))
  })

  test('comes from nothing else that stops a push', () => {
    const { usedUp: _, ...limited } = usedUp
    expect(budgetHold('con_1', limited, usage(900), NOW)).toBeNull()
    const transient: Verdict = { kind: 'transient', retryAfterMs: null, code: 'x', explanation: '' }
    expect(budgetHold('con_1', transient, usage(900), NOW)).toBeNull()
  })
})
