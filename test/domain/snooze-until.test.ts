import { expect, test } from 'vitest'
import { snoozeUntil } from '../../src/domain/cards/snooze-until.ts'

test.each([
  ['America/New_York', '2026-11-23T14:00:00Z', '2026-11-24T14:00:00Z'],
  ['Europe/London', '2026-11-23T23:59:00Z', '2026-11-24T09:00:00Z'],
  ['Asia/Kolkata', '2026-11-23T20:00:00Z', '2026-11-25T03:30:00Z'],
  ['Pacific/Auckland', '2026-11-23T09:00:00Z', '2026-11-23T20:00:00Z'],
  // Clocks change in the night between.
  ['Europe/Paris', '2026-10-24T12:00:00Z', '2026-10-25T08:00:00Z'],
  ['Europe/Paris', '2026-03-28T12:00:00Z', '2026-03-29T07:00:00Z'],
  ['America/Los_Angeles', '2026-03-07T20:00:00Z', '2026-03-08T16:00:00Z'],
  [null, '2026-11-23T14:00:00Z', '2026-11-24T09:00:00Z'],
  ['Mars/Olympus', '2026-11-23T14:00:00Z', '2026-11-24T09:00:00Z'],
])('tomorrow in %s is nine of the next morning there', (timeZone, now, until) => {
  expect(snoozeUntil('tomorrow', timeZone, new Date(now))).toEqual(new Date(until))
})

test('hours are hours, wherever somebody is', () => {
  const now = new Date('2026-10-24T23:30:00Z')
  expect(snoozeUntil('1h', 'Europe/Paris', now)).toEqual(new Date('2026-10-25T00:30:00Z'))
  expect(snoozeUntil('4h', null, now)).toEqual(new Date('2026-10-25T03:30:00Z'))
})
