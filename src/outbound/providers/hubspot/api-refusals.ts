import { SECOND_MS } from '../../../clock.ts'
import { authorize, lacks, type Meaning, misconfigured, passes, rejected, stale, usedUp, wait } from '../meaning.ts'

export interface ApiRefusal {
  /** Any of the error's codes: `category`, `errorType`, `policyName`, `errors[].code`; without it any. */
  readonly codes?: readonly string[]
  /** What the error must say, details included; without it anything. */
  readonly says?: RegExp
  /** Only under these statuses; an error inside a batch has none. Without it any. */
  readonly statuses?: readonly number[]
  readonly means: Meaning
  /** How long to wait where the answer does not tell. */
  readonly waitMs?: number
  readonly source: string
}

const SESSION_ENDED = stale('The HubSpot access has ended, as it does every half hour, and is renewed.')
const SCOPES_MISSING = authorize(
  'scope_missing',
  'ambiguous',
  'HubSpot says that Redkey was not given all the rights it needs. Whoever logs in has to allow all of them, and the HubSpot plan has to include custom objects.',
)
const OUR_CALL = misconfigured('Redkey uses an interface of HubSpot in a way that HubSpot does not offer, or not any more.')
const ACCOUNT_CLOSED = lacks(
  'access_lost',
  'HubSpot says that the account is not active any more. Its owner has to clear that with HubSpot.',
)
const BLOCKED = lacks(
  'admin_blocked',
  'The HubSpot account does not let the app in. A super admin of the HubSpot account has to allow it.',
)
export const RIGHT_MISSING = lacks(
  'role_missing',
  'The HubSpot user who logged in may not do this. A super admin of the HubSpot account has to grant the permission.',
)
const PLAN_TOO_SMALL = lacks(
  'access_lost',
  'The plan of the HubSpot account does not include this. Custom objects need an Enterprise plan; a super admin can change the plan.',
)

/**
 * Refusals of the API, first match wins. Sources read in stored copies (2026-11). "Errors":
 * https://developers.hubspot.com/docs/api-reference/error-handling; "Usage":
 * https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines. Rows with a text and no code are for the older
 * APIs, which answer `{"status":"error","message":…}` and nothing else.
 */
export const API_REFUSALS: readonly ApiRefusal[] = [
  // Limits and what passes by itself
  {
    codes: ['DAILY'],
    means: usedUp('The HubSpot account has used up its API calls of the day.'),
    source: 'Usage (policyName DAILY: until midnight in the time zone of the account)',
  },
  {
    says: /\bdaily (api |rate )?(request )?limit/i,
    means: usedUp('The HubSpot account has used up its API calls of the day.'),
    source: 'Usage ("You have reached your daily limit.")',
  },
  {
    codes: ['TEN_SECONDLY_ROLLING'],
    means: wait('HubSpot allows only so many calls in ten seconds.'),
    waitMs: 10 * SECOND_MS,
    source: 'Usage; HubSpot/hubspot-api-nodejs RetryDecorator.ts waits ten seconds',
  },
  {
    says: /ten.?secondly/i,
    means: wait('HubSpot allows only so many calls in ten seconds.'),
    waitMs: 10 * SECOND_MS,
    source: 'hubspotdev/devslackarchive 2023-03-27 ("You have reached your ten_secondly_rolling limit.")',
  },
  {
    codes: ['SECONDLY', 'RATE_LIMIT', 'RATE_LIMITS', 'RATE_LIMITED', 'TOO_MANY_REQUESTS'],
    means: wait('HubSpot asks to slow down.'),
    source: 'Usage (errorType RATE_LIMIT); HubSpot/hubspot-api-nodejs RetryDecorator.ts ("secondly limit")',
  },
  {
    says: /\bsecondly limit|rate.?limit|too many requests|concurren\w* (request )?limit/i,
    means: wait('HubSpot asks to slow down.'),
    source: 'Usage; lead of the same text in older APIs',
  },
  {
    codes: ['LOCKED', 'RESOURCE_LOCKED'],
    means: passes('HubSpot has locked these records for a moment. It is tried again.'),
    waitMs: 2 * SECOND_MS,
    source: 'Errors (423: locks last two seconds)',
  },
  {
    statuses: [423],
    means: passes('HubSpot has locked these records for a moment. It is tried again.'),
    waitMs: 2 * SECOND_MS,
    source: 'Errors (423: locks last two seconds)',
  },
  {
    codes: ['MIGRATION_IN_PROGRESS'],
    means: passes('HubSpot is moving the account to another data center, which takes up to a day.'),
    source: 'Errors (477)',
  },
  {
    statuses: [477],
    means: passes('HubSpot is moving the account to another data center, which takes up to a day.'),
    source: 'Errors (477, with Retry-After)',
  },
  {
    codes: [
      'INTERNAL_ERROR',
      'INTERNAL_SERVER_ERROR',
      'SERVICE_UNAVAILABLE',
      'GATEWAY_TIMEOUT',
      'TIMEOUT',
      'BAD_GATEWAY',
      'CANCELED',
    ],
    means: passes('HubSpot had trouble of its own and asks to try again.'),
    source: 'Errors (502 to 504); the `status` of a batch in the objects spec (CANCELED)',
  },
  // The login
  {
    codes: ['EXPIRED_AUTHENTICATION'],
    means: SESSION_ENDED,
    source: 'airbytehq/airbyte#74726 ("The OAuth token used to make this call expired 0 second(s) ago.")',
  },
  {
    says: /token\b.*\bexpired\b/i,
    statuses: [401, 403],
    means: SESSION_ENDED,
    source: 'airbytehq/airbyte#26515 ("This oauth-token is expired! expiresAt: …")',
  },
  {
    codes: ['REVOKED_AUTHENTICATION'],
    means: authorize('revoked', 'ambiguous', 'HubSpot says that the access was taken back.'),
    source: 'no verbatim answer found; a row of its own, since such a text says more than an old token',
  },
  {
    says: /\b(token|access|authorization)\b.*\brevoked\b|\bapp\b.*\b(uninstalled|disconnected)\b/i,
    statuses: [401, 403],
    means: authorize('revoked', 'ambiguous', 'HubSpot says that the access was taken back.'),
    source: 'no verbatim answer found; a row of its own, since such a text says more than an old token',
  },
  {
    codes: ['INVALID_AUTHENTICATION', 'INVALID_TOKEN', 'UNAUTHORIZED'],
    means: SESSION_ENDED,
    source: 'HubSpot/hubspot-api-nodejs#432, #148 ("Authentication credentials not found.")',
  },
  {
    says: /authentication credentials/i,
    means: SESSION_ENDED,
    source: 'a probe of 438 endpoints, 2026-04 ("Any of the listed authentication credentials are missing", 401)',
  },
  // Rights
  {
    codes: ['MISSING_SCOPES'],
    means: SCOPES_MISSING,
    source: 'HubSpot/hubspot-api-nodejs#268 (which names the wrong scope, so none is named here)',
  },
  {
    says: /isn't available for public use/i,
    means: OUR_CALL,
    source: 'a probe of 438 endpoints, 2026-04 ("The scope needed for this API call isn\'t available for public use.")',
  },
  {
    says: /\b(required|missing|insufficient|necessary)\b.*\bscopes?\b|\bscopes?\b.*\b(missing|required|insufficient)\b|requires (all|any|one|at least one) of \[|token\b.*\bproper permissions/i,
    means: SCOPES_MISSING,
    source:
      'HubSpot/hubspot-cli#314; code index ("This oauth-token requires all of [crm.objects.tasks.read]", "… does not have proper permissions!")',
  },
  {
    codes: ['USER_DOES_NOT_HAVE_PERMISSIONS', 'USER_LACKS_PERMISSIONS', 'PERMISSION_DENIED', 'FORBIDDEN', 'ACCESS_DENIED'],
    means: RIGHT_MISSING,
    source: 'code index (the portal refuses every call once the user who installed the app has lost super admin)',
  },
  {
    codes: ['BANNED', 'APP_BANNED', 'APP_SUSPENDED', 'PORTAL_AUTHENTICATION_FAILED'],
    means: BLOCKED,
    source: 'code index (error map of a connector; the texts are not known)',
  },
  {
    says: /\b(portal|account|hub)\b[^.]*\b(suspended|deactivated|disabled|cancell?ed|deleted|closed|inactive|not active)\b/i,
    statuses: [401, 402, 403],
    means: ACCOUNT_CLOSED,
    source: 'no verbatim answer found',
  },
  {
    says: /\b(app|integration)\b[^.]*\b(blocked|suspended|disabled|not (been )?(approved|allowed))\b|\bip address\b|\bip\b.*\bnot allowed\b/i,
    statuses: [401, 403],
    means: BLOCKED,
    source: 'no verbatim answer found',
  },
  {
    says: /\b(does(n't| not) have|no) access to\b.*\b(feature|product|tool|objects?)\b|\bsubscription\b|\bupgrade\b|\benterprise\b/i,
    statuses: [402, 403],
    means: PLAN_TOO_SMALL,
    source:
      'microsoft/PowerPlatformConnectors#2309 ("This account doesn\'t have access to some HubSpot features"); custom objects guide',
  },
  {
    says: /reached (the|your) (limit|maximum)|\blimit of \d+ .*\b(records|objects)\b|record limit/i,
    means: lacks(
      'admin_blocked',
      'The HubSpot account has reached its limit for records of this kind. A super admin has to make room or raise the limit.',
    ),
    source: 'custom objects guide ("there are limits … depending on your subscription"); no verbatim answer found',
  },
  {
    says: /\buser\b.*\bpermissions?\b|\bpermissions? (to|for|is|are)\b|do(es)?(n't| not) have (the )?(\w+ )?permissions?/i,
    statuses: [401, 403],
    means: RIGHT_MISSING,
    source: 'a probe of 438 endpoints, 2026-04 ("Permission to get export file cannot be granted …")',
  },
  // Our own settings
  {
    says: /can't be called using an oauth|\bapi.?key\b|hapike?y/i,
    means: OUR_CALL,
    source: 'a probe of 438 endpoints, 2026-04 ("This API can\'t be called using an OAuth access token.")',
  },
  {
    says: /no longer (supported|available)|\b(api|version|endpoint)\b.*\b(sunset|deprecated|retired|unsupported)\b/i,
    means: OUR_CALL,
    source: 'https://developers.hubspot.com/changelog/v1-oauth-api-deprecation; versions end 18 months after they come',
  },
  // The request or its records
  {
    codes: ['VALIDATION_ERROR', 'INVALID_JSON', 'BAD_REQUEST'],
    means: rejected('HubSpot does not accept a value of the record, or the form of the request.'),
    source: 'Errors; rudder-transformer hs/network.ts ("Duplicate IDs found in batch input")',
  },
  {
    codes: ['CONFLICT', 'OBJECT_ALREADY_EXISTS', 'DUPLICATE'],
    means: rejected('HubSpot already has a record like it.'),
    source: 'HubSpot/hubspot-api-python#51 ("Contact already exists. Existing ID: …")',
  },
  {
    codes: ['OBJECT_NOT_FOUND', 'NOT_FOUND', 'OBJECT_TYPE_NOT_FOUND'],
    means: rejected('HubSpot has no such record or object.'),
    source: 'a probe of 438 endpoints, 2026-04 (404 "resource not found", "Object not found.")',
  },
  {
    codes: ['REQUEST_TOO_LARGE', 'PAYLOAD_TOO_LARGE'],
    means: rejected('The request is too large for HubSpot.'),
    source: 'Errors (414)',
  },
]
