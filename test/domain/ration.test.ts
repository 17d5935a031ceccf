import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY_MS, HOUR_MS } from '../../src/clock.ts'
import { rationedMs } from '../../src/domain/ration.ts'

test('few accounts are read as often as wanted, and without a known limit all are', () => {
  expect(rationedMs(HOUR_MS, 3, 10, 2880)).toBe(HOUR_MS)
  expect(rationedMs(HOUR_MS, 3, 10_000, undefined)).toBe(HOUR_MS)
})

test('however many accounts an app has, they use up at most three tenths of its calls', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 12 }), (accounts, calls) => {
      const rounds = DAY_MS / rationedMs(HOUR_MS, calls, accounts, 2880)
      expect(rounds * accounts * calls).toBeLessThanOrEqual(0.3 * 2880 + 0.001)
    }),
  )
})
