import { lacks, passes, rejected } from '../meaning.ts'
import type { ApiRefusal } from './api-refusals.ts'

const PASSES_SOON = passes('Salesforce was busy or the record was locked. It is tried again.')

/** Said of an object or a field, named by `{names}`; a permission set of the package usually grants it. */
const NOT_OURS_TO_WRITE = lacks(
  'role_missing',
  'The Salesforce user may not see or write {names}. A Salesforce admin grants it with a permission set, or installs the package.',
)

/**
 * Refusals by code that are about a record, its object or its fields, alike as `errorCode` of a whole answer and as `statusCode` of a
 * record; first match wins. Sources as in `api-refusals.ts`, read in stored copies on 2026-11-23.
 */
export const RECORD_REFUSALS: readonly ApiRefusal[] = [
  // It passes
  {
    codes: ['CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'CANNOT_EXECUTE_FLOW_TRIGGER', 'APEX_ERROR'],
    says: /UNABLE_TO_LOCK_ROW|time ?out|timed out|time limit exceeded|Too many |LimitException|exclusive access/i,
    means: PASSES_SOON,
    source: 'PROVIDERS.md 2.e: a lock or a limit inside a trigger',
  },
  {
    codes: [
      'UNABLE_TO_LOCK_ROW',
      'SERVER_UNAVAILABLE',
      'REQUEST_RUNNING_TOO_LONG',
      'QUERY_TIMEOUT',
      'UNKNOWN_EXCEPTION',
      'INTERNAL_SERVER_ERROR',
      'SERVICE_UNAVAILABLE',
      'DATACLOUD_API_UNAVAILABLE',
      'PLATFORM_EVENT_PUBLISHING_UNAVAILABLE',
      'TERRITORY_REALIGN_IN_PROGRESS',
      'FAILED_WRITE',
      'INSERT_UPDATE_EXPERIENCE_NOT_ALLOWED_DURING_MAINTENANCE',
      'INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE',
    ],
    means: PASSES_SOON,
    source:
      'Adobe ("server too busy", "unable to obtain exclusive access to this record", "Your query request was running too long")',
  },
  {
    codes: ['ALL_OR_NONE_OPERATION_ROLLED_BACK', 'PROCESSING_HALTED'],
    means: passes('Salesforce undid this record because of another one. It is tried again.'),
    source: 'developer.salesforce.com resources_composite_sobjects_collections_create.htm',
  },
  {
    codes: ['INVALID_FIELD', 'INVALID_FIELD_FOR_INSERT_UPDATE'],
    says: /foreign key external id|cannot specify id/i,
    means: rejected(
      'The record, or one that it points to, does not exist, is locked, or is not shared with the Salesforce user.',
    ),
    source: 'code index: "Foreign key external ID: 0116 not found for field … in entity …" under INVALID_FIELD',
  },
  {
    codes: ['INVALID_FIELD', 'INVALID_TYPE', 'INVALID_TYPE_FOR_OPERATION'],
    says: /ERROR at Row:\d+:Column|does not support query/i,
    means: rejected('Salesforce does not accept the query: it names an object or a field that is not there.'),
    source:
      'how SOQL names the place of an error (amp-labs/connectors, tests of a missing object; tap-salesforce Blacklisting.md)',
  },
  // A right of the login on an object or field: every record would be refused alike
  {
    codes: ['CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'INSUFFICIENT_ACCESS_OR_READONLY'],
    says: /entity type cannot be (inserted|updated)|entity is not (insert|updat)able/i,
    means: NOT_OURS_TO_WRITE,
    source: 'code index: 400 "entity type cannot be inserted: Contact" for a user without Create',
  },
  {
    // Others of the same object were written, so the login has the right on it; the words are the same in both cases
    codes: ['INSUFFICIENT_ACCESS_OR_READONLY', 'INSUFFICIENT_ACCESS'],
    besideWritten: true,
    means: rejected('The record is locked or not shared with the Salesforce user.'),
    source:
      'agentforceaccess.com "insufficient access rights on object id" (the right on the object, or sharing); help 000389692 (a lock)',
  },
  {
    codes: ['NOT_FOUND'],
    says: /external ID field does not exist/i,
    means: NOT_OURS_TO_WRITE,
    source: 'developer.salesforce.com dome_upsert.htm users: "Provided external ID field does not exist or is not accessible"',
  },
  {
    codes: [
      'INVALID_FIELD',
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      'INVALID_TYPE',
      'INVALID_TYPE_FOR_OPERATION',
      'INSUFFICIENT_ACCESS',
      'INSUFFICIENT_ACCESS_OR_READONLY',
      'NO_ACCESS',
      'MISSING_PERMISSION',
    ],
    means: NOT_OURS_TO_WRITE,
    source: 'Adobe INVALID_TYPE, INVALID_FIELD_FOR_INSERT_UPDATE, INSUFFICIENT_ACCESS_OR_READONLY',
  },
  // The record or the request
  {
    codes: ['DUPLICATE_VALUE', 'DUPLICATE_EXTERNAL_ID', 'DUPLICATES_DETECTED'],
    means: rejected('Salesforce already has a record like it.'),
    source: 'Codes; code index (DUPLICATES_DETECTED: "Use one of these records?")',
  },
  {
    codes: [
      'REQUIRED_FIELD_MISSING',
      'FIELD_CUSTOM_VALIDATION_EXCEPTION',
      'FIELD_FILTER_VALIDATION_EXCEPTION',
      'FIELD_INTEGRITY_EXCEPTION',
      'CANNOT_UPDATE_CONVERTED_LEAD',
      'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
      'CANNOT_EXECUTE_FLOW_TRIGGER',
    ],
    means: rejected('A rule of the Salesforce org refused the record.'),
    source: 'Adobe',
  },
  {
    codes: [
      'INVALID_CROSS_REFERENCE_KEY',
      'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
      'INVALID_ID_FIELD',
      'MALFORMED_ID',
      'ENTITY_IS_DELETED',
      'ENTITY_IS_LOCKED',
      'NOT_FOUND',
      'INACTIVE_OWNER_OR_USER',
    ],
    means: rejected(
      'The record, or one that it points to, does not exist, is locked, or is not shared with the Salesforce user.',
    ),
    source: 'Codes; Adobe ENTITY_IS_LOCKED, INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
  },
  {
    codes: [
      'STRING_TOO_LONG',
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      'INVALID_EMAIL_ADDRESS',
      'NUMBER_OUTSIDE_VALID_RANGE',
      'MISSING_ARGUMENT',
    ],
    means: rejected('Salesforce does not accept a value of the record.'),
    source: 'Codes',
  },
  {
    codes: [
      'JSON_PARSER_ERROR',
      'MALFORMED_QUERY',
      'EXCEEDED_ID_LIMIT',
      'METHOD_NOT_ALLOWED',
      'INVALID_QUERY_LOCATOR',
      'OPERATION_TOO_LARGE',
      'REQUEST_TOO_LARGE',
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    means: rejected('Salesforce does not accept the request in this form.'),
    source: 'Codes; restforce#726 (EXCEEDED_ID_LIMIT)',
  },
]
