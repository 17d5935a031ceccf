import { expect, test } from 'vitest'
import { readCallback } from '../../../../src/outbound/providers/salesforce/verdicts.ts'

const NOT_APPROVED = 'user is not admin approved to access this app'

test.each([
  ['OAUTH_APPROVAL_ERROR_GENERIC', 'An unexpected error has occurred during authentication. Please try again.', /press Install/],
  ['invalid_client', 'app must be installed into org', /press Install/],
  ['OAUTH_EC_APP_NOT_FOUND', 'External client app is not installed in this org', /External Client App Manager/],
  ['app_not_found', '', /press Install/],
  ['OAUTH_APP_BLOCKED', 'this app is blocked by admin', /Press Unblock/],
  ['invalid_app_access', NOT_APPROVED, /Permitted Users/],
  ['OAUTH_APP_ACCESS_DENIED', '', /Permitted Users/],
  ['oauth_app_access_denied', NOT_APPROVED, /Permitted Users/],
  ['access_denied', 'admin approval required', /Permitted Users/],
  ['OAUTH_AUTHORIZATION_BLOCKED', 'Cross-org OAuth flows are not supported for this external client app', /client add/],
  ['invalid_grant', 'ip restricted', /Login IP Ranges/],
] as const)('%s (%s) is told as what an admin does in Setup', (error, description, says) => {
  const told = readCallback(error, description)
  expect(told).toMatchObject({ kind: 'permission', cause: 'admin_blocked', code: error })
  expect('steps' in told && told.steps?.join('\n')).toMatch(says)
})

test('a person who says no is no business of an admin', () => {
  expect(readCallback('access_denied', 'end-user denied authorization')).toEqual({ kind: 'cancelled' })
  expect(readCallback('access-denied', '')).toEqual({ kind: 'cancelled' })
})

test('a wrong client id stays the operator’s business', () => {
  const told = readCallback('invalid_client_id', 'client identifier invalid')
  expect(told).toMatchObject({ kind: 'misconfigured' })
  expect(told).not.toHaveProperty('steps')
})

test('what nobody knows is refused without steps', () => {
  expect(readCallback('something_new', 'unheard of')).toMatchObject({ kind: 'rejected' })
})
