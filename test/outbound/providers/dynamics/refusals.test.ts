import { describe, expect, test } from 'vitest'
import { API_REFUSALS } from '../../../../src/outbound/providers/dynamics/api-refusals.ts'
import { RECORD_REFUSALS } from '../../../../src/outbound/providers/dynamics/record-refusals.ts'
import { readApiAnswer, readApiRefusal, readRecordRefusal } from '../../../../src/outbound/providers/dynamics/verdicts.ts'
import { WORDED_REFUSALS } from '../../../../src/outbound/providers/dynamics/worded-refusals.ts'
import { anAnswer } from '../salesforce/an-answer.ts'

type Row = readonly [status: number, code: string, message: string, kind: string, cause?: string]

/** Codes and messages of the documentation, with the placeholders filled in; the statuses are those of its table. */
const SAID: readonly Row[] = [
  [
    403,
    '0x80040225',
    'The specified user is either disabled or is not a member of any business unit.',
    'permission',
    'access_lost',
  ],
  [401, '0x8004A112', 'The system user was disabled therefore the ticket expired.', 'permission', 'access_lost'],
  [403, '0x80072560', 'The user is not a member of the organization.', 'permission', 'access_lost'],
  [403, '0x8004D24B', 'The user has not been assigned any License', 'permission', 'access_lost'],
  [403, '0x80042f09', 'The user (Id = 1) has not been assigned any roles.', 'permission', 'role_missing'],
  [403, '0x8004A113', 'User does not have required privileges … Admin Only mode.', 'permission', 'admin_blocked'],
  [
    403,
    '0x8004A104',
    'The Dynamics 365 organization you are attempting to access is currently disabled.',
    'permission',
    'access_lost',
  ],
  [403, '0x80095ffc', 'Access to Dataverse API is restricted for this application Id', 'permission', 'admin_blocked'],
  [401, '0x8004A102', 'The ticket specified for authentication is invalid', 'refresh'],
  [401, '0x8005F101', 'The requested resource requires authentication.', 'refresh'],
  [429, '0x80072322', 'Number of requests exceeded the limit of 6000 over time window of 300 seconds.', 'rate_limited'],
  [429, '0x80072321', 'Combined execution time of incoming requests exceeded limit of 1,200,000 milliseconds', 'rate_limited'],
  [429, '0x80072326', 'Number of concurrent requests exceeded the limit of 52.', 'rate_limited'],
  [503, '0x80072321', 'Service protection limit exceeded', 'rate_limited'],
  [403, '0x80040220', 'Principal user (Id=1, type=8) is missing prvWriteaccount privilege', 'permission', 'role_missing'],
  [403, '0x80040231', 'Target user or team does not hold required privileges.', 'permission', 'role_missing'],
  [
    403,
    '0x80048306',
    'Principal with ID 1 does not have WriteAccess right(s) for record with ID 2',
    'permission',
    'role_missing',
  ],
  [403, '0x8004F507', "The user doesn't have AttributePrivilegeUpdate", 'permission', 'role_missing'],
  [403, '0x80040276', 'Privilege Create is disabled for organization.', 'permission', 'admin_blocked'],
  [500, '0x80072325', 'The storage limit for the database has been met.', 'permission', 'admin_blocked'],
  [500, '0x80040216', 'An unexpected error occurred.', 'transient'],
  [500, '0x80044151', 'SQL timeout expired.', 'transient'],
  [500, '0x80044150', 'Generic SQL error. Transaction was deadlocked', 'transient'],
  [400, '0x80044150', 'Generic SQL error. String or binary data would be truncated', 'rejected'],
  [400, '0x80044150', 'Generic SQL error. CRM ErrorCode: -2147204784 Sql Number: 8152', 'rejected'],
  [500, '0x80044150', 'Generic SQL error. CRM ErrorCode: -2147204784 Sql Number: 1205', 'transient'],
  [412, '0x80060892', 'A record that has the attribute values Key already exists.', 'transient'],
  [412, '0x80060882', "The version of the existing record doesn't match the RowVersion property provided.", 'transient'],
  [412, '0x80040237', 'Cannot insert duplicate key.', 'rejected'],
  [412, '0x80040333', 'A record was not created or updated because a duplicate exists.', 'rejected'],
  [404, '0x80040217', "Entity 'contact' With Id = 1 Does Not Exist", 'rejected'],
  [404, '0x80060891', 'A record with the specified key values does not exist in account entity', 'rejected'],
  [404, '0x8006088a', "Resource not found for the segment 'Account'.", 'rejected'],
  [400, '0x80040265', 'A touchpoint needs a campaign.', 'rejected'],
  [400, '0x80040265', 'The plug-in failed because the operation has timed-out at the Sandbox Client.', 'transient'],
  [400, '0x80044331', "A validation error occurred. The length of the 'x' attribute exceeded …", 'rejected'],
  [400, '0x80048d19', 'Error identified in Payload provided by the user for Entity', 'rejected'],
  [405, '0x80040315', 'This action is not supported.', 'rejected'],
  // A code that no row knows: the words, then the documented meaning of the status
  [403, '0x8009ffff', 'Principal user is missing prvReadFoo privilege', 'permission', 'role_missing'],
  [403, '0x8009ffff', 'Nobody has heard of this', 'permission', 'role_missing'],
  [401, '0x8009ffff', 'Nobody has heard of this', 'refresh'],
  [400, '0x8009ffff', 'Nobody has heard of this', 'rejected'],
  [400, '0x8009ffff', 'The server is busy. Please try again later.', 'transient'],
  [500, '0x8009ffff', 'Nobody has heard of this', 'transient'],
  [
    400,
    '0x80071151',
    'Cannot start the requested operation because there is another [Import] running at this moment.',
    'transient',
  ],
  // No code at all
  [403, '', 'The user does not have a valid license.', 'permission', 'access_lost'],
  [401, '', 'Authorization has been denied for this request.', 'refresh'],
  [403, '', 'The specified user(Id = 1) is disabled.', 'permission', 'access_lost'],
  [403, '', 'Your IP address is not allowed by the firewall rule of this environment.', 'permission', 'admin_blocked'],
  [404, '', "No HTTP resource was found that matches the request URI '…/WhoAmI'.", 'rejected'],
  [400, '0x0', "Could not find a property named 'Name' on type 'Microsoft.Dynamics.CRM.account'.", 'rejected'],
]

describe('an error of the Web API', () => {
  test.each(SAID.map((row) => [row.join(' '), row] as const))('%s', (_name, [status, code, message, kind, cause]) => {
    const verdict = readApiRefusal(anAnswer(status, { error: { code, message } }))
    expect(verdict).toMatchObject(cause === undefined ? { kind } : { kind, cause })
    expect(verdict.explanation).not.toContain('{')
  })

  test.each<[string, unknown]>([
    ['a number', { error: { code: -2147015328, message: '' } }],
    ['a number in quotes', { error: { code: '-2147015328', message: '' } }],
    ['an unsigned number', { error: { code: 2147951968, message: '' } }],
    ['capitals', { error: { code: '0X80072560', message: '' } }],
    ['the form of the organization service', { ErrorCode: -2147015328, Message: 'x' }],
    ['the form of older OData', { error: { code: '0x80072560', message: { lang: 'en-us', value: 'x' } } }],
    ['a list', [{ error: { code: '0x80072560', message: 'x' } }]],
    ['a list of errors', { errors: [{ code: '0x80072560', message: 'x' }] }],
    [
      'an inner error',
      { error: { code: '', message: 'Failed', innererror: { message: 'is not a member of the organization' } } },
    ],
  ])('is read from %s', (_form, body) => {
    expect(readApiRefusal(anAnswer(400, body))).toMatchObject({ kind: 'permission', cause: 'access_lost' })
  })

  test('is named by the privilege and the table that are missing', () => {
    const message = 'Principal user (Id=1, type=8) is missing prvCreatebizible2_bizible_touchpoint privilege (Id=2) on OTC=10045'
    expect(readApiRefusal(anAnswer(403, { error: { code: '0x80040220', message } })).explanation).toBe(
      'The Dynamics 365 user lacks the privilege Create on bizible2_bizible_touchpoint. A Dynamics 365 admin grants it with a security role.',
    )
  })

  test('waits as long as the answer says', () => {
    const answer = anAnswer(429, { error: { code: '0x80072322', message: '' } }, { retryAfterMs: 30_000 })
    expect(readApiRefusal(answer)).toMatchObject({ kind: 'rate_limited', retryAfterMs: 30_000 })
  })
})

describe('an answer without an error of Dataverse', () => {
  test.each<[number, unknown, string]>([
    [400, '<html>Bad Request</html>', 'transient'],
    [403, '<html>Blocked by your proxy</html>', 'transient'],
    [404, '', 'transient'],
    [403, '', 'transient'],
    [404, { hello: 'world' }, 'transient'],
    [302, '', 'transient'],
    [502, '<html>Bad Gateway</html>', 'transient'],
    [401, '', 'refresh'],
    [401, '<html>', 'refresh'],
    [429, '', 'rate_limited'],
    [413, '<html>', 'rejected'],
    [200, '<html>Sign in</html>', 'transient'],
  ])('%s %j is %s', (status, body, kind) => {
    expect(readApiAnswer(anAnswer(status, body))).toMatchObject({ kind })
  })

  test.each([
    ['Bearer error=invalid_token, error_description=Error during token validation!', 'refresh'],
    [
      'Bearer authorization_uri="https://login.microsoftonline.com/x", error="insufficient_claims", claims="eyJhY2Nlc3Nf"',
      'authorization_required',
    ],
    [`Bearer error="invalid_token", error_description="The audience 'x' is invalid"`, 'misconfigured'],
  ])('401 with %s is %s', (challenge, kind) => {
    const verdict = readApiRefusal(anAnswer(401, '', { headers: { 'www-authenticate': challenge } }))
    expect(verdict).toMatchObject({ kind })
    if (verdict.kind === 'authorization_required') expect(verdict).toMatchObject({ cause: 'login_policy', certain: false })
  })

  test('refuses nothing when it is a success', () => {
    expect(readApiAnswer(anAnswer(200, { UserId: 'u', OrganizationId: 'o' }))).toBeNull()
    expect(readApiAnswer(anAnswer(204, ''))).toBeNull()
    expect(
      readApiAnswer(anAnswer(200, '--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n\r\n--b--')),
    ).toBeNull()
  })

  test('an error inside of a batch is read, whatever the status of the batch', () => {
    const part = 'HTTP/1.1 403 Forbidden\r\n\r\n{"error":{"code":"0x80072560","message":"x"}}'
    const batch = `--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n\r\n--b\r\nContent-Type: application/http\r\n\r\n${part}\r\n--b--`
    for (const status of [200, 400]) expect(readApiAnswer(anAnswer(status, batch))).toMatchObject({ cause: 'access_lost' })
  })
})

describe('a record that was not written', () => {
  const read = (status: number, code: string, message: string, besideWritten = false) =>
    readRecordRefusal(anAnswer(status, { error: { code, message } }), besideWritten)

  test('names the column in it', () => {
    const message =
      "A validation error occurred. The length of the 'subject' attribute of the 'task' entity exceeded the maximum."
    expect(read(400, '0x80044331', message)).toEqual({ kind: 'rejected', code: '0x80044331', message, field: 'subject' })
    expect(read(400, '0x8004431a', 'The picklist value is out of the range.')).toMatchObject({ kind: 'rejected', field: null })
  })

  test('goes again when another one had the row', () => {
    expect(read(412, '0x80060892', 'Key exists')).toMatchObject({ kind: 'retry', code: '0x80060892' })
  })

  test.each([
    ['a column', 400, '0x80048d19', "An undeclared property 'new_medium' which only has property annotations", /new_medium/],
    ['a property', 400, '0x0', "Could not find a property named 'new_x' on type 'Microsoft.Dynamics.CRM.new_t'.", /new_x/],
    ['the table', 404, '0x8006088a', "Resource not found for the segment 'new_ts'.", /new_ts/],
    [
      'the key',
      400,
      '0x80060888',
      "The key in the request URI is not valid for resource 'Microsoft.Dynamics.CRM.x'.",
      /alternate key/,
    ],
    ['a right', 403, '0x80040220', 'missing prvWritenew_t privilege', /privilege Write on new_t/],
  ])('is held, and not refused for good, when %s is missing', (_what, status, code, message, explains) => {
    const outcome = read(status, code, message)
    expect(outcome).toMatchObject({ kind: 'held', verdict: { kind: 'permission', cause: 'role_missing' } })
    expect(outcome.kind === 'held' && outcome.verdict.explanation).toMatch(explains)
  })

  test('that is not shared holds nothing when others were written', () => {
    const message = 'Principal with ID 1 does not have WriteAccess right(s) for record with ID 2'
    expect(read(403, '0x80048306', message)).toMatchObject({ kind: 'held' })
    expect(read(403, '0x80048306', message, true)).toMatchObject({ kind: 'rejected' })
  })
})

test('every row has a source, and every code is 32 bits in lower case', () => {
  for (const { codes, says, source } of [...API_REFUSALS, ...RECORD_REFUSALS, ...WORDED_REFUSALS]) {
    expect(source.length).toBeGreaterThan(10)
    expect(codes !== undefined || says !== undefined).toBe(true)
    for (const code of codes ?? []) expect(code).toMatch(/^0x8[0-9a-f]{7}$/)
  }
})

test('no row that names codes stands where an earlier one has taken them all', () => {
  const rows = [...API_REFUSALS, ...RECORD_REFUSALS, ...WORDED_REFUSALS]
  const dead = rows.filter(({ codes }, place) => {
    const earlier = rows.slice(0, place).filter((row) => row.says === undefined && !row.besideWritten && !row.ofRecords)
    return codes?.every((code) => earlier.some((row) => row.codes?.includes(code)))
  })
  expect(dead).toEqual([])
})
