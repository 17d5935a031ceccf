import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays, countDays, dayIn, eachDay, isDay } from '../../src/domain/day.ts'

test('the day depends on where one is', () => {
  const at = new Date('2026-11-24T03:30:00Z')
  expect(dayIn('UTC', at)).toBe('2026-11-24')
  expect(dayIn('America/Los_Angeles', at)).toBe('2026-11-23')
  expect(dayIn('Pacific/Kiritimati', at)).toBe('2026-11-24')
  expect(dayIn('Pacific/Kiritimati', new Date('2026-11-24T10:00:00Z'))).toBe('2026-11-25')
  expect(() => dayIn('Mars/Olympus', at)).toThrow(RangeError)
})

test('days are counted over months, years and changes of clocks', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
  expect(addDays('2028-03-01', -1)).toBe('2028-02-29')
  expect(eachDay({ from: '2026-10-24', to: '2026-10-26' })).toEqual(['2026-10-24', '2026-10-25', '2026-10-26'])
  expect(eachDay({ from: '2026-10-26', to: '2026-10-24' })).toEqual([])
  expect(countDays({ from: '2026-01-01', to: '2026-12-31' })).toBe(365)
})

test.each(['2026-02-30', '2026-13-01', '2026-1-1', '20261124', '', '2026-11-24T00:00:00Z', 'today'])('%j is no day', (text) => {
  expect(isDay(text)).toBe(false)
})

test('going forth and back ends where it began', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: -5_000, max: 5_000 }), (start, by) => {
      const day = addDays('1990-01-01', start)
      expect(isDay(day)).toBe(true)
      expect(addDays(addDays(day, by), -by)).toBe(day)
    }),
  )
})
