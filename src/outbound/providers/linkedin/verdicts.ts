import { DAY_MS } from '../../../clock.ts'
import type { Asked, CallbackMeaning, Verdict } from '../../../domain/provider.ts'
import type { HttpAnswer, NoAnswer } from '../http.ts'
import { asText } from '../json.ts'
import { type Meaning, passes, rejected, stale, verdictOf, wait } from '../meaning.ts'
import { isCancelled, silenceOf, unknownCallback } from '../refusals.ts'
import { isHtml } from '../wrapped.ts'
import { API_REFUSALS } from './api-refusals.ts'
import { bodyOf, readError } from './error-body.ts'
import { TOKEN_REFUSALS } from './token-refusals.ts'

/** What the token endpoint means by anything but a token. What no row knows never turns a connection red. */
export function readTokenRefusal(stage: 'code' | 'refresh', answer: HttpAnswer, now: Date): Verdict {
  const error = asText(bodyOf(answer).error)
  const verdict = error === null ? readApiRefusal(answer, now) : readOAuthError(stage, error, answer, now)
  // Where tokens come from, a request for new ones cures nothing.
  return verdict.kind === 'refresh' ? verdictOf(UNKNOWN_ANSWER, verdict.code, null) : verdict
}

function readOAuthError(stage: 'code' | 'refresh', error: string, answer: HttpAnswer, now: Date): Verdict {
  const { error_description, message } = bodyOf(answer)
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

/** A success with something else in it than the documentation says. */
export function unreadable(): Asked<never> {
  return verdictOf(UNKNOWN_ANSWER, 'unreadable_answer', null)
}

const UNKNOWN_ANSWER = passes('LinkedIn gave an answer that Redkey does not know.')

/** For answers that are not of LinkedIn's form: a page of a proxy passes, and only a 401 without one asks for a new access token. */
function byStatus({ status, text }: HttpAnswer): Meaning {
  if (status === 401 && !isHtml(text)) return stale('LinkedIn wants a new access token.')
  if (status === 429) return wait('LinkedIn asks to slow down.')
  if (status === 413 || status === 414) return rejected('The request is too large for LinkedIn.')
  return status >= 500 ? passes('LinkedIn is not available at the moment.') : UNKNOWN_ANSWER
}

/** `Retry-After` where it is sent; calls of a day are counted from midnight UTC (…/concepts/rate-limits, 2026-11). */
function waitOf(means: Meaning, { headers, retryAfterMs }: HttpAnswer, now: Date): number | null {
  if (retryAfterMs !== null || means.kind !== 'rate_limited' || means.usedUp !== true) return retryAfterMs
  const sent = Date.parse(headers.date ?? '')
  const at = Number.isNaN(sent) ? now.getTime() : sent
  return DAY_MS - (at % DAY_MS)
}
