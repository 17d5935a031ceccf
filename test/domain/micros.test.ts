import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decimalOf, microsOf } from '../../src/domain/micros.ts'

test.each([
  ['12.34', 12_340_000n],
  ['0', 0n],
  ['.5', 500_000n],
  ['7.', 7_000_000n],
  ['-0.01', -10_000n],
  [' 3 ', 3_000_000n],
  ['0.5499999999999999823643160', 550_000n],
  ['0.0000005', 1n],
  ['-0.0000005', -1n],
  ['0.00000049', 0n],
  ['1.2e3', 1_200_000_000n],
  ['5E-7', 1n],
  ['9007199254740993', 9_007_199_254_740_993_000_000n],
])('%j is %d millionths', (text, micros) => expect(microsOf(text)).toBe(micros))

test.each(['', '.', '1,234.50', '12.3.4', 'NaN', '1e', '--', '$3', '1 2'])('%j is no decimal', (text) => {
  expect(microsOf(text)).toBeUndefined()
})

test('a decimal has two places and no more than it needs', () => {
  expect([0n, 12_340_000n, 1n, 1_500_000n, -10_000n, 123_456n].map(decimalOf)).toEqual([
    '0.00',
    '12.34',
    '0.000001',
    '1.50',
    '-0.01',
    '0.123456',
  ])
})

test('every amount is read back from its text exactly', () => {
  fc.assert(fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), (micros) => microsOf(decimalOf(micros)) === micros))
})
