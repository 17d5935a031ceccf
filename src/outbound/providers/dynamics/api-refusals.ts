import { lacks, type Meaning, misconfigured, stale, wait } from '../meaning.ts'

export interface Refusal {
  /** In lower case; without it any, and none. */
  readonly codes?: readonly string[]
  /** What the message must say; without it any. */
  readonly says?: RegExp
  /** Only of a record, when others of the same answer were written; without it always. */
  readonly besideWritten?: true
  /** Only of a record of a push; without it also of any other request. */
  readonly ofRecords?: true
  readonly means: Meaning
  readonly source: string
}

export const SESSION_ENDED = stale('The Dynamics 365 session has ended and is renewed.')
export const USER_DISABLED = lacks(
  'access_lost',
  'The user who logged in is disabled in this Dynamics 365 environment. A Dynamics 365 admin has to enable the user there, or another user logs in.',
)
export const NO_LICENSE = lacks(
  'access_lost',
  'The user who logged in has no license for this Dynamics 365 environment. A Microsoft 365 admin has to assign one.',
)
export const NO_MEMBER = lacks(
  'access_lost',
  'The user who logged in is not a member of this Dynamics 365 environment. A Power Platform admin has to add the user there, or another user logs in.',
)
export const APP_BLOCKED = lacks(
  'admin_blocked',
  'An admin does not let this app use Dynamics 365. A Power Platform admin has to allow it for the environment.',
)
export const CLOSED = lacks(
  'admin_blocked',
  'The Dynamics 365 environment is in administration mode, so only admins get in. A Power Platform admin has to end it.',
)
export const ENVIRONMENT_OFF = lacks(
  'access_lost',
  'The Dynamics 365 environment is disabled or has expired. A Power Platform admin has to enable it.',
)
export const NO_ROOM = lacks(
  'admin_blocked',
  'The Dynamics 365 environment has no storage left. A Power Platform admin has to make room.',
)

/**
 * Refusals of the Web API that are about the login, the environment or us, by code; `record-refusals.ts` and `worded-refusals.ts` follow, and
 * the first match wins. All sources were
 * read in stored copies on 2026-11-24. "Codes" is the list of web service error codes with their messages
 * (https://learn.microsoft.com/en-us/power-apps/developer/data-platform/reference/web-service-error-codes), "Statuses" the table of
 * https://learn.microsoft.com/en-us/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors.
 */
export const API_REFUSALS: readonly Refusal[] = [
  // The person and the environment
  {
    codes: ['0x80040225', '0x8004a112'],
    means: USER_DISABLED,
    source:
      'Codes: unManagedidsusernotenabled ("The specified user is either disabled or is not a member of any business unit."), SystemUserDisabled',
  },
  {
    codes: ['0x80072560', '0x80044507', '0x80040226', '0x80041d28', '0x80041d2a'],
    means: NO_MEMBER,
    source:
      'Codes: UserNotMemberOfOrg, UserDoesNotHaveAccessToTheTenant, unManagedidsanonymousenabled ("The logged-in user was not found in the Active Directory.")',
  },
  {
    codes: ['0x8004d24b', '0x8004d24c', '0x80042f14', '0x80091042'],
    means: NO_LICENSE,
    source: 'Codes: UserNotAssignedLicense ("The user has not been assigned any License"), LicenseNotEnoughToActivate',
  },
  {
    codes: ['0x80042f09', '0x80042f0a'],
    means: lacks(
      'role_missing',
      'The user who logged in has no security role in this Dynamics 365 environment. A Dynamics 365 admin has to assign one.',
    ),
    source: 'Codes: UserNotAssignedRoles ("The user (Id = {0}) has not been assigned any roles."), TeamNotAssignedRoles',
  },
  {
    codes: ['0x8004a113'],
    means: CLOSED,
    source: 'Codes: UserDoesNotHaveAdminOnlyModePermissions',
  },
  {
    codes: ['0x8004a104', '0x8004d253', '0x8004b067', '0x8004415c', '0x8004415d'],
    means: ENVIRONMENT_OFF,
    source: 'Codes: OrganizationDisabled, OrganizationNotConfigured, OrgDoesNotExistInDiscoveryService, LicenseTrialExpired',
  },
  {
    codes: ['0x80095ffc'],
    means: APP_BLOCKED,
    source:
      'microsoft/PowerPlatform-DataverseServiceClient#528: 403 "Access to Dataverse API is restricted for this application Id"',
  },
  {
    codes: ['0x80072325'],
    means: NO_ROOM,
    source: 'Codes: AzureSqlDatabaseStorageQuotaExceededError ("The storage limit for the database has been met.")',
  },
  // The session
  {
    codes: ['0x8004a100', '0x8004a101', '0x8004a102', '0x8004a103', '0x8004a105', '0x8004a106', '0x8004a107', '0x8004a108'],
    means: SESSION_ENDED,
    source: 'Codes: BadAuthTicket, TamperedAuthTicket and the other tickets; Statuses, 401',
  },
  {
    codes: ['0x8005f101', '0x80072559'],
    means: SESSION_ENDED,
    source: 'Codes: AccessTokenExpired ("The requested resource requires authentication."), AADError',
  },
  // Limits
  {
    codes: ['0x80072321', '0x80072322', '0x80072326', '0x80072324', '0x8005f103'],
    means: wait('Dynamics 365 takes no more requests of this user for now.'),
    source:
      'https://learn.microsoft.com/en-us/power-apps/developer/data-platform/api-limits (the three service protection limits); Codes: Throttling',
  },
]

/** What stands in `WWW-Authenticate` of a 401, which often has no body. */
export const CHALLENGES: readonly { readonly says: RegExp; readonly means: Meaning; readonly source: string }[] = [
  {
    says: /insufficient_claims|claims="?[A-Za-z0-9+/=_-]{8,}/i,
    means: {
      kind: 'authorization_required',
      cause: 'login_policy',
      certain: false,
      explanation: 'Microsoft wants the user to log in in person again before Dynamics 365 takes more calls.',
    },
    source: 'https://learn.microsoft.com/en-us/entra/identity-platform/claims-challenge (2026-11)',
  },
  {
    says: /audience/i,
    means: misconfigured(
      'Dynamics 365 got a token that was made for another address. DYNAMICS_URL has to be the address of the environment itself.',
    ),
    source: 'IDX10214, as the Microsoft identity libraries word it',
  },
]
