import type { ServerResponse } from 'node:http'
import { onTestFinished } from 'vitest'
import type { Tokens } from '../../../../src/domain/provider.ts'
import { createHttp } from '../../../../src/outbound/providers/http.ts'
import { LINKEDIN_SCOPES, linkedin } from '../../../../src/outbound/providers/linkedin/linkedin.ts'
import { aClock, answerJson, aServer, type SeenRequest } from '../a-server.ts'

type Answers = Readonly<Record<string, (request: SeenRequest, response: ServerResponse) => void>>

/** The adapter with a server that answers these paths; what is not among them is not found. */
export async function aLinkedIn(answers: Answers) {
  const server = await aServer((request, response) => {
    const answer = answers[request.url.split('?')[0] ?? '']
    if (answer) answer(request, response)
    else answerJson(response, 404, { status: 404, message: 'Could not find entity' })
  })
  const clock = aClock()
  const http = createHttp(clock, { timeoutMs: 5000 })
  onTestFinished(() => http.close())
  const config = { clientId: 'client', clientSecret: 'secret', loginUrl: server.origin, apiUrl: server.origin }
  const tokens: Tokens = {
    accessToken: 'AQU',
    refreshToken: 'AQW',
    apiOrigin: server.origin,
    identityUrl: null,
    scopes: LINKEDIN_SCOPES,
    accessExpiresAt: null,
    refreshExpiresAt: new Date('2027-01-01T00:00:00Z'),
  }
  return { ...server, provider: linkedin(config, { http, clock }), tokens }
}

export const json = (status: number, body: unknown) => (_request: SeenRequest, response: ServerResponse) =>
  answerJson(response, status, body)
export const account = { id: '5', via: null }
