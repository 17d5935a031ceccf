import { MINUTE_MS, SECOND_MS } from '../../../clock.ts'
import type { CallbackMeaning, Verdict } from '../../../domain/provider.ts'
import { type HttpAnswer, type NoAnswer, parseJson } from '../http.ts'
import { asCount, asList, asRecord, asText, type JsonRecord } from '../json.ts'
import { type Meaning, misconfigured, passes, plainText, rejected, verdictOf, wait } from '../meaning.ts'
import { isCancelled, silenceOf, unknownCallback } from '../refusals.ts'
import { type GraphRefusal, LIMITS, REFUSALS } from './refusals.ts'

/** What the Graph API, or its token endpoint, means by anything but a success. What no row knows never turns a connection red. */
export function readRefusal(answer: HttpAnswer): Verdict {
  const errors = readErrors(answer.json)
  const said = errors.map((error) => verdictOf(meaningOf(error, answer.status), codeOf(error), waitOf(answer)))
  return weightiest(said) ?? verdictOf(byStatus(answer), `http_${answer.status}`, waitOf(answer))
}

/** As `readRefusal`, of an answer that may also be a success (`null`). Meta puts errors under HTTP 200 as well. */
export function readAnswer(answer: HttpAnswer): Verdict | null {
  const isSuccess = answer.status >= 200 && answer.status < 300 && (answer.json !== undefined || answer.text.trim() === '')
  return isSuccess && readErrors(answer.json).length === 0 ? null : readRefusal(answer)
}

/** The error in what is said of a token; null: none. */
export function readErrorIn(data: JsonRecord): Verdict | null {
  const [error] = readErrors(data)
  return error === undefined ? null : verdictOf(meaningOf(error, null), codeOf(error), null)
}

export const readSilence = (answer: NoAnswer): Verdict => silenceOf('Meta', answer)

/** `error`, `error_reason` and `error_description`: developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow (2026-11). */
export function readCallback(error: string, description: string): CallbackMeaning {
  if (isCancelled(error)) return { kind: 'cancelled' }
  if (/scope|permission/i.test(`${error} ${description}`)) return verdictOf(APP_LACKS_SCOPE, error, null)
  if (/server_error|temporarily/i.test(error)) return verdictOf(passes('Meta had trouble of its own.'), error, null)
  return unknownCallback('Meta', error)
}

const APP_LACKS_SCOPE = misconfigured(
  'The Meta app of Redkey may not ask for the permission ads_read. Whoever manages the app has to add the Marketing API and its permissions.',
)

interface GraphError {
  readonly code: number | null
  readonly subcode: number | null
  readonly message: string
  /** What Meta wants a person to read. */
  readonly userMessage: string | null
  readonly isTransient: boolean | null
}

/** A batch of batches is the deepest real answer. */
const DEEPEST = 6

/**
 * `{"error":{"message","type","code","error_subcode",…}}`; each answer of a batch holds it as text in `body`; `debug_token` under
 * `data` with `subcode`; the oldest form is `{"error_code","error_msg"}`.
 * https://developers.facebook.com/docs/graph-api/guides/error-handling, …/docs/graph-api/batch-requests (2026-11)
 */
function readErrors(json: unknown, depth = DEEPEST): readonly GraphError[] {
  if (depth === 0) return []
  if (Array.isArray(json)) return json.flatMap((entry) => readErrors(entry, depth - 1))
  const entry = asRecord(json)
  const { error } = entry
  if (typeof error === 'string' && error !== '') return [errorOf({ message: asText(entry.error_description) ?? error, ...entry })]
  if (typeof error === 'object' && error !== null) {
    return Array.isArray(error) ? error.flatMap((one) => readErrors({ error: one }, depth - 1)) : [errorOf(asRecord(error))]
  }
  if (entry.error_code !== undefined)
    return [errorOf({ code: entry.error_code, message: entry.error_msg ?? entry.error_message })]
  const listed = asList(entry.errors).map((one) => errorOf(asRecord(one)))
  const body = asText(entry.body)
  const held = [Array.isArray(entry.data) ? undefined : entry.data, body === null ? undefined : parseJson(body)]
  return [...listed, ...held.flatMap((inner) => readErrors(inner, depth - 1))]
}

function errorOf(error: JsonRecord): GraphError {
  const message = asText(error.message) ?? ''
  return {
    code: asCode(error.code) ?? asCode(/^\(#(\d+)\)/.exec(message)?.[1]),
    subcode: asCode(error.error_subcode) ?? asCode(error.subcode),
    message,
    userMessage: asText(error.error_user_msg),
    isTransient: typeof error.is_transient === 'boolean' ? error.is_transient : null,
  }
}

function asCode(value: unknown): number | null {
  const number = typeof value === 'string' && /^-?\d{1,9}$/.test(value.trim()) ? Number(value) : value
  return typeof number === 'number' && Number.isInteger(number) ? number : null
}

function codeOf({ code, subcode }: GraphError): string {
  return subcode === null ? String(code ?? 'no_code') : `${code ?? 'no_code'}/${subcode}`
}

/** `status`: of the answer, where it is about the error. */
function meaningOf(error: GraphError, status: number | null): Meaning {
  const limit = rowOf(LIMITS, error)
  if (limit) return limit.means
  if (error.isTransient === true) return passes('Meta had trouble of its own and asks to try again.')
  const row = rowOf(REFUSALS, error)
  return row ? told(row.means, error) : unknownError(error, status ?? 0)
}

function rowOf(rows: readonly GraphRefusal[], { code, subcode, message }: GraphError): GraphRefusal | undefined {
  return rows.find(({ codes, subcodes, says }) => {
    const isCode = codes === undefined || (code !== null && codes.some((one) => isIn(one, code)))
    return isCode && (subcodes === undefined || subcodes.includes(subcode ?? Number.NaN)) && (says?.test(message) ?? true)
  })
}

function isIn(one: number | readonly [number, number], code: number): boolean {
  return typeof one === 'number' ? one === code : code >= one[0] && code <= one[1]
}

/** The right that Meta names goes into the sentence, and what Meta wrote for the person behind it. */
function told(means: Meaning, { message, userMessage }: GraphError): Meaning {
  const otherwise = means.kind === 'permission' ? 'access to ads' : 'ads_read'
  const explanation = means.explanation.replace('{right}', () => rightIn(message) ?? otherwise)
  const said = means.kind === 'permission' && userMessage !== null ? ` Meta says: ${plainText(userMessage)}` : ''
  return { ...means, explanation: `${explanation}${said}` }
}

function rightIn(message: string): string | null {
  const names = new Set(
    message.match(/\b(?:ads|business|pages|leads|catalog|instagram|read|publish|manage|public)_[a-z_]+\b/g) ?? [],
  )
  return names.size === 0 ? null : [...names].slice(0, 3).join(' or ')
}

/** A code that no row knows. What Meta calls lasting, or explains to a person, is about the request. */
function unknownError({ isTransient, userMessage }: GraphError, status: number): Meaning {
  if (status === 429) return wait('Meta asks to slow down.')
  if (status >= 500) return passes('Meta is not available at the moment.')
  return isTransient === false || userMessage !== null ? rejected('Meta does not accept the request.') : UNKNOWN_ANSWER
}

const UNKNOWN_ANSWER = passes('Meta gave an answer that Redkey does not know.')

function byStatus({ status }: HttpAnswer): Meaning {
  if (status === 429) return wait('Meta asks to slow down.')
  return status >= 500 ? passes('Meta is not available at the moment.') : UNKNOWN_ANSWER
}

const WEIGHTS = ['authorization_required', 'permission', 'misconfigured', 'rate_limited', 'transient', 'rejected'] as const

/** Of several errors in one answer the one that decides what happens next. */
function weightiest(verdicts: readonly Verdict[]): Verdict | null {
  return WEIGHTS.map((kind) => verdicts.find((verdict) => verdict.kind === kind)).find((found) => found !== undefined) ?? null
}

/**
 * `Retry-After` where it is sent; else minutes of `X-Business-Use-Case-Usage` (the longest of all its accounts) or seconds of
 * `X-Ad-Account-Usage`. https://developers.facebook.com/docs/graph-api/overview/rate-limiting (2026-11)
 */
function waitOf({ headers, retryAfterMs }: HttpAnswer): number | null {
  if (retryAfterMs !== null) return retryAfterMs
  const uses = Object.values(asRecord(parseJson(headers['x-business-use-case-usage'] ?? ''))).flatMap(asList)
  const minutes = uses.map((use) => asCount(asRecord(use).estimated_time_to_regain_access) ?? 0)
  const longest = Math.max(0, ...minutes)
  if (longest > 0) return longest * MINUTE_MS
  const seconds = asCount(asRecord(parseJson(headers['x-ad-account-usage'] ?? '')).reset_time_duration)
  return seconds === null || seconds === 0 ? null : seconds * SECOND_MS
}
