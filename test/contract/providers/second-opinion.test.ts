import { createHash } from 'node:crypto'
import { createServer, request as httpRequest, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createEmulator } from 'emulate'
import Provider from 'oidc-provider'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Asked, AuthorizationRequest, CodeExchange, Tokens } from '../../../src/domain/provider.ts'
import { entraLogin } from '../../../src/outbound/providers/entra/login.ts'
import { googleLogin } from '../../../src/outbound/providers/google/google-login.ts'
import { createHttp } from '../../../src/outbound/providers/http.ts'
import { freePort } from '../../support/world.ts'
import { walk } from './a-walk.ts'

/**
 * Logins against servers that other people wrote: https://github.com/vercel-labs/emulate, 0.12.2, and
 * https://github.com/panva/node-oidc-provider, which is certified.
 */
const CLIENT = { clientId: 'redkey', clientSecret: 'a-secret-of-enough-characters' }
const REDIRECT_URI = 'https://redkey.acme.com/oauth/callback/theirs'
const VERIFIER = 'v'.repeat(43)
const USER = { login: 'ana@acme.example', password: 'x', email: 'ana@acme.example' }

/** The certified server says at length that it must not be run like this in production. */
beforeAll(() => {
  for (const say of ['info', 'warn'] as const) vi.spyOn(console, say).mockReturnValue()
})
afterAll(() => {
  vi.restoreAllMocks()
})

interface Login {
  authorizationUrl(request: AuthorizationRequest): string
  exchangeCode(exchange: CodeExchange): Promise<Asked<Tokens>>
  refresh(tokens: Tokens): Promise<Asked<Tokens>>
}

interface Theirs {
  readonly login: Login
  readonly revokeUrl: string
}

/** Each test starts its own server; the adapter comes with the secret that it is given. */
const SERVERS: readonly (readonly [string, (secret?: string) => Promise<Theirs>])[] = [
  [
    'the emulated Google',
    async (secret) => {
      const url = await emulated('google')
      return { login: google(url, `${url}/oauth2`, secret), revokeUrl: `${url}/oauth2/revoke` }
    },
  ],
  [
    'the emulated Microsoft',
    async (secret) => {
      const url = await emulated('microsoft')
      // It knows no tenants in its addresses.
      const withTenants = await aProxy(url, (path) => path.replace(/^\/common\//, '/'))
      return { login: microsoft(withTenants, secret), revokeUrl: `${url}/oauth2/v2.0/revoke` }
    },
  ],
  [
    'a certified server at the addresses of Google',
    async (secret) => {
      const origin = await certified({ authorization: '/o/oauth2/v2/auth', token: '/token', revocation: '/revoke' })
      return { login: google(origin, origin, secret), revokeUrl: `${origin}/revoke` }
    },
  ],
  [
    'a certified server at the addresses of Microsoft',
    async (secret) => {
      const oauth2 = '/common/oauth2/v2.0'
      const origin = await certified({ authorization: `${oauth2}/authorize`, token: `${oauth2}/token`, revocation: '/revoke' })
      return { login: microsoft(origin, secret), revokeUrl: `${origin}/revoke` }
    },
  ],
]

describe.each(SERVERS)('%s', { timeout: 20_000 }, (_name, start) => {
  test('gives tokens for a code with its verifier, and new ones at a refresh', async () => {
    const { login } = await start()
    const tokens = await logIn(login)
    const refreshed = await login.refresh(tokens)
    if (refreshed.kind !== 'ok') throw new Error(refreshed.code)
    expect(refreshed.value.accessToken).not.toBe(tokens.accessToken)
    expect(refreshed.value.refreshToken).not.toBeNull()
    expect((await login.refresh(refreshed.value)).kind).toBe('ok')
  })

  test('gives none for a code with another verifier, nor for one that was used', async () => {
    const { login } = await start()
    const exchange = (code: string, codeVerifier: string) => login.exchangeCode({ code, codeVerifier, redirectUri: REDIRECT_URI })
    expect(await exchange(await codeOf(login), 'w'.repeat(43))).toMatchObject({ kind: 'authorization_required', certain: false })
    const code = await codeOf(login)
    expect((await exchange(code, VERIFIER)).kind).toBe('ok')
    expect(await exchange(code, VERIFIER)).toMatchObject({ kind: 'authorization_required', certain: false })
  })

  test('refuses a login that was revoked, and that is read as one that needs a person', async () => {
    const { login, revokeUrl } = await start()
    const tokens = await logIn(login)
    const form = { token: tokens.refreshToken ?? '', client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret }
    expect((await fetch(revokeUrl, { method: 'POST', body: new URLSearchParams(form) })).ok).toBe(true)
    expect(await login.refresh(tokens)).toMatchObject({ kind: 'authorization_required' })
  })

  test('refuses a wrong secret, and that is read as our own trouble', async () => {
    const { login } = await start('another-secret-of-enough-characters')
    const code = await codeOf(login)
    const answer = await login.exchangeCode({ code, codeVerifier: VERIFIER, redirectUri: REDIRECT_URI })
    expect(answer.kind).toBe('misconfigured')
  })
})

async function codeOf(login: Login): Promise<string> {
  const codeChallenge = createHash('sha256').update(VERIFIER).digest('base64url')
  const url = login.authorizationUrl({ redirectUri: REDIRECT_URI, state: 'the-state', codeChallenge, loginHint: USER.email })
  const back = await walk(url, REDIRECT_URI, USER)
  expect(back.searchParams.get('state')).toBe('the-state')
  return back.searchParams.get('code') ?? ''
}

async function logIn(login: Login): Promise<Tokens> {
  const exchanged = await login.exchangeCode({ code: await codeOf(login), codeVerifier: VERIFIER, redirectUri: REDIRECT_URI })
  if (exchanged.kind !== 'ok') throw new Error(`the login was refused: ${exchanged.code}`)
  return exchanged.value
}

const SCOPE = 'https://www.googleapis.com/auth/adwords'
const RESOURCE_SCOPE = 'https://ads.microsoft.com/msads.manage'

function google(loginUrl: string, tokenUrl: string, clientSecret = CLIENT.clientSecret): Login {
  const config = { ...CLIENT, clientSecret, loginUrl, tokenUrl, apiUrl: loginUrl }
  return googleLogin('Google Ads', config, [{ scope: SCOPE, box: 'Manage your AdWords campaigns' }], aClient())
}

function microsoft(loginUrl: string, clientSecret = CLIENT.clientSecret): Login {
  return entraLogin(
    { ...CLIENT, clientSecret, loginUrl },
    { ...aClient(), label: 'Microsoft Advertising', scope: RESOURCE_SCOPE, tenant: 'common', apiOrigin: loginUrl },
  )
}

function aClient() {
  const clock = { now: () => new Date() }
  const http = createHttp(clock)
  onTestFinished(() => http.close())
  return { http, clock }
}

async function emulated(service: 'google' | 'microsoft'): Promise<string> {
  const { clientId: client_id, clientSecret: client_secret } = CLIENT
  const clients = [{ client_id, client_secret, name: 'Redkey', redirect_uris: [REDIRECT_URI] }]
  const seed = { [service]: { oauth_clients: clients, users: [{ email: USER.email, name: 'Ana Ruiz' }] } }
  const emulator = await createEmulator({ service, port: await freePort(), seed })
  onTestFinished(() => emulator.close())
  return emulator.url
}

async function certified(routes: { authorization: string; token: string; revocation: string }): Promise<string> {
  const port = await freePort()
  const issuer = `http://127.0.0.1:${port}`
  const { clientId: client_id, clientSecret: client_secret } = CLIENT
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id,
        client_secret,
        redirect_uris: [REDIRECT_URI],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    scopes: ['openid', 'email', 'offline_access', SCOPE, RESOURCE_SCOPE],
    routes,
    features: { revocation: { enabled: true } },
    issueRefreshToken: async () => true,
    findAccount: async (_context, accountId) => ({ accountId, claims: async () => ({ sub: accountId }) }),
    cookies: { keys: ['only-for-this-test'] },
  })
  provider.use((context, next) => {
    // Choosing an account is not among the prompts that it knows, and without asking it gives nobody lasting access.
    if (context.query['prompt'] !== undefined) context.query = { ...context.query, prompt: 'consent' }
    return next()
  })
  const server = createServer(provider.callback())
  await listen(server, port)
  return issuer
}

/** Hands everything on under other paths, also the addresses that the pages name. */
async function aProxy(target: string, pathOf: (path: string) => string): Promise<string> {
  const server = createServer((incoming, response) => {
    const { hostname, port } = new URL(target)
    const headers = { ...incoming.headers, host: `${hostname}:${port}` }
    const path = pathOf(incoming.url ?? '/')
    const outgoing = httpRequest({ hostname, port, path, method: incoming.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    outgoing.on('error', () => response.destroy())
    incoming.pipe(outgoing)
  })
  await listen(server, 0)
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
}
