import { describe, expect, test } from 'vitest'
import { later, MINUTE_MS } from '../../src/clock.ts'
import { isBurst, type Refusals } from '../../src/domain/outbox/refusal.ts'

const NOW = new Date('2026-11-23T12:00:30Z')

/** `[minutes ago, refused, newest key before]`, the oldest first. */
function refusals(
  minutes: readonly (readonly [ago: number, refused: number, keyBefore?: number])[],
  over: Partial<Refusals> = {},
) {
  const from = Math.floor(NOW.getTime() / MINUTE_MS) * MINUTE_MS
  return {
    teamId: 'T1',
    connectionId: 'c1',
    refused: minutes.reduce((sum, [, refused]) => sum + refused, 0),
    reasons: [],
    since: NOW,
    keyBefore: 0,
    lastKey: 1_000_000,
    minutes: minutes.map(([ago, refused, keyBefore = 0]) => ({ at: from - ago * MINUTE_MS, refused, keyBefore })),
    toldAt: null,
    ...over,
  }
}

describe('refused records are told', () => {
  test.each([
    ['20 at once', refusals([[0, 20]])],
    [
      '20 in ten minutes',
      refusals([
        [9, 10],
        [5, 5],
        [0, 5],
      ]),
    ],
    [
      '5 % of an hour',
      refusals(
        [
          [50, 8, 1000],
          [20, 8, 1100],
        ],
        { lastKey: 1304 },
      ),
    ],
    ['10 of 10', refusals([[0, 10, 7]], { lastKey: 7 })],
    ['20 that belong to no connection', refusals([[0, 20]], { connectionId: null, lastKey: null })],
    ['20 more, an hour after the last message', refusals([[0, 20]], { toldAt: later(NOW, -60 * MINUTE_MS) })],
  ])('when there are %s', (_, told) => {
    expect(isBurst(told, NOW)).toBe(true)
  })

  test.each([
    ['19 of a million', refusals([[0, 19]])],
    [
      '20 in eleven minutes',
      refusals([
        [11, 10],
        [0, 10],
      ]),
    ],
    [
      'just under 5 % of an hour',
      refusals(
        [
          [50, 8, 1000],
          [20, 8, 1100],
        ],
        { lastKey: 1305 },
      ),
    ],
    ['all of nine', refusals([[0, 9, 7]], { lastKey: 7 })],
    ['ten of no connection', refusals([[0, 10]], { connectionId: null, lastKey: null, keyBefore: null })],
    ['20, but more than an hour ago', refusals([[61, 20]])],
    ['nothing untold', refusals([[0, 50]], { refused: 0 })],
    ['more within the hour of the last message', refusals([[0, 5000]], { toldAt: later(NOW, -59 * MINUTE_MS) })],
  ])('not when there are %s', (_, quiet) => {
    expect(isBurst(quiet, NOW)).toBe(false)
  })
})
