import type { HttpAnswer } from '../http.ts'
import { asList, asRecord, asText } from '../json.ts'
import { readBatch } from './batch.ts'

/** One error of an answer, whatever form it came in. */
export interface DataverseError {
  /** `0x80040220` in lower case; empty: the answer has none, which is frequent. */
  readonly code: string
  /** As the provider wrote it, for reports. */
  readonly said: string
  readonly message: string
}

/** What is nested deeper is not ours. */
const DEEPEST = 5

/**
 * Every error of an answer, in order. The documented form is `{"error":{"code":"0x8…","message":"…"}}`, and its code "is frequently
 * empty"; the web server before the API answers `{"Message":"…"}`, the organization service `{"ErrorCode":-2147220960,"Message":"…"}`, and
 * a batch holds whole answers.
 * https://learn.microsoft.com/en-us/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors#parse-errors-from-the-response (2026-11)
 */
export function readErrors({ json, text }: Pick<HttpAnswer, 'json' | 'text'>): readonly DataverseError[] {
  if (json !== undefined) return errorsIn(json, DEEPEST)
  return (readBatch(text) ?? []).flatMap((part) => errorsIn(part.json, DEEPEST))
}

function errorsIn(json: unknown, depth: number): readonly DataverseError[] {
  if (depth === 0) return []
  if (Array.isArray(json)) return json.flatMap((entry) => errorsIn(entry, depth - 1))
  const body = asRecord(json)
  const said = [body.code, body.Code, body.ErrorCode, body.errorCode].map(asCode).find((code) => code !== null) ?? null
  const message = [body.message, body.Message, body.ErrorMessage, body.errorMessage, body.error_description]
    .map(readMessage)
    .find((text) => text !== null)
  const inner = asRecord(body.error ?? body.Error)
  if (Object.keys(inner).length > 0) return errorsIn(inner, depth - 1)
  if (said === null && message === undefined) {
    const word = asText(body.error)
    if (word !== null) return [{ code: '', said: word, message: word }]
    return [body.errors, body.Errors, body.details].flatMap((list) => errorsIn(asList(list), depth - 1))
  }
  const words = [
    message ?? '',
    asText(body['@Microsoft.PowerApps.CDS.InnerError.Message']) ?? asText(asRecord(body.innererror).message),
  ]
  return [{ code: hexCode(said ?? ''), said: said ?? '', message: joined(words) }]
}

function asCode(value: unknown): string | null {
  return typeof value === 'number' ? String(value) : asText(value)
}

/** A text, or the `{"lang":"en-us","value":"…"}` of older OData. */
function readMessage(value: unknown): string | null {
  return asText(value) ?? asText(asRecord(value).value)
}

/** What an inner error says beside the outer one, without saying things twice. */
function joined([outer, inner]: readonly (string | null | undefined)[]): string {
  return !inner || outer?.includes(inner) ? (outer ?? '') : `${outer} ${inner}`.trim()
}

/** Codes are 32 bits, told in hexadecimal or as a signed or unsigned decimal number. `0x0` and words are no codes. */
function hexCode(said: string): string {
  const isHex = /^0x[0-9a-f]{6,8}$/i.test(said.trim())
  if (!isHex && !/^-?\d{7,10}$/.test(said.trim())) return ''
  return `0x${(Number(said) >>> 0).toString(16).padStart(8, '0')}`
}
