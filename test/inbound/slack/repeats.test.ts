import { expect, test } from 'vitest'
import { createRepeats } from '../../../src/inbound/slack/repeats.ts'
import { aClock } from '../../sandbox/slack/a-workspace.ts'

test('knows what it has seen within the last 15 minutes', () => {
  const clock = aClock()
  const isFirst = createRepeats(clock)
  expect(isFirst('a')).toBe(true)
  expect(isFirst('a')).toBe(false)
  clock.turn(15 * 60_000)
  expect(isFirst('a')).toBe(false)
  clock.turn(1)
  expect(isFirst('a')).toBe(true)
})

test('does not grow for ever, and forgets the oldest first', () => {
  const isFirst = createRepeats(aClock())
  for (let i = 0; i < 10_001; i++) isFirst(`key ${i}`)
  expect(isFirst('key 10000')).toBe(false)
  expect(isFirst('key 5000')).toBe(false)
  expect(isFirst('key 0')).toBe(true)
})
