import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, later, MINUTE_MS } from '../../src/clock.ts'
import { alikeId, filtersOf, reasonId } from '../../src/domain/outbox/reject.ts'
import { isOf, judgeRejects, type RejectAlarm, untold } from '../../src/domain/outbox/reject-alarm.ts'
import {
  type AlikeRejects,
  emptyWindow,
  type RejectWindow,
  type SettledGroup,
  withGroup,
  wordsOf,
} from '../../src/domain/outbox/reject-window.ts'

const NINE = new Date('2026-11-23T09:00:00Z')
type Answer = SettledGroup['rejected'][number]

let key = 0
const refused = (count: number, over: Partial<Answer> = {}): Answer[] =>
  Array.from({ length: count }, () => ({ key: ++key, code: 'TOO_LONG', message: 'Too long', field: 'Medium__c', ...over }))

/** Settles groups one after the other, `[pushed, rejected]` each. */
function settled(
  groups: readonly (readonly [number, number | Answer[]])[],
  from = emptyWindow('c1', 0),
  everyMs = 0,
): RejectWindow {
  let total = from.pushed
  return groups.reduce((window, [pushed, answers], n) => {
    total += pushed
    const rejected = Array.isArray(answers) ? answers : refused(answers)
    // Only groups with rejects are told.
    if (rejected.length === 0) return window
    return withGroup(window, { pushed, pushedTotal: total, rejected, job: null, at: later(NINE, n * everyMs) })
  }, from)
}

describe('pushing stops', () => {
  test.each<[string, (readonly [number, number])[], { settled: number; rejected: number }]>([
    ['all of 200', [[0, 200]], { settled: 200, rejected: 200 }],
    ['200 one by one', Array.from({ length: 200 }, () => [0, 1] as const), { settled: 200, rejected: 200 }],
    ['90 % of 200', [[20, 180]], { settled: 200, rejected: 180 }],
    [
      'all of a large group, after thousands that went well',
      [
        [5000, 0],
        [0, 1000],
      ],
      { settled: 1000, rejected: 1000 },
    ],
    [
      'a fault in the middle of a run',
      [
        [20, 100],
        [0, 100],
      ],
      { settled: 220, rejected: 200 },
    ],
    [
      'a fault after a group with a few rejects',
      [
        [990, 10],
        [0, 200],
      ],
      { settled: 200, rejected: 200 },
    ],
    [
      'all, with some that were pushed in between',
      [
        [0, 100],
        [10, 0],
        [0, 100],
      ],
      { settled: 210, rejected: 200 },
    ],
  ])('after %s', (_, groups, run) => {
    expect(judgeRejects(settled(groups), NINE).stop).toEqual(run)
  })

  test.each<[string, (readonly [number, number])[]]>([
    ['199, all refused', [[0, 199]]],
    ['just under 90 % of 200', [[21, 179]]],
    [
      '100 refused, then 21 pushed, then 199 refused',
      [
        [0, 100],
        [21, 0],
        [0, 199],
      ],
    ],
    ['half of very many', Array.from({ length: 50 }, () => [100, 100] as const)],
    [
      '1 % of very many, all in groups of their own',
      Array.from(
        { length: 300 },
        () =>
          [
            [99, 0],
            [0, 1],
          ] as const,
      ).flat(),
    ],
  ])('not after %s', (_, groups) => {
    expect(judgeRejects(settled(groups), NINE).stop).toBeNull()
  })

  test('within 400, whenever it begins', () => {
    for (let before = 0; before < 200; before++) {
      const well = settled([[before, 1]])
      const refusals = settled(
        Array.from({ length: 400 }, () => [0, 1] as const),
        well,
      )
      expect(refusals.refusedRun).not.toBeNull()
    }
  })
})

describe('a card is due', () => {
  test.each<[string, RejectWindow, number[]]>([
    ['20 alike of a million', settled([[1_000_000, 20]], emptyWindow('c1', 0)), [20]],
    ['10 that are 5 % of the hour', settled([[190, 10]]), [10]],
    ['10 of 10', settled([[0, 10]]), [10]],
    [
      '20 within the hour',
      settled(
        [
          [100, 10],
          [900, 0],
          [100, 10],
        ],
        undefined,
        20 * MINUTE_MS,
      ),
      [20],
    ],
    ['20 of two fields each', settled([[9000, [...refused(20), ...refused(25, { field: 'Region__c' })]]]), [25, 20]],
    [
      '20 that quote their values',
      settled([[9000, refused(20, { field: null }).map((one, n) => ({ ...one, message: `"v${n}" is bad (${n})` }))]]),
      [20],
    ],
    [
      '20 of a field, whatever the words',
      settled([[9000, refused(20).map((one, n) => ({ ...one, message: `value ${'abc'[n % 3]} is bad` }))]]),
      [20],
    ],
    [
      '20 with as many words',
      settled([[9000, refused(20, { field: null }).map((one, n) => ({ ...one, message: `v${'x'.repeat(n)}` }))]]),
      [20],
    ],
  ])('for %s', (_, window, counts) => {
    expect(judgeRejects(window, later(NINE, 59 * MINUTE_MS)).alike.map(({ count }) => count)).toEqual(counts)
  })

  test.each<[string, RejectWindow]>([
    ['1 of 5', settled([[4, 1]])],
    ['9 of 9', settled([[0, 9]])],
    ['19 of a thousand', settled([[981, 19]])],
    ['19 and 19 of other reasons', settled([[9000, [...refused(19), ...refused(19, { code: 'OTHER' })]]])],
    [
      '20 in two hours',
      settled(
        [
          [100, 10],
          [1000, 10],
        ],
        undefined,
        61 * MINUTE_MS,
      ),
    ],
  ])('not for %s', (_, window) => {
    const last = window.buckets.at(-1)?.at ?? 0
    expect(judgeRejects(window, new Date(last + 4 * MINUTE_MS)).alike).toEqual([])
  })

  test('the share is of what was settled since the first reject of the hour', () => {
    const window = settled(
      [
        [50, 1],
        [140, 9],
      ],
      emptyWindow('c1', 7_000),
      MINUTE_MS,
    )
    expect(judgeRejects(window, NINE)).toMatchObject({ settled: 200, alike: [{ count: 10 }] })
  })

  test('an hour later it is over', () => {
    expect(judgeRejects(settled([[0, 50]]), later(NINE, HOUR_MS))).toMatchObject({ alike: [], settled: 0 })
  })
})

describe("a job's results, what was pushed before what was refused,", () => {
  /** The results that a page adds to those before. */
  const read = (pushed: number, from = emptyWindow('c1', 0), pages = [300]) => {
    let rejected = 0
    return pages.reduce((window, count) => {
      rejected += count
      const job = { settled: pushed + rejected, rejected }
      return withGroup(window, { pushed: 0, pushedTotal: pushed + from.pushed, rejected: refused(count), job, at: NINE })
    }, from)
  }

  test('are one run: a share that went well stops nothing, however many were refused', () => {
    expect(judgeRejects(read(2700), NINE)).toMatchObject({ stop: null, settled: 3000, alike: [{ count: 300 }] })
    expect(judgeRejects(read(40), NINE).stop).toBe(null)
    expect(judgeRejects(read(33), NINE).stop).toEqual({ settled: 333, rejected: 300 })
    expect(judgeRejects(read(100, undefined, [150, 150]), NINE).stop).toBe(null)
    expect(judgeRejects(read(0, undefined, [199]), NINE).stop).toBe(null)
  })

  test('begin a new run of what is pushed ordinarily', () => {
    const before = settled([[0, 150]])
    const after = settled([[0, 150]], read(300, before))
    expect(judgeRejects(after, NINE).stop).toBe(null)
    expect(judgeRejects(settled([[0, 50]], after), NINE).stop).toEqual({ settled: 200, rejected: 200 })
  })
})

describe('a window', () => {
  test('keeps an hour, and little of it, whatever the CRM says', () => {
    const groups = Array.from({ length: 100 }, (_, n) => [1, refused(30, { code: `C${n % 40}`, field: `F${n}` })] as const)
    const window = settled(groups, undefined, MINUTE_MS)
    expect(window.buckets.length).toBeLessThanOrEqual(12)
    for (const { reasons, rejected } of window.buckets) {
      expect(reasons.length).toBeLessThanOrEqual(60)
      expect(reasons.reduce((sum, { count }) => sum + count, 0)).toBe(rejected)
    }
    const many = settled([[0, Array.from({ length: 500 }, (_, n) => refused(1, { field: `F${n}` })).flat()]])
    expect(many.buckets[0]?.reasons).toHaveLength(21)
    expect(judgeRejects(many, NINE).alike).toMatchObject([{ code: 'TOO_LONG', field: null, count: 480 }])
  })

  test('knows the first record of each reason', () => {
    const [first, ...others] = refused(5)
    expect(
      settled([
        [0, [first!]],
        [0, others],
      ]).buckets[0]?.reasons,
    ).toMatchObject([{ key: first!.key, count: 5 }])
  })

  test('counts what comes while the clock is behind', () => {
    const ahead = settled([[0, 5]])
    const behind = withGroup(ahead, { pushed: 0, pushedTotal: 0, rejected: refused(3), job: null, at: later(NINE, -HOUR_MS) })
    expect(behind.buckets).toMatchObject([{ rejected: 8 }])
  })
})

test.each([
  [`bad value "Foo" for 'Bar' at 17`, 'bad value … for … at #'],
  ["can't be and won't be", "can't be and won't be"],
  ['Duplicate “x y” found', 'Duplicate … found'],
])('of %j what counts is %j', (message, words) => {
  expect(wordsOf({ field: null, message })).toBe(words)
  expect(wordsOf({ field: 'Email', message })).toBe('')
})

describe('a reason is told once a day', () => {
  const reason: AlikeRejects = { code: 'C', field: null, words: 'w', count: 20, message: 'w', key: 1 }
  const alarm = (over: Partial<AlikeRejects>, since = NINE): RejectAlarm => ({
    messageId: 'm1',
    connectionId: 'c1',
    kind: 'alike',
    since,
    settledFrom: since,
    settled: 100,
    rejected: 20,
    reasons: [{ ...reason, value: null, examples: [], ...over }],
    liftedBy: null,
    liftedAt: null,
  })

  test.each<[string, RejectAlarm, number]>([
    ['the same', alarm({}), 0],
    ['many different words of the same code', alarm({ words: '' }), 0],
    ['another code', alarm({ code: 'D' }), 1],
    ['a field', alarm({ field: 'F' }), 1],
    ['other words', alarm({ words: 'v' }), 1],
    ['the same, yesterday', alarm({}, later(NINE, -DAY_MS)), 1],
  ])('with a card about %s there are so many to tell', (_, told, count) => {
    expect(untold([reason], [told], NINE)).toHaveLength(count)
  })

  test('and counts the answers that are of it', () => {
    expect(isOf(reason, { code: 'C', field: null, message: 'w' })).toBe(true)
    expect(isOf({ ...reason, words: '' }, { code: 'C', field: null, message: 'anything' })).toBe(true)
    expect(isOf(reason, { code: 'C', field: null, message: 'other' })).toBe(false)
  })
})

describe('Retry these stands for', () => {
  const group = (code: string, message: string, field: string | null = null) => ({ code, message, field, count: 2 })

  test('all whose words differ by their values only', () => {
    const groups = [group('C', 'bad "x"'), group('C', 'bad "y"'), group('C', 'other'), group('D', 'bad "x"')]
    expect(filtersOf(groups, alikeId({ code: 'C', field: null, words: 'bad …' }))).toEqual([
      { code: 'C', message: 'bad "x"', field: null },
      { code: 'C', message: 'bad "y"', field: null },
    ])
  })

  test('all of a field, and all of a code with many different words', () => {
    const groups = [...'abcde'].map((word) => group('C', word)).concat(group('C', 'x', 'F'), group('C', 'y', 'F'))
    expect(filtersOf(groups, alikeId({ code: 'C', field: 'F', words: '' }))).toEqual([
      { code: 'C', message: 'x', field: 'F' },
      { code: 'C', message: 'y', field: 'F' },
    ])
    expect(filtersOf(groups, alikeId({ code: 'C', field: null, words: '' }))).toEqual([{ code: 'C', field: null }])
  })

  test('one reason of a report or a list, and nothing that is not there', () => {
    const groups = [group('C', 'a'), group('C', 'b')]
    const id = reasonId({ ...group('C', 'b'), isExample: false })
    expect(filtersOf(groups, id)).toEqual([{ code: 'C', message: 'b', field: null }])
    expect(filtersOf(groups, 'nothing')).toEqual([])
  })
})
