import { describe, expect, onTestFinished, test } from 'vitest'
import { DAY_MS, HOUR_MS } from '../../../src/clock.ts'
import { googleSecurityEvents } from '../../../src/outbound/providers/google/security-events.ts'
import { googleAds } from '../../../src/outbound/providers/google-ads/google-ads.ts'
import { startFakeGoogle } from '../../../src/sandbox/providers/google/fake-google.ts'
import { ADS_FAULTS, LOGIN_FAULTS } from '../../../src/sandbox/providers/google/faults.ts'
import { aServer } from '../../outbound/providers/a-server.ts'
import { ANA, aGoogle, codeFor, exchange, KIM, logIn, TOM } from './a-google.ts'

const ACME_US = { id: '1234567890', via: null }
const ACME_EU_BY_NORTHWIND = { id: '2345678901', via: '1000000001' }
const ADWORDS = 'https://www.googleapis.com/auth/adwords'

test('a login gives tokens that say who logged in, what it reaches, and read', async () => {
  const { ads, fake, clock } = await aGoogle()
  const tokens = await logIn(ads)
  expect(tokens).toMatchObject({ apiOrigin: fake.url, refreshExpiresAt: null })
  expect(tokens.accessExpiresAt).toEqual(new Date(clock.now().getTime() + 3_599_000))
  expect(ads.missingScopes(tokens)).toEqual([])
  expect(await ads.identify(tokens)).toEqual({
    kind: 'ok',
    value: {
      userId: fake.person('ana@acme.example').sub,
      username: 'ana@acme.example',
      accounts: [
        { id: '1234567890', via: null, name: 'Acme US', environment: 'production' },
        { id: '2345678901', via: null, name: 'Acme EU', environment: 'production' },
      ],
    },
  })
  expect(await ads.probe(tokens, ACME_US)).toEqual({ kind: 'ok', value: null })
})

test('a manager account reaches all accounts below it, at any depth and over pages', async () => {
  const { ads, fake } = await aGoogle()
  fake.switches.pageRows = 2
  const identified = await ads.identify(await logIn(ads, KIM))
  expect(identified).toMatchObject({
    value: {
      accounts: [
        { id: '1234567890', via: '1000000001', name: 'Acme US' },
        { id: '2345678901', via: '1000000001', name: 'Acme EU' },
        { id: '3456789012', via: '1000000001', environment: 'sandbox' },
        { id: '4567890123', via: '1000000001', name: 'Tailspin Toys' },
      ],
    },
  })
})

test('an account is reached directly where that is possible, and named once', async () => {
  const { ads, fake } = await aGoogle()
  fake.customer('Acme EU').people.add('kim@northwind.example')
  const identified = await ads.identify(await logIn(ads, KIM))
  const accounts = identified.kind === 'ok' ? identified.value.accounts : []
  expect(accounts.filter(({ name }) => name === 'Acme EU')).toEqual([
    { id: '2345678901', via: null, name: 'Acme EU', environment: 'production' },
  ])
})

test('a cancelled account does not hide the others', async () => {
  const { ads, fake } = await aGoogle()
  fake.customer('Acme US').status = 'CANCELED'
  expect(await ads.identify(await logIn(ads))).toMatchObject({ value: { accounts: [{ name: 'Acme EU' }] } })
  expect(await ads.identify(await logIn(ads, TOM))).toMatchObject({ kind: 'permission', code: 'CUSTOMER_NOT_ENABLED' })
})

test('a login without any ads account is told as such', async () => {
  const { ads, fake } = await aGoogle()
  fake.takeAccess('Acme US')
  expect(await ads.identify(await logIn(ads, TOM))).toMatchObject({
    kind: 'permission',
    cause: 'access_lost',
    code: 'NOT_ADS_USER',
  })
})

test('a code works once, and only with its verifier', async () => {
  const { ads } = await aGoogle()
  const code = await codeFor(ads)
  expect(await exchange(ads, code, 'w'.repeat(43))).toMatchObject({ kind: 'authorization_required', certain: false })
  expect((await exchange(ads, code)).kind).toBe('ok')
  expect(await exchange(ads, code)).toMatchObject({ kind: 'authorization_required', certain: false })
})

test('a refresh keeps its refresh token, also when two come at once', async () => {
  const { ads, fake } = await aGoogle()
  const tokens = await logIn(ads)
  fake.expireAccessTokens()
  expect(await ads.probe(tokens, ACME_US)).toMatchObject({ kind: 'refresh' })
  expect(await ads.probeLogin?.(tokens)).toMatchObject({ kind: 'refresh' })
  for (const refreshed of await Promise.all([ads.refresh(tokens), ads.refresh(tokens)])) {
    if (refreshed.kind !== 'ok') throw new Error(refreshed.code)
    expect(refreshed.value).toMatchObject({ refreshToken: tokens.refreshToken, scopes: tokens.scopes })
    expect(refreshed.value.accessToken).not.toBe(tokens.accessToken)
    expect(await ads.probe(refreshed.value, ACME_US)).toMatchObject({ kind: 'ok' })
  }
})

test('a box that was not ticked is named by what stands beside it', async () => {
  const { ads } = await aGoogle()
  const tokens = await logIn(ads, { ...ANA, without: [ADWORDS] })
  expect(ads.missingScopes(tokens)).toEqual(['See, edit, create, and delete your Google Ads accounts and data'])
  expect(await ads.probe(tokens, ACME_US)).toMatchObject({
    kind: 'authorization_required',
    cause: 'scope_missing',
    certain: true,
  })
})

test('an app in Testing gives logins whose last day is known, and stands after a refresh', async () => {
  const { ads, fake, clock } = await aGoogle()
  fake.switches.isTesting = true
  const tokens = await logIn(ads)
  const end = new Date(clock.now().getTime() + 7 * DAY_MS)
  expect(tokens.refreshExpiresAt).toEqual(end)
  clock.turn(2 * DAY_MS + HOUR_MS)
  expect(await ads.refresh(tokens)).toMatchObject({ value: { refreshExpiresAt: end } })
  clock.turn(5 * DAY_MS)
  expect(await ads.refresh(tokens)).toMatchObject({ kind: 'authorization_required', cause: 'revoked', certain: true })
})

test('a login that was taken back, or whose account was deleted, is dead', async () => {
  const { ads, fake } = await aGoogle()
  const revoked = await logIn(ads)
  expect(fake.revoke('ana@acme.example')).toBe(1)
  expect(await ads.probe(revoked, ACME_US)).toMatchObject({ kind: 'refresh' })
  expect(await ads.refresh(revoked)).toMatchObject({ kind: 'authorization_required', cause: 'revoked', certain: true })
  const tokens = await logIn(ads)
  fake.setActive('ana@acme.example', false)
  expect(await ads.refresh(tokens)).toMatchObject({ kind: 'authorization_required', cause: 'user_inactive', certain: true })
})

test('an account that was taken from the login is no dead login', async () => {
  const { ads, fake } = await aGoogle()
  const tokens = await logIn(ads)
  fake.takeAccess('Acme US')
  expect(await ads.probe(tokens, ACME_US)).toMatchObject({
    kind: 'permission',
    cause: 'access_lost',
    code: 'USER_PERMISSION_DENIED',
  })
  expect(await ads.probeLogin?.(tokens)).toEqual({ kind: 'ok', value: null })
  fake.customer('Acme EU').status = 'CANCELED'
  expect(await ads.probe(tokens, { id: '2345678901', via: null })).toMatchObject({
    kind: 'permission',
    code: 'CUSTOMER_NOT_ENABLED',
  })
})

test('an account whose manager was taken away is still read where the login has access itself', async () => {
  const { ads, fake } = await aGoogle()
  const tokens = await logIn(ads, KIM)
  expect(await ads.probe(tokens, ACME_EU_BY_NORTHWIND)).toMatchObject({ kind: 'ok' })
  fake.customer('Acme EU').managerId = null
  expect(await ads.probe(tokens, ACME_EU_BY_NORTHWIND)).toMatchObject({
    kind: 'permission',
    code: 'INVALID_LOGIN_CUSTOMER_ID_SERVING_CUSTOMER_ID_COMBINATION',
  })
  fake.customer('Acme EU').people.add('kim@northwind.example')
  expect(await ads.probe(tokens, ACME_EU_BY_NORTHWIND)).toMatchObject({ kind: 'ok' })
})

test('a look at an account costs one operation, and one at the login none', async () => {
  const { ads, fake, clock } = await aGoogle()
  const tokens = await logIn(ads)
  await ads.probeLogin?.(tokens)
  expect(fake.operations.used).toBe(0)
  await ads.probe(tokens, ACME_US)
  expect(fake.operations.used).toBe(1)
  fake.switches.dailyOperations = 1
  expect(await ads.probe(tokens, ACME_US)).toMatchObject({ kind: 'rate_limited', usedUp: true, retryAfterMs: 12 * HOUR_MS })
  expect(await ads.probeLogin?.(tokens)).toMatchObject({ kind: 'ok' })
  clock.turn(12 * HOUR_MS)
  const refreshed = await ads.refresh(tokens)
  expect(refreshed.kind === 'ok' && (await ads.probe(refreshed.value, ACME_US)).kind).toBe('ok')
})

describe('what the login says', () => {
  const expected: Readonly<Record<string, object>> = {
    reauth: { kind: 'authorization_required', cause: 'login_policy', certain: true },
    'admin-policy': { kind: 'permission', cause: 'admin_blocked' },
    'advanced-protection': { kind: 'permission', cause: 'admin_blocked' },
    'bad-request': { kind: 'authorization_required', certain: false },
    'client-deleted': { kind: 'misconfigured' },
    'client-disabled': { kind: 'misconfigured' },
    'other-client': { kind: 'misconfigured' },
    internal: { kind: 'transient' },
    'too-many': { kind: 'rate_limited' },
  }

  test.each(LOGIN_FAULTS.map(({ id, label }) => [label, id]))('%s', async (_label, id) => {
    const { ads, fake } = await aGoogle()
    const tokens = await logIn(ads)
    await fake.googleAds.run(`login-${id}`)
    expect(await ads.refresh(tokens)).toMatchObject(expected[id] ?? { kind: 'missing in this test' })
    await fake.googleAds.run(`login-${id}`)
    expect(await ads.refresh(tokens)).toMatchObject({ kind: 'ok' })
  })

  test('a changed secret, another app and a login host that is down', async () => {
    const { ads, fake, config, deps } = await aGoogle()
    const tokens = await logIn(ads)
    fake.rotateClientSecret()
    expect(await ads.refresh(tokens)).toMatchObject({ kind: 'misconfigured' })
    expect(await googleAds({ ...config, clientId: 'other' }, deps).refresh(tokens)).toMatchObject({ kind: 'misconfigured' })
    fake.rotateClientSecret('secret')
    fake.switches.loginDown = true
    expect(await ads.refresh(tokens)).toMatchObject({ kind: 'transient' })
    expect(await ads.probeLogin?.(tokens)).toMatchObject({ kind: 'transient' })
  })

  test('whom the app or an administrator keeps out never comes back with a code', async () => {
    const { ads, fake } = await aGoogle()
    fake.switches.isInternal = true
    await expect(codeFor(ads)).rejects.toThrow('org_internal')
    fake.switches.isInternal = false
    await fake.googleAds.run('login-admin-policy')
    await expect(codeFor(ads)).rejects.toThrow('admin_policy_enforced')
  })
})

describe('what the API says', () => {
  const expected: Readonly<Record<string, object>> = {
    stale: { kind: 'refresh' },
    revoked: { kind: 'authorization_required', cause: 'revoked', certain: true },
    'token-disabled': { kind: 'authorization_required', cause: 'revoked', certain: false },
    'user-deleted': { kind: 'authorization_required', cause: 'user_inactive', certain: true },
    'login-failed': { kind: 'authorization_required', certain: false },
    'two-step': { kind: 'authorization_required', cause: 'login_policy', certain: true },
    advanced: { kind: 'authorization_required', cause: 'login_policy', certain: true },
    organization: { kind: 'misconfigured' },
    'no-role': { kind: 'permission', cause: 'role_missing' },
    suspended: { kind: 'permission', cause: 'access_lost' },
    signup: { kind: 'permission', cause: 'access_lost' },
    'test-only': { kind: 'misconfigured' },
    'project-disabled': { kind: 'misconfigured' },
    slow: { kind: 'rate_limited' },
    transient: { kind: 'transient' },
    sunset: { kind: 'misconfigured' },
    'api-disabled': { kind: 'misconfigured' },
    scope: { kind: 'authorization_required', cause: 'scope_missing', certain: true },
    unavailable: { kind: 'transient' },
  }

  test.each(ADS_FAULTS.map(({ id, label }) => [label, id]))('%s', async (_label, id) => {
    const { ads, fake } = await aGoogle()
    const tokens = await logIn(ads)
    await fake.googleAds.run(`ads-${id}`)
    expect(await ads.probe(tokens, ACME_US)).toMatchObject(expected[id] ?? { kind: 'missing in this test' })
    await fake.googleAds.run(`ads-${id}`)
    expect(await ads.probe(tokens, ACME_US)).toMatchObject({ kind: 'ok' })
  })

  test('a page instead of an answer passes', async () => {
    const { ads, fake } = await aGoogle()
    const tokens = await logIn(ads)
    fake.switches.apisDown = true
    expect(await ads.probe(tokens, ACME_US)).toMatchObject({ kind: 'transient' })
    await fake.close()
    expect(await ads.probe(tokens, ACME_US)).toMatchObject({ kind: 'transient', code: 'no_answer_refused' })
  })
})

test('what Google says of an account is believed when it is signed by Google, and only then', async () => {
  const { fake, config, deps } = await aGoogle()
  const listener = googleSecurityEvents(config, deps)
  const heard: string[] = []
  const app = await aServer((request, response) => {
    heard.push(request.body)
    response.writeHead(202).end()
  })
  const other = await startFakeGoogle({
    port: 0,
    clientId: 'client',
    clientSecret: 'secret',
    redirectUris: [`${app.origin}/oauth/callback/google-ads`],
    now: deps.clock.now,
  })
  onTestFinished(other.close)
  expect(await other.tell('ana@acme.example', 'tokens-revoked')).toBe(202)
  expect(app.requests[0]).toMatchObject({ method: 'POST', url: '/hooks/google' })
  const message = (body: string) => ({ url: `${app.origin}/hooks/google`, headers: {}, body })
  const own = googleSecurityEvents({ ...config, loginUrl: other.url }, deps)
  expect(await own.hear(message(heard[0] ?? ''))).toMatchObject({
    kind: 'heard',
    ended: { providerUserIds: [fake.person('ana@acme.example').sub] },
  })
  expect(await listener.hear(message(heard[0] ?? ''))).toMatchObject({ kind: 'forged' })
})

test('the panel names everything once, and each of its controls does what it says', async () => {
  const { fake } = await aGoogle()
  const controls = fake.googleAds.panelGroups().flatMap((group) => group.controls)
  expect(new Set(controls.map(({ id }) => id)).size).toBe(controls.length)
  for (const { id, kind } of controls) {
    expect(await fake.googleAds.run(id)).toMatch(/^[A-Z].*\.$/)
    if (kind === 'button') continue
    const shown = () =>
      fake.googleAds
        .panelGroups()
        .flatMap((group) => group.controls)
        .find((one) => one.id === id)
    expect([id, shown()?.on]).toEqual([id, true])
    await fake.googleAds.run(id)
    expect([id, shown()?.on]).toEqual([id, false])
  }
  await expect(fake.googleAds.run('nothing')).rejects.toThrow('no control nothing')
})
