import { expect, onTestFinished, test } from 'vitest'
import type { AccountRef, Asked, Identity, Provider, Tokens, Verdict } from '../../../src/domain/provider.ts'
import { createHttp } from '../../../src/outbound/providers/http.ts'
import { linkedin } from '../../../src/outbound/providers/linkedin/linkedin.ts'
import { startFakeLinkedIn } from '../../../src/sandbox/providers/linkedin/fake-linkedin.ts'
import { signIn } from '../../../src/sandbox/providers/sign-in.ts'
import { aClock } from '../../outbound/providers/a-server.ts'

const REDIRECT_URI = 'http://localhost:3000/oauth/callback/linkedin'
const LEA = 'lea@acme.example'
const SAM = 'sam@agency.example'
const DAY_MS = 86_400_000

/** The adapter and the fake know nothing of each other but what LinkedIn's documentation says. */
async function aWorld() {
  const clock = aClock()
  const now = () => clock.now()
  const fake = await startFakeLinkedIn({ port: 0, clientId: 'client', clientSecret: 'secret', redirectUris: [REDIRECT_URI], now })
  const http = createHttp(clock)
  onTestFinished(async () => {
    http.close()
    await fake.close()
  })
  const config = { clientId: 'client', clientSecret: 'secret', loginUrl: fake.origin, apiUrl: fake.origin }
  const provider = linkedin(config, { http, clock })
  const acme: AccountRef = { id: String(fake.account('Acme Demand Gen').id), via: null }
  return { fake, provider, clock, acme }
}

async function callbackOf(provider: Provider, username = LEA, allow = true): Promise<URL> {
  const url = provider.authorizationUrl({ redirectUri: REDIRECT_URI, state: 'the-state', codeChallenge: 'c', loginHint: null })
  return new URL(await signIn(url, { org: 'Acme Inc', username, allow }))
}

function exchange(provider: Provider, callback: URL, redirectUri = REDIRECT_URI): Promise<Asked<Tokens>> {
  return provider.exchangeCode({ code: callback.searchParams.get('code') ?? '', codeVerifier: 'v'.repeat(43), redirectUri })
}

async function logIn(provider: Provider, username = LEA): Promise<Tokens> {
  return granted(await exchange(provider, await callbackOf(provider, username)))
}

function granted<T>(asked: Asked<T>): T {
  if (asked.kind !== 'ok') throw new Error(`refused: ${asked.code}`)
  return asked.value
}

test('a login lasts a year from its consent, and its access 60 days', async () => {
  const { provider, clock } = await aWorld()
  const start = clock.now().getTime()
  const tokens = await logIn(provider)
  expect(provider.missingScopes(tokens)).toEqual([])
  expect(tokens.accessExpiresAt).toEqual(new Date(start + 60 * DAY_MS))
  expect(tokens.refreshExpiresAt).toEqual(new Date(start + 365 * DAY_MS))
})

test('no refresh moves the end of the login, and near it the access ends as well', async () => {
  const { provider, clock, acme } = await aWorld()
  const end = new Date(clock.now().getTime() + 365 * DAY_MS)
  let tokens = await logIn(provider)
  for (const days of [59, 301]) {
    clock.turn(days * DAY_MS)
    tokens = granted(await provider.refresh(tokens))
    expect(tokens.refreshExpiresAt).toEqual(end)
  }
  expect(tokens.accessExpiresAt).toEqual(end)
  expect((await provider.probe(tokens, acme)).kind).toBe('ok')
  clock.turn(5 * DAY_MS)
  expect(await provider.probe(tokens, acme)).toMatchObject({ kind: 'refresh' })
  expect(await provider.refresh(tokens)).toMatchObject({ kind: 'authorization_required', cause: 'expired', certain: true })
})

test('an app without refresh tokens has logins that end with the access', async () => {
  const { provider, clock, fake, acme } = await aWorld()
  fake.switches.refreshTokens = false
  const tokens = await logIn(provider)
  expect(tokens.refreshToken).toBeNull()
  expect(tokens.refreshExpiresAt).toEqual(new Date(clock.now().getTime() + 60 * DAY_MS))
  fake.expireAccessTokens(LEA)
  expect(await provider.probe(tokens, acme)).toMatchObject({ kind: 'refresh' })
  expect(await provider.refresh(tokens)).toMatchObject({ kind: 'authorization_required', cause: 'expired', certain: true })
})

test('a login tells who it is and which ad accounts it reaches', async () => {
  const { provider, fake, acme } = await aWorld()
  expect(granted<Identity>(await provider.identify(await logIn(provider)))).toEqual({
    userId: fake.person(LEA).id,
    username: 'Lea Moreau',
    accounts: [
      { id: acme.id, via: null, name: 'Acme Demand Gen', environment: 'production' },
      { id: '511000002', via: null, name: 'Acme Test', environment: 'sandbox' },
    ],
  })
  const other = granted<Identity>(await provider.identify(await logIn(provider, SAM)))
  expect(other.accounts.map(({ id }) => id)).toEqual([acme.id, '522000001'])
})

test('a member without a role anywhere gets an empty list, which is told as lost access', async () => {
  const { provider, fake } = await aWorld()
  for (const account of fake.accounts) account.roles.clear()
  expect(await provider.identify(await logIn(provider))).toMatchObject({ kind: 'permission', cause: 'access_lost' })
})

test('who says no has cancelled, and a scope that the app lacks is the operator’s business', async () => {
  const { provider, fake } = await aWorld()
  const read = ({ searchParams }: URL) =>
    provider.readCallback(searchParams.get('error') ?? '', searchParams.get('error_description') ?? '')
  expect(read(await callbackOf(provider, LEA, false))).toEqual({ kind: 'cancelled' })
  fake.switches.scopeRefused = true
  expect(read(await callbackOf(provider))).toMatchObject({ kind: 'misconfigured' })
})

test('a code works once, and only with its address', async () => {
  const { provider } = await aWorld()
  const callback = await callbackOf(provider)
  expect(await exchange(provider, callback, 'http://localhost:3000/elsewhere')).toMatchObject({ kind: 'misconfigured' })
  expect((await exchange(provider, callback)).kind).toBe('ok')
  expect(await exchange(provider, callback)).toMatchObject({ kind: 'authorization_required', certain: false })
})

test('an expired access token is renewed, also by two at once', async () => {
  const { provider, fake, acme } = await aWorld()
  const tokens = await logIn(provider)
  fake.expireAccessTokens(LEA)
  expect(await provider.probe(tokens, acme)).toMatchObject({ kind: 'refresh' })
  expect(await provider.probeLogin?.(tokens)).toMatchObject({ kind: 'refresh' })
  const [one, other] = (await Promise.all([provider.refresh(tokens), provider.refresh(tokens)])).map(granted)
  for (const each of [one, other]) expect(await provider.probe(each ?? tokens, acme)).toEqual({ kind: 'ok', value: null })
  expect(one?.refreshToken).toBe(tokens.refreshToken)
})

test('a login that was taken back shows at the refresh, for certain', async () => {
  const { provider, fake, acme } = await aWorld()
  const tokens = await logIn(provider)
  fake.revoke(LEA)
  // LinkedIn says "revoked" at random, so the refresh token is asked before anything turns red.
  expect(await provider.probe(tokens, acme)).toMatchObject({ kind: 'refresh', code: 'REVOKED_ACCESS_TOKEN' })
  expect(await provider.refresh(tokens)).toMatchObject({ kind: 'authorization_required', certain: true })
  expect(await provider.probe({ ...tokens, refreshToken: null }, acme)).toMatchObject({
    kind: 'authorization_required',
    cause: 'revoked',
    certain: false,
  })
  expect(await provider.probeLogin?.(tokens)).toMatchObject({ kind: 'authorization_required', cause: 'revoked' })
})

test('a false alarm right after the login kills nothing', async () => {
  const { provider, fake, acme } = await aWorld()
  const tokens = await logIn(provider)
  fake.switches.falseAlarms = 1
  expect(await provider.probe(tokens, acme)).toMatchObject({ kind: 'refresh' })
  expect((await provider.probe(granted(await provider.refresh(tokens)), acme)).kind).toBe('ok')
})

test('who lost the role keeps the login, and an account that is not there is told alike', async () => {
  const { provider, fake, acme } = await aWorld()
  const tokens = await logIn(provider)
  fake.account('Acme Demand Gen').roles.delete(fake.person(LEA).id)
  const lost = { kind: 'permission', cause: 'access_lost', explanation: expect.stringContaining('Campaign Manager') }
  expect(await provider.probe(tokens, acme)).toMatchObject(lost)
  expect(await provider.probe(tokens, { id: '999', via: null })).toMatchObject(lost)
  expect(await provider.probeLogin?.(tokens)).toEqual({ kind: 'ok', value: null })
})

test('a closed account is told', async () => {
  const { provider, fake, acme } = await aWorld()
  fake.account('Acme Demand Gen').status = 'CANCELED'
  expect(await provider.probe(await logIn(provider), acme)).toMatchObject({
    kind: 'permission',
    explanation: expect.stringContaining('closed'),
  })
})

test.each<['down' | 'serverError' | 'dayLimit' | 'oldVersion' | 'noProduct', object & Partial<Verdict>]>([
  ['down', { kind: 'transient' }],
  ['serverError', { kind: 'transient' }],
  // The clock of the tests stands at noon.
  ['dayLimit', { kind: 'rate_limited', usedUp: true }],
  ['oldVersion', { kind: 'misconfigured' }],
  ['noProduct', { kind: 'permission', cause: 'role_missing' }],
])('when LinkedIn has %s the login is left alone', async (trouble, verdict) => {
  const { provider, fake, acme } = await aWorld()
  const tokens = await logIn(provider)
  fake.switches[trouble] = true
  expect(await provider.probe(tokens, acme)).toMatchObject(verdict)
})

test('a changed secret is the operator’s business', async () => {
  const { provider, fake } = await aWorld()
  const tokens = await logIn(provider)
  fake.changeSecret()
  expect(await provider.refresh(tokens)).toMatchObject({ kind: 'misconfigured' })
  expect(await provider.probeLogin?.(tokens)).toMatchObject({ kind: 'misconfigured' })
})
