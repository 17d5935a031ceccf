import { expect, test } from 'vitest'
import { aHubSpot, json, theTokens } from './a-hubspot.ts'

const TOKEN = '/oauth/2026-03/token'
const ANSWER = {
  token_type: 'bearer',
  refresh_token: 'na1-new',
  access_token: 'fresh',
  hub_id: 1234567,
  scopes: ['oauth', 'crm.objects.custom.read', 'crm.objects.custom.write', 'crm.schemas.custom.read'],
  expires_in: 1800,
}
const EXCHANGE = { code: 'the-code', codeVerifier: 'the-verifier', redirectUri: 'https://redkey.example/oauth/callback/hubspot' }

test('a login goes to the login host, and asks for required and optional scopes', async () => {
  const { crm } = await aHubSpot({})
  const url = new URL(
    crm.authorizationUrl({ redirectUri: EXCHANGE.redirectUri, state: 'a state', codeChallenge: 'abc', loginHint: 'x@y.example' }),
  )
  expect(url.origin + url.pathname).toBe('https://app.hubspot.com/oauth/authorize')
  expect(Object.fromEntries(url.searchParams)).toEqual({
    response_type: 'code',
    client_id: 'client',
    redirect_uri: EXCHANGE.redirectUri,
    scope: 'oauth crm.objects.custom.read crm.objects.custom.write crm.schemas.custom.read',
    optional_scope: 'crm.schemas.custom.write',
    state: 'a state',
    code_challenge: 'abc',
    code_challenge_method: 'S256',
  })
  expect(url.search).not.toContain('+')
})

test('a code is exchanged for tokens of half an hour', async () => {
  const { crm, origin, requests } = await aHubSpot({ [TOKEN]: json(200, ANSWER) })
  expect(await crm.exchangeCode(EXCHANGE)).toEqual({
    kind: 'ok',
    value: {
      accessToken: 'fresh',
      refreshToken: 'na1-new',
      apiOrigin: origin,
      identityUrl: null,
      scopes: ANSWER.scopes,
      accessExpiresAt: new Date('2026-11-23T12:30:00Z'),
      refreshExpiresAt: null,
    },
  })
  expect(Object.fromEntries(new URLSearchParams(requests[0]?.body))).toEqual({
    grant_type: 'authorization_code',
    code: 'the-code',
    code_verifier: 'the-verifier',
    redirect_uri: EXCHANGE.redirectUri,
    client_id: 'client',
    client_secret: 'secret',
  })
})

test('a refresh takes a new refresh token where one comes, and keeps the old one where none does', async () => {
  const { refresh_token: _, ...without } = ANSWER
  const rotating = await aHubSpot({ [TOKEN]: json(200, ANSWER) })
  expect(await rotating.crm.refresh(rotating.tokens)).toMatchObject({ value: { refreshToken: 'na1-new' } })
  const keeping = await aHubSpot({ [TOKEN]: json(200, without) })
  expect(await keeping.crm.refresh(keeping.tokens)).toMatchObject({ value: { refreshToken: 'na1-refresh' } })
  expect(await keeping.crm.refresh({ ...keeping.tokens, refreshToken: null })).toMatchObject({ code: 'no_refresh_token' })
})

test('a refusal at the exchange is no dead login', async () => {
  const refusal = { status: 'BAD_AUTH_CODE', message: 'missing or unknown auth code', error: 'invalid_grant' }
  const { crm } = await aHubSpot({ [TOKEN]: json(400, refusal) })
  expect(await crm.exchangeCode(EXCHANGE)).toMatchObject({ kind: 'authorization_required', cause: 'expired', certain: false })
})

test('scopes that the grant lacks are named; the optional one is not missed', async () => {
  const { crm, tokens } = await aHubSpot({})
  expect(crm.missingScopes(tokens)).toEqual([])
  expect(crm.missingScopes({ ...tokens, scopes: ['oauth', 'crm.objects.custom.read', 'crm.schemas.custom.read'] })).toEqual([
    'crm.objects.custom.write',
  ])
})

const ACTIVE = { active: true, hub_id: 1234567, user_id: 222222, user: 'ana@acme.example', hub_domain: 'acme.example' }
const INTROSPECT = `${TOKEN}/introspect`
const DETAILS = '/account-info/2026-03/details'

test.each([
  ['STANDARD', 'production'],
  ['SANDBOX', 'sandbox'],
  ['DEVELOPER_TEST', 'sandbox'],
  ['APP_DEVELOPER', 'sandbox'],
])('the account is named with its id; %s is %s', async (accountType, environment) => {
  const { crm, tokens, requests } = await aHubSpot({
    [INTROSPECT]: json(200, ACTIVE),
    [DETAILS]: json(200, { portalId: 1234567, accountType, uiDomain: 'app.hubspot.com' }),
  })
  expect(await crm.identify(tokens)).toEqual({
    kind: 'ok',
    value: {
      userId: '222222',
      username: 'ana@acme.example',
      accounts: [{ id: '1234567', via: null, name: 'acme.example (Hub ID 1234567)', environment }],
    },
  })
  expect(requests[0]?.headers.authorization).toBeUndefined()
  expect(requests[1]?.headers.authorization).toBe('Bearer access')
})

test('an account whose details may not be read is taken for production; trouble is told', async () => {
  const closed = { status: 'error', category: 'MISSING_SCOPES', message: 'x' }
  const closedOne = await aHubSpot({ [INTROSPECT]: json(200, ACTIVE), [DETAILS]: json(403, closed) })
  expect(await closedOne.crm.identify(closedOne.tokens)).toMatchObject({ value: { accounts: [{ environment: 'production' }] } })
  const down = await aHubSpot({ [INTROSPECT]: json(200, ACTIVE), [DETAILS]: json(503, {}) })
  expect(await down.crm.identify(down.tokens)).toMatchObject({ kind: 'transient' })
  const gone = await aHubSpot({
    [INTROSPECT]: json(200, ACTIVE),
    [DETAILS]: json(403, { status: 'error', message: 'This account was deactivated' }),
  })
  expect(await gone.crm.identify(gone.tokens)).toMatchObject({ kind: 'permission', cause: 'access_lost' })
})

test('an introspection that names nobody is no identity', async () => {
  const ended = await aHubSpot({ [INTROSPECT]: json(200, { active: false }) })
  expect(await ended.crm.identify(ended.tokens)).toMatchObject({ kind: 'refresh' })
  const strange = await aHubSpot({ [INTROSPECT]: json(200, { active: true }) })
  expect(await strange.crm.identify(strange.tokens)).toMatchObject({ kind: 'transient', code: 'unreadable_identity' })
  const wrong = await aHubSpot({ [INTROSPECT]: json(400, { status: 'BAD_CLIENT_SECRET' }) })
  expect(await wrong.crm.identify(wrong.tokens)).toMatchObject({ kind: 'misconfigured' })
})

test('a token goes to no other host, and no secret to an address that is not HubSpot', async () => {
  const { crm, requests } = await aHubSpot({})
  expect(await crm.probe(theTokens({ apiOrigin: 'https://evil.example' }), { id: '1', via: null })).toMatchObject({
    kind: 'misconfigured',
    code: 'api_host_refused',
  })
  expect(requests).toEqual([])
  const inside = await aHubSpot({}, { apiUrl: 'https://10.0.0.1' })
  expect(await inside.crm.exchangeCode(EXCHANGE)).toMatchObject({ kind: 'misconfigured', code: 'api_host_refused' })
  expect(await inside.crm.identify(inside.tokens)).toMatchObject({ kind: 'misconfigured', code: 'api_host_refused' })
})

test('a probe reads the names of custom objects, and how much of the day is used where that is told', async () => {
  const schemas = '/crm-object-schemas/2026-03/schemas'
  const told = { 'x-hubspot-ratelimit-daily': '250000', 'x-hubspot-ratelimit-daily-remaining': '249000' }
  const one = await aHubSpot({ [schemas]: json(200, { results: [] }, told) })
  expect(await one.crm.probe(one.tokens, { id: '1', via: null })).toEqual({ kind: 'ok', value: { used: 1000, limit: 250_000 } })
  const other = await aHubSpot({ [schemas]: json(200, { results: [] }) })
  expect(await other.crm.probe(other.tokens, { id: '1', via: null })).toEqual({ kind: 'ok', value: null })
  expect(other.requests[0]?.url).toContain('includePropertyDefinitions=false')
})

const SCHEMA = {
  objectTypeId: '2-3465404',
  fullyQualifiedName: 'p1234567_redkey_touchpoint',
  name: 'redkey_touchpoint',
  labels: { singular: 'Touchpoint', plural: 'Touchpoints' },
  properties: [
    { name: 'touch_key', label: 'Key', type: 'string', hasUniqueValue: true, modificationMetadata: { readOnlyValue: false } },
    { name: 'medium', label: 'Medium', type: 'string' },
    { name: 'hs_object_id', label: 'Record ID', type: 'number', modificationMetadata: { readOnlyValue: true } },
    { name: 'score', label: 'Score', type: 'number', calculated: true },
    { name: 'old', label: 'Old', type: 'string', archived: true },
  ],
}

test.each(['2-3465404', 'p1234567_redkey_touchpoint', 'p_redkey_touchpoint'])(
  'an object is found by its name %s',
  async (name) => {
    const { crm, tokens } = await aHubSpot({ '/crm-object-schemas/2026-03/schemas': json(200, { results: [SCHEMA] }) })
    expect(await crm.describe(tokens, name)).toEqual({
      kind: 'ok',
      value: {
        name: 'p1234567_redkey_touchpoint',
        label: 'Touchpoint',
        custom: true,
        writable: true,
        fields: [
          { name: 'touch_key', label: 'Key', type: 'string', writable: true, externalId: true },
          { name: 'medium', label: 'Medium', type: 'string', writable: true, externalId: false },
          { name: 'hs_object_id', label: 'Record ID', type: 'number', writable: false, externalId: false },
          { name: 'score', label: 'Score', type: 'number', writable: false, externalId: false },
        ],
      },
    })
  },
)

test('an object that is not there, was archived, or may not be written is told as such', async () => {
  const there = await aHubSpot({ '/crm-object-schemas/2026-03/schemas': json(200, { results: [{ ...SCHEMA, archived: true }] }) })
  expect(await there.crm.describe(there.tokens, 'p_redkey_touchpoint')).toMatchObject({ kind: 'rejected' })
  expect(await there.crm.describe(there.tokens, 'redkey_touchpoint')).toMatchObject({ kind: 'rejected' })
  const readOnly = await aHubSpot({ '/crm-object-schemas/2026-03/schemas': json(200, { results: [SCHEMA] }) })
  const described = await readOnly.crm.describe({ ...readOnly.tokens, scopes: ['crm.schemas.custom.read'] }, '2-3465404')
  expect(described).toMatchObject({ value: { writable: false } })
})
