import { expect, test } from 'vitest'
import { HOUR_MS } from '../../src/clock.ts'
import { backoffMs } from '../../src/domain/outbox/backoff.ts'

test('waits longer after each attempt, and an hour at most', () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 50].map((attempt) => backoffMs(attempt, 0.5, null))
  expect(waits).toEqual([2_000, 8_000, 32_000, 128_000, 512_000, 2_048_000, HOUR_MS, HOUR_MS])
})

test('scatters by a fifth either way, so that many do not come back at once', () => {
  expect(backoffMs(1, 0, null)).toBe(1_600)
  expect(backoffMs(1, 0.999999, null)).toBe(2_400)
})

test("takes the provider's own wait when it is longer", () => {
  expect(backoffMs(1, 0.5, 60_000)).toBe(60_000)
  expect(backoffMs(3, 0.5, 1_000)).toBe(32_000)
})
