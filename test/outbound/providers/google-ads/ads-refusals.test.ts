import { describe, expect, test } from 'vitest'
import { adsReader } from '../../../../src/outbound/providers/google-ads/ads-reader.ts'
import { ADS_REFUSALS } from '../../../../src/outbound/providers/google-ads/ads-refusals.ts'
import { anAnswer } from '../salesforce/an-answer.ts'

type Expected = readonly [kind: string, cause?: string, certain?: boolean]

const STALE: Expected = ['refresh']
const DOUBTED: Expected = ['authorization_required', 'expired', false]
const POLICY: Expected = ['authorization_required', 'login_policy', true]
const LOST: Expected = ['permission', 'access_lost']
const NO_RIGHT: Expected = ['permission', 'role_missing']
const OURS: Expected = ['misconfigured']
const WAIT: Expected = ['rate_limited']
const PASSES: Expected = ['transient']
const REFUSED: Expected = ['rejected']

const STATUS: Readonly<Record<string, readonly [number, string]>> = {
  authenticationError: [401, 'UNAUTHENTICATED'],
  authorizationError: [403, 'PERMISSION_DENIED'],
  quotaError: [429, 'RESOURCE_EXHAUSTED'],
  internalError: [500, 'INTERNAL'],
}

const SAID: readonly (readonly [group: string, code: string, Expected])[] = [
  ['authenticationError', 'OAUTH_TOKEN_INVALID', STALE],
  ['authenticationError', 'OAUTH_TOKEN_EXPIRED', STALE],
  ['authenticationError', 'OAUTH_TOKEN_HEADER_INVALID', STALE],
  ['authenticationError', 'AUTHENTICATION_ERROR', STALE],
  ['authenticationError', 'OAUTH_TOKEN_REVOKED', ['authorization_required', 'revoked', true]],
  ['authenticationError', 'OAUTH_TOKEN_DISABLED', ['authorization_required', 'revoked', false]],
  ['authenticationError', 'GOOGLE_ACCOUNT_COOKIE_INVALID', DOUBTED],
  ['authenticationError', 'GOOGLE_ACCOUNT_AUTHENTICATION_FAILED', DOUBTED],
  ['authenticationError', 'GOOGLE_ACCOUNT_DELETED', ['authorization_required', 'user_inactive', true]],
  ['authenticationError', 'TWO_STEP_VERIFICATION_NOT_ENROLLED', POLICY],
  ['authenticationError', 'ADVANCED_PROTECTION_NOT_ENROLLED', POLICY],
  ['authenticationError', 'NOT_ADS_USER', LOST],
  ['authenticationError', 'GOOGLE_ACCOUNT_USER_AND_ADS_USER_MISMATCH', LOST],
  ['authenticationError', 'CUSTOMER_NOT_FOUND', LOST],
  ['authenticationError', 'CLIENT_CUSTOMER_ID_INVALID', OURS],
  ['authenticationError', 'USER_ID_INVALID', REFUSED],
  ['authenticationError', 'DEVELOPER_TOKEN_INVALID', OURS],
  ['authenticationError', 'ORGANIZATION_NOT_APPROVED', OURS],
  ['authenticationError', 'NEW_IN_2031', STALE],
  ['authorizationError', 'USER_PERMISSION_DENIED', LOST],
  ['authorizationError', 'INVALID_LOGIN_CUSTOMER_ID_SERVING_CUSTOMER_ID_COMBINATION', LOST],
  ['authorizationError', 'CUSTOMER_NOT_ENABLED', LOST],
  ['authorizationError', 'INCOMPLETE_SIGNUP', LOST],
  ['authorizationError', 'ACTION_NOT_PERMITTED_FOR_SUSPENDED_ACCOUNT', LOST],
  ['authorizationError', 'ACCESS_DENIED_FOR_ACCOUNT_TYPE', LOST],
  ['authorizationError', 'ACTION_NOT_PERMITTED', NO_RIGHT],
  ['authorizationError', 'AUTHORIZATION_ERROR', NO_RIGHT],
  ['authorizationError', 'DEVELOPER_TOKEN_NOT_APPROVED', OURS],
  ['authorizationError', 'DEVELOPER_TOKEN_PROHIBITED', OURS],
  ['authorizationError', 'CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION', OURS],
  ['authorizationError', 'PROJECT_DISABLED', OURS],
  ['authorizationError', 'MISSING_TOS', OURS],
  ['authorizationError', 'NEW_IN_2031', LOST],
  ['quotaError', 'RESOURCE_EXHAUSTED', WAIT],
  ['quotaError', 'RESOURCE_TEMPORARILY_EXHAUSTED', WAIT],
  ['quotaError', 'EXCESSIVE_LONG_TERM_QUERY_RESOURCE_CONSUMPTION', WAIT],
  ['quotaError', 'PAYMENTS_PROFILE_ACTIVATION_RATE_LIMIT_EXCEEDED', WAIT],
  ['quotaError', 'ACCESS_PROHIBITED', OURS],
  ['quotaError', 'NEW_IN_2031', WAIT],
  ['internalError', 'INTERNAL_ERROR', PASSES],
  ['internalError', 'TRANSIENT_ERROR', PASSES],
  ['internalError', 'DEADLINE_EXCEEDED', PASSES],
  ['databaseError', 'CONCURRENT_MODIFICATION', PASSES],
  ['databaseError', 'REQUEST_TOO_LARGE', REFUSED],
  ['requestError', 'UNSUPPORTED_VERSION', OURS],
  ['requestError', 'DEVELOPER_TOKEN_PARAMETER_MISSING', OURS],
  ['requestError', 'LOGIN_CUSTOMER_ID_PARAMETER_MISSING', OURS],
  ['requestError', 'RPC_DEADLINE_TOO_SHORT', PASSES],
  ['requestError', 'EXPIRED_PAGE_TOKEN', REFUSED],
  ['headerError', 'INVALID_LOGIN_CUSTOMER_ID', OURS],
  ['operationAccessDeniedError', 'ACTION_NOT_PERMITTED', NO_RIGHT],
  ['resourceAccessDeniedError', 'WRITE_ACCESS_DENIED', NO_RIGHT],
  ['notAllowlistedError', 'CUSTOMER_NOT_ALLOWLISTED_FOR_THIS_FEATURE', NO_RIGHT],
  ['conversionUploadError', 'TOO_RECENT_EVENT', PASSES],
  ['conversionUploadError', 'UNPARSEABLE_GCLID', REFUSED],
  ['queryError', 'UNRECOGNIZED_FIELD', REFUSED],
  ['urlFieldError', 'FINAL_URL_SUFFIX_MALFORMED', REFUSED],
  ['urlFieldError', 'INVALID_TAG_IN_FINAL_URL_SUFFIX', REFUSED],
  ['stringLengthError', 'TOO_LONG', REFUSED],
  ['dateRangeError', 'REQUESTED_DATE_GRANULARITY_NOT_SUPPORTED', REFUSED],
  ['changeStatusError', 'START_DATE_TOO_OLD', REFUSED],
  ['campaignError', 'DUPLICATE_CAMPAIGN_NAME', REFUSED],
]

function bodyOf(group: string, code: unknown, outerStatus: string, outerCode: number) {
  const failure = {
    '@type': 'type.googleapis.com/google.ads.googleads.v26.errors.GoogleAdsFailure',
    errors: [{ errorCode: { [group]: code }, message: 'A text.' }],
    requestId: 'r',
  }
  return { error: { code: outerCode, message: 'A text.', status: outerStatus, details: [failure] } }
}

function expectVerdict(status: number, body: unknown, [kind, cause, certain]: Expected) {
  const verdict = adsReader.readRefusal(anAnswer(status, body))
  expect(verdict).toMatchObject({ kind, ...(cause && { cause }), ...(certain !== undefined && { certain }) })
}

describe.each(SAID)('%s %s', (group, code, expected) => {
  const [status, canonical] = STATUS[group] ?? [400, 'INVALID_ARGUMENT']
  const body = bodyOf(group, code, canonical, status)

  test('as an answer', () => {
    expectVerdict(status, body, expected)
  })

  test('in an array, as a stream answers', () => {
    expectVerdict(status, [body], expected)
  })

  test('as client libraries print it', () => {
    const snake = group.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    expectVerdict(status, body.error, expected)
    if (code === 'NEW_IN_2031') return // alone it says nothing
    expectVerdict(status, { errors: [{ error_code: { [snake]: code }, message: 'x' }], request_id: 'r' }, expected)
    expectVerdict(status, `errors {\n  error_code {\n    ${snake}: ${code}\n  }\n  message: "x"\n}`, expected)
  })
})

test('every row is reached by an example, has a source, and speaks to people', () => {
  const missed = ADS_REFUSALS.filter(
    (row) => !SAID.some(([group, code]) => [group, 'any'].includes(row.group) && row.codes.includes(code)),
  )
  expect(missed).toEqual([])
  for (const { source, means } of ADS_REFUSALS) {
    expect(source).not.toBe('')
    expect(means.explanation).toMatch(/^[A-Z].*\.$/)
  }
})

test.each<[string, Expected]>([
  ["[QuotaCheckError.DEVELOPER_TOKEN_NOT_APPROVED @ ; trigger:'<null>']", ['misconfigured']],
  ["AuthenticationError.NOT_ADS_USER @ ; trigger:'<null>'", ['permission', 'access_lost']],
  ['[RateExceededError <rateName=RequestsPerMinute, rateScope=DEVELOPER, retryAfterSeconds=30>]', ['rate_limited']],
  ['<?xml version="1.0"?><ApiError><type>AuthenticationError.OAUTH_TOKEN_EXPIRED</type></ApiError>', ['refresh']],
  [
    '<soap:Envelope><faultstring>[AuthorizationError.USER_PERMISSION_DENIED @ ]</faultstring></soap:Envelope>',
    ['permission', 'access_lost'],
  ],
  ['16 UNAUTHENTICATED: Failed to retrieve auth metadata with error: invalid_request', ['misconfigured']],
])('%s of the AdWords API or of gRPC is read', (text, expected) => {
  expectVerdict(500, text, expected)
})

test('numbers of enums are read as their names', () => {
  expectVerdict(401, { errors: [{ error_code: { authentication_error: 18 }, message: 'x' }] }, [
    'authorization_required',
    'revoked',
    true,
  ])
  expectVerdict(403, { errors: [{ error_code: { authorization_error: 24 }, message: 'x' }] }, LOST)
})

test('of several errors the one about the login decides', () => {
  const errors = [
    { errorCode: { queryError: 'UNRECOGNIZED_FIELD' }, message: 'x' },
    { errorCode: { authenticationError: 'OAUTH_TOKEN_REVOKED' }, message: 'x' },
  ]
  expectVerdict(401, { error: { code: 401, message: 'x', status: 'UNAUTHENTICATED', details: [{ errors }] } }, [
    'authorization_required',
    'revoked',
    true,
  ])
})

describe('how long to wait', () => {
  const quota = (details: object, message = 'Too many requests.') => ({
    error: {
      code: 429,
      message: 'Resource has been exhausted (e.g. check quota).',
      status: 'RESOURCE_EXHAUSTED',
      details: [
        { errors: [{ errorCode: { quotaError: 'RESOURCE_EXHAUSTED' }, message, details: { quotaErrorDetails: details } }] },
      ],
    },
  })
  const read = (body: unknown, retryAfterMs: number | null = null) => adsReader.readRefusal(anAnswer(429, body, { retryAfterMs }))

  test('is what the error says, and Retry-After wins', () => {
    const body = quota({ rateScope: 'ACCOUNT', rateName: 'Get requests', retryDelay: '30s' })
    expect(read(body)).toEqual({
      kind: 'rate_limited',
      retryAfterMs: 30_000,
      code: 'RESOURCE_EXHAUSTED',
      explanation: 'Google Ads asks to slow down.',
    })
    expect(read(body, 5000)).toMatchObject({ retryAfterMs: 5000 })
  })

  test('is told in words as well', () => {
    expect(read(quota({}, 'Too many requests. Retry in 45 seconds.'))).toMatchObject({ retryAfterMs: 45_000 })
  })

  test('for operations of a day is not waited for in seconds', () => {
    const details = { rateScope: 'DEVELOPER', rateName: 'Number of operations for basic access', retryDelay: '40591s' }
    expect(read(quota(details))).toMatchObject({ usedUp: true, retryAfterMs: 40_591_000 })
  })

  test('comes from a RetryInfo too', () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: { seconds: '12' } }]
    expect(read({ error: { code: 429, message: 'x', status: 'RESOURCE_EXHAUSTED', details } })).toMatchObject({
      retryAfterMs: 12_000,
    })
  })
})

test('an operation that failed among others is read under 200', () => {
  const { error: partialFailureError } = bodyOf('mutateError', 'RESOURCE_NOT_FOUND', 'INVALID_ARGUMENT', 3)
  expect(adsReader.readAnswer(anAnswer(200, { results: [{}], partialFailureError }))).toMatchObject({ kind: 'rejected' })
  expect(adsReader.readAnswer(anAnswer(200, { results: [{ customer: { status: 'CANCELLED' } }] }))).toBeNull()
  expect(adsReader.readAnswer(anAnswer(200, [{ results: [], fieldMask: 'x' }]))).toBeNull()
})

test('an internal error without a code passes', () => {
  const failure = { '@type': 'type.googleapis.com/google.ads.googleads.v26.errors.GoogleAdsFailure', requestId: 'r' }
  expectVerdict(500, { message: 'Internal error encountered.', code: 13, status: 'INTERNAL', details: [failure] }, PASSES)
})
