import type { AccountRef, Asked, Tokens } from '../../../domain/provider.ts'
import { TOKEN_DOMAINS } from '../google/google-login.ts'
import type { Http, HttpAnswer, HttpDownload, HttpRequest } from '../http.ts'
import { asList, asRecord, asText, type JsonRecord } from '../json.ts'
import { refusedHost, silenceOf } from '../refusals.ts'
import { allowedOrigin, tokenHosts } from '../token-hosts.ts'
import { adsReader } from './ads-reader.ts'
import { type TakeRows, takeRows } from './take-rows.ts'

/**
 * The newest; Google expects to end it in November 2027 (developers.google.com/google-ads/api/docs/sunset-dates, read 2026-11-24).
 * v25 ends in August 2027. Calls of an ended version answer UNSUPPORTED_VERSION, which is the operator's card.
 */
const API_VERSION = 'v26'

export interface AdsApi {
  /** Ids of the accounts that the login was given itself, without those below its manager accounts. */
  directCustomers(tokens: Tokens): Promise<Asked<readonly string[]>>
  /** All rows of a query that has few. */
  search(tokens: Tokens, account: AccountRef, query: string): Promise<Asked<readonly JsonRecord[]>>
  /** The rows of a query as they come, a few thousand at most at a time. Throws what `take` throws. */
  stream(tokens: Tokens, account: AccountRef, query: string, take: TakeRows): Promise<Asked<null>>
  /** Changes fields of the account itself; those of `mask` that `fields` lacks are cleared. */
  updateCustomer(tokens: Tokens, account: AccountRef, fields: JsonRecord, mask: string): Promise<Asked<null>>
}

/**
 * No developer token is sent: since 2026-09-09 the access level belongs to the Google Cloud project of the OAuth client
 * (developers.google.com/google-ads/api/docs/api-policy/developer-token, read 2026-11-24).
 *
 * A query costs one operation of the day's quota, in pages as well as streamed (…/docs/rate-sheet), and Google prefers the stream from
 * 10,000 rows on (…/reference/rpc/v26/GoogleAdsService/SearchStream). Pages have 10,000 rows, which may be more than one answer may
 * have here, and are asked for one by one; so what may have many rows is streamed.
 */
export function createAdsApi(apiUrl: string, http: Http): AdsApi {
  const hosts = tokenHosts(TOKEN_DOMAINS, apiUrl)

  async function send(
    tokens: Tokens,
    method: HttpRequest['method'],
    path: string,
    more: { readonly via?: string | null; readonly body?: object } = {},
  ): Promise<Asked<HttpAnswer>> {
    const origin = allowedOrigin(hosts, tokens.apiOrigin)
    if (origin === null) return refusedHost('Google Ads')
    const headers = headersFor(tokens, more.via ?? null, more.body !== undefined)
    const url = `${origin}/${API_VERSION}/${path}`
    const answer = await http.send({ method, url, headers, ...(more.body && { body: JSON.stringify(more.body) }) })
    if (answer.kind === 'no_answer') return silenceOf('Google Ads', answer)
    const refusal = answer.json === undefined ? adsReader.readRefusal(answer) : adsReader.readAnswer(answer)
    return refusal ?? { kind: 'ok', value: answer }
  }

  async function open(tokens: Tokens, { id, via }: AccountRef, query: string): Promise<Asked<HttpDownload>> {
    const origin = allowedOrigin(hosts, tokens.apiOrigin)
    if (origin === null) return refusedHost('Google Ads')
    const body = JSON.stringify({ query })
    const length = { accept: 'application/json', 'content-length': String(Buffer.byteLength(body)) }
    const url = `${origin}/${API_VERSION}/customers/${digits(id)}/googleAds:searchStream`
    const headers = { ...headersFor(tokens, via, true), ...length }
    const answer = await http.download({ method: 'POST', url, headers, body: inOnePiece(body) })
    if (answer.kind === 'download') return { kind: 'ok', value: answer }
    return answer.kind === 'no_answer' ? silenceOf('Google Ads', answer) : adsReader.readRefusal(answer)
  }

  async function pages(tokens: Tokens, { id, via }: AccountRef, query: string): Promise<Asked<readonly JsonRecord[]>> {
    const rows: JsonRecord[] = []
    let pageToken: string | null = null
    do {
      const body = { query, ...(pageToken !== null && { pageToken }) }
      const asked: Asked<HttpAnswer> = await send(tokens, 'POST', `customers/${digits(id)}/googleAds:search`, { via, body })
      if (asked.kind !== 'ok') return asked
      const page = asRecord(asked.value.json)
      rows.push(...asList(page.results).map(asRecord))
      pageToken = asText(page.nextPageToken)
    } while (pageToken !== null && rows.length < MOST_ROWS)
    return { kind: 'ok', value: rows }
  }

  return {
    async directCustomers(tokens) {
      const asked = await send(tokens, 'GET', 'customers:listAccessibleCustomers')
      if (asked.kind !== 'ok') return asked
      const names = asList(asRecord(asked.value.json).resourceNames).map(
        (name) => /^customers\/(\d+)$/.exec(asText(name) ?? '')?.[1],
      )
      return { kind: 'ok', value: names.filter((id) => id !== undefined) }
    },
    search: (tokens, account, query) => throughOrDirect(account, (by) => pages(tokens, by, query)),
    stream: (tokens, account, query, take) =>
      throughOrDirect(account, async (by) => {
        const asked = await open(tokens, by, query)
        return asked.kind === 'ok' ? takeRows(asked.value, take) : asked
      }),
    /** customer_service.proto, MutateCustomer; what the mask does not name stays as it is (…/docs/client-libs/java/field-masks). */
    updateCustomer: (tokens, account, fields, mask) =>
      throughOrDirect(account, async ({ id, via }) => {
        const update = { resourceName: `customers/${digits(id)}`, ...fields }
        const body = { operation: { update, updateMask: mask } }
        const asked = await send(tokens, 'POST', `customers/${digits(id)}:mutate`, { via, body })
        return asked.kind === 'ok' ? { kind: 'ok', value: null } : asked
      }),
  }
}

/**
 * A manager account that was taken away is told as a missing permission, although the login may reach the account directly
 * (authorization_error.proto, USER_PERMISSION_DENIED).
 */
async function throughOrDirect<T>(account: AccountRef, ask: (by: AccountRef) => Promise<Asked<T>>): Promise<Asked<T>> {
  const asked = await ask(account)
  if (account.via === null || asked.kind !== 'permission' || !THROUGH_THE_MANAGER.includes(asked.code)) return asked
  const direct = await ask({ id: account.id, via: null })
  return direct.kind === 'permission' ? asked : direct
}

const THROUGH_THE_MANAGER = ['USER_PERMISSION_DENIED', 'INVALID_LOGIN_CUSTOMER_ID_SERVING_CUSTOMER_ID_COMBINATION']

function headersFor(tokens: Tokens, via: string | null, hasBody: boolean): Record<string, string> {
  return {
    authorization: `Bearer ${tokens.accessToken}`,
    ...(via !== null && { 'login-customer-id': via }),
    ...(hasBody && { 'content-type': 'application/json' }),
  }
}

async function* inOnePiece(text: string): AsyncGenerator<string> {
  yield text
}

/** More than any hierarchy has; it stops a server that repeats its page token. */
const MOST_ROWS = 1_000_000

/** Of an account: also of `123-456-7890`, as people write it. */
export function digits(id: string): string {
  return id.replace(/\D/g, '')
}
