import { describe, expect, test } from 'vitest'
import { TOKEN_REFUSALS } from '../../../../src/outbound/providers/google/token-refusals.ts'
import { readCallback, readTokenRefusal } from '../../../../src/outbound/providers/google/verdicts.ts'
import { anAnswer } from '../salesforce/an-answer.ts'

type Expected = readonly [kind: string, cause?: string, certain?: boolean]

const REVOKED: Expected = ['authorization_required', 'revoked', true]
const DOUBTED: Expected = ['authorization_required', 'revoked', false]
const AGAIN: Expected = ['authorization_required', 'expired', false]
const POLICY: Expected = ['authorization_required', 'login_policy', true]
const GONE: Expected = ['authorization_required', 'user_inactive', true]
const BLOCKED: Expected = ['permission', 'admin_blocked']
const OURS: Expected = ['misconfigured']
const PASSES: Expected = ['transient']

/** Error, description, what it means at a refresh, and at the exchange of a code where that differs. */
const SAID: readonly (readonly [string, string | undefined, Expected, Expected?])[] = [
  ['invalid_grant', 'Token has been expired or revoked.', REVOKED, AGAIN],
  ['invalid_grant', 'Token has been revoked.', REVOKED, AGAIN],
  ['invalid_grant', 'The refresh token has expired', REVOKED, AGAIN],
  ['invalid_grant', 'Bad Request', DOUBTED, AGAIN],
  ['invalid_grant', undefined, DOUBTED, AGAIN],
  ['invalid_grant', 'reauth related error (invalid_rapt)', POLICY],
  ['invalid_grant', 'reauth related error (rapt_required)', POLICY],
  ['invalid_rapt', undefined, POLICY],
  ['invalid_grant', 'Account has been deleted', GONE],
  ['invalid_grant', 'Account disabled', GONE],
  ['invalid_grant', 'Robot is disabled.', GONE],
  ['invalid_grant', 'Invalid email or User ID', ['authorization_required', 'user_inactive', false]],
  ['invalid_grant', 'Invalid JWT Signature.', OURS],
  ['invalid_grant', 'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.', OURS],
  ['invalid_grant', 'Malformed auth code.', DOUBTED, AGAIN],
  ['invalid_grant', 'Code was already redeemed.', DOUBTED, AGAIN],
  ['invalid_grant', 'Invalid code verifier.', DOUBTED, AGAIN],
  ['invalid_token', 'Token expired or revoked', REVOKED, DOUBTED],
  ['interaction_required', undefined, ['authorization_required', 'login_policy', false]],
  ['admin_policy_enforced', undefined, BLOCKED],
  ['ADMIN_POLICY_ENFORCED', undefined, BLOCKED],
  ['access_not_configured', undefined, BLOCKED],
  ['policy_enforced', 'Advanced Protection prevents your Google Account from signing in.', BLOCKED],
  ['access_denied', 'Account restricted', BLOCKED],
  ['access_denied', 'Requested client not authorized.', OURS],
  ['access_denied', undefined, ['rejected']],
  ['org_internal', undefined, OURS],
  ['invalid_client', 'The OAuth client was not found.', OURS],
  ['invalid_client', 'The provided client secret is invalid.', OURS],
  ['unauthorized_client', 'Unauthorized', OURS],
  [
    'unauthorized_client',
    'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.',
    OURS,
  ],
  ['deleted_client', 'The OAuth client was deleted.', OURS],
  ['disabled_client', 'The OAuth client was disabled.', OURS],
  ['redirect_uri_mismatch', 'Bad Request', OURS],
  ['invalid_scope', 'Some requested scopes were invalid.', OURS],
  ['invalid_request', 'client_secret is missing.', OURS],
  ['unsupported_grant_type', 'Invalid grant_type: ', OURS],
  ['rate_limit_exceeded', undefined, ['rate_limited']],
  ['slow_down', undefined, ['rate_limited']],
  ['internal_failure', 'Backend Error', PASSES],
  ['temporarily_unavailable', undefined, PASSES],
  ['a_word_of_2031', 'nobody knows it', PASSES],
]

describe.each(['refresh', 'code'] as const)('at stage %s', (stage) => {
  for (const [error, description, atRefresh, atCode] of SAID) {
    test(`${error}, ${description}`, () => {
      const verdict = readTokenRefusal(stage, anAnswer(400, { error, error_description: description }))
      const [kind, cause, certain] = stage === 'code' ? (atCode ?? atRefresh) : atRefresh
      expect(verdict).toMatchObject({ kind, code: error, ...(cause && { cause }), ...(certain !== undefined && { certain }) })
    })
  }
})

test('every row is reached by an example, has a source, and speaks to people', () => {
  const reached = new Set(
    SAID.flatMap(([error, description = '']) =>
      (['refresh', 'code'] as const).map((stage) =>
        TOKEN_REFUSALS.find(
          ({ errors, says, at }) =>
            errors.includes(error.toLowerCase()) && (says?.test(description) ?? true) && (at ?? stage) === stage,
        ),
      ),
    ),
  )
  expect(TOKEN_REFUSALS.filter((row) => !reached.has(row))).toEqual([])
  for (const { source, means } of TOKEN_REFUSALS) {
    expect(source).not.toBe('')
    expect(means.explanation).toMatch(/^[A-Z].*\.$/)
  }
})

test('the subtype tells why a login has to be repeated, also without a description', () => {
  const answer = anAnswer(400, { error: 'invalid_grant', error_subtype: 'invalid_rapt' })
  expect(readTokenRefusal('refresh', answer)).toMatchObject({ cause: 'login_policy', certain: true })
})

test.each([
  ['HTML under 502', anAnswer(502, '<!DOCTYPE html><title>Error 502 (Server Error)!!1</title>'), 'transient'],
  ['HTML under 400', anAnswer(400, '<html><title>Error 400 (Bad Request)!!1</title></html>'), 'transient'],
  ['HTML that quotes a refusal', anAnswer(400, '<html>invalid_grant</html>'), 'transient'],
  ['an empty answer', anAnswer(400, ''), 'transient'],
  ['an answer without a token', anAnswer(200, { token_type: 'Bearer' }), 'transient'],
  ['a number for an error', anAnswer(400, { error: 190 }), 'transient'],
  ['429', anAnswer(429, ''), 'rate_limited'],
  ['429 with a word nobody knows', anAnswer(429, { error: 'a_word_of_2031' }), 'rate_limited'],
  ['401 without a reason', anAnswer(401, ''), 'transient'],
  ['401 of an API', anAnswer(401, { error: { code: 401, message: 'Unauthorized', status: 'UNAUTHENTICATED' } }), 'transient'],
  ['a redirect', anAnswer(302, ''), 'transient'],
  ['400 of an API', anAnswer(400, { error: { code: 400, message: 'Invalid', status: 'INVALID_ARGUMENT' } }), 'transient'],
])('%s is never read as a dead login', (_name, answer, kind) => {
  expect(readTokenRefusal('refresh', answer).kind).toBe(kind)
})

test('what a client library makes of an answer is read as the answer', () => {
  const texts = [
    "('invalid_grant: Token has been expired or revoked.', {'error': 'invalid_grant'})",
    'Error: invalid_grant. Token has been expired or revoked.',
  ]
  for (const text of texts) {
    expect(readTokenRefusal('refresh', anAnswer(400, text))).toMatchObject({ kind: 'authorization_required', cause: 'revoked' })
  }
  const nested = { response: { data: { error: 'invalid_grant', error_description: 'Account has been deleted' } } }
  expect(readTokenRefusal('refresh', anAnswer(400, nested))).toMatchObject({ cause: 'user_inactive' })
})

test('the callback tells a person who said no from an administrator who did', () => {
  expect(readCallback('Google Ads', 'access_denied', '')).toEqual({ kind: 'cancelled' })
  expect(readCallback('Google Ads', 'admin_policy_enforced', '')).toMatchObject({ kind: 'permission', cause: 'admin_blocked' })
  expect(readCallback('Google Ads', 'org_internal', '')).toMatchObject({ kind: 'misconfigured' })
  expect(readCallback('Google Ads', 'a_word_of_2031', '')).toMatchObject({ kind: 'rejected' })
})
