/**
 * What Dataverse answers, by its documentation and by what people pasted; read in stored copies on 2026-11-24. "Codes":
 * https://learn.microsoft.com/en-us/power-apps/developer/data-platform/reference/web-service-error-codes, with the messages as listed there.
 * "Statuses": https://learn.microsoft.com/en-us/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors
 */
export interface Refusal {
  readonly status: number
  readonly body: object | string
  readonly headers?: Readonly<Record<string, string>>
}

export const ANSWERS = {
  /** seanmcne/Microsoft.Xrm.Data.PowerShell#131: no body, only the header tells. */
  noSession: (origin: string, loginUrl: string): Refusal => ({
    status: 401,
    body: '',
    headers: {
      'WWW-Authenticate': `Bearer error=invalid_token, error_description=Error during token validation!, authorization_uri=${loginUrl}/organizations/oauth2/authorize, resource_id=${origin}/`,
    },
  }),
  /** Codes; 403 and verbatim in microsoft/powercat-business-approvals-kit#293. */
  notMember: refusal(403, '0x80072560', 'The user is not a member of the organization.'),
  /** The code of Codes, the message as it is really sent (microsoft/terraform-provider-power-platform docs). */
  userDisabled: refusal(403, '0x80040225', 'The specified user(Id = {0}) is disabled.'),
  /** Codes. The status is that of its neighbours. @TODO source of the status */
  noLicense: refusal(403, '0x8004D24B', 'The user has not been assigned any License'),
  /** microsoft/PowerPlatform-DataverseServiceClient#528, verbatim but for the id. */
  appBlocked: refusal(
    403,
    '0x80095ffc',
    "Access to Dataverse API is restricted for this application Id : '6731de76-14a6-49ae-97bc-6eba6914391e'. Please contact your administrator for more information.",
  ),
  /** Codes. The status is that of its neighbours. @TODO source of the status */
  adminMode: refusal(
    403,
    '0x8004A113',
    'User does not have required privileges (or role membership) to access the org when it is in Admin Only mode.',
  ),
  /** Codes; the words also in microsoft/coe-starter-kit#6734. @TODO source of the status */
  disabled: refusal(
    403,
    '0x8004A104',
    'The Dynamics 365 organization you are attempting to access is currently disabled.  Please contact your system administrator',
  ),
  /** https://learn.microsoft.com/en-us/power-platform/admin/ip-firewall, verbatim. The status as in public connectors' tests. */
  ipBlocked: refusal(
    403,
    '0x80095ffe',
    'The request you are trying to make is rejected as access to your ip is blocked. Contact your administrator for more information.',
  ),
  /** Codes. The status is that of its neighbours. @TODO source of the status */
  noRole: (userId: string) => refusal(403, '0x80042f09', `The user (Id = ${userId}) has not been assigned any roles.`),
  /** https://learn.microsoft.com/en-us/entra/identity-platform/claims-challenge, the header; whether Dataverse sends it is not documented. */
  wantsClaims: (loginUrl: string): Refusal => ({
    status: 401,
    body: '',
    headers: {
      'WWW-Authenticate': `Bearer realm="", authorization_uri="${loginUrl}/organizations/oauth2/authorize", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwidmFsdWUiOiIxNjA0MTA2NjUxIn19fQ=="`,
    },
  }),
  /** Codes: AzureSqlDatabaseStorageQuotaExceededError. @TODO source of the status */
  full: refusal(500, '0x80072325', 'The storage limit for the database has been met.'),
  /** Codes: UnExpected. */
  unexpected: refusal(500, '0x80040216', 'An unexpected error occurred.'),
  /** https://learn.microsoft.com/en-us/troubleshoot/power-platform/dataverse/dataverse-web-api-and-sdk/web-api-client-errors, verbatim. */
  noSegment: (segment: string) => refusal(404, '0x8006088a', `Resource not found for the segment '${segment}'.`),
  /** Codes: ObjectDoesNotExist, with the message of a record. */
  noRecord: (table: string, id: string) => refusal(404, '0x80040217', `Entity '${table}' With Id = ${id} Does Not Exist`),
  /** The words are those of the MetadataCache in many threads. @TODO source of code and status */
  noTable: (table: string) =>
    refusal(
      404,
      '0x80060888',
      `Could not find an entity with name ${table} and MetadataId 00000000-0000-0000-0000-000000000000.`,
    ),
  /** https://learn.microsoft.com/en-us/power-apps/developer/data-platform/use-alternate-key-reference-record, verbatim. @TODO source of the code */
  noKey: (table: string) =>
    refusal(
      400,
      '0x80060888',
      `The key in the request URI is not valid for resource 'Microsoft.Dynamics.CRM.${table}'. Ensure that the names and number of key properties match the declared or alternate key properties for the resource 'Microsoft.Dynamics.CRM.${table}'.`,
    ),
  /** MicrosoftDocs/powerapps-docs#1895: a key with `#` or `/` in it. @TODO source of the code */
  badSyntax: refusal(400, '0x80060888', 'Bad Request - Error in query syntax.'),
  /** The documented error of a payload (Codes: ODataClientPayloadError) with the reader's words. */
  badPayload: (table: string, inner: string) =>
    refusal(
      400,
      '0x80048d19',
      `Error identified in Payload provided by the user for Entity :'${table}', For more information on this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ---->  InnerException : Microsoft.OData.ODataException: ${inner}`,
    ),
  /** …/webapi/execute-batch-operations-using-web-api, "Handling errors", verbatim but for the names. */
  tooLong: (column: string, table: string, most: number) =>
    refusal(
      400,
      '0x80044331',
      `A validation error occurred.  The length of the '${column}' attribute of the '${table}' entity exceeded the maximum allowed length of '${most}'.`,
    ),
  /** microsoft/powerplatform-build-tools#1384, the words. Codes: CustomizationLockException. @TODO source of the status */
  customizing: refusal(
    429,
    '0x80071151',
    'Cannot start the requested operation [EntityCustomization] because there is another [Import] running at this moment. Use Solution History for more details.',
  ),
  /** @TODO source of the code and the words */
  alreadyThere: (name: string) => refusal(400, '0x80047013', `An item with the name ${name} already exists.`),
  /** https://learn.microsoft.com/en-us/troubleshoot/power-platform/dataverse/user-permissions/client-errors; the words as pasted in many threads. */
  noPrivilege: (privilege: string, table: string, userId: string) =>
    refusal(
      403,
      '0x80040220',
      `Principal user (Id=${userId}, type=8, roleCount=1, privilegeCount=12, accessMode='0 Read-Write') is missing ${privilege} privilege (Id=5f4e2a9c-0000-4000-8000-000000000000) on OTC=10045 for entity '${table}'. context.Caller=${userId}`,
    ),
  /** …/user-permissions/client-errors: the privilege check passed, and the access check failed; verbatim but for the ids. */
  notShared: refusal(
    403,
    '0x80048306',
    'Principal with ID 0b1c2d3e-0000-4000-8000-000000000000 does not have WriteAccess right(s) for record with ID 1c2d3e4f-0000-4000-8000-000000000000 of entity bizible2_bizible_touchpoint',
  ),
  /** Codes: AttributePrivilegeCreateIsMissing. */
  securedOnCreate: refusal(
    403,
    '0x8004F502',
    'The user does not have create permissions to a secured field. The requested operation could not be completed.',
  ),
  /** Codes: AttributePermissionUpdateIsMissingDuringUpdate. */
  securedOnUpdate: refusal(
    403,
    '0x8004F507',
    "The user doesn't have AttributePrivilegeUpdate and not granted shared access for a secured attribute during update operation",
  ),
  /** 412 and the code: PROVIDERS.md 3.e; the words: delegateas/XrmMockup's tests against the real service. */
  keyTaken: (column: string) =>
    refusal(
      412,
      '0x80060892',
      `A record that has the attribute values ${column} already exists. The entity key ${column} requires that this set of attributes contains unique values. Select unique values and try again.`,
    ),
  /** Codes: unManagedidssqltimeouterror. */
  locked: refusal(500, '0x80044151', 'SQL timeout expired.'),
  /** Statuses, "Include more details with errors": the words of a plug-in. */
  plugin: (message: string) => refusal(400, '0x80040265', message),
  /** https://learn.microsoft.com/en-us/power-apps/developer/data-platform/api-limits, the three limits; Retry-After in seconds. */
  limits: {
    requests: limit('0x80072322', 'Number of requests exceeded the limit of 6000 over time window of 300 seconds.', 30),
    time: limit(
      '0x80072321',
      'Combined execution time of incoming requests exceeded limit of 1,200,000 milliseconds over time window of 300 seconds. Decrease number of concurrent requests or reduce the duration of requests and try again later.',
      120,
    ),
    concurrent: limit('0x80072326', 'Number of concurrent requests exceeded the limit of 52.', 5),
  },
} as const

/** A gateway's page, as when an environment is moved or under maintenance. */
export const DOWN_HTML =
  '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN"><HTML><HEAD><TITLE>Service Unavailable</TITLE></HEAD><BODY><h2>Service Unavailable</h2><hr><p>HTTP Error 503. The service is unavailable.</p></BODY></HTML>'

function refusal(status: number, code: string, message: string): Refusal {
  return { status, body: { error: { code, message } } }
}

function limit(code: string, message: string, seconds: number): Refusal {
  return { ...refusal(429, code, message), headers: { 'Retry-After': String(seconds) } }
}
