import type { Reply } from '../http-server.ts'

/**
 * What LinkedIn says, word for word where a source was found, read in stored copies (2026-11). "Errors" is
 * learn.microsoft.com/linkedin/shared/api-guide/concepts/error-handling, "Code" …/shared/authentication/authorization-code-flow.
 */
export interface ApiError {
  readonly status: number
  readonly serviceErrorCode?: number
  readonly code?: string
  readonly message: string
}

export interface TokenError {
  readonly status: number
  readonly error: string
  readonly error_description: string
}

export const API_ERRORS = {
  // Errors, 401; texts as clients log them
  expired: {
    status: 401,
    serviceErrorCode: 65602,
    code: 'EXPIRED_ACCESS_TOKEN',
    message: 'The token used in the request has expired',
  },
  // Errors, 401; omniauth-linkedin-oauth2#81
  revoked: {
    status: 401,
    serviceErrorCode: 65601,
    code: 'REVOKED_ACCESS_TOKEN',
    message: 'The token used in the request has been revoked by the user',
  },
  // Errors, 401; xcarpentier/react-native-linkedin#80
  invalid: { status: 401, serviceErrorCode: 65600, code: 'INVALID_ACCESS_TOKEN', message: 'Invalid access token' },
  // Errors, 401
  empty: { status: 401, serviceErrorCode: 65604, code: 'EMPTY_ACCESS_TOKEN', message: 'Empty oauth2 access token' },
  // linkedin-api-python-client#49
  noProduct: {
    status: 403,
    serviceErrorCode: 100,
    code: 'ACCESS_DENIED',
    message: 'Not enough permissions to access: adAccounts.GET.20260801',
  },
  // guess: the like of PipedreamHQ/pipedream#21823
  noRole: {
    status: 403,
    serviceErrorCode: 100,
    code: 'ACCESS_DENIED',
    message: 'Member does not have permission to view this account',
  },
  // the like of the last
  noReporting: {
    status: 403,
    serviceErrorCode: 100,
    code: 'ACCESS_DENIED',
    message: 'Not enough permissions to access: adAnalytics.FINDER-analytics.20260801',
  },
  noWriting: {
    status: 403,
    serviceErrorCode: 100,
    code: 'ACCESS_DENIED',
    message: 'Not enough permissions to access: adTrackingParameters.UPDATE.20260801',
  },
  // singer-io/tap-linkedin-ads
  noPosts: {
    status: 403,
    serviceErrorCode: 100,
    code: 'ACCESS_DENIED',
    message: 'Not enough permissions to access: partnerApiPostsExternal.BATCH_GET.20260801',
  },
  // PipedreamHQ/pipedream#21823
  viewer: {
    status: 403,
    serviceErrorCode: 100,
    code: 'ACCESS_DENIED',
    message: "Viewer don't have permission to the ADMIN_ONLY resource",
  },
  // airbytehq/airbyte#74240
  oldVersion: { status: 426, code: 'NONEXISTENT_VERSION', message: 'Requested version 20260801 is not active' },
  // learn.microsoft.com/linkedin/marketing/versioning; text from issues
  noVersion: {
    status: 400,
    code: 'VERSION_MISSING',
    message: 'A version must be present. Please specify a version by adding the LinkedIn-Version header.',
  },
  // PostHog/posthog#64614
  dayLimit: {
    status: 429,
    serviceErrorCode: 101,
    code: 'TOO_MANY_REQUESTS',
    message: 'Resource level throttle APPLICATION_AND_MEMBER DAY limit for calls to this resource is reached.',
  },
  // Errors, 500
  serverError: { status: 500, message: 'Internal Server Error' },
  // text of Rest.li for an entity that is not there
  notFound: { status: 404, code: 'RESOURCE_NOT_FOUND', message: 'Could not find entity' },
  // texts of Rest.li
  noFinder: { status: 404, message: 'No virtual resource found' },
  wrongParameter: { status: 400, code: 'ILLEGAL_ARGUMENT', message: 'Invalid query parameters passed to request' },
  tooManyFields: { status: 400, code: 'ILLEGAL_ARGUMENT', message: 'At most 20 fields can be requested' },
  // scripts that set parameters (2026-09)
  noEntity: { status: 422, message: 'ERROR :: /adEntity :: field is required but not found and has no default value' },
  wrongBody: { status: 422, message: 'ERROR :: /dynamicValueParameters :: is not an enum symbol' },
} as const satisfies Record<string, ApiError>

export const TOKEN_ERRORS = {
  // Code, error details: one text for three causes
  wrongCode: {
    status: 400,
    error: 'invalid_request',
    error_description:
      'Unable to retrieve access token: appid/redirect uri/code verifier does not match authorization code. Or authorization code expired. Or external member binding exists',
  },
  unknownCode: {
    status: 400,
    error: 'invalid_request',
    error_description: 'Unable to retrieve access token: authorization code not found',
  },
  // an error table of LinkedIn, in code that quotes it
  deadRefreshToken: {
    status: 400,
    error: 'invalid_request',
    error_description: 'The provided authorization grant or refresh token is invalid, expired or revoked',
  },
  // …/shared/authentication/client-credentials-flow
  wrongClient: { status: 401, error: 'invalid_client', error_description: 'Client authentication failed' },
  grantType: { status: 400, error: 'unsupported_grant_type', error_description: 'The grant type is not supported' },
} as const satisfies Record<string, TokenError>

// Code, "Failed requests"; the descriptions are a guess
export const CALLBACK_ERRORS = {
  cancelled: { error: 'user_cancelled_authorize', error_description: 'The user cancelled the authorization' },
  // newbedev.com/unauthorized-scope-error-in-linkedin-oauth2-authentication
  scope: {
    error: 'unauthorized_scope_error',
    error_description: 'Scope "r_ads" is not authorized for your application',
  },
} as const

export function refusal(error: ApiError | TokenError): Reply {
  if (!('error' in error)) return { status: error.status, json: error }
  const { status, ...json } = error
  return { status, json }
}

export const UNAVAILABLE_HTML = `<html><head><title>LinkedIn</title></head><body><h1>We'll be back soon</h1></body></html>
`
