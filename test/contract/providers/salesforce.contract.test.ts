import { createHash } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import type { Crm } from '../../../src/domain/crm.ts'
import type { Tokens } from '../../../src/domain/provider.ts'
import { createHttp } from '../../../src/outbound/providers/http.ts'
import { salesforce } from '../../../src/outbound/providers/salesforce/salesforce.ts'
import { startFakeSalesforce } from '../../../src/sandbox/providers/salesforce/fake-salesforce.ts'
import { signIn } from '../../../src/sandbox/providers/sign-in.ts'
import { ACCOUNT } from '../../support/builders.ts'

const REDIRECT_URI = 'http://localhost:3000/oauth/callback/salesforce'
const VERIFIER = 'v'.repeat(43)
const TOUCHPOINT = 'bizible2__Bizible_Touchpoint__c'

/** The adapter and the fake know nothing of each other but what Salesforce's documentation says. */
async function aWorld() {
  const fake = await startFakeSalesforce({
    loginPort: 0,
    clientId: 'client',
    clientSecret: 'secret',
    redirectUris: [REDIRECT_URI],
  })
  const clock = { now: () => new Date('2026-11-23T12:00:00Z') }
  const http = createHttp(clock)
  onTestFinished(async () => {
    http.close()
    await fake.close()
  })
  const crm = salesforce({ clientId: 'client', clientSecret: 'secret', loginUrl: fake.loginUrl }, { http, clock })
  return { fake, crm, acme: fake.org('Acme Inc') }
}

async function logIn(crm: Crm, org = 'Acme Inc', username = 'redkey@acme.example'): Promise<Tokens> {
  const codeChallenge = createHash('sha256').update(VERIFIER).digest('base64url')
  const url = crm.authorizationUrl({ redirectUri: REDIRECT_URI, state: 'the-state', codeChallenge, loginHint: null })
  const callback = new URL(await signIn(url, { org, username }))
  expect(callback.searchParams.get('state')).toBe('the-state')
  const exchanged = await crm.exchangeCode({
    code: callback.searchParams.get('code') ?? '',
    codeVerifier: VERIFIER,
    redirectUri: REDIRECT_URI,
  })
  if (exchanged.kind !== 'ok') throw new Error(`the login was refused: ${exchanged.code}`)
  return exchanged.value
}

function records(...ids: string[]) {
  return ids.map((id) => ({
    bizible2__UniqueId__c: id,
    bizible2__Touchpoint_Date__c: '2026-11-20T10:00:00Z',
    bizible2__Medium__c: 'cpc',
  }))
}

const TARGET = { object: TOUCHPOINT, externalIdField: 'bizible2__UniqueId__c' }

test('a login gives tokens that say who logged in, and read', async () => {
  const { crm, acme } = await aWorld()
  const tokens = await logIn(crm)
  expect(tokens.apiOrigin).toBe(acme.instanceUrl)
  expect(crm.missingScopes(tokens)).toEqual([])
  expect(await crm.identify(tokens)).toEqual({
    kind: 'ok',
    value: {
      userId: acme.user('redkey@acme.example').id,
      username: 'redkey@acme.example',
      accounts: [{ id: acme.id, via: null, name: 'Acme Inc', environment: 'production' }],
    },
  })
  expect(await crm.probe(tokens, ACCOUNT)).toMatchObject({ kind: 'ok', value: { limit: 100_000 } })
})

test('a sandbox is told from production', async () => {
  const { crm, fake } = await aWorld()
  const tokens = await logIn(crm, 'Acme UAT', 'redkey@acme.example.uat')
  expect(await crm.identify(tokens)).toMatchObject({
    kind: 'ok',
    value: { accounts: [{ id: fake.org('Acme UAT').id, environment: 'sandbox' }] },
  })
})

test('a code works once, and only with its verifier', async () => {
  const { crm } = await aWorld()
  const codeChallenge = createHash('sha256').update(VERIFIER).digest('base64url')
  const url = crm.authorizationUrl({ redirectUri: REDIRECT_URI, state: 's', codeChallenge, loginHint: null })
  const code = new URL(await signIn(url, { org: 'Acme Inc', username: 'redkey@acme.example' })).searchParams.get('code') ?? ''
  const exchange = (codeVerifier: string) => crm.exchangeCode({ code, codeVerifier, redirectUri: REDIRECT_URI })
  expect(await exchange('w'.repeat(43))).toMatchObject({ kind: 'authorization_required', certain: false })
  expect((await exchange(VERIFIER)).kind).toBe('ok')
  expect(await exchange(VERIFIER)).toMatchObject({ kind: 'authorization_required', certain: false })
})

test('a session that ended is renewed, with and without rotation', async () => {
  const { crm, acme, fake } = await aWorld()
  let tokens = await logIn(crm)
  for (const rotates of [false, true, true]) {
    fake.switches.rotateRefreshTokens = rotates
    acme.expireAccessTokens()
    expect(await crm.probe(tokens, ACCOUNT)).toMatchObject({ kind: 'refresh' })
    const refreshed = await crm.refresh(tokens)
    if (refreshed.kind !== 'ok') throw new Error(refreshed.code)
    expect(refreshed.value.refreshToken === tokens.refreshToken).toBe(!rotates)
    tokens = refreshed.value
    expect(await crm.probe(tokens, ACCOUNT)).toMatchObject({ kind: 'ok' })
  }
})

test('two refreshes at once are no dead login', async () => {
  const { crm, fake } = await aWorld()
  const tokens = await logIn(crm)
  const release = fake.holdRefreshes()
  const both = [crm.refresh(tokens), crm.refresh(tokens)]
  expect(await Promise.race(both)).toMatchObject({ kind: 'transient', code: 'invalid_grant' })
  release()
  expect((await Promise.all(both)).map(({ kind }) => kind).sort()).toEqual(['ok', 'transient'])
})

test('what breaks a login is told apart', async () => {
  const { crm, acme, fake } = await aWorld()
  const revoked = await logIn(crm)
  acme.revokeGrant()
  expect(await crm.refresh(revoked)).toMatchObject({ kind: 'authorization_required', cause: 'expired', certain: true })
  const changed = await logIn(crm)
  acme.changePassword('redkey@acme.example')
  expect(await crm.refresh(changed)).toMatchObject({ kind: 'authorization_required' })
  const tokens = await logIn(crm)
  acme.setIpRestricted(true)
  expect(await crm.refresh(tokens)).toMatchObject({ kind: 'permission', cause: 'admin_blocked' })
  acme.setIpRestricted(false)
  fake.switches.tooManyLogins = true
  expect(await crm.refresh(tokens)).toMatchObject({ kind: 'rate_limited' })
  fake.switches.tooManyLogins = false
  fake.switches.loginDown = true
  expect(await crm.refresh(tokens)).toMatchObject({ kind: 'transient' })
  fake.switches.loginDown = false
  acme.setUserActive('redkey@acme.example', false)
  expect(await crm.refresh(tokens)).toMatchObject({ kind: 'authorization_required', cause: 'user_inactive', certain: true })
  fake.rotateClientSecret()
  expect(await crm.refresh(tokens)).toMatchObject({ kind: 'misconfigured' })
})

test('what an org refuses is told apart', async () => {
  const { crm, acme } = await aWorld()
  const tokens = await logIn(crm)
  acme.switches.down = true
  expect(await crm.probe(tokens, ACCOUNT)).toMatchObject({ kind: 'transient' })
  acme.switches.down = false
  acme.switches.serverError = true
  expect(await crm.probe(tokens, ACCOUNT)).toMatchObject({ kind: 'transient' })
  acme.switches.serverError = false
  acme.switches.rateLimited = true
  expect(await crm.probe(tokens, ACCOUNT)).toMatchObject({ kind: 'rate_limited' })
  acme.switches.rateLimited = false
  acme.switches.apiDisabled = true
  expect(await crm.probe(tokens, ACCOUNT)).toMatchObject({ kind: 'permission', cause: 'admin_blocked' })
})

test('the default mapping names fields that the package has', async () => {
  const { crm } = await aWorld()
  const described = await crm.describe(await logIn(crm), TOUCHPOINT)
  const fields = described.kind === 'ok' ? described.value.fields : []
  const writable = new Set(fields.filter((field) => field.writable).map(({ name }) => name))
  const { touchpoints } = crm.defaultMapping
  expect(Object.values(touchpoints.fields).filter((field) => !writable.has(field))).toEqual([])
  expect(fields.find(({ name }) => name === touchpoints.externalIdField)).toMatchObject({ externalId: true, writable: true })
  expect(described).toMatchObject({ value: { custom: true, writable: true } })
})

test('an object that the login cannot see is told as such', async () => {
  const { crm, acme } = await aWorld()
  const tokens = await logIn(crm)
  acme.setObjectAccess(TOUCHPOINT, 'hidden')
  expect(await crm.describe(tokens, TOUCHPOINT)).toMatchObject({ kind: 'rejected' })
  expect(await crm.push(tokens, TARGET, records('a'))).toMatchObject({ kind: 'permission', cause: 'role_missing' })
})

test('a repeated push changes nothing', async () => {
  const { crm, acme } = await aWorld()
  const tokens = await logIn(crm)
  const first = await crm.push(tokens, TARGET, records('a', 'b'))
  const second = await crm.push(tokens, TARGET, records('a', 'b'))
  expect(first).toMatchObject({ value: { outcomes: [{ created: true }, { created: true }] } })
  expect(second).toMatchObject({ value: { outcomes: [{ created: false }, { created: false }] } })
  expect([...acme.records(TOUCHPOINT).keys()]).toEqual(['a', 'b'])
})

test('a push whose answer was lost is repeated without harm', async () => {
  const { crm, acme } = await aWorld()
  const tokens = await logIn(crm)
  acme.dropAnswers(1, 'after_commit')
  const lost = await crm.push(tokens, TARGET, records('a'))
  expect(['transient', 'ok']).toContain(lost.kind)
  await crm.push(tokens, TARGET, records('a'))
  expect(acme.counts(TOUCHPOINT).created).toBe(1)
})

test('bad, locked and forbidden records are told apart, and the good ones stand', async () => {
  const { crm, acme } = await aWorld()
  const tokens = await logIn(crm)
  acme.rejectRecords({ code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', matches: (id) => id === 'bad' })
  acme.lockRows({ times: 1, matches: (id) => id === 'locked' })
  const answer = await crm.push(tokens, TARGET, records('good', 'bad', 'locked'))
  expect(answer.kind === 'ok' && answer.value.outcomes.map(({ kind }) => kind)).toEqual(['pushed', 'rejected', 'retry'])
  acme.hideField(TOUCHPOINT, 'bizible2__Medium__c')
  expect(await crm.push(tokens, TARGET, records('good'))).toMatchObject({
    value: {
      outcomes: [{ kind: 'held', verdict: { kind: 'permission', explanation: expect.stringContaining('bizible2__Medium__c') } }],
    },
  })
})

test('a full batch goes in one call', async () => {
  const { crm, acme } = await aWorld()
  const tokens = await logIn(crm)
  const ids = Array.from({ length: crm.batchSize }, (_, place) => `tp-${place}`)
  const answer = await crm.push(tokens, TARGET, records(...ids))
  expect(answer.kind === 'ok' && answer.value.outcomes.every(({ kind }) => kind === 'pushed')).toBe(true)
  expect(answer.kind === 'ok' && answer.value.usage?.used).toBe(acme.apiUsage.used)
})
