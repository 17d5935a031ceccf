import { MINUTE_MS } from '../../../clock.ts'
import { authorize, lacks, type Meaning, misconfigured, passes, rejected, stale, wait } from '../meaning.ts'
import { AD_REFUSALS } from './ad-refusals.ts'
import { type ApiRefusal, CODES } from './api-refusal.ts'

export const STALE_TOKEN = stale('The Microsoft Advertising access token has ended and is renewed.')

export const OUR_CREDENTIALS = misconfigured(
  'Microsoft Advertising does not accept the credentials that Redkey uses: check that the developer token belongs to this environment (production or sandbox) and is active.',
)

export const NO_ACCOUNT = lacks(
  'access_lost',
  'Microsoft Advertising says that this user has no access to the ad account any more. A Super Admin of the account has to give the access back.',
)

export const CLOSED_ACCOUNT = lacks(
  'access_lost',
  'Microsoft Advertising says that the account is not active. A Super Admin has to have it reactivated by Microsoft Advertising support.',
)

const OLD_API = misconfigured(
  'Redkey asks Microsoft Advertising for something that this version of its API does not offer any more.',
)

const NOT_THIS_TIME = passes('Microsoft Advertising had trouble of its own and asks to try again.')

function otherLogin(explanation: string): Meaning {
  return authorize('login_policy', 'certain', explanation)
}

/** First match wins. `InvalidCredentials` is weighed once more by whoever knows how old the token is: see `api.ts`. */
export const API_REFUSALS: readonly ApiRefusal[] = [
  // The login
  { names: ['AuthenticationTokenExpired'], numbers: [109], means: STALE_TOKEN, source: CODES },
  {
    names: ['InvalidCredentials', 'UserNotFound'],
    numbers: [105],
    says: /\bUserNotFound\b/i,
    means: authorize(
      'user_inactive',
      'ambiguous',
      'Microsoft Advertising does not know the user who logged in any more. Somebody with access to the account has to log in.',
    ),
    source: `${CODES}: reasons of 105`,
  },
  {
    names: ['InvalidCredentials', 'AccountInactive'],
    numbers: [105],
    says: /\bAccountInactive\b|^the account is inactive/i,
    means: CLOSED_ACCOUNT,
    source: `${CODES}: reasons of 105`,
  },
  { names: ['AccountInactive'], numbers: [], means: CLOSED_ACCOUNT, source: `${CODES}: reasons of 105` },
  {
    names: ['InvalidCredentials'],
    numbers: [105],
    says: /developer ?token|sandbox|environment/i,
    means: OUR_CREDENTIALS,
    source: CODES,
  },
  {
    names: ['InvalidCredentials'],
    numbers: [105],
    says: /supplied credentials are invalid or the account is inactive/i,
    means: OUR_CREDENTIALS,
    source: `${CODES}; MicrosoftDocs/Advertising-docs#555 and BingAds-Python-SDK#283: tokens of the other environment or app`,
  },
  {
    names: ['InvalidCredentials', 'InvalidAccessToken'],
    numbers: [105],
    means: STALE_TOKEN,
    source: `${CODES}: "incorrect access token"; without more words a fresh one is the first remedy`,
  },
  {
    names: ['OAuthTokenInvalid'],
    numbers: [3101],
    says: /scope|multi-?factor|\bmfa\b/i,
    means: authorize(
      'scope_missing',
      'ambiguous',
      'The last login did not give Redkey the permission to manage Microsoft Advertising, or was made without the verification that it wants. Log in again and allow it.',
    ),
    source:
      'BingAds-Python-SDK#219: "token contains invalid scope"; learn.microsoft.com/advertising/guides/authentication-oauth-mfa',
  },
  { names: ['OAuthTokenInvalid', 'InvalidAuthenticationToken'], numbers: [3101], means: STALE_TOKEN, source: CODES },
  {
    names: ['UserCompromised'],
    numbers: [108],
    means: authorize(
      'password_changed',
      'certain',
      'Microsoft Advertising has seen suspicious activity of this user and wants a new password first. Then the user has to log in again.',
    ),
    source: CODES,
  },
  {
    names: ['UserLoginAccessDenied'],
    numbers: [120],
    means: otherLogin(
      'This login was merged into another one of the same person at Microsoft Advertising. The person has to log in with the primary one.',
    ),
    source: CODES,
  },
  {
    names: [
      'PersonalIdentityNotAvailable',
      'PersonalIdentityMigratedToWork',
      'PersonalIdentityNotAllowedByCustomer',
      'WorkAccountIsRequired',
    ],
    numbers: [122, 124, 125],
    means: otherLogin(
      'Microsoft Advertising wants a work account here. Log in again, and choose the work account instead of the personal one.',
    ),
    source: CODES,
  },
  {
    names: ['WorkIdentityNotAvailable', 'PersonalAccountIsRequired'],
    numbers: [123],
    means: otherLogin(
      'Microsoft Advertising wants a personal Microsoft account here. Log in again, and choose it instead of the work account.',
    ),
    source: CODES,
  },
  {
    names: ['IdentityTypeMismatch', 'GoogleAccountIsRequired'],
    numbers: [126],
    means: otherLogin(
      'Microsoft Advertising knows this user by another kind of account (personal, work or Google). Log in again with that one.',
    ),
    source: CODES,
  },
  // What the user may do
  {
    names: ['UserIsNotAuthorized', 'AccountNotAuthorized', 'UserNotAuthorized', 'AccessDenied'],
    numbers: [106, 2003],
    means: NO_ACCOUNT,
    source: `${CODES}; bingads-performance-downloader#20 (2003 AccountNotAuthorized)`,
  },
  { names: [], numbers: [1001], says: /authorized/i, means: NO_ACCOUNT, source: `${CODES}: 1001 of Customer Management` },
  { names: ['InvalidAccountStatus'], numbers: [1008], means: CLOSED_ACCOUNT, source: CODES },
  {
    names: ['TargetGroupAssignedEntitiesPermissionMismatch'],
    numbers: [1419],
    means: lacks(
      'role_missing',
      'The role of this user in Microsoft Advertising does not allow it. A Super Admin of the account has to give the user a role that does.',
    ),
    source: CODES,
  },
  // Our own settings
  { names: ['RequestMissingHeaders', 'AccountIdHasToBeSpecified'], numbers: [116, 1030], means: OUR_CREDENTIALS, source: CODES },
  {
    names: ['DeveloperTokenInvalid', 'InvalidDeveloperToken'],
    numbers: [],
    means: OUR_CREDENTIALS,
    source: 'no verbatim answer found',
  },
  {
    names: ['InvalidVersion', 'ApiVersionNoLongerSupported', 'OperationNotSupported'],
    numbers: [204, 303],
    means: OLD_API,
    source: CODES,
  },
  { names: [], numbers: [205], says: /version/i, means: OLD_API, source: `${CODES}: 205 is also an address line` },
  // Limits
  {
    names: ['CallRateExceeded'],
    numbers: [117],
    means: wait('Microsoft Advertising asks to slow down: too many calls in a minute.'),
    waitMs: MINUTE_MS,
    source: `${CODES}; services-protocol#throttling: after waiting 60 seconds`,
  },
  {
    names: ['ConcurrentRequestOverLimit'],
    numbers: [],
    means: wait('Microsoft Advertising is still making earlier reports and takes no new request before they are done.'),
    source: `${CODES}; services-protocol#throttling-reporting`,
  },
  {
    names: [],
    numbers: [207],
    says: /concurrent|report/i,
    means: wait('Microsoft Advertising is still making earlier reports and takes no new request before they are done.'),
    source: `${CODES}: 207 is also an address line`,
  },
  {
    names: ['NoMoreCallsPermittedForTheTimePeriod'],
    numbers: [4204],
    means: wait('Microsoft Advertising takes no more downloads of this account for up to 15 minutes.'),
    waitMs: 15 * MINUTE_MS,
    source: `${CODES}; services-protocol#throttling-bulk`,
  },
  { names: ['TooManyRequests'], numbers: [3227], means: wait('Microsoft Advertising asks to slow down.'), source: CODES },
  // It passes
  {
    names: ['InternalError', 'FutureFeatureCode', 'ServiceTimeOut', 'ServiceUnavailable', 'ApiExecutionError'],
    numbers: [0, 202, 833, 1011, 2208],
    means: NOT_THIS_TIME,
    source: CODES,
  },
  {
    names: ['NoCompleteDataAvaliable', 'NoCompleteDataAvailable'],
    numbers: [2004],
    means: passes('Microsoft Advertising does not have all data of these days yet.'),
    source: `${CODES} (spelt so); learn.microsoft.com/answers/1863539`,
  },
  {
    names: ['CustomerDataBeingMigrated', 'ConcurrentStoreModification'],
    numbers: [2928, 4149],
    means: passes('Microsoft Advertising is changing the same data at the moment.'),
    source: CODES,
  },
  ...AD_REFUSALS,
  {
    names: [],
    numbers: [],
    says: /deserializ|formatter threw/i,
    means: rejected('Microsoft Advertising does not accept the request.'),
    source: 'BingAds-Python-SDK#222: a fault without details ("The formatter threw an exception while trying to deserialize …")',
  },
  // Codes of a later year, by their names and messages
  {
    names: [],
    numbers: [],
    says: /try again|internal error|time[sd]? ?out|temporar|unavailable/i,
    means: NOT_THIS_TIME,
    source: 'wording of 0, 833, 2208',
  },
  {
    names: [],
    numbers: [],
    says: /number of calls|call rate|too many requests|throttl|rate limit/i,
    means: wait('Microsoft Advertising asks to slow down.'),
    source: 'wording of 117, 3227',
  },
  {
    names: [],
    numbers: [],
    says: /token (has )?expired|expired token/i,
    means: STALE_TOKEN,
    source: 'wording of 109',
  },
  {
    names: [],
    numbers: [],
    says: /not authorized|insufficient privileges|not have (permission|access|privileges)|access denied/i,
    means: NO_ACCOUNT,
    source: 'wording of 106, 1001, 2003',
  },
]

/** The account that a request names is not there, which a probe of a connected account reads as lost. */
export const UNKNOWN_ACCOUNT = {
  names: ['InvalidAccountId', 'InvalidAccount', 'InvalidAccountIds', 'AccountIdInvalid', 'EntityNotExistent'],
  numbers: [119, 208, 1102, 2035, 2108],
} as const

export const REFUSED_REQUEST = rejected('Microsoft Advertising does not accept the request.')
