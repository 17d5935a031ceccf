import { createHash } from 'node:crypto'
import { onTestFinished } from 'vitest'
import type { Provider, Tokens } from '../../../src/domain/provider.ts'
import { cm360 } from '../../../src/outbound/providers/cm360/cm360.ts'
import { googleAds } from '../../../src/outbound/providers/google-ads/google-ads.ts'
import { createHttp } from '../../../src/outbound/providers/http.ts'
import { startFakeGoogle } from '../../../src/sandbox/providers/google/fake-google.ts'
import { type SignInChoice, signIn } from '../../../src/sandbox/providers/sign-in.ts'
import { aClock } from '../../outbound/providers/a-server.ts'

const REDIRECT_URI = 'http://localhost:3000/oauth/callback/google-ads'
const VERIFIER = 'v'.repeat(43)

/** Both adapters and the fake, which know nothing of each other but what Google's documentation says. */
export async function aGoogle() {
  const clock = aClock()
  const fake = await startFakeGoogle({
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
  const config = { clientId: 'client', clientSecret: 'secret', loginUrl: fake.url, tokenUrl: fake.url, apiUrl: fake.url }
  const deps = { http, clock }
  return { fake, clock, ads: googleAds(config, deps), cm: cm360(config, deps), config, deps }
}

export const ANA: SignInChoice = { org: 'Acme Inc', username: 'ana@acme.example' }
export const TOM: SignInChoice = { org: 'Acme Inc', username: 'tom@acme.example' }
export const KIM: SignInChoice = { org: 'Northwind Agency', username: 'kim@northwind.example' }

export async function codeFor(provider: Provider, choice: SignInChoice = ANA): Promise<string> {
  const codeChallenge = createHash('sha256').update(VERIFIER).digest('base64url')
  const url = provider.authorizationUrl({ redirectUri: REDIRECT_URI, state: 'the-state', codeChallenge, loginHint: null })
  const callback = new URL(await signIn(url, choice))
  if (callback.searchParams.get('state') !== 'the-state') throw new Error(`the state got lost: ${callback}`)
  return callback.searchParams.get('code') ?? ''
}

export function exchange(provider: Provider, code: string, codeVerifier = VERIFIER) {
  return provider.exchangeCode({ code, codeVerifier, redirectUri: REDIRECT_URI })
}

export async function logIn(provider: Provider, choice: SignInChoice = ANA): Promise<Tokens> {
  const exchanged = await exchange(provider, await codeFor(provider, choice))
  if (exchanged.kind !== 'ok') throw new Error(`the login was refused: ${exchanged.code}`)
  return exchanged.value
}
