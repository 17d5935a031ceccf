import { authorize, lacks, type Meaning, misconfigured, passes, wait } from '../meaning.ts'

export interface TokenRefusal {
  /** HubSpot's own `status` or RFC 6749's `error`, compared without case; without it any. */
  readonly codes?: readonly string[]
  /** What `message` or `error_description` must say; without it anything. */
  readonly says?: RegExp
  /** Only at this stage; without it at both. */
  readonly at?: 'code' | 'refresh'
  readonly means: Meaning
  readonly source: string
}

const OUR_CLIENT = misconfigured('HubSpot does not accept the client id or the secret of the app that Redkey uses.')
const OUR_REQUEST = misconfigured(
  'HubSpot does not accept the request that Redkey makes: check the redirect URL and the scopes of the app in HubSpot.',
)
const START_AGAIN = authorize(
  'expired',
  'ambiguous',
  'The login was not completed in time or was used twice. It has to be started again.',
)
/** Ambiguous, since a wrong client id or secret was seen to be answered alike (airbytehq/airbyte#79592). */
const UNINSTALLED = authorize(
  'revoked',
  'ambiguous',
  'HubSpot says that the login is not valid any more, most often because the app was uninstalled from the HubSpot account.',
)
const ACCOUNT_GONE = authorize(
  'revoked',
  'ambiguous',
  'HubSpot says that the app is not connected to this HubSpot account any more, or that the account is gone.',
)

/**
 * Refusals of `/oauth/2026-03/token` and `/introspect`, first match wins. HubSpot lists no codes; it documents the form (`error` and
 * `error_description` of RFC 6749, beside its older `status` and `message`) and one example. Sources read in stored copies (2026-11).
 * "Guide": https://developers.hubspot.com/docs/api-reference/latest/authentication/manage-oauth-tokens
 */
export const TOKEN_REFUSALS: readonly TokenRefusal[] = [
  // Codes of HubSpot's own
  {
    codes: ['BAD_CLIENT_ID', 'BAD_CLIENT_SECRET', 'BAD_CLIENT', 'INVALID_CLIENT', 'UNAUTHORIZED_CLIENT'],
    means: OUR_CLIENT,
    source: 'bagofwords hubspot-mcp-preset.md (tried live: wrong secret); usertour hubspot-api.spec.ts (invalid_client)',
  },
  {
    codes: [
      'BAD_REDIRECT_URI',
      'MISMATCHING_REDIRECT_URI',
      'MISMATCH_REDIRECT_URI_AUTH_CODE',
      'REDIRECT_URI_MISMATCH',
      'BAD_GRANT_TYPE',
      'UNSUPPORTED_GRANT_TYPE',
      'UNSUPPORTED_RESPONSE_TYPE',
      'BAD_SCOPES',
      'INVALID_SCOPE',
    ],
    means: OUR_REQUEST,
    source: 'code index (test of a connector: "redirect uri mismatch"); bagofwords (BAD_SCOPES); RFC 6749 5.2',
  },
  {
    codes: ['BAD_AUTH_CODE', 'EXPIRED_AUTH_CODE', 'BAD_CODE_VERIFIER'],
    means: START_AGAIN,
    source: 'HGData/mk-node-hubspot#87 ("missing or unknown auth code"); hubspot-api-python#115; bagofwords (verifier)',
  },
  {
    codes: ['BAD_HUB'],
    means: ACCOUNT_GONE,
    source: 'PostHog test_oauth.py ("missing or unknown hub id", a portal that was deleted or disconnected); hull connector, 403',
  },
  {
    codes: ['BAD_REFRESH_TOKEN'],
    means: UNINSTALLED,
    source: 'Guide; nango.dev blog hubspot-oauth-bad-refresh-token ("missing or invalid refresh token"); NangoHQ/nango#7664',
  },
  // What the texts say, where the code is missing or general
  { says: /client.?(id|secret|credential)/i, means: OUR_CLIENT, source: 'the texts of BAD_CLIENT_ID and BAD_CLIENT_SECRET' },
  { says: /redirect.?ur[il]/i, means: OUR_REQUEST, source: 'the text of BAD_REDIRECT_URI' },
  {
    says: /auth(orization)?.?code|code.?(verifier|challenge)/i,
    means: START_AGAIN,
    source: 'the texts of BAD_AUTH_CODE and BAD_CODE_VERIFIER',
  },
  {
    codes: ['INVALID_REQUEST', 'VALIDATION_ERROR'],
    means: OUR_REQUEST,
    source: 'RFC 6749 5.2; the error schema of the OAuth spec',
  },
  { says: /hub.?id/i, means: ACCOUNT_GONE, source: 'the text of BAD_HUB' },
  {
    says: /\buser\b.*\b(deactivated|removed|inactive|disabled)\b/i,
    at: 'refresh',
    means: authorize(
      'user_inactive',
      'ambiguous',
      'HubSpot says that the user who logged in is not active any more. Another user has to log in.',
    ),
    source: 'no verbatim answer found; usertour ADR 0013 (authorizing user removed)',
  },
  { says: /refresh.?token/i, at: 'refresh', means: UNINSTALLED, source: 'the texts of BAD_REFRESH_TOKEN' },
  { codes: ['INVALID_GRANT'], at: 'code', means: START_AGAIN, source: 'RFC 6749 5.2' },
  { codes: ['INVALID_GRANT'], means: UNINSTALLED, source: 'Guide; RFC 6749 5.2' },
  { codes: ['ACCESS_DENIED'], means: ACCOUNT_GONE, source: 'the `error` beside BAD_HUB (PostHog test_oauth.py)' },
  {
    codes: ['APP_DISABLED', 'APP_SUSPENDED', 'APP_NOT_APPROVED'],
    means: lacks('admin_blocked', 'HubSpot has blocked the app. A super admin of the HubSpot account has to allow it.'),
    source: 'no verbatim answer found',
  },
  {
    codes: ['SERVER_ERROR', 'TEMPORARILY_UNAVAILABLE'],
    means: passes('HubSpot had trouble of its own and asks to try again.'),
    source: 'RFC 6749 4.1.2.1',
  },
  { codes: ['SLOW_DOWN'], means: wait('HubSpot asks to slow down.'), source: 'RFC 8628 3.5' },
]
