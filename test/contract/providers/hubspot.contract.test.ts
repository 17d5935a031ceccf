import { createHash } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import type { Crm } from '../../../src/domain/crm.ts'
import type { Tokens } from '../../../src/domain/provider.ts'
import { createHttp } from '../../../src/outbound/providers/http.ts'
import { hubspot } from '../../../src/outbound/providers/hubspot/hubspot.ts'
import { SCOPES } from '../../../src/outbound/providers/hubspot/scopes.ts'
import { startFakeHubSpot } from '../../../src/sandbox/providers/hubspot/fake-hubspot.ts'
import { signIn } from '../../../src/sandbox/providers/sign-in.ts'
import { aClock } from '../../outbound/providers/a-server.ts'
import { ACCOUNT } from '../../support/builders.ts'

const REDIRECT_URI = 'http://localhost:3000/oauth/callback/hubspot'
const VERIFIER = 'v'.repeat(43)
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url')
const TARGET = { object: 'p_redkey_touchpoint', externalIdField: 'touch_key' }
const ANA = { org: 'acme.example', username: 'redkey@acme.example' }

/** The adapter and the fake know nothing of each other but what HubSpot's documentation says. */
async function aWorld() {
  const clock = aClock()
  const client = { clientId: 'client', clientSecret: 'secret' }
  const fake = await startFakeHubSpot({ ...client, port: 0, redirectUris: [REDIRECT_URI], now: clock.now })
  const http = createHttp(clock)
  onTestFinished(async () => {
    http.close()
    await fake.close()
  })
  const crm = hubspot({ ...client, loginUrl: fake.url, apiUrl: fake.url }, { http, clock })
  return { fake, crm, clock, acme: fake.portal('acme.example') }
}

async function codeOf(crm: Crm, who = ANA): Promise<string> {
  const url = crm.authorizationUrl({ redirectUri: REDIRECT_URI, state: 'the-state', codeChallenge: CHALLENGE, loginHint: null })
  const callback = new URL(await signIn(url, who))
  expect(callback.searchParams.get('state')).toBe('the-state')
  return callback.searchParams.get('code') ?? ''
}

async function logIn(crm: Crm, who = ANA): Promise<Tokens> {
  const code = await codeOf(crm, who)
  const exchanged = await crm.exchangeCode({ code, codeVerifier: VERIFIER, redirectUri: REDIRECT_URI })
  if (exchanged.kind !== 'ok') throw new Error(`the login was refused: ${exchanged.code}`)
  return exchanged.value
}

function records(...ids: string[]) {
  return ids.map((id) => ({ touch_key: id, occurred_at: '2026-11-20T10:00:00Z', medium: 'cpc' }))
}

async function outcomes(crm: Crm, tokens: Tokens, ...ids: string[]): Promise<string[]> {
  const answer = await crm.push(tokens, TARGET, records(...ids))
  if (answer.kind !== 'ok') throw new Error(`the push was refused: ${answer.code}`)
  return answer.value.outcomes.map(({ kind }) => kind)
}

test('a login gives tokens that say who logged in, and read', async () => {
  const { crm, acme, clock } = await aWorld()
  const tokens = await logIn(crm)
  expect(tokens.accessExpiresAt).toEqual(new Date(clock.now().getTime() + 30 * 60_000))
  expect(tokens.scopes).toEqual([...SCOPES.required, ...SCOPES.optional])
  expect(crm.missingScopes(tokens)).toEqual([])
  expect(await crm.identify(tokens)).toEqual({
    kind: 'ok',
    value: {
      userId: String(acme.user('redkey@acme.example').id),
      username: 'redkey@acme.example',
      accounts: [{ id: '1234567', via: null, name: 'acme.example (Hub ID 1234567)', environment: 'production' }],
    },
  })
  expect(await crm.probe(tokens, ACCOUNT)).toEqual({ kind: 'ok', value: null })
})

test('another account is told from the first, and a sandbox from production', async () => {
  const { crm } = await aWorld()
  const tokens = await logIn(crm, { org: 'sandbox.acme.example', username: 'ops@acme.example' })
  expect(await crm.identify(tokens)).toMatchObject({
    value: { username: 'ops@acme.example', accounts: [{ id: '7654321', environment: 'sandbox' }] },
  })
})

test('saying no comes back as such', async () => {
  const { crm } = await aWorld()
  const url = crm.authorizationUrl({ redirectUri: REDIRECT_URI, state: 's', codeChallenge: CHALLENGE, loginHint: null })
  const back = new URL(await signIn(url, { ...ANA, allow: false })).searchParams
  expect(crm.readCallback(back.get('error') ?? '', back.get('error_description') ?? '')).toEqual({ kind: 'cancelled' })
})

test('who may not connect apps, or has no custom objects, is stopped on the page of HubSpot', async () => {
  const { crm, acme } = await aWorld()
  acme.user('redkey@acme.example').mayConnectApps = false
  await expect(logIn(crm)).rejects.toThrow(/correct role/)
  acme.user('redkey@acme.example').mayConnectApps = true
  acme.switches.noCustomObjects = true
  await expect(logIn(crm)).rejects.toThrow(/doesn't have access to some HubSpot features/)
})

test('a code works once, and only with its verifier', async () => {
  const { crm, clock } = await aWorld()
  const code = await codeOf(crm)
  const exchange = (codeVerifier: string) => crm.exchangeCode({ code, codeVerifier, redirectUri: REDIRECT_URI })
  expect(await exchange('w'.repeat(43))).toMatchObject({ kind: 'authorization_required', cause: 'expired', certain: false })
  expect((await exchange(VERIFIER)).kind).toBe('ok')
  expect(await exchange(VERIFIER)).toMatchObject({ kind: 'authorization_required', certain: false })
  const old = await codeOf(crm)
  clock.turn(10 * 60_000)
  expect(await crm.exchangeCode({ code: old, codeVerifier: VERIFIER, redirectUri: REDIRECT_URI })).toMatchObject({
    kind: 'authorization_required',
    code: 'EXPIRED_AUTH_CODE',
  })
})

test('access ends after half an hour, also when it is used, and is renewed with the refresh token that stays', async () => {
  const { crm, clock, fake } = await aWorld()
  let tokens = await logIn(crm)
  clock.turn(20 * 60_000)
  expect((await crm.probe(tokens, ACCOUNT)).kind).toBe('ok')
  clock.turn(10 * 60_000)
  expect(await crm.probe(tokens, ACCOUNT)).toMatchObject({ kind: 'refresh', code: 'EXPIRED_AUTHENTICATION' })
  for (const rotates of [false, true]) {
    fake.switches.rotateRefreshTokens = rotates
    const refreshed = await crm.refresh(tokens)
    if (refreshed.kind !== 'ok') throw new Error(refreshed.code)
    expect(refreshed.value.refreshToken === tokens.refreshToken).toBe(!rotates)
    tokens = refreshed.value
    expect((await crm.probe(tokens, ACCOUNT)).kind).toBe('ok')
  }
})

test('two refreshes at once both work', async () => {
  const { crm } = await aWorld()
  const tokens = await logIn(crm)
  const both = await Promise.all([crm.refresh(tokens), crm.refresh(tokens)])
  for (const refreshed of both) {
    if (refreshed.kind !== 'ok') throw new Error(refreshed.code)
    expect((await crm.probe(refreshed.value, ACCOUNT)).kind).toBe('ok')
  }
})

test('what breaks a login is told apart', async () => {
  const { crm, acme, fake } = await aWorld()
  for (const oldErrors of [false, true]) {
    fake.switches.oldErrors = oldErrors
    const uninstalled = await logIn(crm)
    expect(acme.uninstall()).toEqual(['redkey@acme.example'])
    expect(await crm.probe(uninstalled, ACCOUNT)).toMatchObject({ kind: 'refresh' })
    expect(await crm.refresh(uninstalled)).toMatchObject({ kind: 'authorization_required', cause: 'revoked', certain: false })
  }
  const tokens = await logIn(crm)
  fake.switches.tooManyLogins = true
  expect(await crm.refresh(tokens)).toMatchObject({ kind: 'rate_limited', retryAfterMs: 10_000 })
  fake.switches.tooManyLogins = false
  fake.switches.loginDown = true
  expect(await crm.refresh(tokens)).toMatchObject({ kind: 'transient' })
  expect(await crm.identify(tokens)).toMatchObject({ kind: 'transient' })
  fake.switches.loginDown = false
  fake.rotateClientSecret()
  expect(await crm.refresh(tokens)).toMatchObject({ kind: 'misconfigured', code: 'BAD_CLIENT_SECRET' })
  fake.rotateClientSecret('secret')
  acme.remove()
  expect(await crm.refresh(tokens)).toMatchObject({ kind: 'authorization_required', code: 'BAD_HUB' })
})

test('another app is told as our own trouble', async () => {
  const { crm, fake, clock } = await aWorld()
  const tokens = await logIn(crm)
  const http = createHttp(clock)
  onTestFinished(() => http.close())
  const other = hubspot({ clientId: 'other', clientSecret: 'secret', loginUrl: fake.url, apiUrl: fake.url }, { http, clock })
  expect(await other.refresh(tokens)).toMatchObject({ kind: 'misconfigured', code: 'BAD_CLIENT_ID' })
})

test('a scope that was not granted is named, and what needs it refused', async () => {
  const { crm, fake } = await aWorld()
  fake.switches.withheldScopes = ['crm.objects.custom.write']
  const tokens = await logIn(crm)
  expect(crm.missingScopes(tokens)).toEqual(['crm.objects.custom.write'])
  expect(await crm.push(tokens, TARGET, records('a'))).toMatchObject({ kind: 'authorization_required', cause: 'scope_missing' })
})

test('what an account refuses is told apart', async () => {
  const { crm, acme } = await aWorld()
  const tokens = await logIn(crm)
  const expected = {
    down: { kind: 'transient' },
    serverError: { kind: 'transient' },
    firewall: { kind: 'transient' },
    migrating: { kind: 'transient', retryAfterMs: 3_600_000 },
    tooManyCalls: { kind: 'rate_limited', retryAfterMs: 10_000 },
    dayUsedUp: { kind: 'rate_limited', usedUp: true },
    userMayNot: { kind: 'permission', cause: 'role_missing' },
    noCustomObjects: { kind: 'authorization_required', cause: 'scope_missing', certain: false },
  } as const
  for (const [name, verdict] of Object.entries(expected)) {
    const key = name as keyof typeof expected
    acme.switches[key] = true
    expect(await crm.probe(tokens, ACCOUNT)).toMatchObject(verdict)
    acme.switches[key] = false
  }
  expect((await crm.probe(tokens, ACCOUNT)).kind).toBe('ok')
  acme.switches.locked = true
  expect(await crm.push(tokens, TARGET, records('a'))).toMatchObject({ kind: 'transient', retryAfterMs: 2000 })
})

test('details that may not be read do not stop a login', async () => {
  const { crm, acme } = await aWorld()
  const tokens = await logIn(crm)
  acme.switches.hidesDetails = true
  expect(await crm.identify(tokens)).toMatchObject({ value: { accounts: [{ id: '1234567', environment: 'production' }] } })
})

test('the default mapping names properties that the object of the sandbox has', async () => {
  const { crm } = await aWorld()
  const { touchpoints } = crm.defaultMapping
  const described = await crm.describe(await logIn(crm), touchpoints.object)
  const fields = described.kind === 'ok' ? described.value.fields : []
  const writable = new Set(fields.filter((field) => field.writable).map(({ name }) => name))
  expect(Object.values(touchpoints.fields).filter((field) => !writable.has(field))).toEqual([])
  expect(fields.find(({ name }) => name === touchpoints.externalIdField)).toMatchObject({ externalId: true, writable: true })
  expect(described).toMatchObject({ value: { name: 'p1234567_redkey_touchpoint', custom: true, writable: true } })
})

test('an object that is gone is told at describe and at push', async () => {
  const { crm, acme } = await aWorld()
  const tokens = await logIn(crm)
  acme.removeObject('redkey_touchpoint')
  expect(await crm.describe(tokens, TARGET.object)).toMatchObject({ kind: 'rejected' })
  expect(await crm.push(tokens, TARGET, records('a', 'b'))).toMatchObject({ kind: 'permission', cause: 'role_missing' })
})

test('a property that is not unique is no key', async () => {
  const { crm } = await aWorld()
  const answer = await crm.push(await logIn(crm), { ...TARGET, externalIdField: 'medium' }, [{ medium: 'a' }])
  expect(answer).toMatchObject({ kind: 'permission', explanation: expect.stringContaining('non-unique') })
})

test('a repeated push changes nothing', async () => {
  const { crm, acme } = await aWorld()
  const tokens = await logIn(crm)
  const first = await crm.push(tokens, TARGET, records('a', 'b'))
  const before = [...acme.records()].map(([id, { properties }]) => [id, properties])
  const second = await crm.push(tokens, TARGET, records('a', 'b'))
  expect(first).toMatchObject({ value: { outcomes: [{ created: true }, { created: true }] } })
  expect(second).toMatchObject({ value: { outcomes: [{ created: false }, { created: false }] } })
  expect([...acme.records()].map(([id, { properties }]) => [id, properties])).toEqual(before)
  expect(before).toHaveLength(2)
})

test('a push whose answer was lost is repeated without harm', async () => {
  const { crm, acme } = await aWorld()
  const tokens = await logIn(crm)
  acme.dropAnswers(1, 'after_commit')
  const lost = await crm.push(tokens, TARGET, records('a'))
  expect(['transient', 'ok']).toContain(lost.kind)
  await crm.push(tokens, TARGET, records('a'))
  expect(acme.records().size).toBe(1)
})

test.each([false, true])(
  'bad and locked records are told apart, and the good ones stand (errors under 200: %s)',
  async (under200) => {
    const { crm, acme } = await aWorld()
    const tokens = await logIn(crm)
    acme.switches.errorsUnder200 = under200
    acme.setRecordFault('rejected', (id) => id === 'bad')
    acme.setRecordFault('locked', (id) => id === 'locked', 1)
    expect(await outcomes(crm, tokens, 'good', 'bad', 'locked')).toEqual(['pushed', 'rejected', 'retry'])
    expect(await outcomes(crm, tokens, 'locked')).toEqual(['pushed'])
    expect([...acme.records().keys()].sort()).toEqual(['good', 'locked'])
  },
)

test('errors that name no record are found, and the good ones stand', async () => {
  const { crm, acme } = await aWorld()
  const tokens = await logIn(crm)
  acme.switches.strayErrors = true
  acme.setRecordFault('rejected', (id) => id.startsWith('bad'))
  expect(await outcomes(crm, tokens, 'a', 'bad1', 'b', 'c', 'bad2')).toEqual([
    'pushed',
    'rejected',
    'pushed',
    'pushed',
    'rejected',
  ])
  expect([...acme.records().keys()].sort()).toEqual(['a', 'b', 'c'])
})

test('a property that was archived holds what has a value for it', async () => {
  const { crm, acme } = await aWorld()
  const tokens = await logIn(crm)
  acme.archiveProperty('medium')
  const answer = await crm.push(tokens, TARGET, [...records('a'), { touch_key: 'b' }])
  expect(answer).toMatchObject({
    value: {
      outcomes: [
        { kind: 'held', verdict: { kind: 'permission', explanation: expect.stringContaining('medium') } },
        { kind: 'pushed' },
      ],
    },
  })
})

test('a value that HubSpot does not take is rejected with its property', async () => {
  const { crm } = await aWorld()
  const answer = await crm.push(await logIn(crm), TARGET, [{ touch_key: 'a', position: 'XX' }])
  expect(answer).toMatchObject({ value: { outcomes: [{ kind: 'rejected', code: 'INVALID_OPTION', field: 'position' }] } })
})

test('a full batch goes in one call, and the calls of the day are known where they are told', async () => {
  const { crm, acme } = await aWorld()
  const tokens = await logIn(crm)
  acme.switches.tellsDailyLimit = true
  const ids = Array.from({ length: crm.batchSize }, (_, place) => `tp-${place}`)
  acme.calls.clear()
  const answer = await crm.push(tokens, TARGET, records(...ids))
  expect(answer.kind === 'ok' && answer.value.outcomes.every(({ kind }) => kind === 'pushed')).toBe(true)
  expect(answer.kind === 'ok' && answer.value.usage).toEqual(acme.dailyUsage)
  expect(acme.calls.list().map((call) => call.records)).toEqual([100])
})

test('an account without the object is set up, and takes a record with a value for every property', async () => {
  const { crm, acme } = await aWorld()
  const tokens = await logIn(crm)
  acme.removeObject('redkey_touchpoint')
  for (const isThere of [false, true]) {
    const steps = await crm.setup?.describe(tokens)
    if (steps?.kind !== 'ok') throw new Error('setup was refused')
    const missing = steps.value.filter(({ state }) => state === 'missing')
    expect(missing).toHaveLength(isThere ? 0 : 1)
    for (const step of missing) expect(await crm.setup?.apply(tokens, step, null)).toMatchObject({ value: { kind: 'done' } })
  }
  const values = Object.values(crm.defaultMapping.touchpoints.fields).map((name) => [name, 'x'])
  const record = { ...Object.fromEntries(values), touch_key: 'a', occurred_at: '2026-11-20T10:00:00Z' }
  expect(await crm.push(tokens, TARGET, [record])).toMatchObject({ value: { outcomes: [{ kind: 'pushed', created: true }] } })
  acme.calls.clear()
  const again = await crm.setup?.apply(tokens, { id: '', says: '', state: 'missing', missing: [], differs: null }, null)
  expect(again).toMatchObject({ value: { kind: 'done' } })
  expect(acme.calls.list().map(({ method }) => method)).toEqual(['GET'])
})
