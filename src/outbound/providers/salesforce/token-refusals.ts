import { authorize, lacks, type Meaning, misconfigured, passes, rejected, wait } from '../meaning.ts'

export interface TokenRefusal {
  /** `error` of the body, compared without case. */
  readonly errors: readonly string[]
  /** What `error_description` must say; without it any. */
  readonly says?: RegExp
  /** Only at this stage; without it at both. */
  readonly at?: 'code' | 'refresh'
  readonly means: Meaning
  readonly source: string
}

const ADMIN_BLOCKS_APP = lacks(
  'admin_blocked',
  'A Salesforce admin has to allow the app for this user: approve it, install it in the org, or widen its "Permitted Users" policy.',
)
const OUR_CLIENT = misconfigured(
  'Salesforce does not accept the client id, the secret or the settings of the app that Redkey uses.',
)
const START_AGAIN = authorize(
  'expired',
  'ambiguous',
  'The login was not completed in time or was used twice. It has to be started again.',
)

/**
 * Refusals of `/services/oauth2/token`, first match wins. All sources were read in stored copies on 2026-11-23.
 * "Errors" is help.salesforce.com xcloud.remoteaccess_oauth_flow_errors; "Adobe" is its Salesforce Diagnostics page
 * (experienceleague.adobe.com, Sales Connect), which quotes what customers' orgs really answered.
 */
export const TOKEN_REFUSALS: readonly TokenRefusal[] = [
  {
    errors: ['invalid_grant'],
    says: /already being processed/i,
    means: passes('Salesforce is still working on another refresh of the same login.'),
    source:
      "release note Summer '24 rn_security_refresh_token_error, quoted by segmentio/action-destinations#2300 after a load test",
  },
  {
    errors: ['invalid_grant'],
    says: /expired authorization code/i,
    at: 'refresh',
    means: passes('Salesforce is still working on another refresh of the same login.'),
    source: 'the text of the same refusal until September 2024: segmentio/action-destinations#2300',
  },
  {
    errors: ['invalid_grant'],
    says: /authorization code|code verifier|code challenge/i,
    at: 'code',
    means: START_AGAIN,
    source: 'salesforce.stackexchange.com 330168: expired, used and unknown codes, and a wrong verifier',
  },
  {
    errors: ['invalid_grant'],
    says: /rate exceeded|logins exceeded|limit exceeded/i,
    means: wait('Salesforce allows no more logins of this user for now.'),
    source: 'help.salesforce.com 000381578: 3,600 logins an hour and user',
  },
  {
    errors: ['invalid_grant'],
    says: /try again|retry your request|temporarily|unavailable|maintenance|internal (server )?error/i,
    means: passes('Salesforce had trouble of its own and asks to try again.'),
    source: 'the words of unknown_error and of the maintenance pages (salto-io/salto#2834, restforce#860)',
  },
  {
    errors: ['invalid_grant'],
    says: /expired access\/refresh token/i,
    means: authorize('expired', 'certain', 'Salesforce says that the login was revoked or has expired.'),
    source: 'Errors; jsforce#1656, restforce#81; Adobe EXPIRED_ACCESS',
  },
  {
    errors: ['inactive_user', 'invalid_grant'],
    says: /inactive user|user is inactive|user.*(deactivated|frozen)/i,
    means: authorize(
      'user_inactive',
      'certain',
      'Salesforce says that the user who logged in is not active any more. Another user has to log in.',
    ),
    source: 'restforce#303 ("invalid_grant: inactive user"); Adobe INACTIVE_USER',
  },
  {
    errors: ['inactive_user'],
    means: authorize(
      'user_inactive',
      'certain',
      'Salesforce says that the user who logged in is not active any more. Another user has to log in.',
    ),
    source: 'Salesforce list of OAuth errors, as quoted by its mobile SDKs',
  },
  {
    errors: ['inactive_org', 'invalid_grant'],
    says: /inactive org|org.* is inactive|org.*(locked|suspended)/i,
    means: lacks(
      'access_lost',
      'Salesforce says that the org is not active any more. Its owner has to reactivate it with Salesforce.',
    ),
    source: 'Adobe INACTIVE_ORGANIZATION ("invalid_grant: inactive organization")',
  },
  {
    errors: ['inactive_org'],
    means: lacks(
      'access_lost',
      'Salesforce says that the org is not active any more. Its owner has to reactivate it with Salesforce.',
    ),
    source: 'Salesforce list of OAuth errors, as quoted by its mobile SDKs',
  },
  {
    errors: ['invalid_grant'],
    says: /ip restricted|restricted ip|ip address|login hours|restricted (time|domain)/i,
    means: lacks(
      'admin_blocked',
      'Salesforce does not let this user log in from our network or at this time. A Salesforce admin has to widen the IP ranges or login hours.',
    ),
    source: 'Adobe INVALID_GRANT ("invalid_grant: ip restricted"); gravityplus/Gravity-Forms-Salesforce#272 (login hours)',
  },
  {
    errors: ['invalid_grant'],
    says: /scopes? defined|grant type|client (credentials|identifier|secret)|consumer (key|secret)|redirect.?ur[il]|on this domain|audience|assertion/i,
    means: OUR_CLIENT,
    source:
      'sf-connected-apps skill ("no valid scopes defined", Winter \'26); Errors ("Audience validation failed"); salesforcedictionary.com invalid-oauth-grant ("authentication failure - invalid client credentials", "redirect uri does not match configuration")',
  },
  {
    errors: ['invalid_grant', 'access_denied', 'invalid_client', 'invalid_request', 'unauthorized_client'],
    says: /admin approved|not installed|blocked|not approved for access/i,
    means: ADMIN_BLOCKS_APP,
    source: 'the text of invalid_app_access, seen under several codes (learn.microsoft.com Copilot for Sales)',
  },
  {
    errors: ['invalid_grant'],
    says: /approved this consumer/i,
    means: authorize(
      'revoked',
      'certain',
      'Salesforce says that the user has not approved the app, or has taken the approval back.',
    ),
    source: 'omniphx/forrest#278; JitendraZaa/OAuthFlows#1',
  },
  {
    errors: ['invalid_grant'],
    says: /password.*expired|expired password/i,
    means: authorize(
      'password_changed',
      'certain',
      'The password of the Salesforce user has expired. The user has to set a new one and log in again.',
    ),
    source: 'no verbatim answer found; by analogy with INVALID_OPERATION_WITH_EXPIRED_PASSWORD',
  },
  {
    errors: ['invalid_grant'],
    says: /authentication failure|invalid username|locked out/i,
    means: authorize(
      'password_changed',
      'ambiguous',
      'Salesforce refused the login, most often because the password was changed or the user was locked out.',
    ),
    source:
      'nango.dev blog salesforce-oauth-refresh-token-invalid-grant; Adobe AUTHENTICATION_FAILURE; "out of the blue" in nforce#149, hence ambiguous',
  },
  {
    errors: ['invalid_grant'],
    says: /multi-?factor|two-?factor|\bmfa\b|verification|high.assurance|challenge/i,
    means: authorize('login_policy', 'ambiguous', 'Salesforce wants the user to log in in person, with verification.'),
    source: 'no verbatim answer found; Login Event Type LOGIN_CHALLENGE_ISSUED (developer.salesforce.com)',
  },
  {
    errors: ['invalid_grant'],
    at: 'code',
    means: START_AGAIN,
    source: 'RFC 6749 5.2; developer.salesforce.com web server flow: a missing verifier is an invalid_grant',
  },
  {
    errors: ['invalid_grant'],
    means: authorize('revoked', 'ambiguous', 'Salesforce does not accept the login any more.'),
    source: 'RFC 6749 5.2; texts without a row, such as "activation secret invalid" (restforce#826)',
  },
  {
    errors: ['invalid_request'],
    says: /code.?(challenge|verifier)/i,
    means: START_AGAIN,
    source: 'developer.salesforce.com web server flow: a challenge that does not match is an invalid_request',
  },
  {
    errors: ['invalid_client', 'invalid_client_id', 'invalid_request'],
    says: /must be installed|not installed in this org/i,
    means: ADMIN_BLOCKS_APP,
    source: 'nango.dev/blog/fix-salesforce-oauth-approval-error-generic ("app must be installed into org")',
  },
  {
    errors: ['invalid_client', 'invalid_client_id', 'invalid_client_credentials', 'unauthorized_client'],
    means: OUR_CLIENT,
    source: 'nango.dev (invalid client credentials); "client identifier invalid" in SalesforceMobileSDK tests',
  },
  {
    errors: [
      'redirect_uri_mismatch',
      'redirect_uri_missing',
      'invalid_scope',
      'invalid_request',
      'unsupported_grant_type',
      'unsupported_response_type',
    ],
    means: misconfigured(
      'Salesforce does not accept the request that Redkey makes: check the callback URL, the scopes and the flows of the app.',
    ),
    source: 'Salesforce list of OAuth errors; aaronhuggins/sf-jwt-token#1 ("grant type not supported")',
  },
  {
    errors: [
      'invalid_app_access',
      'app_not_found',
      'oauth_app_access_denied',
      'oauth_app_blocked',
      'oauth_authorization_blocked',
      'oauth_ec_app_not_found',
      'oauth_approval_error_generic',
    ],
    means: ADMIN_BLOCKS_APP,
    source:
      'code index ("user is not admin approved to access this app", "External client app is not installed in this org"); n8n#21589; forcedotcom/mcp-hosted#10, #47',
  },
  {
    errors: ['access_denied', 'access-denied'],
    means: rejected('The login was cancelled on the Salesforce page.'),
    source: 'Errors',
  },
  {
    errors: ['rate_limit_exceeded', 'slow_down'],
    means: wait('Salesforce allows no more logins of this user for now.'),
    source: 'Salesforce list of OAuth errors ("number of logins exceeded")',
  },
  {
    errors: ['unknown_error', 'server_error', 'temporarily_unavailable'],
    means: passes('Salesforce had trouble of its own and asks to try again.'),
    source: 'amazon-connect-salesforce-lambda#43, salto-io/salto#2834 ("unknown_error: retry your request"); RFC 6749 4.1.2.1',
  },
]
