import { expect, onTestFinished, test } from 'vitest'
import { startFakeGoogle } from '../../../src/sandbox/providers/google/fake-google.ts'
import { signIn } from '../../../src/sandbox/providers/sign-in.ts'

const REDIRECT_URI = 'http://localhost:3000/oauth/callback/google-ads'
const ADWORDS = 'https://www.googleapis.com/auth/adwords'

async function aFake() {
  const fake = await startFakeGoogle({ port: 0, clientId: 'client', clientSecret: 'secret', redirectUris: [REDIRECT_URI] })
  onTestFinished(fake.close)
  const post = async (path: string, form: Record<string, string>) => {
    const answer = await fetch(`${fake.url}${path}`, { method: 'POST', body: new URLSearchParams(form) })
    return { status: answer.status, json: (await answer.json()) as Record<string, unknown> }
  }
  const authorize = (parameters: Record<string, string>) => {
    const asked = {
      response_type: 'code',
      client_id: 'client',
      redirect_uri: REDIRECT_URI,
      scope: `openid email ${ADWORDS}`,
      ...parameters,
    }
    return `${fake.url}/o/oauth2/v2/auth?${new URLSearchParams(asked)}`
  }
  const client = { client_id: 'client', client_secret: 'secret' }
  const logIn = async () => {
    const callback = new URL(await signIn(authorize({ state: 's' }), { org: 'Acme Inc', username: 'ana@acme.example' }))
    const form = {
      ...client,
      grant_type: 'authorization_code',
      code: callback.searchParams.get('code') ?? '',
      redirect_uri: REDIRECT_URI,
    }
    return (await post('/token', form)).json
  }
  return { fake, post, authorize, client, logIn }
}

test('a refresh gives no refresh token, and the short life of a login is told only in Testing', async () => {
  const { fake, post, client, logIn } = await aFake()
  const first = await logIn()
  expect(first).toMatchObject({ token_type: 'Bearer', expires_in: 3599, refresh_token: expect.stringMatching(/^1\/\//) })
  expect(first).not.toHaveProperty('refresh_token_expires_in')
  const again = await post('/token', { ...client, grant_type: 'refresh_token', refresh_token: String(first.refresh_token) })
  expect(again.json).not.toHaveProperty('refresh_token')
  fake.switches.isTesting = true
  expect((await logIn()).refresh_token_expires_in).toBeGreaterThan(604_700)
})

test('revoking one token takes every login of that person along', async () => {
  const { post, client, logIn } = await aFake()
  const [first, second] = [await logIn(), await logIn()]
  expect((await post('/revoke', { token: String(first.access_token) })).status).toBe(200)
  const refreshed = await post('/token', { ...client, grant_type: 'refresh_token', refresh_token: String(second.refresh_token) })
  expect(refreshed).toEqual({
    status: 400,
    json: { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' },
  })
  expect((await post('/revoke', { token: 'unknown' })).status).toBe(400)
})

test('a token tells whose it is, and an unknown one nothing', async () => {
  const { post, logIn } = await aFake()
  const { access_token } = await logIn()
  expect((await post('/tokeninfo', { access_token: String(access_token) })).json).toMatchObject({
    email: 'ana@acme.example',
    aud: 'client',
    scope: expect.stringContaining(ADWORDS),
  })
  expect(await post('/tokeninfo', { access_token: 'x' })).toMatchObject({ status: 400, json: { error: 'invalid_token' } })
})

test.each([
  ['another client', { client_id: 'x' }, 'invalid_client'],
  ['another redirect', { redirect_uri: 'http://localhost:3000/elsewhere' }, 'redirect_uri_mismatch'],
  ['a scope that Google lacks', { scope: 'openid everything' }, 'invalid_scope'],
])('%s is told on a page of Google', async (_name, parameters, error) => {
  const { authorize } = await aFake()
  const answer = await fetch(authorize(parameters))
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(error)])
})

test('a version that was retired, and an address that nobody answers', async () => {
  const { fake, logIn } = await aFake()
  const { access_token } = await logIn()
  const headers = { authorization: `Bearer ${access_token}` }
  const old = await fetch(`${fake.url}/v19/customers:listAccessibleCustomers`, { headers })
  expect([old.status, await old.text()]).toEqual([400, expect.stringContaining('UNSUPPORTED_VERSION')])
  const nowhere = await fetch(`${fake.url}/dfareporting/v4/userprofiles`, { headers })
  expect([nowhere.status, await nowhere.text()]).toEqual([404, expect.stringContaining('was not found on this server')])
})

test('each of both providers names what the app must be told', async () => {
  const { fake } = await aFake()
  expect([fake.googleAds.name, fake.cm360.name]).toEqual(['google-ads', 'cm360'])
  expect(fake.googleAds.env).toMatchObject({
    GOOGLE_CLIENT_ID: 'client',
    GOOGLE_ADS_API_URL: fake.url,
    GOOGLE_TOKEN_URL: fake.url,
  })
  expect(fake.cm360.env).toMatchObject({ GOOGLE_CLIENT_ID: 'client', CM360_API_URL: fake.url, GOOGLE_LOGIN_URL: fake.url })
})
