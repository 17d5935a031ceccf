import type { AccountRef, Asked, Tokens } from '../../../domain/provider.ts'
import { TOKEN_DOMAINS } from '../google/google-login.ts'
import { apiReader } from '../google/verdicts.ts'
import type { Http, HttpAnswer, HttpRequest } from '../http.ts'
import { asList, asRecord, asText, type JsonRecord } from '../json.ts'
import { refusedHost, silenceOf } from '../refusals.ts'
import { allowedOrigin, tokenHosts } from '../token-hosts.ts'
import { adsMeaning } from './ads-refusals.ts'

/**
 * The newest; Google expects to end it in November 2027 (developers.google.com/google-ads/api/docs/sunset-dates, read 2026-11-24).
 * v25 ends in August 2027. Calls of an ended version answer UNSUPPORTED_VERSION, which is the operator's card.
 */
const API_VERSION = 'v26'

export const adsReader = apiReader((said) => (said.kind === 'ads' ? adsMeaning(said.group, said.code) : null))

export interface AdsApi {
  /** Ids of the accounts that the login was given itself, without those below its manager accounts. */
  directCustomers(tokens: Tokens): Promise<Asked<readonly string[]>>
  /** All rows of a query; each page costs one operation of the day's quota. */
  search(tokens: Tokens, account: AccountRef, query: string): Promise<Asked<readonly JsonRecord[]>>
}

/**
 * No developer token is sent: since 2026-09-09 the access level belongs to the Google Cloud project of the OAuth client
 * (developers.google.com/google-ads/api/docs/api-policy/developer-token, read 2026-11-24).
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
    const headers = {
      authorization: `Bearer ${tokens.accessToken}`,
      ...(more.via != null && { 'login-customer-id': more.via }),
      ...(more.body && { 'content-type': 'application/json' }),
    }
    const url = `${origin}/${API_VERSION}/${path}`
    const answer = await http.send({ method, url, headers, ...(more.body && { body: JSON.stringify(more.body) }) })
    if (answer.kind === 'no_answer') return silenceOf('Google Ads', answer)
    const refusal = answer.json === undefined ? adsReader.readRefusal(answer) : adsReader.readAnswer(answer)
    return refusal ?? { kind: 'ok', value: answer }
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
    /**
     * A manager account that was taken away is told as a missing permission, although the login may reach the account directly
     * (authorization_error.proto, USER_PERMISSION_DENIED).
     */
    async search(tokens, account, query) {
      const asked = await pages(tokens, account, query)
      if (account.via === null || asked.kind !== 'permission' || !THROUGH_THE_MANAGER.includes(asked.code)) return asked
      const direct = await pages(tokens, { id: account.id, via: null }, query)
      return direct.kind === 'permission' ? asked : direct
    },
  }
}

const THROUGH_THE_MANAGER = ['USER_PERMISSION_DENIED', 'INVALID_LOGIN_CUSTOMER_ID_SERVING_CUSTOMER_ID_COMBINATION']

/** More than any hierarchy or day has; it stops a server that repeats its page token. */
const MOST_ROWS = 1_000_000

function digits(id: string): string {
  return id.replace(/\D/g, '')
}
