import { asList, asRecord, asText, type JsonRecord } from '../json.ts'
import { plainText } from '../meaning.ts'

/** One error of an answer, or of one record of a batch. */
export interface HubSpotError {
  /** In capitals, the most telling first: the codes of its details, category, errorType, policyName. */
  readonly codes: readonly string[]
  /** Everything it says, details included. */
  readonly text: string
  /** One line for people. */
  readonly message: string
  /** The properties of the record that it is about. */
  readonly properties: readonly string[]
  /** Which records of a batch it is about: by `objectWriteTraceId`, or by the id they were sent with. */
  readonly records: readonly string[]
}

/**
 * Every error in an answer, whatever its status. HubSpot asks to treat each member as optional: a whole answer is
 * `{status: "error", category, message, errors: [{message, code, context}]}` (older APIs: `errorType` or nothing beside the
 * message), a batch holds such objects in `errors` beside `results` under 207 and under 200.
 * https://developers.hubspot.com/docs/api-reference/error-handling (2026-11)
 */
export function readErrors(json: unknown): readonly HubSpotError[] {
  if (Array.isArray(json)) return json.flatMap((entry) => readErrors(entry))
  const body = asRecord(json)
  if (isBatch(body)) return asList(body.errors).flatMap((entry) => readErrors(entry))
  return isError(body) ? [readError(body)] : []
}

/** Whether an answer reports that something failed, also under a 2xx. A token that is not active is told as `{"active": false}`. */
export function reportsFailure(json: unknown): boolean {
  const { active, numErrors } = asRecord(json)
  return active === false || (typeof numErrors === 'number' && numErrors > 0) || readErrors(json).length > 0
}

function isBatch(body: JsonRecord): boolean {
  return Array.isArray(body.results) || body.numErrors !== undefined
}

function isError(body: JsonRecord): boolean {
  const { status, category, errorType, error, message, errors } = body
  return (
    String(status).toLowerCase() === 'error' ||
    [category, errorType, error].some((code) => asText(code) !== null) ||
    (asText(message) !== null && asText(status) !== 'COMPLETE') ||
    asList(errors).length > 0
  )
}

function readError(body: JsonRecord): HubSpotError {
  const message = asText(body.message) ?? asText(body.error_description) ?? ''
  const details = [...asList(body.errors).map(asRecord), ...embedded(message)]
  const contexts = [body, ...details].map(({ context }) => asRecord(context))
  const told = details.map((detail) => asText(detail.message) ?? '').filter((text) => text !== '')
  const codes = [
    ...details.flatMap(({ code, error, errorCode }) => [code, error, errorCode]),
    body.category,
    body.errorType,
    body.policyName,
    body.subCategory,
    ...details.map(({ subCategory }) => subCategory),
    body.status,
    body.error,
  ]
  return {
    codes: [...new Set(codes.flatMap((code) => asText(code)?.toUpperCase() ?? []))].filter((code) => code !== 'ERROR'),
    text: [message, ...told].join(' '),
    message: plainText(told.join(' ') || message),
    properties: [...new Set([...details.flatMap(({ name, in: place }) => [name, place]), ...textsOf(contexts, PROPERTY_KEYS)])]
      .map(asText)
      .filter((name) => name !== null),
    records: textsOf(contexts, RECORD_KEYS),
  }
}

const PROPERTY_KEYS = ['propertyName', 'propertyNames', 'invalidPropertyName', 'property']
const RECORD_KEYS = ['objectWriteTraceId', 'objectWriteTraceIds', 'id', 'ids', 'idPropertyValue']

/** `context` maps names to lists of texts; single texts are taken as well. */
function textsOf(contexts: readonly JsonRecord[], keys: readonly string[]): readonly string[] {
  return contexts.flatMap((context) => keys.flatMap((key) => [context[key]].flat())).filter((text) => typeof text === 'string')
}

/** `Property values were not valid: [{"isValid":false,"message":…,"error":"PROPERTY_DOESNT_EXIST","name":"missing",…}]`. */
function embedded(message: string): readonly JsonRecord[] {
  const [start, end] = [message.indexOf('[{'), message.lastIndexOf(']')]
  if (start === -1 || end < start) return []
  try {
    return asList(JSON.parse(message.slice(start, end + 1))).map(asRecord)
  } catch {
    return [] // not JSON: the message is read as text
  }
}
