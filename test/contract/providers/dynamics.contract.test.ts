import { createHash } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import type { Crm, CrmRecord } from '../../../src/domain/crm.ts'
import type { Account, Tokens } from '../../../src/domain/provider.ts'
import { dynamics } from '../../../src/outbound/providers/dynamics/dynamics.ts'
import { createHttp } from '../../../src/outbound/providers/http.ts'
import { startFakeDynamics } from '../../../src/sandbox/providers/dynamics/fake-dynamics.ts'
import { startFakeEntra } from '../../../src/sandbox/providers/entra/fake-entra.ts'
import { signIn } from '../../../src/sandbox/providers/sign-in.ts'
import { aClock } from '../../outbound/providers/a-server.ts'

const REDIRECT_URI = 'http://localhost:3000/oauth/callback/dynamics'
const VERIFIER = 'v'.repeat(43)
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url')
const TOUCHPOINT = 'bizible2_bizible_touchpoint'
const KEY = 'bizible2_uniqueid'
const TARGET = { object: TOUCHPOINT, externalIdField: KEY }
const ANA = { org: 'Acme Inc', username: 'ana@acme.example' }
const TOM = { org: 'Acme Inc', username: 'tom@acme.example' }

/** The adapter and the fake know nothing of each other but what Microsoft's documentation says. */
async function aWorld(environmentName = 'Contoso') {
  const clock = aClock()
  const client = { clientId: 'client', clientSecret: 'secret' }
  const entra = await startFakeEntra({ port: 0, now: clock.now })
  const fake = await startFakeDynamics({ ...client, port: 0, entra, redirectUris: [REDIRECT_URI], now: clock.now })
  const http = createHttp(clock)
  onTestFinished(async () => {
    http.close()
    await Promise.all([fake.close(), entra.close()])
  })
  const contoso = fake.environment(environmentName)
  const crmOf = (url: string) => dynamics({ ...client, loginUrl: entra.loginUrl, url }, { http, clock })
  return { fake, entra, clock, contoso, crmOf, crm: crmOf(contoso.url) }
}

async function codeOf(crm: Crm, who = ANA): Promise<string> {
  const url = crm.authorizationUrl({ redirectUri: REDIRECT_URI, state: 'the-state', codeChallenge: CHALLENGE, loginHint: null })
  const callback = new URL(await signIn(url, who))
  expect(callback.searchParams.get('state')).toBe('the-state')
  return callback.searchParams.get('code') ?? ''
}

async function logIn(crm: Crm, who = ANA): Promise<Tokens> {
  const exchanged = await crm.exchangeCode({ code: await codeOf(crm, who), codeVerifier: VERIFIER, redirectUri: REDIRECT_URI })
  if (exchanged.kind !== 'ok') throw new Error(`the login was refused: ${exchanged.code}`)
  return exchanged.value
}

function accountOf({ id }: { readonly id: string }): Account {
  return { id, via: null, name: '', environment: 'production' }
}

function records(...ids: string[]): CrmRecord[] {
  return ids.map((id) => ({
    [KEY]: id,
    bizible2_touchpoint_date: '2026-11-20T10:00:00Z',
    bizible2_medium: 'cpc',
  }))
}

async function outcomes(crm: Crm, tokens: Tokens, pushed: readonly CrmRecord[]) {
  const answer = await crm.push(tokens, TARGET, pushed)
  if (answer.kind !== 'ok') throw new Error(`the push was refused: ${answer.code}`)
  return answer.value.outcomes
}

test('a login gives tokens that say who logged in, and read', async () => {
  const { crm, contoso, clock } = await aWorld()
  const tokens = await logIn(crm)
  expect(tokens.apiOrigin).toBe(contoso.url)
  expect(tokens.scopes).toEqual([`${contoso.url}/user_impersonation`])
  expect(tokens.accessExpiresAt).toEqual(new Date(clock.now().getTime() + 60 * 60_000))
  expect(crm.missingScopes(tokens)).toEqual([])
  expect(await crm.identify(tokens)).toEqual({
    kind: 'ok',
    value: {
      userId: contoso.user('ana@acme.example').id,
      username: 'ana@acme.example',
      accounts: [{ id: contoso.id, via: null, name: 'Contoso', environment: 'production' }],
    },
  })
  expect(await crm.probe(tokens, accountOf(contoso))).toEqual({ kind: 'ok', value: null })
})

test('another person of the same environment is fine, and another environment is told from it', async () => {
  const { crm, crmOf, contoso, fake } = await aWorld()
  expect(await crm.identify(await logIn(crm, TOM))).toMatchObject({
    value: { username: 'tom@acme.example', accounts: [{ id: contoso.id }] },
  })
  const uat = fake.environment('Contoso UAT')
  const other = crmOf(uat.url)
  expect(await other.identify(await logIn(other))).toMatchObject({
    value: { accounts: [{ id: uat.id, name: 'Contoso UAT', environment: 'sandbox' }] },
  })
})

test('who is no user of the environment reaches no account', async () => {
  const { crm } = await aWorld()
  const tokens = await logIn(crm, { org: 'Northwind Agency', username: 'mia@northwind.example' })
  expect(await crm.identify(tokens)).toMatchObject({ kind: 'permission', cause: 'access_lost', code: '0x80072560' })
})

test('names that the user may not read are replaced', async () => {
  const { crm, contoso } = await aWorld()
  const tokens = await logIn(crm)
  contoso.switches.namesHidden = true
  const { id } = contoso.user('ana@acme.example')
  expect(await crm.identify(tokens)).toMatchObject({
    value: { userId: id, username: id, accounts: [{ id: contoso.id, name: '127.0.0.1', environment: 'production' }] },
  })
})

test('a code works once, and only with its verifier', async () => {
  const { crm } = await aWorld()
  const code = await codeOf(crm)
  const exchange = (codeVerifier: string) => crm.exchangeCode({ code, codeVerifier, redirectUri: REDIRECT_URI })
  expect((await exchange('w'.repeat(43))).kind).not.toBe('ok')
  expect((await exchange(VERIFIER)).kind).toBe('ok')
  expect((await exchange(VERIFIER)).kind).not.toBe('ok')
})

test('a login that somebody cancels is told as such', async () => {
  const { crm } = await aWorld()
  const url = crm.authorizationUrl({ redirectUri: REDIRECT_URI, state: 's', codeChallenge: CHALLENGE, loginHint: null })
  const { searchParams } = new URL(await signIn(url, { ...ANA, allow: false }))
  expect(crm.readCallback(searchParams.get('error') ?? '', searchParams.get('error_description') ?? '')).toEqual({
    kind: 'cancelled',
  })
})

test('a session that ended is renewed, and the old refresh token goes on working', async () => {
  const { crm, contoso } = await aWorld()
  const first = await logIn(crm)
  contoso.expireAccessTokens()
  expect(await crm.probe(first, accountOf(contoso))).toMatchObject({ kind: 'refresh' })
  const refreshed = await crm.refresh(first)
  if (refreshed.kind !== 'ok') throw new Error(refreshed.code)
  expect(refreshed.value.refreshToken).not.toBe(first.refreshToken)
  expect(await crm.probe(refreshed.value, accountOf(contoso))).toMatchObject({ kind: 'ok' })
  expect((await crm.refresh(first)).kind).toBe('ok')
})

test('two refreshes at once are no dead login', async () => {
  const { crm } = await aWorld()
  const tokens = await logIn(crm)
  const both = await Promise.all([crm.refresh(tokens), crm.refresh(tokens)])
  expect(both.map(({ kind }) => kind)).toEqual(['ok', 'ok'])
})

test('a login without lasting access lacks a scope', async () => {
  const { crm, contoso } = await aWorld()
  const tokens = await logIn(crm)
  expect(crm.missingScopes({ ...tokens, refreshToken: null })).toEqual(['offline_access'])
  expect(crm.missingScopes({ ...tokens, scopes: ['openid'] })).toEqual([`${contoso.url}/user_impersonation`])
})

test('what breaks a login is told apart', async () => {
  const { crm, entra } = await aWorld()
  const dead = async (because: Parameters<typeof entra.endLogins>[0]) => {
    const tokens = await logIn(crm)
    entra.endLogins(because)
    return crm.refresh(tokens)
  }
  expect(await dead('revoked')).toMatchObject({ kind: 'authorization_required', certain: true })
  expect(await dead('inactive')).toMatchObject({ kind: 'authorization_required', cause: 'expired' })
  expect(await dead('mfa')).toMatchObject({ kind: 'authorization_required', cause: 'login_policy' })
  const tokens = await logIn(crm)
  entra.switches.down = true
  expect(await crm.refresh(tokens)).toMatchObject({ kind: 'transient' })
  entra.switches.down = false
  entra.switches.throttled = true
  expect(await crm.refresh(tokens)).toMatchObject({ retryAfterMs: 30_000 })
  entra.switches.throttled = false
  const ana = entra.person('ana@acme.example')
  ana.blockedBy = 'conditionalAccess'
  expect(await crm.refresh(tokens)).toMatchObject({ kind: 'permission', cause: 'admin_blocked' })
  ana.blockedBy = 'disabled'
  expect(await crm.refresh(tokens)).toMatchObject({ kind: 'authorization_required', cause: 'user_inactive' })
})

test('an app whose secret has expired is the operator’s matter', async () => {
  const { fake, crm } = await aWorld()
  const tokens = await logIn(crm)
  await fake.run('app-secret')
  expect(await crm.refresh(tokens)).toMatchObject({ kind: 'misconfigured' })
})

test('a login never goes over to another environment', async () => {
  const { crm, crmOf, contoso, fake } = await aWorld()
  const tokens = await logIn(crm)
  const elsewhere = crmOf(fake.environment('Contoso UAT').url)
  expect(await elsewhere.refresh(tokens)).toMatchObject({ kind: 'misconfigured', code: 'other_environment' })
  expect(await crm.probe(tokens, accountOf({ id: 'another' }))).toMatchObject({
    kind: 'misconfigured',
    code: 'other_environment',
  })
  expect(await crm.probe(tokens, accountOf({ id: contoso.id.toUpperCase() }))).toMatchObject({ kind: 'ok' })
})

test('what an environment refuses is told apart', async () => {
  const { crm, contoso } = await aWorld()
  const tokens = await logIn(crm)
  const { switches } = contoso
  const ana = contoso.user('ana@acme.example')
  const probed = async (change: () => void) => {
    change()
    const asked = await crm.probe(tokens, accountOf(contoso))
    Object.assign(switches, { down: false, serverError: false, limited: null, closed: null, wantsClaims: false })
    ana.state = 'enabled'
    return asked
  }
  const set = (change: Partial<typeof switches>) => probed(() => Object.assign(switches, change))
  expect(await set({ down: true })).toMatchObject({ kind: 'transient' })
  expect(await set({ serverError: true })).toMatchObject({ kind: 'transient' })
  expect(await set({ limited: 'requests' })).toMatchObject({ kind: 'rate_limited', retryAfterMs: 30_000 })
  expect(await set({ limited: 'time' })).toMatchObject({ kind: 'rate_limited', retryAfterMs: 120_000 })
  expect(await set({ limited: 'concurrent' })).toMatchObject({ kind: 'rate_limited', retryAfterMs: 5_000 })
  for (const closed of ['adminMode', 'appBlocked', 'ipBlocked'] as const) {
    expect(await set({ closed })).toMatchObject({ kind: 'permission', cause: 'admin_blocked' })
  }
  expect(await set({ closed: 'disabled' })).toMatchObject({ kind: 'permission', cause: 'access_lost' })
  expect(await set({ wantsClaims: true })).toMatchObject({
    kind: 'authorization_required',
    cause: 'login_policy',
    certain: false,
  })
  for (const state of ['disabled', 'removed', 'unlicensed'] as const) {
    expect(await probed(() => Object.assign(ana, { state }))).toMatchObject({ kind: 'permission', cause: 'access_lost' })
  }
  expect(await probed(() => Object.assign(ana, { state: 'without_role' }))).toMatchObject({ cause: 'role_missing' })
  expect(await set({})).toMatchObject({ kind: 'ok' })
})

test('the default mapping names columns that the solution has', async () => {
  const { crm } = await aWorld()
  const described = await crm.describe(await logIn(crm), TOUCHPOINT)
  const fields = described.kind === 'ok' ? described.value.fields : []
  const writable = new Set(fields.filter((field) => field.writable).map(({ name }) => name))
  const { touchpoints } = crm.defaultMapping
  expect(Object.values(touchpoints.fields).filter((field) => !writable.has(field))).toEqual([])
  expect(fields.find(({ name }) => name === touchpoints.externalIdField)).toMatchObject({ externalId: true, writable: true })
  expect(fields.filter(({ externalId }) => externalId)).toHaveLength(1)
  expect(described).toMatchObject({ value: { name: TOUCHPOINT, label: 'Buyer Touchpoint', custom: true, writable: true } })
  expect(['ownerid', 'statecode', `${TOUCHPOINT}id`, 'createdon'].filter((name) => writable.has(name))).toEqual([])
})

test('a description tells what the login may write, not only what there is', async () => {
  const { crm, contoso } = await aWorld()
  const tokens = await logIn(crm)
  contoso.secureColumn(TOUCHPOINT, 'bizible2_medium', true)
  const described = await crm.describe(tokens, TOUCHPOINT)
  expect(described).toMatchObject({ value: { writable: true } })
  expect(described.kind === 'ok' && described.value.fields.filter(({ name }) => name === 'bizible2_medium')).toMatchObject([
    { writable: false },
  ])
  contoso.setPrivilege(TOUCHPOINT, 'Write', false)
  expect(await crm.describe(tokens, TOUCHPOINT)).toMatchObject({ value: { writable: false } })
})

test('a table that is not there is told as such', async () => {
  const { crm, contoso } = await aWorld()
  const tokens = await logIn(crm)
  contoso.setInstalled(TOUCHPOINT, false)
  expect(await crm.describe(tokens, TOUCHPOINT)).toMatchObject({ kind: 'rejected' })
  expect(await crm.push(tokens, TARGET, records('a'))).toMatchObject({
    kind: 'permission',
    cause: 'role_missing',
    explanation: expect.stringContaining(TOUCHPOINT),
  })
})

test.each([
  [null, /has no alternate key on bizible2_uniqueid/],
  ['Pending', /is still being made/],
  ['Failed', /could not be made/],
] as const)('an alternate key that is %s holds everything, and says what an admin does', async (status, explains) => {
  const { crm, contoso } = await aWorld()
  const tokens = await logIn(crm)
  contoso.setKey(TOUCHPOINT, KEY, status)
  const held = await crm.push(tokens, TARGET, records('a', 'b'))
  expect(held).toMatchObject({ kind: 'permission', cause: 'role_missing' })
  expect(held.kind === 'permission' && held.explanation).toMatch(explains)
  const described = await crm.describe(tokens, TOUCHPOINT)
  expect(described.kind === 'ok' && described.value.fields.some(({ externalId }) => externalId)).toBe(false)
  contoso.setKey(TOUCHPOINT, KEY, 'Active')
  expect((await outcomes(crm, tokens, records('a'))).map(({ kind }) => kind)).toEqual(['pushed'])
})

test('a key that goes away while its table is remembered holds, too', async () => {
  const { crm, contoso } = await aWorld()
  const tokens = await logIn(crm)
  await crm.push(tokens, TARGET, records('a'))
  contoso.setKey(TOUCHPOINT, KEY, null)
  expect(await outcomes(crm, tokens, records('b'))).toMatchObject([
    { kind: 'held', verdict: { explanation: expect.stringContaining('alternate key') } },
  ])
  expect(await crm.push(tokens, TARGET, records('b'))).toMatchObject({ kind: 'permission', code: 'alternate_key_missing' })
})

test('a repeated push changes nothing', async () => {
  const { crm, contoso } = await aWorld()
  const tokens = await logIn(crm)
  for (const _ of [1, 2]) {
    expect((await outcomes(crm, tokens, records('a', 'b'))).map(({ kind }) => kind)).toEqual(['pushed', 'pushed'])
  }
  expect([...contoso.records(TOUCHPOINT).keys()]).toEqual(['a', 'b'])
  expect(contoso.counts(TOUCHPOINT)).toMatchObject({ created: 2, updated: 2 })
  expect(contoso.records(TOUCHPOINT).get('a')?.fields).toEqual({
    [KEY]: 'a',
    bizible2_touchpoint_date: '2026-11-20T10:00:00Z',
    bizible2_medium: 'cpc',
  })
})

test.each(['after_commit', 'before_commit'] as const)(
  'a push whose answer was lost %s is repeated without harm',
  async (kind) => {
    const { crm, contoso } = await aWorld()
    const tokens = await logIn(crm)
    await crm.describe(tokens, TOUCHPOINT)
    contoso.dropAnswers(2, kind) // a kept connection that breaks is tried once more by itself
    expect(await crm.push(tokens, TARGET, records('a', 'x/1'))).toMatchObject({ kind: 'transient' })
    contoso.dropAnswers(0, kind)
    await crm.push(tokens, TARGET, records('a', 'x/1'))
    expect([...contoso.records(TOUCHPOINT).keys()].sort()).toEqual(['a', 'x/1'])
    expect(contoso.counts(TOUCHPOINT).created).toBe(2)
  },
)

/** What stands in URLs, in quotes, in headers and in JSON; and what the documentation says does not work in a key. */
const STRANGE_IDS = [
  "it's",
  "''",
  'a/b',
  '/',
  'a\\b',
  '50%',
  'a+b',
  'a b',
  ' a',
  'a#b',
  'a?b=c&d',
  'a:b',
  '<a>*',
  'ünïcödé-日本-🔑',
  '(a),b=c',
  '$1@x;y',
  '"q"',
  'tab\there',
  'line\r\n--batch_redkey--',
  `${'x'.repeat(254)}'`,
]

test('any id survives, and is one record however often it is pushed', async () => {
  const { crm, contoso } = await aWorld()
  const tokens = await logIn(crm)
  const all = records(...STRANGE_IDS)
  for (const _ of [1, 2]) expect((await outcomes(crm, tokens, all)).map(({ kind }) => kind)).toEqual(all.map(() => 'pushed'))
  expect([...contoso.records(TOUCHPOINT).values()].map(({ fields }) => fields[KEY]).sort()).toEqual([...STRANGE_IDS].sort())
  expect(contoso.counts(TOUCHPOINT)).toEqual({ created: STRANGE_IDS.length, updated: STRANGE_IDS.length, refused: 0 })
})

test('ids are compared as Dynamics compares them, without case', async () => {
  const { crm, contoso } = await aWorld()
  const tokens = await logIn(crm)
  await crm.push(tokens, TARGET, records('Touch/1', 'Touch-2'))
  await crm.push(tokens, TARGET, records('TOUCH/1', 'TOUCH-2'))
  expect(contoso.counts(TOUCHPOINT)).toMatchObject({ created: 2, updated: 2 })
})

test('lookups are written by the records that they point to, and cleared', async () => {
  const { crm, contoso } = await aWorld()
  const tokens = await logIn(crm)
  const [contactId] = [...contoso.records('contact').keys()]
  const [record] = records('a')
  await outcomes(crm, tokens, [{ ...record, bizible2_contactid: contactId ?? '' }])
  expect(contoso.records(TOUCHPOINT).get('a')?.fields.bizible2_contactid).toBe(contactId)
  await outcomes(crm, tokens, [{ ...record, bizible2_contactid: null }])
  expect(contoso.records(TOUCHPOINT).get('a')?.fields.bizible2_contactid).toBeNull()
  const nobody = '00000000-0000-4000-8000-000000000000'
  expect(
    await outcomes(crm, tokens, [
      { ...record, bizible2_contactid: nobody },
      { ...record, [KEY]: 'b', bizible2_contactid: '003Qx00000ABC' },
      { ...record, [KEY]: 'c' },
    ]),
  ).toMatchObject([
    { kind: 'rejected', code: '0x80040217' },
    { kind: 'rejected', code: 'not_a_record_id', field: 'bizible2_contactid' },
    { kind: 'pushed' },
  ])
})

test('bad, locked and unshared records are told apart, and the good ones stand', async () => {
  const { crm, contoso } = await aWorld()
  const tokens = await logIn(crm)
  contoso.rejectRecords({ matches: (id) => id === 'bad' })
  contoso.lockRows({ times: 1, matches: (id) => id === 'locked' })
  contoso.unshareRecords({ matches: (id) => id === 'unshared' })
  const pushed = [...records('good', 'bad', 'locked', 'unshared'), { ...records('long')[0], bizible2_medium: 'x'.repeat(256) }]
  expect(await outcomes(crm, tokens, pushed)).toEqual([
    { kind: 'pushed', created: false },
    {
      kind: 'rejected',
      code: '0x80040265',
      message: 'A touchpoint must belong to an open marketing campaign.',
      field: null,
    },
    { kind: 'retry', code: '0x80044151', message: 'SQL timeout expired.' },
    expect.objectContaining({ kind: 'rejected', code: '0x80048306' }),
    expect.objectContaining({ kind: 'rejected', code: '0x80044331', field: 'bizible2_medium' }),
  ])
  expect((await outcomes(crm, tokens, records('locked'))).map(({ kind }) => kind)).toEqual(['pushed'])
})

test('a missing column, a secured one and a missing right hold the outbox instead of refusing records', async () => {
  const { crm, contoso } = await aWorld()
  const tokens = await logIn(crm)
  const heldBy = async () => {
    const [outcome] = await outcomes(crm, tokens, records('a'))
    return outcome?.kind === 'held' ? outcome.verdict.explanation : outcome?.kind
  }
  contoso.removeColumn(TOUCHPOINT, 'bizible2_medium')
  expect(await heldBy()).toContain('bizible2_medium')
  contoso.restoreColumn(TOUCHPOINT, 'bizible2_medium')
  contoso.secureColumn(TOUCHPOINT, 'bizible2_medium', true)
  expect(await heldBy()).toContain('secured')
  contoso.secureColumn(TOUCHPOINT, 'bizible2_medium', false)
  contoso.setPrivilege(TOUCHPOINT, 'Create', false)
  expect(await heldBy()).toContain(`the privilege Create on ${TOUCHPOINT}`)
  contoso.setPrivilege(TOUCHPOINT, 'Create', true)
  contoso.switches.full = true
  expect(await heldBy()).toContain('no storage left')
  contoso.switches.full = false
  expect(await heldBy()).toBe('pushed')
})

test('a limit in the middle of a batch is waited for, and what was written stands', async () => {
  const { crm, contoso } = await aWorld()
  const tokens = await logIn(crm)
  contoso.switches.limitedFromPart = 2
  expect((await outcomes(crm, tokens, records('a', 'b', 'c'))).map(({ kind }) => kind)).toEqual(['pushed', 'pushed', 'retry'])
  contoso.switches.limitedFromPart = 0
  expect(await crm.push(tokens, TARGET, records('c'))).toMatchObject({ kind: 'rate_limited', retryAfterMs: 30_000 })
})

test('a session that ends under a push is renewed, not held against the records', async () => {
  const { crm, contoso } = await aWorld()
  const tokens = await logIn(crm)
  await crm.push(tokens, TARGET, records('a'))
  contoso.expireAccessTokens()
  expect(await crm.push(tokens, TARGET, records('b'))).toMatchObject({ kind: 'refresh' })
})

test('a full batch goes in one call', async () => {
  const { crm, contoso } = await aWorld()
  const tokens = await logIn(crm)
  await crm.push(tokens, TARGET, records('first'))
  contoso.calls.clear()
  const ids = Array.from({ length: crm.batchSize }, (_, place) => `tp-${place}`)
  expect((await outcomes(crm, tokens, records(...ids))).every(({ kind }) => kind === 'pushed')).toBe(true)
  expect(contoso.calls.list()).toMatchObject([{ path: '/api/data/v9.2/$batch', records: crm.batchSize }])
})

test('every control of the panel does something and says so', async () => {
  const { fake } = await aWorld()
  const ids = fake.panelGroups().flatMap(({ controls }) => controls.map(({ id }) => id))
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(await fake.run(id)).toMatch(/^\S.+\.$/)
  await expect(fake.run('nonsense')).rejects.toThrow('nonsense')
})
