import { expect, test } from 'vitest'
import { later, MINUTE_MS } from '../../src/clock.ts'
import { isAppsTrouble } from '../../src/domain/connections/app-doubts.ts'

const T0 = new Date('2026-11-23T09:00:00Z')
const doubt = (providerUserId: string, minutes: number) => ({ providerUserId, since: later(T0, minutes * MINUTE_MS) })
const minute = (minutes: number) => later(T0, minutes * MINUTE_MS)

test('three users within five minutes are the trouble of their app, two are not', () => {
  const two = [doubt('ana', 0), doubt('ben', 1)]
  expect(isAppsTrouble(two, minute(1))).toBe(false)
  expect(isAppsTrouble([...two, doubt('cem', 5)], minute(5))).toBe(true)
  expect(isAppsTrouble([...two, doubt('ben', 5)], minute(5))).toBe(false)
})

test('three users over more than five minutes are not', () => {
  expect(isAppsTrouble([doubt('ana', 0), doubt('ben', 3), doubt('cem', 5.1)], minute(5.1))).toBe(false)
})

test('five minutes may begin with any doubt', () => {
  const doubts = [doubt('ana', 0), doubt('ben', 3), doubt('cem', 5.5), doubt('dan', 7)]
  expect(isAppsTrouble(doubts, minute(7))).toBe(true)
  expect(isAppsTrouble(doubts, minute(3))).toBe(true)
  expect(isAppsTrouble(doubts, minute(0))).toBe(false)
})

test('the trouble of last week is not that of a doubt of today', () => {
  const old = [doubt('ana', 0), doubt('ben', 1), doubt('cem', 2)]
  expect(isAppsTrouble([...old, doubt('dan', 10_000)], minute(10_000))).toBe(false)
})
