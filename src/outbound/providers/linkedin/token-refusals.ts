import { authorize, lacks, type Meaning, misconfigured, passes, wait } from '../meaning.ts'

export interface TokenRefusal {
  /** `error` of the body, compared without case; without it any. */
  readonly errors?: readonly string[]
  /** What `error_description` must say; without it any. */
  readonly says?: RegExp
  /** Only at this stage; without it at both. */
  readonly at?: 'code' | 'refresh'
  readonly means: Meaning
  readonly source: string
}

const OUR_CLIENT = misconfigured('LinkedIn does not accept the client id or the secret of the app that Redkey uses.')
const START_AGAIN = authorize(
  'expired',
  'ambiguous',
  'The login at LinkedIn was not completed in time or was used twice. It has to be started again.',
)

/**
 * Refusals of `/oauth/v2/accessToken`, first match wins. LinkedIn calls nearly everything `invalid_request`, so the text decides.
 * "Code" is learn.microsoft.com/linkedin/shared/authentication/authorization-code-flow (error details of 2026-01), "Client"
 * …/client-credentials-flow, "Refresh" …/programmatic-refresh-tokens. All read in stored copies (2026-11).
 */
export const TOKEN_REFUSALS: readonly TokenRefusal[] = [
  {
    says: /required parameter/i,
    means: misconfigured(
      'LinkedIn misses something that Redkey must send. The settings of the LinkedIn app in Redkey are incomplete.',
    ),
    source: 'Code, Client ("A required parameter "client_id" is missing")',
  },
  {
    errors: ['invalid_client', 'invalid_client_id', 'unauthorized_client', 'invalid_client_secret'],
    means: OUR_CLIENT,
    source: 'Client (401 invalid_client_id "Client authentication failed")',
  },
  {
    says: /client authentication failed|client_id is invalid|client_id doesn't match|client[_ ]secret|passed in client_id/i,
    means: OUR_CLIENT,
    source: 'Client; Code',
  },
  {
    errors: ['unauthorized_scope_error', 'invalid_scope', 'invalid_scope_error'],
    means: misconfigured(
      'The LinkedIn app of Redkey may not ask for what Redkey needs: it has to have the products Advertising API and Sign In with LinkedIn using OpenID Connect.',
    ),
    source: 'Code (400 "Invalid scope"); newbedev.com/unauthorized-scope-error-in-linkedin-oauth2-authentication',
  },
  {
    says: /redirect uri\/code verifier|redirect_uri doesn't match|redirect[_ ]uri.{0,30}(does not|doesn't) match/i,
    means: misconfigured(
      'The callback address of Redkey is not among those of the LinkedIn app, or the login took too long. Start it again; where that fails as well, the app has to be corrected.',
    ),
    source: 'Code (invalid_redirect_uri and invalid_request with one text for both); react-linkedin-login-oauth2#58',
  },
  {
    says: /authorization code/i,
    at: 'code',
    means: START_AGAIN,
    source: 'Code ("authorization code not found")',
  },
  {
    says: /authorization code (not found|expired|has expired|is invalid)/i,
    means: START_AGAIN,
    source: 'Code ("authorization code not found")',
  },
  {
    errors: ['invalid_redirect_uri'],
    means: misconfigured('The callback address of Redkey is not among those of the LinkedIn app.'),
    source: 'Code',
  },
  {
    says: /member.{0,20}(restricted|deactivated|suspended|blocked)/i,
    means: authorize(
      'user_inactive',
      'ambiguous',
      'LinkedIn has restricted the member who logged in. The member sees why at linkedin.com, or another person logs in.',
    ),
    source: 'no verbatim answer found',
  },
  {
    errors: ['invalid_grant'],
    at: 'code',
    means: START_AGAIN,
    source: 'RFC 6749 5.2',
  },
  {
    says: /\brevoked\b(?!.*expired)(?<!expired.*revoked)/i,
    means: authorize('revoked', 'certain', 'LinkedIn says that the member has taken the access back.'),
    source: 'Refresh ("LinkedIn reserves the right to revoke Refresh Tokens or Access Tokens at any time")',
  },
  {
    says: /(grant|token).{0,60}(invalid|expired|revoked)|(invalid|expired|revoked).{0,30}(grant|token)/i,
    means: authorize(
      'expired',
      'certain',
      'LinkedIn says that the login has expired or was taken back. It lasts a year at most.',
    ),
    source:
      'Refresh; nango.dev/blog/linkedin-oauth-refresh-token-invalid-grant; error table: invalid_request "The provided authorization grant or refresh token is invalid, expired or revoked"',
  },
  {
    errors: ['invalid_grant'],
    means: authorize('expired', 'ambiguous', 'LinkedIn does not accept the login any more.'),
    source: 'RFC 6749 5.2',
  },
  {
    errors: ['access_denied'],
    means: lacks(
      'admin_blocked',
      'LinkedIn does not give the app such a login. Whoever manages the LinkedIn app has to ask LinkedIn for the access.',
    ),
    source: 'Client (401 access_denied "This application is not allowed to create application tokens")',
  },
  {
    errors: ['unsupported_grant_type', 'unsupported_response_type'],
    means: OUR_CLIENT,
    source: 'RFC 6749 5.2',
  },
  {
    errors: ['server_error', 'temporarily_unavailable'],
    means: passes('LinkedIn had trouble of its own and asks to try again.'),
    source: 'RFC 6749 4.1.2.1',
  },
  {
    says: /throttle|too many requests|rate limit/i,
    means: wait('LinkedIn allows no more logins for now.'),
    source: 'learn.microsoft.com/linkedin/shared/api-guide/concepts/rate-limits',
  },
]
