import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PROVIDER_NAMES } from '../../../src/domain/provider.ts'
import { classify } from '../../../src/outbound/providers/classify.ts'

const NOW = new Date('2026-11-24T12:00:00Z')

/** Names that the readers look for, with values of any kind behind them. */
const NAMES = [
  'error',
  'errors',
  'code',
  'message',
  'error_description',
  'status',
  'details',
  'errorCode',
  'Errors',
  'fault',
  'body',
]

const rubbish = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.string(),
    fc.integer({ min: 10_000_000 }), // no provider's number of an error
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 4 }),
  ),
})).value

test.each(PROVIDER_NAMES)('whatever %s may answer has a verdict, and what nobody understands turns nothing red', (provider) => {
  fc.assert(
    fc.property(
      rubbish,
      fc.constantFrom('token' as const, 'api' as const),
      fc.constantFrom(200, 302, 400, 403, 404, 409, 412, 422, 429, 500, 503),
      (body, where, status) => {
        expect(classify({ provider, where, status, body }, NOW).verdict).not.toBe('authorization_required')
      },
    ),
    { numRuns: 500 },
  )
})
