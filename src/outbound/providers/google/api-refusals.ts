import { authorize, lacks, type Meaning, misconfigured, passes, rejected, stale, usedUp, wait } from '../meaning.ts'

/** A refusal of any Google API by one of the words that Google uses for it. */
export interface ApiRefusal {
  /** Compared without case. */
  readonly codes: readonly string[]
  /** What the message must say; without it any. */
  readonly says?: RegExp
  readonly means: Meaning
  readonly source: string
}

const STALE = stale('The access to Google has ended and is renewed.')
const SCOPE = authorize(
  'scope_missing',
  'certain',
  'The last login did not allow everything that Redkey needs. Log in again and tick every box on the Google page.',
)
const USER_GONE = authorize(
  'user_inactive',
  'certain',
  'The Google account that logged in was deleted or disabled. Another person has to log in.',
)
const OUR_PROJECT = misconfigured(
  'The Google Cloud project of the app may not use this API: it is not enabled there, or the project or its billing was stopped.',
)
const OUR_CREDENTIALS = misconfigured('Google does not accept the kind of access that Redkey shows.')
const POLICY = lacks(
  'admin_blocked',
  'A policy of the Google Workspace or Cloud organization keeps the app out. An admin of that organization has to allow it.',
)
const SLOW_DOWN = wait('Google asks to slow down.')
const REFUSED = rejected('Google does not accept the request.')
const TROUBLE = passes('Google had trouble of its own.')
const VERSION = misconfigured('Redkey asks Google for an API version that it does not offer any more.')
const NO_RIGHT = lacks(
  'role_missing',
  'The person who logged in may not do this. An admin of the account has to give that person a role that may.',
)
const NO_ACCESS = lacks(
  'access_lost',
  'The person who logged in has no access to this account any more. An admin of the account has to give it back.',
)

/**
 * `ErrorInfo.reason` of the domain googleapis.com: every value of google.api.ErrorReason
 * (cloud.google.com/dotnet/docs/reference/Google.Api.CommonProtos/latest/Google.Api.ErrorReason, read 2026-11-24).
 */
export const ERROR_REASONS: readonly ApiRefusal[] = [
  {
    codes: ['ACCESS_TOKEN_EXPIRED', 'SESSION_COOKIE_INVALID', 'CREDENTIALS_MISSING'],
    means: STALE,
    source: 'ErrorReason; UNAUTHENTICATED in each example there',
  },
  { codes: ['ACCESS_TOKEN_SCOPE_INSUFFICIENT'], means: SCOPE, source: 'ErrorReason; rudder-transformer network.ts' },
  { codes: ['ACCOUNT_STATE_INVALID'], means: USER_GONE, source: 'ErrorReason ("such as disabled or deleted")' },
  {
    codes: ['ACCESS_TOKEN_TYPE_UNSUPPORTED', 'OVERLOADED_CREDENTIALS', 'MISSING_ORIGIN', 'SYSTEM_PARAMETER_UNSUPPORTED'],
    means: OUR_CREDENTIALS,
    source: 'ErrorReason',
  },
  {
    codes: [
      'SERVICE_DISABLED',
      'SERVICE_NOT_VISIBLE',
      'BILLING_DISABLED',
      'USER_PROJECT_DENIED',
      'CONSUMER_SUSPENDED',
      'CONSUMER_INVALID',
      'RESOURCE_PROJECT_INVALID',
      'GCP_SUSPENDED',
      'LOCATION_TAX_POLICY_VIOLATED',
    ],
    means: OUR_PROJECT,
    source: 'ErrorReason; google-auth-library-python#742 (SERVICE_DISABLED)',
  },
  {
    codes: [
      'API_KEY_INVALID',
      'API_KEY_SERVICE_BLOCKED',
      'API_KEY_HTTP_REFERRER_BLOCKED',
      'API_KEY_IP_ADDRESS_BLOCKED',
      'API_KEY_ANDROID_APP_BLOCKED',
      'API_KEY_IOS_APP_BLOCKED',
    ],
    means: OUR_CREDENTIALS,
    source: 'ErrorReason',
  },
  {
    codes: [
      'USER_BLOCKED_BY_ADMIN',
      'SECURITY_POLICY_VIOLATED',
      'RESOURCE_USAGE_RESTRICTION_VIOLATED',
      'ORG_RESTRICTION_VIOLATION',
      'ORG_RESTRICTION_HEADER_INVALID',
      'LOCATION_POLICY_VIOLATED',
      'LOCATION_ORG_POLICY_VIOLATED',
      'TLS_ORG_POLICY_VIOLATED',
      'TLS_CIPHER_RESTRICTION_VIOLATED',
    ],
    means: POLICY,
    source: 'ErrorReason',
  },
  {
    codes: ['IAM_PERMISSION_DENIED'],
    means: NO_RIGHT,
    source: 'cloud.google.com/iam troubleshooting: domain iam.googleapis.com',
  },
  { codes: ['RATE_LIMIT_EXCEEDED', 'RESOURCE_QUOTA_EXCEEDED'], means: SLOW_DOWN, source: 'ErrorReason' },
]

/**
 * `errors[].reason` of the older form of errors, which CM360 and other APIs send beside the new one. "Quotas" is
 * developers.google.com/doubleclick-advertisers/quotas, "Global" the list that Google's older APIs share
 * (developers.google.com/drive/api/guides/handle-errors, …/youtube/v3/docs/core_errors). All read in stored copies on 2026-11-24.
 */
export const LEGACY_REASONS: readonly ApiRefusal[] = [
  {
    codes: ['accountDisabled', 'accountDeleted', 'accountClosed'],
    means: USER_GONE,
    source: 'Global',
  },
  { codes: ['required'], says: /login required|authorization|credential/i, means: STALE, source: 'Global, 401 "Login Required"' },
  { codes: ['authError', 'expired', 'invalidCredentials', 'unknownAuth'], means: STALE, source: 'Global, 401' },
  {
    codes: ['insufficientPermissions', 'insufficientScopes', 'insufficientPermission'],
    says: /^insufficient permissions?\.?$|authentication scopes|scope/i,
    means: SCOPE,
    source: 'googleads-dfa-reporting-samples#16 (its maintainers: a scope is missing), #109',
  },
  {
    codes: ['insufficientPermissions', 'insufficientScopes', 'insufficientPermission', 'insufficientFilePermissions'],
    says: /user (does|do|is)|does not have|don't have|profile|not authorized/i,
    means: NO_RIGHT,
    source: 'ga-dev-tools#839 ("User does not have sufficient permissions for this profile.")',
  },
  {
    codes: ['insufficientPermissions', 'insufficientScopes', 'insufficientPermission'],
    means: { ...SCOPE, certain: false } as Meaning,
    source: 'Global, 403: other words than those of a missing scope',
  },
  {
    codes: ['accessNotConfigured', 'SERVICE_DISABLED', 'accountUnverified'],
    means: OUR_PROJECT,
    source: 'Global, usageLimits.accessNotConfigured',
  },
  {
    codes: ['keyInvalid', 'keyExpired', 'ipRefererBlocked', 'insufficientAudience', 'insufficientAuthorizedParty', 'sslRequired'],
    means: OUR_CREDENTIALS,
    source: 'Global',
  },
  {
    codes: ['unsupportedProtocol', 'unsupportedApiVersion', 'apiDeprecated', 'methodNotSupported'],
    means: VERSION,
    source: 'Global; PROVIDERS.md 9.g',
  },
  {
    codes: ['domainPolicy', 'lockedDomainCreationFailure', 'lockedDomainExpired'],
    means: POLICY,
    source: 'Global (Drive, domainPolicy)',
  },
  {
    codes: ['dailyLimitExceeded', 'dailyLimitExceededUnreg', 'variableTermExpiredDailyExceeded', 'variableTermLimitExceeded'],
    means: usedUp('The API calls that Google allows the app in a day are used up.'),
    source: 'Quotas: 50,000 a day and project, until midnight in California',
  },
  {
    codes: ['quotaExceeded'],
    says: /per day|daily|each day|today/i,
    means: usedUp('The reports that Google allows this account in a day are used up.'),
    source: 'Quotas ("reporting quota of x reports per day")',
  },
  {
    codes: [
      'rateLimitExceeded',
      'rateLimitExceededUnreg',
      'userRateLimitExceeded',
      'userRateLimitExceededUnreg',
      'quotaExceeded',
      'limitExceeded',
      'servingLimitExceeded',
      'concurrentLimitExceeded',
      'tooManyRequests',
    ],
    means: SLOW_DOWN,
    source: 'Quotas; Global, usageLimits',
  },
  {
    codes: ['forbidden', 'notAuthorized', 'accessDenied', 'userNotInAccount'],
    means: NO_ACCESS,
    source: 'margin-protection#43 (a CM360 profile without the right to reports); Global, 403',
  },
  {
    codes: [
      'backendError',
      'internalError',
      'internalServerError',
      'serviceUnavailable',
      'badGateway',
      'transient',
      'timeout',
      'conflict',
    ],
    means: TROUBLE,
    source: 'Global, 5xx; 409 asks to try again',
  },
  {
    codes: [
      'badRequest',
      'invalid',
      'invalidParameter',
      'invalidQuery',
      'parseError',
      'required',
      'unexpected',
      'unknown',
      'notFound',
      'duplicate',
      'deleted',
      'gone',
      'conditionNotMet',
      'responseTooLarge',
      'uploadTooLarge',
      'failedPrecondition',
    ],
    means: REFUSED,
    source: 'Global, 400, 404, 409, 410, 412, 413',
  },
]

/**
 * What a canonical status means where nothing finer is said (github.com/googleapis/googleapis, google/rpc/code.proto, read 2026-11-24).
 * `says` picks out messages that mean more than their status.
 */
export const STATUSES: readonly ApiRefusal[] = [
  {
    codes: ['PERMISSION_DENIED', 'UNAUTHENTICATED'],
    says: /insufficient authentication scopes/i,
    means: SCOPE,
    source: 'googleads-dfa-reporting-samples#109; the text of ACCESS_TOKEN_SCOPE_INSUFFICIENT where its reason is left off',
  },
  {
    codes: ['PERMISSION_DENIED', 'FAILED_PRECONDITION', 'NOT_FOUND', 'INVALID_ARGUMENT'],
    says: /has not been used in project|api (is|was) (not enabled|disabled)|it is disabled|project .*(was )?(not found|deleted|suspended)|api key/i,
    means: OUR_PROJECT,
    source: 'google-auth-library-python#742',
  },
  {
    codes: ['PERMISSION_DENIED', 'UNAUTHENTICATED'],
    says: /account.*(disabled|deleted|suspended)/i,
    means: { ...USER_GONE, certain: false } as Meaning,
    source: 'the text of ACCOUNT_STATE_INVALID where its reason is left off; no verbatim answer found, hence ambiguous',
  },
  {
    codes: ['NOT_FOUND', 'UNIMPLEMENTED', 'INVALID_ARGUMENT', 'PERMISSION_DENIED', 'FAILED_PRECONDITION'],
    says: /method (doesn't|does not|can't|cannot|could not|not) |target method|version .*(deprecated|sunset|no longer|not supported|unsupported)|(deprecated|sunset) .*version/i,
    means: VERSION,
    source: 'google-ads-php issues ("GRPC target method can\'t be resolved."); n8n#32790',
  },
  { codes: ['UNAUTHENTICATED'], means: STALE, source: 'code.proto, 16' },
  { codes: ['PERMISSION_DENIED'], means: NO_ACCESS, source: 'code.proto, 7' },
  { codes: ['RESOURCE_EXHAUSTED'], means: SLOW_DOWN, source: 'code.proto, 8' },
  { codes: ['UNIMPLEMENTED'], means: VERSION, source: 'code.proto, 12' },
  {
    codes: ['CANCELLED', 'UNKNOWN', 'DEADLINE_EXCEEDED', 'ABORTED', 'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS'],
    means: TROUBLE,
    source: 'code.proto, 1, 2, 4, 10, 13, 14, 15',
  },
  {
    codes: ['INVALID_ARGUMENT', 'NOT_FOUND', 'ALREADY_EXISTS', 'FAILED_PRECONDITION', 'OUT_OF_RANGE'],
    means: REFUSED,
    source: 'code.proto, 3, 5, 6, 9, 11',
  },
]
