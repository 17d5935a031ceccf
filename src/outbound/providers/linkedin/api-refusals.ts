import { authorize, lacks, type Meaning, misconfigured, passes, rejected, stale, usedUp, wait } from '../meaning.ts'

export interface ApiRefusal {
  /** `serviceErrorCode`, or the name in `code`; without it any. One of both is enough. */
  readonly codes?: readonly (number | string)[]
  /** HTTP statuses; without it any. Never the only condition of a row that turns a connection red. */
  readonly statuses?: readonly number[]
  /** What the message must say; without it any. */
  readonly says?: RegExp
  readonly means: Meaning
  readonly source: string
}

const REVOKED = authorize(
  'revoked',
  'ambiguous',
  'LinkedIn says that the member has taken the access back, or it was replaced by another login.',
)
const RESTRICTED = authorize(
  'user_inactive',
  'ambiguous',
  'LinkedIn has restricted the member who logged in. The member sees why at linkedin.com, or another person logs in.',
)
const ASK_AN_ADMIN = 'Somebody who manages the ad account has to give this member a role in Campaign Manager.'

/**
 * Refusals of the REST API, first match wins. LinkedIn changes its texts, and asks to rely on `code` and `serviceErrorCode`; older
 * answers have neither. "Errors" is learn.microsoft.com/linkedin/shared/api-guide/concepts/error-handling, "Limits"
 * …/concepts/rate-limits, "Versions" …/linkedin/marketing/versioning. All read in stored copies (2026-11).
 */
export const API_REFUSALS: readonly ApiRefusal[] = [
  // How often
  {
    says: /\bday limit\b|daily (call |request |rate )?limit|\bper day\b/i,
    means: usedUp('The calls that LinkedIn allows in a day are used up. They count anew from midnight UTC.'),
    source: 'PostHog/posthog#59608, #64614 ("… DAY limit for calls to this resource is reached"); Limits (reset at midnight UTC)',
  },
  {
    says: /throttle limit for calls to this resource/i,
    means: usedUp('The calls that LinkedIn allows in a day are used up. They count anew from midnight UTC.'),
    source: 'Automattic/wp-calypso#32007 (429 and 101, "Resource level throttle limit …"); 403 in the first API',
  },
  {
    statuses: [429],
    means: wait('LinkedIn asks to slow down.'),
    source: 'Errors, 429; Limits',
  },
  {
    codes: ['TOO_MANY_REQUESTS', 'RATE_LIMITED', 'THROTTLED'],
    means: wait('LinkedIn asks to slow down.'),
    source: 'names of 429 as clients list them',
  },
  {
    says: /too many requests|rate limit/i,
    means: wait('LinkedIn asks to slow down.'),
    source: 'Limits',
  },

  // The login
  {
    codes: [65602, 'EXPIRED_ACCESS_TOKEN'],
    means: stale('The LinkedIn access token has expired and is renewed.'),
    source: 'Errors, 401 ("Expired access token")',
  },
  {
    codes: [65601, 65600],
    says: /\bexpired\b/i,
    means: stale('The LinkedIn access token has expired and is renewed.'),
    source: 'a code that contradicts its text; a refresh tells which of both is right',
  },
  {
    codes: [65601, 'REVOKED_ACCESS_TOKEN'],
    means: REVOKED,
    source:
      'Errors, 401 ("The token has been revoked"); omniauth-linkedin-oauth2#81 saw it at random after a login, so it is never certain',
  },
  {
    codes: [65604, 'EMPTY_ACCESS_TOKEN'],
    means: misconfigured('Redkey called LinkedIn without a login. This is for whoever runs Redkey.'),
    source: 'Errors, 401 ("Empty OAuth2 access token")',
  },
  {
    says: /empty oauth ?2|unknown authentication scheme?|no (access )?token (was )?(provided|found)|missing (access )?token/i,
    means: misconfigured('Redkey called LinkedIn without a login. This is for whoever runs Redkey.'),
    source: 'Errors, 401 (the sample answer; "Unknown authentication schema")',
  },
  {
    codes: [65600, 'INVALID_ACCESS_TOKEN'],
    means: authorize('revoked', 'ambiguous', 'LinkedIn does not accept the login any more.'),
    source: 'Errors, 401 ("Invalid access token": follow the authentication procedure)',
  },
  {
    codes: [65608, 'RESTRICTED_MEMBER'],
    means: RESTRICTED,
    source: 'PostHog/posthog#64125 (401 "Member is restricted")',
  },
  {
    statuses: [400, 401, 403],
    says: /member.{0,20}(restricted|deactivated|suspended|blocked)|account.{0,20}(deactivated|suspended)/i,
    means: RESTRICTED,
    source: 'text of 65608',
  },
  {
    statuses: [400, 401, 403, 404],
    says: /token.{0,40}revoked|revoked.{0,20}token/i,
    means: REVOKED,
    source: 'text of 65601',
  },
  {
    statuses: [400, 401],
    says: /token.{0,60}expired|expired.{0,20}token/i,
    means: stale('The LinkedIn access token has expired and is renewed.'),
    source: 'text of 65602, also as "[unauthorized]. token expired …" of the first API',
  },
  {
    statuses: [400, 401],
    says: /invalid.{0,20}(access |oauth ?2? )?token|(unable|failed|could not) to (verify|validate).{0,10}access token|token.{0,40}invalid/i,
    means: authorize('revoked', 'ambiguous', 'LinkedIn does not accept the login any more.'),
    source: 'text of 65600; xcarpentier/react-native-linkedin#80',
  },
  {
    statuses: [401],
    says: /client|application/i,
    means: misconfigured('LinkedIn does not accept the client id or the secret of the app that Redkey uses.'),
    source: 'learn.microsoft.com/linkedin/shared/authentication/client-credentials-flow, error details',
  },

  // Our app and version
  {
    codes: ['NONEXISTENT_VERSION', 'VERSION_MISSING', 'INVALID_VERSION', 'VERSION_NOT_SUPPORTED', 'UNSUPPORTED_VERSION'],
    means: misconfigured('Redkey asks LinkedIn for an API version that it does not offer any more. Redkey has to be updated.'),
    source: 'Versions; airbytehq/airbyte#74240 (426 "Requested version 20250201 is not active")',
  },
  {
    statuses: [426],
    means: misconfigured('Redkey asks LinkedIn for an API version that it does not offer any more. Redkey has to be updated.'),
    source: 'Versions (426 Upgrade Required)',
  },
  {
    says: /requested version|version must be present|linkedin-version|latest versioned api|have been (modified|deprecated|sunset)|(api|endpoint|resource) (is|has been) (deprecated|sunset|discontinued)|no longer (available|supported)/i,
    means: misconfigured('Redkey uses a part of the LinkedIn API that is not offered any more. Redkey has to be updated.'),
    source: 'linkedin-api-python-client#59; Versions',
  },

  {
    statuses: [404],
    says: /^resource (?!null\b)\w+ does not exist|^no virtual resource found/i,
    means: misconfigured('Redkey uses a part of the LinkedIn API that is not offered any more. Redkey has to be updated.'),
    source:
      'rest.li, of a path or a finder that no resource has; reports of "Resource adCreativesV2 does not exist" after its end, of "No virtual resource found" for q=search at creatives',
  },

  // The request, also where it is told as a missing right
  {
    says: /unpermitted fields?|data processing exception|while processing fields|field value validation|unpermitted (query )?param/i,
    means: rejected('LinkedIn does not accept the request.'),
    source: 'reports of 403 ACCESS_DENIED for a field of the body',
  },
  {
    codes: [
      'PARAM_INVALID',
      'QUERY_PARAM_NOT_ALLOWED',
      'ILLEGAL_ARGUMENT',
      'INVALID_ARGUMENT',
      'MISSING_FIELD',
      'VALIDATION_FAILED',
      'BAD_REQUEST',
      'PARAMETER_MISSING',
      'INVALID_URN_TYPE',
      'INVALID_URN_ID',
      'DUPLICATE_POST',
    ],
    means: rejected('LinkedIn does not accept the request.'),
    source: 'Errors, 400; linkedin/rest.li error details',
  },

  // What the login may do
  {
    statuses: [403],
    says: /development tier|not (on|in) the (allow|list)|allow-?listed|(application|app|client).{0,40}(not|n't) (have|authorized|allowed|permitted|enabled)|partner program/i,
    means: lacks(
      'admin_blocked',
      'LinkedIn does not let the app do this. Whoever manages the LinkedIn app has to add the product Advertising API, or the ad account to its list.',
    ),
    source: 'learn.microsoft.com/linkedin/marketing/increasing-access (Development tier: listed ad accounts only)',
  },
  {
    statuses: [403],
    says: /not enough permissions? to access/i,
    means: lacks(
      'role_missing',
      `LinkedIn says that this login may not read here. ${ASK_AN_ADMIN} Where everybody is refused, the LinkedIn app lacks the product Advertising API.`,
    ),
    source: 'Errors, 403; linkedin-api-python-client#49 (the app lacks the product)',
  },
  {
    statuses: [403],
    says: /viewer|administrator|admin_only|role|does(n't| not) have (permission|access)|don't have (permission|access)/i,
    means: lacks('access_lost', `LinkedIn says that this member has no role there any more. ${ASK_AN_ADMIN}`),
    source: 'PipedreamHQ/pipedream#21823 ("Viewer don\'t have permission to the ADMIN_ONLY …")',
  },
  {
    statuses: [403],
    means: lacks('access_lost', `LinkedIn does not let this member see the ad account. ${ASK_AN_ADMIN}`),
    source: 'Errors, 403 Access Denied',
  },
  {
    codes: ['ACCESS_DENIED', 'NOT_ENOUGH_PERMISSIONS'],
    means: lacks('access_lost', `LinkedIn does not let this member see the ad account. ${ASK_AN_ADMIN}`),
    source: 'Errors, 403 Access Denied',
  },

  // By status, where LinkedIn's own form says nothing finer
  {
    statuses: [401],
    means: stale('LinkedIn wants a new access token.'),
    source: 'Errors, 401',
  },
  {
    statuses: [500, 502, 503, 504],
    means: passes('LinkedIn is not available at the moment.'),
    source: 'Errors ("Access token downstream verification failures return a 500")',
  },
  {
    says: /temporarily|try again later|timed? ?out/i,
    means: passes('LinkedIn had trouble of its own and asks to try again.'),
    source: 'Errors, 503 and 504',
  },
  {
    statuses: [400, 404, 405, 406, 409, 411, 412, 413, 414, 415, 422],
    means: rejected('LinkedIn does not accept the request.'),
    source: 'Errors, 400 to 414',
  },
]
