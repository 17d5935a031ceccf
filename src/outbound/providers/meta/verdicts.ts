import { MINUTE_MS, SECOND_MS } from '../../../clock.ts'
import type { CallbackMeaning, Verdict } from '../../../domain/provider.ts'
import { type HttpAnswer, type NoAnswer, parseJson } from '../http.ts'
import { asCount, asList, asRecord, type JsonRecord } from '../json.ts'
import { type Meaning, misconfigured, passes, plainText, rejected, verdictOf, wait } from '../meaning.ts'
import { isCancelled, silenceOf, unknownCallback, weightiest } from '../refusals.ts'
import { errorsOf, type GraphError, readErrors } from './error-body.ts'
import type { GraphRefusal } from './graph-refusal.ts'
import { LIMITS, REFUSALS } from './refusals.ts'
import { TOO_MUCH } from './too-much.ts'

/** What the Graph API, or its token endpoint, means by anything but a success. What no row knows never turns a connection red. */
export function readRefusal(answer: HttpAnswer): Verdict {
  const errors = errorsOf(answer.json, answer.text, answer.headers)
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
  'The Meta app of Redkey may not ask for the permissions ads_read and ads_management. Whoever manages the app has to add the Marketing API and its permissions.',
)

function codeOf({ code, subcode }: GraphError): string {
  return subcode === null ? String(code ?? 'no_code') : `${code ?? 'no_code'}/${subcode}`
}

/** `status`: of the answer, where it is about the error. */
function meaningOf(error: GraphError, status: number | null): Meaning {
  const limit = rowOf(TOO_MUCH, error) ?? rowOf(LIMITS, error)
  if (limit) return limit.means
  if (error.isTransient === true) return passes('Meta had trouble of its own and asks to try again.')
  const row = rowOf(REFUSALS, error)
  return row ? told(row.means, error) : unknownError(error, status ?? 0)
}

function rowOf(rows: readonly GraphRefusal[], error: GraphError): GraphRefusal | undefined {
  const { code, subcode, message, userMessage } = error
  return rows.find(({ codes, subcodes, says, saysToPerson, lasting }) => {
    const isCode = codes === undefined || (code !== null && codes.some((one) => isIn(one, code)))
    const isMeant =
      (lasting !== true || isLasting(error)) && (says?.test(message) ?? true) && (saysToPerson?.test(userMessage ?? '') ?? true)
    return isCode && isMeant && (subcodes === undefined || subcodes.includes(subcode ?? Number.NaN))
  })
}

/** Meta says that it won't pass, and tells a person what to change. */
function isLasting({ isTransient, userMessage }: GraphError): boolean {
  return isTransient === false && userMessage !== null && !/try again|\blater\b/i.test(userMessage)
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
