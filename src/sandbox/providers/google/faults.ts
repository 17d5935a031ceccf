import { API_FAULTS, type ApiFault, adsError, CM360_FAULTS, TOKEN_FAULTS, type TokenFault } from './answers.ts'

/** Something that Google can refuse, and what the side panel calls it. */
export interface Fault<T> {
  readonly id: string
  readonly label: string
  readonly answer: T
}

function fault<T>(id: string, label: string, answer: T): Fault<T> {
  return { id, label, answer }
}

export const LOGIN_FAULTS: readonly Fault<TokenFault>[] = [
  fault('reauth', 'The admin demands a new login', TOKEN_FAULTS.reauth),
  fault('admin-policy', 'The admin blocks the Redkey app', TOKEN_FAULTS.adminPolicy),
  fault('advanced-protection', 'Advanced Protection keeps the app out', TOKEN_FAULTS.advancedProtection),
  fault('bad-request', 'Refuse logins without a reason', TOKEN_FAULTS.badRequest),
  fault('client-deleted', 'Delete the Redkey app', TOKEN_FAULTS.clientDeleted),
  fault('client-disabled', 'Disable the Redkey app', TOKEN_FAULTS.clientDisabled),
  fault('other-client', 'Take the logins for those of another app', TOKEN_FAULTS.otherClient),
  fault('internal', 'Logins fail inside Google', TOKEN_FAULTS.internal),
  fault('too-many', 'Too many logins', TOKEN_FAULTS.tooMany),
]

/** Texts: the comments of google/ads/googleads/v25/errors/*.proto (2026-11-24). */
const ADS_ERRORS: readonly (readonly [id: string, label: string, group: string, code: string, message: string])[] = [
  ['stale', 'End every short access', 'authenticationError', 'OAUTH_TOKEN_EXPIRED', 'OAuth token in the header has expired.'],
  [
    'revoked',
    'Say that the login was revoked',
    'authenticationError',
    'OAUTH_TOKEN_REVOKED',
    'OAuth token in the header has been revoked.',
  ],
  [
    'token-disabled',
    'Say that the login was disabled',
    'authenticationError',
    'OAUTH_TOKEN_DISABLED',
    'OAuth token in the header has been disabled.',
  ],
  [
    'user-deleted',
    'Say that the Google account was deleted',
    'authenticationError',
    'GOOGLE_ACCOUNT_DELETED',
    "Client's Google account is deleted.",
  ],
  [
    'login-failed',
    'Doubt the Google account',
    'authenticationError',
    'GOOGLE_ACCOUNT_AUTHENTICATION_FAILED',
    'A problem occurred during Google account authentication.',
  ],
  [
    'two-step',
    'Demand 2-Step Verification',
    'authenticationError',
    'TWO_STEP_VERIFICATION_NOT_ENROLLED',
    'An account administrator changed this account’s authentication settings. To access this Google Ads account, enable 2-Step Verification in your Google account at https://www.google.com/landing/2step.',
  ],
  [
    'advanced',
    'Demand Advanced Protection',
    'authenticationError',
    'ADVANCED_PROTECTION_NOT_ENROLLED',
    'An account administrator changed this account’s authentication settings. To access this Google Ads account, enable Advanced Protection in your Google account.',
  ],
  [
    'organization',
    'Do not know the operator’s organization',
    'authenticationError',
    'ORGANIZATION_NOT_APPROVED',
    'The Cloud organization associated with the project is not approved for prod access.',
  ],
  [
    'no-role',
    'Allow reading only',
    'authorizationError',
    'ACTION_NOT_PERMITTED',
    'The user does not have permission to perform this action on the resource or call a method.',
  ],
  [
    'suspended',
    'Suspend the ads account',
    'authorizationError',
    'ACTION_NOT_PERMITTED_FOR_SUSPENDED_ACCOUNT',
    'The user does not have permission to perform this action on the resource or method because the Google Ads account is suspended.',
  ],
  ['signup', 'Leave the sign-up unfinished', 'authorizationError', 'INCOMPLETE_SIGNUP', 'Signup not complete.'],
  [
    'test-only',
    'Let the Redkey app see test accounts only',
    'authorizationError',
    'CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION',
    'The Google Cloud project is only approved for use with test accounts. To access non-test accounts, apply for Explorer, Basic or Standard access.',
  ],
  [
    'project-disabled',
    'Close the API to the Redkey app',
    'authorizationError',
    'PROJECT_DISABLED',
    'The Google Cloud project sent in the request does not have permission to access the api.',
  ],
  ['slow', 'Ask to slow down', 'quotaError', 'RESOURCE_TEMPORARILY_EXHAUSTED', 'Too many requests in a short amount of time.'],
  [
    'transient',
    'Fail for a moment',
    'internalError',
    'TRANSIENT_ERROR',
    'Google Ads API encountered an unexpected transient error. The user should retry their request in these cases.',
  ],
  [
    'sunset',
    'Retire the API version',
    'requestError',
    'UNSUPPORTED_VERSION',
    'Version v26 is deprecated. Requests to this version will be blocked.',
  ],
]

export const ADS_FAULTS: readonly Fault<ApiFault>[] = [
  ...ADS_ERRORS.map(([id, label, group, code, message]) => fault(id, label, adsError(group, code, message))),
  fault('api-disabled', 'Switch the API off for the Redkey app', API_FAULTS.disabled('googleads.googleapis.com')),
  fault('scope', 'Say that a box was not ticked', API_FAULTS.scope('googleads.googleapis.com')),
  fault('unavailable', 'Be unavailable', API_FAULTS.unavailable),
]

export const CM_FAULTS: readonly Fault<ApiFault>[] = [
  fault('stale', 'End every short access', API_FAULTS.stale('dfareporting.googleapis.com')),
  fault('scope', 'Say that a box was not ticked', API_FAULTS.scope('dfareporting.googleapis.com')),
  fault('api-disabled', 'Switch the API off for the Redkey app', API_FAULTS.disabled('dfareporting.googleapis.com')),
  fault('forbidden', 'Take the right to reports', CM360_FAULTS.forbidden),
  fault('profile-gone', 'Remove the user profile', CM360_FAULTS.profileGone),
  fault('daily', 'Use up the calls of the day', CM360_FAULTS.daily),
  fault('too-fast', 'Ask to slow down', CM360_FAULTS.tooFast),
  fault('backend', 'Fail inside Google', CM360_FAULTS.backend),
  fault('unavailable', 'Be unavailable', API_FAULTS.unavailable),
]
