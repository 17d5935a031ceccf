import type { RecordOutcome } from '../../../domain/crm.ts'
import type { CallbackMeaning, Verdict } from '../../../domain/provider.ts'
import type { HttpAnswer, NoAnswer } from '../http.ts'
import { asRecord, asText } from '../json.ts'
import { lacks, type Meaning, misconfigured, passes, plainText, rejected, stale, verdictOf, wait } from '../meaning.ts'
import { isCancelled, silenceOf, unknownCallback, weightiest } from '../refusals.ts'
import { API_REFUSALS, type ApiRefusal, RIGHT_MISSING } from './api-refusals.ts'
import { type HubSpotError, readErrors, reportsFailure } from './error-body.ts'
import { OBJECT_REFUSALS } from './record-refusals.ts'
import { TOKEN_REFUSALS, type TokenRefusal } from './token-refusals.ts'

/**
 * What the token endpoint means by anything but a token. 429 and 5xx are its trouble, whatever is in them. An answer that no row
 * knows never turns a connection red.
 */
export function readTokenRefusal(stage: 'code' | 'refresh', answer: HttpAnswer): Verdict {
  const { status, error, message, error_description, category } = asRecord(answer.json)
  const codes = [status, error, category].flatMap((code) => asText(code)?.toUpperCase() ?? [])
  const text = [message, error_description].map((said) => asText(said) ?? '').join(' ')
  const row = answer.status === 429 || answer.status >= 500 ? undefined : tokenRow(stage, codes, text)
  const code = codes.find((one) => one !== 'ERROR')
  if (row !== undefined) return verdictOf(row.means, code ?? `http_${answer.status}`, answer.retryAfterMs)
  return atTokenEndpoint(readApiRefusal(answer))
}

function tokenRow(stage: 'code' | 'refresh', codes: readonly string[], text: string): TokenRefusal | undefined {
  const rows = TOKEN_REFUSALS.filter(({ at }) => at === undefined || at === stage)
  return rows.find((row) => (row.codes?.some((code) => codes.includes(code)) ?? true) && (row.says?.test(text) ?? true))
}

/** Where tokens come from, nothing is cured by asking for tokens, and no right of a person is in question. */
function atTokenEndpoint(verdict: Verdict): Verdict {
  return verdict.kind === 'refresh' || verdict.kind === 'permission' || verdict.kind === 'rejected'
    ? verdictOf(UNKNOWN_ANSWER, verdict.code, null)
    : verdict
}

/** What the API means by anything but a success. */
function readApiRefusal(answer: HttpAnswer): Verdict {
  return readWith(API_REFUSALS, answer)
}

/** As `readApiRefusal`, of an answer that may also be a success (`null`): 2xx with JSON or nothing in it, and no error. */
export function readApiAnswer(answer: HttpAnswer): Verdict | null {
  const isSuccess = answer.status >= 200 && answer.status < 300 && (answer.json !== undefined || answer.text.trim() === '')
  return isSuccess && !reportsFailure(answer.json) ? null : readApiRefusal(answer)
}

/** As `readApiRefusal`, of a push that was refused as a whole: the object may not be as the mapping says. */
export function readPushRefusal(answer: HttpAnswer): Verdict {
  return readWith([...OBJECT_REFUSALS, ...API_REFUSALS], answer)
}

/** What one error of a batch means for the records that it is about. */
export function readRecordError(error: HubSpotError): RecordOutcome {
  const row = rowOf([...OBJECT_REFUSALS, ...API_REFUSALS], error, null)
  const verdict = verdictOf(named(row?.means ?? REFUSED_RECORD, error), error.codes[0] ?? 'refused', row?.waitMs ?? null)
  if (verdict.kind === 'permission') return { kind: 'held', verdict }
  const said = { code: verdict.code, message: error.message || verdict.explanation }
  return verdict.kind === 'rejected'
    ? { kind: 'rejected', ...said, field: error.properties[0] ?? null }
    : { kind: 'retry', ...said }
}

export const readSilence = (answer: NoAnswer): Verdict => silenceOf('HubSpot', answer)

/** Most refusals HubSpot shows on its own page, and nobody comes back. */
export function readCallback(error: string, description: string): CallbackMeaning {
  if (/permission|super.?admin|marketplace/i.test(description)) return verdictOf(MAY_NOT_INSTALL, error, null)
  if (isCancelled(error)) return { kind: 'cancelled' }
  const row = tokenRow('code', [error.toUpperCase()], description)
  return row ? verdictOf(row.means, error, null) : unknownCallback('HubSpot', error)
}

const UNKNOWN_ANSWER = passes('HubSpot gave an answer that Redkey does not know.')
const REFUSED_RECORD = rejected('HubSpot refused the record.')

/** https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/oauth/working-with-oauth (2026-11) */
const MAY_NOT_INSTALL = lacks(
  'role_missing',
  'This HubSpot user may not connect apps. A super admin of the HubSpot account has to log in, or to grant "HubSpot Marketplace Access".',
)

function readWith(rows: readonly ApiRefusal[], answer: HttpAnswer): Verdict {
  const errors = readErrors(answer.json)
  const said = errors.map((error) => {
    const row = rowOf(rows, error, answer.status)
    const means = row?.means ?? byStatus(answer, error)
    return verdictOf(named(means, error), error.codes[0] ?? `http_${answer.status}`, waitOf(answer, row))
  })
  return weightiest(said) ?? readWithoutError(rows, answer)
}

/** A page, nothing, or JSON of another form: only what the documentation says of the status itself counts. */
function readWithoutError(rows: readonly ApiRefusal[], answer: HttpAnswer): Verdict {
  const row = rows.find(({ codes, says, statuses }) => !codes && !says && statuses?.includes(answer.status))
  return verdictOf(row?.means ?? byStatus(answer), `http_${answer.status}`, waitOf(answer, row))
}

function rowOf(rows: readonly ApiRefusal[], error: HubSpotError, status: number | null): ApiRefusal | undefined {
  return rows.find(
    ({ codes, says, statuses }) =>
      (codes?.some((code) => error.codes.includes(code)) ?? true) &&
      (says?.test(error.text) ?? true) &&
      (statuses === undefined || (status !== null && statuses.includes(status))),
  )
}

function waitOf(answer: HttpAnswer, row: ApiRefusal | undefined): number | null {
  return answer.retryAfterMs ?? row?.waitMs ?? null
}

function named(means: Meaning, { properties, message }: HubSpotError): Meaning {
  if (!means.explanation.includes('{names}')) return means
  const names = properties.length > 0 ? `the property ${properties.join(', ')} is missing or can't be written` : message
  return { ...means, explanation: means.explanation.replace('{names}', () => plainText(names).replace(/\.$/, '')) }
}

/**
 * For what no row knows. 4xx with an error of HubSpot's own form was understood and refused; any other (a page of a proxy) passes.
 * https://developers.hubspot.com/docs/api-reference/error-handling (2026-11): 403 is a permission that is missing.
 */
function byStatus({ status, json }: HttpAnswer, error?: HubSpotError): Meaning {
  if (status === 401 || asRecord(json).active === false) return stale('The HubSpot access has ended and is renewed.')
  if (status === 429) return wait('HubSpot asks to slow down.')
  if (status === 410) return misconfigured('Redkey asks HubSpot for an API version that it does not offer any more.')
  if (error !== undefined && status === 403) return RIGHT_MISSING
  if (error !== undefined && REFUSED_REQUEST.includes(status)) return rejected('HubSpot does not accept the request.')
  if (error !== undefined && status >= 200 && status < 300) return REFUSED_RECORD
  return status >= 500 ? passes('HubSpot is not available at the moment.') : UNKNOWN_ANSWER
}

const REFUSED_REQUEST = [400, 404, 405, 406, 409, 412, 413, 414, 415, 422]
