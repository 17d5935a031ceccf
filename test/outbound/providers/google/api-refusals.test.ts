import { describe, expect, test } from 'vitest'
import { cm360Reader } from '../../../../src/outbound/providers/cm360/verdicts.ts'
import { ERROR_REASONS, LEGACY_REASONS, STATUSES } from '../../../../src/outbound/providers/google/api-refusals.ts'
import { anAnswer } from '../salesforce/an-answer.ts'

type Expected = readonly [kind: string, cause?: string, certain?: boolean]

const SCOPE: Expected = ['authorization_required', 'scope_missing', true]
const GONE: Expected = ['authorization_required', 'user_inactive', true]
const STALE: Expected = ['refresh']
const OURS: Expected = ['misconfigured']
const BLOCKED: Expected = ['permission', 'admin_blocked']
const LOST: Expected = ['permission', 'access_lost']
const NO_RIGHT: Expected = ['permission', 'role_missing']
const WAIT: Expected = ['rate_limited']
const PASSES: Expected = ['transient']
const REFUSED: Expected = ['rejected']

function expectVerdict(status: number, body: unknown, [kind, cause, certain]: Expected) {
  const verdict = cm360Reader.readRefusal(anAnswer(status, body))
  expect(verdict).toMatchObject({ kind, ...(cause && { cause }), ...(certain !== undefined && { certain }) })
}

describe('ErrorInfo', () => {
  const reasons: readonly (readonly [string, Expected])[] = [
    ['ACCESS_TOKEN_EXPIRED', STALE],
    ['SESSION_COOKIE_INVALID', STALE],
    ['CREDENTIALS_MISSING', STALE],
    ['ACCESS_TOKEN_SCOPE_INSUFFICIENT', SCOPE],
    ['ACCOUNT_STATE_INVALID', GONE],
    ['ACCESS_TOKEN_TYPE_UNSUPPORTED', OURS],
    ['SERVICE_DISABLED', OURS],
    ['CONSUMER_INVALID', OURS],
    ['CONSUMER_SUSPENDED', OURS],
    ['BILLING_DISABLED', OURS],
    ['USER_PROJECT_DENIED', OURS],
    ['API_KEY_INVALID', OURS],
    ['API_KEY_SERVICE_BLOCKED', OURS],
    ['USER_BLOCKED_BY_ADMIN', BLOCKED],
    ['SECURITY_POLICY_VIOLATED', BLOCKED],
    ['ORG_RESTRICTION_VIOLATION', BLOCKED],
    ['IAM_PERMISSION_DENIED', NO_RIGHT],
    ['RATE_LIMIT_EXCEEDED', WAIT],
    ['RESOURCE_QUOTA_EXCEEDED', WAIT],
  ]
  test.each(reasons)('%s decides over the status beside it', (reason, expected) => {
    const info = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com' }
    const error = { code: 403, message: 'The caller does not have permission', status: 'PERMISSION_DENIED', details: [info] }
    expectVerdict(403, { error }, expected)
    expectVerdict(403, [{ error }], expected)
    expectVerdict(403, error, expected)
  })

  test('every row is reached', () => {
    const known = reasons.map(([reason]) => reason)
    expect(ERROR_REASONS.filter(({ codes }) => !codes.some((code) => known.includes(code)))).toEqual([])
  })

  test('a reason that nobody knows leaves the word to the status', () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'NEW_IN_2031', domain: 'ads.googleapis.com' }]
    expectVerdict(400, { error: { code: 400, message: 'x', status: 'INVALID_ARGUMENT', details } }, REFUSED)
    expectVerdict(503, { error: { code: 503, message: 'x', status: 'UNAVAILABLE', details } }, PASSES)
  })
})

describe('the older form', () => {
  const said: readonly (readonly [status: number, reason: string, message: string, Expected])[] = [
    [401, 'authError', 'Invalid Credentials', STALE],
    [401, 'required', 'Login Required', STALE],
    [401, 'expired', 'Session Expired', STALE],
    [403, 'accountDisabled', 'The account has been disabled.', GONE],
    [403, 'insufficientPermissions', 'Insufficient Permission', SCOPE],
    [403, 'insufficientPermissions', 'Request had insufficient authentication scopes.', SCOPE],
    [403, 'insufficientPermissions', 'User does not have sufficient permissions for this profile.', NO_RIGHT],
    [403, 'insufficientPermissions', 'Something else', ['authorization_required', 'scope_missing', false]],
    [403, 'forbidden', 'Forbidden', LOST],
    [403, 'forbidden', 'The request is missing a valid API key.', OURS],
    [403, 'forbidden', 'This version of the API is no longer supported.', OURS],
    [400, 'badRequest', 'API key not valid. Please pass a valid API key.', OURS],
    [403, 'accessNotConfigured', 'Access Not Configured', OURS],
    [400, 'badRequest', 'Quota exceeded.', WAIT],
    [400, 'keyInvalid', 'Bad Request', OURS],
    [403, 'unsupportedApiVersion', 'This version is not supported', OURS],
    [403, 'domainPolicy', 'The domain administrators have disabled this app.', BLOCKED],
    [403, 'dailyLimitExceeded', 'Daily Limit Exceeded', WAIT],
    [403, 'quotaExceeded', 'This account has exceeded its reporting quota of 500 reports per day.', WAIT],
    [403, 'quotaExceeded', 'Quota exceeded', WAIT],
    [403, 'rateLimitExceeded', 'Rate Limit Exceeded', WAIT],
    [403, 'userRateLimitExceeded', 'User Rate Limit Exceeded', WAIT],
    [500, 'backendError', 'Backend Error', PASSES],
    [500, 'internalError', 'Internal Error', PASSES],
    [400, 'invalid', 'Invalid value', REFUSED],
    [404, 'notFound', 'Not Found', REFUSED],
    [404, 'notFound', 'User profile not found.', LOST],
  ]
  test.each(said)('%i %s, "%s"', (status, reason, message, expected) => {
    const errors = [{ message, domain: 'global', reason }]
    expectVerdict(status, { error: { code: status, message, errors } }, expected)
    expectVerdict(status, { error: { code: status, message, errors, status: 'PERMISSION_DENIED' } }, expected)
  })

  test('every row is reached', () => {
    const reached = new Set(
      said.map(([, reason, message]) =>
        LEGACY_REASONS.find(({ codes, says }) => codes.includes(reason) && (says?.test(message) ?? true)),
      ),
    )
    expect(LEGACY_REASONS.filter((row) => !reached.has(row))).toEqual([])
  })

  test('calls of a day are used up, calls of a second are not', () => {
    const read = (reason: string) =>
      cm360Reader.readRefusal(
        anAnswer(403, { error: { code: 403, message: 'x', errors: [{ reason, domain: 'usageLimits', message: 'x' }] } }),
      )
    expect(read('dailyLimitExceeded')).toMatchObject({ usedUp: true })
    expect(read('userRateLimitExceeded')).not.toHaveProperty('usedUp')
  })
})

describe('a status alone', () => {
  const said: readonly (readonly [status: number, canonical: string, message: string, Expected])[] = [
    [401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.', STALE],
    [403, 'PERMISSION_DENIED', 'Request had insufficient authentication scopes.', SCOPE],
    [403, 'PERMISSION_DENIED', 'The caller does not have permission', LOST],
    [403, 'PERMISSION_DENIED', 'The account of this token is disabled', ['authorization_required', 'user_inactive', false]],
    [403, 'PERMISSION_DENIED', 'The Google Ads account is suspended.', LOST],
    [403, 'PERMISSION_DENIED', "Developer token is not allowed with project '1'.", OURS],
    [401, 'UNAUTHENTICATED', 'The Google account is not associated with any Ads accounts.', LOST],
    [403, 'PERMISSION_DENIED', 'Google Ads API has not been used in project 1 before or it is disabled.', OURS],
    [400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', OURS],
    [403, 'PERMISSION_DENIED', 'Daily Limit Exceeded', WAIT],
    [429, 'RESOURCE_EXHAUSTED', 'Quota exceeded for quota metric', WAIT],
    [501, 'UNIMPLEMENTED', "GRPC target method can't be resolved.", OURS],
    [501, 'UNIMPLEMENTED', 'Operation is not implemented', OURS],
    [404, 'NOT_FOUND', 'Method not found.', OURS],
    [404, 'NOT_FOUND', 'Requested entity was not found.', REFUSED],
    [400, 'INVALID_ARGUMENT', 'Request contains an invalid argument.', REFUSED],
    [400, 'FAILED_PRECONDITION', 'Precondition check failed.', REFUSED],
    [409, 'ABORTED', 'The operation was aborted.', PASSES],
    [500, 'INTERNAL', 'Internal error encountered.', PASSES],
    [503, 'UNAVAILABLE', 'The service is currently unavailable.', PASSES],
    [504, 'DEADLINE_EXCEEDED', 'Deadline expired before operation could complete.', PASSES],
    [499, 'CANCELLED', 'The operation was cancelled.', PASSES],
  ]
  test.each(said)('%i %s, "%s"', (status, canonical, message, expected) => {
    expectVerdict(status, { error: { code: status, message, status: canonical } }, expected)
    expectVerdict(status, { error: { code: status, message } }, expected)
  })

  test('every row is reached, has a source, and speaks to people', () => {
    const reached = new Set(
      said.map(([, code, message]) => STATUSES.find(({ codes, says }) => codes.includes(code) && (says?.test(message) ?? true))),
    )
    expect(STATUSES.filter((row) => !reached.has(row))).toEqual([])
    for (const { source, means } of [...ERROR_REASONS, ...LEGACY_REASONS, ...STATUSES]) {
      expect(source).not.toBe('')
      expect(means.explanation).toMatch(/^[A-Z].*\.$/)
    }
  })

  test('numbers of gRPC are read as what they stand for', () => {
    expectVerdict(403, { code: 7, message: 'The caller does not have permission', details: [] }, LOST)
    expectVerdict(401, { code: 16, details: 'Request had invalid authentication credentials.', metadata: {} }, STALE)
    expectVerdict(500, { code: '13', message: 'Internal error encountered.' }, PASSES)
  })
})

test.each([
  ['an empty 401', anAnswer(401, ''), 'refresh'],
  ['HTML under 401', anAnswer(401, '<html>Unauthorized</html>'), 'transient'],
  ['HTML under 403', anAnswer(403, '<!DOCTYPE html><title>Error 403 (Forbidden)!!1</title>'), 'transient'],
  ['an empty 403', anAnswer(403, ''), 'transient'],
  ['an empty 400', anAnswer(400, ''), 'transient'],
  ['a page of a proxy', anAnswer(404, '<html>not here</html>'), 'transient'],
  ['429 without a word', anAnswer(429, ''), 'rate_limited'],
  ['502 with a page', anAnswer(502, '<html>Bad Gateway</html>'), 'transient'],
  [
    'an address with a version that is gone',
    anAnswer(
      404,
      '<!DOCTYPE html><p>The requested URL <code>/v19/customers/1/googleAds:search</code> was not found on this server.',
    ),
    'misconfigured',
  ],
])('%s', (_name, answer, kind) => {
  expect(cm360Reader.readRefusal(answer).kind).toBe(kind)
})

describe('an answer that did not come as it was sent', () => {
  const read = (status: number, body: unknown, more: object = {}) => cm360Reader.readRefusal(anAnswer(status, body, more))

  test('a reason counts without its domain', () => {
    expect(read(403, { error: { code: 403, errors: [{ reason: 'dailyLimitExceeded' }] } })).toMatchObject({ usedUp: true })
  })

  test('a reason that says nothing leaves the word to the status', () => {
    const errors = [{ message: 'Unknown Error.', domain: 'global', reason: 'unknown' }]
    expect(read(500, { error: { code: 500, message: 'Unknown Error.', errors, status: 'UNKNOWN' } }).kind).toBe('transient')
  })

  test('an answer is read where words of a library follow it', () => {
    const error = { code: 400, message: 'x', status: 'INVALID_ARGUMENT' }
    expect(read(400, { status: 400, message: `${JSON.stringify({ error })} during upload` }).kind).toBe('rejected')
  })

  test('a refusal of tokens is read where a gateway put it into the message', () => {
    const error = { code: 403, message: 'invalid_grant', error_description: 'Token has been expired or revoked.' }
    expect(read(403, { error })).toMatchObject({ kind: 'authorization_required', cause: 'revoked' })
    expect(read(403, { error: { code: 403, message: 'Not an invalid_grant' } }).kind).toBe('permission')
  })

  test('JSON in a string, and quotes doubled by a spreadsheet, are opened', () => {
    const error = { code: 403, message: 'x', errors: [{ reason: 'rateLimitExceeded' }] }
    expect(read(403, 'x', { json: JSON.stringify({ error }) }).kind).toBe('rate_limited')
    expect(read(403, 'Error: ""reason"": ""insufficientPermissions"", authentication scopes').kind).toBe('authorization_required')
  })

  test.each([
    ['(403) Forbidden\nDaily limit exceeded: the quota will be reset at midnight.', 'rate_limited'],
    ['(403) Quota Error: please implement exponential back off.', 'rate_limited'],
    ["Error: 12 UNIMPLEMENTED: GRPC target method can't be resolved.", 'misconfigured'],
    ['<HttpError 401 when requesting https://x?alt=json returned "Invalid Credentials">', 'refresh'],
    [
      '<HttpError 403 when requesting https://x returned "Request had insufficient authentication scopes.">',
      'authorization_required',
    ],
    ['Google Ads API has not been used in project 1 before', 'misconfigured'],
    ['This account was disabled', 'transient'],
    ['GrpcError: Operation is INTERNAL to us', 'transient'],
  ])('the words of a library are read: %s', (text, kind) => {
    expect(read(403, text).kind).toBe(kind)
  })

  test('a scope that is missing is told by the header alone', () => {
    const headers = { 'www-authenticate': 'Bearer realm="x", error="insufficient_scope", scope="y"' }
    expect(read(403, '', { headers })).toMatchObject({ kind: 'authorization_required', cause: 'scope_missing' })
  })
})

test('an answer that a client library put into its own message is read', () => {
  const error = {
    code: 403,
    message: 'x',
    errors: [{ reason: 'insufficientPermissions', domain: 'global', message: 'Insufficient Permission' }],
  }
  expectVerdict(500, { message: JSON.stringify({ error }), name: 'Error' }, SCOPE)
})

test('an error under 200 is read, and data that looks like one is not', () => {
  const read = (body: unknown) => cm360Reader.readAnswer(anAnswer(200, body))
  expect(read({ error: { code: 403, message: 'Forbidden', errors: [{ reason: 'forbidden', domain: 'global' }] } })).toMatchObject(
    {
      kind: 'permission',
    },
  )
  expect(read({ items: [{ status: 'PERMISSION_DENIED', reason: 'forbidden', message: 'x' }] })).toBeNull()
  expect(read({ kind: 'dfareporting#file', status: 'FAILED' })).toBeNull()
  expect(read([{ error: { code: 503, message: 'x', status: 'UNAVAILABLE' } }])).toMatchObject({ kind: 'transient' })
  expect(read({ errors: [] })).toBeNull()
  const status = (code: string) => [{ conversion: {}, errors: [{ kind: 'dfareporting#conversionError', code, message: 'x' }] }]
  expect(read({ hasFailures: true, status: status('INVALID_ARGUMENT') })).toMatchObject({ kind: 'rejected' })
  expect(read({ hasFailures: true, status: status('INTERNAL') })).toMatchObject({ kind: 'transient' })
  expect(read({ hasFailures: false, status: [{ conversion: {} }] })).toBeNull()
})
