import { DAY_MS } from '../../../clock.ts'
import type { CallbackMeaning, Verdict } from '../../../domain/provider.ts'
import type { HttpAnswer, NoAnswer } from '../http.ts'
import { asList, asRecord, asText } from '../json.ts'
import { type Meaning, passes, stale, verdictOf, wait } from '../meaning.ts'
import { isCancelled, silenceOf, unknownCallback } from '../refusals.ts'
import { API_REFUSALS } from './api-refusals.ts'
import { TOKEN_REFUSALS } from './token-refusals.ts'

/** What the token endpoint means by anything but a token. What no row knows never turns a connection red. */
export function readTokenRefusal(stage: 'code' | 'refresh', answer: HttpAnswer, now: Date): Verdict {
  const error = asText(asRecord(answer.json).error)
  const verdict = error === null ? readApiRefusal(answer, now) : readOAuthError(stage, error, answer, now)
  // Where tokens come from, a request for new ones cures nothing.
  return verdict.kind === 'refresh' ? verdictOf(UNKNOWN_ANSWER, verdict.code, null) : verdict
}

function readOAuthError(stage: 'code' | 'refresh', error: string, answer: HttpAnswer, now: Date): Verdict {
  const { error_description, message } = asRecord(answer.json)
  const means = tokenRow(stage, error, asText(error_description) ?? asText(message) ?? '')?.means ?? byStatus(answer)
  return verdictOf(means, error, waitOf(means, answer, now))
}

function tokenRow(stage: 'code' | 'refresh', error: string, description: string) {
  return TOKEN_REFUSALS.find(
    ({ errors, says, at }) =>
      (errors?.includes(error.toLowerCase()) ?? true) && (says?.test(description) ?? true) && (at === undefined || at === stage),
  )
}

/** What the REST API means by anything but a success. */
export function readApiRefusal(answer: HttpAnswer, now: Date): Verdict {
  const error = readError(answer)
  if (error === null) return verdictOf(byStatus(answer), `http_${answer.status}`, answer.retryAfterMs)
  const row = API_REFUSALS.find(
    ({ codes, statuses, says }) =>
      (codes === undefined || codes.some((code) => code === error.serviceCode || code === error.name)) &&
      (statuses === undefined || statuses.includes(error.status)) &&
      (says?.test(error.message) ?? true),
  )
  const means = row?.means ?? UNKNOWN_ANSWER
  return verdictOf(means, error.name ?? String(error.serviceCode ?? `http_${error.status}`), waitOf(means, answer, now))
}

/** As `readApiRefusal`, of an answer that may also be a success (`null`): 2xx with JSON or nothing in it, and no error. */
export function readApiAnswer(answer: HttpAnswer, now: Date): Verdict | null {
  const isSuccess = answer.status >= 200 && answer.status < 300 && (answer.json !== undefined || answer.text.trim() === '')
  return isSuccess && readError(answer) === null ? null : readApiRefusal(answer, now)
}

export const readSilence = (answer: NoAnswer): Verdict => silenceOf('LinkedIn', answer)

/** `user_cancelled_login`, `user_cancelled_authorize`: learn.microsoft.com/linkedin/shared/authentication/authorization-code-flow (2026-11). */
export function readCallback(error: string, description: string): CallbackMeaning {
  if (isCancelled(error) || error.startsWith('user_cancelled')) return { kind: 'cancelled' }
  const row = tokenRow('code', error, description)
  return row ? verdictOf(row.means, error, null) : unknownCallback('LinkedIn', error)
}

interface LinkedInError {
  readonly status: number
  readonly serviceCode: number | null
  readonly name: string | null
  readonly message: string
}

/**
 * `{"status","serviceErrorCode","code","message"}`; each part may be missing, and the status inside may differ from that of HTTP
 * when the answer came through another service. A part of a batch has it under `errors` or `error`.
 */
function readError(answer: HttpAnswer): LinkedInError | null {
  const body = asRecord(answer.json)
  const inner = [
    body,
    asRecord(body.error),
    ...Object.values(asRecord(body.errors)),
    ...asList(body.errors),
    ...asList(answer.json),
  ]
  return inner.map((one) => errorOf(asRecord(one), answer.status)).find((error) => error !== null) ?? null
}

function errorOf(body: Readonly<Record<string, unknown>>, httpStatus: number): LinkedInError | null {
  const status = numberIn(body.status)
  const serviceCode = numberIn(body.serviceErrorCode)
  const name = asText(body.code)?.toUpperCase() ?? null
  const message = asText(body.message) ?? asText(body.error_description) ?? ''
  const isRefused = httpStatus >= 400 || (status !== null && status >= 400) || serviceCode !== null
  if (!isRefused || (status === null && serviceCode === null && name === null && message === '')) return null
  return { status: httpStatus >= 400 || status === null ? httpStatus : status, serviceCode, name, message }
}

function numberIn(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isInteger(number) ? number : null
}

const UNKNOWN_ANSWER = passes('LinkedIn gave an answer that Redkey does not know.')

/** For answers that are not of LinkedIn's form: a page of a proxy passes, and only an empty 401 asks for a new access token. */
function byStatus({ status, text }: HttpAnswer): Meaning {
  if (status === 401 && text.trim() === '') return stale('LinkedIn wants a new access token.')
  if (status === 429) return wait('LinkedIn asks to slow down.')
  return status >= 500 ? passes('LinkedIn is not available at the moment.') : UNKNOWN_ANSWER
}

/** `Retry-After` where it is sent; calls of a day are counted from midnight UTC (…/concepts/rate-limits, 2026-11). */
function waitOf(means: Meaning, { headers, retryAfterMs }: HttpAnswer, now: Date): number | null {
  if (retryAfterMs !== null || means.kind !== 'rate_limited' || means.usedUp !== true) return retryAfterMs
  const sent = Date.parse(headers.date ?? '')
  const at = Number.isNaN(sent) ? now.getTime() : sent
  return DAY_MS - (at % DAY_MS)
}
