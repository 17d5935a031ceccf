import { lacks, passes, rejected } from '../meaning.ts'
import type { Refusal } from './api-refusals.ts'

export const PASSES_SOON = passes('Dynamics 365 was busy or the record was locked. It is tried again.')

/** `{names}`: the privileges, columns or tables that the message is about. */
export const NO_PRIVILEGE = lacks(
  'role_missing',
  'The Dynamics 365 user lacks {names}. A Dynamics 365 admin grants it with a security role.',
)
const SECURED_COLUMN = lacks(
  'role_missing',
  'A column of Dynamics 365 is secured, and the user may not write it. A Dynamics 365 admin adds the user to its column security profile.',
)
const NOT_THERE = lacks(
  'role_missing',
  'Dynamics 365 does not have {names}. A Dynamics 365 admin installs the Marketo Measure solution or adds it, or the mapping leaves it out.',
)
const NO_KEY = lacks(
  'role_missing',
  'The table in Dynamics 365 has no active alternate key on the column that holds the touchpoint id. A Dynamics 365 admin adds one in Power Apps, under Keys of the table, with that one column.',
)
const REFUSED_VALUE = rejected('Dynamics 365 does not accept a value of the record.')

/**
 * Refusals that are about a record, its table or its columns; first match wins. Sources as in `api-refusals.ts`, read in stored copies on
 * 2026-11-24. "Client errors" is
 * https://learn.microsoft.com/en-us/troubleshoot/power-platform/dataverse/dataverse-web-api-and-sdk/web-api-client-errors and its sister
 * page for the SDK (…/user-permissions/client-errors).
 */
export const RECORD_REFUSALS: readonly Refusal[] = [
  // It passes
  {
    codes: ['0x80060892', '0x80060882'],
    means: PASSES_SOON,
    source:
      'PROVIDERS.md 3.e: two upserts of one key at once, 412 DuplicateRecordEntityKey; Statuses, 412 (ConcurrencyVersionMismatch)',
  },
  {
    codes: ['0x80040265', '0x80040224', '0x80048550'],
    says: /dead ?lock|time[d ]?-?out|time limit|try (it )?again|is busy|connection (was )?(closed|reset)|worker process|sandbox (host|client|worker)/i,
    means: PASSES_SOON,
    source:
      'PROVIDERS.md 3.e: plug-ins fail transiently; https://learn.microsoft.com/en-us/troubleshoot/power-platform/dataverse/dataverse-plug-ins-errors',
  },
  {
    codes: ['0x80044150'],
    says: /truncat|conversion|converting|overflow|duplicate key|constraint|sql number: (8152|2628|8115|220|245|2627|2601|547)\b/i,
    means: REFUSED_VALUE,
    source:
      'Codes: unManagedidssqlerror ("Generic SQL error."), StringOrBinaryTruncation; numbers: https://learn.microsoft.com/en-us/sql/relational-databases/errors-events/database-engine-events-and-errors',
  },
  {
    codes: [
      '0x80040216',
      '0x80044150',
      '0x80044151',
      '0x80040255',
      '0x80040252',
      '0x8004ed47',
      '0x80154b53',
      '0x80048542',
      '0x80072323',
      '0x8005f104',
      '0x80061635',
      '0x8004b044',
    ],
    means: PASSES_SOON,
    source:
      'Codes: UnExpected, unManagedidssqlerror, unManagedidssqltimeouterror, TransactionAborted, TransactionNotCommited, AppLockTimeout, OperationFailedTryAgain, VersionedRowNotFoundInTempDB, AzureSqlDatabaseResourceLimitExceededError, NetworkIssue, AzureOperationResponseTimedOut, OrganizationMigrationUnderway',
  },
  // A right on the table or a column: every record would be refused alike
  {
    codes: ['0x80048306'],
    besideWritten: true,
    means: rejected('The record in Dynamics 365 is not shared with the user who logged in.'),
    source:
      'Client errors: "Principal with ID <guid> does not have CreateAccess right(s) for record with ID <guid>": the privilege check passed, the access check failed',
  },
  {
    codes: [
      '0x80040220',
      '0x80040231',
      '0x80040299',
      '0x80048306',
      '0x80048370',
      '0x80048405',
      '0x80070005',
      '0x80040256',
      '0x8005f102',
      '0x80154b50',
      '0x80090432',
      '0x800608f8',
      '0x800404bb',
      '0x8004020d',
      '0x800404a0',
    ],
    means: NO_PRIVILEGE,
    source:
      'Codes: PrivilegeDenied, PrincipalPrivilegeDenied, TargetPrincipalLacksReadPrivilege, unManagedIdsAccessDenied, AccessDenied, CrmSecurityError, Forbidden, NoUserPrivilege, InvalidAccessRights; Client errors ("Principal user is missing privilege on OTC for entity"); Statuses, 403',
  },
  {
    codes: ['0x80040276'],
    means: lacks(
      'admin_blocked',
      'Dynamics 365 does not allow new records of this table in the whole environment. A Power Platform admin has to allow it.',
    ),
    source: 'Codes: PrivilegeCreateIsDisabledForOrganization',
  },
  {
    codes: ['0x8004f502', '0x8004f503', '0x8004f504', '0x8004f507'],
    means: SECURED_COLUMN,
    source:
      'Codes: AttributePrivilegeCreateIsMissing, AttributePermissionReadIsMissing, AttributePermissionUpdateIsMissingDuringUpdate; Statuses, 403',
  },
  // The record
  {
    codes: ['0x80040265', '0x80040224', '0x80048550'],
    means: rejected('A rule or plug-in of the Dynamics 365 environment refused the record.'),
    source: 'Statuses, "Include more details with errors": 400 0x80040265 with the words of a plug-in; Codes',
  },
  {
    codes: ['0x80040237', '0x80040333', '0x8004e30a'],
    means: rejected('Dynamics 365 already has a record like it.'),
    source: 'Codes: DuplicateRecord ("Cannot insert duplicate key."), DuplicateRecordsFound, ObjectAlreadyExists',
  },
  {
    codes: ['0x80040217', '0x80060891', '0x80040353'],
    means: rejected('The record, or one that it points to, does not exist in Dynamics 365.'),
    source:
      'Codes: ObjectDoesNotExist, LookupNotFound; 404 "A record with the specified key values does not exist in … entity" (0x80060891)',
  },
  {
    says: /with ids? ?=/i,
    means: rejected('The record, or one that it points to, does not exist in Dynamics 365.'),
    source: 'Client errors: "Contact With Ids = <guid> Do Not Exist"',
  },
  // What the mapping names and the environment does not have. Of a whole request it is the request that is wrong.
  {
    says: /key in the request URI is not valid|(alternate|entity) key[^.]*(not (active|valid|found|defined)|pending|in progress)|use of unique key columns is required|invalid (alternate|entity) key/i,
    ofRecords: true,
    means: NO_KEY,
    source:
      'https://learn.microsoft.com/en-us/power-apps/developer/data-platform/use-alternate-key-reference-record ("Exceptions when using alternate keys with the Web API")',
  },
  {
    says: /could not find a property named|undeclared property|invalid property '|property '[^']*' does not exist|(does not|doesn't) contain (the )?(property|attribute)|(attribute|column)[^.]* (does not exist|could not be found|was not found|not found in the metadatacache)|resource not found for the segment/i,
    ofRecords: true,
    means: NOT_THERE,
    source:
      "Client errors: 400 \"Could not find a property named 'Name' on type 'Microsoft.Dynamics.CRM.account'.\", 404 \"Resource not found for the segment 'Account'.\"",
  },
  {
    codes: [
      '0x80044331',
      '0x80090429',
      '0x8004431a',
      '0x80061005',
      '0x80040203',
      '0x80040200',
      '0x80048d19',
      '0x80048d0b',
      '0x80040239',
      '0x80040258',
      '0x80041a07',
      '0x80041a01',
      '0x80041a02',
      '0x80044330',
      '0x80048408',
      '0x80048cec',
      '0x80048ceb',
    ],
    means: REFUSED_VALUE,
    source:
      'Codes: StringLengthTooLong, StringOrBinaryTruncation, PicklistValueOutOfRange, OptionSetValidationFailed, InvalidArgument, RequiredFieldMissing, ODataClientPayloadError, InvalidDateTime, unManagedidsxmlinvalidfield, DecimalValueOutOfRange, InvalidStateCodeStatusCode',
  },
  {
    codes: [
      '0x80060888',
      '0x8006088a',
      '0x8005f100',
      '0x80040315',
      '0x80040219',
      '0x8004023b',
      '0x80040227',
      '0x80040228',
      '0x8004022e',
    ],
    means: rejected('Dynamics 365 does not accept the request in this form.'),
    source:
      'Codes: BadRequest, NotSupported, NotImplemented, InvalidOperation, CannotDeleteDueToAssociation, CannotUpdateBecauseItIsReadOnly; Statuses, 405; Client errors, 404',
  },
]
