import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Provider, Tokens } from '../../../src/domain/provider.ts'
import { MICROSOFT_ADS_SCOPES } from '../../../src/outbound/providers/microsoft-ads/microsoft-ads.ts'
import { ENTRA_REFUSALS, type EntraRefusalName } from '../../../src/sandbox/providers/entra/answers.ts'
import { signIn } from '../../../src/sandbox/providers/sign-in.ts'
import { aMicrosoft, REDIRECT_URI, VERIFIER } from './a-microsoft-ads.ts'

const EU = { id: '180000001', via: '250000001' }
const ANA = 'ana@acme.example'
const HOUR_MS = 60 * 60_000

async function callbackOf(ads: Provider, username: string, choice: { readonly org?: string; readonly allow?: boolean } = {}) {
  const codeChallenge = createHash('sha256').update(VERIFIER).digest('base64url')
  const url = ads.authorizationUrl({ redirectUri: REDIRECT_URI, state: 'the-state', codeChallenge, loginHint: username })
  const callback = new URL(await signIn(url, { org: 'Acme Inc', ...choice, username }))
  expect(callback.searchParams.get('state')).toBe('the-state')
  return callback.searchParams
}

async function exchange(ads: Provider, code: string, codeVerifier = VERIFIER) {
  return ads.exchangeCode({ code, codeVerifier, redirectUri: REDIRECT_URI })
}

async function logIn(ads: Provider, username = ANA, org = 'Acme Inc'): Promise<Tokens> {
  const exchanged = await exchange(ads, (await callbackOf(ads, username, { org })).get('code') ?? '')
  if (exchanged.kind !== 'ok') throw new Error(`the login was refused: ${exchanged.code}`)
  return exchanged.value
}

test('a login gives tokens that say who logged in and reach the accounts', async () => {
  const { ads, fake } = await aMicrosoft()
  const tokens = await logIn(ads)
  expect(ads.missingScopes(tokens)).toEqual([])
  expect(tokens.apiOrigin).toBe(fake.apiUrl)
  expect(await ads.identify(tokens)).toEqual({
    kind: 'ok',
    value: {
      userId: fake.user(ANA).id,
      username: ANA,
      accounts: [
        { ...EU, name: 'Acme Search EU', environment: 'production' },
        { id: '180000002', via: '250000001', name: 'Acme Search US', environment: 'production' },
      ],
    },
  })
  expect(await ads.probe(tokens, EU)).toEqual({ kind: 'ok', value: null })
  expect(await ads.probeLogin?.(tokens)).toEqual({ kind: 'ok', value: null })
})

test('a login of an agency reaches the accounts of its clients, and no others', async () => {
  const { ads } = await aMicrosoft()
  const tokens = await logIn(ads, 'mia@northwind.example', 'Northwind Agency')
  const identity = await ads.identify(tokens)
  expect(identity.kind === 'ok' && new Set(identity.value.accounts.map(({ via }) => via)).size).toBe(6)
  expect(await ads.probe(tokens, EU)).toMatchObject({ kind: 'permission', cause: 'access_lost' })
})

test('a code works once, and only with its verifier', async () => {
  const { ads } = await aMicrosoft()
  const code = (await callbackOf(ads, ANA)).get('code') ?? ''
  expect(await exchange(ads, code, 'w'.repeat(43))).toMatchObject({ kind: 'authorization_required', certain: false })
  expect((await exchange(ads, code)).kind).toBe('ok')
  expect(await exchange(ads, code)).toMatchObject({ kind: 'authorization_required', certain: false, code: 'AADSTS54005' })
})

test('a code that waited too long is no login', async () => {
  const { ads, clock } = await aMicrosoft()
  const code = (await callbackOf(ads, ANA)).get('code') ?? ''
  clock.turn(11 * 60_000)
  expect(await exchange(ads, code)).toMatchObject({ kind: 'authorization_required', cause: 'expired', certain: false })
})

test('an access token ends after an hour and is renewed; each refresh gives another refresh token, and the old ones still work', async () => {
  const { ads, clock } = await aMicrosoft()
  const first = await logIn(ads)
  let tokens = first
  for (let hour = 0; hour < 3; hour++) {
    clock.turn(HOUR_MS)
    expect(await ads.probe(tokens, EU)).toMatchObject({ kind: 'refresh' })
    const refreshed = await ads.refresh(tokens)
    if (refreshed.kind !== 'ok') throw new Error(refreshed.code)
    expect(refreshed.value.refreshToken).not.toBe(tokens.refreshToken)
    tokens = refreshed.value
    expect(await ads.probe(tokens, EU)).toMatchObject({ kind: 'ok' })
  }
  expect((await ads.refresh(first)).kind).toBe('ok')
})

test('two refreshes at once both give a working login', async () => {
  const { ads } = await aMicrosoft()
  const tokens = await logIn(ads)
  for (const refreshed of await Promise.all([ads.refresh(tokens), ads.refresh(tokens)])) {
    if (refreshed.kind !== 'ok') throw new Error(refreshed.code)
    expect(await ads.probe(refreshed.value, EU)).toMatchObject({ kind: 'ok' })
  }
})

test('another person of the same company reaches less', async () => {
  const { ads } = await aMicrosoft()
  const identity = await ads.identify(await logIn(ads, 'tom@acme.example'))
  expect(identity.kind === 'ok' && identity.value.accounts.map(({ id }) => id)).toEqual([EU.id])
})

test('a scope that the login does not have is named, and refused by the services', async () => {
  const { ads } = await aMicrosoft()
  const url = new URL(
    ads.authorizationUrl({ redirectUri: REDIRECT_URI, state: 's', codeChallenge: 'c'.repeat(43), loginHint: null }),
  )
  url.searchParams.set('scope', 'openid')
  url.searchParams.set('code_challenge', createHash('sha256').update(VERIFIER).digest('base64url'))
  const code = new URL(await signIn(url.href, { org: 'Acme Inc', username: ANA })).searchParams.get('code') ?? ''
  const exchanged = await exchange(ads, code)
  if (exchanged.kind !== 'ok') throw new Error(exchanged.code)
  expect(ads.missingScopes(exchanged.value)).toEqual([...MICROSOFT_ADS_SCOPES])
  expect(await ads.identify(exchanged.value)).toMatchObject({
    kind: 'authorization_required',
    cause: 'scope_missing',
    certain: false,
  })
  expect(await ads.refresh(exchanged.value)).toMatchObject({ kind: 'authorization_required', code: 'no_refresh_token' })
})

describe('what ends a login', () => {
  test.each<[EntraRefusalName, string, boolean]>([
    ['revoked', 'revoked', true],
    ['inactive', 'expired', true],
    ['signInFrequency', 'expired', true],
    ['mfa', 'login_policy', true],
    ['passwordExpired', 'password_changed', true],
    ['consent', 'scope_missing', true],
  ])('%s, until somebody logs in again', async (because, cause, certain) => {
    const { ads, fake } = await aMicrosoft()
    const tokens = await logIn(ads)
    const ofTom = await logIn(ads, 'tom@acme.example')
    fake.endLogins(because, { username: ANA })
    expect(await ads.probe(tokens, EU)).toMatchObject({ kind: 'refresh' })
    expect(await ads.refresh(tokens)).toMatchObject({ kind: 'authorization_required', cause, certain })
    expect(await ads.probe(ofTom, EU)).toMatchObject({ kind: 'ok' })
    expect(await ads.probe(await logIn(ads), EU)).toMatchObject({ kind: 'ok' })
  })

  test.each<[EntraRefusalName, object]>([
    ['disabled', { kind: 'authorization_required', cause: 'user_inactive', certain: true }],
    ['deleted', { kind: 'authorization_required', cause: 'user_inactive', certain: true }],
    ['conditionalAccess', { kind: 'permission', cause: 'admin_blocked' }],
    ['notAssigned', { kind: 'permission', cause: 'admin_blocked' }],
  ])('%s, whoever tries', async (by, verdict) => {
    const { ads, fake } = await aMicrosoft()
    const tokens = await logIn(ads)
    const person = fake.entra.person(ANA)
    person.blockedBy = by
    expect(await ads.refresh(tokens)).toMatchObject(verdict)
    await expect(callbackOf(ads, ANA)).rejects.toThrow(`AADSTS${ENTRA_REFUSALS[by].number}`)
    person.blockedBy = null
    expect((await ads.refresh(tokens)).kind).toBe('ok')
  })
})

test('no to the consent page, and an organization that wants an administrator, come back as such', async () => {
  const { ads, fake } = await aMicrosoft()
  const read = (params: URLSearchParams) => ads.readCallback(params.get('error') ?? '', params.get('error_description') ?? '')
  expect(read(await callbackOf(ads, ANA, { allow: false }))).toEqual({ kind: 'cancelled' })
  fake.entra.person(ANA).blockedBy = 'adminConsent'
  expect(read(await callbackOf(ads, ANA))).toMatchObject({ kind: 'permission', cause: 'admin_blocked' })
})

test('trouble with the app and at the login server touches no login', async () => {
  const { ads, fake } = await aMicrosoft()
  const tokens = await logIn(ads)
  for (const id of ['app-secret', 'app-removed']) {
    await fake.run(`msads-${id}`)
    expect(await ads.refresh(tokens)).toMatchObject({ kind: 'misconfigured' })
    await fake.run(`msads-${id}`)
  }
  await fake.run('msads-app-disabled')
  expect(await ads.refresh(tokens)).toMatchObject({ kind: 'permission', cause: 'admin_blocked' })
  await fake.run('msads-app-disabled')
  fake.changeClientSecret('another')
  expect(await ads.refresh(tokens)).toMatchObject({ kind: 'misconfigured', code: 'AADSTS7000215' })
  fake.changeClientSecret('secret')
  const { switches } = fake.entra
  switches.down = true
  expect(await ads.refresh(tokens)).toMatchObject({ kind: 'transient' })
  switches.down = false
  switches.transient = true
  expect(await ads.refresh(tokens)).toMatchObject({ kind: 'transient', code: 'AADSTS90033' })
  switches.transient = false
  switches.throttled = true
  expect(await ads.refresh(tokens)).toMatchObject({ kind: 'rate_limited', retryAfterMs: 30_000 })
  switches.throttled = false
  expect((await ads.refresh(tokens)).kind).toBe('ok')
})

describe('what the services refuse', () => {
  test('is told apart, under an error status and under 200', async () => {
    const { ads, fake, clock } = await aMicrosoft()
    const tokens = await logIn(ads)
    for (const faultsWith200 of [false, true]) {
      fake.switches.faultsWith200 = faultsWith200
      const asked = async (which: typeof fake.switches.refusesWith) => {
        fake.switches.refusesWith = which
        return ads.probe(tokens, EU)
      }
      expect(await asked('internalError')).toMatchObject({ kind: 'transient' })
      expect(await asked('callRate')).toMatchObject({ kind: 'rate_limited', retryAfterMs: 60_000 })
      expect(await asked('oldVersion')).toMatchObject({ kind: 'misconfigured' })
      expect(await asked('missingHeaders')).toMatchObject({ kind: 'misconfigured' })
      expect(await asked('noRight')).toMatchObject({ kind: 'permission', cause: 'access_lost' })
      expect(await asked('badRequest')).toMatchObject({ kind: 'rejected' })
      expect(await asked('compromised')).toMatchObject({
        kind: 'authorization_required',
        cause: 'password_changed',
        certain: true,
      })
      for (const which of ['mergedLogin', 'workAccount', 'personalAccount'] as const)
        expect(await asked(which)).toMatchObject({ kind: 'authorization_required', cause: 'login_policy', certain: true })
      expect(await asked(null)).toMatchObject({ kind: 'ok' })
    }
    fake.switches.down = true
    expect(await ads.probe(tokens, EU)).toMatchObject({ kind: 'transient' })
    fake.switches.down = false
    clock.turn(HOUR_MS)
    expect(await ads.probe(tokens, EU)).toMatchObject({ kind: 'refresh' })
  })

  test('an account that was taken away or deleted is lost, and the login lives', async () => {
    const { ads, fake } = await aMicrosoft()
    const tokens = await logIn(ads)
    fake.user(ANA).access.delete(EU.id)
    expect(await ads.probe(tokens, EU)).toMatchObject({ kind: 'permission', cause: 'access_lost' })
    expect(await ads.probeLogin?.(tokens)).toMatchObject({ kind: 'ok' })
    const us = fake.account('Acme Search US')
    us.status = 'Suspended'
    expect(await ads.probe(tokens, { id: us.id, via: us.customerId })).toMatchObject({ kind: 'ok' })
    us.status = 'Inactive'
    expect(await ads.probe(tokens, { id: us.id, via: us.customerId })).toMatchObject({ code: 'account_inactive' })
    us.isDeleted = true
    expect(await ads.probe(tokens, { id: us.id, via: us.customerId })).toMatchObject({ kind: 'permission', cause: 'access_lost' })
    expect(await ads.identify(tokens)).toMatchObject({ kind: 'permission', cause: 'access_lost', code: 'no_accounts' })
  })

  test('a user whom Microsoft Advertising does not know has to be another one', async () => {
    const { ads, fake } = await aMicrosoft()
    const tokens = await logIn(ads)
    fake.user(ANA).refusedWith = 'userNotFound'
    expect(await ads.identify(tokens)).toMatchObject({ kind: 'authorization_required', cause: 'user_inactive', certain: false })
  })

  test('a developer token that works no more is our own trouble, also with the tokens of an hour ago', async () => {
    const { ads, fake, clock } = await aMicrosoft()
    const tokens = await logIn(ads)
    fake.developerToken = 'another'
    expect(await ads.probe(tokens, EU)).toMatchObject({ kind: 'misconfigured' })
    clock.turn(HOUR_MS / 2)
    expect(await ads.probe(tokens, EU)).toMatchObject({ kind: 'refresh' })
    const refreshed = await ads.refresh(tokens)
    if (refreshed.kind !== 'ok') throw new Error(refreshed.code)
    expect(await ads.probe(refreshed.value, EU)).toMatchObject({ kind: 'misconfigured' })
  })
})

test('every control of the panel says what it did, and toggles go back', async () => {
  const { fake } = await aMicrosoft()
  const controls = () => fake.panelGroups().flatMap((group) => group.controls)
  expect(new Set(controls().map(({ id }) => id)).size).toBe(controls().length)
  for (const { id, kind } of controls()) {
    expect(await fake.run(id), id).toMatch(/^[A-Z].*\.$/)
    if (kind !== 'toggle') continue
    expect(controls().find((one) => one.id === id)?.on, id).toBe(true)
    await fake.run(id)
    expect(controls().find((one) => one.id === id)?.on, id).toBe(false)
  }
  await expect(fake.run('msads-nothing')).rejects.toThrow('no control')
})
