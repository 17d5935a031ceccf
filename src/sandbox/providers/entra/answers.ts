/**
 * What Entra's token endpoint refuses, word by word where a source has it. "Codes" is
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes (read 2026-11); its envelope as well.
 */
interface EntraRefusal {
  readonly status: number
  readonly error: string
  readonly number: number
  readonly text: string
  readonly suberror?: string
}

export const ENTRA_REFUSALS = {
  // Codes; "The user might have changed or reset their password" as in many pasted answers
  revoked: refusal(
    'invalid_grant',
    50173,
    'The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password.',
    'bad_token',
  ),
  // Azure/azure-cli#14244
  inactive: refusal(
    'invalid_grant',
    700082,
    'The refresh token has expired due to inactivity. The token was issued on 2026-08-20T21:52:54.2810613Z and was inactive for 90.00:00:00.',
    'token_expired',
  ),
  // Codes
  signInFrequency: refusal(
    'invalid_grant',
    70043,
    'The refresh token has expired or is invalid due to sign-in frequency checks by conditional access.',
    'token_expired',
  ),
  // Codes
  mfa: refusal(
    'interaction_required',
    50076,
    'Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access the resource.',
    'basic_action',
  ),
  // Codes
  passwordExpired: refusal('invalid_grant', 50055, 'The password is expired.', 'user_password_expired'),
  // Codes
  consent: refusal(
    'invalid_grant',
    65001,
    'The user or administrator has not consented to use the application. Send an interactive authorization request for this user and resource.',
    'consent_required',
  ),
  // Azure/azure-cli#18945
  disabled: refusal('invalid_grant', 50057, 'The user account is disabled.'),
  // Codes
  deleted: refusal(
    'invalid_grant',
    50034,
    'The user account does not exist in the directory. To sign into this application, the account must be added to the directory.',
  ),
  // MartinIngesen/MSOLSpray#5
  conditionalAccess: refusal(
    'interaction_required',
    53003,
    'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
    'message_only',
  ),
  // Codes
  notAssigned: refusal(
    'invalid_grant',
    50105,
    'Your administrator has configured the application to block users unless they are specifically granted access to it.',
    'message_only',
  ),
  // Codes
  adminConsent: refusal(
    'access_denied',
    90094,
    'An administrator of the organization has set a policy that requires admin consent.',
  ),
  // microsoft/botframework-sdk#6221
  secretExpired: refusal('invalid_client', 7000222, 'The provided client secret keys are expired.'),
  // Codes
  secretWrong: refusal(
    'invalid_client',
    7000215,
    'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.',
  ),
  // Codes
  unknownApp: refusal(
    'unauthorized_client',
    700016,
    'Application was not found in the directory. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.',
  ),
  // Codes
  appDisabled: refusal('unauthorized_client', 7000112, 'The application is disabled.'),
  // learn.microsoft.com/advertising/guides/handle-service-errors-exceptions (2026-08)
  redirect: refusal(
    'invalid_client',
    50011,
    'The reply url specified in the request does not match the reply urls configured for the application.',
  ),
  // Codes
  scope: refusal('invalid_scope', 70011, "The provided value for the input parameter 'scope' is not valid."),
  // Codes
  usedCode: refusal(
    'invalid_grant',
    54005,
    'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
  ),
  // learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow (2026-11)
  expiredCode: refusal(
    'invalid_grant',
    70008,
    'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.',
  ),
  // Codes
  wrongVerifier: refusal(
    'invalid_grant',
    501481,
    'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
  ),
  // MicrosoftDocs/azure-docs#63819
  malformed: refusal('invalid_grant', 9002313, 'Invalid request. Request is malformed or invalid.'),
  // BingAds-Python-SDK#279
  wrongClient: refusal(
    'invalid_grant',
    70000,
    "The provided value for the input parameter 'refresh_token' or 'assertion' is not valid.",
  ),
  // Codes
  grantType: refusal('unsupported_grant_type', 70003, 'The app returned an unsupported grant type.'),
  // Azure/azure-sdk-for-python#14241
  transient: { ...refusal('temporarily_unavailable', 90033, 'A transient error has occurred. Please try again.'), status: 503 },
  // Codes
  throttled: { ...refusal('temporarily_unavailable', 90055, 'There are too many incoming requests.'), status: 429 },
} as const satisfies Record<string, EntraRefusal>

export type EntraRefusalName = keyof typeof ENTRA_REFUSALS

function refusal(error: string, number: number, text: string, suberror?: string): EntraRefusal {
  const status = error === 'invalid_client' ? 401 : 400
  return { status, error, number, text, ...(suberror !== undefined && { suberror }) }
}

/** `error` and `error_description`, as both endpoints word them. */
export function saidOf(name: EntraRefusalName, now: Date): { readonly error: string; readonly error_description: string } {
  const { error, number, text } = ENTRA_REFUSALS[name]
  const [trace, correlation] = ['0000aaaa-11bb-cccc-dd22-eeeeee333333', 'aaaa0000-bb11-2222-33cc-444444dddddd']
  return {
    error,
    error_description: `AADSTS${number}: ${text}\r\nTrace ID: ${trace}\r\nCorrelation ID: ${correlation}\r\nTimestamp: ${timestamp(now)}`,
  }
}

/** The whole body of a refusal of the token endpoint. */
export function bodyOf(name: EntraRefusalName, now: Date): object {
  const { number, suberror }: EntraRefusal = ENTRA_REFUSALS[name]
  return {
    ...saidOf(name, now),
    error_codes: [number],
    timestamp: timestamp(now),
    trace_id: '0000aaaa-11bb-cccc-dd22-eeeeee333333',
    correlation_id: 'aaaa0000-bb11-2222-33cc-444444dddddd',
    error_uri: `https://login.microsoftonline.com/error?code=${number}`,
    ...(suberror && { suberror }),
  }
}

function timestamp(now: Date): string {
  return `${now.toISOString().slice(0, 19).replace('T', ' ')}Z`
}

/** A page from the edge, as a load balancer sends it. */
export const UNAVAILABLE_HTML = '<html><head><title>Our services are not available right now</title></head><body></body></html>\n'
