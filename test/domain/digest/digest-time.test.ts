import { describe, expect, test } from 'vitest'
import { digestSetting } from '../../../src/domain/digest/digest-setting.ts'
import {
  digestAt,
  dueWeek,
  isDue,
  isTooLate,
  mondayAnywhere,
  owedWeek,
  weekBefore,
} from '../../../src/domain/digest/digest-time.ts'
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
  const digest = { week: '2026-11-23', timeZone: BERLIN, until: '2026-11-23T08:00:00Z' }
  expect(isTooLate(digest, new Date('2026-11-23T22:59:59Z'))).toBe(false)
  expect(isTooLate(digest, new Date('2026-11-23T23:00:00Z'))).toBe(true)
  expect(isTooLate(digest, new Date('2026-11-22T12:00:00Z'))).toBe(false)
  const owed = { ...digest, until: '2026-11-24T05:00:00Z' }
  expect(isTooLate(owed, new Date('2026-11-24T22:59:59Z'))).toBe(false)
  expect(isTooLate(owed, new Date('2026-11-24T23:00:00Z'))).toBe(true)
})

test('it is Monday somewhere from Sunday at ten until Tuesday at noon, by UTC', () => {
  const at = (time: string) => mondayAnywhere(new Date(time))
  expect(at('2026-11-22T09:59:59Z')).toBeNull()
  for (const time of ['22T10:00:00Z', '23T00:00:00Z', '24T00:00:00Z', '24T11:59:59Z'])
    expect(at(`2026-11-${time}`)).toBe('2026-11-23')
  for (const time of ['24T12:00:00Z', '26T00:00:00Z', '28T23:00:00Z']) expect(at(`2026-11-${time}`)).toBeNull()
})

describe('a new time zone', () => {
  const MONDAY = '2026-11-23'
  const [LOS_ANGELES, AUCKLAND] = ['America/Los_Angeles', 'Pacific/Auckland']
  const on = (timeZone: string, owed: string | null = null) => ({ isOn: true, timeZone, owedWeek: owed })
  const owed = (before: ReturnType<typeof on>, timeZone: string, time: string) => owedWeek(before, timeZone, new Date(time))

  test('in which Monday is over leaves a digest owed that was still to come', () => {
    expect(owed(on(LOS_ANGELES), AUCKLAND, '2026-11-23T11:00:00Z')).toBe(MONDAY)
    expect(owed(on(LOS_ANGELES), AUCKLAND, '2026-11-24T07:59:00Z')).toBe(MONDAY)
    expect(owed(on('Etc/GMT+12'), 'Pacific/Kiritimati', '2026-11-23T11:59:00Z')).toBe(MONDAY)
    const setting = on(AUCKLAND, MONDAY)
    expect(isDue(setting, MONDAY, new Date('2026-11-23T16:00:00Z'))).toBe(true)
    expect(isDue({ ...setting, isOn: false }, MONDAY, new Date('2026-11-23T16:00:00Z'))).toBe(false)
    expect(isDue(setting, '2026-11-30', new Date('2026-11-29T12:00:00Z'))).toBe(false)
  })

  test('leaves nothing owed where Monday is still to come, or was over before', () => {
    expect(owed(on(LOS_ANGELES), AUCKLAND, '2026-11-23T10:59:00Z')).toBeNull()
    expect(owed(on(LOS_ANGELES), AUCKLAND, '2026-11-24T08:00:00Z')).toBeNull()
    expect(owed(on(AUCKLAND), LOS_ANGELES, '2026-11-23T16:00:00Z')).toBeNull()
    expect(owed(on(LOS_ANGELES), AUCKLAND, '2026-11-25T16:00:00Z')).toBeNull()
    expect(owed({ ...on(LOS_ANGELES), isOn: false }, AUCKLAND, '2026-11-23T16:00:00Z')).toBeNull()
  })

  test('keeps what is owed already, until that Monday is over everywhere', () => {
    expect(owed(on(AUCKLAND, MONDAY), 'Asia/Tokyo', '2026-11-23T16:00:00Z')).toBe(MONDAY)
    expect(owed(on(AUCKLAND, MONDAY), LOS_ANGELES, '2026-11-23T16:00:00Z')).toBeNull()
    expect(owed(on(AUCKLAND, '2026-11-16'), 'Asia/Tokyo', '2026-11-23T16:00:00Z')).toBeNull()
    expect(owed(on(AUCKLAND, MONDAY), 'Asia/Tokyo', '2026-11-24T12:00:00Z')).toBeNull()
  })
})

test('a zone that this Node does not know counts as none that was set', () => {
  const settings = { digest: false, timeZone: BERLIN }
  const set = { isOn: true, owedWeek: null }
  expect(digestSetting({ ...set, timeZone: 'Mars/Olympus' }, settings)).toEqual({ ...set, timeZone: BERLIN })
  expect(digestSetting({ ...set, timeZone: 'Asia/Tokyo' }, settings)).toEqual({ ...set, timeZone: 'Asia/Tokyo' })
  expect(digestSetting(undefined, settings)).toEqual({ isOn: false, timeZone: BERLIN, owedWeek: null })
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
