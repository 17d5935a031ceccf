import { createHash } from 'node:crypto'
import { type AddressInfo, createServer } from 'node:net'
import { createEmulator, type Emulator } from 'emulate'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { googleAds } from '../../../../src/outbound/providers/google-ads/google-ads.ts'
import { createHttp } from '../../../../src/outbound/providers/http.ts'
import { aClock } from '../a-server.ts'

/** A second opinion on Google's logins by somebody else: https://github.com/vercel-labs/emulate, 0.12.2. */
let emulator: Emulator
const REDIRECT_URI = 'http://localhost:3000/oauth/callback/google-ads'
const VERIFIER = 'v'.repeat(43)

beforeAll(async () => {
  emulator = await createEmulator({
    service: 'google',
    port: await freePort(),
    seed: {
      google: {
        users: [{ email: 'ana@acme.example', name: 'Ana Ruiz' }],
        oauth_clients: [{ client_id: 'client', client_secret: 'secret', name: 'Redkey', redirect_uris: [REDIRECT_URI] }],
      },
    },
  })
})
afterAll(() => emulator.close())

function ads(clientSecret = 'secret') {
  const clock = aClock()
  const http = createHttp(clock)
  onTestFinished(() => http.close())
  const { url } = emulator
  return googleAds({ clientId: 'client', clientSecret, loginUrl: url, tokenUrl: `${url}/oauth2`, apiUrl: url }, { http, clock })
}

/** Presses the button of the only user on the login page. */
async function codeFor(authorizationUrl: string): Promise<URLSearchParams> {
  const page = await (await fetch(authorizationUrl)).text()
  const fields = new URLSearchParams()
  for (const [, name = '', value = ''] of page.matchAll(/name="([^"]+)" value="([^"]*)"/g)) {
    fields.set(name, value.replaceAll('&amp;', '&'))
  }
  const answer = await fetch(new URL('/o/oauth2/v2/auth/callback', authorizationUrl), {
    method: 'POST',
    body: fields,
    redirect: 'manual',
  })
  return new URL(answer.headers.get('location') ?? '').searchParams
}

async function logIn() {
  const codeChallenge = createHash('sha256').update(VERIFIER).digest('base64url')
  const url = ads().authorizationUrl({ redirectUri: REDIRECT_URI, state: 'the-state', codeChallenge, loginHint: null })
  const callback = await codeFor(url)
  expect(callback.get('state')).toBe('the-state')
  return callback.get('code') ?? ''
}

test('code, verifier and refresh, and the end of it all', async () => {
  const exchanged = await ads().exchangeCode({ code: await logIn(), codeVerifier: VERIFIER, redirectUri: REDIRECT_URI })
  if (exchanged.kind !== 'ok') throw new Error(exchanged.code)
  const tokens = exchanged.value
  expect(ads().missingScopes(tokens)).toEqual([])
  const refreshed = await ads().refresh(tokens)
  expect(refreshed).toMatchObject({ kind: 'ok', value: { refreshToken: tokens.refreshToken } })
  await fetch(`${emulator.url}/oauth2/revoke`, {
    method: 'POST',
    body: new URLSearchParams({ token: tokens.refreshToken ?? '' }),
  })
  expect(await ads().refresh(tokens)).toMatchObject({ kind: 'authorization_required', code: 'invalid_grant' })
})

test('a code with another verifier, and a client with another secret', async () => {
  const exchange = { code: await logIn(), codeVerifier: 'w'.repeat(43), redirectUri: REDIRECT_URI }
  expect(await ads().exchangeCode(exchange)).toMatchObject({ kind: 'authorization_required', certain: false })
  expect(await ads('wrong').exchangeCode(exchange)).toMatchObject({ kind: 'misconfigured', code: 'invalid_client' })
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  return port
}
