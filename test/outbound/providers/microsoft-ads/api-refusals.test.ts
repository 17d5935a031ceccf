import { describe, expect, test } from 'vitest'
import { API_REFUSALS } from '../../../../src/outbound/providers/microsoft-ads/api-refusals.ts'
import { readApiAnswer, readApiRefusal } from '../../../../src/outbound/providers/microsoft-ads/verdicts.ts'
import { anAnswer } from '../salesforce/an-answer.ts'

type Expected = readonly [kind: string, cause?: string, certain?: boolean]

const STALE: Expected = ['refresh']
const OURS: Expected = ['misconfigured']
const WAIT: Expected = ['rate_limited']
const PASSES: Expected = ['transient']
const REJECTED: Expected = ['rejected']
const LOST: Expected = ['permission', 'access_lost']
const OTHER_LOGIN: Expected = ['authorization_required', 'login_policy', true]

/** Code, ErrorCode, message: learn.microsoft.com/advertising/guides/operation-error-codes (2026-11), some of them shortened. */
const SAID: readonly (readonly [number, string, string, Expected])[] = [
  [0, 'InternalError', 'An internal error has occurred.', PASSES],
  [105, 'InvalidCredentials', 'Authentication failed.', STALE],
  [105, 'InvalidCredentials', 'Authentication failed. Either supplied credentials are invalid or the account is inactive', OURS],
  [105, 'InvalidCredentials', 'Authentication failed. InvalidAccessToken', STALE],
  [105, 'InvalidCredentials', 'Authentication failed. UserNotFound', ['authorization_required', 'user_inactive', false]],
  [105, 'InvalidCredentials', 'Authentication failed. AccountInactive', LOST],
  [105, 'InvalidCredentials', 'The developer token is not valid for this environment.', OURS],
  [106, 'UserIsNotAuthorized', 'The user is not authorized to perform this action.', LOST],
  [
    108,
    'UserCompromised',
    'Please create a new password to secure your account.',
    ['authorization_required', 'password_changed', true],
  ],
  [109, 'AuthenticationTokenExpired', 'Authentication token expired. Please renew it or obtain a new token.', STALE],
  [113, 'InvalidDateObject', 'The date specified in the request is not valid.', REJECTED],
  [116, 'RequestMissingHeaders', 'One or more required header elements are missing from the request.', OURS],
  [117, 'CallRateExceeded', 'You have exceeded the number of calls that you are allowed to make in a minute.', WAIT],
  [119, 'InvalidAccountId', 'The account ID is invalid.', REJECTED],
  [120, 'UserLoginAccessDenied', 'Please login with the primary login credentials for this person.', OTHER_LOGIN],
  [122, 'PersonalIdentityNotAvailable', 'You must use a work account to sign in.', OTHER_LOGIN],
  [123, 'WorkIdentityNotAvailable', 'You must use a personal Microsoft account to sign in.', OTHER_LOGIN],
  [124, 'PersonalIdentityMigratedToWork', 'You can no longer use this personal Microsoft account.', OTHER_LOGIN],
  [125, 'PersonalIdentityNotAllowedByCustomer', 'Your organization requires your work email address.', OTHER_LOGIN],
  [126, 'IdentityTypeMismatch', 'The identity type you used doesn’t match the account.', OTHER_LOGIN],
  [204, 'OperationNotSupported', 'The operation is not supported.', OURS],
  [205, 'InvalidVersion', 'The specified version is not valid.', OURS],
  [207, 'ConcurrentRequestOverLimit', 'You have already reached the maximum number of concurrent report requests.', WAIT],
  [303, 'ApiVersionNoLongerSupported', 'This version of the Bing Ads API is no longer supported.', OURS],
  [604, 'CampaignIdInvalid', 'The CampaignId is invalid.', REJECTED],
  [833, 'ServiceTimeOut', 'A service timeout because the network or service is not available.', PASSES],
  [1008, 'CampaignServiceInvalidAccountStatus', 'The account status is not valid for the requested operation.', LOST],
  [
    1419,
    'CampaignServiceTargetGroupAssignedEntitiesPermissionMismatch',
    'User does not have permission.',
    ['permission', 'role_missing'],
  ],
  [2003, 'AccountNotAuthorized', 'at least one account which you have insufficient privileges to access.', LOST],
  [2003, 'ReportingServiceAccountNotAuthorized', 'at least one account that you do not have privileges to access.', LOST],
  [2004, 'ReportingServiceNoCompleteDataAvaliable', 'Please try again later.', PASSES],
  [2010, 'ReportingServiceInvalidCustomDateRangeEnd', 'a custom date range end value that is not valid.', PASSES],
  [2015, 'ReportingServiceRequiredColumnsNotSelected', 'must contain all required columns.', REJECTED],
  [2100, 'ReportingServiceInvalidReportId', 'The report identifier is not valid.', PASSES],
  [2101, 'ReportingServiceReportNotFound', 'The report was not found.', PASSES],
  [2928, 'CampaignServiceCustomerDataBeingMigrated', 'it is under migration.', PASSES],
  [3205, 'CampaignServiceInvalidDownloadRequestId', 'The download request ID is not valid.', PASSES],
  [3207, 'CampaignServiceAccountTooBigToDownload', 'The account has more keywords than allowed per request.', REJECTED],
  [4201, 'BulkServiceInvalidRequestId', 'The specified RequestId is not valid.', PASSES],
  [4627, 'FinalUrlSuffixInvalidParameters', 'Final Url Suffix contains invalid parameters.', REJECTED],
  [4629, 'CampaignServiceFinalUrlSuffixTooLong', 'The Final Url Suffix is too long', REJECTED],
  [3101, 'OAuthTokenInvalid', 'Authenticaton token contains invalid scope', ['authorization_required', 'scope_missing', false]],
  [3101, 'OAuthTokenInvalid', '', STALE],
  [3227, 'BulkServiceTooManyRequests', 'Too many requests.', WAIT],
  [4204, 'BulkServiceNoMoreCallsPermittedForTheTimePeriod', 'No more bulk upload or download calls', WAIT],
  [4149, 'CampaignServiceConcurrentStoreModification', 'was instead modified by another operation', PASSES],
  // Codes of a later year
  [99999, 'SomethingOf2031', 'Nobody knows it.', PASSES],
  [99999, 'SomethingOf2031', 'The service is temporarily unavailable.', PASSES],
  [99999, 'SomethingOf2031', 'The access token expired.', STALE],
  [99999, 'SomethingOf2031', 'Too many requests were made.', WAIT],
  [99999, 'SomethingOf2031', 'The user is not authorized to see it.', LOST],
  [99999, 'CustomerNotEnabledForIt', 'The customer is not in the pilot.', REJECTED],
]

function expected([kind, cause, certain]: Expected) {
  return { kind, ...(cause && { cause }), ...(certain !== undefined && { certain }) }
}

describe('an error of a service', () => {
  for (const [Code, ErrorCode, Message, means] of SAID) {
    test(`${Code} ${ErrorCode}: ${Message}`, () => {
      const fault = { TrackingId: '1', Type: 'AdApiFaultDetail', Errors: [{ Code, ErrorCode, Message, Detail: null }] }
      const operation = { TrackingId: '1', OperationErrors: [{ Code: String(Code), ErrorCode, Message, Details: null }] }
      const batch = { BatchErrors: [{ Code, ErrorCode, Message, Index: 0, FieldPath: null }], OperationErrors: [] }
      const soap = {
        Fault: { detail: { ApiFaultDetail: { OperationErrors: { OperationError: operation.OperationErrors[0] } } } },
      }
      const lower = { errors: [{ code: Code, errorCode: ErrorCode, message: Message }] }
      const partial = { CampaignIds: [null], PartialErrors: [null, { Code, ErrorCode, Message, Index: 1 }] }
      for (const body of [fault, operation, batch, soap, lower, partial])
        for (const status of [200, 400, 500])
          expect(readApiAnswer(anAnswer(status, body)), `${status} ${JSON.stringify(body)}`).toMatchObject(expected(means))
    })
  }

  test('without a name is read by its number', () => {
    const of = (Code: number, Message: string) =>
      readApiRefusal(anAnswer(500, { OperationErrors: [{ Code, Details: '', Message }] }))
    expect(of(1001, 'The user is not authorized to perform this action.')).toMatchObject({
      kind: 'permission',
      cause: 'access_lost',
    })
    expect(of(117, '')).toMatchObject({ kind: 'rate_limited', retryAfterMs: 60_000, code: '117' })
    expect(of(0, '')).toMatchObject({ kind: 'transient' })
    expect(of(207, 'The Address Line3 property is invalid.')).toMatchObject({ kind: 'rejected' })
    expect(of(207, 'maximum number of concurrent report requests')).toMatchObject({ kind: 'rate_limited' })
    expect(of(205, 'The Address Line1 property is invalid.')).toMatchObject({ kind: 'rejected' })
    expect(of(205, 'The specified version is not valid.')).toMatchObject({ kind: 'misconfigured' })
  })

  test('whose name means something else than its number is read by its name', () => {
    const body = { Errors: [{ Code: 1, ErrorCode: 'AuthenticationTokenExpired', Message: '' }] }
    expect(readApiRefusal(anAnswer(400, body))).toMatchObject({ kind: 'refresh', code: 'AuthenticationTokenExpired' })
  })

  test('with a name that nobody knows beside the number 0 is no trouble of the service', () => {
    const body = { BatchErrors: [{ Code: 0, ErrorCode: 'CampaignAlreadyExists', Message: '' }] }
    expect(readApiRefusal(anAnswer(400, body))).toMatchObject({ kind: 'rejected' })
  })

  test('says how long to wait', () => {
    const bulk = { OperationErrors: [{ Code: 4204, ErrorCode: 'BulkServiceNoMoreCallsPermittedForTheTimePeriod', Message: '' }] }
    expect(readApiRefusal(anAnswer(400, bulk))).toMatchObject({ retryAfterMs: 15 * 60_000 })
    expect(readApiRefusal(anAnswer(400, bulk, { retryAfterMs: 3000 }))).toMatchObject({ retryAfterMs: 3000 })
  })

  test('that matters most decides where there are several', () => {
    const Errors = [
      { Code: 604, ErrorCode: 'CampaignIdInvalid', Message: '' },
      { Code: 106, ErrorCode: 'UserIsNotAuthorized', Message: '' },
    ]
    expect(readApiRefusal(anAnswer(400, { Errors }))).toMatchObject({ kind: 'permission' })
  })
})

describe('an error that is printed instead of JSON', () => {
  test.each([
    [
      'SOAP',
      '<s:Envelope><s:Body><s:Fault><faultcode>s:Server</faultcode><detail><AdApiFaultDetail><Errors><AdApiError><Code>109</Code><Detail i:nil="true"/><ErrorCode>AuthenticationTokenExpired</ErrorCode><Message>Authentication token expired.</Message></AdApiError></Errors></AdApiFaultDetail></detail></s:Fault></s:Body></s:Envelope>',
      'refresh',
    ],
    [
      'Python',
      '(AdApiError){\n   Code = "106"\n   Detail = None\n   ErrorCode = "UserIsNotAuthorized"\n   Message = "x"\n }',
      'permission',
    ],
    [
      'PHP',
      '["Errors"]=> object { ["Code"]=> string(3) "117" ["Detail"]=> NULL ["ErrorCode"]=> string(16) "CallRateExceeded" ["Message"]=> string(1) "x" }',
      'rate_limited',
    ],
    [
      'a number alone',
      '<OperationError><Code>1001</Code><ErrorCode i:nil="true"/><Message>The user is not authorized.</Message></OperationError>',
      'permission',
    ],
    [
      'an element after the code is no second error',
      '<a:AdApiError><a:Code>100</a:Code><a:ErrorCode>NullRequest</a:ErrorCode><a:Message>The request message is null.</a:Message></a:AdApiError>',
      'rejected',
    ],
    [
      'a fault without details',
      '<s:Fault><faultcode>a:DeserializationFailed</faultcode><faultstring xml:lang="en-US">The formatter threw an exception while trying to deserialize the message</faultstring></s:Fault>',
      'rejected',
    ],
    ['a fault that nothing is known of', "Server raised fault: 'Invalid client data. TrackingId: 1'", 'transient'],
    ['nothing of it', 'Fault Code: s:Server Fault String: Invalid client data.', 'transient'],
  ])('%s', (_name, text, kind) => {
    expect(readApiRefusal(anAnswer(500, text))).toMatchObject({ kind })
    expect(readApiAnswer(anAnswer(200, text))).toMatchObject({ kind })
  })
})

describe('an answer without an error', () => {
  test.each([
    ['a page under 400', anAnswer(400, '<!DOCTYPE html><h1>Bad Request</h1>'), 'transient'],
    ['a page under 401', anAnswer(401, '<html>Unauthorized</html>'), 'transient'],
    ['a page with an error in it', anAnswer(403, '<html>ErrorCode: UserIsNotAuthorized</html>'), 'transient'],
    ['nothing under 403', anAnswer(403, ''), 'transient'],
    ['nothing under 503', anAnswer(503, ''), 'transient'],
    ['nothing under 429', anAnswer(429, ''), 'rate_limited'],
    ['nothing under 401', anAnswer(401, ''), 'refresh'],
    [
      'a gateway under 401',
      anAnswer(401, { error: { code: 'Unauthorized', message: 'Access is denied due to invalid key.' } }),
      'refresh',
    ],
    ['a gateway that repeats the status', anAnswer(403, { error: { code: 403, message: 'Forbidden' } }), 'transient'],
    ['JSON of another shape', anAnswer(400, ['x']), 'transient'],
    ['a redirect', anAnswer(302, ''), 'transient'],
  ])('%s', (_name, answer, kind) => {
    expect(readApiAnswer(answer)).toMatchObject({ kind })
  })

  test('refuses nothing', () => {
    for (const body of [{ User: { Id: 1 } }, { Accounts: [] }, { CampaignIds: [1], PartialErrors: [] }, { PartialErrors: null }])
      expect(readApiAnswer(anAnswer(200, body))).toBeNull()
    expect(readApiAnswer(anAnswer(200, ''))).toBeNull()
    expect(readApiAnswer(anAnswer(200, { ReportRequestStatus: { Status: 'Success', ReportDownloadUrl: null } }))).toBeNull()
    expect(readApiAnswer(anAnswer(200, { ReportRequestStatus: { Status: 'Error' } }))).toMatchObject({ kind: 'transient' })
  })
})

test('every meaning is reached by an example, has a source, and speaks to people', () => {
  const reached = SAID.map(([Code, ErrorCode, Message]) =>
    readApiRefusal(anAnswer(400, { Errors: [{ Code, ErrorCode, Message }] })),
  )
  const explanations = new Set(reached.map(({ explanation }) => explanation))
  for (const { source, means } of API_REFUSALS) {
    expect(explanations).toContain(means.explanation)
    expect(source).not.toBe('')
    expect(means.explanation).toMatch(/^[A-Z].*\.$/)
  }
})
