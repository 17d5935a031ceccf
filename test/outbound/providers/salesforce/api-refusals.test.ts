import { describe, expect, test } from 'vitest'
import { API_REFUSALS } from '../../../../src/outbound/providers/salesforce/api-refusals.ts'
import { RECORD_REFUSALS } from '../../../../src/outbound/providers/salesforce/record-refusals.ts'
import { readApiAnswer, readApiRefusal, readRecordErrors } from '../../../../src/outbound/providers/salesforce/verdicts.ts'
import { anAnswer } from './an-answer.ts'

type Row = readonly [status: number, code: string, message: string, kind: string, cause?: string]

const SAID: readonly Row[] = [
  [401, 'INVALID_SESSION_ID', 'Session expired or invalid', 'refresh'],
  [401, 'INVALID_SESSION_ID', 'This session is not valid for use with the REST API', 'permission', 'admin_blocked'],
  [401, 'INVALID_SESSION_ID', 'The connected app was blocked by an administrator', 'permission', 'admin_blocked'],
  [401, 'INVALID_AUTH_HEADER', 'INVALID_HEADER_TYPE', 'refresh'],
  [
    403,
    'INVALID_OPERATION_WITH_EXPIRED_PASSWORD',
    'The users password has expired',
    'authorization_required',
    'password_changed',
  ],
  [
    401,
    'INVALID_LOGIN',
    'Invalid username, password, security token; or user locked out.',
    'authorization_required',
    'password_changed',
  ],
  [403, 'INACTIVE_OWNER_OR_USER', 'the running user is inactive', 'authorization_required', 'user_inactive'],
  [400, 'INACTIVE_OWNER_OR_USER', 'operation performed with inactive user [005] as owner', 'rejected'],
  [403, 'LOGIN_CHALLENGE_ISSUED', 'Computer activation required', 'authorization_required', 'login_policy'],
  [403, 'LOGIN_DURING_RESTRICTED_DOMAIN', 'restricted', 'permission', 'admin_blocked'],
  [403, 'LOGIN_DURING_RESTRICTED_TIME', 'restricted', 'permission', 'admin_blocked'],
  [403, 'ORG_LOCKED', 'The organization has been locked', 'permission', 'access_lost'],
  [403, 'TRIAL_EXPIRED', '', 'permission', 'access_lost'],
  [403, 'API_DISABLED_FOR_ORG', 'The REST API is not enabled for this Organization.', 'permission', 'admin_blocked'],
  [403, 'API_CURRENTLY_DISABLED', 'API is disabled for this user', 'permission', 'admin_blocked'],
  [403, 'FUNCTIONALITY_NOT_ENABLED', 'not enabled', 'permission', 'admin_blocked'],
  [
    403,
    'TXN_SECURITY_NO_ACCESS',
    "The operation you requested isn't allowed due to a security policy",
    'permission',
    'admin_blocked',
  ],
  [400, 'LIMIT_EXCEEDED', 'ApiBatchItems Limit exceeded.', 'rate_limited'],
  [400, 'LIMIT_EXCEEDED', 'Max bulk v2 query jobs (10000) per 24 hrs has been reached', 'rate_limited'],
  [400, 'LIMIT_EXCEEDED', 'limit on custom fields', 'permission', 'admin_blocked'],
  [400, 'STORAGE_LIMIT_EXCEEDED', 'storage limit exceeded', 'permission', 'admin_blocked'],
  [403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.', 'rate_limited'],
  [403, 'REQUEST_LIMIT_EXCEEDED', 'ConcurrentRequests (Concurrent API Requests) Limit exceeded.', 'rate_limited'],
  [503, 'REQUEST_LIMIT_EXCEEDED', 'ConcurrentPerOrgLongTxn Limit exceeded.', 'rate_limited'],
  [410, 'UNSUPPORTED_API_VERSION', 'This version of the API is no longer supported.', 'misconfigured'],
  [401, 'URL_NOT_RESET', 'Destination URL not reset', 'misconfigured'],
  [500, 'UNKNOWN_EXCEPTION', 'An unexpected error occurred.', 'transient'],
  [503, 'SERVER_UNAVAILABLE', 'server too busy', 'transient'],
  [400, 'TERRITORY_REALIGN_IN_PROGRESS', 'x', 'transient'],
  [400, 'TOO_MANY_APEX_REQUESTS', 'Too many Apex requests', 'rate_limited'],
  [400, 'PACKAGE_LICENSE_REQUIRED', 'No package license is assigned', 'permission', 'admin_blocked'],
  [400, 'UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record', 'transient'],
  [400, 'QUERY_TIMEOUT', 'Your query request was running too long.', 'transient'],
  [400, 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'Trg: System.DmlException: UNABLE_TO_LOCK_ROW', 'transient'],
  [400, 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'Trg: System.LimitException: Too many SOQL queries: 101', 'transient'],
  [400, 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'entity type cannot be inserted: Touchpoint', 'permission', 'role_missing'],
  [400, 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'Trg: execution of BeforeInsert caused by: NullPointerException', 'rejected'],
  [400, 'ALL_OR_NONE_OPERATION_ROLLED_BACK', 'Record rolled back', 'transient'],
  [404, 'NOT_FOUND', 'Provided external ID field does not exist or is not accessible: Key__c', 'permission', 'role_missing'],
  [404, 'NOT_FOUND', 'The requested resource does not exist', 'rejected'],
  [400, 'INVALID_FIELD', "SELECT Foo__c\nERROR at Row:1:Column:8\nNo such column 'Foo__c' on entity 'Bar__c'", 'rejected'],
  [400, 'INVALID_TYPE_FOR_OPERATION', 'entity type Bar__c does not support query', 'rejected'],
  [400, 'INVALID_FIELD', "No such column 'Foo__c' on sobject of type Bar__c", 'permission', 'role_missing'],
  [400, 'INVALID_FIELD', 'Foreign key external ID: 0116 not found for field Ext__c in entity Lead', 'rejected'],
  [
    400,
    'INVALID_FIELD_FOR_INSERT_UPDATE',
    'Unable to create/update fields: A__c, B__c. Please check',
    'permission',
    'role_missing',
  ],
  [400, 'INVALID_TYPE', "sObject type 'Bar__c' is not supported.", 'permission', 'role_missing'],
  [403, 'INSUFFICIENT_ACCESS', "You don't have access to this record.", 'permission', 'role_missing'],
  [400, 'INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id', 'permission', 'role_missing'],
  [400, 'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY', 'insufficient access rights on cross-reference id: 0123456', 'rejected'],
  [400, 'DUPLICATES_DETECTED', 'Use one of these records?', 'rejected'],
  [400, 'DUPLICATE_VALUE', 'duplicate value found', 'rejected'],
  [400, 'REQUIRED_FIELD_MISSING', 'Required fields are missing: [Name]', 'rejected'],
  [400, 'FIELD_CUSTOM_VALIDATION_EXCEPTION', 'Pick a campaign', 'rejected'],
  [400, 'STRING_TOO_LONG', 'data value too large', 'rejected'],
  [400, 'ENTITY_IS_LOCKED', 'the entity is locked for editing', 'rejected'],
  [400, 'JSON_PARSER_ERROR', 'Cannot deserialize instance of date from VALUE_STRING value x', 'rejected'],
  [400, 'MALFORMED_QUERY', 'unexpected token', 'rejected'],
  [400, 'A_CODE_OF_2031', 'nobody knows it', 'rejected'],
  [403, 'A_CODE_OF_2031', 'nobody knows it', 'permission', 'role_missing'],
  [403, 'APEX_REST_SERVICES_DISABLED', 'Apex REST services are disabled', 'permission', 'admin_blocked'],
  [401, 'A_CODE_OF_2031', 'nobody knows it', 'refresh'],
  [500, 'A_CODE_OF_2031', 'nobody knows it', 'transient'],
]

describe('a refusal of the REST API', () => {
  for (const [status, errorCode, message, kind, cause] of SAID) {
    test(`${status} ${errorCode}, ${message}, is ${kind} ${cause ?? ''}`, () => {
      expect(readApiRefusal(anAnswer(status, [{ errorCode, message }]))).toMatchObject({
        kind,
        code: errorCode,
        ...(cause && { cause }),
      })
    })
  }

  test('means the same without the brackets of an array', () => {
    for (const [status, errorCode, message, kind] of SAID) {
      expect(readApiRefusal(anAnswer(status, { errorCode, message })).kind).toBe(kind)
    }
  })

  test('only an expired password proves by itself that somebody must log in', () => {
    const certain = SAID.map(([status, errorCode, message]) => readApiRefusal(anAnswer(status, [{ errorCode, message }]))).filter(
      (verdict) => verdict.kind === 'authorization_required' && verdict.certain,
    )
    expect(new Set(certain.map(({ code }) => code))).toEqual(new Set(['INVALID_OPERATION_WITH_EXPIRED_PASSWORD']))
  })

  test('names the object and the fields that a right is missing for', () => {
    const explain = (errorCode: string, message: string, fields: string[] = []) =>
      readApiRefusal(anAnswer(400, [{ errorCode, message, fields }])).explanation
    expect(explain('INVALID_FIELD_FOR_INSERT_UPDATE', 'Unable to create/update fields: A__c, B__c. Please')).toContain(
      'A__c, B__c',
    )
    expect(explain('INVALID_FIELD', "No such column 'Foo__c' on sobject of type Bar__c")).toContain('Foo__c')
    expect(explain('INVALID_TYPE', "sObject type 'Bar__c' is not supported.")).toContain('Bar__c')
    expect(explain('INVALID_FIELD', 'no', ['Held__c'])).toContain('Held__c')
    expect(explain('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id')).toContain(
      'this object or field',
    )
  })
})

describe('an answer without a code', () => {
  test.each<[number, string, string]>([
    [403, 'Bad_OAuth_Token', 'refresh'],
    [403, 'Missing_OAuth_Token\n', 'refresh'],
    [401, '<html>401</html>', 'refresh'],
    [401, '', 'refresh'],
    [403, '<html>Forbidden by a proxy</html>', 'transient'],
    [404, '<html>URL No Longer Exists</html>', 'transient'],
    [420, '<html>Enhance Your Calm</html>', 'transient'],
    [302, '', 'transient'],
    [300, '["/services/data/v67.0/sobjects/Lead/00Q"]', 'rejected'],
    [410, '', 'misconfigured'],
    [413, '<html>Request Entity Too Large</html>', 'rejected'],
    [429, '', 'rate_limited'],
    [500, '<html>An internal server error has occurred</html>', 'transient'],
    [503, '<html>We are down for maintenance.</html>', 'transient'],
    [200, '<html>We are down for maintenance.</html>', 'transient'],
  ])('%i %s is %s', (status, body, kind) => {
    expect(readApiRefusal(anAnswer(status, body)).kind).toBe(kind)
  })

  test('JSON that is nested without end is only an unknown answer', () => {
    const nested = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)
    expect(readApiRefusal(anAnswer(400, '', { json: nested })).kind).toBe('transient')
    expect(readApiAnswer(anAnswer(200, '', { json: nested }))).toBeNull()
  })

  test('an error object of some gateway goes by its status', () => {
    expect(readApiRefusal(anAnswer(503, { error: { message: 'Service Unavailable' } })).kind).toBe('transient')
  })
})

describe('an error that is not JSON', () => {
  test.each<[string, number, string, string, string]>([
    [
      'Bulk API 1.0',
      400,
      '<?xml version="1.0"?>\n<error xmlns="http://www.force.com/2009/06/asyncapi/dataload">\n<exceptionCode>InvalidSessionId</exceptionCode>\n<exceptionMessage>Unable to find session id</exceptionMessage>\n</error>',
      'refresh',
      'InvalidSessionId',
    ],
    [
      'REST in XML',
      404,
      '<Errors><Error><errorCode>NOT_FOUND</errorCode><message>The requested resource does not exist</message></Error></Errors>',
      'rejected',
      'NOT_FOUND',
    ],
    [
      'SOAP',
      500,
      '<soapenv:Envelope><soapenv:Body><soapenv:Fault><faultcode>sf:INVALID_LOGIN</faultcode><faultstring>INVALID_LOGIN: Invalid username, password</faultstring></soapenv:Fault></soapenv:Body></soapenv:Envelope>',
      'authorization_required',
      'INVALID_LOGIN',
    ],
    [
      'SOAP without a code that is known',
      500,
      '<soapenv:Fault><faultcode>soapenv:Client</faultcode><faultstring>Element is not valid</faultstring></soapenv:Fault>',
      'transient',
      'Client',
    ],
    [
      'words of a library',
      403,
      'Restforce::ForbiddenError: REQUEST_LIMIT_EXCEEDED: TotalRequests Limit exceeded.',
      'rate_limited',
      'REQUEST_LIMIT_EXCEEDED',
    ],
    ['words in capitals that are no code', 403, 'SOME_PROXY_SAYS: no', 'transient', 'http_403'],
    ['a page with a code in it', 503, '<html>INVALID_SESSION_ID</html>', 'transient', 'http_503'],
  ])('%s', (_name, status, text, kind, code) => {
    expect(readApiRefusal(anAnswer(status, text))).toMatchObject({ kind, code })
  })

  test('of a job of Bulk API 2.0 that failed counts under 200', () => {
    const job = { id: '750', state: 'Failed', errorMessage: 'InvalidBatch : Field name not found : Stage__c' }
    expect(readApiAnswer(anAnswer(200, job))).toMatchObject({ kind: 'rejected', code: 'InvalidBatch' })
    expect(readApiAnswer(anAnswer(200, { ...job, state: 'JobComplete', errorMessage: null }))).toBeNull()
  })
})

describe('an answer that may be a success', () => {
  test.each<[string, number, unknown]>([
    ['limits', 200, { DailyApiRequests: { Max: 1, Remaining: 1 } }],
    ['records that were written', 200, [{ id: 'a0B', success: true, created: true, errors: [] }]],
    ['a tree that was written', 201, { hasErrors: false, results: [{ referenceId: 'r', id: 'a0B' }] }],
    ['nothing', 204, ''],
    ['an empty list', 200, []],
  ])('%s refuses nothing', (_name, status, body) => {
    expect(readApiAnswer(anAnswer(status, body))).toBeNull()
  })

  const locked = { statusCode: 'UNABLE_TO_LOCK_ROW', message: 'unable to obtain exclusive access', fields: [] }
  const missing = { statusCode: 'REQUIRED_FIELD_MISSING', message: 'Required fields are missing: [Name]', fields: ['Name'] }
  const undone = { statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK', message: 'rolled back', fields: [] }
  const hidden = {
    statusCode: 'INVALID_FIELD_FOR_INSERT_UPDATE',
    message: 'Unable to create/update fields: A__c.',
    fields: ['A__c'],
  }
  const refused = (...errors: unknown[]) => ({ success: false, errors })

  test.each<[string, unknown, string, string]>([
    ['a locked record', [{ id: 'a', success: true, errors: [] }, refused(locked)], 'transient', 'UNABLE_TO_LOCK_ROW'],
    ['a record without a field', [refused(missing)], 'rejected', 'REQUIRED_FIELD_MISSING'],
    ['a tree', { hasErrors: true, results: [{ referenceId: 'r', errors: [missing] }] }, 'rejected', 'REQUIRED_FIELD_MISSING'],
    ['a single record', { id: null, success: false, errors: [missing] }, 'rejected', 'REQUIRED_FIELD_MISSING'],
    ['the cause, not what it undid', [refused(undone), refused(missing)], 'rejected', 'REQUIRED_FIELD_MISSING'],
    ['what was undone alone', [refused(undone)], 'transient', 'ALL_OR_NONE_OPERATION_ROLLED_BACK'],
    [
      'a missing right before all',
      [refused(missing), refused(locked), refused(hidden)],
      'permission',
      'INVALID_FIELD_FOR_INSERT_UPDATE',
    ],
    [
      'composite',
      { compositeResponse: [{ body: [{ errorCode: 'DUPLICATE_VALUE', message: '' }], httpStatusCode: 400 }] },
      'rejected',
      'DUPLICATE_VALUE',
    ],
    [
      'a record that is not shared beside one that was written',
      [
        { id: 'a', success: true, errors: [] },
        refused({
          statusCode: 'INSUFFICIENT_ACCESS_OR_READONLY',
          message: 'insufficient access rights on object id',
          fields: [],
        }),
      ],
      'rejected',
      'INSUFFICIENT_ACCESS_OR_READONLY',
    ],
    ['a failure without a reason', [{ success: false, errors: [] }], 'transient', 'http_200'],
  ])('%s', (_name, body, kind, code) => {
    expect(readApiAnswer(anAnswer(200, body))).toMatchObject({ kind, code })
  })
})

describe('the errors of one record', () => {
  const read = (statusCode: string, message: string, fields: string[] = []) => readRecordErrors([{ statusCode, message, fields }])

  test('a lock is tried again', () => {
    expect(read('UNABLE_TO_LOCK_ROW', 'unable to obtain')).toEqual({
      kind: 'retry',
      code: 'UNABLE_TO_LOCK_ROW',
      message: 'unable to obtain',
    })
  })

  test('a rule sets the record aside, with the field and the words of Salesforce', () => {
    expect(read('REQUIRED_FIELD_MISSING', 'Required fields are missing: [Name]', ['Name'])).toEqual({
      kind: 'rejected',
      code: 'REQUIRED_FIELD_MISSING',
      message: 'Required fields are missing: [Name]',
      field: 'Name',
    })
  })

  test('a missing right holds everything', () => {
    const outcome = read('INVALID_FIELD_FOR_INSERT_UPDATE', 'Unable to create/update fields: A__c.', ['A__c'])
    expect(outcome).toMatchObject({ kind: 'held', verdict: { kind: 'permission', cause: 'role_missing' } })
  })

  test('a code that nobody knows sets the record aside and not the others', () => {
    expect(read('A_CODE_OF_2031', 'x')).toMatchObject({ kind: 'rejected', code: 'A_CODE_OF_2031', field: null })
  })

  test.each(['INVALID_SESSION_ID', 'REQUEST_LIMIT_EXCEEDED', 'UNSUPPORTED_API_VERSION'])(
    '%s of a trigger is tried again',
    (code) => {
      expect(read(code, 'x').kind).toBe('retry')
    },
  )

  test('errors in an unknown form are tried again', () => {
    for (const errors of [[], ['no'], [null], [{ message: 'no code' }]]) expect(readRecordErrors(errors).kind).toBe('retry')
  })

  test('e-mail addresses and long texts of a record stay out of its message', () => {
    const outcome = read('INVALID_EMAIL_ADDRESS', `Email: invalid email address: ana.ruiz@example ${'x'.repeat(400)}`)
    expect(outcome.kind === 'rejected' && outcome.message).toMatch(/^Email: invalid email address: \[e-mail\] x+…$/)
    expect(outcome.kind === 'rejected' && outcome.message.length).toBe(200)
  })
})

test('every row is reached by an example or by its name, has a source, and speaks to people', () => {
  for (const { codes, source, says, means } of [...API_REFUSALS, ...RECORD_REFUSALS]) {
    expect(codes.every((code) => /^[A-Z_]+$/.test(code))).toBe(true)
    expect(source).not.toBe('')
    expect(means.explanation).toMatch(/^[A-Z].*\.$/)
    expect(
      SAID.some(([, code, message]) => codes.includes(code) && (says?.test(message) ?? true)),
      `no example of ${codes[0]}`,
    ).toBe(true)
  }
})
