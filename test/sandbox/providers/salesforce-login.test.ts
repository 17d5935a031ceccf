import { describe, expect, test } from 'vitest'
import { signIn } from '../../../src/sandbox/providers/sign-in.ts'
import {
  ANA,
  ANA_UAT,
  aClock,
  aSalesforce,
  authorizeUrl,
  aVerifier,
  CALLBACK,
  codeOf,
  connect,
  get,
  postToken,
  redeem,
} from './salesforce-client.ts'

const MINUTE_MS = 60_000

describe('a login', () => {
  test('comes back with a code and the state, and the code buys tokens of the org', async () => {
    await using salesforce = await aSalesforce({ now: aClock().now })
    const verifier = aVerifier()
    const callback = new URL(await signIn(authorizeUrl(salesforce, verifier), ANA))
    expect(callback.origin + callback.pathname).toBe(CALLBACK)
    expect(callback.searchParams.get('state')).toBe('state-1')

    const response = await redeem(salesforce, callback.searchParams.get('code') ?? '', verifier)
    const token = (await response.json()) as Record<string, string>
    const org = salesforce.org('Acme Inc')
    expect(token).toEqual({
      access_token: expect.stringMatching(/^00D5g00000Acme1![\w-]+$/),
      refresh_token: expect.stringMatching(/^5Aep861[\w-]+$/),
      signature: expect.stringMatching(/^[\w+/]+=$/),
      scope: 'api refresh_token openid',
      instance_url: org.instanceUrl,
      id: `${salesforce.loginUrl}/id/${org.id}/${org.user(ANA.username).id}`,
      token_type: 'Bearer',
      issued_at: String(Date.parse('2026-11-20T09:00:00Z')),
    })
    expect(org.id).toHaveLength(18)
  })

  test('reaches only the org that was chosen', async () => {
    await using salesforce = await aSalesforce()
    const production = await connect(salesforce)
    const uat = await connect(salesforce, ANA_UAT)
    expect(uat.instance_url).not.toBe(production.instance_url)
    expect((await get(uat, '/v67.0/limits')).status).toBe(200)

    const strayed = await get({ ...uat, instance_url: production.instance_url }, '/v67.0/limits')
    expect(strayed.status).toBe(401)
    expect(await strayed.json()).toEqual([{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }])
  })

  test('that is denied comes back as access_denied with the state', async () => {
    await using salesforce = await aSalesforce()
    const callback = new URL(await signIn(authorizeUrl(salesforce, aVerifier()), { ...ANA, allow: false }))
    expect(Object.fromEntries(callback.searchParams)).toEqual({
      error: 'access_denied',
      error_description: 'end-user denied authorization',
      state: 'state-1',
    })
  })

  test('with a wrong password stays on the login page and says so', async () => {
    await using salesforce = await aSalesforce()
    const attempt = signIn(authorizeUrl(salesforce, aVerifier()), { ...ANA, password: 'guess' })
    await expect(attempt).rejects.toThrow('Please check your username and password')
  })

  test('without the scope refresh_token buys no refresh token', async () => {
    await using salesforce = await aSalesforce()
    expect(await connect(salesforce, ANA, { scope: 'api' })).not.toHaveProperty('refresh_token')
  })

  test('without the scope api opens a session that the data API refuses for good', async () => {
    await using salesforce = await aSalesforce()
    const token = await connect(salesforce, ANA, { scope: 'openid refresh_token' })
    const response = await get(token, '/v67.0/limits')
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual([
      { message: 'This session is not valid for use with the REST API', errorCode: 'INVALID_SESSION_ID' },
    ])
  })
})

describe('an authorize request', () => {
  test.each([
    ['an unknown client', { client_id: 'somebody' }, 'error=invalid_client_id&amp;error_description=client identifier invalid'],
    ['a redirect that is not registered', { redirect_uri: `${CALLBACK}/` }, 'error=redirect_uri_mismatch'],
    ['no redirect', { redirect_uri: null }, 'error=redirect_uri_missing'],
  ])('with %s is refused on a page, never by a redirect', async (_case, changes, code) => {
    await using salesforce = await aSalesforce()
    const response = await fetch(authorizeUrl(salesforce, aVerifier(), changes), { redirect: 'manual' })
    expect(response.status).toBe(400)
    expect(response.headers.get('location')).toBeNull()
    expect(await response.text()).toContain(code)
  })

  test.each([
    ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
    ['a scope that the app has not', { scope: 'api visualforce' }, 'invalid_scope'],
    ['no code challenge', { code_challenge: null }, 'invalid_request'],
    ['a challenge in clear', { code_challenge_method: 'plain' }, 'invalid_request'],
  ])('with %s is sent back with the error', async (_case, changes, error) => {
    await using salesforce = await aSalesforce()
    const response = await fetch(authorizeUrl(salesforce, aVerifier(), changes), { redirect: 'manual' })
    const callback = new URL(response.headers.get('location') ?? '')
    expect(callback.href.startsWith(CALLBACK)).toBe(true)
    expect(callback.searchParams.get('error')).toBe(error)
    expect(callback.searchParams.get('state')).toBe('state-1')
    expect(callback.searchParams.has('code')).toBe(false)
  })
})

describe('a code', () => {
  test('is refused with a wrong verifier, and stays good for the right one', async () => {
    await using salesforce = await aSalesforce()
    const verifier = aVerifier()
    const code = await codeOf(salesforce, verifier)
    const wrong = await redeem(salesforce, code, aVerifier())
    expect(wrong.status).toBe(400)
    expect(await wrong.json()).toEqual({ error: 'invalid_grant', error_description: 'invalid code verifier' })
    expect((await redeem(salesforce, code, verifier)).status).toBe(200)
  })

  test('is good once', async () => {
    await using salesforce = await aSalesforce()
    const verifier = aVerifier()
    const code = await codeOf(salesforce, verifier)
    expect((await redeem(salesforce, code, verifier)).status).toBe(200)
    const again = await redeem(salesforce, code, verifier)
    expect(again.status).toBe(400)
    expect(await again.json()).toEqual({ error: 'invalid_grant', error_description: 'expired authorization code' })
  })

  test.each([
    [10 * MINUTE_MS - 1, 200],
    [10 * MINUTE_MS, 400],
  ])('after %d ms answers %d', async (waitedMs, status) => {
    const clock = aClock()
    await using salesforce = await aSalesforce({ now: clock.now })
    const verifier = aVerifier()
    const code = await codeOf(salesforce, verifier)
    clock.turn(waitedMs)
    expect((await redeem(salesforce, code, verifier)).status).toBe(status)
  })

  test('is refused with another redirect and with another client', async () => {
    await using salesforce = await aSalesforce()
    const verifier = aVerifier()
    const code = await codeOf(salesforce, verifier)
    const redirect = await redeem(salesforce, code, verifier, { redirect_uri: 'http://localhost:3000/else' })
    expect(await redirect.json()).toMatchObject({ error: 'redirect_uri_mismatch' })
    const secret = await redeem(salesforce, code, verifier, { client_secret: 'wrong' })
    expect(await secret.json()).toEqual({ error: 'invalid_client', error_description: 'invalid client credentials' })
    const client = await redeem(salesforce, code, verifier, { client_id: 'somebody' })
    expect(await client.json()).toEqual({ error: 'invalid_client_id', error_description: 'client identifier invalid' })
  })

  test('may be redeemed with the client in an Authorization header', async () => {
    await using salesforce = await aSalesforce()
    const verifier = aVerifier()
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      code: await codeOf(salesforce, verifier),
      code_verifier: verifier,
      redirect_uri: CALLBACK,
    })
    const authorization = `Basic ${Buffer.from('3MVG9fake:fake-secret').toString('base64')}`
    const response = await fetch(`${salesforce.loginUrl}/services/oauth2/token`, {
      method: 'POST',
      body,
      headers: { authorization },
    })
    expect(response.status).toBe(200)
  })
})

describe('the login pages', () => {
  test('say in small print that they are a fake, and need no script', async () => {
    await using salesforce = await aSalesforce()
    const html = await (await fetch(authorizeUrl(salesforce, aVerifier()))).text()
    expect(html).toContain('Fake Salesforce login')
    expect(html).not.toContain('<script')
  })

  test('tell who has been deactivated, and let nobody in as them', async () => {
    await using salesforce = await aSalesforce()
    salesforce.org('Acme Inc').setUserActive(ANA.username, false)
    await expect(signIn(authorizeUrl(salesforce, aVerifier()), ANA)).rejects.toThrow('contact your Salesforce administrator')
  })

  test('preselect the user of login_hint', async () => {
    await using salesforce = await aSalesforce()
    const html = await (await fetch(authorizeUrl(salesforce, aVerifier(), { login_hint: 'ops@acme.example' }))).text()
    expect(html).toMatch(/data-username="ops@acme\.example" checked/)
  })

  test('show no name as markup', async () => {
    const orgs = [
      { name: '<b>Org</b>', isSandbox: false, users: [{ username: 'a@b.example', firstName: '"><script>', lastName: 'x' }] },
    ]
    await using salesforce = await aSalesforce({ orgs })
    const html = await (await fetch(authorizeUrl(salesforce, aVerifier()))).text()
    expect(html).not.toMatch(/<b>|<script/)
    const callback = await signIn(authorizeUrl(salesforce, aVerifier()), { org: '<b>Org</b>', username: 'a@b.example' })
    expect(callback).toContain('code=')
  })
})

test('an unknown grant type is refused', async () => {
  await using salesforce = await aSalesforce()
  const response = await postToken(salesforce, { grant_type: 'password' })
  expect(response.status).toBe(400)
  expect(await response.json()).toEqual({ error: 'unsupported_grant_type', error_description: 'grant type not supported' })
})
