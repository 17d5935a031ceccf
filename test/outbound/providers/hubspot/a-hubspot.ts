import type { ServerResponse } from 'node:http'
import { onTestFinished } from 'vitest'
import type { Crm } from '../../../../src/domain/crm.ts'
import type { Tokens } from '../../../../src/domain/provider.ts'
import { createHttp } from '../../../../src/outbound/providers/http.ts'
import { type HubSpotConfig, hubspot } from '../../../../src/outbound/providers/hubspot/hubspot.ts'
import { SCOPES } from '../../../../src/outbound/providers/hubspot/scopes.ts'
import { type AServer, aClock, answerJson, aServer, type SeenRequest, type TurnedClock } from '../a-server.ts'

type Answers = Readonly<Record<string, (request: SeenRequest, response: ServerResponse) => void>>

export interface AHubSpot extends AServer {
  readonly crm: Crm
  readonly clock: TurnedClock
  /** Good at this server. */
  readonly tokens: Tokens
}

/** The adapter against a server that answers by path (the query is cut off); other paths get 404. */
export async function aHubSpot(answers: Answers, config: Partial<HubSpotConfig> = {}): Promise<AHubSpot> {
  const server = await aServer((request, response) => {
    const answer = answers[request.url.split('?')[0] ?? '']
    if (answer) return answer(request, response)
    answerJson(response, 404, { status: 'error', message: 'resource not found' })
  })
  const clock = aClock()
  const http = createHttp(clock, { timeoutMs: 2000 })
  onTestFinished(() => http.close())
  const urls = { loginUrl: 'https://app.hubspot.com', apiUrl: server.origin }
  const crm = hubspot({ clientId: 'client', clientSecret: 'secret', ...urls, ...config }, { http, clock })
  return { ...server, crm, clock, tokens: theTokens({ apiOrigin: server.origin }) }
}

export function theTokens(overrides: Partial<Tokens> = {}): Tokens {
  return {
    accessToken: 'access',
    refreshToken: 'na1-refresh',
    apiOrigin: 'https://api.hubapi.com',
    identityUrl: null,
    scopes: SCOPES.required,
    accessExpiresAt: null,
    refreshExpiresAt: null,
    ...overrides,
  }
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}) {
  return (_request: SeenRequest, response: ServerResponse) => answerJson(response, status, body, headers)
}
