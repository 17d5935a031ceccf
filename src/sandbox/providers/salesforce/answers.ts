/**
 * What Salesforce says, word for word where a source was found. Sources were read in stored copies on 2026-11-23;
 * `guess` marks a text without one. Token errors are answered with 400, those of the REST API are an array.
 */
export interface TokenError {
  readonly error: string
  readonly error_description: string
}

export interface ApiError {
  readonly status: number
  readonly errorCode: string
  readonly message: string
  readonly fields?: readonly string[]
}

/** Inside a collection the key is `statusCode`, at the top level `errorCode`. */
export interface RecordError {
  readonly statusCode: string
  readonly message: string
  readonly fields: readonly string[]
}

export const TOKEN_ERRORS = {
  // help.salesforce.com xcloud.remoteaccess_oauth_flow_errors
  expiredRefreshToken: { error: 'invalid_grant', error_description: 'expired access/refresh token' },
  // segmentio/action-destinations PR 2300, quoting the Summer '24 release note and a load test
  alreadyBeingProcessed: { error: 'invalid_grant', error_description: 'token request is already being processed' },
  // salesforce.stackexchange.com 330168 and OAuth comments of several SDKs: a used, old or unknown code alike
  expiredCode: { error: 'invalid_grant', error_description: 'expired authorization code' },
  // salesforce.stackexchange.com 330168
  wrongVerifier: { error: 'invalid_grant', error_description: 'invalid code verifier' },
  // nango.dev/blog/salesforce-oauth-refresh-token-invalid-grant
  authenticationFailure: { error: 'invalid_grant', error_description: 'authentication failure' },
  // Salesforce's list of OAuth errors (inactive_user: user is inactive); restforce#303 saw `invalid_grant: inactive user`
  inactiveUser: { error: 'inactive_user', error_description: 'user is inactive' },
  // sfdx-actions/setup-sfdx#17
  ipRestricted: { error: 'invalid_grant', error_description: 'ip restricted' },
  // learn.microsoft.com, Copilot for Sales, "Failure passed to redirect url"
  appBlocked: { error: 'OAUTH_APP_BLOCKED', error_description: 'this app is blocked by admin' },
  // guess (PROVIDERS.md §2.c, from memory)
  notApproved: { error: 'invalid_app_access', error_description: 'user is not admin approved to access this app' },
  // SalesforceMobileSDK UI tests: OAUTH_APPROVAL_ERROR_GENERIC and its text, on a page or in the redirect
  approvalGeneric: {
    error: 'OAUTH_APPROVAL_ERROR_GENERIC',
    error_description: 'An unexpected error has occurred during authentication. Please try again.',
  },
  // nango.dev/blog/fix-salesforce-oauth-approval-error-generic, support.movedata.io: what the address says beside that page
  mustBeInstalled: { error: 'invalid_client', error_description: 'app must be installed into org' },
  // PipedreamHQ/pipedream#21557; the text under `app_not_found` is dust-tt/dust#26727
  externalAppNotFound: { error: 'OAUTH_EC_APP_NOT_FOUND', error_description: 'External client app is not installed in this org' },
  // abisek/salesforce-elf-browser#9; the text is that of `invalid_app_access`
  accessDenied: { error: 'OAUTH_APP_ACCESS_DENIED', error_description: 'user is not admin approved to access this app' },
  // SalesforceMobileSDK UI tests
  unknownClient: { error: 'invalid_client_id', error_description: 'client identifier invalid' },
  // nango.dev/blog/salesforce-oauth-refresh-token-invalid-grant
  wrongSecret: { error: 'invalid_client', error_description: 'invalid client credentials' },
  // Salesforce's list of OAuth errors; sfdx device login source
  wrongRedirectUri: { error: 'redirect_uri_mismatch', error_description: 'redirect_uri must match configuration' },
  missingRedirectUri: { error: 'redirect_uri_missing', error_description: 'redirect_uri not provided' },
  responseType: { error: 'unsupported_response_type', error_description: 'response type not supported' },
  scope: { error: 'invalid_scope', error_description: 'the requested scope is not allowed' },
  // guess
  missingChallenge: { error: 'invalid_request', error_description: 'missing required code challenge' },
  // guess
  challengeMethod: { error: 'invalid_request', error_description: 'invalid code challenge method' },
  // SalesforceMobileSDK-Android, OAuthWebviewHelper
  denied: { error: 'access_denied', error_description: 'end-user denied authorization' },
  // Salesforce's list of OAuth errors; 3,600 logins an hour per user: help.salesforce.com 000381578
  tooManyLogins: { error: 'rate_limit_exceeded', error_description: 'number of logins exceeded' },
  grantType: { error: 'unsupported_grant_type', error_description: 'grant type not supported' },
  mustPost: { error: 'invalid_request', error_description: 'must use HTTP POST' },
  // guess
  revokeUnknown: { error: 'unsupported_token_type', error_description: 'this token type is not supported' },
} as const satisfies Record<string, TokenError>

export const API_ERRORS = {
  // developer.salesforce.com errorcodes.htm
  sessionInvalid: { status: 401, errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' },
  // jsforce's list of 401 texts that no refresh helps against
  sessionNotForApi: {
    status: 401,
    errorCode: 'INVALID_SESSION_ID',
    message: 'This session is not valid for use with the REST API',
  },
  // seen in logs of many clients, e.g. Salesforce Inspector issues
  limitExceeded: { status: 403, errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' },
  // SFDO MetaCI tests; Crossbeam help 4136739
  apiDisabled: {
    status: 403,
    errorCode: 'API_DISABLED_FOR_ORG',
    message: 'The REST API is not enabled for this Organization.',
  },
  notFound: { status: 404, errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' },
  // guess
  versionRetired: {
    status: 410,
    errorCode: 'UNSUPPORTED_API_VERSION',
    message: 'This version of the API is no longer supported.',
  },
  insufficientAccess: {
    status: 403,
    errorCode: 'INSUFFICIENT_ACCESS',
    message: "You don't have access to this record. Ask your administrator for help or to request access.",
  },
  // shape as pasted in public issues; the numbers differ each time
  unknownException: {
    status: 500,
    errorCode: 'UNKNOWN_EXCEPTION',
    message: 'An unexpected error occurred. Please include this ErrorId if you contact support: 1169266788-367379 (-2106090025)',
  },
  // jsforce users' logs
  tooManyRecords: {
    status: 400,
    errorCode: 'EXCEEDED_ID_LIMIT',
    message: 'record limit reached. cannot submit more than 200 records into this call',
  },
  malformedJson: { status: 400, errorCode: 'JSON_PARSER_ERROR', message: 'Unexpected character at [line:1, column:1]' },
} as const satisfies Record<string, ApiError>

export function externalIdFieldUnknown(field: string): ApiError {
  return {
    status: 404,
    errorCode: 'NOT_FOUND',
    message: `Provided external ID field does not exist or is not accessible: ${field}`,
  }
}

export function recordError(statusCode: string, message: string, fields: readonly string[] = []): RecordError {
  return { statusCode, message, fields }
}

// developer.salesforce.com resources_composite_sobjects_collections_create.htm
export const ROLLED_BACK = recordError(
  'ALL_OR_NONE_OPERATION_ROLLED_BACK',
  'Record rolled back because not all records were valid and the request was using AllOrNone header',
)

export const ROW_LOCKED = recordError('UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record')

/** A page from the edge, as a load balancer sends it while an instance is away. */
export const UNAVAILABLE_HTML = `<html><head><title>Service Unavailable</title></head>
<body><h1>Server temporarily unavailable</h1><p>We are down for maintenance. Sorry for the inconvenience, we will be back shortly.</p></body></html>
`
