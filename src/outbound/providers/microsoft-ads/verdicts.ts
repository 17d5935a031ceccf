import type { Verdict } from '../../../domain/provider.ts'
import type { HttpAnswer } from '../http.ts'
import { asRecord, asText, type JsonRecord } from '../json.ts'
import { type Meaning, passes, verdictOf, wait } from '../meaning.ts'
import { weightiest } from '../refusals.ts'
import type { ApiRefusal } from './api-refusal.ts'
import { API_REFUSALS, REFUSED_REQUEST, STALE_TOKEN, UNKNOWN_ACCOUNT } from './api-refusals.ts'

/** One `AdApiError`, `OperationError` or `BatchError`. */
export interface AdsError {
  /** `ErrorCode` as it came; empty where a service gives none. */
  readonly name: string
  readonly number: number | null
  /** Message and details. */
  readonly text: string
}

/** What a service means by anything but a success. Errors count under any HTTP status: they came with 200, 400 and 500. */
export function readApiRefusal(answer: HttpAnswer): Verdict {
  const said = readErrors(answer).map((error) => verdictOfError(error, answer))
  return weightiest(said) ?? verdictOf(byStatus(answer), `http_${answer.status}`, answer.retryAfterMs)
}

/** As `readApiRefusal`, of an answer that may also be a success (`null`): 2xx with JSON or nothing in it, and no error. */
export function readApiAnswer(answer: HttpAnswer): Verdict | null {
  const isSuccess = answer.status >= 200 && answer.status < 300 && (answer.json !== undefined || answer.text.trim() === '')
  if (isSuccess && hasFailedReport(answer.json)) return verdictOf(FAILED_REPORT, 'ReportRequestStatus_Error', answer.retryAfterMs)
  return isSuccess && readErrors(answer).length === 0 ? null : readApiRefusal(answer)
}

/** What is wrong with single entries of a list that was given. */
export function readPartialErrors(answer: HttpAnswer): readonly Verdict[] {
  return errorsIn(asRecord(answer.json).PartialErrors, DEEPEST).map((error) => verdictOfError(error, answer))
}

/** Whether the request was refused since the account that it names is not there. */
export function isUnknownAccount(answer: HttpAnswer): boolean {
  return readErrors(answer).some(
    ({ name, number }) =>
      UNKNOWN_ACCOUNT.names.some((known) => known.toLowerCase() === plainName(name)) ||
      (name === '' && UNKNOWN_ACCOUNT.numbers.some((known) => known === number)),
  )
}

const FAILED_REPORT = passes('Microsoft Advertising could not make the report.')
const UNKNOWN_ANSWER = passes('Microsoft Advertising gave an answer that Redkey does not know.')

function verdictOfError(error: AdsError, answer: HttpAnswer): Verdict {
  const row = API_REFUSALS.find((row) => fits(row, error))
  const code = error.name || String(error.number ?? 'unknown')
  const means = row?.means ?? (isListed(error, answer) ? REFUSED_REQUEST : byStatus(answer))
  return verdictOf(means, code, answer.retryAfterMs ?? row?.waitMs ?? null)
}

/** A name says more than a number: some numbers mean two things, and names don't. 0 stands beside any name in partial errors. */
function fits({ names, numbers, says }: ApiRefusal, { name, number, text }: AdsError): boolean {
  if (says !== undefined && !says.test(text) && !says.test(name)) return false
  if (names.length === 0 && numbers.length === 0) return true
  if (name !== '' && names.some((known) => known.toLowerCase() === plainName(name))) return true
  return number !== null && numbers.includes(number) && (number !== 0 || name === '')
}

/**
 * The list of codes ends below 10,000; they tell of requests and entities, and a new one among them does as well. A number that
 * only repeats the HTTP status is of a gateway before the services.
 */
function isListed({ name, number }: AdsError, { status }: HttpAnswer): boolean {
  if (number !== null && number >= 100 && number < 10_000 && number !== status) return true
  return /invalid|unsupported|exists|null|missing|notpassed|duplicate|exceed|overlimit|toolong|notenabled|noteligible|notinpilot/i.test(
    name,
  )
}

/** "Error codes beginning with CampaignService may be included in error codes for the bulk and campaign service" (2026-11). */
function plainName(name: string): string {
  return name.toLowerCase().replace(/^(campaign|bulk|reporting)service/, '')
}

/**
 * For answers without an error that a row knows. No page of a proxy, and no empty answer, says anything of the login but a 401,
 * which a fresh token may cure.
 */
function byStatus({ status, text }: HttpAnswer): Meaning {
  if (status === 401 && !isPage(text)) return STALE_TOKEN
  if (status === 429) return wait('Microsoft Advertising asks to slow down.')
  return status >= 500 ? passes('Microsoft Advertising is not available at the moment.') : UNKNOWN_ANSWER
}

function isPage(text: string): boolean {
  return /^\s*<(!doctype|html)/i.test(text)
}

/** Members that hold errors, in REST's JSON and in what SOAP becomes when somebody turns it into JSON; names in lower case. */
const HOLDERS = [
  'errors',
  'operationerrors',
  'batcherrors',
  'partialerrors',
  'nestedpartialerrors',
  'editorialerrors',
  'adapierror',
  'operationerror',
  'batcherror',
  'batcherrorcollection',
  'error',
  'fault',
  'detail',
  'adapifaultdetail',
  'apifaultdetail',
  'apifault',
  'editorialapifaultdetail',
]

/** The deepest real answer is a SOAP fault as JSON: fault, detail, AdApiFaultDetail, Errors, AdApiError. */
const DEEPEST = 8

function readErrors({ json, text }: HttpAnswer): readonly AdsError[] {
  if (json !== undefined && typeof json !== 'string') return errorsIn(json, DEEPEST)
  return isPage(text) ? [] : errorsInText(typeof json === 'string' ? json : text)
}

function errorsIn(json: unknown, depth: number): readonly AdsError[] {
  if (depth === 0) return []
  if (Array.isArray(json)) return json.flatMap((entry) => errorsIn(entry, depth - 1))
  const entry = withLowerNames(asRecord(json))
  const held = HOLDERS.flatMap((holder) => (typeof entry[holder] === 'object' ? errorsIn(entry[holder], depth - 1) : []))
  const name = nameOf(entry)
  const number = numberOf(entry.code)
  if (name === '' && number === null) return held
  const said = [entry.message, entry.detail, entry.details].flatMap((one) => asText(one) ?? [])
  return [{ name, number, text: said.join(' ') }, ...held]
}

/** A code that is a word stands for a name: gateways before the services answer so. */
function nameOf({ errorcode, code }: JsonRecord): string {
  const name = asText(errorcode) ?? asText(code) ?? ''
  return /^\d*$/.test(name.trim()) ? '' : name.trim()
}

function numberOf(code: unknown): number | null {
  const number = typeof code === 'string' && code.trim() !== '' ? Number(code) : code
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null
}

function withLowerNames(entry: JsonRecord): JsonRecord {
  return Object.fromEntries(Object.entries(entry).map(([name, value]) => [name.toLowerCase().replaceAll('_', ''), value]))
}

/**
 * One error after the other in a SOAP fault, or in what PHP and Python print of one; a type may stand between name and value. The end of
 * an element begins none: `</ErrorCode><Message>` does not tell of an error with the name Message.
 */
const PRINTED = /(?<!\/(?:\w+:)?)\bErrorCode\W+(?:string\(\d+\)\W+)?(?!nil\b|null\b|none\b)([a-z]\w+)/gi
const PRINTED_NUMBER = /(?<!\/(?:\w+:)?)\bCode\W+(?:string\(\d+\)\W+)?(\d{1,5})\b/gi
const PRINTED_MESSAGE = /(?<!\/(?:\w+:)?)\bMessage\W+(?:string\(\d+\)\W+)?([^<"\n]{1,400})/gi

/** A fault without details: `<faultstring>`, or `Server raised fault: '…'` as suds prints it. */
const FAULT = /\bfault(?:string)?\b[^:>\n]{0,40}[:>]\s*['"]?([^<\n]{1,400})/i

function errorsInText(text: string): readonly AdsError[] {
  const start = text.slice(0, 100_000)
  const all = (pattern: RegExp) => [...start.matchAll(pattern)].map((match) => match[1] ?? '')
  const [names, numbers, messages] = [all(PRINTED), all(PRINTED_NUMBER), all(PRINTED_MESSAGE)]
  const count = Math.max(names.length, numbers.length)
  const fault = count === 0 ? FAULT.exec(start)?.[1] : undefined
  if (fault !== undefined) return [{ name: '', number: null, text: fault }]
  return Array.from({ length: count }, (_, place) => ({
    name: names[place] ?? '',
    number: numberOf(numbers[place]),
    text: messages[place] ?? '',
  }))
}

/** https://learn.microsoft.com/advertising/reporting-service/reportrequeststatustype: Error, Pending, Success (2026-11). */
function hasFailedReport(json: unknown): boolean {
  return asRecord(asRecord(json).ReportRequestStatus).Status === 'Error'
}
