import { createHmac } from 'node:crypto'
import type { Asked, Tokens, Verdict } from '../../../domain/provider.ts'
import type { Http, HttpAnswer, HttpRequest } from '../http.ts'
import { asRecord, asText, type JsonRecord } from '../json.ts'
import { refusedHost } from '../refusals.ts'
import { allowedOrigin, type TokenHosts } from '../token-hosts.ts'
import { readAnswer, readSilence } from './verdicts.ts'

/**
 * v26.0 is of 2026-07-29. A version of the Marketing API lives about a year, one of the Graph API two.
 * https://developers.facebook.com/docs/graph-api/changelog (2026-11)
 */
export const GRAPH_VERSION = 'v26.0'

type Parameters = Readonly<Record<string, string>>

export interface Graph {
  /** One authorised GET. `path` follows the version. `holds`: a field that makes it no refusal, though it tells of an error. */
  get(tokens: Tokens, path: string, parameters: Parameters, holds?: string): Promise<Asked<JsonRecord>>
  /** Rows of an edge as they come, a page at a time; the last one may be a refusal. */
  pages(tokens: Tokens, path: string, parameters: Parameters): AsyncGenerator<Asked<readonly JsonRecord[]>, void>
  /** All rows of an edge that has few. */
  list(tokens: Tokens, path: string, parameters: Parameters): Promise<Asked<readonly JsonRecord[]>>
  /** One authorised change, which is not sent twice by itself. */
  post(tokens: Tokens, path: string, parameters: Parameters): Promise<Asked<JsonRecord>>
  /** A GET that is signed by the app alone. */
  asApp(path: string, parameters: Parameters): Promise<Asked<JsonRecord>>
  /** The token endpoint: a form, so that neither code nor secret stands in an address. */
  token(parameters: Parameters): Promise<Asked<HttpAnswer>>
}

interface GraphDeps {
  readonly http: Http
  readonly hosts: TokenHosts
  readonly apiUrl: string
  readonly client: { readonly id: string; readonly secret: string }
}

/** An agency with more accounts than this is asked page by page for too long. */
const MAX_PAGES = 50

export function createGraph({ http, hosts, apiUrl, client }: GraphDeps): Graph {
  async function ask(request: HttpRequest, read = readAnswer): Promise<Asked<JsonRecord>> {
    const answer = await http.send(request)
    if (answer.kind === 'no_answer') return readSilence(answer)
    const refusal = read(answer)
    if (refusal !== null) return refusal
    return { kind: 'ok', value: asRecord(answer.json) }
  }

  async function get(tokens: Tokens, path: string, parameters: Parameters, holds?: string): Promise<Asked<JsonRecord>> {
    const origin = allowedOrigin(hosts, tokens.apiOrigin)
    if (origin === null) return refusedHost('Meta')
    const query = new URLSearchParams({ ...parameters, appsecret_proof: proofOf(tokens, client.secret) })
    const request: HttpRequest = { method: 'GET', url: `${origin}/${GRAPH_VERSION}${path}?${query}`, headers: bearer(tokens) }
    return ask(request, (answer) => (holds !== undefined && hasField(answer, holds) ? null : readAnswer(answer)))
  }

  async function* pages(
    tokens: Tokens,
    path: string,
    parameters: Parameters,
  ): AsyncGenerator<Asked<readonly JsonRecord[]>, void> {
    let after: string | null = null
    do {
      const asked: Asked<JsonRecord> = await get(tokens, path, after === null ? parameters : { ...parameters, after })
      if (asked.kind !== 'ok') return yield asked
      const next = nextCursor(asked.value)
      // Without a cursor that moves on, rows would be missing and nobody would know.
      if (!Array.isArray(asked.value.data) || next === undefined || (next !== null && next === after)) return yield unreadable()
      yield { kind: 'ok', value: asked.value.data.map(asRecord) }
      after = next
    } while (after !== null)
  }

  return {
    get,
    pages,
    async list(tokens, path, parameters) {
      const rows: JsonRecord[] = []
      let count = 0
      for await (const page of pages(tokens, path, parameters)) {
        if (page.kind !== 'ok') return page
        rows.push(...page.value)
        if (++count === MAX_PAGES) break
      }
      return { kind: 'ok', value: rows }
    },
    async post(tokens, path, parameters) {
      const origin = allowedOrigin(hosts, tokens.apiOrigin)
      if (origin === null) return refusedHost('Meta')
      const body = new URLSearchParams({ ...parameters, appsecret_proof: proofOf(tokens, client.secret) }).toString()
      const url = `${origin}/${GRAPH_VERSION}${path}`
      return ask({ method: 'POST', url, headers: { ...FORM, ...bearer(tokens) }, body, once: true })
    },
    async asApp(path, parameters) {
      if (!hosts.allows(apiUrl)) return refusedHost('Meta')
      const query = new URLSearchParams({ ...parameters, access_token: `${client.id}|${client.secret}` })
      const request: HttpRequest = { method: 'GET', url: `${apiUrl}/${GRAPH_VERSION}${path}?${query}` }
      return ask(request, (answer) => (hasField(answer, 'data') ? null : readAnswer(answer)))
    },
    async token(parameters) {
      const url = `${apiUrl}/${GRAPH_VERSION}/oauth/access_token`
      if (!hosts.allows(url)) return refusedHost('Meta')
      const form = new URLSearchParams({ ...parameters, client_id: client.id, client_secret: client.secret }).toString()
      const answer = await http.send({ method: 'POST', url, headers: FORM, body: form, once: true })
      if (answer.kind === 'no_answer') return readSilence(answer)
      const refusal = readAnswer(answer)
      return refusal ?? { kind: 'ok', value: answer }
    },
  }
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

function bearer({ accessToken }: Tokens): Parameters {
  return { authorization: `Bearer ${accessToken}` }
}

function hasField({ status, json }: HttpAnswer, name: string): boolean {
  return status === 200 && asRecord(json).error === undefined && asRecord(json)[name] !== undefined
}

/** https://developers.facebook.com/docs/graph-api/guides/secure-requests (2026-11): HMAC-SHA256 of the token by the app secret, hex. */
function proofOf({ accessToken }: Tokens, secret: string): string {
  return createHmac('sha256', secret).update(accessToken).digest('hex')
}

/** `paging.next` is a whole URL with the token in it; its cursor says as much. Null: no further page. Undefined: one, but not which. */
function nextCursor(body: JsonRecord): string | null | undefined {
  const paging = asRecord(body.paging)
  if (asText(paging.next) === null) return null
  return asText(asRecord(paging.cursors).after) ?? undefined
}

export function unreadable(): Verdict {
  return {
    kind: 'transient',
    retryAfterMs: null,
    code: 'unreadable_answer',
    explanation: 'Meta gave an answer that Redkey does not know.',
  }
}
