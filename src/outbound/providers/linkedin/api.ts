import type { Clock } from '../../../clock.ts'
import type { Asked, Tokens } from '../../../domain/provider.ts'
import type { Http } from '../http.ts'
import { asRecord, type JsonRecord } from '../json.ts'
import { refusedHost } from '../refusals.ts'
import { allowedOrigin, type TokenHosts } from '../token-hosts.ts'
import { readApiAnswer, readSilence } from './verdicts.ts'

/**
 * Versions come monthly and live a year at least; 202607 ends on 2027-07-15, so this one about a month later.
 * https://learn.microsoft.com/linkedin/marketing/versioning, …/marketing/integrations/migrations (2026-11)
 */
const LINKEDIN_VERSION = '202608'

export interface Api {
  /** One authorised GET. `path` has its query, which Rest.li wants encoded in its own way. */
  get(tokens: Tokens, path: string): Promise<Asked<JsonRecord>>
}

interface ApiDeps {
  readonly http: Http
  readonly clock: Clock
  readonly hosts: TokenHosts
}

export function createApi({ http, clock, hosts }: ApiDeps): Api {
  return {
    async get(tokens, path) {
      const origin = allowedOrigin(hosts, tokens.apiOrigin)
      if (origin === null) return refusedHost('LinkedIn')
      const headers = {
        authorization: `Bearer ${tokens.accessToken}`,
        'linkedin-version': LINKEDIN_VERSION,
        'x-restli-protocol-version': '2.0.0',
      }
      const answer = await http.send({ method: 'GET', url: `${origin}${path}`, headers })
      if (answer.kind === 'no_answer') return readSilence(answer)
      const refusal = readApiAnswer(answer, clock.now())
      if (refusal === null) return { kind: 'ok', value: asRecord(answer.json) }
      return refusal.kind === 'authorization_required' && !refusal.certain ? mayBeStale(refusal, tokens) : refusal
    },
  }
}

/** A refusal that a new access token may cure, where there is a refresh token to get one with. The token endpoint then tells the truth. */
function mayBeStale(refusal: Exclude<Asked<never>, { kind: 'ok' }>, { refreshToken }: Tokens): Asked<never> {
  if (refreshToken === null) return refusal
  return {
    kind: 'refresh',
    code: refusal.code,
    explanation: 'LinkedIn did not accept the access token, so a new one is asked for.',
  }
}
