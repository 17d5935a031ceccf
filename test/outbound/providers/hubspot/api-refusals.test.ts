import { describe, expect, test } from 'vitest'
import type { HttpAnswer } from '../../../../src/outbound/providers/http.ts'
import { readApiAnswer } from '../../../../src/outbound/providers/hubspot/verdicts.ts'
import { anAnswer } from '../salesforce/an-answer.ts'

const SCOPES_TEXT =
  "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes."

function read(status: number, body: unknown, more: Partial<HttpAnswer> = {}) {
  return readApiAnswer(anAnswer(status, body, more))
}

test.each<[string, number, unknown]>([
  [
    'the new form',
    401,
    {
      status: 'error',
      message: 'The OAuth token used to make this call expired 0 second(s) ago.',
      category: 'EXPIRED_AUTHENTICATION',
    },
  ],
  ['days ago', 401, { status: 'error', message: 'The OAuth token used to make this call expired 19884 day(s) ago.' }],
  [
    'the old form',
    401,
    { status: 'error', message: 'This oauth-token is expired! expiresAt: 1684892453714, now: 1684892453813' },
  ],
  [
    'no credentials',
    401,
    {
      status: 'error',
      category: 'INVALID_AUTHENTICATION',
      message: 'Authentication credentials not found. This API supports OAuth 2.0',
    },
  ],
  ['credentials missing', 401, { status: 'error', message: 'Any of the listed authentication credentials are missing' }],
  [
    'an API key is offered too',
    401,
    { message: 'Authentication credentials not found. This API supports both API Key and OAuth 2.0' },
  ],
  ['nothing but the status', 401, ''],
  ['a token that is not active', 200, { active: false }],
])('an access token that has ended is renewed: %s', (_name, status, body) => {
  expect(read(status, body)).toMatchObject({ kind: 'refresh' })
})

describe('rights that the login was not given', () => {
  test.each<[string, number, unknown]>([
    [
      'by category, with the scopes',
      403,
      {
        status: 'error',
        message: SCOPES_TEXT,
        category: 'MISSING_SCOPES',
        errors: [{ message: 'One or more of the following scopes are required.', context: { requiredScopes: ['contacts'] } }],
      },
    ],
    ['by its text alone', 403, { status: 'error', message: SCOPES_TEXT }],
    ['in other words', 403, { message: 'This oauth-token requires all of [crm.objects.tasks.read]' }],
    [
      'within a batch',
      207,
      { results: [], numErrors: 1, errors: [{ status: 'error', category: 'MISSING_SCOPES', message: 'x' }] },
    ],
    ['without case', 403, { category: 'missing_scopes' }],
    [
      'of a token, as older APIs say it',
      403,
      { message: 'This oauth-token (CI) does not have proper permissions! (requires any of [contacts])' },
    ],
    ['of a token, in short', 403, { status: 'error', message: 'This access_token does not have proper permissions!' }],
  ])('%s', (_name, status, body) => {
    expect(read(status, body)).toMatchObject({ kind: 'authorization_required', cause: 'scope_missing', certain: false })
  })
})

describe('what a login as the same person does not cure', () => {
  test.each<[string, unknown, string]>([
    ['the user lost a right', { status: 'error', category: 'USER_DOES_NOT_HAVE_PERMISSIONS', message: 'x' }, 'role_missing'],
    ['the user lacks a right', { status: 'error', message: 'The user does not have the required permissions' }, 'role_missing'],
    ['a permission is refused', { status: 'error', message: 'Permission to get export file cannot be granted' }, 'role_missing'],
    ['a 403 of which no row knows', { status: 'error', message: 'no' }, 'role_missing'],
    ['the account is banned', { category: 'BANNED', correlationId: 'c' }, 'admin_blocked'],
    ['the app is blocked', { status: 'error', message: 'This app has been blocked in this account' }, 'admin_blocked'],
    ['the account is closed', { status: 'error', message: 'The portal 123 has been deactivated' }, 'access_lost'],
    [
      'the plan is too small',
      { status: 'error', message: "This account doesn't have access to the feature custom objects" },
      'access_lost',
    ],
  ])('%s', (_name, body, cause) => {
    expect(read(403, body)).toMatchObject({ kind: 'permission', cause })
  })
})

test.each<[string, number, unknown, object]>([
  [
    'ten seconds',
    429,
    tooMany('TEN_SECONDLY_ROLLING', 'You have reached your ten_secondly_rolling limit.'),
    { retryAfterMs: 10_000 },
  ],
  ['ten seconds, by text', 429, { message: 'You have reached your ten_secondly_rolling limit.' }, { retryAfterMs: 10_000 }],
  ['a second', 429, { message: 'You have reached your secondly limit.' }, { retryAfterMs: null }],
  ['the day', 429, tooMany('DAILY', 'You have reached your daily limit.'), { usedUp: true }],
  ['the day, by text', 429, { status: 'error', message: 'You have reached your daily limit.' }, { usedUp: true }],
  ['a category', 429, { category: 'RATE_LIMITS', message: 'x' }, {}],
  ['nothing but the status', 429, '', {}],
])('a limit is waited for: %s', (_name, status, body, more) => {
  expect(read(status, body)).toMatchObject({ kind: 'rate_limited', ...more })
})

function tooMany(policyName: string, message: string) {
  return { status: 'error', message, errorType: 'RATE_LIMIT', correlationId: 'c', policyName, groupName: 'publicapi:x' }
}

test('Retry-After wins over what is usual', () => {
  const body = tooMany('TEN_SECONDLY_ROLLING', 'x')
  expect(read(429, body, { retryAfterMs: 3000 })).toMatchObject({ kind: 'rate_limited', retryAfterMs: 3000 })
})

test.each<[string, number, unknown, number | null]>([
  ['locked records', 423, { status: 'error', message: 'locked' }, 2000],
  ['locked records, with a page', 423, '<html></html>', 2000],
  ['a move to another data center', 477, { status: 'error', message: 'migration in progress' }, null],
  ['a gateway', 502, '<html>\n<head><title>502 Bad Gateway</title></head>', null],
  ['Cloudflare', 521, '<html></html>', null],
  ['a server error', 500, { status: 'error', message: 'internal error', correlationId: 'c' }, null],
  ['a page under 400', 400, '<html></html>', null],
  ['a page under 403', 403, '<!DOCTYPE html><title>Attention Required! | Cloudflare</title>', null],
  ['a page under 404', 404, '<html> <head> <title>Error 404 Not Found</title>', null],
  ['a page under 200', 200, '<html></html>', null],
  ['nothing under 403', 403, '', null],
  ['JSON of no known form', 418, { a: 1 }, null],
])('%s passes', (_name, status, body, retryAfterMs) => {
  expect(read(status, body)).toMatchObject({ kind: 'transient', retryAfterMs })
})

test.each<[string, number, unknown]>([
  [
    'twice the same id',
    400,
    {
      status: 'error',
      message: 'Duplicate IDs found in batch input: [1]. IDs must be unique',
      context: { ids: ['1'] },
      category: 'VALIDATION_ERROR',
    },
  ],
  [
    'JSON that it can not read',
    400,
    { status: 'error', message: 'Invalid input JSON on line 3, column 9: Cannot deserialize value' },
  ],
  ['an unknown object', 400, { status: 'error', message: 'Unable to infer object type from: widgets' }],
  ['a record that is there', 409, { status: 'error', message: 'Contact already exists. Existing ID: 512', category: 'CONFLICT' }],
  ['a record of an account that was deleted', 400, { status: 'error', message: 'Record 1 of account 2 was deleted' }],
  ['a page token that is too old', 400, { status: 'error', message: 'The paging token has expired' }],
  ['a record that is not there', 404, { status: 'error', message: 'resource not found' }],
  [
    'a value, told by its details',
    400,
    { status: 'error', message: 'x', errors: [{ message: 'discount was not a valid number', code: 'INVALID_INTEGER' }] },
  ],
  [
    'one of a batch',
    207,
    {
      status: 'COMPLETE',
      results: [{ id: '1' }],
      numErrors: 1,
      errors: [{ status: 'error', category: 'VALIDATION_ERROR', message: 'x' }],
    },
  ],
  ['one of a batch under 200', 200, { results: [], errors: [{ category: 'VALIDATION_ERROR', message: 'x' }] }],
  ['an error under 200', 200, { status: 'error', message: 'x', category: 'VALIDATION_ERROR' }],
])('a bad request leaves the connection alone: %s', (_name, status, body) => {
  expect(read(status, body)).toMatchObject({ kind: 'rejected' })
})

test.each<[string, number, unknown]>([
  [
    'a key instead of a token',
    403,
    {
      status: 'error',
      message: "This API can't be called using an OAuth access token. A valid developer API key must be provided",
    },
  ],
  [
    'an interface that is not public',
    403,
    { status: 'error', message: "The scope needed for this API call isn't available for public use." },
  ],
  ['a version that is gone', 410, ''],
  ['a version that is told to be gone', 404, { status: 'error', message: 'This API version is no longer supported' }],
])('what only the operator can change: %s', (_name, status, body) => {
  expect(read(status, body)).toMatchObject({ kind: 'misconfigured' })
})

test.each<[string, number, unknown]>([
  ['a list', 200, { results: [] }],
  ['a record', 200, { id: '1', properties: {} }],
  ['a batch', 201, { status: 'COMPLETE', results: [{ id: '1' }], startedAt: 'x' }],
  ['an active token', 200, { active: true, hub_id: 1 }],
  ['nothing', 204, ''],
])('%s refuses nothing', (_name, status, body) => {
  expect(read(status, body)).toBeNull()
})

test('of several errors in a batch the one about the login counts', () => {
  const errors = [
    { category: 'VALIDATION_ERROR', message: 'x' },
    { category: 'EXPIRED_AUTHENTICATION', message: 'y' },
  ]
  expect(read(207, { results: [], errors })).toMatchObject({ kind: 'refresh', code: 'EXPIRED_AUTHENTICATION' })
})

test("an explanation is for people: no codes, no tokens, nobody's address", () => {
  const said = read(403, { category: 'MISSING_SCOPES', message: 'ana@acme.example lacks Bearer abc' })
  expect(said).toMatchObject({ explanation: expect.not.stringMatching(/abc|@|[A-Z]+_[A-Z]+/) })
})
