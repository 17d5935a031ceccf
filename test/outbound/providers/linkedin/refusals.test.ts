import { expect, test } from 'vitest'
import {
  readApiAnswer,
  readApiRefusal,
  readCallback,
  readTokenRefusal,
} from '../../../../src/outbound/providers/linkedin/verdicts.ts'
import { anAnswer } from '../salesforce/an-answer.ts'

const NOON = new Date('2026-11-23T12:00:00Z')

test.each<[number, object, string]>([
  [401, { status: 401, serviceErrorCode: 65602, code: 'EXPIRED_ACCESS_TOKEN', message: 'x' }, 'refresh'],
  [401, { message: 'The token used in the request has expired', status: 401 }, 'refresh'],
  [401, { status: 401, message: 'x' }, 'refresh'],
  [401, { status: 401, serviceErrorCode: '65601', message: 'x' }, 'authorization_required'],
  [401, { status: 401, code: 'revoked_access_token', message: 'x' }, 'authorization_required'],
  [401, { serviceErrorCode: 65600, message: 'Invalid access token', status: 401 }, 'authorization_required'],
  [401, { message: 'Unable to verify access token', status: 401 }, 'authorization_required'],
  [500, { message: 'Unable to verify access token', status: 500 }, 'transient'],
  [401, { message: 'Empty oauth2_access_token', serviceErrorCode: 401, status: 401 }, 'misconfigured'],
  [401, { message: 'Unknown authentication scheme', status: 401 }, 'misconfigured'],
  [
    401,
    { status: 401, serviceErrorCode: 65608, code: 'RESTRICTED_MEMBER', message: 'Member is restricted' },
    'authorization_required',
  ],
  [401, { status: 401, message: 'Member is restricted' }, 'authorization_required'],
  [426, { status: 426, code: 'NONEXISTENT_VERSION', message: 'Requested version 20250201 is not active' }, 'misconfigured'],
  [400, { status: 400, code: 'VERSION_MISSING', message: 'A version must be present.' }, 'misconfigured'],
  [400, { status: 400, message: 'Please refer to the latest versioned apis' }, 'misconfigured'],
  [
    403,
    { status: 403, serviceErrorCode: 100, code: 'ACCESS_DENIED', message: 'Not enough permissions to access: GET /me' },
    'permission',
  ],
  [403, { status: 403, message: "Viewer don't have permission to the ADMIN_ONLY VisibilityReduction" }, 'permission'],
  [403, { status: 403, code: 'ACCESS_DENIED', message: 'Unpermitted fields present in REQUEST_BODY' }, 'rejected'],
  [403, { status: 403, message: 'Throttle limit for calls to this resource is reached.' }, 'rate_limited'],
  [429, { status: 429, serviceErrorCode: 101, message: 'x' }, 'rate_limited'],
  [400, { message: 'Invalid param.', errorDetails: { inputErrors: [{ code: 'PARAM_INVALID' }] } }, 'rejected'],
  [404, { status: 404, message: 'Could not find entity' }, 'rejected'],
  [404, { status: 404, message: 'Resource null does not exist' }, 'rejected'],
  [404, { status: 404, message: 'Resource adCreativesV2 does not exist' }, 'misconfigured'],
  [404, { status: 404, message: 'No virtual resource found' }, 'misconfigured'],
  [504, {}, 'transient'],
  [418, { status: 418, code: 'SOMETHING_NEW', message: 'x' }, 'transient'],
  [200, { error: { status: 401, serviceErrorCode: 65602 } }, 'refresh'],
])('%i %o is read as %s', (status, body, kind) => {
  expect(readApiRefusal(anAnswer(status, body), NOON).kind).toBe(kind)
})

const REVOKED = { status: 401, serviceErrorCode: 65601, code: 'REVOKED_ACCESS_TOKEN', message: 'The token has been revoked' }

test.each<[string, number, unknown]>([
  ['as a text of another', 400, [{ error: JSON.stringify(REVOKED), statusCode: 400 }]],
  ['as a text of the data', 401, { statusCode: 401, data: JSON.stringify(REVOKED) }],
  ['behind words of a library', 400, `OAuth2::Error, ${JSON.stringify(REVOKED)}`],
  ['as Python prints it', 401, "{'status': 401, 'serviceErrorCode': 65601, 'message': 'x'}"],
  ['as PHP prints it', 401, 'array:3 [\n "serviceErrorCode" => 65601\n "message" => "x"\n "status" => 401\n]'],
  ['cut off', 401, '{"serviceErrorCode":65601,"message":"The token has been rev (truncated...)'],
])('an answer that came %s is read as the answer', (_name, status, body) => {
  expect(readApiRefusal(anAnswer(status, body), NOON).kind).toBe('authorization_required')
})

test('the XML of the first API is read, and a page that quotes an error is not', () => {
  const xml =
    '<?xml version="1.0"?><error><status>401</status><message>[unauthorized]. token expired 1 seconds ago</message></error>'
  expect(readApiRefusal(anAnswer(401, xml), NOON).kind).toBe('refresh')
  expect(readApiRefusal(anAnswer(401, `<html>${JSON.stringify(REVOKED)}</html>`), NOON).kind).toBe('transient')
})

test('an element of a batch that was refused is no success', () => {
  const elements = [{ status: 201 }, { status: 403, error: { status: 403, serviceErrorCode: 100, message: 'x' } }]
  expect(readApiAnswer(anAnswer(200, { elements }), NOON)).toMatchObject({ kind: 'permission' })
  expect(readApiAnswer(anAnswer(200, { elements: [{ status: 201 }] }), NOON)).toBeNull()
})

test('a token that is called revoked and expired in one answer is refreshed first', () => {
  expect(readApiRefusal(anAnswer(401, { ...REVOKED, message: 'The token used in the request has expired' }), NOON).kind).toBe(
    'refresh',
  )
})

test('a request that is too long is rejected, whoever says so', () => {
  expect(readApiRefusal(anAnswer(414, '<html>414 Request-URI Too Large</html>'), NOON).kind).toBe('rejected')
})

test('no refusal of the API is certain, since LinkedIn says "revoked" at random', () => {
  for (const serviceErrorCode of [65600, 65601]) {
    expect(readApiRefusal(anAnswer(401, { status: 401, serviceErrorCode }), NOON)).toMatchObject({ certain: false })
  }
})

test('the status that a text tells is the one of LinkedIn', () => {
  const printed = 'array:2 [\n "message" => "Not enough permissions to access: POST /posts"\n "status" => 403\n]'
  expect(readApiRefusal(anAnswer(400, printed), NOON).kind).toBe('permission')
})

test('a page passes, a 401 without one asks for another access token', () => {
  for (const status of [400, 401, 403, 404, 502]) expect(readApiRefusal(anAnswer(status, '<html>'), NOON).kind).toBe('transient')
  for (const text of ['', 'Unauthorized']) expect(readApiRefusal(anAnswer(401, text), NOON).kind).toBe('refresh')
})

test('the calls of a day come back at midnight UTC, by the clock of the answer where it has one', () => {
  const body = { status: 429, message: 'Resource level throttle APPLICATION DAY limit for calls to this resource is reached.' }
  const read = (more: object = {}) => readApiRefusal(anAnswer(429, body, more), NOON)
  expect(read()).toMatchObject({ usedUp: true, retryAfterMs: 12 * 3_600_000 })
  expect(read({ headers: { date: 'Mon, 23 Nov 2026 23:00:00 GMT' } })).toMatchObject({ retryAfterMs: 3_600_000 })
  expect(read({ retryAfterMs: 60_000 })).toMatchObject({ retryAfterMs: 60_000 })
  expect(readApiRefusal(anAnswer(429, ''), NOON)).toMatchObject({ retryAfterMs: null })
})

test('an empty list is a success', () => {
  expect(readApiAnswer(anAnswer(200, { elements: [], paging: { count: 10, start: 0 } }), NOON)).toBeNull()
  expect(readApiAnswer(anAnswer(200, { id: 1, status: 'ACTIVE' }), NOON)).toBeNull()
  expect(readApiAnswer(anAnswer(200, '<html>'), NOON)).toMatchObject({ kind: 'transient' })
})

const DEAD = 'The provided authorization grant or refresh token is invalid, expired or revoked'
const MIXED =
  'Unable to retrieve access token: appid/redirect uri/code verifier does not match authorization code. Or authorization code expired. Or external member binding exists'

test.each<['code' | 'refresh', number, object, object]>([
  ['refresh', 400, { error: 'invalid_request', error_description: DEAD }, { kind: 'authorization_required', certain: true }],
  [
    'refresh',
    400,
    { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' },
    { cause: 'expired', certain: true },
  ],
  ['refresh', 400, { error: 'INVALID_GRANT', error_description: 'The token was revoked' }, { cause: 'revoked', certain: true }],
  ['refresh', 400, { error: 'invalid_grant' }, { kind: 'authorization_required', certain: false }],
  ['code', 400, { error: 'invalid_grant', error_description: DEAD }, { kind: 'authorization_required', certain: false }],
  ['code', 400, { error: 'invalid_request', error_description: MIXED }, { kind: 'misconfigured' }],
  ['code', 400, { error: 'invalid_redirect_uri', error_description: MIXED }, { kind: 'misconfigured' }],
  [
    'code',
    400,
    { error: 'invalid_request', error_description: 'Unable to retrieve access token: authorization code not found' },
    { certain: false },
  ],
  [
    'refresh',
    400,
    {
      error: 'invalid_request',
      error_description:
        'missing required parameters, includes an invalid parameter value, parameter more than once. : authorization code not found',
    },
    { kind: 'authorization_required', certain: false },
  ],
  [
    'refresh',
    400,
    { error: 'invalid_request', error_description: 'A required parameter "client_secret" is missing' },
    { kind: 'misconfigured' },
  ],
  ['refresh', 401, { error: 'invalid_client', error_description: 'Client authentication failed' }, { kind: 'misconfigured' }],
  [
    'refresh',
    400,
    { error: 'invalid_client_id', error_description: 'The passed in client_id is invalid "x"' },
    { kind: 'misconfigured' },
  ],
  ['refresh', 400, { error: 'invalid_request', error_description: 'something new' }, { kind: 'transient' }],
  ['refresh', 500, { error: 'server_error' }, { kind: 'transient' }],
  ['refresh', 429, { status: 429, message: 'Too many requests' }, { kind: 'rate_limited' }],
  ['refresh', 401, { status: 401, message: 'x' }, { kind: 'transient' }],
  ['refresh', 401, {}, { kind: 'transient' }],
])('at %s, %i %o', (stage, status, body, verdict) => {
  expect(readTokenRefusal(stage, anAnswer(status, body), NOON)).toMatchObject(verdict)
})

test('what comes back to the callback', () => {
  for (const error of ['user_cancelled_login', 'user_cancelled_authorize', 'access_denied']) {
    expect(readCallback(error, '')).toEqual({ kind: 'cancelled' })
  }
  expect(readCallback('unauthorized_scope_error', 'Scope "r_ads" is not authorized')).toMatchObject({ kind: 'misconfigured' })
  expect(readCallback('whatever', '')).toMatchObject({ kind: 'rejected' })
})
