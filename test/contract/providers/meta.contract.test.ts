import { expect, test } from 'vitest'
import type { Identity, Verdict } from '../../../src/domain/provider.ts'
import { META_SCOPES } from '../../../src/outbound/providers/meta/meta.ts'
import { aMeta, callbackOf, exchange, logIn, MIA } from './a-meta.ts'
import { granted } from './ads-behaviour.ts'

const JONAS = 'jonas@agency.example'
const DAY_MS = 86_400_000

test('a login is made long at once, with the scopes and both of its ends', async () => {
  const { provider, clock } = await aMeta()
  const callback = await callbackOf(provider)
  expect(callback.searchParams.get('state')).toBe('the-state')
  const tokens = granted(await exchange(provider, callback))
  expect(provider.missingScopes(tokens)).toEqual([])
  expect(tokens.refreshToken).toBeNull()
  expect(tokens.accessExpiresAt).toEqual(new Date(clock.now().getTime() + 60 * DAY_MS))
  expect(tokens.refreshExpiresAt).toEqual(tokens.accessExpiresAt)
})

test('a login tells who it is and which ad accounts it reaches, disabled ones as such', async () => {
  const { provider, fake } = await aMeta()
  fake.account('Acme US').status = 2
  const identity = granted<Identity>(await provider.identify(await logIn(provider)))
  expect(identity).toEqual({
    userId: fake.person(MIA).id,
    username: 'Mia Keller',
    accounts: [
      { id: 'act_1001', via: null, name: 'Acme Europe', environment: 'production' },
      { id: 'act_1002', via: null, name: 'Acme US (disabled by Meta)', environment: 'production' },
    ],
  })
})

test('another person reaches the same account and others', async () => {
  const { provider, europe } = await aMeta()
  const { accounts, username } = granted<Identity>(await provider.identify(await logIn(provider, JONAS)))
  expect([username, accounts.map(({ id }) => id)]).toEqual(['Jonas Brandt', [europe.id, 'act_2001']])
})

test('a person without any ad account is told to ask for access', async () => {
  const { provider, fake } = await aMeta()
  for (const account of fake.accounts) account.people.clear()
  expect(await provider.identify(await logIn(provider))).toMatchObject({ kind: 'permission', cause: 'access_lost' })
})

test('an unticked permission is named, and refused as a missing scope', async () => {
  const { provider, europe } = await aMeta()
  const tokens = await logIn(provider, MIA, ['ads_read', 'ads_management'])
  expect(provider.missingScopes(tokens)).toEqual(META_SCOPES.required)
  const missing = { kind: 'authorization_required', cause: 'scope_missing', certain: true }
  expect(await provider.probe(tokens, europe)).toMatchObject(missing)
  expect(await provider.probeLogin?.(tokens)).toMatchObject(missing)
})

test('a person who presses Cancel has cancelled', async () => {
  const { provider } = await aMeta()
  const { searchParams } = await callbackOf(provider, { allow: false })
  const [error, description] = [searchParams.get('error') ?? '', searchParams.get('error_description') ?? '']
  expect(provider.readCallback(error, description)).toEqual({ kind: 'cancelled' })
})

test('a code works once, and only with its verifier', async () => {
  const { provider } = await aMeta()
  const callback = await callbackOf(provider)
  const again = { kind: 'authorization_required', certain: false }
  expect(await exchange(provider, callback, 'w'.repeat(43))).toMatchObject(again)
  expect((await exchange(provider, callback)).kind).toBe('ok')
  expect(await exchange(provider, callback)).toMatchObject(again)
})

test('a token that lives is exchanged for another, and both work', async () => {
  const { provider, europe, clock } = await aMeta()
  const tokens = await logIn(provider)
  clock.turn(7 * DAY_MS)
  const [one, other] = (await Promise.all([provider.refresh(tokens), provider.refresh(tokens)])).map(granted)
  expect(one?.accessToken).not.toBe(tokens.accessToken)
  for (const each of [tokens, one, other])
    expect(await provider.probe(each ?? tokens, europe)).toEqual({ kind: 'ok', value: null })
  // Meta's own date is believed, not 60 days counted anew.
  expect(one?.refreshExpiresAt).toEqual(tokens.refreshExpiresAt)
})

test('an expired token is refused, and can not be exchanged', async () => {
  const { provider, europe, fake } = await aMeta()
  const tokens = await logIn(provider)
  fake.expireTokens(MIA)
  const expired = { kind: 'authorization_required', cause: 'expired', certain: true }
  expect(await provider.probe(tokens, europe)).toMatchObject(expired)
  expect(await provider.refresh(tokens)).toMatchObject(expired)
  expect(await provider.probeLogin?.(tokens)).toMatchObject(expired)
})

test('the end of data access is told, though the token is valid', async () => {
  const { provider, europe, fake, clock } = await aMeta()
  const tokens = await logIn(provider)
  fake.endDataAccess(MIA)
  const over = { kind: 'authorization_required', cause: 'expired', certain: true }
  expect(await provider.probe(tokens, europe)).toMatchObject(over)
  expect(await provider.probeLogin?.(tokens)).toMatchObject(over)
  expect(granted(await provider.refresh(tokens)).refreshExpiresAt).toEqual(clock.now())
})

test.each([
  ['appRemoved', 'revoked'],
  ['passwordChanged', 'password_changed'],
  ['loggedOut', 'revoked'],
] as const)('%s ends the login for certain', async (because, cause) => {
  const { provider, europe, fake } = await aMeta()
  const tokens = await logIn(provider)
  fake.kill(MIA, because)
  const ended = { kind: 'authorization_required', cause, certain: true }
  expect(await provider.probe(tokens, europe)).toMatchObject(ended)
  expect(await provider.refresh(tokens)).toMatchObject(ended)
  expect((await provider.probe(await logIn(provider), europe)).kind).toBe('ok')
})

test.each(['checkpoint', 'unconfirmed'] as const)('a %s sends the person to facebook.com first', async (check) => {
  const { provider, europe, fake } = await aMeta()
  const tokens = await logIn(provider)
  fake.person(MIA).check = check
  const stopped = { kind: 'authorization_required', cause: 'login_policy', explanation: expect.stringContaining('facebook.com') }
  expect(await provider.probe(tokens, europe)).toMatchObject(stopped)
  fake.person(MIA).check = null
  expect((await provider.probe(tokens, europe)).kind).toBe('ok')
})

test('a token that nobody knows is dead for certain', async () => {
  const { provider, europe } = await aMeta()
  const tokens = await logIn(provider)
  expect(await provider.probe({ ...tokens, accessToken: 'garbled' }, europe)).toMatchObject({
    kind: 'authorization_required',
    certain: true,
  })
})

test('who lost the ad account keeps the login', async () => {
  const { provider, europe, fake } = await aMeta()
  const tokens = await logIn(provider)
  fake.account('Acme Europe').people.delete(fake.person(MIA).id)
  const lost = { kind: 'permission', cause: 'access_lost', explanation: expect.stringContaining('Business settings') }
  expect(await provider.probe(tokens, europe)).toMatchObject(lost)
  expect(await provider.probe(tokens, { id: 'act_999', via: null })).toMatchObject(lost)
  expect(await provider.probeLogin?.(tokens)).toEqual({ kind: 'ok', value: null })
})

test('a disabled account is told, one with payment due still reads', async () => {
  const { provider, europe, fake } = await aMeta()
  const tokens = await logIn(provider)
  fake.account('Acme Europe').status = 2
  expect(await provider.probe(tokens, europe)).toMatchObject({
    kind: 'permission',
    explanation: expect.stringContaining('disabled'),
  })
  fake.account('Acme Europe').status = 3
  expect((await provider.probe(tokens, europe)).kind).toBe('ok')
})

test.each<
  ['down' | 'serviceDown' | 'tooManyCalls' | 'oldVersion' | 'blocked' | 'noCapability' | 'deactivated', Partial<Verdict>]
>([
  ['down', { kind: 'transient' }],
  ['serviceDown', { kind: 'transient' }],
  ['tooManyCalls', { kind: 'rate_limited', retryAfterMs: 7 * 60_000 }],
  ['oldVersion', { kind: 'misconfigured' }],
  ['blocked', { kind: 'permission', cause: 'admin_blocked' }],
  ['noCapability', { kind: 'permission', cause: 'admin_blocked' }],
  ['deactivated', { kind: 'misconfigured' }],
])('when Meta is %s the login is left alone', async (trouble, verdict) => {
  const { provider, europe, fake } = await aMeta()
  const tokens = await logIn(provider)
  fake.switches[trouble] = true
  expect(await provider.probe(tokens, europe)).toMatchObject(verdict)
  fake.switches.errorsUnder200 = true
  expect(await provider.probe(tokens, europe)).toMatchObject(verdict)
})

test('a changed secret is the operator’s business, at every call', async () => {
  const { provider, europe, fake } = await aMeta()
  const tokens = await logIn(provider)
  fake.changeSecret()
  expect(await provider.probe(tokens, europe)).toMatchObject({ kind: 'misconfigured' })
  expect(await provider.refresh(tokens)).toMatchObject({ kind: 'misconfigured' })
  expect(await provider.probeLogin?.(tokens)).toMatchObject({ kind: 'misconfigured' })
})
