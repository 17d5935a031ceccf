import type { ServerResponse } from 'node:http'
import { onTestFinished } from 'vitest'
import type { Crm } from '../../../../src/domain/crm.ts'
import type { Tokens } from '../../../../src/domain/provider.ts'
import { createHttp, type HttpLimits } from '../../../../src/outbound/providers/http.ts'
import { type SalesforceConfig, salesforce } from '../../../../src/outbound/providers/salesforce/salesforce.ts'
import { type AServer, aClock, answerJson, aServer, type SeenRequest, type TurnedClock } from '../a-server.ts'

export type Answers = Readonly<Record<string, (request: SeenRequest, response: ServerResponse) => void>>

export interface ASalesforce extends AServer {
  readonly crm: Crm
  readonly clock: TurnedClock
  /** Good at this server. */
  readonly tokens: Tokens
  /** Requests of one path, without those for the list of versions. */
  asked(path: string): readonly SeenRequest[]
}

const VERSIONS = [
  { label: "Summer '26", url: '/services/data/v67.0', version: '67.0' },
  { label: "Spring '26", url: '/services/data/v66.0', version: '66.0' },
]

/** The adapter against a server that answers by path (the query is cut off); other paths get 404 as Salesforce says it. */
export async function aSalesforce(
  answers: Answers,
  with_: { readonly config?: Partial<SalesforceConfig>; readonly limits?: Partial<HttpLimits> } = {},
): Promise<ASalesforce> {
  const server = await aServer((request, response) => {
    const answer = answers[pathOf(request)]
    if (answer) return answer(request, response)
    if (pathOf(request) === '/services/data/') return answerJson(response, 200, VERSIONS)
    answerJson(response, 404, [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }])
  })
  const clock = aClock()
  const http = createHttp(clock, { timeoutMs: 2000, ...with_.limits })
  onTestFinished(() => http.close())
  const config = { clientId: 'client', clientSecret: 'secret', loginUrl: server.origin, ...with_.config }
  return {
    ...server,
    crm: salesforce(config, { http, clock }),
    clock,
    tokens: theTokens({ apiOrigin: server.origin, identityUrl: `${server.origin}/id/00D5g000004xxxxEAA/0055g00000yyyyyAAA` }),
    asked: (path) => server.requests.filter((request) => pathOf(request) === path),
  }
}

export function theTokens(overrides: Partial<Tokens> = {}): Tokens {
  return {
    accessToken: '00D!access',
    refreshToken: '5Aep861.refresh',
    apiOrigin: 'https://acme.my.salesforce.com',
    identityUrl: 'https://login.salesforce.com/id/00D5g000004xxxxEAA/0055g00000yyyyyAAA',
    scopes: ['api', 'refresh_token', 'openid'],
    accessExpiresAt: null,
    refreshExpiresAt: null,
    ...overrides,
  }
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}) {
  return (_request: SeenRequest, response: ServerResponse) => answerJson(response, status, body, headers)
}

function pathOf({ url }: SeenRequest): string {
  return url.split('?')[0] ?? url
}
