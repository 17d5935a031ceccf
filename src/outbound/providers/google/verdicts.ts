import { HOUR_MS } from '../../../clock.ts'
import type { CallbackMeaning, Verdict } from '../../../domain/provider.ts'
import type { HttpAnswer } from '../http.ts'
import { asRecord, asText } from '../json.ts'
import { type Meaning, misconfigured, passes, rejected, stale, verdictOf, wait } from '../meaning.ts'
import { isCancelled, unknownCallback } from '../refusals.ts'
import { type ApiRefusal, ERROR_REASONS, LEGACY_REASONS, STATUSES } from './api-refusals.ts'
import { isHtml, KINDS, type Reading, readSaid, type Said } from './said.ts'
import { TOKEN_REFUSALS } from './token-refusals.ts'

/** What an API of Google has words of its own for; `null` where it has none. */
export type OwnWords = (said: Said) => Meaning | null

export interface ApiReader {
  /** What the API means by anything but a success. */
  readRefusal(answer: HttpAnswer): Verdict
  /** As `readRefusal`, of an answer that may also be a success (`null`). */
  readAnswer(answer: HttpAnswer): Verdict | null
}

export function apiReader(own: OwnWords = () => null): ApiReader {
  const readRefusal = (answer: HttpAnswer): Verdict => {
    const reading = readSaid(answer.json, answer.text)
    return finest(reading, own, answer) ?? verdictOf(byStatus(answer), `http_${answer.status}`, waitOf(reading, answer))
  }
  return {
    readRefusal,
    readAnswer(answer) {
      const isSuccess = answer.status >= 200 && answer.status < 300 && (answer.json !== undefined || answer.text.trim() === '')
      return isSuccess && !hasFailure(answer.json) ? null : readRefusal(answer)
    },
  }
}

/** What the token endpoint means by anything but a token. An answer that no row knows never turns a connection red. */
export function readTokenRefusal(stage: 'code' | 'refresh', answer: HttpAnswer): Verdict {
  const reading = readSaid(answer.json, answer.text)
  const said = reading.said.find(({ kind }) => kind === 'oauth')
  const delayMs = waitOf(reading, answer)
  const known = said && tokenRow(stage, said.code, said.message)
  if (known) return verdictOf(known.means, said.code, delayMs)
  if (said)
    return verdictOf(answer.status === 429 ? SLOW_DOWN : answer.status >= 500 ? TROUBLE : UNKNOWN_ANSWER, said.code, delayMs)
  const verdict = apiReader().readRefusal(answer)
  // Where tokens come from, a 401 without a reason can't be cured by asking for tokens, and there is no record that could be wrong.
  return verdict.kind === 'refresh' || verdict.kind === 'rejected' ? verdictOf(UNKNOWN_ANSWER, verdict.code, null) : verdict
}

export function readCallback(label: string, error: string, description: string): CallbackMeaning {
  const row = tokenRow('code', error, description)
  if (isCancelled(error) && (row === undefined || row.means.kind === 'rejected')) return { kind: 'cancelled' }
  return row ? verdictOf(row.means, error, null) : unknownCallback(label, error)
}

function tokenRow(stage: 'code' | 'refresh', error: string, message: string) {
  return TOKEN_REFUSALS.find(
    ({ errors, says, at }) =>
      errors.includes(error.toLowerCase()) && (says?.test(message) ?? true) && (at === undefined || at === stage),
  )
}

/** An error, or a part of the request that failed: a success of Google has neither. */
function hasFailure(json: unknown): boolean {
  if (Array.isArray(json)) return json.some(hasFailure)
  const { error, errors, partialFailureError, hasFailures } = asRecord(json)
  if (hasFailures === true || (error !== undefined && error !== null)) return true
  return readSaid({ errors, partialFailureError }, '').said.length > 0
}

/** Of the finest words that are known the one that decides what happens next. */
function finest(reading: Reading, own: OwnWords, answer: HttpAnswer): Verdict | null {
  for (const kind of KINDS) {
    const verdicts = reading.said
      .filter((said) => said.kind === kind)
      .flatMap((said) => {
        const means = own(said) ?? meaningOf(said)
        return means === null ? [] : [verdictOf(ofADay(means, reading), said.code, waitOf(reading, answer))]
      })
    const found = weightiest(verdicts)
    if (found !== null) return found
  }
  return null
}

function meaningOf(said: Said): Meaning | null {
  switch (said.kind) {
    case 'ads':
      return null
    case 'reason':
      return rowOf(ERROR_REASONS, said)
    case 'legacy':
      return rowOf(LEGACY_REASONS, said)
    case 'oauth':
      return apiTokenMeaning(said)
    case 'status':
      return rowOf(STATUSES, said)
    default:
      return said.kind satisfies never
  }
}

/** RFC 6750 3.1 beside what the token endpoint says: client libraries pass its answers on as answers of the API. */
function apiTokenMeaning({ code, message }: Said): Meaning | null {
  if (code.toLowerCase() === 'invalid_token') return stale('The access to Google has ended and is renewed.')
  if (code.toLowerCase() === 'insufficient_scope')
    return rowOf(ERROR_REASONS, { code: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT', message })
  return tokenRow('refresh', code, message)?.means ?? null
}

function rowOf(rows: readonly ApiRefusal[], { code, message }: Pick<Said, 'code' | 'message'>): Meaning | null {
  const row = rows.find(
    ({ codes, says }) => codes.some((known) => known.toLowerCase() === code.toLowerCase()) && (says?.test(message) ?? true),
  )
  return row?.means ?? null
}

/** What is used up for the day, or for longer than an hour, is not waited for in seconds. */
function ofADay(means: Meaning, { retryDelayMs, isOfADay }: Reading): Meaning {
  const isLong = isOfADay || (retryDelayMs ?? 0) >= HOUR_MS
  return means.kind === 'rate_limited' && isLong ? { ...means, usedUp: true } : means
}

/** `Retry-After` wins. */
function waitOf({ retryDelayMs }: Reading, answer: HttpAnswer): number | null {
  return answer.retryAfterMs ?? retryDelayMs
}

function weightiest(verdicts: readonly Verdict[]): Verdict | null {
  return WEIGHTS.map((kind) => verdicts.find((verdict) => verdict.kind === kind)).find((verdict) => verdict !== undefined) ?? null
}

const WEIGHTS = [
  'authorization_required',
  'misconfigured',
  'permission',
  'refresh',
  'rate_limited',
  'transient',
  'rejected',
] as const

const SLOW_DOWN = wait('Google asks to slow down.')
const TROUBLE = passes('Google is not available at the moment.')
const UNKNOWN_ANSWER = passes('Google gave an answer that Redkey does not know.')

/**
 * Answers without a word that a row knows. A page of Google's own front says that there is no such address under a 404; where the
 * address begins with an API version, that version is gone (google-ads-php issues; PROVIDERS.md 9, read 2026-11-24).
 */
function byStatus({ status, headers, text }: HttpAnswer): Meaning {
  if (status === 404 && /requested URL\s*(<code>)?\s*\/(v\d+|dfareporting\/v)[\s\S]*not found on this server/i.test(text))
    return misconfigured('Redkey asks Google for an API version that it does not offer any more.')
  if (status === 429) return SLOW_DOWN
  if (status === 413) return rejected('The request is too large for Google.')
  if (status === 401 && (!isHtml(text) || /bearer/i.test(asText(headers['www-authenticate']) ?? '')))
    return stale('The access to Google has ended and is renewed.')
  return status >= 500 ? TROUBLE : UNKNOWN_ANSWER
}
