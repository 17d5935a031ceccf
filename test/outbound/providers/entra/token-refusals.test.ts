import { describe, expect, test } from 'vitest'
import { ENTRA_ERRORS, ENTRA_SUBERRORS } from '../../../../src/outbound/providers/entra/error-words.ts'
import { ENTRA_REFUSALS } from '../../../../src/outbound/providers/entra/token-refusals.ts'
import { readEntraCallback, readEntraRefusal } from '../../../../src/outbound/providers/entra/verdicts.ts'
import { anAnswer } from '../salesforce/an-answer.ts'

type Expected = readonly [kind: string, cause?: string, certain?: boolean]

const PASSES: Expected = ['transient']
const OURS: Expected = ['misconfigured']
const BLOCKED: Expected = ['permission', 'admin_blocked']
const GONE: Expected = ['authorization_required', 'user_inactive', true]
const MFA: Expected = ['authorization_required', 'login_policy', true]
const PASSWORD: Expected = ['authorization_required', 'password_changed', true]
const MAYBE_DEAD: Expected = ['authorization_required', 'revoked', false]
const AGAIN: Expected = ['authorization_required', 'expired', false]

/** Number, error, text without its end, what it means. Texts are those of reference-error-codes (2026-11) and of real answers. */
const SAID: readonly (readonly [number, string, string, Expected])[] = [
  [
    50173,
    'invalid_grant',
    'The provided grant has expired due to it being revoked.',
    ['authorization_required', 'revoked', true],
  ],
  [700082, 'invalid_grant', 'The refresh token has expired due to inactivity.', ['authorization_required', 'expired', true]],
  [70008, 'invalid_grant', 'The refresh token has expired due to inactivity.', ['authorization_required', 'expired', true]],
  [70008, 'invalid_grant', 'The provided authorization code or refresh token has expired.', AGAIN],
  [
    700084,
    'invalid_grant',
    'The refresh token was issued to a single page app (SPA).',
    ['authorization_required', 'expired', true],
  ],
  [70043, 'invalid_grant', 'expired or is invalid due to sign-in frequency checks', ['authorization_required', 'expired', true]],
  [50089, 'invalid_grant', 'Authentication failed due to flow token expired.', AGAIN],
  [70000, 'invalid_grant', "input parameter 'refresh_token' or 'assertion' is not valid.", MAYBE_DEAD],
  [70000, 'invalid_grant', "The provided value for the 'redirect_uri' is not valid.", OURS],
  [70000, 'invalid_grant', "The provided value for the input parameter 'client_id' is not valid.", OURS],
  [70000, 'invalid_grant', 'one or more scopes requested are unauthorized or expired. The user must first sign in', MAYBE_DEAD],
  [54005, 'invalid_grant', 'OAuth2 Authorization code was already redeemed', AGAIN],
  [501481, 'invalid_grant', "The Code_Verifier doesn't match the code_challenge", AGAIN],
  [50055, 'invalid_grant', 'The password is expired.', PASSWORD],
  [50144, 'interaction_required', "User's Active Directory password has expired.", PASSWORD],
  [50133, 'invalid_grant', "The session isn't valid due to password expiration or recent password change.", PASSWORD],
  [50126, 'invalid_grant', 'Error validating credentials due to invalid username or password.', PASSWORD],
  [50057, 'invalid_grant', 'The user account is disabled.', GONE],
  [50034, 'invalid_grant', 'The user account does not exist in the directory.', GONE],
  [50020, 'invalid_grant', 'User account from identity provider does not exist in tenant.', GONE],
  [50076, 'interaction_required', 'you must use multi-factor authentication', MFA],
  [50076, 'invalid_grant', 'you must use multi-factor authentication', MFA],
  [50079, 'interaction_required', 'you must enroll in multi-factor authentication', MFA],
  [50158, 'interaction_required', 'External security challenge was not satisfied.', MFA],
  [50058, 'login_required', "a user isn't signed in", ['authorization_required', 'login_policy', false]],
  [65001, 'invalid_grant', 'has not consented to use the application', ['authorization_required', 'scope_missing', true]],
  [65004, 'access_denied', 'User declined to consent', ['authorization_required', 'scope_missing', true]],
  [53003, 'interaction_required', 'Access has been blocked by Conditional Access policies.', BLOCKED],
  [53000, 'interaction_required', 'Device is not in required device state', BLOCKED],
  [530032, 'invalid_grant', 'Blocked by security policy.', BLOCKED],
  [50105, 'invalid_grant', 'The signed in user is not assigned to a role for the application', BLOCKED],
  [50053, 'invalid_grant', 'The account is locked', BLOCKED],
  [90094, 'consent_required', 'Administrator consent is required.', BLOCKED],
  [7000112, 'unauthorized_client', 'Application is disabled.', BLOCKED],
  [70001, 'unauthorized_client', 'The application is disabled.', BLOCKED],
  [70001, 'unauthorized_client', 'The application named X was not found in the tenant', OURS],
  [5000225, 'invalid_request', 'This tenant has been blocked due to inactivity.', ['permission', 'access_lost']],
  [7000222, 'invalid_client', 'The provided client secret keys are expired.', OURS],
  [7000215, 'invalid_client', 'Invalid client secret is provided.', OURS],
  [50011, 'invalid_client', 'The reply address does not match', OURS],
  [700016, 'unauthorized_client', 'Application was not found in the directory', OURS],
  [50194, 'invalid_request', "isn't configured as a multitenant application", OURS],
  [500011, 'invalid_resource', "The resource principal wasn't found in the tenant", OURS],
  [70011, 'invalid_scope', "'scope' isn't valid", OURS],
  [900144, 'invalid_request', 'must contain the following parameter', OURS],
  [9002327, 'invalid_request', 'may only be redeemed via cross-origin requests', OURS],
  [90055, 'temporarily_unavailable', 'There are too many incoming requests.', ['rate_limited']],
  [50196, 'invalid_grant', 'A client loop has been detected.', PASSES],
  [90033, 'temporarily_unavailable', 'A transient error has occurred.', PASSES],
  [90041, 'server_error', 'A transient error has occurred.', PASSES],
  // Numbers of a later year
  [99999999, 'invalid_grant', 'Some future code', MAYBE_DEAD],
  [99999999, 'interaction_required', 'Some future code', ['authorization_required', 'login_policy', false]],
  [99999999, 'invalid_client', 'Some future code', OURS],
  [99999999, 'temporarily_unavailable', 'Some future code', PASSES],
  [99999999, 'invalid_grant', 'A transient error has occurred. Please try again.', PASSES],
  [99999999, 'a_word_of_2031', 'Some future code', PASSES],
]

/** As the token endpoint words it: learn.microsoft.com/entra/identity-platform/reference-error-codes (2026-11). */
function aBody(number: number, error: string, text: string, more: object = {}) {
  return {
    error,
    error_description: `AADSTS${number}: ${text}\r\nTrace ID: 0000aaaa-11bb\r\nCorrelation ID: aaaa0000\r\nTimestamp: 2026-11-22 10:00:00Z`,
    error_codes: [number],
    timestamp: '2026-11-22 10:00:00Z',
    trace_id: '0000aaaa-11bb',
    correlation_id: 'aaaa0000',
    error_uri: `https://login.microsoftonline.com/error?code=${number}`,
    ...more,
  }
}

describe('the token endpoint', () => {
  for (const [number, error, text, [kind, cause, certain]] of SAID) {
    test(`AADSTS${number}, ${error}, ${text}`, () => {
      const expected = { kind, ...(cause && { cause }), ...(certain !== undefined && { certain }) }
      expect(readEntraRefusal(anAnswer(400, aBody(number, error, text)))).toMatchObject(expected)
      const withoutCodes = { error, error_description: `AADSTS${number}: ${text} Trace ID: 0000aaaa-11bb` }
      expect(readEntraRefusal(anAnswer(400, withoutCodes))).toMatchObject(expected)
      const asTexts = { error: error.toUpperCase(), error_description: text, error_codes: [String(number)] }
      expect(readEntraRefusal(anAnswer(400, asTexts))).toMatchObject(expected)
    })
  }

  test('the second number of an older answer says why', () => {
    const text = 'AADSTS70002: Error validating credentials. AADSTS50173: The provided grant has expired'
    const body = { error: 'invalid_grant', error_description: text, error_codes: [70002, 50173] }
    expect(readEntraRefusal(anAnswer(400, body))).toMatchObject({ cause: 'revoked', certain: true, code: 'AADSTS50173' })
    const secret = { error: 'invalid_client', error_description: 'AADSTS70002: x', error_codes: [70002] }
    expect(readEntraRefusal(anAnswer(401, secret))).toMatchObject({ kind: 'misconfigured' })
  })

  test.each([
    ['message_only', 'permission'],
    ['basic_action', 'authorization_required'],
    ['consent_required', 'authorization_required'],
    ['user_password_expired', 'authorization_required'],
    ['token_expired', 'authorization_required'],
    ['bad_token', 'authorization_required'],
    ['protection_policy_required', 'permission'],
    ['client_mismatch', 'misconfigured'],
  ])('suberror %s speaks where the number is not known', (suberror, kind) => {
    const body = aBody(99999999, 'invalid_grant', 'Some future code', { suberror })
    expect(readEntraRefusal(anAnswer(400, body))).toMatchObject({ kind })
  })

  test('answers for personal accounts have no number', () => {
    // learn.microsoft.com/advertising/guides/authentication-oauth-get-tokens (2026-11)
    const expired = 'The user could not be authenticated or the grant is expired. The user must first sign in.'
    expect(readEntraRefusal(anAnswer(400, { error: 'invalid_grant', error_description: expired }))).toMatchObject({
      kind: 'authorization_required',
      cause: 'expired',
    })
    const isPublic = { error: 'invalid_request', error_description: "Public clients can't send a client secret." }
    expect(readEntraRefusal(anAnswer(400, isPublic))).toMatchObject({ kind: 'misconfigured' })
    const redirect = { error: 'invalid_grant', error_description: "The provided value for the 'redirect_uri' is not valid." }
    expect(readEntraRefusal(anAnswer(400, redirect))).toMatchObject({ kind: 'misconfigured' })
    const refused = { error: 'invalid_request', error_description: 'The refresh token is invalid, expired or revoked' }
    expect(readEntraRefusal(anAnswer(400, refused))).toMatchObject({ kind: 'authorization_required', certain: false })
  })

  test('an answer that somebody passed on as text is read', () => {
    const printed =
      "{'error': 'invalid_grant', 'error_description': 'AADSTS700082: The refresh token has expired due to inactivity.'}"
    expect(readEntraRefusal(anAnswer(400, printed))).toMatchObject({ kind: 'authorization_required', cause: 'expired' })
    expect(readEntraRefusal(anAnswer(400, 'error=invalid_client'))).toMatchObject({ kind: 'misconfigured' })
  })

  test.each([
    ['HTML under 503', anAnswer(503, '<html>Service Unavailable</html>'), 'transient'],
    ['HTML under 400', anAnswer(400, '<!DOCTYPE html><body data-error="invalid_grant">Bad Request</body>'), 'transient'],
    ['nothing', anAnswer(400, ''), 'transient'],
    ['401 without a reason', anAnswer(401, ''), 'transient'],
    ['an answer without a token', anAnswer(200, { token_type: 'Bearer' }), 'transient'],
    ['JSON of another shape', anAnswer(400, ['invalid_grant']), 'transient'],
    ['429', anAnswer(429, ''), 'rate_limited'],
    ['429 with an unknown word', anAnswer(429, { error: 'a_word_of_2031' }), 'rate_limited'],
  ])('%s is never read as a dead login', (_name, answer, kind) => {
    expect(readEntraRefusal(answer).kind).toBe(kind)
  })

  test('passes on how long to wait, and keeps ids out', () => {
    const body = aBody(90055, 'temporarily_unavailable', 'too many')
    const verdict = readEntraRefusal(anAnswer(429, body, { retryAfterMs: 3000 }))
    expect(verdict).toMatchObject({ kind: 'rate_limited', retryAfterMs: 3000 })
    expect(JSON.stringify(verdict)).not.toContain('0000aaaa')
  })
})

describe('the callback', () => {
  test('a person who says no has cancelled', () => {
    const said = [
      ['access_denied', 'AADSTS65004: User declined to consent to access the app.'],
      ['consent_required', 'AADSTS65004: User declined to consent to access the app.'],
      ['access_denied', 'the user canceled the authentication'],
      ['access_denied', 'The user has denied access to the scope requested by the client application.'],
    ] as const
    for (const [error, description] of said)
      expect(readEntraCallback('Dynamics 365', error, description)).toEqual({ kind: 'cancelled' })
  })

  test.each([
    ['access_denied', 'AADSTS90094: Administrator consent is required.', 'permission'],
    ['access_denied', 'AADSTS50105: The signed in user is not assigned to a role for the application', 'permission'],
    ['interaction_required', 'AADSTS53003: Access has been blocked by Conditional Access policies.', 'permission'],
    ['invalid_client', 'AADSTS650052: The app needs access to a service', 'permission'],
    ['invalid_scope', 'AADSTS70011: not valid', 'misconfigured'],
    ['server_error', 'AADSTS50000: There was an error issuing a token', 'transient'],
    ['temporarily_unavailable', '', 'transient'],
    ['a_word_of_2031', 'nobody knows it', 'rejected'],
  ])('%s, %s', (error, description, kind) => {
    expect(readEntraCallback('Dynamics 365', error, description)).toMatchObject({ kind })
  })
})

test('every number stands in one row only, and every row has a source and speaks to people', () => {
  const seen = new Set<number>()
  for (const { numbers, says } of ENTRA_REFUSALS) {
    for (const number of numbers) {
      expect(seen.has(number), `AADSTS${number} is decided by an earlier row`).toBe(false)
      if (!says) seen.add(number)
    }
  }
  for (const { source, means } of [...ENTRA_REFUSALS, ...ENTRA_SUBERRORS, ...ENTRA_ERRORS]) {
    expect(source).not.toBe('')
    expect(means.explanation).toMatch(/^[A-Z].*\.$/)
    expect(means.explanation).not.toMatch(/AADSTS|_/)
  }
})
