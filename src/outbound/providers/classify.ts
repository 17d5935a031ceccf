import { type AuthorizationCause, type PermissionCause, PROVIDER_NAMES, type Verdict } from '../../domain/provider.ts'
import { AppError } from '../../errors.ts'
import { readersOf } from './answer-readers.ts'
import { type HttpAnswer, parseJson } from './http.ts'
import { asRecord, asText } from './json.ts'
import { readRetryAfterMs } from './retry-after.ts'

/** What `redkey classify` says of one answer. `ok`: the answer refuses nothing, so none of the seven verdicts is true of it. */
export interface Classification {
  readonly verdict: Verdict['kind'] | 'ok'
  readonly cause: AuthorizationCause | PermissionCause | null
  readonly retryAfterMs: number | null
  readonly explanation: string
}

/**
 * One line of `redkey classify`: `{provider, where: "token"|"api", status, headers?, body?}`, `body` being JSON, text or null.
 * It uses the very tables of the adapters. `now` serves a `Retry-After` that is a date, in an answer without `Date`.
 * @throws {AppError} CONFIG_INVALID for another provider or a line that is not of this form; the message says what is wrong.
 */
export function classify(line: unknown, now: Date): Classification {
  const { provider, where, status, headers, body } = asRecord(line)
  const readers = readersOf(asText(provider)?.toLowerCase() ?? '')
  if (readers === undefined) throw invalid(`provider must be one of ${PROVIDER_NAMES.join(', ')}, not ${shown(provider)}`)
  if (where !== 'token' && where !== 'api') throw invalid(`where must be "token" or "api", not ${shown(where)}`)
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 100 || status > 599) {
    throw invalid(`status must be an HTTP status, not ${shown(status)}`)
  }
  const answer = answerOf(status, headers, body, now)
  const verdict = where === 'token' && hasToken(answer) ? null : readers[where](answer, now)
  if (verdict === null)
    return { verdict: 'ok', cause: null, retryAfterMs: null, explanation: 'Nothing is refused in this answer.' }
  return {
    verdict: verdict.kind,
    cause: 'cause' in verdict ? verdict.cause : null,
    retryAfterMs: 'retryAfterMs' in verdict ? verdict.retryAfterMs : null,
    explanation: verdict.explanation,
  }
}

function answerOf(status: number, headers: unknown, body: unknown, now: Date): HttpAnswer {
  const named = Object.fromEntries(Object.entries(asRecord(headers)).map(([name, value]) => [name.toLowerCase(), String(value)]))
  const text = typeof body === 'string' ? body : body === undefined || body === null ? '' : JSON.stringify(body)
  return { kind: 'answer', status, headers: named, text, json: parseJson(text), retryAfterMs: readRetryAfterMs(named, now) }
}

function hasToken({ status, json }: HttpAnswer): boolean {
  return status === 200 && asText(asRecord(json).access_token) !== null
}

function invalid(problem: string): AppError {
  return new AppError('CONFIG_INVALID', `This line can't be classified: ${problem}.`, {
    next: 'A line is {"provider": "salesforce", "where": "token" or "api", "status": 400, "headers": {}, "body": {}}.',
  })
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value).slice(0, 60)
}
