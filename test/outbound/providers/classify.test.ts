import { expect, test } from 'vitest'
import { AppError } from '../../../src/errors.ts'
import { classify } from '../../../src/outbound/providers/classify.ts'

const NOW = new Date('2026-11-23T12:00:00Z')
const DEAD = { error: 'invalid_grant', error_description: 'expired access/refresh token' }

test('a dead login at the token endpoint', () => {
  expect(classify({ provider: 'salesforce', where: 'token', status: 400, headers: {}, body: DEAD }, NOW)).toEqual({
    verdict: 'authorization_required',
    cause: 'expired',
    retryAfterMs: null,
    explanation: 'Salesforce says that the login was revoked or has expired.',
  })
})

test('headers count in any case', () => {
  for (const name of ['Retry-After', 'retry-after', 'RETRY-AFTER']) {
    const line = { provider: 'salesforce', where: 'api', status: 429, headers: { [name]: 30 }, body: null }
    expect(classify(line, NOW)).toMatchObject({ verdict: 'rate_limited', cause: null, retryAfterMs: 30_000 })
  }
})

test('a body may be JSON, text that is JSON, other text, null, or missing', () => {
  const token = { provider: 'salesforce', where: 'token', status: 400 }
  expect(classify({ ...token, body: JSON.stringify(DEAD) }, NOW).verdict).toBe('authorization_required')
  expect(classify({ ...token, body: '<html>' }, NOW).verdict).toBe('transient')
  expect(classify({ ...token, body: null }, NOW).verdict).toBe('transient')
  expect(classify(token, NOW).verdict).toBe('transient')
})

test('a concurrent refresh is not taken for a dead login', () => {
  for (const error_description of ['expired authorization code', 'token request is already being processed']) {
    const line = { provider: 'salesforce', where: 'token', status: 400, body: { error: 'invalid_grant', error_description } }
    expect(classify(line, NOW).verdict).toBe('transient')
  }
})

test('records that were refused under 200 are read', () => {
  const errors = [{ statusCode: 'REQUIRED_FIELD_MISSING', message: 'x', fields: ['Name'] }]
  const line = {
    provider: 'salesforce',
    where: 'api',
    status: 200,
    body: [
      { success: true, id: 'a', errors: [] },
      { success: false, errors },
    ],
  }
  expect(classify(line, NOW)).toMatchObject({ verdict: 'rejected', cause: null })
})

test('what refuses nothing is called ok', () => {
  const limits = { provider: 'salesforce', where: 'api', status: 200, body: { DailyApiRequests: { Max: 1, Remaining: 1 } } }
  const token = { provider: 'salesforce', where: 'token', status: 200, body: { access_token: 'x' } }
  expect([classify(limits, NOW).verdict, classify(token, NOW).verdict]).toEqual(['ok', 'ok'])
  expect(classify({ ...token, body: {} }, NOW).verdict).toBe('transient')
})

test.each<[string, unknown, RegExp]>([
  [
    'another provider',
    { provider: 'pipedrive', where: 'api', status: 400 },
    /provider must be one of salesforce, .*not "pipedrive"/,
  ],
  ['a name that objects have', { provider: 'constructor', where: 'api', status: 400 }, /provider/],
  ['no provider', { where: 'api', status: 400 }, /provider .* missing/],
  ['another place', { provider: 'salesforce', where: 'callback', status: 400 }, /where must be "token" or "api"/],
  ['no status', { provider: 'salesforce', where: 'api' }, /status must be an HTTP status, not missing/],
  ['a status in quotes', { provider: 'salesforce', where: 'api', status: '400' }, /status/],
  ['an array', [], /provider/],
  ['null', null, /provider/],
  ['a text', 'salesforce', /provider/],
])('%s is refused by name', (_name, line, message) => {
  expect(() => classify(line, NOW)).toThrow(message)
  expect(() => classify(line, NOW)).toThrow(AppError)
})
