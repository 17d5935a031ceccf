import { expect, test } from 'vitest'
import { instantIn } from '../../../../src/outbound/providers/google-ads/account-time.ts'

test.each([
  ['Europe/Copenhagen', '2026-07-01 12:00:00', '2026-07-01T10:00:00.000Z'],
  ['Europe/Copenhagen', '2026-12-01 12:00:00.123456', '2026-12-01T11:00:00.123Z'],
  ['America/New_York', '2026-11-23 23:30:00', '2026-11-24T04:30:00.000Z'],
  ['Asia/Kolkata', '2026-11-23 00:00:00', '2026-11-22T18:30:00.000Z'],
  ['Pacific/Kiritimati', '2026-11-23 00:00:00', '2026-11-22T10:00:00.000Z'],
  ['UTC', '2026-11-23T00:00:00', '2026-11-23T00:00:00.000Z'],
])('in %s, %s is %s', (zone, local, instant) => {
  expect(instantIn(zone, local)?.toISOString()).toBe(instant)
})

test('of an hour that comes twice the later one is meant, and one that is skipped is near', () => {
  expect(instantIn('Europe/Copenhagen', '2026-10-25 02:30:00')?.toISOString()).toBe('2026-10-25T01:30:00.000Z')
  expect(instantIn('Europe/Copenhagen', '2026-10-25 01:59:59')?.toISOString()).toBe('2026-10-24T23:59:59.000Z')
  expect(instantIn('Europe/Copenhagen', '2026-03-29 02:30:00')?.toISOString()).toBe('2026-03-29T01:30:00.000Z')
})

test('what is no time is none', () => {
  expect(instantIn('UTC', 'yesterday')).toBeNull()
  expect(instantIn('UTC', '2026-13-01 00:00:00')).toBeNull()
})
