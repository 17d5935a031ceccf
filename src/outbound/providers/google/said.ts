import { SECOND_MS } from '../../../clock.ts'
import { parseJson } from '../http.ts'
import { asCount, asRecord, asText, type JsonRecord } from '../json.ts'

/** From the finest word to the coarsest: what a finer one says is not asked of a coarser. */
export const KINDS = ['ads', 'reason', 'legacy', 'oauth', 'status'] as const

/** One thing that an answer of Google says about why it refuses. */
export interface Said {
  /**
   * `ads`: an error of a GoogleAdsFailure; `reason`: an ErrorInfo; `legacy`: one of `errors[]`; `oauth`: RFC 6749; `status`: a
   * canonical status (google.rpc.Code).
   */
  readonly kind: (typeof KINDS)[number]
  /** Of `ads` the list that the code is from, such as `authenticationError`; otherwise empty. */
  readonly group: string
  readonly code: string
  readonly message: string
}

export interface Reading {
  readonly said: readonly Said[]
  /** `RetryInfo.retryDelay`, `quotaErrorDetails.retryDelay`, or a text that says so; the longest. */
  readonly retryDelayMs: number | null
  /** The quota that is used up is one of a day. */
  readonly isOfADay: boolean
}

/**
 * Every shape that Google's errors come in: `{"error":{…}}` of REST, the same in an array (searchStream), the bare status that client
 * libraries print, `partialFailureError` under 200, snake case and enum numbers of gRPC, and text of any of these.
 * cloud.google.com/apis/design/errors, developers.google.com/google-ads/api/docs/best-practices/understand-api-errors (2026-11-24)
 */
export function readSaid(json: unknown, text: string): Reading {
  const reading: Draft = { said: [], delaysMs: [], isOfADay: false }
  if (json !== undefined) visit(json, DEEPEST, reading)
  else if (!isHtml(text)) visitText(text.slice(0, LONGEST_TEXT), reading)
  const retryDelayMs = reading.delaysMs.length === 0 ? null : Math.max(...reading.delaysMs)
  return { said: reading.said, retryDelayMs, isOfADay: reading.isOfADay }
}

export function isHtml(text: string): boolean {
  return /^\s*(<!doctype|<html|<head|<\?xml|<title)/i.test(text)
}

const DEEPEST = 10
const LONGEST_TEXT = 20_000

interface Draft {
  readonly said: Said[]
  readonly delaysMs: number[]
  isOfADay: boolean
}

/** Where errors are held, beside the `status` of conversions in CM360 that says `hasFailures`. Nothing else of an answer is walked, so that data which looks like an error is none. */
const HOLDERS = [
  'error',
  'errors',
  'details',
  'statusDetails',
  'status_details',
  'partialFailureError',
  'partial_failure_error',
  'failure',
  'failures',
  'response',
  'data',
  'body',
  'quotaErrorDetails',
  'quota_error_details',
] as const

function visit(value: unknown, depth: number, draft: Draft): void {
  if (depth === 0) return
  if (Array.isArray(value)) {
    for (const entry of value) visit(entry, depth - 1, draft)
    return
  }
  const entry = asRecord(value)
  const message = asText(entry.message) ?? ''
  addAds(entry, message, draft)
  addReason(entry, message, draft)
  addOauth(entry, draft)
  addStatus(entry, message, draft)
  addQuota(entry, message, draft)
  // Client libraries put the whole answer into the message of their own error.
  if (/^\s*[[{]/.test(message)) visit(parseJson(message), depth - 1, draft)
  if (entry.hasFailures === true) visit(entry.status, depth - 1, draft)
  for (const holder of HOLDERS) if (typeof entry[holder] === 'object') visit(entry[holder], depth - 1, draft)
}

/** `{"errorCode":{"authenticationError":"OAUTH_TOKEN_REVOKED"},"message":"…"}`, also `error_code` with snake case or numbers in it. */
function addAds(entry: JsonRecord, message: string, { said }: Draft): void {
  for (const [name, value] of Object.entries({ ...asRecord(entry.errorCode), ...asRecord(entry.error_code) })) {
    const group = camelCase(name)
    const code = typeof value === 'number' ? (ENUM_NUMBERS[group]?.[value] ?? String(value)) : asText(value)
    if (code !== null && group.endsWith('Error')) said.push({ kind: 'ads', group, code, message })
  }
}

/** An ErrorInfo has a reason in capitals and a domain, an older error one in camel case. A field violation has no domain. */
function addReason(entry: JsonRecord, message: string, { said }: Draft): void {
  const code = asText(entry.reason)
  if (code === null || (asText(entry.domain) === null && !/ErrorInfo$/.test(asText(entry['@type']) ?? ''))) return
  said.push({ kind: /^[A-Z][A-Z0-9_]+$/.test(code) ? 'reason' : 'legacy', group: '', code, message })
}

function addOauth(entry: JsonRecord, { said }: Draft): void {
  const code = asText(entry.error)
  if (code === null) return
  const words = [entry.error_description, entry.error_subtype, entry.message].map(asText).filter((word) => word !== null)
  said.push({ kind: 'oauth', group: '', code, message: words.join(' ') })
}

function addStatus(entry: JsonRecord, message: string, { said }: Draft): void {
  const named = asText(entry.status)?.toUpperCase() ?? ''
  const isError = message !== '' || entry.code !== undefined || entry.details !== undefined
  const code = STATUS_NAMES.includes(named) ? named : statusOf(entry.code)
  const told = message !== '' ? message : (asText(entry.details) ?? '')
  if (isError && code !== null) said.push({ kind: 'status', group: '', code, message: told })
}

/** A canonical number (gRPC) or an HTTP status (REST). */
function statusOf(code: unknown): string | null {
  const number = typeof code === 'string' && /^\d{1,3}$/.test(code) ? Number(code) : asCount(code)
  if (number === null) return typeof code === 'string' && STATUS_NAMES.includes(code.toUpperCase()) ? code.toUpperCase() : null
  if (number > 0 && number <= 16) return STATUS_NAMES[number] ?? null
  return HTTP_STATUSES[number] ?? (number >= 500 && number < 600 ? 'UNAVAILABLE' : null)
}

function addQuota(entry: JsonRecord, message: string, draft: Draft): void {
  const delays = [entry.retryDelay, entry.retry_delay].map(durationMs)
  const told = /retry (?:in|after) (\d+)(?:\.\d+)? ?s/i.exec(message)?.[1]
  draft.delaysMs.push(...[...delays, told === undefined ? null : Number(told) * SECOND_MS].filter((delay) => delay !== null))
  const metadata = asRecord(entry.metadata)
  const limit = [entry.rateName, entry.rate_name, metadata.quota_limit, metadata.quota_unit, message].map(asText).join(' ')
  if (/per ?day|\/d\/|\bdaily\b|operations for \w+ access/i.test(limit)) draft.isOfADay = true
}

/** `"30s"` as JSON writes a Duration, or `{"seconds":"30"}`. */
function durationMs(value: unknown): number | null {
  const text = asText(value) ?? (asCount(asRecord(value).seconds) ?? asText(asRecord(value).seconds) ?? '').toString()
  const seconds = /^(\d+(?:\.\d+)?)s?$/.exec(text)?.[1]
  return seconds === undefined ? null : Math.ceil(Number(seconds) * SECOND_MS)
}

/** What client libraries print: `error_code { authorization_error: USER_PERMISSION_DENIED }`, `status = PERMISSION_DENIED`. */
function visitText(text: string, draft: Draft): void {
  for (const [, group = '', code = ''] of text.matchAll(/\b([a-z]\w*_?error)["']?\s*[:=]\s*["']?([A-Z][A-Z_]{3,})\b/gi)) {
    draft.said.push({ kind: 'ads', group: camelCase(group), code, message: text })
  }
  for (const [, code = ''] of text.matchAll(/\breason["']?\s*[:=]\s*["']?(\w+)/g)) {
    draft.said.push({ kind: /^[A-Z]/.test(code) ? 'reason' : 'legacy', group: '', code, message: text })
  }
  const oauth = OAUTH_WORDS.exec(text)?.[1]
  if (oauth !== undefined) draft.said.push({ kind: 'oauth', group: '', code: oauth, message: text })
  const status = STATUS_NAMES.find((name) => name.includes('_') && new RegExp(`\\b${name}\\b`).test(text))
  if (status !== undefined) draft.said.push({ kind: 'status', group: '', code: status, message: text })
  addQuota({}, text, draft)
}

/** Words that nothing but OAuth uses. */
const OAUTH_WORDS =
  /\b(invalid_grant|invalid_client|unauthorized_client|deleted_client|disabled_client|admin_policy_enforced|org_internal|redirect_uri_mismatch|internal_failure)\b/

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/** In the order of their numbers: google/rpc/code.proto (github.com/googleapis/googleapis, 2026-11-24). */
const STATUS_NAMES: readonly string[] = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
]

/** The HTTP mapping that code.proto gives each status, read backwards. */
const HTTP_STATUSES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}

/** Numbers that gRPC clients print in place of names: google/ads/googleads/v25/errors/*.proto (2026-11-24). */
const ENUM_NUMBERS: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  authenticationError: {
    2: 'AUTHENTICATION_ERROR',
    5: 'CLIENT_CUSTOMER_ID_INVALID',
    8: 'CUSTOMER_NOT_FOUND',
    9: 'GOOGLE_ACCOUNT_DELETED',
    10: 'GOOGLE_ACCOUNT_COOKIE_INVALID',
    12: 'GOOGLE_ACCOUNT_USER_AND_ADS_USER_MISMATCH',
    13: 'LOGIN_COOKIE_REQUIRED',
    14: 'NOT_ADS_USER',
    15: 'OAUTH_TOKEN_INVALID',
    16: 'OAUTH_TOKEN_EXPIRED',
    17: 'OAUTH_TOKEN_DISABLED',
    18: 'OAUTH_TOKEN_REVOKED',
    19: 'OAUTH_TOKEN_HEADER_INVALID',
    20: 'LOGIN_COOKIE_INVALID',
    21: 'INVALID_EMAIL_ADDRESS',
    22: 'USER_ID_INVALID',
    23: 'TWO_STEP_VERIFICATION_NOT_ENROLLED',
    24: 'ADVANCED_PROTECTION_NOT_ENROLLED',
    25: 'GOOGLE_ACCOUNT_AUTHENTICATION_FAILED',
    26: 'ORGANIZATION_NOT_RECOGNIZED',
    27: 'ORGANIZATION_NOT_APPROVED',
    28: 'ORGANIZATION_NOT_ASSOCIATED_WITH_DEVELOPER_TOKEN',
    29: 'DEVELOPER_TOKEN_INVALID',
  },
  authorizationError: {
    2: 'USER_PERMISSION_DENIED',
    4: 'DEVELOPER_TOKEN_PROHIBITED',
    5: 'PROJECT_DISABLED',
    6: 'AUTHORIZATION_ERROR',
    7: 'ACTION_NOT_PERMITTED',
    8: 'INCOMPLETE_SIGNUP',
    9: 'MISSING_TOS',
    10: 'DEVELOPER_TOKEN_NOT_APPROVED',
    11: 'INVALID_LOGIN_CUSTOMER_ID_SERVING_CUSTOMER_ID_COMBINATION',
    12: 'SERVICE_ACCESS_DENIED',
    13: 'DEVELOPER_TOKEN_NOT_ON_ALLOWLIST',
    24: 'CUSTOMER_NOT_ENABLED',
    25: 'ACCESS_DENIED_FOR_ACCOUNT_TYPE',
    26: 'METRIC_ACCESS_DENIED',
    27: 'CLOUD_PROJECT_NOT_UNDER_ORGANIZATION',
    28: 'ACTION_NOT_PERMITTED_FOR_SUSPENDED_ACCOUNT',
    32: 'CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION',
  },
  quotaError: {
    2: 'RESOURCE_EXHAUSTED',
    3: 'ACCESS_PROHIBITED',
    4: 'RESOURCE_TEMPORARILY_EXHAUSTED',
    5: 'EXCESSIVE_SHORT_TERM_QUERY_RESOURCE_CONSUMPTION',
    6: 'EXCESSIVE_LONG_TERM_QUERY_RESOURCE_CONSUMPTION',
    7: 'PAYMENTS_PROFILE_ACTIVATION_RATE_LIMIT_EXCEEDED',
  },
  requestError: {
    19: 'DEVELOPER_TOKEN_PARAMETER_MISSING',
    20: 'LOGIN_CUSTOMER_ID_PARAMETER_MISSING',
    33: 'RPC_DEADLINE_TOO_SHORT',
    38: 'UNSUPPORTED_VERSION',
    39: 'CLOUD_PROJECT_NOT_FOUND',
  },
  databaseError: { 2: 'CONCURRENT_MODIFICATION', 3: 'DATA_CONSTRAINT_VIOLATION' },
  headerError: { 3: 'INVALID_LOGIN_CUSTOMER_ID', 7: 'INVALID_LINKED_CUSTOMER_ID' },
}
