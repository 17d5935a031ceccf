import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, later } from '../../src/clock.ts'
import { doneUpTo, lostDays, planCosts, readAgainAt } from '../../src/domain/costs/plan-costs.ts'
import { addDays, countDays, dayIn, eachDay } from '../../src/domain/day.ts'
import { at } from '../support/builders.ts'

const REACH = { restatedDays: 28, reachDays: 100 }
const TODAY = '2026-11-23'
const NOW = { reach: REACH, timeZone: 'UTC', now: at(0), isGap: false }

test('a new account begins with thirty days', () => {
  const days = planCosts({ wholeUpTo: doneUpTo(null, TODAY), restatedAt: null }, NOW)
  expect(days).toEqual({ from: '2026-10-25', to: TODAY })
  expect(countDays(days)).toBe(30)
})

test('an account whose first download comes late begins with thirty days before it was added, and none is forgotten', () => {
  const wholeUpTo = doneUpTo(null, '2026-10-01')
  expect(planCosts({ wholeUpTo, restatedAt: null }, NOW)).toEqual({ from: '2026-09-02', to: TODAY })
  const beyond = doneUpTo(null, '2026-06-01')
  expect(lostDays(beyond, planCosts({ wholeUpTo: beyond, restatedAt: null }, NOW))).toEqual({
    from: '2026-05-03',
    to: addDays(TODAY, -101),
  })
})

test('through the day only what is not whole is read, and once a day what may have changed too', () => {
  const yesterday = { wholeUpTo: '2026-11-22', restatedAt: at(0) }
  expect(planCosts(yesterday, { ...NOW, now: at(14 * HOUR_MS) })).toEqual({ from: TODAY, to: TODAY })
  const daily = planCosts({ ...yesterday, wholeUpTo: TODAY }, { ...NOW, now: at(DAY_MS) })
  expect(daily).toEqual({ from: '2026-10-26', to: '2026-11-24' })
  expect(readAgainAt(REACH, daily, 'UTC', at(DAY_MS))).toEqual(at(DAY_MS))
  expect(readAgainAt(REACH, { ...daily, from: '2026-10-28' }, 'UTC', at(DAY_MS))).toBeNull()
  expect(readAgainAt(REACH, daily, 'UTC', at(3 * DAY_MS))?.toISOString()).toMatch(/^2026-11-23/)
})

test('after an outage everything since is read, and what may have changed', () => {
  const short = planCosts({ wholeUpTo: '2026-11-22', restatedAt: at(-HOUR_MS) }, { ...NOW, isGap: true })
  expect(short).toEqual({ from: '2026-10-26', to: TODAY })
  const long = planCosts({ wholeUpTo: '2026-10-13', restatedAt: at(-40 * DAY_MS) }, { ...NOW, isGap: true })
  expect(long).toEqual({ from: addDays('2026-10-14', -28), to: TODAY })
})

test('days further back than the provider tells are lost', () => {
  const download = { wholeUpTo: '2026-08-01', restatedAt: at(0) }
  const days = planCosts(download, { ...NOW, isGap: true })
  expect(days.from).toBe(addDays(TODAY, -100))
  expect(lostDays(download.wholeUpTo, days)).toEqual({ from: '2026-08-02', to: addDays(TODAY, -101) })
})

test('a clock that was set back asks for nothing of the future, and not for less than nothing', () => {
  const ahead = { wholeUpTo: '2026-11-25', restatedAt: at(3 * DAY_MS) }
  expect(planCosts(ahead, NOW)).toEqual({ from: TODAY, to: TODAY })
  expect(planCosts(ahead, { ...NOW, isGap: true })).toEqual({ from: '2026-10-26', to: TODAY })
})

test('every day is read or told as lost, and no day of the future is asked for', () => {
  const day = fc.integer({ min: -400, max: 3 }).map((by) => addDays(TODAY, by))
  fc.assert(
    fc.property(
      day,
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 1, max: 300 }),
      fc.boolean(),
      (wholeUpTo, restatedDays, reachDays, isGap) => {
        const reach = { restatedDays, reachDays }
        const days = planCosts({ wholeUpTo, restatedAt: later(at(0), -HOUR_MS) }, { ...NOW, reach, isGap })
        const lost = lostDays(wholeUpTo, days)
        expect(days.to).toBe(TODAY)
        expect(days.from <= TODAY && days.from >= addDays(TODAY, -reachDays)).toBe(true)
        if (wholeUpTo >= TODAY) expect(lost).toBeNull()
        else expect(lost?.from ?? (days.from <= addDays(wholeUpTo, 1) ? 'joined' : 'torn')).not.toBe('torn')
        if (lost) expect([lost.from, addDays(lost.to, 1)]).toEqual([addDays(wholeUpTo, 1), days.from])
      },
    ),
  )
})

test('whenever it is downloaded, each day that is still told was read when it could change no more, or is read next time', () => {
  const pauses = fc.array(fc.integer({ min: 1, max: 40 * 24 }), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(
      pauses,
      fc.constantFrom('UTC', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe'),
      (hours, timeZone) => {
        const lastRead = new Map<string, string>()
        let download = { wholeUpTo: doneUpTo(null, TODAY), restatedAt: null as Date | null }
        let now = at(0)
        for (const pause of hours) {
          now = later(now, pause * HOUR_MS)
          const days = planCosts(download, { reach: { restatedDays: 3, reachDays: 1000 }, timeZone, now, isGap: pause > 24 })
          for (const one of eachDay(days)) lastRead.set(one, days.to)
          const restatedAt = readAgainAt({ restatedDays: 3, reachDays: 1000 }, days, timeZone, now) ?? download.restatedAt
          download = { wholeUpTo: addDays(days.to, -1), restatedAt }
        }
        const today = dayIn(timeZone, now)
        const next = planCosts(download, { reach: { restatedDays: 3, reachDays: 1000 }, timeZone, now, isGap: true })
        for (const [one, readOn] of lastRead) {
          if (one < next.from) expect(readOn > addDays(one, 3), `${one} was read last on ${readOn}; it is ${today}`).toBe(true)
        }
      },
    ),
  )
})
