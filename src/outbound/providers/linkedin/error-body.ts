import type { HttpAnswer } from '../http.ts'
import { asList, asRecord, asText, type JsonRecord } from '../json.ts'
import { isHtml, jsonIn } from '../wrapped.ts'

export interface LinkedInError {
  readonly status: number
  readonly serviceCode: number | null
  readonly name: string | null
  readonly message: string
}

/**
 * `{"status","serviceErrorCode","code","message"}`; each part may be missing, and the status inside may differ from that of HTTP
 * when the answer came through another service. A part of a batch has it under `errors`, `error` or `elements`; the first API had
 * `errorCode` beside the message, or the same as XML; gateways pass the whole on as a text.
 * learn.microsoft.com/linkedin/shared/api-guide/concepts/error-handling, …/concepts/methods (batches) (2026-11)
 */
export function readError({ json, text, status }: HttpAnswer): LinkedInError | null {
  const body = typeof json === 'object' ? json : jsonIn(text)
  const read = errorIn(body, status, DEEPEST)
  return read !== null || typeof json === 'object' ? read : errorInText(text, status)
}

/** The JSON that an answer is or quotes; empty where it has none. */
export function bodyOf({ json, text }: HttpAnswer): JsonRecord {
  return asRecord(typeof json === 'object' ? json : jsonIn(text))
}

const DEEPEST = 4

function errorIn(value: unknown, httpStatus: number, depth: number): LinkedInError | null {
  if (depth === 0) return null
  if (Array.isArray(value)) return first(value, httpStatus, depth)
  const body = asRecord(value)
  const own = errorOf(body, httpStatus)
  if (own !== null) return own
  const refused = asList(body.elements).filter((one) => isRefused(asRecord(one)))
  const quoted = [body.error, body.data, body.body].map((one) => jsonIn(asText(one) ?? '')).filter((one) => one !== undefined)
  const held = typeof body.error === 'object' ? [body.error] : []
  const errors = Array.isArray(body.errors) ? body.errors : Object.values(asRecord(body.errors))
  return first([...held, ...errors, ...refused, ...quoted], httpStatus, depth)
}

function first(values: readonly unknown[], httpStatus: number, depth: number): LinkedInError | null {
  for (const value of values) {
    const found = errorIn(value, httpStatus, depth - 1)
    if (found !== null) return found
  }
  return null
}

/** An element of a batch that was refused; the elements of a list have words for a status. */
function isRefused(element: JsonRecord): boolean {
  return (numberIn(element.status) ?? 0) >= 400
}

function errorOf(body: JsonRecord, httpStatus: number): LinkedInError | null {
  const status = numberIn(body.status)
  const serviceCode = numberIn(body.serviceErrorCode)
  const name = asText(body.code)?.toUpperCase() ?? null
  const message = asText(body.message) ?? asText(body.error_description) ?? ''
  const isError = httpStatus >= 400 || (status !== null && status >= 400) || serviceCode !== null
  const saysNothing = serviceCode === null && name === null && message === ''
  if (!isError || (saysNothing && (status === null || body.error !== undefined))) return null
  return { status: httpStatus >= 400 || status === null ? httpStatus : status, serviceCode, name, message }
}

function numberIn(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isInteger(number) ? number : null
}

/** What libraries print of an answer, also in part, and the XML of the first API: `<error><status>401</status>…<message>…</message></error>`. */
function errorInText(text: string, httpStatus: number): LinkedInError | null {
  if (isHtml(text)) return null
  const part = (pattern: RegExp) => pattern.exec(text)?.[1] ?? null
  const serviceCode = part(/serviceErrorCode\W{1,6}(\d{1,9})/)
  const name = part(/\bcode\W{1,6}([A-Z][A-Z_]{5,})\b/)
  const message = part(/\bmessage\W{1,6}([^"'<>}\r\n]+)/)
  const status = part(/\bstatus\W{1,6}(\d{3})\b/)
  if (serviceCode === null && name === null && (message === null || status === null)) return null
  const told = Number(status ?? 0)
  return errorOf(
    { status, serviceErrorCode: serviceCode, code: name ?? undefined, message: message ?? '' },
    told >= 400 ? told : httpStatus,
  )
}
