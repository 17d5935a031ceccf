import { expect, test } from 'vitest'
import { count, duration, list, plural, rate } from '../../src/messages/words.ts'

test.each([
  [0, '1 s'],
  [45_400, '45 s'],
  [60_000, '1 min'],
  [3_599_000, '59 min'],
  [3_600_000, '1 h'],
  [11_520_000, '3 h 12 min'],
  [47 * 3_600_000, '47 h'],
  [52 * 3_600_000, '2 days 4 h'],
])('%d ms is "%s"', (ms, words) => {
  expect(duration(ms)).toBe(words)
})

test('numbers have thousands separators and the right plural', () => {
  expect(count(1234567)).toBe('1,234,567')
  expect(plural(1, 'touchpoint')).toBe('1 touchpoint')
  expect(plural(0, 'touchpoint')).toBe('0 touchpoints')
})

test('a slow rate is told per minute', () => {
  expect(rate(1284, 60_000)).toBe('21 per second')
  expect(rate(30, 60_000)).toBe('30 per minute')
  expect(rate(5, 0)).toBe('5 per second')
})

test('lists read as people say them', () => {
  expect(list([])).toBe('')
  expect(list(['a'])).toBe('a')
  expect(list(['a', 'b', 'c'], 'or')).toBe('a, b or c')
})
