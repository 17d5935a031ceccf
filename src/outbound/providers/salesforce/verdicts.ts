import type { RecordOutcome } from '../../../domain/crm.ts'
import type { CallbackMeaning, Verdict } from '../../../domain/provider.ts'
import type { HttpAnswer, NoAnswer } from '../http.ts'
import { asList, asRecord, asText } from '../json.ts'
import { lacks, type Meaning, misconfigured, passes, plainText, rejected, stale, verdictOf, wait } from '../meaning.ts'
import { isCancelled, silenceOf, unknownCallback, weightiest } from '../refusals.ts'
import { API_REFUSALS, IDENTITY_REFUSALS } from './api-refusals.ts'
import { CALLBACK_REFUSALS } from './callback-refusals.ts'
import { readErrors, readErrorsInText, type SalesforceError } from './error-body.ts'
import { RECORD_REFUSALS } from './record-refusals.ts'
import { TOKEN_REFUSALS } from './token-refusals.ts'

/** What the token endpoint means by anything but a token. An answer that no row knows never turns a connection red. */
export function readTokenRefusal(stage: 'code' | 'refresh', answer: HttpAnswer): Verdict {
  const body = asRecord(answer.json)
  const error = asText(body.error)
  if (error === null) return withoutRefresh(readApiRefusal(answer))
  const description = asText(body.error_description) ?? ''
  const row = rowOf(stage, error, description)
  return withoutRefresh(verdictOf(row?.means ?? byStatus(answer), error, answer.retryAfterMs))
}

function rowOf(stage: 'code' | 'refresh', error: string, description: string) {
  return TOKEN_REFUSALS.find(
    ({ errors, says, at }) =>
      errors.includes(error.toLowerCase()) && (says?.test(description) ?? true) && (at === undefined || at === stage),
  )
}

/** Where tokens come from, a 401 without a reason can't be cured by asking for tokens. */
function withoutRefresh(verdict: Verdict): Verdict {
  return verdict.kind === 'refresh' ? verdictOf(UNKNOWN_ANSWER, verdict.code, null) : verdict
}

/** What the REST API or the identity service means by anything but a success. */
export function readApiRefusal(answer: HttpAnswer): Verdict {
  const errors = readErrorsOf(answer)
  const besideWritten = asList(answer.json).some(isWritten)
  const said = errors.map((error) =>
    verdictOf(meaningOf(error, besideWritten) ?? byStatus(answer, error), error.code, answer.retryAfterMs),
  )
  return deciding(said) ?? readWord(answer) ?? verdictOf(byStatus(answer), `http_${answer.status}`, answer.retryAfterMs)
}

/** As `readApiRefusal`, of an answer that may also be a success (`null`): 2xx with JSON or nothing in it, and no error. */
export function readApiAnswer(answer: HttpAnswer): Verdict | null {
  const isSuccess = answer.status >= 200 && answer.status < 300 && (answer.json !== undefined || answer.text.trim() === '')
  return isSuccess && !hasFailure(answer.json) ? null : readApiRefusal(answer)
}

/** A record's own word that it was written. */
export function isWritten(result: unknown): boolean {
  const { success, errors } = asRecord(result)
  return success === true && asList(errors).length === 0
}

/**
 * What the `errors` of one record that was not written mean; `besideWritten`: others of the same answer were. The statuses of the
 * answer say nothing here.
 */
export function readRecordErrors(errors: readonly unknown[], besideWritten = false): RecordOutcome {
  const read = errors.flatMap((error) => readErrors(error))
  const verdict = deciding(read.map((error) => verdictOf(meaningOf(error, besideWritten) ?? REFUSED_RECORD, error.code, null)))
  const error = read.find(({ code }) => code === verdict?.code)
  if (verdict === null || error === undefined)
    return { kind: 'retry', code: 'unreadable_answer', message: 'Salesforce gave no reason.' }
  const said = { code: verdict.code, message: plainText(error.message) || verdict.explanation }
  if (verdict.kind === 'permission') return { kind: 'held', verdict }
  if (verdict.kind === 'rejected') return { kind: 'rejected', ...said, field: error.fields[0] ?? null }
  return { kind: 'retry', ...said }
}

export const readSilence = (answer: NoAnswer): Verdict => silenceOf('Salesforce', answer)

/** The documentation also writes `access_denied` with a hyphen (help: OAuth error codes, read 2026-11-23). */
export function readCallback(error: string, description: string): CallbackMeaning {
  if (isCancelled(error) && !/admin|approv/i.test(description)) return { kind: 'cancelled' }
  const blocked = CALLBACK_REFUSALS.find(
    (row) => row.errors.includes(error.toLowerCase()) && (row.says?.test(description) ?? true),
  )
  if (blocked) return { ...verdictOf(blocked.means, error, null), steps: blocked.steps }
  const row = rowOf('code', error, description)
  return row ? verdictOf(row.means, error, null) : unknownCallback('Salesforce', error)
}

const REFUSALS = [...API_REFUSALS, ...RECORD_REFUSALS]
const KNOWN_CODES = new Set(REFUSALS.flatMap(({ codes }) => codes))
const UNKNOWN_ANSWER = passes('Salesforce gave an answer that Redkey does not know.')
const NOT_ALLOWED = lacks(
  'role_missing',
  'The Salesforce user may not do this. A Salesforce admin has to grant the permission with a permission set.',
)
const REFUSED_RECORD = rejected('Salesforce refused the record.')

/** The REST API is asked for JSON; XML comes where it does not get that far, and from the older APIs. */
function readErrorsOf({ json, text }: HttpAnswer): readonly SalesforceError[] {
  if (json !== undefined && typeof json !== 'string') return readErrors(json)
  return readErrorsInText(typeof json === 'string' ? json : text, (code) => KNOWN_CODES.has(code))
}

/** An error, or a record or result that says of itself that it failed. */
function hasFailure(json: unknown): boolean {
  if (Array.isArray(json)) return json.some((entry) => hasFailure(asRecord(entry))) || readErrors(json).length > 0
  const { success, hasErrors } = asRecord(json)
  return success === false || hasErrors === true || readErrors(json).length > 0
}

function meaningOf(error: SalesforceError, besideWritten: boolean): Meaning | null {
  const code = error.code.toUpperCase()
  const isOfOneRecord = besideWritten && error.fields.length === 0
  const row = REFUSALS.find(
    (row) => row.codes.includes(code) && (row.says?.test(error.message) ?? true) && (isOfOneRecord || !row.besideWritten),
  )
  return row === undefined ? null : { ...row.means, explanation: row.means.explanation.replace('{names}', () => namesIn(error)) }
}

/** API names of the object and fields that an error is about; messages quote them in a handful of ways. */
function namesIn({ message, fields }: SalesforceError): string {
  const listed =
    /(?:update fields|not accessible|cannot be (?:inserted|updated)): ([\w, ]+)/i.exec(message)?.[1]?.split(/,\s*/) ?? []
  const quoted = [...message.matchAll(/(?:column|type|entity) '(\w+)'/gi)].map((match) => match[1])
  const names = new Set([...fields, ...quoted, ...listed].filter((name) => name !== undefined && name !== ''))
  return names.size === 0 ? 'this object or field' : plainText([...names].join(', '))
}

/** Records undone because of another come last. */
function deciding(verdicts: readonly Verdict[]): Verdict | null {
  return weightiest(verdicts.filter(({ code }) => !UNDONE.includes(code))) ?? verdicts[0] ?? null
}

const UNDONE = ['ALL_OR_NONE_OPERATION_ROLLED_BACK', 'PROCESSING_HALTED']

function readWord(answer: HttpAnswer): Verdict | null {
  const word = answer.text.trim().slice(0, 100)
  const row = IDENTITY_REFUSALS.find(({ words }) => words.includes(word.toLowerCase()))
  return row === undefined ? null : verdictOf(row.means, word, answer.retryAfterMs)
}

/**
 * For answers without a code that a row knows. 4xx with an error of Salesforce's own form was understood and refused; any other
 * (a page of a proxy, a maintenance page) passes. Statuses: developer.salesforce.com errorcodes.htm, read 2026-11-23.
 */
function byStatus({ status }: HttpAnswer, error?: SalesforceError): Meaning {
  if (status === 401) return stale('The Salesforce session has ended and is renewed.')
  if (status === 429) return wait('Salesforce asks to slow down.')
  if (status === 410) return misconfigured('Redkey asks Salesforce for an API version that it does not offer any more.')
  if (status === 413) return rejected('The request is too large for Salesforce.')
  if (status === 300) return rejected('More than one record in Salesforce has this external id.')
  if (error !== undefined && status === 403) return NOT_ALLOWED
  if (error !== undefined && [400, 404, 405, 412, 414, 415, 428, 431].includes(status))
    return rejected('Salesforce does not accept the request.')
  if (error !== undefined && status >= 200 && status < 300) return REFUSED_RECORD
  return status >= 500 ? passes('Salesforce is not available at the moment.') : UNKNOWN_ANSWER
}
