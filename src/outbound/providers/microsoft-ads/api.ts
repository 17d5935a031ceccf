import { type Clock, MINUTE_MS } from '../../../clock.ts'
import type { AccountRef, Asked, Tokens, Verdict } from '../../../domain/provider.ts'
import type { Http, HttpAnswer } from '../http.ts'
import { verdictOf } from '../meaning.ts'
import { refusedHost, silenceOf } from '../refusals.ts'
import { allowedOrigin, tokenHosts } from '../token-hosts.ts'
import { OUR_CREDENTIALS, STALE_TOKEN } from './api-refusals.ts'
import { isUnknownAccount, readApiAnswer } from './verdicts.ts'

export const LABEL = 'Microsoft Advertising'

/** Customer Management v13, the version of all services: https://learn.microsoft.com/advertising/guides/web-service-addresses (2026-11). */
const CUSTOMER_MANAGEMENT = { host: 'https://clientcenter.api.bingads.microsoft.com', path: '/CustomerManagement/v13' }

/** Each service has a host of its own below it. */
const TOKEN_DOMAINS = ['api.bingads.microsoft.com']

export interface Api {
  /** Takes the access tokens. */
  readonly origin: string
  /**
   * One authorised POST to Customer Management: reads are POSTs as well. An account that is named goes into the headers that most
   * services want. Only a 2xx with JSON and without errors in it is `ok`.
   */
  ask(tokens: Tokens, path: string, body: unknown, account?: AccountRef): Promise<Asked<HttpAnswer>>
}

interface ApiDeps {
  readonly http: Http
  readonly clock: Clock
  /** Base of all services; null: each has its own documented host. */
  readonly apiUrl: string | null
  readonly developerToken: string
}

export function createApi({ http, clock, apiUrl, developerToken }: ApiDeps): Api {
  const base = apiUrl ?? CUSTOMER_MANAGEMENT.host
  const hosts = tokenHosts(TOKEN_DOMAINS, base)
  const { origin } = new URL(base)

  return {
    origin,
    async ask(tokens, path, body, account) {
      if (allowedOrigin(hosts, tokens.apiOrigin) !== origin) return refusedHost(LABEL)
      const answer = await http.send({
        method: 'POST',
        url: `${base}${CUSTOMER_MANAGEMENT.path}${path}`,
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
      const refusal = readApiAnswer(answer)
      if (refusal === null && answer.json !== undefined) return { kind: 'ok', value: answer }
      if (refusal === null) return unreadable()
      return account && isUnknownAccount(answer) ? lostAccount(refusal) : weighed(refusal, tokens, clock.now())
    },
  }
}

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

function unreadable(): Verdict {
  return {
    kind: 'transient',
    retryAfterMs: null,
    code: 'unreadable_answer',
    explanation: 'Microsoft Advertising gave an answer that Redkey does not know.',
  }
}
