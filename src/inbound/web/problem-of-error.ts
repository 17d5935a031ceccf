import { AppError } from '../../errors.ts'
import type { Problem } from './problem.ts'
import { isStorageTrouble } from './storage-trouble.ts'

/** Thrown by the rate limit; its own class, so that no other 429 is taken for it. */
export class TooManyRequests extends Error {
  readonly statusCode = 429
  readonly retryAfterSeconds: number

  constructor(retryAfterSeconds: number) {
    super('too many requests')
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** What an error that reached the edge is to the one who asked. Null: a bug or a broken promise, a person must look. */
export function problemOfError(error: unknown): Problem | null {
  if (error instanceof TooManyRequests) {
    const { retryAfterSeconds } = error
    return { code: 'too_many_requests', detail: `Wait ${retryAfterSeconds} seconds, then try again.`, retryAfterSeconds }
  }
  if (error instanceof AppError && error.code === 'NOT_FOUND')
    return { code: 'unknown_connection', detail: 'It was removed just now. GET /v1/connections lists the others.' }
  return ofFastify(error) ?? ofStorage(error)
}

function ofFastify(error: unknown): Problem | null {
  if (!(error instanceof Error)) return null
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const status = 'statusCode' in error ? error.statusCode : undefined
  if ('validation' in error && error.validation) return { code: 'bad_request', detail: `Not valid: ${error.message}.` }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return { code: 'body_too_large', detail: 'Send less at once; several requests are as good as one.' }
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return { code: 'unsupported_media_type', detail: 'Send application/json, or application/x-ndjson for touchpoints.' }
  }
  // What breaks while a body is read (an aborted upload, bad gzip) comes with the 400 that Fastify gives it.
  if (code.startsWith('FST_ERR_CTP') || (status === 400 && /^(Z_|ECONNRESET)/.test(code))) {
    return { code: 'malformed_body', detail: 'The body is cut off or packed wrongly.' }
  }
  return null
}

function ofStorage(error: unknown): Problem | null {
  if (!isStorageTrouble(error)) return null
  return {
    code: 'storage_unavailable',
    detail: 'The database is locked, full or out of reach. Send the same request again later; that does no harm.',
    retryAfterSeconds: 5,
  }
}
