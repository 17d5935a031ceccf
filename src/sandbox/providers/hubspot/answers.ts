/**
 * What HubSpot answers, by its documentation and by what people pasted; read in stored copies (2026-11).
 * "Guide": developers.hubspot.com/docs/api-reference/latest/authentication/manage-oauth-tokens;
 * "Errors": developers.hubspot.com/docs/api-reference/error-handling; "Usage": …/developer-tooling/platform/usage-guidelines.
 */
export interface Refusal {
  readonly status: number
  readonly body: object
  readonly headers?: Readonly<Record<string, string>>
}

export const TOKEN_ERRORS = {
  /** Guide, verbatim: uninstalled, revoked or unknown. */
  badRefreshToken: refusal(400, {
    error: 'invalid_grant',
    error_description: 'refresh token is invalid, expired or revoked',
    status: 'BAD_REFRESH_TOKEN',
    message: 'refresh token is invalid, expired or revoked',
  }),
  /** The text until 2026: nango.dev/blog/hubspot-oauth-bad-refresh-token. */
  oldBadRefreshToken: refusal(400, { status: 'BAD_REFRESH_TOKEN', message: 'missing or invalid refresh token' }),
  /** PostHog test_oauth.py: the account was deleted. */
  badHub: refusal(400, { status: 'BAD_HUB', message: 'missing or unknown hub id', error: 'access_denied' }),
  /** Codes seen in public connectors (usertour, bagofwords); texts of the client ones from memory. @TODO source of the texts */
  badClientId: refusal(400, { status: 'BAD_CLIENT_ID', message: 'missing or invalid client id', error: 'invalid_client' }),
  badClientSecret: refusal(400, {
    status: 'BAD_CLIENT_SECRET',
    message: 'missing or invalid client secret',
    error: 'invalid_client',
  }),
  badRedirectUri: refusal(400, { status: 'BAD_REDIRECT_URI', message: 'redirect uri mismatch', error: 'invalid_grant' }),
  badGrantType: refusal(400, { status: 'BAD_GRANT_TYPE', message: 'bad grant type', error: 'unsupported_grant_type' }),
  /** HGData/mk-node-hubspot#87, with the standard's members that came in 2026. */
  badAuthCode: refusal(400, {
    error: 'invalid_grant',
    error_description: 'missing or unknown auth code',
    status: 'BAD_AUTH_CODE',
    message: 'missing or unknown auth code',
  }),
  /** HubSpot/hubspot-api-python#115 names the code only. */
  expiredAuthCode: refusal(400, { status: 'EXPIRED_AUTH_CODE', message: 'auth code expired', error: 'invalid_grant' }),
  /** bagofwords hubspot-mcp-preset.md names the code only. */
  badCodeVerifier: refusal(400, { status: 'BAD_CODE_VERIFIER', message: 'bad code verifier', error: 'invalid_grant' }),
} as const

export const API_ERRORS = {
  /** airbytehq/airbyte#74726, verbatim but for the ids. */
  expired: (at: Date) =>
    error(401, 'EXPIRED_AUTHENTICATION', 'The OAuth token used to make this call expired 0 second(s) ago.', {
      context: { 'expire time': [at.toISOString()] },
    }),
  /** HubSpot/hubspot-api-nodejs#432, verbatim. */
  noCredentials: error(
    401,
    'INVALID_AUTHENTICATION',
    'Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview',
  ),
  /** HubSpot/hubspot-api-nodejs#268; newer ones have `requiredGranularScopes` (community threads of 2026). */
  missingScopes: (scopes: readonly string[]) =>
    error(
      403,
      'MISSING_SCOPES',
      "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.",
      {
        errors: [{ message: 'One or more of the following scopes are required.', context: { requiredGranularScopes: scopes } }],
        links: { scopes: 'https://developers.hubspot.com/scopes' },
      },
    ),
  /** The category is in public connectors, for a user who lost super admin; the text is ours. @TODO source */
  userMayNot: error(403, 'USER_DOES_NOT_HAVE_PERMISSIONS', 'The user does not have the permissions to make this call.'),
  /** Usage, verbatim. */
  dailyLimit: refusal(429, {
    status: 'error',
    message: 'You have reached your daily limit.',
    errorType: 'RATE_LIMIT',
    correlationId: 'c033cdaa-2c40-4a64-ae48-b4cec88dad24',
    policyName: 'DAILY',
    requestId: '3d3e35b7-0dae-4b9f-a6e3-9c230cbcf8dd',
  }),
  /** hubspotdev/devslackarchive 2023-03-27, verbatim. */
  tenSecondLimit: refusal(429, {
    status: 'error',
    message: 'You have reached your ten_secondly_rolling limit.',
    errorType: 'RATE_LIMIT',
    correlationId: '20f98dfa-05b6-4d27-8d96-ecfde54ca211',
    policyName: 'TEN_SECONDLY_ROLLING',
    groupName: 'publicapi:private_app-api-calls-ten-secondly:1512050:26892217',
  }),
  /** Errors (423); the body is ours. @TODO source */
  locked: error(423, 'LOCKED', 'The records are locked by another request.'),
  /** Errors (477, Retry-After in seconds); the body is ours. @TODO source */
  migrating: { ...error(477, 'MIGRATION_IN_PROGRESS', 'Migration in progress'), headers: { 'retry-after': '3600' } },
  /** A probe of 438 endpoints, 2026-04. */
  notFound: refusal(404, { status: 'error', message: 'resource not found', correlationId: correlationId() }),
  /** Seen without `category`, 2026-08. */
  unknownObject: (name: string) =>
    refusal(400, { status: 'error', message: `Unable to infer object type from: ${name}`, correlationId: correlationId() }),
  /** segmentio/action-destinations#3957. */
  notUnique: (objectTypeId: string, property: string, hubId: number) =>
    error(
      400,
      'VALIDATION_ERROR',
      `Unable to perform update/upsert by non-unique ${objectTypeId} property ${property} in portal ID ${hubId}`,
    ),
  /** rudder-transformer, hs/network.ts. */
  duplicateIds: (ids: readonly string[]) =>
    error(400, 'VALIDATION_ERROR', `Duplicate IDs found in batch input: [${ids.join(', ')}]. IDs must be unique`, {
      context: { ids },
    }),
  /** The category is in public clients; the text is ours. @TODO source */
  nameTaken: (name: string) => error(409, 'OBJECT_ALREADY_EXISTS', `An object named '${name}' already exists.`),
  /** The guide of custom objects tells of the limit; the text is ours. @TODO source */
  objectsUsedUp: error(400, 'VALIDATION_ERROR', 'You have reached the limit of custom object definitions for this account.'),
  badDefinition: (message: string) => error(400, 'VALIDATION_ERROR', message),
  badJson: refusal(400, {
    status: 'error',
    message: 'Invalid input JSON on line 1, column 1: Cannot build BatchInputSimplePublicObjectBatchInputUpsert',
    correlationId: correlationId(),
  }),
  /** Usage: 100 records a batch; the text is ours. @TODO source */
  tooMany: error(400, 'VALIDATION_ERROR', 'The maximum number of records in a batch is 100'),
  serverError: refusal(500, { status: 'error', message: 'internal error', correlationId: correlationId() }),
} as const

/** HubSpot/hubspot-php#315: a gateway's page. */
export const BAD_GATEWAY_HTML =
  '<html>\n<head><title>502 Bad Gateway</title></head>\n<body bgcolor="white">\n<center><h1>502 Bad Gateway</h1></center>\n</body></html>\n'

/** One error of a batch. Errors, "Multi-status errors", verbatim but for the names. */
export function propertyError(errors: readonly PropertyError[], hubId: number, traceId: string | null): object {
  const told = errors.map(({ code, name, message }) => ({
    isValid: false,
    message,
    error: code,
    name,
    localizedErrorMessage: message,
    portalId: hubId,
  }))
  return batchError('VALIDATION_ERROR', `Property values were not valid: ${JSON.stringify(told)}`, traceId)
}

export interface PropertyError {
  readonly code: string
  readonly name: string
  readonly message: string
}

export function batchError(category: string, message: string, traceId: string | null): object {
  return { status: 'error', category, message, context: traceId === null ? {} : { objectWriteTraceId: [traceId] } }
}

function error(status: number, category: string, message: string, more: object = {}): Refusal {
  return refusal(status, { status: 'error', message, correlationId: correlationId(), category, ...more })
}

function refusal(status: number, body: object): Refusal {
  return { status, body }
}

/** Nobody reads it. */
function correlationId(): string {
  return 'aeb5f871-7f07-4993-9211-075dc63e7cbf'
}
