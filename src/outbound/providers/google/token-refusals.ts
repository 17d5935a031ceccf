import { authorize, lacks, type Meaning, misconfigured, passes, rejected, wait } from '../meaning.ts'

export interface TokenRefusal {
  /** `error` of the body, compared without case. */
  readonly errors: readonly string[]
  /** What `error_description` or `error_subtype` must say; without it anything. */
  readonly says?: RegExp
  /** Only at this stage; without it at both. */
  readonly at?: 'code' | 'refresh'
  readonly means: Meaning
  readonly source: string
}

const OUR_CLIENT = misconfigured(
  'Google does not accept the client id or the secret of the app that Redkey uses, or the app was disabled or deleted.',
)
const OUR_REQUEST = misconfigured(
  'Google does not accept the request that Redkey makes: check the redirect URI and the scopes of the app in the Google Cloud console.',
)
const START_AGAIN = authorize(
  'expired',
  'ambiguous',
  'The login was not completed in time or was used twice. It has to be started again.',
)
const ADMIN_BLOCKS_APP = lacks(
  'admin_blocked',
  'The Google Workspace admin of this account does not let the app in. The admin has to trust it, under Security, API controls, App access control.',
)

/**
 * Refusals of `oauth2.googleapis.com/token` and of the callback, first match wins. All sources were read in stored copies on 2026-11-24.
 * "Codes" is support.google.com/accounts/answer/16668185; "Guide" is developers.google.com/identity/protocols/oauth2 (refresh token
 * expiration) and its page for web servers (authorization errors).
 */
export const TOKEN_REFUSALS: readonly TokenRefusal[] = [
  {
    errors: ['invalid_grant', 'invalid_rapt', 'rapt_required'],
    says: /rapt|reauth/i,
    means: authorize(
      'login_policy',
      'certain',
      'The Google Workspace admin makes people log in again after a while, and that time has come.',
    ),
    source:
      'Guide ("session control policies … error_subtype invalid_rapt"); google-auth-library-nodejs#1961; support.google.com/a/answer/9368756',
  },
  {
    errors: ['invalid_rapt', 'rapt_required'],
    means: authorize(
      'login_policy',
      'certain',
      'The Google Workspace admin makes people log in again after a while, and that time has come.',
    ),
    source: 'google-auth-library-python: reauth.py reads both words as subtypes of invalid_grant',
  },
  {
    errors: ['invalid_grant'],
    says: /jwt|assertion|issuer|iss field|\baud\b|audience|signature|reasonable timeframe|short-lived/i,
    means: misconfigured('Google does not accept the key or the clock of the machine that Redkey runs on.'),
    source:
      'websightgmbh/l5-google-cloud-storage#6 ("Invalid JWT: Token must be a short-lived token and in a reasonable timeframe")',
  },
  {
    errors: ['invalid_grant', 'account_deleted', 'account_disabled'],
    says: /(account|user|robot)[\w' ]*(deleted|disabled|suspended|deactivated|does not exist|not found)/i,
    means: authorize(
      'user_inactive',
      'certain',
      'The Google account that logged in was deleted or disabled. Another person has to log in.',
    ),
    source: 'google-api-ruby-client#720 ("Robot is disabled."); code index ("Account has been deleted", of a Google Ads grant)',
  },
  {
    errors: ['invalid_grant'],
    says: /e-?mail or user id/i,
    means: authorize(
      'user_inactive',
      'ambiguous',
      'Google does not know the account that logged in any more. Another person may have to log in.',
    ),
    source: 'google-api-php-client issues ("Invalid email or User ID", "Not a valid email or user ID.")',
  },
  {
    errors: ['invalid_grant', 'invalid_token'],
    says: /expired or revoked|(token|grant|access|credentials?)[\w' ]*(expired|revoked)|revoked/i,
    at: 'refresh',
    means: authorize('revoked', 'certain', 'Google says that the login was revoked or has expired.'),
    source: 'nango.dev google-oauth-invalid-grant-token-has-been-expired-or-revoked; Guide lists what ends a refresh token',
  },
  {
    errors: ['invalid_grant'],
    at: 'code',
    means: START_AGAIN,
    source:
      'RFC 6749 5.2; "Malformed auth code.", "Code was already redeemed.", "Invalid code verifier." in issues of Google\'s libraries',
  },
  {
    errors: ['invalid_grant', 'invalid_token'],
    means: authorize('revoked', 'ambiguous', 'Google does not accept the login any more.'),
    source:
      'RFC 6749 5.2; google-ads-php#885 ("Bad Request": a new refresh token was needed); it is also said of a token of another app',
  },
  {
    errors: ['interaction_required', 'login_required', 'consent_required', 'account_selection_required', 'reauth_required'],
    means: authorize('login_policy', 'ambiguous', 'Google wants the person to log in again in person.'),
    source: 'OpenID Connect Core 3.1.2.6, which Google implements',
  },
  {
    errors: ['policy_enforced'],
    means: lacks(
      'admin_blocked',
      'The Google account has Advanced Protection, which keeps this app out. Its owner or Workspace admin has to allow the app, or another account has to log in.',
    ),
    source: 'twentyhq/twenty#25148 (accounts with Advanced Protection); Codes ("400 policy_enforced")',
  },
  {
    errors: ['admin_policy_enforced', 'access_not_configured', 'app_blocked_by_admin', 'admin_blocked'],
    means: ADMIN_BLOCKS_APP,
    source: 'Codes ("400 admin_policy_enforced", "400 access_not_configured"); Guide',
  },
  {
    errors: ['access_denied', 'unauthorized_client'],
    says: /\badmin|polic(y|ies)|account (is )?restricted/i,
    means: ADMIN_BLOCKS_APP,
    source: 'Guide (admin_policy_enforced), said in the description instead of the code; no verbatim answer found',
  },
  {
    errors: ['org_internal'],
    means: misconfigured(
      'The Google app is only for people of its own organization. Log in with such an account, or set the audience of the app to External in the Google Cloud console.',
    ),
    source: 'Codes ("403 org_internal"); Guide',
  },
  {
    errors: ['access_denied'],
    says: /client not authorized|not completed the google verification|test(ers|ing)? user/i,
    means: OUR_CLIENT,
    source: 'Codes ("403 access_denied": the app is being tested and this person is not a test user)',
  },
  {
    errors: [
      'invalid_client',
      'invalid_client_id',
      'invalid_client_secret',
      'unauthorized_client',
      'deleted_client',
      'disabled_client',
      'restricted_client',
      'unknown_client',
      'unregistered_on_api_console',
    ],
    means: OUR_CLIENT,
    source:
      'Codes; AutoRclone#98 (deleted_client); testcasedb#22 (disabled_client); google-drive-audit#5 (unauthorized_client); PROVIDERS.md 5.c',
  },
  {
    errors: [
      'redirect_uri_mismatch',
      'origin_mismatch',
      'invalid_request',
      'invalid_scope',
      'unsupported_grant_type',
      'unsupported_response_type',
      'disallowed_useragent',
      'invalid_target',
      'deprecated_grant_type',
    ],
    means: OUR_REQUEST,
    source: 'Guide and Codes; RFC 6749 5.2 and 4.1.2.1',
  },
  {
    errors: ['access_denied'],
    means: rejected('The login was cancelled on the Google page.'),
    source: 'RFC 6749 4.1.2.1',
  },
  {
    errors: [
      'rate_limit_exceeded',
      'ratelimitexceeded',
      'userratelimitexceeded',
      'slow_down',
      'quota_exceeded',
      'too_many_requests',
    ],
    means: wait('Google asks to slow down with logins.'),
    source: 'support.google.com/cloud/answer/9028764 (OAuth rate limits); RFC 8628 3.5',
  },
  {
    errors: ['internal_failure', 'internal_error', 'server_error', 'temporarily_unavailable', 'backend_error', 'backenderror'],
    means: passes('Google had trouble of its own and asks to try again.'),
    source: 'google-auth-library-python _client.py retries internal_failure, server_error and temporarily_unavailable',
  },
]
