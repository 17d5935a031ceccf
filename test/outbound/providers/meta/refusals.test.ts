import { describe, expect, test } from 'vitest'
import { readAnswer, readCallback, readRefusal } from '../../../../src/outbound/providers/meta/verdicts.ts'
import { anAnswer } from '../salesforce/an-answer.ts'

const graph = (code: number | string, message = 'x', more: object = {}) => ({
  error: { message, type: 'OAuthException', code, fbtrace_id: 'f', ...more },
})
const login = (subcode: number, message = 'Error validating access token') => graph(190, message, { error_subcode: subcode })

describe('what the Graph API says of a login', () => {
  test.each<[string, object, string, boolean]>([
    ['the app was removed', login(458), 'revoked', true],
    ['a checkpoint', login(459), 'login_policy', true],
    ['a changed password', login(460), 'password_changed', true],
    ['the end of its time', login(463), 'expired', true],
    ['an unconfirmed user', login(464), 'login_policy', true],
    ['a logout', login(467), 'revoked', true],
    ['a blocking checkpoint', login(490), 'login_policy', true],
    ['90 days without the person', login(493), 'expired', true],
    ['a session key of old', graph(102, 'Session key invalid or no longer valid'), 'revoked', false],
    ['nothing more', graph(190, 'Invalid OAuth access token.'), 'revoked', false],
    ['a code in quotes', graph('190', 'x', { error_subcode: '463' }), 'expired', true],
    ['its end in words', graph(190, 'Error validating access token: Session has expired on Friday'), 'expired', true],
    [
      'a changed password in words',
      graph(190, 'Session does not match current stored session. This may be because the user changed the password'),
      'password_changed',
      true,
    ],
    [
      'no code but in the text',
      { error: { message: '(#190) Error validating access token', type: 'OAuthException' } },
      'revoked',
      false,
    ],
    ['the form of old', { error_code: 190, error_msg: 'Invalid OAuth 2.0 Access Token' }, 'revoked', false],
    [
      'a missing permission',
      graph(294, 'Managing advertisements requires an access token with the extended permission for ads_management'),
      'scope_missing',
      false,
    ],
    [
      'a declined permission',
      graph(200, "(#200) The user hasn't authorized the application to perform this action"),
      'scope_missing',
      false,
    ],
  ])('%s needs a login', (_name, body, cause, certain) => {
    for (const status of [200, 400, 401, 500]) {
      expect(readRefusal(anAnswer(status, body))).toMatchObject({ kind: 'authorization_required', cause, certain })
    }
  })

  test('a part of a batch, and what is said of a token, are read as well', () => {
    const batch = [
      { code: 200, body: '{"id":"1"}' },
      { code: 400, body: JSON.stringify(login(460)) },
    ]
    expect(readAnswer(anAnswer(200, batch))).toMatchObject({ cause: 'password_changed' })
    const debugged = { data: { is_valid: false, error: { code: 190, message: 'x', subcode: 463 }, scopes: [] } }
    expect(readAnswer(anAnswer(200, debugged))).toMatchObject({ cause: 'expired' })
  })
})

test.each<[string, object, string]>([
  ['another kind of token', graph(190, '(#190) This method must be called with a Page Access Token'), 'misconfigured'],
  [
    'no token at all',
    graph(2500, 'An active access token must be used to query information about the current user.'),
    'misconfigured',
  ],
  ['a wrong secret', graph(1, 'Error validating client secret.'), 'misconfigured'],
  [
    'an unknown app',
    graph(101, 'Error validating application. Cannot get application info due to a system error.'),
    'misconfigured',
  ],
  ['a deleted app', graph(190, 'Error validating application. Application has been deleted.'), 'misconfigured'],
  ['a wrong proof', graph(100, 'Invalid appsecret_proof provided in the API argument'), 'misconfigured'],
  [
    'a wrong address',
    graph(100, 'Error validating verification code. Please make sure your redirect_uri is identical'),
    'misconfigured',
  ],
  ['an app that is switched off', graph(200, 'API access deactivated. To reactivate, go to the app dashboard.'), 'misconfigured'],
  ['an old version', graph(2635, 'You are calling a deprecated version of the Ads API.'), 'misconfigured'],
  ['a capability', graph(3, '(#3) Application does not have the capability to make this API call.'), 'permission'],
  ['a permission', graph(10, '(#10) Permission Denied.'), 'permission'],
  ['a lost page role', login(492), 'permission'],
  [
    'an account out of reach',
    graph(200, '(#200) Ad account owner has NOT grant ads_management or ads_read permission'),
    'permission',
  ],
  [
    'an app that is not on the list',
    graph(294, 'requires the extended permission ads_management and an application that is whitelisted'),
    'permission',
  ],
  [
    'an account that is not seen',
    graph(100, "Unsupported get request. Object with ID 'act_1' does not exist", { error_subcode: 33 }),
    'permission',
  ],
  ['a block', graph(368, 'The action attempted has been deemed abusive'), 'permission'],
  ['a parameter', graph(100, 'Invalid parameter', { error_subcode: 2804003, is_transient: false }), 'rejected'],
  [
    'days too far back',
    graph(3018, 'The start date of the time range cannot be beyond 37 months from the current date'),
    'rejected',
  ],
  ['trouble', graph(2, 'Service temporarily unavailable'), 'transient'],
  ['too much data', graph(1, "Please reduce the amount of data you're asking for, then retry your request"), 'transient'],
  ['its own word that it passes', graph(200, 'x', { is_transient: true }), 'transient'],
  ['a code below zero', graph(-3, 'x'), 'transient'],
  ['an unknown code', graph(99_999, 'x'), 'transient'],
  ['no code', { error: { message: 'x' } }, 'transient'],
  ['a text for an error', { error: 'x' }, 'transient'],
  ['not even an error', {}, 'transient'],
])('%s is no dead login', (_name, body, kind) => {
  expect(readRefusal(anAnswer(400, body)).kind).toBe(kind)
})

test.each([4, 9, 17, 32, 341, 613, 80000, 80004, 80014])(
  'code %i asks to slow down, also where it calls itself passing',
  (code) => {
    expect(readRefusal(anAnswer(400, graph(code, 'x', { is_transient: true })))).toMatchObject({
      kind: 'rate_limited',
      retryAfterMs: null,
    })
  },
)

test('how long to wait is told in headers, and Retry-After wins', () => {
  const headers = {
    'x-business-use-case-usage': '{"1":[{"estimated_time_to_regain_access":3},{"estimated_time_to_regain_access":19}],"2":[]}',
    'x-ad-account-usage': '{"acc_id_util_pct":100,"reset_time_duration":30}',
  }
  const read = (more: object) => readRefusal(anAnswer(400, graph(80000), more))
  expect(read({ headers })).toMatchObject({ retryAfterMs: 19 * 60_000 })
  expect(read({ headers: { 'x-ad-account-usage': headers['x-ad-account-usage'] } })).toMatchObject({ retryAfterMs: 30_000 })
  expect(read({ headers, retryAfterMs: 5_000 })).toMatchObject({ retryAfterMs: 5_000 })
  expect(read({ headers: { 'x-business-use-case-usage': 'no JSON' } })).toMatchObject({ retryAfterMs: null })
})

test('a page, an empty answer and a passing failure turn nothing red', () => {
  for (const status of [400, 401, 403, 404]) {
    expect(readRefusal(anAnswer(status, '<html>')).kind).toBe('transient')
    expect(readRefusal(anAnswer(status, '')).kind).toBe('transient')
  }
  expect(readRefusal(anAnswer(429, '')).kind).toBe('rate_limited')
  expect(readRefusal(anAnswer(503, '<html>')).kind).toBe('transient')
})

test('rows of data are a success', () => {
  expect(readAnswer(anAnswer(200, { data: [{ code: 190, error: null }], paging: {} }))).toBeNull()
  expect(readAnswer(anAnswer(200, '<html>'))).toMatchObject({ kind: 'transient' })
})

test('a missing right is named in Meta’s words, and what it wants a person to read is added', () => {
  const message = '(#200) Requires business_management permission to manage the object'
  expect(readRefusal(anAnswer(403, graph(200, message))).explanation).toContain('business_management')
  const confirm = { error_subcode: 2332002, error_user_msg: 'Follow the steps at facebook.com/ads/library/api.' }
  expect(readRefusal(anAnswer(400, graph(10, 'x', confirm))).explanation).toContain('Meta says: Follow the steps')
})

test('an explanation has no code in it', () => {
  expect(readRefusal(anAnswer(400, login(459))).explanation).not.toMatch(/\d{3}/)
})

test('what comes back to the callback', () => {
  expect(readCallback('access_denied', 'Permissions error')).toEqual({ kind: 'cancelled' })
  expect(readCallback('invalid_scope', 'x')).toMatchObject({ kind: 'misconfigured' })
  expect(readCallback('server_error', '')).toMatchObject({ kind: 'transient' })
  expect(readCallback('whatever', '')).toMatchObject({ kind: 'rejected' })
})
