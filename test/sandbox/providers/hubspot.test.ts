import { expect, onTestFinished, test } from 'vitest'
import { startFakeHubSpot } from '../../../src/sandbox/providers/hubspot/fake-hubspot.ts'
import { signIn } from '../../../src/sandbox/providers/sign-in.ts'

const REDIRECT_URI = 'http://localhost:3000/oauth/callback/hubspot'
const SCOPE = 'oauth crm.objects.custom.read crm.objects.custom.write crm.schemas.custom.read'
const CLIENT = { client_id: 'client', client_secret: 'secret' }

async function aFake() {
  const fake = await startFakeHubSpot({ clientId: 'client', clientSecret: 'secret', port: 0, redirectUris: [REDIRECT_URI] })
  onTestFinished(() => fake.close())
  return { fake, acme: fake.portal('acme.example') }
}

type Fake = Awaited<ReturnType<typeof aFake>>['fake']

function authorizeUrl(fake: Fake, overrides: Record<string, string> = {}): string {
  const query = { client_id: 'client', redirect_uri: REDIRECT_URI, scope: SCOPE, state: 's', ...overrides }
  return `${fake.url}/oauth/authorize?${new URLSearchParams(query)}`
}

async function post(
  fake: Fake,
  path: string,
  form: Record<string, string>,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${fake.url}/oauth/2026-03/token${path}`, { method: 'POST', body: new URLSearchParams(form) })
  const text = await response.text()
  return { status: response.status, body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {} }
}

async function logIn(fake: Fake): Promise<{ access: string; refresh: string }> {
  const back = new URL(await signIn(authorizeUrl(fake), { org: 'acme.example', username: 'redkey@acme.example' }))
  const form = {
    ...CLIENT,
    grant_type: 'authorization_code',
    code: back.searchParams.get('code') ?? '',
    redirect_uri: REDIRECT_URI,
  }
  const { body } = await post(fake, '', form)
  return { access: String(body.access_token), refresh: String(body.refresh_token) }
}

async function call(fake: Fake, access: string, path: string, body?: unknown) {
  const response = await fetch(`${fake.url}${path}`, {
    headers: { authorization: `Bearer ${access}` },
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  })
  return { status: response.status, text: await response.text(), headers: response.headers }
}

const SCHEMAS = '/crm-object-schemas/2026-03/schemas'
const UPSERT = '/crm/objects/2026-03/2-3465404/batch/upsert'

test.each<[string, Record<string, string>, RegExp]>([
  ['fewer scopes than the app is set up with', { scope: 'oauth' }, /scopes are insufficient/],
  ['more scopes', { scope: `${SCOPE} crm.objects.deals.read` }, /mismatch between the scopes/],
  ['an optional scope that the app has not', { optional_scope: 'crm.objects.deals.read' }, /mismatch between the scopes/],
  ['another redirect URL', { redirect_uri: 'https://evil.example' }, /registered redirect URL/],
  ['another app', { client_id: 'other' }, /app is unknown/],
])('a login with %s ends on a page of HubSpot', async (_name, overrides, text) => {
  const { fake } = await aFake()
  const login = signIn(authorizeUrl(fake, overrides), { org: 'acme.example', username: 'redkey@acme.example' })
  await expect(login).rejects.toThrow(text)
})

test('tokens are known until they are revoked', async () => {
  const { fake } = await aFake()
  const { access, refresh } = await logIn(fake)
  expect(await post(fake, '/introspect', { ...CLIENT, token: access })).toMatchObject({
    body: { active: true, hub_id: 1234567, user: 'redkey@acme.example', token_use: 'access_token' },
  })
  expect((await post(fake, '/introspect', { ...CLIENT, token: refresh })).body).toMatchObject({ token_use: 'refresh_token' })
  expect((await post(fake, '/revoke', { ...CLIENT, token: refresh })).status).toBe(200)
  for (const token of [access, refresh])
    expect((await post(fake, '/introspect', { ...CLIENT, token })).body).toEqual({ active: false })
})

test('without trace ids one bad record fails a batch', async () => {
  const { fake, acme } = await aFake()
  const { access } = await logIn(fake)
  const inputs = [
    { id: 'a', idProperty: 'touch_key', properties: { touch_key: 'a' } },
    { id: 'b', idProperty: 'touch_key', properties: { touch_key: 'b', nope: '1' } },
  ]
  expect(await call(fake, access, UPSERT, { inputs })).toMatchObject({ status: 400 })
  expect(acme.records().size).toBe(0)
})

test.each<[string, unknown, RegExp]>([
  ['text', 'x', /Invalid input JSON/],
  ['one id twice', { inputs: [1, 2].map(() => ({ id: 'a', idProperty: 'touch_key', properties: {} })) }, /Duplicate IDs/],
  [
    '101 records',
    { inputs: Array.from({ length: 101 }, (_, id) => ({ id: `${id}`, idProperty: 'touch_key' })) },
    /maximum number/,
  ],
])('a batch of %s is refused', async (_name, body, text) => {
  const { fake } = await aFake()
  const { access } = await logIn(fake)
  const answer = await call(fake, access, UPSERT, body)
  expect(answer.status).toBe(400)
  expect(answer.text).toMatch(text)
})

test('an object answers to three names, and one schema can be asked for', async () => {
  const { fake } = await aFake()
  const { access } = await logIn(fake)
  for (const name of ['2-3465404', 'p1234567_redkey_touchpoint', 'p_redkey_touchpoint'])
    expect((await call(fake, access, `${SCHEMAS}/${name}`)).text).toContain('"touch_key"')
  expect((await call(fake, access, `${SCHEMAS}/redkey_touchpoint`)).status).toBe(404)
  expect((await call(fake, 'nonsense', SCHEMAS)).text).toContain('INVALID_AUTHENTICATION')
})

test('every toggle of the panel breaks something, and mends it again', async () => {
  const { fake } = await aFake()
  const { access } = await logIn(fake)
  const inputs = [
    { id: 'tp-5', idProperty: 'touch_key', objectWriteTraceId: '1', properties: { touch_key: 'tp-5', medium: 'cpc' } },
  ]
  const world = async () => {
    const answers = [
      await call(fake, access, UPSERT, { inputs }),
      await call(fake, access, SCHEMAS),
      await post(fake, '/introspect', { ...CLIENT, token: access }),
    ]
    return answers.map(({ status }) => status)
  }
  expect(await world()).toEqual([200, 200, 200])
  const toggles = fake
    .panelGroups()
    .filter(({ title }) => !title.includes('sandbox.'))
    .flatMap(({ controls }) => controls)
    .filter(({ kind, id }) => kind === 'toggle' && id !== 'app-secret')
  expect(toggles.length).toBeGreaterThan(10)
  for (const { id } of toggles) {
    await fake.run(id)
    expect(await world(), id).not.toEqual([200, 200, 200])
    expect(await fake.run(id)).toMatch(/^[^_{}]+\.$/)
    expect(await world(), id).toEqual([200, 200, 200])
  }
})

test('buttons of the panel end access, and an unknown one is refused', async () => {
  const { fake } = await aFake()
  expect(await fake.run('account1-uninstall')).toContain('nobody had connected Redkey')
  const { access, refresh } = await logIn(fake)
  expect(await fake.run('account1-expire')).toContain('Redkey gets a new one')
  expect((await call(fake, access, SCHEMAS)).text).toContain('EXPIRED_AUTHENTICATION')
  await fake.run('app-secret')
  expect((await post(fake, '/introspect', { ...CLIENT, token: refresh })).body).toMatchObject({ status: 'BAD_CLIENT_SECRET' })
  await fake.run('app-secret')
  expect(await fake.run('account1-uninstall')).toContain('redkey@acme.example')
  const refreshed = await post(fake, '', { ...CLIENT, grant_type: 'refresh_token', refresh_token: refresh })
  expect(refreshed).toMatchObject({ status: 400, body: { status: 'BAD_REFRESH_TOKEN' } })
  await expect(fake.run('nonsense')).rejects.toThrow(/no control nonsense/)
})

test('the app is pointed at the fake by its environment alone', async () => {
  const { fake } = await aFake()
  expect(fake.env).toEqual({
    HUBSPOT_CLIENT_ID: 'client',
    HUBSPOT_CLIENT_SECRET: 'secret',
    HUBSPOT_LOGIN_URL: fake.url,
    HUBSPOT_API_URL: fake.url,
  })
})

const DEFINITION = {
  name: 'car',
  labels: { singular: 'Car', plural: 'Cars' },
  properties: [{ name: 'vin', label: 'VIN', type: 'string', fieldType: 'text', hasUniqueValue: true }],
  primaryDisplayProperty: 'vin',
  requiredProperties: ['vin'],
  searchableProperties: [],
  secondaryDisplayProperties: [],
  associatedObjects: [],
  allowsSensitiveProperties: false,
  shouldCreateSameObjectAssociation: false,
}

async function definer() {
  const { fake } = await aFake()
  const url = authorizeUrl(fake, { optional_scope: 'crm.schemas.custom.write' })
  const back = new URL(await signIn(url, { org: 'acme.example', username: 'redkey@acme.example' }))
  const code = back.searchParams.get('code') ?? ''
  const { body } = await post(fake, '', { ...CLIENT, grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI })
  return (path: string, sent?: unknown) => call(fake, String(body.access_token), path, sent)
}

test('an object is made once, and gets properties that it does not have', async () => {
  const ask = await definer()
  expect((await ask(SCHEMAS, DEFINITION)).status).toBe(201)
  expect((await ask(`${SCHEMAS}/p_car`)).text).toContain('"groupName":"car_information"')
  expect((await ask(SCHEMAS, DEFINITION)).status).toBe(409)
  const create = '/crm/properties/2026-03/p_car/batch/create'
  const color = { name: 'color', label: 'Color', type: 'string', fieldType: 'text', groupName: 'car_information' }
  expect((await ask(create, { inputs: [color] })).status).toBe(201)
  expect((await ask(create, { inputs: [color] })).status).toBe(409)
  expect((await ask(create, { inputs: [{ ...color, name: 'size', groupName: undefined }] })).text).toContain('groupName')
  expect((await ask(create.replace('p_car', 'p_bike'), { inputs: [color] })).status).toBe(400)
})

test.each<[string, unknown, RegExp]>([
  ['is no JSON object', null, /Invalid input JSON/],
  ['lacks a member', { ...DEFINITION, labels: undefined }, /not set: \[labels\]/],
  ['has a wrong name', { ...DEFINITION, name: '1 car' }, /not a valid object name/],
  ['names a property that is not there', { ...DEFINITION, searchableProperties: ['wheels'] }, /wheels is not defined/],
  [
    'shows a property in a wrong way',
    { ...DEFINITION, properties: [{ ...DEFINITION.properties[0], type: 'datetime' }] },
    /fieldType text/,
  ],
])('a definition that %s is refused', async (_what, body, says) => {
  const ask = await definer()
  const answer = await ask(SCHEMAS, body)
  expect(answer.status).toBe(400)
  expect(answer.text).toMatch(says)
})

test('without the right nothing is made', async () => {
  const { fake } = await aFake()
  const { access } = await logIn(fake)
  expect((await call(fake, access, SCHEMAS, DEFINITION)).text).toContain('crm.schemas.custom.write')
})
