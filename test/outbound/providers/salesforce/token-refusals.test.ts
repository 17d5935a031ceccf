import { describe, expect, test } from 'vitest'
import { TOKEN_REFUSALS } from '../../../../src/outbound/providers/salesforce/token-refusals.ts'
import { readTokenRefusal } from '../../../../src/outbound/providers/salesforce/verdicts.ts'
import { anAnswer } from './an-answer.ts'

type Expected = readonly [kind: string, cause?: string, certain?: boolean]

const PASSES: Expected = ['transient']
const OURS: Expected = ['misconfigured']
const BLOCKED: Expected = ['permission', 'admin_blocked']

/** Error, description, what it means at a refresh, and at the exchange of a code where that differs. */
const SAID: readonly (readonly [string, string | undefined, Expected, Expected?])[] = [
  ['invalid_grant', 'expired access/refresh token', ['authorization_required', 'expired', true]],
  ['invalid_grant', 'token request is already being processed', PASSES],
  ['invalid_grant', 'expired authorization code', PASSES, ['authorization_required', 'expired', false]],
  [
    'invalid_grant',
    'invalid authorization code',
    ['authorization_required', 'revoked', false],
    ['authorization_required', 'expired', false],
  ],
  [
    'invalid_grant',
    'invalid code verifier',
    ['authorization_required', 'revoked', false],
    ['authorization_required', 'expired', false],
  ],
  ['invalid_grant', 'authentication failure', ['authorization_required', 'password_changed', false]],
  [
    'invalid_grant',
    'invalid username, password, security token; or user locked out.',
    ['authorization_required', 'password_changed', false],
  ],
  ['invalid_grant', 'authentication failure - invalid client credentials', OURS],
  ['invalid_grant', 'redirect uri does not match configuration', OURS],
  ['invalid_grant', 'request not supported on this domain', OURS],
  ['invalid_grant', 'authentication failure - Login Rate Exceeded', ['rate_limited']],
  ['invalid_grant', 'service temporarily unavailable, try again', PASSES],
  ['invalid_grant', 'Invalid grant type', OURS],
  ['invalid_grant', 'Not approved for access', BLOCKED],
  ['access_denied', 'user is not admin approved to access this app', BLOCKED],
  ['invalid_grant', 'the users password has expired', ['authorization_required', 'password_changed', true]],
  ['invalid_grant', 'inactive user', ['authorization_required', 'user_inactive', true]],
  ['inactive_user', 'user is inactive', ['authorization_required', 'user_inactive', true]],
  ['inactive_user', undefined, ['authorization_required', 'user_inactive', true]],
  ['invalid_grant', 'inactive organization', ['permission', 'access_lost']],
  ['inactive_org', 'organization is locked, closed, or suspended', ['permission', 'access_lost']],
  ['inactive_org', undefined, ['permission', 'access_lost']],
  ['invalid_grant', 'ip restricted', BLOCKED],
  ['invalid_grant', 'ip restricted or invalid login hours', BLOCKED],
  ['invalid_grant', 'user is not admin approved to access this app', BLOCKED],
  ['invalid_app_access', 'user is not admin approved to access this app', BLOCKED],
  ['app_not_found', 'External client app is not installed in this org', BLOCKED],
  ['OAUTH_EC_APP_NOT_FOUND', 'External client app is not installed in this org', BLOCKED],
  ['OAUTH_APP_BLOCKED', 'this app is blocked by admin', BLOCKED],
  ['invalid_client', 'app must be installed into org', BLOCKED],
  ['OAUTH_APP_ACCESS_DENIED', 'user is not admin approved to access this app', BLOCKED],
  ['OAUTH_AUTHORIZATION_BLOCKED', 'Cross-org OAuth flows are not supported for this external client app', BLOCKED],
  ['OAUTH_APPROVAL_ERROR_GENERIC', 'An unexpected error has occurred during authentication. Please try again.', BLOCKED],
  ['invalid_grant', "user hasn't approved this consumer", ['authorization_required', 'revoked', true]],
  ['invalid_grant', 'identity verification required', ['authorization_required', 'login_policy', false]],
  ['invalid_grant', 'no valid scopes defined', OURS],
  ['invalid_grant', 'no client credentials user enabled', OURS],
  ['invalid_grant', 'Audience validation failed', OURS],
  ['invalid_grant', 'login rate exceeded', ['rate_limited']],
  [
    'invalid_grant',
    'activation secret invalid',
    ['authorization_required', 'revoked', false],
    ['authorization_required', 'expired', false],
  ],
  ['invalid_grant', undefined, ['authorization_required', 'revoked', false], ['authorization_required', 'expired', false]],
  ['invalid_request', 'invalid code_verifier', ['authorization_required', 'expired', false]],
  ['invalid_client', 'invalid client credentials', OURS],
  ['invalid_client_id', 'client identifier invalid', OURS],
  ['redirect_uri_mismatch', 'redirect_uri must match configuration', OURS],
  ['unsupported_grant_type', 'grant type not supported', OURS],
  ['invalid_request', 'must use HTTP POST', OURS],
  ['invalid_scope', 'the requested scope is not allowed', OURS],
  ['access_denied', 'end-user denied authorization', ['rejected']],
  ['rate_limit_exceeded', 'number of logins exceeded', ['rate_limited']],
  ['unknown_error', 'retry your request', PASSES],
  ['server_error', undefined, PASSES],
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

test.each([
  ['HTML under 503', anAnswer(503, '<html>We are down for maintenance.</html>'), 'transient'],
  ['HTML under 400', anAnswer(400, '<html>Bad Request</html>'), 'transient'],
  ['an answer without a token', anAnswer(200, { token_type: 'Bearer' }), 'transient'],
  ['JSON of another shape', anAnswer(400, ['invalid_grant']), 'transient'],
  ['an error that is no text', anAnswer(400, { error: { code: 190 } }), 'transient'],
  [
    'an error of the REST API',
    anAnswer(403, [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }]),
    'rate_limited',
  ],
  ['429', anAnswer(429, ''), 'rate_limited'],
  ['401 without a reason', anAnswer(401, ''), 'transient'],
  ['401 with an unknown error', anAnswer(401, { error: 'a_word_of_2031' }), 'transient'],
  ['a stale session', anAnswer(401, [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }]), 'transient'],
  ['a redirect', anAnswer(302, ''), 'transient'],
])('%s is never read as a dead login', (_name, answer, kind) => {
  expect(readTokenRefusal('refresh', answer).kind).toBe(kind)
})

test('passes on how long to wait', () => {
  const answer = anAnswer(400, { error: 'rate_limit_exceeded' }, { retryAfterMs: 3000 })
  expect(readTokenRefusal('refresh', answer)).toMatchObject({ kind: 'rate_limited', retryAfterMs: 3000 })
})

test('a code of the provider is cut and cleaned, and its description stays out', () => {
  const verdict = readTokenRefusal(
    'refresh',
    anAnswer(400, { error: `x\u202e${'y'.repeat(900)}`, error_description: 'secret@example.com' }),
  )
  expect(verdict.code).toHaveLength(200)
  expect(verdict.code.startsWith('x y')).toBe(true)
  expect(JSON.stringify(verdict)).not.toContain('secret')
})
