import { type Clock, DAY_MS, MINUTE_MS } from '../../../clock.ts'
import type { ApiUsage, Asked, Tokens } from '../../../domain/provider.ts'
import type { Http, HttpAnswer, HttpDownload, HttpRequest } from '../http.ts'
import { asList, asRecord, asText } from '../json.ts'
import { refusedHost } from '../refusals.ts'
import { allowedOrigin, type TokenHosts } from '../token-hosts.ts'
import { readApiRefusal, readSilence } from './verdicts.ts'

/**
 * Used where `/services/data/` can't be read. v67.0 is Summer '26; three releases a year, and an old version is announced
 * years before it goes (PROVIDERS.md 2.g, read 2026-11-23).
 */
const PINNED_VERSION = 'v67.0'

/** In an outage no call waits for the list of versions as well. */
const VERSION_RETRY_MS = 10 * MINUTE_MS

/** A body that is JSON already. */
export class JsonText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** A body in a form of its own. */
export class RawBody {
  readonly contentType: string
  readonly bytes: Uint8Array

  constructor(contentType: string, bytes: Uint8Array) {
    this.contentType = contentType
    this.bytes = bytes
  }
}

export interface Api {
  /** One authorised call to the org. `path` follows `/services/data/vNN.0`; only a 2xx with JSON in it is `ok`. */
  call(tokens: Tokens, method: HttpRequest['method'], path: string, body?: unknown): Promise<Asked<HttpAnswer>>
  /** One authorised POST that makes something: it never reaches the server twice, not even when a kept connection breaks. */
  post(tokens: Tokens, path: string, body: unknown): Promise<Asked<HttpAnswer>>
  /** One authorised GET of a URL that Salesforce named, wherever on the list of hosts it is. */
  get(tokens: Tokens, url: string): Promise<Asked<HttpAnswer>>
  /** One authorised PUT of a body of any size; any 2xx is `ok`. Throws what reading `body` throws. */
  upload(tokens: Tokens, path: string, contentType: string, body: AsyncIterable<string>): Promise<Asked<HttpAnswer>>
  /** One authorised GET of text of any size. */
  download(tokens: Tokens, path: string): Promise<Asked<HttpDownload>>
}

interface ApiDeps {
  readonly http: Http
  readonly clock: Clock
  readonly hosts: TokenHosts
  /** `v67.0` or `67.0`; undefined: the newest that the org has, asked once a day. */
  readonly apiVersion: string | undefined
}

export function createApi({ http, clock, hosts, apiVersion }: ApiDeps): Api {
  const known = new Map<string, { readonly version: string; readonly until: number }>()
  const configured = apiVersion === undefined ? null : `v${apiVersion.replace(/^v/, '')}`

  async function versionOf(origin: string): Promise<string> {
    if (configured !== null) return configured
    const remembered = known.get(origin)
    if (remembered && remembered.until > clock.now().getTime()) return remembered.version
    const answer = await http.send({ method: 'GET', url: `${origin}/services/data/` })
    const newest = answer.kind === 'answer' ? readNewestVersion(answer.json) : null
    const version = newest ?? remembered?.version ?? PINNED_VERSION
    known.set(origin, { version, until: clock.now().getTime() + (newest === null ? VERSION_RETRY_MS : DAY_MS) })
    return version
  }

  async function send(request: HttpRequest, tokens: Tokens): Promise<Asked<HttpAnswer>> {
    const answer = await http.send({ ...request, headers: { ...request.headers, ...bearer(tokens) } })
    if (answer.kind === 'no_answer') return readSilence(answer)
    const isAnswer = answer.status >= 200 && answer.status < 300 && answer.json !== undefined
    return isAnswer ? { kind: 'ok', value: answer } : readApiRefusal(answer)
  }

  /** `null`: no token goes there. */
  async function urlOf({ apiOrigin }: Tokens, path: string): Promise<string | null> {
    const origin = allowedOrigin(hosts, apiOrigin)
    return origin && `${origin}/services/data/${await versionOf(origin)}${path}`
  }

  return {
    async call(tokens, method, path, body) {
      const url = await urlOf(tokens, path)
      if (url === null) return refusedHost('Salesforce')
      const asked = await send({ method, url, ...(body !== undefined && jsonBody(body)) }, tokens)
      if (asked.kind === 'misconfigured') known.delete(new URL(url).origin)
      return asked
    },
    async post(tokens, path, body) {
      const url = await urlOf(tokens, path)
      return url === null ? refusedHost('Salesforce') : send({ method: 'POST', url, once: true, ...jsonBody(body) }, tokens)
    },
    async get(tokens, url) {
      return hosts.allows(url) ? send({ method: 'GET', url }, tokens) : refusedHost('Salesforce')
    },
    async upload(tokens, path, contentType, body) {
      const url = await urlOf(tokens, path)
      if (url === null) return refusedHost('Salesforce')
      const headers = { ...bearer(tokens), 'content-type': contentType, accept: 'application/json' }
      const answer = await http.upload({ method: 'PUT', url, headers, body })
      if (answer.kind === 'no_answer') return readSilence(answer)
      return answer.status >= 200 && answer.status < 300 ? { kind: 'ok', value: answer } : readApiRefusal(answer)
    },
    async download(tokens, path) {
      const url = await urlOf(tokens, path)
      if (url === null) return refusedHost('Salesforce')
      const answer = await http.download({ method: 'GET', url, headers: { ...bearer(tokens), accept: 'text/csv' } })
      if (answer.kind === 'download') return { kind: 'ok', value: answer }
      return answer.kind === 'no_answer' ? readSilence(answer) : readApiRefusal(answer)
    },
  }
}

function bearer({ accessToken }: Tokens): { readonly authorization: string } {
  return { authorization: `Bearer ${accessToken}` }
}

function jsonBody(body: unknown): Pick<HttpRequest, 'headers' | 'body'> {
  if (body instanceof RawBody) return { headers: { 'content-type': body.contentType }, body: body.bytes }
  return { headers: { 'content-type': 'application/json' }, body: body instanceof JsonText ? body.text : JSON.stringify(body) }
}

/** `[{"label":"Summer '26","url":"/services/data/v67.0","version":"67.0"}, …]`, not promised to be in order. */
function readNewestVersion(json: unknown): string | null {
  const numbers = asList(json)
    .map((entry) => asText(asRecord(entry).version))
    .filter((version) => version !== null && /^\d{2,3}\.0$/.test(version))
    .map(Number)
  return numbers.length === 0 ? null : `v${Math.max(...numbers)}.0`
}

/** The server lacks what was asked for, or this login may not read it; another read may still prove the login. */
export function isNotOffered(asked: Asked<unknown>): boolean {
  if (asked.kind === 'ok') return false
  if (asked.kind === 'permission') return asked.cause === 'role_missing'
  return asked.kind === 'rejected' || asked.code === 'http_404'
}

/** `Sforce-Limit-Info: api-usage=1234/100000`, on every REST answer (PROVIDERS.md 2.e); a per-app part may follow. */
export function readUsage(answer: HttpAnswer): ApiUsage | null {
  const found = /(?:^|[\s;,])api-usage=(\d+)\/(\d+)/.exec(answer.headers['sforce-limit-info'] ?? '')
  return found === null ? null : { used: Number(found[1]), limit: Number(found[2]) }
}
