import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, later } from '../../src/clock.ts'
import { isFullSpan, lostDays, planCosts } from '../../src/domain/costs/plan-costs.ts'
import { addDays, countDays } from '../../src/domain/day.ts'
import { at } from '../support/builders.ts'

const REACH = { restatedDays: 28, reachDays: 100 }
const TODAY = '2026-11-23'

test('a new account begins with thirty days', () => {
  const days = planCosts({ wholeUpTo: null, restatedAt: null }, REACH, TODAY, at(0), false)
  expect(days).toEqual({ from: '2026-10-25', to: TODAY })
  expect(countDays(days)).toBe(30)
})

test('through the day only what is not whole is read, and once a day what may have changed too', () => {
  const yesterday = { wholeUpTo: '2026-11-22', restatedAt: at(0) }
  expect(planCosts(yesterday, REACH, TODAY, at(23 * HOUR_MS), false)).toEqual({ from: TODAY, to: TODAY })
  const daily = planCosts(yesterday, REACH, TODAY, at(DAY_MS), false)
  expect(daily).toEqual({ from: '2026-10-26', to: TODAY })
  expect(isFullSpan(REACH, daily)).toBe(true)
})

test('after an outage everything since is read, and what may have changed', () => {
  const short = planCosts({ wholeUpTo: '2026-11-10', restatedAt: at(-HOUR_MS) }, REACH, TODAY, at(0), true)
  expect(short).toEqual({ from: '2026-10-26', to: TODAY })
  const long = planCosts({ wholeUpTo: '2026-09-01', restatedAt: at(-HOUR_MS) }, REACH, TODAY, at(0), true)
  expect(long).toEqual({ from: '2026-09-02', to: TODAY })
})

test('days further back than the provider tells are lost', () => {
  const download = { wholeUpTo: '2026-08-01', restatedAt: at(0) }
  const days = planCosts(download, REACH, TODAY, at(0), true)
  expect(days.from).toBe(addDays(TODAY, -100))
  expect(lostDays(download, days)).toEqual({ from: '2026-08-02', to: addDays(TODAY, -101) })
})

test('every day is read or told as lost, and no day of the future is asked for', () => {
  const day = fc.integer({ min: -400, max: 3 }).map((by) => addDays(TODAY, by))
  fc.assert(
    fc.property(
      fc.option(day),
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 1, max: 300 }),
      fc.boolean(),
      (wholeUpTo, restatedDays, reachDays, isGap) => {
        const reach = { restatedDays, reachDays }
        const days = planCosts({ wholeUpTo, restatedAt: later(at(0), -HOUR_MS) }, reach, TODAY, at(0), isGap)
        const lost = lostDays({ wholeUpTo }, days)
        expect(days.to).toBe(TODAY)
        expect(days.from <= TODAY && days.from >= addDays(TODAY, -reachDays)).toBe(true)
        if (wholeUpTo === null || wholeUpTo >= TODAY) expect(lost).toBeNull()
        else expect(lost?.from ?? (days.from <= addDays(wholeUpTo, 1) ? 'joined' : 'torn')).not.toBe('torn')
        if (lost) expect([lost.from, addDays(lost.to, 1)]).toEqual([addDays(wholeUpTo ?? '', 1), days.from])
      },
    ),
  )
})
