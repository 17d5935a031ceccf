/**
 * What Google says. Shapes: cloud.google.com/apis/design/errors and developers.google.com/google-ads/api/docs/best-practices/
 * understand-api-errors; texts of Google Ads are the comments of google/ads/googleads/v25/errors/*.proto. All read in stored copies on
 * 2026-11-24; `guess` marks a text without a source.
 */
export interface TokenFault {
  readonly status: number
  readonly error: string
  readonly error_description: string
  readonly error_subtype?: string
}

export const TOKEN_FAULTS = {
  // nango.dev, google-oauth-invalid-grant-token-has-been-expired-or-revoked
  dead: { status: 400, error: 'invalid_grant', error_description: 'Token has been expired or revoked.' },
  // googleads/google-ads-php#885
  badRequest: { status: 400, error: 'invalid_grant', error_description: 'Bad Request' },
  // reports of a Google Ads grant in the code index (read 2026-11-24)
  accountDeleted: { status: 400, error: 'invalid_grant', error_description: 'Account has been deleted' },
  // googleapis/google-auth-library-nodejs#1961; developers.google.com/identity/protocols/oauth2#expiration
  reauth: {
    status: 400,
    error: 'invalid_grant',
    error_description: 'reauth related error (invalid_rapt)',
    error_subtype: 'invalid_rapt',
  },
  // support.google.com/accounts/answer/16668185; the description is a guess
  adminPolicy: {
    status: 400,
    error: 'admin_policy_enforced',
    error_description: 'Access to your account data is restricted by policies within your organization.',
  },
  // twentyhq/twenty#25148; the description is a guess
  advancedProtection: {
    status: 400,
    error: 'policy_enforced',
    error_description: 'Advanced Protection prevents your Google Account from signing in to this app.',
  },
  // xyou365/AutoRclone#98
  clientDeleted: { status: 401, error: 'deleted_client', error_description: 'The OAuth client was deleted.' },
  // msjit/testcasedb#22
  clientDisabled: { status: 401, error: 'disabled_client', error_description: 'The OAuth client was disabled.' },
  // PROVIDERS.md 5.c
  unknownClient: { status: 401, error: 'invalid_client', error_description: 'The OAuth client was not found.' },
  wrongSecret: { status: 401, error: 'invalid_client', error_description: 'Unauthorized' },
  otherClient: { status: 401, error: 'unauthorized_client', error_description: 'Unauthorized' },
  // issues of google-auth-library-nodejs and google-api-php-client
  malformedCode: { status: 400, error: 'invalid_grant', error_description: 'Malformed auth code.' },
  wrongVerifier: { status: 400, error: 'invalid_grant', error_description: 'Invalid code verifier.' },
  wrongRedirect: { status: 400, error: 'redirect_uri_mismatch', error_description: 'Bad Request' },
  // guess
  grantType: { status: 400, error: 'unsupported_grant_type', error_description: 'Invalid grant_type: ' },
  // google-auth-library-python, _client.py: errors that are tried again
  internal: { status: 500, error: 'internal_failure', error_description: 'Backend Error' },
  // support.google.com/cloud/answer/9028764; the words are a guess
  tooMany: { status: 429, error: 'rate_limit_exceeded', error_description: 'Rate Limit Exceeded' },
  // tokeninfo and revoke, as pasted in issues of google-auth-library-nodejs
  invalidToken: { status: 400, error: 'invalid_token', error_description: 'Invalid Value' },
} as const satisfies Record<string, TokenFault>

/** An error of Google's APIs: `{"error":{code,message,status,errors,details}}`. */
export interface ApiFault {
  readonly status: number
  readonly canonical: string
  readonly message: string
  readonly details?: readonly object[]
  /** The older form, which CM360 sends beside the new one. */
  readonly errors?: readonly object[]
}

export function apiError({ status, canonical, message, details, errors }: ApiFault): object {
  return { error: { code: status, message, status: canonical, ...(errors && { errors }), ...(details && { details }) } }
}

const CALLER: ApiFault = { status: 403, canonical: 'PERMISSION_DENIED', message: 'The caller does not have permission' }
const CREDENTIALS =
  'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.'

/** A GoogleAdsFailure, with the status that goes with its list. */
export function adsError(group: string, code: string, message: string, details?: object): ApiFault {
  const outer: Readonly<Record<string, ApiFault>> = {
    authenticationError: { status: 401, canonical: 'UNAUTHENTICATED', message: CREDENTIALS },
    authorizationError: CALLER,
    quotaError: { status: 429, canonical: 'RESOURCE_EXHAUSTED', message: 'Resource has been exhausted (e.g. check quota).' },
    internalError: { status: 500, canonical: 'INTERNAL', message: 'Internal error encountered.' },
  }
  const wrong: ApiFault = { status: 400, canonical: 'INVALID_ARGUMENT', message: 'Request contains an invalid argument.' }
  return {
    ...(outer[group] ?? wrong),
    details: [
      {
        '@type': 'type.googleapis.com/google.ads.googleads.v26.errors.GoogleAdsFailure',
        errors: [{ errorCode: { [group]: code }, message, ...(details && { details }) }],
        requestId: 'fake-request-id',
      },
    ],
  }
}

function errorInfo(reason: string, service: string): object {
  return { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com', metadata: { service } }
}

function legacy(message: string, reason: string, domain = 'global'): readonly object[] {
  return [{ message, domain, reason }]
}

export const API_FAULTS = {
  // google.api.ErrorReason: ACCESS_TOKEN_EXPIRED
  stale: (service: string): ApiFault => ({
    status: 401,
    canonical: 'UNAUTHENTICATED',
    message: CREDENTIALS,
    errors: legacy('Invalid Credentials', 'authError'),
    details: [errorInfo('ACCESS_TOKEN_EXPIRED', service)],
  }),
  // rudderlabs/rudder-transformer, googleads-dfa-reporting-samples#109
  scope: (service: string): ApiFault => ({
    ...CALLER,
    message: 'Request had insufficient authentication scopes.',
    errors: legacy('Insufficient Permission', 'insufficientPermissions'),
    details: [errorInfo('ACCESS_TOKEN_SCOPE_INSUFFICIENT', service)],
  }),
  // googleapis/google-auth-library-python#742
  disabled: (service: string): ApiFault => ({
    ...CALLER,
    message: `${service} has not been used in project 123456789012 before or it is disabled.`,
    errors: legacy('Access Not Configured', 'accessNotConfigured', 'usageLimits'),
    details: [errorInfo('SERVICE_DISABLED', service)],
  }),
  unavailable: { status: 503, canonical: 'UNAVAILABLE', message: 'The service is currently unavailable.' },
  notFound: { status: 404, canonical: 'NOT_FOUND', message: 'Requested entity was not found.' },
} as const

// google-marketing-solutions/margin-protection#43, and developers.google.com/doubleclick-advertisers/quotas
export const CM360_FAULTS = {
  forbidden: { status: 403, canonical: 'PERMISSION_DENIED', message: 'Forbidden', errors: legacy('Forbidden', 'forbidden') },
  daily: {
    status: 403,
    canonical: 'PERMISSION_DENIED',
    message: 'Daily Limit Exceeded',
    errors: legacy('Daily Limit Exceeded', 'dailyLimitExceeded', 'usageLimits'),
  },
  tooFast: {
    status: 403,
    canonical: 'PERMISSION_DENIED',
    message: 'User Rate Limit Exceeded',
    errors: legacy('User Rate Limit Exceeded', 'userRateLimitExceeded', 'usageLimits'),
  },
  reportQuota: {
    status: 403,
    canonical: 'PERMISSION_DENIED',
    message: 'This user profile has exceeded its quota of 700 reports per day.',
    errors: legacy('This user profile has exceeded its quota of 700 reports per day.', 'quotaExceeded', 'usageLimits'),
  },
  backend: { status: 500, canonical: 'INTERNAL', message: 'Backend Error', errors: legacy('Backend Error', 'backendError') },
  // guess
  profileGone: {
    status: 404,
    canonical: 'NOT_FOUND',
    message: 'User profile not found.',
    errors: legacy('User profile not found.', 'notFound'),
  },
} as const satisfies Record<string, ApiFault>

/** A page of Google's front, as it stands for an address that nobody answers and while a service is away. */
export function frontPage(status: 404 | 502, path: string): string {
  const [title, text] =
    status === 404
      ? [
          'Error 404 (Not Found)!!1',
          `The requested URL <code>${path.replace(/[<>&"]/g, '')}</code> was not found on this server.`,
        ]
      : ['Error 502 (Server Error)!!1', 'The server encountered a temporary error and could not complete your request.']
  return `<!DOCTYPE html>\n<html lang=en>\n<title>${title}</title>\n<p><b>${status}.</b> <ins>That’s an error.</ins>\n<p>${text} <ins>That’s all we know.</ins>\n`
}
