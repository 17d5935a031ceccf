import { expect, test } from 'vitest'
import { createRateLimits } from '../../../src/sandbox/slack/rate-limits.ts'

function limits() {
  let ms = 0
  return { turn: (by: number) => (ms += by), enter: createRateLimits(() => new Date(ms)).enter }
}

test('a channel takes one post a second, and a short burst', () => {
  const { enter, turn } = limits()
  const post = (channel = 'C1') => enter('chat.postMessage', { channel })
  expect([post(), post(), post(), post(), post()]).toEqual([0, 0, 0, 1, 1])
  expect(post('C2')).toBe(0)
  turn(1000)
  expect([post(), post()]).toEqual([0, 1])
  turn(10_000)
  expect([post(), post(), post(), post()]).toEqual([0, 0, 0, 1])
})

test('a workspace takes fifty edits a minute, and says when the next one may come', () => {
  const { enter, turn } = limits()
  const edit = () => enter('chat.update', {})
  for (let n = 0; n < 50; n++) {
    expect(edit()).toBe(0)
    turn(500)
  }
  expect(edit()).toBe(35)
  turn(35_000)
  expect([edit(), edit()]).toEqual([0, 1])
  expect(enter('auth.test', {})).toBe(0)
})
