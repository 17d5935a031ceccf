import { describe, expect, test } from 'vitest'
import { digestAt, dueWeek, isTooLate, weekBefore } from '../../../src/domain/digest/digest-time.ts'
import { daysLater, instantAt, isTimeZone } from '../../../src/domain/local-time.ts'

const BERLIN = 'Europe/Berlin'
const due = (at: string, timeZone = BERLIN) => dueWeek(timeZone, new Date(at))

test('a digest is due on Mondays from nine o’clock until midnight, where the clocks of its zone say so', () => {
  expect(due('2026-11-23T07:59:59Z')).toBeNull()
  expect(due('2026-11-23T08:00:00Z')).toBe('2026-11-23')
  expect(due('2026-11-23T22:59:59Z')).toBe('2026-11-23')
  expect(due('2026-11-23T23:00:00Z')).toBeNull()
  for (const day of ['22', '24', '26']) expect(due(`2026-11-${day}T08:00:00Z`)).toBeNull()
  expect(due('2026-11-23T08:00:00Z', 'America/Los_Angeles')).toBeNull()
  expect(due('2026-11-23T17:00:00Z', 'America/Los_Angeles')).toBe('2026-11-23')
  expect(due('2026-11-22T20:00:00Z', 'Pacific/Auckland')).toBe('2026-11-23')
})

test('one that is not told by the end of its day is not told any more', () => {
  const digest = { week: '2026-11-23', timeZone: BERLIN }
  expect(isTooLate(digest, new Date('2026-11-23T22:59:59Z'))).toBe(false)
  expect(isTooLate(digest, new Date('2026-11-23T23:00:00Z'))).toBe(true)
  expect(isTooLate(digest, new Date('2026-11-22T12:00:00Z'))).toBe(false)
})

describe('a week', () => {
  const hours = (now: string) => {
    const { from, until } = weekBefore(BERLIN, new Date(now))
    return (until.getTime() - from.getTime()) / 3_600_000
  }

  test('has seven days of the calendar, also when clocks change', () => {
    expect(hours('2026-11-23T08:00:00Z')).toBe(168)
    expect(hours('2026-03-30T07:00:00Z')).toBe(167)
    expect(hours('2026-10-26T08:00:00Z')).toBe(169)
    expect(weekBefore(BERLIN, new Date('2026-10-26T08:00:00Z')).from).toEqual(new Date('2026-10-19T07:00:00Z'))
  })

  test('is told at nine on both sides of a change', () => {
    expect(digestAt(BERLIN, '2026-10-19')).toEqual(new Date('2026-10-19T07:00:00Z'))
    expect(digestAt(BERLIN, '2026-10-26')).toEqual(new Date('2026-10-26T08:00:00Z'))
  })
})

describe('local time', () => {
  test('goes by the zone’s clocks, half hours and the date line included', () => {
    expect(instantAt('Asia/Kolkata', '2026-11-23', '09:00')).toEqual(new Date('2026-11-23T03:30:00Z'))
    expect(instantAt('Pacific/Auckland', '2026-11-23', '09:00:30')).toEqual(new Date('2026-11-22T20:00:30Z'))
    expect(daysLater('America/New_York', new Date('2026-11-02T14:00:00.250Z'), -7)).toEqual(new Date('2026-10-26T13:00:00Z'))
  })

  test('a time that there is not that day is that of an hour later', () => {
    expect(instantAt(BERLIN, '2026-03-29', '02:30')).toEqual(new Date('2026-03-29T01:30:00Z'))
  })

  test('zones are known by their IANA names', () => {
    expect([BERLIN, 'UTC', 'America/Argentina/Buenos_Aires'].map(isTimeZone)).toEqual([true, true, true])
    expect(['', 'Berlin', 'CEST+2', 'Mars/Phobos'].map(isTimeZone)).toEqual([false, false, false, false])
  })
})
