import { lacks, misconfigured, wait } from '../meaning.ts'
import {
  APP_BLOCKED,
  CLOSED,
  ENVIRONMENT_OFF,
  NO_LICENSE,
  NO_MEMBER,
  NO_ROOM,
  type Refusal,
  SESSION_ENDED,
  USER_DISABLED,
} from './api-refusals.ts'
import { NO_PRIVILEGE, PASSES_SOON } from './record-refusals.ts'

const NETWORK_BLOCKED = lacks(
  'admin_blocked',
  'The Dynamics 365 environment does not let calls in from our network. A Power Platform admin has to allow its IP addresses.',
)

/**
 * Refusals by their words alone: for answers without a code ("frequently empty" by the documentation) or with one that no other row knows.
 * First match wins. Sources as in `api-refusals.ts`.
 */
export const WORDED_REFUSALS: readonly Refusal[] = [
  {
    says: /\buser ?(\(id ?= ?[^)]*\))? ?(account )?(is|was|has been) (either )?disabled|disabled user/i,
    means: USER_DISABLED,
    source: 'the message of unManagedidsusernotenabled as it is sent: "The specified user(Id = {0}) is disabled."',
  },
  {
    says: /not a member of the organi[sz]ation|user (was )?not found in the (active )?directory/i,
    means: NO_MEMBER,
    source: 'the messages of UserNotMemberOfOrg and unManagedidsanonymousenabled',
  },
  {
    says: /(not been assigned|has no|have|without) ((any|an?|the|required|valid|necessary|proper) )*licen[sc]e|not licensed|unlicensed user/i,
    means: NO_LICENSE,
    source: 'the messages of UserNotAssignedLicense and UserCannotEnableWithoutLicense',
  },
  {
    says: /admin(istration|istrator)?[- ]?(only )?mode/i,
    means: CLOSED,
    source: 'the message of UserDoesNotHaveAdminOnlyModePermissions; microsoft/PowerPlatform-DataverseServiceClient#135',
  },
  {
    says: /(organi[sz]ation|environment|instance)[^.]* (is|has been) (currently )?(disabled|deleted|suspended|expired)/i,
    means: ENVIRONMENT_OFF,
    source: 'the message of OrganizationDisabled; microsoft/coe-starter-kit#6734',
  },
  {
    says: /restricted for this application|application[^.]* (is )?(blocked|not allowed|not permitted)/i,
    means: APP_BLOCKED,
    source: 'microsoft/PowerPlatform-DataverseServiceClient#528',
  },
  {
    says: /ip (address|firewall)|firewall rule|your ip\b/i,
    means: NETWORK_BLOCKED,
    source: 'https://learn.microsoft.com/en-us/power-platform/admin/ip-firewall (no verbatim answer found)',
  },
  {
    says: /(storage|database|log|file) (capacity|quota|limit)[^.]*(exceeded|reached|met|full)|out of (storage|capacity)/i,
    means: NO_ROOM,
    source: 'the message of AzureSqlDatabaseStorageQuotaExceededError; no verbatim answer of the Web API found',
  },
  {
    says: /number of (concurrent )?requests exceeded|combined execution time|too many (concurrent )?requests|rate limit|thrott?led/i,
    means: wait('Dynamics 365 takes no more requests of this user for now.'),
    source: 'the messages of the three service protection limits',
  },
  {
    says: /ticket[^.]*(invalid|expired|tampered)|(access )?token[^.]*(is |has )?(expired|invalid)|requires authentication|lifetime validation failed|IDX1022[03]|authorization has been denied/i,
    means: SESSION_ENDED,
    source:
      'the messages of the tickets and AccessTokenExpired; "Authorization has been denied for this request." of ASP.NET Web API',
  },
  {
    says: /audience (validation failed|is invalid|'[^']*' is invalid)|IDX10214|invalid audience/i,
    means: misconfigured(
      'Dynamics 365 got a token that was made for another address. DYNAMICS_URL has to be the address of the environment itself.',
    ),
    source: 'IDX10214, as the Microsoft identity libraries word it',
  },
  {
    says: /(api|web api) version[^.]*(not supported|invalid|no longer|deprecated|retired)|version[^.]*of the (web )?api[^.]*not/i,
    means: misconfigured('Redkey asks Dynamics 365 for an API version that it does not offer any more.'),
    source: 'Statuses, "Version compatibility"; no verbatim answer found',
  },
  {
    says: /missing (the )?prv\w+|is missing (a )?privilege|lacks? (the )?privilege|not (hold|have) (the )?(necessary|required|sufficient|enough) (privilege|permission)s?|(not enough|insufficient) (privilege|permission)s?|does not have \w+ ?access right|access is denied|read permissions? to a secured/i,
    means: NO_PRIVILEGE,
    source: 'the messages of the codes above; "Principal user (Id=…, type=8) is missing prvWrite… privilege"',
  },
  {
    says: /dead ?lock|sql timeout|timeout expired|timed[- ]out|transient|temporar(y|ily)|try again (later|in a)|server is busy|service unavailable|another .{0,60}(is )?running|being (modified|updated) by another|locked by/i,
    means: PASSES_SOON,
    source: 'the messages of the codes above',
  },
]
