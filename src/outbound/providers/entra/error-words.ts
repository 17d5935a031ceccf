import { authorize, type Meaning, rejected, wait } from '../meaning.ts'
import {
  CODES,
  CONSENT,
  EXPIRED,
  INTERACTION,
  INVALID,
  OUR_APP,
  OUR_REDIRECT,
  OUR_REQUEST,
  OUR_SECRET,
  PASSWORD,
  POLICY,
  TROUBLE,
} from './meanings.ts'

export interface EntraError {
  /** `error` or `suberror` of the body, compared without case. */
  readonly errors: readonly string[]
  readonly says?: RegExp
  readonly means: Meaning
  readonly source: string
}

/**
 * `suberror`, for numbers that no row knows: https://learn.microsoft.com/dotnet/api/microsoft.identity.client.uirequiredexceptionclassification
 * (2026-11) and the server's words that MSAL lists (InteractionRequiredAuthErrorCodes, 2026-11).
 */
export const ENTRA_SUBERRORS: readonly EntraError[] = [
  { errors: ['message_only', 'protection_policy_required'], means: POLICY, source: 'MessageOnly: the issue cannot be resolved' },
  {
    errors: ['basic_action', 'additional_action', 'ux_not_allowed', 'interrupted_user'],
    means: INTERACTION,
    source: 'BasicAction, AdditionalAction',
  },
  { errors: ['consent_required'], means: CONSENT, source: 'ConsentRequired' },
  { errors: ['user_password_expired'], means: PASSWORD, source: 'UserPasswordExpired' },
  { errors: ['token_expired'], means: EXPIRED, source: 'MSAL error constants' },
  { errors: ['bad_token', 'device_authentication_failed'], means: INVALID, source: 'MSAL error constants' },
  { errors: ['client_mismatch'], means: OUR_REQUEST, source: 'MSAL error constants' },
]

/** `error`, the contract, for everything that no number decides; first match wins. */
export const ENTRA_ERRORS: readonly EntraError[] = [
  {
    errors: ['invalid_grant', 'invalid_request', 'invalid_client', 'server_error', 'interaction_required'],
    says: /transient error|temporarily unavailable|try again (later|in a few)/i,
    means: TROUBLE,
    source: 'text of 90033, 90041, 50087, 90006',
  },
  {
    errors: ['invalid_request'],
    says: /refresh.?token.*(invalid|expired|revoked|not valid)|(invalid|expired|revoked|not valid).*refresh.?token/i,
    means: INVALID,
    source: 'RFC 6749 5.2 calls that invalid_grant; by analogy with other providers that answer so',
  },
  {
    errors: ['invalid_grant'],
    says: /'?redirect_uri'? is not valid|redirect uri/i,
    means: OUR_REDIRECT,
    source: 'learn.microsoft.com/advertising/guides/handle-service-errors-exceptions#invalid-redirect-uri, 2026-11',
  },
  {
    errors: ['invalid_grant'],
    says: /could not be authenticated|grant is expired/i,
    means: authorize('expired', 'ambiguous', 'Microsoft says that the login has expired or was revoked.'),
    source: 'learn.microsoft.com/advertising/guides/authentication-oauth-get-tokens, 2026-11',
  },
  { errors: ['invalid_grant', 'expired_token', 'bad_token'], means: INVALID, source: CODES },
  {
    errors: ['interaction_required', 'login_required', 'account_selection_required'],
    means: INTERACTION,
    source: CODES,
  },
  { errors: ['consent_required'], means: CONSENT, source: 'OpenID Connect Core 3.1.2.6' },
  { errors: ['invalid_client'], means: OUR_SECRET, source: CODES },
  { errors: ['unauthorized_client'], means: OUR_APP, source: CODES },
  {
    errors: ['invalid_request', 'invalid_scope', 'invalid_resource', 'unsupported_grant_type', 'unsupported_response_type'],
    means: OUR_REQUEST,
    source: `${CODES}; "Public clients can't send a client secret." (learn.microsoft.com/advertising/guides/authentication-oauth-get-tokens)`,
  },
  {
    errors: ['access_denied'],
    means: rejected('The login was cancelled or refused on the Microsoft page.'),
    source: 'RFC 6749 4.1.2.1',
  },
  {
    errors: ['slow_down', 'rate_limit_exceeded', 'too_many_requests'],
    means: wait('Microsoft asks to slow down.'),
    source: 'RFC 8628 3.5',
  },
  {
    errors: ['temporarily_unavailable', 'server_error', 'service_unavailable', 'request_timeout'],
    means: TROUBLE,
    source: CODES,
  },
]
