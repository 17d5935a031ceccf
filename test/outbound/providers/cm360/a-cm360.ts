import { onTestFinished } from 'vitest'
import type { Tokens } from '../../../../src/domain/provider.ts'
import { CM360_SCOPES, cm360 } from '../../../../src/outbound/providers/cm360/cm360.ts'
import { createHttp } from '../../../../src/outbound/providers/http.ts'
import { type Answering, aClock, aServer } from '../a-server.ts'

export const ACCOUNT = { id: '9001', via: '7001' }

/** The adapter on a server that answers as the test says. */
export async function aCm360(answering: Answering) {
  const clock = aClock()
  const server = await aServer(answering)
  const http = createHttp(clock)
  onTestFinished(() => http.close())
  const { origin } = server
  const config = { clientId: 'client', clientSecret: 'secret', loginUrl: origin, tokenUrl: origin, apiUrl: origin }
  const { tagging, ...cm } = cm360(config, { http, clock })
  if (tagging.kind !== 'inherited') throw new Error('advertisers have suffixes')
  const tokens: Tokens = {
    accessToken: 'the-token',
    refreshToken: 'refresh',
    apiOrigin: origin,
    identityUrl: null,
    scopes: CM360_SCOPES.map(({ scope }) => scope),
    accessExpiresAt: null,
    refreshExpiresAt: null,
  }
  return { ...cm, tagging, tokens, ...server }
}

/** As Google says it in its older form. */
export function anError(code: number, reason: string, message: string): object {
  return { error: { code, message, errors: [{ message, domain: 'global', reason }] } }
}
