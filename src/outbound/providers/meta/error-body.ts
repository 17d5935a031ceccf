import { parseJson } from '../http.ts'
import { asList, asRecord, asText, type JsonRecord } from '../json.ts'
import { isHtml, jsonIn } from '../wrapped.ts'

export interface GraphError {
  readonly code: number | null
  readonly subcode: number | null
  readonly message: string
  /** What Meta wants a person to read. */
  readonly userMessage: string | null
  readonly isTransient: boolean | null
}

/** Every error of an answer; a text that is no JSON, and no page, may quote one. */
export function errorsOf(json: unknown, text: string, headers: Readonly<Record<string, string>> = {}): readonly GraphError[] {
  const body = typeof json === 'object' ? json : jsonIn(text)
  const read = readErrors(body)
  // Of an answer that was cut off, what can be parsed may be only a detail.
  const errors = read.length > 0 || typeof json === 'object' ? read : errorInText(text)
  return errors.length > 0 ? errors : errorInChallenge(headers['www-authenticate'] ?? '')
}

/** A batch of batches is the deepest real answer. */
const DEEPEST = 6

/**
 * `{"error":{"message","type","code","error_subcode",…}}`; each answer of a batch holds it as text in `body`; `debug_token` under
 * `data` with `subcode`; the oldest form is `{"error_code","error_msg"}`, and Instagram's login has `{"error_type","code","error_message"}`,
 * `code` being the HTTP status. Gateways leave `error` off or make a text of it.
 * https://developers.facebook.com/docs/graph-api/guides/error-handling, …/docs/graph-api/batch-requests (2026-11)
 */
export function readErrors(json: unknown, depth = DEEPEST): readonly GraphError[] {
  if (depth === 0) return []
  if (Array.isArray(json)) return json.flatMap((entry) => readErrors(entry, depth - 1))
  const entry = asRecord(json)
  const { error } = entry
  if (typeof error === 'string' && error !== '') {
    const quoted = jsonIn(error)
    const inner = readErrors('error' in asRecord(quoted) ? quoted : { error: quoted }, depth - 1)
    return inner.length > 0 ? inner : [errorOf({ message: asText(entry.error_description) ?? error, ...entry })]
  }
  if (typeof error === 'object' && error !== null) {
    return Array.isArray(error) ? error.flatMap((one) => readErrors({ error: one }, depth - 1)) : [errorOf(asRecord(error))]
  }
  if (entry.error_code !== undefined)
    return [errorOf({ code: entry.error_code, message: entry.error_msg ?? entry.error_message })]
  if (typeof entry.error_message === 'string') return [errorOf({ message: entry.error_message })]
  if (/Exception$/.test(asText(entry.type) ?? '') && typeof entry.message === 'string') return [errorOf(entry)]
  const listed = asList(entry.errors).map((one) => errorOf(asRecord(one)))
  const body = asText(entry.body)
  const held = [entry.meta, Array.isArray(entry.data) ? undefined : entry.data, body === null ? undefined : parseJson(body)]
  return [...listed, ...held.flatMap((inner) => readErrors(inner, depth - 1))]
}

function errorOf(error: JsonRecord): GraphError {
  const message = asText(error.message) ?? ''
  return {
    code: asCode(error.code) ?? codeInText(message),
    subcode: asCode(error.error_subcode) ?? asCode(error.subcode),
    message,
    userMessage: asText(error.error_user_msg),
    isTransient: typeof error.is_transient === 'boolean' ? error.is_transient : null,
  }
}

function asCode(value: unknown): number | null {
  const number = typeof value === 'string' && /^-?\d{1,9}$/.test(value.trim()) ? Number(value) : value
  return typeof number === 'number' && Number.isInteger(number) ? number : null
}

/** `(#190) …`, and `(OAuthException - #190) …` of some libraries; without a number, words that only 190 has. */
function codeInText(text: string): number | null {
  const told = asCode(/\((?:\w+ - )?#(\d{1,9})\)/.exec(text)?.[1])
  return told ?? (REFUSED_TOKEN.test(text) ? REFUSED_TOKEN_CODE : null)
}

const REFUSED_TOKEN = /error validating access token|invalid oauth (2\.0 )?access token|access_token provided is invalid/i
const REFUSED_TOKEN_CODE = 190

/**
 * What libraries print, also of an answer that they cut off: `type: OAuthException, code: 190, error_subcode: 463, message: …`. Of a
 * bare number after `code` nobody knows whether it is the HTTP status, so without a word of Graph's it is none of its codes.
 */
function errorInText(text: string): readonly GraphError[] {
  if (isHtml(text) || !/Exception|fbtrace_id|\(#\d+\)|\bFacebook\b|facebookError/.test(text)) return []
  const code =
    codeInText(text) ?? asCode(/\b(?:error|facebookError)?code["'\\]*\s*(?:[:=]|=>)?\s*["']?(-?\d{1,9})\b/i.exec(text)?.[1])
  const subcode = asCode(/subcode["'\\]*\s*(?:[:=]|=>)?\s*["']?(\d{1,9})\b/i.exec(text)?.[1])
  return code === null ? [] : [{ code, subcode, message: text, userMessage: null, isTransient: null }]
}

/** `OAuth "Facebook Platform" "invalid_token" "Error validating access token: …"`. https://developers.facebook.com/docs/graph-api/guides/error-handling (2026-11) */
function errorInChallenge(header: string): readonly GraphError[] {
  const [, name, message = ''] = /^OAuth "Facebook Platform" "(\w+)" "(.*)"$/.exec(header.trim()) ?? []
  return name === undefined ? [] : [errorOf({ message, code: name === 'invalid_token' ? REFUSED_TOKEN_CODE : undefined })]
}
