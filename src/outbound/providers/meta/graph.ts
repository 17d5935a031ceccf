import { createHmac } from 'node:crypto'
import type { Asked, Tokens } from '../../../domain/provider.ts'
import type { Http, HttpAnswer } from '../http.ts'
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
  /** One authorised GET. `path` follows the version. */
  get(tokens: Tokens, path: string, parameters: Parameters): Promise<Asked<JsonRecord>>
  /** All rows of an edge, page by page. */
  list(tokens: Tokens, path: string, parameters: Parameters): Promise<Asked<readonly JsonRecord[]>>
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
  async function ask(url: string, headers: Parameters, read = readAnswer): Promise<Asked<JsonRecord>> {
    const answer = await http.send({ method: 'GET', url, headers })
    if (answer.kind === 'no_answer') return readSilence(answer)
    const refusal = read(answer)
    if (refusal !== null) return refusal
    return { kind: 'ok', value: asRecord(answer.json) }
  }

  async function get(tokens: Tokens, path: string, parameters: Parameters): Promise<Asked<JsonRecord>> {
    const origin = allowedOrigin(hosts, tokens.apiOrigin)
    if (origin === null) return refusedHost('Meta')
    const query = new URLSearchParams({ ...parameters, appsecret_proof: proofOf(tokens, client.secret) })
    return ask(`${origin}/${GRAPH_VERSION}${path}?${query}`, { authorization: `Bearer ${tokens.accessToken}` })
  }

  return {
    get,
    async list(tokens, path, parameters) {
      const rows: JsonRecord[] = []
      let after: string | null = null
      for (let page = 0; page < MAX_PAGES; page++) {
        const asked = await get(tokens, path, after === null ? parameters : { ...parameters, after })
        if (asked.kind !== 'ok') return asked
        if (!Array.isArray(asked.value.data)) return unreadable()
        rows.push(...asked.value.data.map(asRecord))
        after = nextCursor(asked.value)
        if (after === null) break
      }
      return { kind: 'ok', value: rows }
    },
    async asApp(path, parameters) {
      if (!hosts.allows(apiUrl)) return refusedHost('Meta')
      const query = new URLSearchParams({ ...parameters, access_token: `${client.id}|${client.secret}` })
      return ask(`${apiUrl}/${GRAPH_VERSION}${path}?${query}`, {}, (answer) => (hasData(answer) ? null : readAnswer(answer)))
    },
    async token(parameters) {
      const url = `${apiUrl}/${GRAPH_VERSION}/oauth/access_token`
      if (!hosts.allows(url)) return refusedHost('Meta')
      const form = new URLSearchParams({ ...parameters, client_id: client.id, client_secret: client.secret }).toString()
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const answer = await http.send({ method: 'POST', url, headers, body: form, once: true })
      if (answer.kind === 'no_answer') return readSilence(answer)
      const refusal = readAnswer(answer)
      return refusal ?? { kind: 'ok', value: answer }
    },
  }
}

function hasData({ status, json }: HttpAnswer): boolean {
  return status === 200 && asRecord(json).error === undefined && asRecord(json).data !== undefined
}

/** https://developers.facebook.com/docs/graph-api/guides/secure-requests (2026-11): HMAC-SHA256 of the token by the app secret, hex. */
function proofOf({ accessToken }: Tokens, secret: string): string {
  return createHmac('sha256', secret).update(accessToken).digest('hex')
}

/** `paging.next` is a whole URL with the token in it; its cursor says as much. Without `next` there is no further page. */
function nextCursor(body: JsonRecord): string | null {
  const paging = asRecord(body.paging)
  return asText(paging.next) === null ? null : asText(asRecord(paging.cursors).after)
}

export function unreadable(): Asked<never> {
  return {
    kind: 'transient',
    retryAfterMs: null,
    code: 'unreadable_answer',
    explanation: 'Meta gave an answer that Redkey does not know.',
  }
}
