import { describe, expect, test } from 'vitest'
import { readCallback, readTokenRefusal } from '../../../../src/outbound/providers/hubspot/verdicts.ts'
import { anAnswer } from '../salesforce/an-answer.ts'

const GUIDE = {
  error: 'invalid_grant',
  error_description: 'refresh token is invalid, expired or revoked',
  status: 'BAD_REFRESH_TOKEN',
  message: 'refresh token is invalid, expired or revoked',
}

describe('a login that is not valid any more wants a second proof, since a wrong client was seen to be answered alike', () => {
  test.each<[string, number, unknown]>([
    ['as the guide shows it', 400, GUIDE],
    ['as it was before 2026', 400, { status: 'BAD_REFRESH_TOKEN', message: 'missing or invalid refresh token' }],
    ['with another text', 400, { status: 'BAD_REFRESH_TOKEN', message: 'missing or unknown refresh token' }],
    ['by the standard alone', 400, { error: 'invalid_grant' }],
    ['in small letters', 400, { status: 'bad_refresh_token' }],
    ['under another status', 401, GUIDE],
    ['with a general code', 400, { status: 'error', message: 'missing or unknown refresh token', correlationId: 'c' }],
    ['an account that is gone', 400, { status: 'BAD_HUB', message: 'missing or unknown hub id', error: 'access_denied' }],
    ['an account that is gone, older', 403, { status: 'BAD_HUB', message: 'missing or unknown hub id', requestId: 'r' }],
  ])('%s', (_name, status, body) => {
    expect(readTokenRefusal('refresh', anAnswer(status, body))).toMatchObject({
      kind: 'authorization_required',
      cause: 'revoked',
      certain: false,
    })
  })
})

describe('what is wrong with our app is never a dead login', () => {
  test.each<[string, unknown]>([
    ['the client id', { status: 'BAD_CLIENT_ID', message: 'missing or invalid client id', error: 'invalid_client' }],
    ['the secret', { status: 'BAD_CLIENT_SECRET', message: 'missing or invalid client secret' }],
    ['the client by the standard', { error: 'invalid_client' }],
    ['a text about the client beside a general code', { error: 'invalid_grant', error_description: 'client id does not match' }],
    ['the redirect URL', { status: 'BAD_REDIRECT_URI', message: 'redirect uri mismatch' }],
    [
      'the redirect URL of a code',
      { status: 'MISMATCH_REDIRECT_URI_AUTH_CODE', message: 'redirect URI does not match initial authorization code URI' },
    ],
    ['the grant type', { status: 'BAD_GRANT_TYPE' }],
    ['the scopes', { status: 'BAD_SCOPES', message: 'x', error: 'invalid_scope' }],
    ['the form', { error: 'invalid_request', error_description: 'missing refresh_token' }],
    ['the form, as other interfaces say it', { message: 'Invalid input', correlationId: 'c', category: 'VALIDATION_ERROR' }],
  ])('%s', (_name, body) => {
    for (const stage of ['code', 'refresh'] as const)
      expect(readTokenRefusal(stage, anAnswer(400, body))).toMatchObject({ kind: 'misconfigured' })
  })
})

test.each<[string, unknown]>([
  ['used or unknown', { status: 'BAD_AUTH_CODE', message: 'missing or unknown auth code', error: 'invalid_grant' }],
  ['too old', { status: 'EXPIRED_AUTH_CODE', message: 'auth code expired' }],
  ['with another verifier', { status: 'BAD_CODE_VERIFIER' }],
  ['by the standard alone', { error: 'invalid_grant', error_description: 'x' }],
])('a code that is %s means that the login starts again', (_name, body) => {
  expect(readTokenRefusal('code', anAnswer(400, body))).toMatchObject({
    kind: 'authorization_required',
    cause: 'expired',
    certain: false,
  })
})

test.each<[string, number, unknown, string]>([
  ['a gateway page', 502, '<html><body>Bad Gateway</body></html>', 'transient'],
  ['a page under 400', 400, '<html></html>', 'transient'],
  ['nothing', 400, '', 'transient'],
  ['an unknown code', 400, { status: 'SOMETHING_NEW', message: 'x' }, 'transient'],
  ['a list', 400, [1], 'transient'],
  ['a 401 without a reason', 401, {}, 'transient'],
  ['a 403 without a reason', 403, { status: 'error', message: 'no' }, 'transient'],
  ['a success without a token', 200, { scopes: [] }, 'transient'],
  ['a dead login told by a server in trouble', 503, GUIDE, 'transient'],
  ['the own trouble of HubSpot', 400, { error: 'server_error' }, 'transient'],
  ['too many', 429, { status: 'error', message: 'You have reached your secondly limit.' }, 'rate_limited'],
  ['too many, with a page', 429, '<html></html>', 'rate_limited'],
])('%s says nothing of the login', (_name, status, body, kind) => {
  expect(readTokenRefusal('refresh', anAnswer(status, body))).toMatchObject({ kind })
})

test('what comes back instead of a code is told apart', () => {
  expect(readCallback('access_denied', '')).toEqual({ kind: 'cancelled' })
  expect(readCallback('access_denied', 'The user does not have permission to install apps')).toMatchObject({
    kind: 'permission',
    cause: 'role_missing',
    explanation: expect.stringContaining('super admin'),
  })
  expect(readCallback('invalid_scope', '')).toMatchObject({ kind: 'misconfigured' })
  expect(readCallback('something_new', 'x')).toMatchObject({ kind: 'rejected', code: 'something_new' })
})
