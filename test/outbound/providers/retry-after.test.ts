import { expect, test } from 'vitest'
import { readRetryAfterMs } from '../../../src/outbound/providers/retry-after.ts'

const NOW = new Date('2026-11-23T12:00:00Z')

test.each<[string, Record<string, string>, number | null]>([
  ['none', {}, null],
  ['seconds', { 'retry-after': '120' }, 120_000],
  ['zero', { 'retry-after': '0' }, 0],
  ['parts of a second', { 'retry-after': '0.5' }, 500],
  ['a date', { 'retry-after': 'Mon, 23 Nov 2026 12:01:00 GMT' }, 60_000],
  [
    'a date, counted from the answer',
    { 'retry-after': 'Mon, 23 Nov 2026 12:01:00 GMT', date: 'Mon, 23 Nov 2026 12:00:50 GMT' },
    10_000,
  ],
  ['a date that is over', { 'retry-after': 'Mon, 23 Nov 2026 11:00:00 GMT' }, 0],
  ['a negative number', { 'retry-after': '-5' }, null],
  ['words', { 'retry-after': 'soon' }, null],
  ['nothing', { 'retry-after': '' }, null],
])('%s', (_name, headers, expected) => {
  expect(readRetryAfterMs(headers, NOW)).toBe(expected)
})
