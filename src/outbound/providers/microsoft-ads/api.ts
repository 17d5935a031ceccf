import { type Clock, MINUTE_MS } from '../../../clock.ts'
import type { AccountRef, Asked, Tokens, Verdict } from '../../../domain/provider.ts'
import type { Http, HttpAnswer } from '../http.ts'
import { misconfigured, passes, verdictOf } from '../meaning.ts'
import { refusedHost, silenceOf } from '../refusals.ts'
import { allowedOrigin, tokenHosts } from '../token-hosts.ts'
import { OUR_CREDENTIALS, STALE_TOKEN } from './api-refusals.ts'
import { isUnknownAccount, readApiAnswer } from './verdicts.ts'

export const LABEL = 'Microsoft Advertising'

/**
 * v13 of each service, below a host that is called like it: https://learn.microsoft.com/advertising/guides/web-service-addresses
 * (2026-11), and the same under `api.sandbox.bingads.microsoft.com`.
 */
const SERVICES = {
  clientcenter: '/CustomerManagement/v13',
  campaign: '/CampaignManagement/v13',
  reporting: '/Reporting/v13',
  bulk: '/Bulk/v13',
} as const
export type Service = keyof typeof SERVICES

const DEFAULT_BASE = 'https://clientcenter.api.bingads.microsoft.com'

const TOKEN_DOMAINS = ['api.bingads.microsoft.com']

/**
 * Where reports and bulk files may lie. Seen is bingadsappsstorageprod.blob.core.windows.net (Airbyte's source-bing-ads, 2026-11), but
 * "you should not take a dependency on the domain of the download URL": getbulkdownloadstatus (2026-11). So any host of Microsoft's
 * storage and networks; nothing secret goes there.
 */
const FILE_DOMAINS = ['microsoft.com', 'windows.net', 'azure.com', 'azureedge.net', 'azurefd.net']

export interface Api {
  /** Takes the access tokens. */
  readonly origin: string
  /**
   * One authorised POST: reads are POSTs as well. An account that is named goes into the headers that most services want. Only a 2xx
   * with JSON and without errors in it is `ok`.
   */
  ask(tokens: Tokens, service: Service, path: string, body: unknown, account?: AccountRef): Promise<Asked<HttpAnswer>>
  /** As `ask`, of a list: what is wrong with single entries stands in `PartialErrors` of the answer. */
  askList(tokens: Tokens, service: Service, path: string, body: unknown, account: AccountRef): Promise<Asked<HttpAnswer>>
  /** A file that a service named, without our credentials: its address is its own key. */
  download(url: string): Promise<Asked<AsyncIterable<Uint8Array>>>
}

interface ApiDeps {
  readonly http: Http
  readonly clock: Clock
  /** Base of all services; null: each has its own documented host. */
  readonly apiUrl: string | null
  readonly developerToken: string
}

export function createApi({ http, clock, apiUrl, developerToken }: ApiDeps): Api {
  const base = apiUrl ?? DEFAULT_BASE
  const hosts = tokenHosts(TOKEN_DOMAINS, base)
  const fileHosts = tokenHosts(FILE_DOMAINS, base)
  const { origin } = new URL(base)

  async function post(
    tokens: Tokens,
    service: Service,
    path: string,
    body: unknown,
    account: AccountRef | undefined,
    judged: (answer: HttpAnswer) => HttpAnswer,
  ): Promise<Asked<HttpAnswer>> {
    if (allowedOrigin(hosts, tokens.apiOrigin) !== origin) return refusedHost(LABEL)
    const answer = await http.send({
      method: 'POST',
      url: `${base.replace('//clientcenter.', `//${service}.`)}${SERVICES[service]}${path}`,
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${tokens.accessToken}`,
        DeveloperToken: developerToken,
        ...(account && { CustomerAccountId: account.id }),
        ...(account?.via && { CustomerId: account.via }),
      },
      body: JSON.stringify(body),
    })
    if (answer.kind === 'no_answer') return silenceOf(LABEL, answer)
    const refusal = readApiAnswer(judged(answer))
    if (refusal === null && answer.json !== undefined) return { kind: 'ok', value: answer }
    if (refusal === null) return unreadable()
    return account && isUnknownAccount(answer) ? lostAccount(refusal) : weighed(refusal, tokens, clock.now())
  }

  return {
    origin,
    ask: (tokens, service, path, body, account) => post(tokens, service, path, body, account, (answer) => answer),
    askList: (tokens, service, path, body, account) => post(tokens, service, path, body, account, withoutPartialErrors),
    async download(url) {
      if (!fileHosts.allows(url)) return verdictOf(FOREIGN_FILE, 'file_host_refused', null)
      const answer = await http.download({ method: 'GET', url })
      if (answer.kind === 'no_answer') return silenceOf(LABEL, answer)
      if (answer.kind === 'answer') return verdictOf(NO_FILE, `file_http_${answer.status}`, answer.retryAfterMs)
      return { kind: 'ok', value: answer.bytes }
    },
  }
}

const FOREIGN_FILE = misconfigured(
  'Microsoft Advertising named a file at an address that is none of Microsoft’s, so nothing was downloaded from there.',
)

/** Storage says nothing of the login: an address works for five minutes only, and the next try gets another one. */
const NO_FILE = passes('Microsoft Advertising did not give the file that it had made.')

/** Access tokens live for an hour and more: one with more than this to go was made minutes ago. */
const FRESH_MS = 55 * MINUTE_MS

/**
 * Code 105 means a bad access token or a bad developer token alike, in the same words. A fresh access token tells them apart: where
 * one is refused, only our own settings are left.
 */
function weighed(refusal: Verdict, { accessExpiresAt }: Tokens, now: Date): Verdict {
  if (!/^(105|InvalidCredentials)$/i.test(refusal.code)) return refusal
  if (refusal.kind !== 'misconfigured' && refusal.kind !== 'refresh') return refusal
  const isFresh = accessExpiresAt !== null && accessExpiresAt.getTime() - now.getTime() >= FRESH_MS
  return verdictOf(isFresh ? OUR_CREDENTIALS : STALE_TOKEN, refusal.code, null)
}

function lostAccount({ code }: Verdict): Verdict {
  return {
    kind: 'permission',
    cause: 'access_lost',
    code,
    explanation:
      'Microsoft Advertising does not find the ad account any more. It was deleted, or its owner has taken the access back: a Super Admin can tell.',
  }
}

function withoutPartialErrors(answer: HttpAnswer): HttpAnswer {
  const { json } = answer
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return answer
  return { ...answer, json: { ...json, PartialErrors: [] } }
}

export function unreadable(): Verdict {
  return {
    kind: 'transient',
    retryAfterMs: null,
    code: 'unreadable_answer',
    explanation: 'Microsoft Advertising gave an answer that Redkey does not know.',
  }
}
