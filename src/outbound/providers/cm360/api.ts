import type { Asked, Tokens, Verdict } from '../../../domain/provider.ts'
import { TOKEN_DOMAINS } from '../google/google-login.ts'
import type { Http, HttpDownload, HttpRequest } from '../http.ts'
import { asList, asRecord, asText, type JsonRecord } from '../json.ts'
import { passes, verdictOf } from '../meaning.ts'
import { refusedHost, silenceOf } from '../refusals.ts'
import { allowedOrigin, tokenHosts } from '../token-hosts.ts'
import { cm360Reader, traffickingReader } from './verdicts.ts'

/** v4 ended on 2026-02-26; v5 is the only one (developers.google.com/doubleclick-advertisers/deprecation, read 2026-11-23). */
const API = 'dfareporting/v5'
const LABEL = 'Campaign Manager 360'

/** Where Google keeps files that its APIs lead to. */
const FILE_DOMAINS = [...TOKEN_DOMAINS, 'googleusercontent.com']

/** A list is a parameter that is repeated. */
export type Query = Readonly<Record<string, string | readonly string[]>>

/** `path`: below the version. Every answer that is no success is a verdict. */
export interface Cm360Api {
  read(tokens: Tokens, path: string, query?: Query): Promise<Asked<JsonRecord>>
  write(
    tokens: Tokens,
    method: 'POST' | 'PUT' | 'PATCH',
    path: string,
    body: object | null,
    query?: Query,
  ): Promise<Asked<JsonRecord>>
  /** What is in `list` of each page, until there are no more; a refusal is the last. */
  pages(tokens: Tokens, path: string, list: string, query: Query): AsyncGenerator<Asked<readonly JsonRecord[]>>
  /** A file, as it comes. */
  download(tokens: Tokens, path: string): Promise<Asked<HttpDownload>>
}

/** An account with a million ads has a thousand pages (Account.activeAdsLimitTier, googleapis 188.0.0). More is a server that goes round in circles. */
const MOST_PAGES = 2_000
const MOST_REDIRECTS = 3

/** Lists take up to 1,000 entries, which is also what they give when not asked (discovery of v5, revision 20260527, read 2026-11-29). */
export const PAGE_SIZE = '1000'

export function createCm360Api(apiUrl: string, http: Http): Cm360Api {
  const hosts = tokenHosts(TOKEN_DOMAINS, apiUrl)
  const fileHosts = tokenHosts(FILE_DOMAINS, apiUrl)

  async function send(
    tokens: Tokens,
    method: HttpRequest['method'],
    path: string,
    query: Query,
    body: object | null,
  ): Promise<Asked<JsonRecord>> {
    const origin = allowedOrigin(hosts, tokens.apiOrigin)
    if (origin === null) return refusedHost(LABEL)
    const answer = await http.send({
      method,
      url: `${origin}/${API}/${path}${searchOf(query)}`,
      headers: { ...authorization(tokens), ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
    if (answer.kind === 'no_answer') return silenceOf(LABEL, answer)
    const reader = isOfReports(path) ? cm360Reader : traffickingReader
    const refusal = answer.json === undefined ? reader.readRefusal(answer) : reader.readAnswer(answer)
    return refusal ?? { kind: 'ok', value: asRecord(answer.json) }
  }

  return {
    read: (tokens, path, query = {}) => send(tokens, 'GET', path, query, null),
    write: (tokens, method, path, body, query = {}) => send(tokens, method, path, query, body),
    /** A page that is full may name a next one that is empty (googleads-dfa-reporting-samples, python/v5/get_ads.py, 2026-11-29). */
    async *pages(tokens, path, list, query) {
      let pageToken: string | null = null
      for (let pages = 0; pages < MOST_PAGES; pages++) {
        const asked: Asked<JsonRecord> = await send(
          tokens,
          'GET',
          path,
          { ...query, ...(pageToken !== null && { pageToken }) },
          null,
        )
        if (asked.kind !== 'ok') return yield asked
        const entries = asList(asked.value[list]).map(asRecord)
        if (entries.length > 0) yield { kind: 'ok', value: entries }
        pageToken = asText(asked.value.nextPageToken)
        if (pageToken === null || entries.length === 0) return
      }
      yield unreadable('the list does not end')
    },
    async download(tokens, path) {
      const origin = allowedOrigin(hosts, tokens.apiOrigin)
      if (origin === null) return refusedHost(LABEL)
      let url = `${origin}/${API}/${path}?alt=media`
      for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
        if (!fileHosts.allows(url)) return refusedHost(LABEL)
        const headers = new URL(url).origin === origin ? authorization(tokens) : {}
        const answer = await http.download({ method: 'GET', url, headers })
        if (answer.kind === 'download') return { kind: 'ok', value: answer }
        if (answer.kind === 'no_answer') return silenceOf(LABEL, answer)
        const next = redirectOf(answer.status, answer.headers.location, url)
        if (next === null) return cm360Reader.readRefusal(answer)
        url = next
      }
      return unreadable('the file is not where it should be')
    },
  }
}

/** What came is no answer that the documentation knows. `what` is for people, without a full stop. */
export function unreadable(what: string): Verdict {
  return verdictOf(passes(`Campaign Manager 360 answered in an unknown form: ${what}.`), 'unreadable_answer', null)
}

function isOfReports(path: string): boolean {
  return /^(userprofiles$|userprofiles\/[^/]+\/reports\b|reports\/)/.test(path)
}

function authorization({ accessToken }: Tokens): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${accessToken}` }
}

function searchOf(query: Query): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) for (const one of [value].flat()) parameters.append(name, one)
  return parameters.size === 0 ? '' : `?${parameters}`
}

function redirectOf(status: number, location: string | undefined, from: string): string | null {
  return status >= 300 && status < 400 && location ? (URL.parse(location, from)?.href ?? null) : null
}
