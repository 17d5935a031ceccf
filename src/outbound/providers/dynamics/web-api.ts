import type { Clock } from '../../../clock.ts'
import type { Asked, Tokens } from '../../../domain/provider.ts'
import type { Http, HttpAnswer, HttpRequest } from '../http.ts'
import { plainText } from '../meaning.ts'
import { refusedHost } from '../refusals.ts'
import { readRetryAfterMs } from '../retry-after.ts'
import { allowedOrigin, type TokenHosts } from '../token-hosts.ts'
import { type BatchOperation, batchBody, readBatch } from './batch.ts'
import { readErrors } from './error-body.ts'
import { readApiAnswer, readApiRefusal, readSilence } from './verdicts.ts'

/**
 * Stays valid when later ones come; "the current version is v9.2".
 * https://learn.microsoft.com/en-us/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors#version-compatibility (2026-11)
 */
const API_PATH = '/api/data/v9.2/'

/** https://learn.microsoft.com/en-us/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors#http-headers (2026-11) */
const ODATA_HEADERS = {
  accept: 'application/json',
  'odata-maxversion': '4.0',
  'odata-version': '4.0',
  'if-none-match': 'null',
}

/** The answer to one operation of a batch. */
export type PartAnswer = Pick<HttpAnswer, 'status' | 'headers' | 'text' | 'json' | 'retryAfterMs'>

export interface WebApi {
  /** One authorised GET. `path` follows `/api/data/v9.2/`; only a 2xx with JSON in it is `ok`. */
  get(tokens: Tokens, path: string, headers?: HttpRequest['headers']): Promise<Asked<HttpAnswer>>
  /** One authorised POST, once, which may take minutes: tables and indexes are made while it waits. */
  create(tokens: Tokens, path: string, body: object, headers?: HttpRequest['headers']): Promise<Asked<HttpAnswer>>
  /** One authorised `$batch` that goes on after errors: as many answers as operations, in their order. */
  batch(tokens: Tokens, operations: readonly BatchOperation[]): Promise<Asked<readonly PartAnswer[]>>
}

interface WebApiDeps {
  readonly http: Http
  readonly clock: Clock
  readonly hosts: TokenHosts
}

export function createWebApi({ http, clock, hosts }: WebApiDeps): WebApi {
  async function send(tokens: Tokens, request: HttpRequest): Promise<Asked<HttpAnswer>> {
    const headers = { ...ODATA_HEADERS, ...request.headers, authorization: `Bearer ${tokens.accessToken}` }
    const answer = await http.send({ ...request, headers })
    if (answer.kind === 'no_answer') return readSilence(answer)
    return readApiAnswer(answer) ?? { kind: 'ok', value: answer }
  }

  return {
    async get(tokens, path, headers = {}) {
      const origin = allowedOrigin(hosts, tokens.apiOrigin)
      if (origin === null) return refusedHost('Dynamics 365')
      const asked = await send(tokens, { method: 'GET', url: `${origin}${API_PATH}${path}`, headers })
      return asked.kind === 'ok' && asked.value.json === undefined ? readApiRefusal(asked.value) : asked
    },
    async create(tokens, path, body, headers) {
      const origin = allowedOrigin(hosts, tokens.apiOrigin)
      if (origin === null) return refusedHost('Dynamics 365')
      const text = JSON.stringify(body)
      const answer = await http.upload({
        method: 'POST',
        url: `${origin}${API_PATH}${path}`,
        headers: {
          ...ODATA_HEADERS,
          ...headers,
          'content-type': 'application/json; charset=utf-8',
          'content-length': String(Buffer.byteLength(text)),
          authorization: `Bearer ${tokens.accessToken}`,
        },
        body: once(text),
      })
      if (answer.kind === 'no_answer') return readSilence(answer)
      const refusal = readApiAnswer(answer)
      const words = plainText(readErrors(answer)[0]?.message ?? '')
      if (refusal?.kind !== 'rejected' || words === '') return refusal ?? { kind: 'ok', value: answer }
      return { ...refusal, explanation: `Dynamics 365 refused to make it: ${words}` }
    },
    async batch(tokens, operations) {
      const origin = allowedOrigin(hosts, tokens.apiOrigin)
      if (origin === null) return refusedHost('Dynamics 365')
      const { contentType, text } = batchBody(API_PATH, operations)
      const headers = { ...ODATA_HEADERS, 'content-type': contentType, prefer: 'odata.continue-on-error' }
      const answer = await http.send({
        method: 'POST',
        url: `${origin}${API_PATH}$batch`,
        headers: { ...headers, authorization: `Bearer ${tokens.accessToken}` },
        body: text,
      })
      if (answer.kind === 'no_answer') return readSilence(answer)
      const parts = answer.status >= 200 && answer.status < 300 ? readBatch(answer.text) : null
      if (parts === null) return readApiRefusal(answer)
      if (parts.length !== operations.length) return answeredByHalves()
      const value = parts.map((part) => ({ ...part, retryAfterMs: readRetryAfterMs(part.headers, clock.now()) }))
      return { kind: 'ok', value }
    },
  }
}

async function* once(text: string): AsyncGenerator<string> {
  yield text
}

/** Nobody knows whose answers these are. Repeated upserts change nothing, so all of it is sent again. */
function answeredByHalves(): Asked<never> {
  const explanation = 'Dynamics 365 did not answer for every record.'
  return { kind: 'transient', retryAfterMs: null, code: 'unreadable_answer', explanation }
}

/** A name or value within quotes in a URL: quotes are doubled (OData 4.0 URL Conventions 5.1.1), the rest is percent-encoded. */
export function quoted(value: string): string {
  return `'${encodeURIComponent(value.toWellFormed().replaceAll("'", "''")).replaceAll("'", '%27')}'`
}
