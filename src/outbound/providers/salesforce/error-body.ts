import { asList, asRecord, asText, type JsonRecord } from '../json.ts'

export interface SalesforceError {
  readonly code: string
  readonly message: string
  readonly fields: readonly string[]
}

/** A composite in a batch is the deepest real answer; what is nested further is not ours. */
const DEEPEST = 8

/**
 * Every `errorCode` or `statusCode` in an answer, in order: an array of errors, one error, or results of records that hold
 * theirs under `errors` (collections, tree, composite; developer.salesforce.com api_rest, read 2026-11-23).
 */
export function readErrors(json: unknown, depth = DEEPEST): readonly SalesforceError[] {
  if (depth === 0) return []
  if (Array.isArray(json)) return json.flatMap((entry) => readErrors(entry, depth - 1))
  const entry = asRecord(json)
  const code = asText(entry.errorCode) ?? asText(entry.statusCode) ?? asText(entry.exceptionCode)
  if (code === null) {
    const held = [entry.errors, entry.results, entry.compositeResponse, entry.body, entry.result]
    return [...held.flatMap((errors) => readErrors(asList(errors), depth - 1)), ...readFailedJob(entry)]
  }
  const fields = asList(entry.fields).filter((field) => typeof field === 'string')
  return [{ code, message: asText(entry.message) ?? asText(entry.exceptionMessage) ?? '', fields }]
}

/** `"errorMessage": "InvalidBatch : Field name not found : Stage"` of a job of Bulk API 2.0 (bulk_api_2_job_states.htm, 2026-11). */
function readFailedJob({ state, errorMessage }: JsonRecord): readonly SalesforceError[] {
  const said = state === 'Failed' ? asText(errorMessage) : null
  if (said === null) return []
  const [code = '', ...words] = said.split(' : ')
  return [{ code, message: words.join(' : '), fields: [] }]
}

const TAGGED_CODE = /<(?:\w+:)?(?:exceptionCode|errorCode|statusCode|faultcode)>\s*(?:\w+:)?(\w+)\s*</i
const TAGGED_MESSAGE = /<(?:\w+:)?(?:exceptionMessage|message|faultstring)>([^<]{1,2000})/i
const NAMED_CODE = /\b([A-Z][A-Z\d]*(?:_[A-Z\d]+)+)\b:?\s*([^\n]{0,2000})/g

/**
 * The error of an answer that is XML (`<exceptionCode>` of Bulk API 1.0, `<errorCode>` of REST, `<faultcode>sf:INVALID_SESSION_ID` of
 * SOAP; simple-salesforce#406, jsforce test/http-api.test.ts, read 2026-11), or `CODE: message`, as the client libraries print it.
 */
export function readErrorsInText(text: string, isKnown: (code: string) => boolean): readonly SalesforceError[] {
  const start = text.slice(0, 20_000)
  const tagged = TAGGED_CODE.exec(start)?.[1]
  if (tagged !== undefined) return [{ code: tagged, message: TAGGED_MESSAGE.exec(start)?.[1] ?? '', fields: [] }]
  if (/^\s*</.test(start)) return []
  const named = [...start.matchAll(NAMED_CODE)].find(([, code = '']) => isKnown(code))
  return named === undefined ? [] : [{ code: named[1] ?? '', message: named[2] ?? '', fields: [] }]
}
