import { describe, expect, test } from 'vitest'
import { CM_FAULTS } from '../../../src/sandbox/providers/google/faults.ts'
import { ANA, aGoogle, codeFor, exchange, logIn, TOM } from './a-google.ts'

const ACME = { id: '9001', via: '7001' }
const REPORTING = 'https://www.googleapis.com/auth/dfareporting'
const TRAFFICKING = 'https://www.googleapis.com/auth/dfatrafficking'

test('a login gives tokens that say who logged in, what it reaches, and read', async () => {
  const { cm, fake } = await aGoogle()
  const tokens = await logIn(cm)
  expect(cm.missingScopes(tokens)).toEqual([])
  expect(await cm.identify(tokens)).toEqual({
    kind: 'ok',
    value: {
      userId: fake.person('ana@acme.example').sub,
      username: 'ana@acme.example',
      accounts: [
        { id: '9001', via: '7001', name: 'Acme Media', environment: 'production' },
        { id: '9002/55', via: '7003', name: 'Acme Labs / EMEA', environment: 'production' },
      ],
    },
  })
  expect(await cm.probe(tokens, ACME)).toEqual({ kind: 'ok', value: null })
})

test('another person reaches the same account by a profile of their own', async () => {
  const { cm } = await aGoogle()
  const tokens = await logIn(cm, TOM)
  expect(await cm.identify(tokens)).toMatchObject({ value: { accounts: [{ id: '9001', via: '7002' }] } })
  expect(await cm.probe(tokens, ACME)).toMatchObject({ kind: 'permission', cause: 'access_lost' })
  expect(await cm.probe(tokens, { id: '9001', via: '7002' })).toMatchObject({ kind: 'ok' })
  expect(await cm.probe(tokens, { id: '9001', via: null })).toMatchObject({ kind: 'ok' })
  expect(await cm.probe(tokens, { id: '9003', via: null })).toMatchObject({ kind: 'permission', code: 'no_profiles' })
})

test('a login without a profile is told as such', async () => {
  const { cm, fake } = await aGoogle()
  fake.profile('7002').isActive = false
  expect(await cm.identify(await logIn(cm, TOM))).toMatchObject({ kind: 'permission', cause: 'access_lost', code: 'no_profiles' })
})

test('a code works once, and a refresh keeps its refresh token, also when two come at once', async () => {
  const { cm, fake } = await aGoogle()
  const code = await codeFor(cm)
  const exchanged = await exchange(cm, code)
  if (exchanged.kind !== 'ok') throw new Error(exchanged.code)
  expect(await exchange(cm, code)).toMatchObject({ kind: 'authorization_required', certain: false })
  fake.expireAccessTokens()
  expect(await cm.probe(exchanged.value, ACME)).toMatchObject({ kind: 'refresh' })
  for (const refreshed of await Promise.all([cm.refresh(exchanged.value), cm.refresh(exchanged.value)])) {
    if (refreshed.kind !== 'ok') throw new Error(refreshed.code)
    expect(refreshed.value.refreshToken).toBe(exchanged.value.refreshToken)
    expect(await cm.probe(refreshed.value, ACME)).toMatchObject({ kind: 'ok' })
  }
  fake.revoke('ana@acme.example')
  expect(await cm.refresh(exchanged.value)).toMatchObject({ kind: 'authorization_required', cause: 'revoked', certain: true })
})

test.each([
  [REPORTING, 'View and manage DoubleClick for Advertisers reports'],
  [TRAFFICKING, "View and manage your DoubleClick Campaign Manager's (DCM) display ad campaigns"],
])('a box that was not ticked is named: %s', async (scope, box) => {
  const { cm } = await aGoogle()
  const tokens = await logIn(cm, { ...ANA, without: [scope] })
  expect(cm.missingScopes(tokens)).toEqual([box])
  const probed = await cm.probe(tokens, ACME)
  expect(probed).toMatchObject(scope === REPORTING ? { kind: 'authorization_required', cause: 'scope_missing' } : { kind: 'ok' })
})

test('a profile that lost its right, or was removed, is no dead login', async () => {
  const { cm, fake } = await aGoogle()
  const tokens = await logIn(cm)
  fake.profile('7001').maySeeReports = false
  expect(await cm.probe(tokens, ACME)).toMatchObject({ kind: 'permission', cause: 'access_lost' })
  fake.profile('7001').isActive = false
  expect(await cm.probe(tokens, ACME)).toMatchObject({ kind: 'permission', cause: 'access_lost' })
  expect(await cm.probeLogin?.(tokens)).toEqual({ kind: 'ok', value: null })
})

describe('what the API says', () => {
  const expected: Readonly<Record<string, object>> = {
    stale: { kind: 'refresh' },
    scope: { kind: 'authorization_required', cause: 'scope_missing', certain: true },
    'api-disabled': { kind: 'misconfigured' },
    forbidden: { kind: 'permission', cause: 'access_lost' },
    'profile-gone': { kind: 'permission', cause: 'access_lost' },
    daily: { kind: 'rate_limited', usedUp: true },
    'too-fast': { kind: 'rate_limited' },
    backend: { kind: 'transient' },
    unavailable: { kind: 'transient' },
  }

  test.each(CM_FAULTS.map(({ id, label }) => [label, id]))('%s', async (_label, id) => {
    const { cm, fake } = await aGoogle()
    const tokens = await logIn(cm)
    expect(await fake.cm360.run(`cm-${id}`)).toMatch(/^Campaign Manager 360 .*\.$/)
    expect(await cm.probe(tokens, ACME)).toMatchObject(expected[id] ?? { kind: 'missing in this test' })
    await fake.cm360.run(`cm-${id}`)
    expect(await cm.probe(tokens, ACME)).toMatchObject({ kind: 'ok' })
  })

  test('a page instead of an answer passes', async () => {
    const { cm, fake } = await aGoogle()
    const tokens = await logIn(cm)
    fake.switches.apisDown = true
    expect(await cm.probe(tokens, ACME)).toMatchObject({ kind: 'transient' })
  })
})
