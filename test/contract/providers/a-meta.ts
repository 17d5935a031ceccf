import { createHash } from 'node:crypto'
import { onTestFinished } from 'vitest'
import type { Asked, Provider, Tokens } from '../../../src/domain/provider.ts'
import { createHttp } from '../../../src/outbound/providers/http.ts'
import { meta } from '../../../src/outbound/providers/meta/meta.ts'
import { startFakeMeta } from '../../../src/sandbox/providers/meta/fake-meta.ts'
import { type SignInChoice, signIn } from '../../../src/sandbox/providers/sign-in.ts'
import { aClock } from '../../outbound/providers/a-server.ts'
import { granted } from './ads-behaviour.ts'

const REDIRECT_URI = 'http://localhost:3000/oauth/callback/meta'
const VERIFIER = 'v'.repeat(43)
export const MIA = 'mia@acme.example'

/** The adapter and the fake, which know nothing of each other but what Meta's documentation says. */
export async function aMeta() {
  const clock = aClock()
  const fake = await startFakeMeta({
    port: 0,
    clientId: 'client',
    clientSecret: 'secret',
    redirectUris: [REDIRECT_URI],
    now: clock.now,
  })
  const http = createHttp(clock)
  onTestFinished(async () => {
    http.close()
    await fake.close()
  })
  const config = { clientId: 'client', clientSecret: 'secret', loginUrl: fake.origin, apiUrl: fake.origin }
  const provider = meta(config, { http, clock })
  return { fake, provider, clock, europe: { id: fake.account('Acme Europe').id, via: null } }
}

/** Where the login ends: with a code, or with a refusal. */
export async function callbackOf(provider: Provider, choice: Partial<SignInChoice> = {}): Promise<URL> {
  const codeChallenge = createHash('sha256').update(VERIFIER).digest('base64url')
  const url = provider.authorizationUrl({ redirectUri: REDIRECT_URI, state: 'the-state', codeChallenge, loginHint: null })
  return new URL(await signIn(url, { org: 'Acme Inc', username: MIA, ...choice }))
}

export function exchange(provider: Provider, callback: URL, codeVerifier = VERIFIER): Promise<Asked<Tokens>> {
  return provider.exchangeCode({ code: callback.searchParams.get('code') ?? '', codeVerifier, redirectUri: REDIRECT_URI })
}

export async function logIn(provider: Provider, username = MIA, without: readonly string[] = []): Promise<Tokens> {
  return granted(await exchange(provider, await callbackOf(provider, { username, without })))
}
