import type { ApiUsage, Asked, Tokens, Verdict } from '../../../domain/provider.ts'
import type { Http, HttpAnswer, HttpRequest } from '../http.ts'
import { refusedHost } from '../refusals.ts'
import { allowedOrigin, type TokenHosts } from '../token-hosts.ts'
import { readApiAnswer, readSilence } from './verdicts.ts'

/**
 * Versions come in March and September and are served for 18 months; 2026-03 is the first that has all that is used here.
 * https://developers.hubspot.com/changelog/introducing-date-based-api-versioning (2026-11)
 */
export const API_VERSION = '2026-03'

export interface Api {
  /** One authorised call; only a 2xx with JSON in it that reports no failure is `ok`. */
  call(tokens: Tokens, method: HttpRequest['method'], path: string): Promise<Asked<HttpAnswer>>
  /** One authorised POST whose answer the caller reads, refusals too. */
  post(tokens: Tokens, path: string, body: unknown): Promise<HttpAnswer | Verdict>
}

export function createApi(http: Http, hosts: TokenHosts): Api {
  async function send(tokens: Tokens, path: string, request: Omit<HttpRequest, 'url'>): Promise<HttpAnswer | Verdict> {
    const origin = allowedOrigin(hosts, tokens.apiOrigin)
    if (origin === null) return refusedHost('HubSpot')
    const headers = { ...request.headers, authorization: `Bearer ${tokens.accessToken}` }
    const answer = await http.send({ ...request, url: `${origin}${path}`, headers })
    return answer.kind === 'no_answer' ? readSilence(answer) : answer
  }

  return {
    async call(tokens, method, path) {
      const answer = await send(tokens, path, { method })
      if (answer.kind !== 'answer') return answer
      const refusal = readApiAnswer(answer)
      return refusal ?? { kind: 'ok', value: answer }
    },
    post: (tokens, path, body) =>
      send(tokens, path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  }
}

/**
 * `X-HubSpot-RateLimit-Daily` and `-Daily-Remaining`. Apps that log in by OAuth get neither, and have no limit for a day of their own.
 * https://developers.hubspot.com/changelog/rate-limit-headers-will-now-appear-for-oauth-authenticated-calls (2026-11)
 */
export function readUsage({ headers }: HttpAnswer): ApiUsage | null {
  const limit = count(headers['x-hubspot-ratelimit-daily'])
  const remaining = count(headers['x-hubspot-ratelimit-daily-remaining'])
  return limit === null || remaining === null ? null : { used: Math.max(0, limit - remaining), limit }
}

function count(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text.trim()) ? Number(text) : null
}
