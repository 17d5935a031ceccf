import type { HttpAnswer } from '../../../../src/outbound/providers/http.ts'

/** An answer as the HTTP client gives it; `body` is JSON unless it is text. */
export function anAnswer(status: number, body: unknown, more: Partial<HttpAnswer> = {}): HttpAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return {
    kind: 'answer',
    status,
    headers: {},
    text,
    json: typeof body === 'string' ? undefined : body,
    retryAfterMs: null,
    ...more,
  }
}
