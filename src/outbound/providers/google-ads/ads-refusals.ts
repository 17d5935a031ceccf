import { authorize, lacks, type Meaning, misconfigured, passes, rejected, stale, usedUp, wait } from '../meaning.ts'

export interface AdsRefusal {
  /** The key inside `errorCode`: which list of the documentation the codes are from; `any` where several lists share them. */
  readonly group: string
  readonly codes: readonly string[]
  readonly means: Meaning
  readonly source: string
}

const ACCOUNT_GONE = (what: string) => lacks('access_lost', `Google Ads says that the account ${what}`)
const OUR_PROJECT = misconfigured(
  'Google Ads does not let the Google Cloud project of the app work with real accounts. Its access level is set in the Google Cloud console.',
)

/**
 * Errors of a GoogleAdsFailure that are about the login, the account, us, or time; a code of any other list is about the request.
 * Sources: google/ads/googleads/v25/errors/*.proto at github.com/googleapis/googleapis and
 * developers.google.com/google-ads/api/docs/common-errors, read in stored copies on 2026-11-24.
 */
export const ADS_REFUSALS: readonly AdsRefusal[] = [
  {
    group: 'authenticationError',
    codes: ['OAUTH_TOKEN_INVALID', 'OAUTH_TOKEN_EXPIRED', 'OAUTH_TOKEN_HEADER_INVALID', 'AUTHENTICATION_ERROR'],
    means: stale('The access to Google Ads has ended and is renewed.'),
    source: 'authentication_error.proto',
  },
  {
    group: 'authenticationError',
    codes: ['OAUTH_TOKEN_REVOKED'],
    means: authorize('revoked', 'certain', 'Google Ads says that the login was revoked.'),
    source: 'authentication_error.proto ("has been revoked")',
  },
  {
    group: 'authenticationError',
    codes: ['OAUTH_TOKEN_DISABLED'],
    means: authorize('revoked', 'ambiguous', 'Google Ads says that the login was disabled.'),
    source: 'authentication_error.proto ("has been disabled")',
  },
  {
    group: 'authenticationError',
    codes: [
      'GOOGLE_ACCOUNT_COOKIE_INVALID',
      'GOOGLE_ACCOUNT_AUTHENTICATION_FAILED',
      'LOGIN_COOKIE_REQUIRED',
      'LOGIN_COOKIE_INVALID',
    ],
    means: authorize('expired', 'ambiguous', 'Google Ads does not accept the login any more.'),
    source: 'authentication_error.proto',
  },
  {
    group: 'authenticationError',
    codes: ['GOOGLE_ACCOUNT_DELETED'],
    means: authorize('user_inactive', 'certain', 'The Google account that logged in was deleted. Another person has to log in.'),
    source: 'authentication_error.proto',
  },
  {
    group: 'authenticationError',
    codes: ['TWO_STEP_VERIFICATION_NOT_ENROLLED'],
    means: authorize(
      'login_policy',
      'certain',
      'An admin of the Google Ads account now demands 2-Step Verification. Switch it on in the Google account that logs in, then log in again.',
    ),
    source: 'authentication_error.proto ("enable 2-Step Verification")',
  },
  {
    group: 'authenticationError',
    codes: ['ADVANCED_PROTECTION_NOT_ENROLLED'],
    means: authorize(
      'login_policy',
      'certain',
      'An admin of the Google Ads account now demands Advanced Protection. Switch it on in the Google account that logs in, then log in again.',
    ),
    source: 'authentication_error.proto ("enable Advanced Protection")',
  },
  {
    group: 'authenticationError',
    codes: ['NOT_ADS_USER', 'GOOGLE_ACCOUNT_USER_AND_ADS_USER_MISMATCH', 'INVALID_EMAIL_ADDRESS'],
    means: lacks(
      'access_lost',
      'The Google account that logged in has no Google Ads account. An admin of the ads account has to add it under Admin, Access and security.',
    ),
    source: 'authentication_error.proto ("add the Google account to an existing Google Ads account")',
  },
  {
    group: 'authenticationError',
    codes: ['CUSTOMER_NOT_FOUND'],
    means: ACCOUNT_GONE('does not exist. Somebody who manages it has to say what became of it.'),
    source: 'authentication_error.proto',
  },
  {
    group: 'authenticationError',
    codes: ['CLIENT_CUSTOMER_ID_INVALID'],
    means: misconfigured('Redkey asks Google Ads for an account by something that is no account number.'),
    source: 'authentication_error.proto ("is not a number")',
  },
  {
    group: 'authenticationError',
    codes: ['USER_ID_INVALID'],
    means: rejected('Google Ads does not accept the request.'),
    source: 'authentication_error.proto',
  },
  {
    group: 'authenticationError',
    codes: [
      'ORGANIZATION_NOT_RECOGNIZED',
      'ORGANIZATION_NOT_APPROVED',
      'ORGANIZATION_NOT_ASSOCIATED_WITH_DEVELOPER_TOKEN',
      'DEVELOPER_TOKEN_INVALID',
    ],
    means: OUR_PROJECT,
    source: 'authentication_error.proto',
  },
  {
    group: 'authorizationError',
    codes: ['USER_PERMISSION_DENIED'],
    means: lacks(
      'access_lost',
      'The Google account that logged in has no access to this Google Ads account any more. An admin of the ads account, or of the manager account over it, has to give it back under Admin, Access and security.',
    ),
    source: 'authorization_error.proto; google-ads-php#804',
  },
  {
    group: 'authorizationError',
    codes: ['INVALID_LOGIN_CUSTOMER_ID_SERVING_CUSTOMER_ID_COMBINATION'],
    means: lacks(
      'access_lost',
      'The manager account does not manage this Google Ads account any more. An admin of the ads account has to link it again.',
    ),
    source: 'authorization_error.proto',
  },
  {
    group: 'authorizationError',
    codes: ['CUSTOMER_NOT_ENABLED'],
    means: ACCOUNT_GONE('is not enabled yet or was cancelled. An admin of the ads account has to reactivate it.'),
    source: 'authorization_error.proto; tap-googleads test',
  },
  {
    group: 'authorizationError',
    codes: ['INCOMPLETE_SIGNUP'],
    means: ACCOUNT_GONE('was never set up to the end. An admin of the ads account has to finish the sign-up.'),
    source: 'authorization_error.proto',
  },
  {
    group: 'authorizationError',
    codes: ['ACTION_NOT_PERMITTED_FOR_SUSPENDED_ACCOUNT'],
    means: ACCOUNT_GONE('is suspended. An admin of the ads account has to settle that with Google Ads support.'),
    source: 'authorization_error.proto',
  },
  {
    group: 'authorizationError',
    codes: ['ACCESS_DENIED_FOR_ACCOUNT_TYPE'],
    means: ACCOUNT_GONE('belongs to another ads system of Google.'),
    source: 'authorization_error.proto',
  },
  {
    group: 'authorizationError',
    codes: ['ACTION_NOT_PERMITTED', 'AUTHORIZATION_ERROR'],
    means: lacks(
      'role_missing',
      'The Google account that logged in may not do this in Google Ads. An admin of the ads account has to give it the access level Standard or Admin.',
    ),
    source: 'authorization_error.proto ("does not have permission to perform this action")',
  },
  {
    group: 'authorizationError',
    codes: [
      'DEVELOPER_TOKEN_NOT_APPROVED',
      'DEVELOPER_TOKEN_PROHIBITED',
      'DEVELOPER_TOKEN_NOT_ON_ALLOWLIST',
      'DEVELOPER_TOKEN_NOT_WHITELISTED',
      'CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION',
      'CLOUD_PROJECT_NOT_UNDER_ORGANIZATION',
      'PROJECT_DISABLED',
      'SERVICE_ACCESS_DENIED',
      'METRIC_ACCESS_DENIED',
    ],
    means: OUR_PROJECT,
    source: 'authorization_error.proto; developers.google.com/google-ads/api/docs/api-policy/developer-token',
  },
  {
    group: 'authorizationError',
    codes: ['MISSING_TOS'],
    means: misconfigured(
      'Whoever runs the Google app has to accept the terms of the Google Ads API, at ads.google.com/aw/apicenter.',
    ),
    source: 'authorization_error.proto ("The developer must sign the terms of service")',
  },
  {
    group: 'quotaError',
    codes: ['ACCESS_PROHIBITED'],
    means: OUR_PROJECT,
    source: 'quota_error.proto; PROVIDERS.md 5.c',
  },
  {
    group: 'quotaError',
    codes: ['PAYMENTS_PROFILE_ACTIVATION_RATE_LIMIT_EXCEEDED'],
    means: usedUp('Google Ads activates no more accounts for this payments profile for now.'),
    source: 'quota_error.proto ("wait for a week")',
  },
  {
    group: 'quotaError',
    codes: [
      'RESOURCE_EXHAUSTED',
      'RESOURCE_TEMPORARILY_EXHAUSTED',
      'EXCESSIVE_SHORT_TERM_QUERY_RESOURCE_CONSUMPTION',
      'EXCESSIVE_LONG_TERM_QUERY_RESOURCE_CONSUMPTION',
    ],
    means: wait('Google Ads asks to slow down.'),
    source: 'quota_error.proto; developers.google.com/google-ads/api/docs/best-practices/quotas',
  },
  {
    group: 'internalError',
    codes: ['INTERNAL_ERROR', 'ERROR_CODE_NOT_PUBLISHED', 'TRANSIENT_ERROR', 'DEADLINE_EXCEEDED'],
    means: passes('Google Ads had trouble of its own.'),
    source: 'internal_error.proto',
  },
  {
    group: 'databaseError',
    codes: ['CONCURRENT_MODIFICATION', 'DATA_CONSTRAINT_VIOLATION'],
    means: passes('Somebody else changed the same thing in Google Ads at that moment.'),
    source: 'database_error.proto ("Retry the request")',
  },
  {
    group: 'requestError',
    codes: ['UNSUPPORTED_VERSION'],
    means: misconfigured('Redkey asks Google Ads for an API version that it does not offer any more.'),
    source: 'request_error.proto; n8n#32790',
  },
  {
    group: 'requestError',
    codes: ['DEVELOPER_TOKEN_PARAMETER_MISSING', 'CLOUD_PROJECT_NOT_FOUND'],
    means: OUR_PROJECT,
    source: 'request_error.proto',
  },
  {
    group: 'requestError',
    codes: ['LOGIN_CUSTOMER_ID_PARAMETER_MISSING'],
    means: misconfigured('Redkey did not tell Google Ads which manager account it comes through.'),
    source: 'request_error.proto',
  },
  {
    group: 'requestError',
    codes: ['RPC_DEADLINE_TOO_SHORT'],
    means: passes('Google Ads had too little time for an answer.'),
    source: 'request_error.proto',
  },
  {
    group: 'headerError',
    codes: ['INVALID_LOGIN_CUSTOMER_ID', 'INVALID_LINKED_CUSTOMER_ID'],
    means: misconfigured('Redkey named a manager account that Google Ads can not validate.'),
    source: 'header_error.proto',
  },
  {
    group: 'operationAccessDeniedError',
    codes: ['ACTION_NOT_PERMITTED'],
    means: lacks(
      'role_missing',
      'The Google account that logged in may not do this in Google Ads. An admin of the ads account has to give it the access level Standard or Admin.',
    ),
    source: 'operation_access_denied_error.proto ("Unauthorized invocation of a service\'s method")',
  },
  {
    group: 'resourceAccessDeniedError',
    codes: ['WRITE_ACCESS_DENIED'],
    means: lacks(
      'role_missing',
      'The Google account that logged in may only read this in Google Ads. An admin of the ads account has to give it the access level Standard or Admin.',
    ),
    source: 'resource_access_denied_error.proto',
  },
  {
    group: 'any',
    codes: [
      'CUSTOMER_NOT_ALLOWLISTED_FOR_THIS_FEATURE',
      'CUSTOMER_NOT_ON_ALLOWLIST_FOR_CUSTOMER_MATCH',
      'ADVERTISER_NOT_ON_ALLOWLIST_FOR_USING_UPLOADED_DATA',
      'CUSTOMER_NOT_ACCEPTED_CUSTOMER_DATA_TERMS',
    ],
    means: lacks(
      'role_missing',
      'The Google Ads account may not use this feature. An admin of the ads account has to accept its terms or ask Google for it.',
    ),
    source:
      'not_allowlisted_error.proto, offline_user_data_job_error.proto, user_list_error.proto, conversion_upload_error.proto',
  },
  {
    group: 'any',
    codes: ['TOO_RECENT_CONVERSION_ACTION', 'TOO_RECENT_EVENT', 'TOO_RECENT_CONVERSION'],
    means: passes('Google Ads does not know this yet and asks to try again some hours later.'),
    source: 'conversion_upload_error.proto, conversion_adjustment_upload_error.proto ("try uploading again after")',
  },
]
