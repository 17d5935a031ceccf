import { authorize, lacks, type Meaning, misconfigured, stale, usedUp, wait } from '../meaning.ts'

export interface ApiRefusal {
  /** `errorCode` of a whole answer, `statusCode` of one record; both come from one list of names. */
  readonly codes: readonly string[]
  /** What the message must say; without it any. */
  readonly says?: RegExp
  /** Only of a record that no field is named for, when others of the same answer were written; without it always. */
  readonly besideWritten?: true
  readonly means: Meaning
  readonly source: string
}

const API_CLOSED = lacks(
  'admin_blocked',
  'Salesforce does not open its API to this user or org. A Salesforce admin has to grant "API Enabled".',
)
const POLICY = lacks('admin_blocked', 'A security policy of the Salesforce org forbids this. A Salesforce admin has to allow it.')

/**
 * Refusals of the REST API by code that are about the login, the org or us, first match wins; `record-refusals.ts` follows. All sources were read in stored copies on 2026-11-23. "Codes" is
 * developer.salesforce.com errorcodes.htm and the ExceptionCode and StatusCode lists of the SOAP API guide, which REST shares; "Adobe" is
 * its Salesforce Diagnostics page (experienceleague.adobe.com, Sales Connect), with what customers' orgs really answered.
 */
export const API_REFUSALS: readonly ApiRefusal[] = [
  // The login
  {
    codes: ['INVALID_SESSION_ID'],
    says: /not valid for use with|blocked|not (allowed|permitted)/i,
    means: lacks(
      'admin_blocked',
      'Salesforce does not let this app use the API. A Salesforce admin has to grant "Use Any API Client", or the app the scope "api".',
    ),
    source: 'jsforce http-api test (no refresh on this text); SalesforceLabs/OrgCheck docs (API Access Control)',
  },
  {
    codes: ['INVALID_SESSION_ID', 'INVALIDSESSIONID', 'INVALID_AUTH_HEADER'],
    means: stale('The Salesforce session has ended and is renewed.'),
    source: 'Codes, 401 ("Session expired or invalid")',
  },
  {
    codes: ['INVALID_OPERATION_WITH_EXPIRED_PASSWORD', 'PASSWORD_EXPIRED'],
    means: authorize(
      'password_changed',
      'certain',
      'The password of the Salesforce user has expired. The user has to set a new one and log in again.',
    ),
    source: 'omniphx/forrest#240',
  },
  {
    codes: ['INVALID_LOGIN'],
    means: authorize(
      'password_changed',
      'ambiguous',
      'Salesforce refused the login, most often because the password was changed or the user was locked out.',
    ),
    source: 'Codes ("Invalid username, password, security token; or user locked out.")',
  },
  {
    codes: ['INACTIVE_OWNER_OR_USER'],
    says: /running user|current user/i,
    means: authorize(
      'user_inactive',
      'ambiguous',
      'Salesforce says that the user who logged in is not active any more. Another user has to log in.',
    ),
    source: 'no verbatim answer found; an inactive record owner has the same code and is one record’s trouble',
  },
  {
    codes: [
      'LOGIN_CHALLENGE_ISSUED',
      'LOGIN_CHALLENGE_PENDING',
      'LOGIN_MUST_USE_SECURITY_TOKEN',
      'LOGIN_END_SESSION_TXN_SECURITY_POLICY',
      'PASSWORD_LOCKOUT',
      'TXN_SECURITY_TWO_FA_REQUIRED',
      'TXN_SECURITY_END_SESSION',
    ],
    means: authorize('login_policy', 'ambiguous', 'Salesforce wants the user to log in in person, with verification.'),
    source: 'Login Event Type, LOGIN_STATUS values (developer.salesforce.com 264.0)',
  },
  {
    codes: ['LOGIN_DURING_RESTRICTED_DOMAIN', 'LOGIN_DURING_RESTRICTED_TIME', 'RESTRICTED_IP', 'IP_RESTRICTED'],
    means: lacks(
      'admin_blocked',
      'Salesforce does not let this user in from our network or at this time. A Salesforce admin has to widen the IP ranges or login hours.',
    ),
    source: 'Codes',
  },
  {
    codes: ['ORG_LOCKED', 'TRIAL_EXPIRED', 'INACTIVE_ORGANIZATION', 'ORG_SUSPENDED'],
    means: lacks(
      'access_lost',
      'Salesforce says that the org is locked or not active any more. Its owner has to clear that with Salesforce.',
    ),
    source: 'Codes',
  },
  // What the org or its admin allows
  {
    codes: [
      'API_CURRENTLY_DISABLED',
      'API_DISABLED_FOR_ORG',
      'CLIENT_NOT_ACCESSIBLE_FOR_USER',
      'FUNCTIONALITY_NOT_ENABLED',
      'FEATURE_NOT_ENABLED',
      'FEATURENOTENABLED',
      'APEX_REST_SERVICES_DISABLED',
      'PACKAGE_LICENSE_REQUIRED',
      'LICENSE_LIMIT_EXCEEDED',
    ],
    means: API_CLOSED,
    source:
      'wadewegner/Force.com-Toolkit-for-NET#150 (verbatim body); Adobe API_CURRENTLY_DISABLED; bulk_api_2_0_errors.htm (FeatureNotEnabled)',
  },
  {
    codes: [
      'TXN_SECURITY_NO_ACCESS',
      'TXN_SECURITY_RUNTIME_EXCEPTION',
      'TXN_SECURITY_METERING_ERROR',
      'CANNOT_ACCESS_ORG_WIDE_DATA',
    ],
    means: POLICY,
    source: 'Adobe TXN_SECURITY_NO_ACCESS',
  },
  {
    codes: ['LIMIT_EXCEEDED'],
    says: /ApiBatch|request|daily|hour|\bhrs?\b|per day|rolling/i,
    means: wait('The Salesforce org has used up its API calls for now.'),
    source:
      'limits cheat sheet: batches of the Bulk API in 24 hours (PROVIDERS.md 2.e); estuary/connectors ("Max bulk v2 query jobs (10000) per 24 hrs has been reached")',
  },
  {
    codes: ['STORAGE_LIMIT_EXCEEDED', 'LIMIT_EXCEEDED'],
    means: lacks(
      'admin_blocked',
      'The Salesforce org has reached its storage or another limit. A Salesforce admin has to make room.',
    ),
    source: 'Codes; PROVIDERS.md 2.e',
  },
  // Limits
  {
    codes: ['REQUEST_LIMIT_EXCEEDED'],
    says: /TotalRequests/i,
    means: usedUp('The Salesforce org has used up its API calls of the last 24 hours.'),
    source: 'Codes; OrgCheck#181 (TotalRequests)',
  },
  {
    codes: [
      'REQUEST_LIMIT_EXCEEDED',
      'CONCURRENT_REQUESTS_LIMIT_EXCEEDED',
      'RATE_LIMIT_EXCEEDED',
      'TOO_MANY_REQUESTS',
      'TOO_MANY_APEX_REQUESTS',
      'EXCEEDED_QUOTA',
      'EXCEEDEDQUOTA',
    ],
    means: wait('The Salesforce org has used up its API calls for now.'),
    source: 'Codes; OrgCheck#432 (ConcurrentRequests), mautic#5006 (ConcurrentPerOrgLongTxn)',
  },
  // Our own settings
  {
    codes: [
      'UNSUPPORTED_API_VERSION',
      'LOGIN_ERROR_API_TOO_OLD',
      'CLIENT_REQUIRE_UPDATE_FOR_USER',
      'INVALID_CLIENT',
      'INVALID_VERSION',
    ],
    means: misconfigured('Redkey asks Salesforce for an API version or app that it does not offer any more.'),
    source: 'Codes; Login Event Type ("API Version Removed")',
  },
  {
    codes: ['URL_NOT_RESET'],
    means: misconfigured('Salesforce says that this is not the address of the org. Use its My Domain as login URL.'),
    source: 'composio.dev toolkit docs: data API called on a login host',
  },
]

/**
 * The one-word refusals of the identity service, plain text under 403 or 404; Salesforce serves them as text/html.
 * nforce treats Bad_OAuth_Token exactly as INVALID_SESSION_ID (code index, read 2026-11-23).
 */
export const IDENTITY_REFUSALS: readonly { readonly words: readonly string[]; readonly means: Meaning }[] = [
  {
    words: ['bad_oauth_token', 'missing_oauth_token', 'invalid_oauth_token'],
    means: stale('The Salesforce session has ended and is renewed.'),
  },
]
