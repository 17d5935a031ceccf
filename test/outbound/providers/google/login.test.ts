import type { ServerResponse } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import type { Tokens } from '../../../../src/domain/provider.ts'
import { CM360_SCOPES, cm360 } from '../../../../src/outbound/providers/cm360/cm360.ts'
import { GOOGLE_ADS_SCOPES, googleAds } from '../../../../src/outbound/providers/google-ads/google-ads.ts'
import { createHttp } from '../../../../src/outbound/providers/http.ts'
import { aClock, aDeadOrigin, answerJson, aServer, type SeenRequest } from '../a-server.ts'

type Answers = Readonly<Record<string, (request: SeenRequest, response: ServerResponse) => void>>

const json = (status: number, body: unknown) => (_request: SeenRequest, response: ServerResponse) =>
  answerJson(response, status, body)

const ADWORDS = 'https://www.googleapis.com/auth/adwords'
const ACCOUNT = { id: '1234567890', via: null }
const PROBE = '/v26/customers/1234567890/googleAds:search'
const WHO = { sub: '110', email: 'ana@acme.example', scope: ADWORDS }

/** Google's accounts and its API as two servers, as they are two hosts. */
async function google(answers: Answers, apiAnswers: Answers = {}) {
  const route = (table: Answers) => (request: SeenRequest, response: ServerResponse) => {
    const answer = table[request.url.split('?')[0] ?? '']
    if (answer) return answer(request, response)
    answerJson(response, 404, { error: { code: 404, message: 'Requested entity was not found.', status: 'NOT_FOUND' } })
  }
  const [accounts, api] = await Promise.all([aServer(route(answers)), aServer(route(apiAnswers))])
  const clock = aClock()
  const http = createHttp(clock, { timeoutMs: 2000 })
  onTestFinished(() => http.close())
  const config = {
    clientId: 'client',
    clientSecret: 'the-secret',
    loginUrl: 'https://accounts.google.com',
    tokenUrl: accounts.origin,
    apiUrl: api.origin,
  }
  const deps = { http, clock }
  return {
    accounts,
    api,
    clock,
    config,
    deps,
    ads: googleAds(config, deps),
    cm: cm360(config, deps),
    tokens: tokensAt(api.origin),
  }
}

function tokensAt(apiOrigin: string, overrides: Partial<Tokens> = {}): Tokens {
  return {
    accessToken: 'ya29.the-access',
    refreshToken: '1//the-refresh',
    apiOrigin,
    identityUrl: null,
    scopes: ['openid', ADWORDS],
    accessExpiresAt: null,
    refreshExpiresAt: null,
    ...overrides,
  }
}

test('the login page is asked for lasting access, with a choice of the account, by PKCE', async () => {
  const { ads, cm } = await google({})
  const request = { redirectUri: 'https://redkey.example/oauth/callback/google-ads', state: 's', codeChallenge: 'c'.repeat(43) }
  const url = new URL(ads.authorizationUrl({ ...request, loginHint: 'ana@acme.example' }))
  expect(`${url.origin}${url.pathname}`).toBe('https://accounts.google.com/o/oauth2/v2/auth')
  expect(Object.fromEntries(url.searchParams)).toEqual({
    response_type: 'code',
    client_id: 'client',
    redirect_uri: request.redirectUri,
    scope: `openid email ${ADWORDS}`,
    state: 's',
    code_challenge: request.codeChallenge,
    code_challenge_method: 'S256',
    access_type: 'offline',
    prompt: 'consent select_account',
    login_hint: 'ana@acme.example',
  })
  const other = new URL(cm.authorizationUrl({ ...request, loginHint: null }))
  expect(other.searchParams.has('login_hint')).toBe(false)
  expect(other.searchParams.get('scope')).toBe(
    'openid email https://www.googleapis.com/auth/dfareporting https://www.googleapis.com/auth/dfatrafficking',
  )
})

test('a code is exchanged once, with verifier and secret, at the token host alone', async () => {
  const { ads, accounts, api, clock } = await google({
    '/token': json(200, {
      access_token: 'a',
      refresh_token: 'r',
      expires_in: 3599,
      scope: `openid ${ADWORDS}`,
      refresh_token_expires_in: '60',
    }),
  })
  const exchanged = await ads.exchangeCode({ code: 'the-code', codeVerifier: 'v', redirectUri: 'https://redkey.example/cb' })
  expect(exchanged).toEqual({
    kind: 'ok',
    value: {
      accessToken: 'a',
      refreshToken: 'r',
      apiOrigin: api.origin,
      identityUrl: null,
      scopes: ['openid', ADWORDS],
      accessExpiresAt: new Date(clock.now().getTime() + 3_599_000),
      refreshExpiresAt: new Date(clock.now().getTime() + 60_000),
    },
  })
  expect(Object.fromEntries(new URLSearchParams(accounts.requests[0]?.body))).toEqual({
    grant_type: 'authorization_code',
    code: 'the-code',
    code_verifier: 'v',
    redirect_uri: 'https://redkey.example/cb',
    client_id: 'client',
    client_secret: 'the-secret',
  })
  expect([accounts.requests.length, api.requests.length]).toEqual([1, 0])
})

test('the scopes that are said to be needed are those that are missed', async () => {
  const { ads, cm, tokens } = await google({})
  expect(ads.missingScopes({ ...tokens, scopes: GOOGLE_ADS_SCOPES.map(({ scope }) => scope) })).toEqual([])
  expect(cm.missingScopes({ ...tokens, scopes: CM360_SCOPES.map(({ scope }) => scope) })).toEqual([])
  expect(cm.missingScopes({ ...tokens, scopes: [] })).toEqual(CM360_SCOPES.map(({ box }) => box))
})

test('a known last day stands when a refresh does not tell it again', async () => {
  const { ads, tokens } = await google({ '/token': json(200, { access_token: 'b', expires_in: 3599 }) })
  const refreshExpiresAt = new Date('2026-11-30T12:00:00Z')
  expect(await ads.refresh({ ...tokens, refreshExpiresAt })).toMatchObject({
    value: { accessToken: 'b', refreshToken: '1//the-refresh', refreshExpiresAt, scopes: tokens.scopes },
  })
})

test('a login without a refresh token is no login that lasts', async () => {
  const { ads, tokens } = await google({})
  const brief = { ...tokens, refreshToken: null }
  expect(ads.missingScopes(brief)).toEqual(['lasting access (a refresh token)'])
  expect(await ads.refresh(brief)).toMatchObject({ kind: 'authorization_required', code: 'no_refresh_token' })
})

test('who logged in is asked with the token in a header, never in an address', async () => {
  const { ads, accounts, api, tokens } = await google(
    { '/tokeninfo': json(200, WHO) },
    {
      '/v26/customers:listAccessibleCustomers': json(200, { resourceNames: ['customers/1234567890', 'nonsense'] }),
      [PROBE]: json(200, { results: [{ customerClient: { id: 1234567890, manager: false } }, { customerClient: {} }, null] }),
    },
  )
  expect(await ads.identify(tokens)).toEqual({
    kind: 'ok',
    value: {
      userId: '110',
      username: 'ana@acme.example',
      accounts: [{ id: '1234567890', via: null, name: '123-456-7890', environment: 'production' }],
    },
  })
  for (const { url, headers } of [...accounts.requests, ...api.requests]) {
    expect(url).not.toContain('ya29')
    expect(headers.authorization).toBe('Bearer ya29.the-access')
    expect(headers).not.toHaveProperty('developer-token')
  }
})

test('the manager account is named in a header, by its digits', async () => {
  const { ads, api, tokens } = await google({}, { [PROBE]: json(200, { results: [] }) })
  await ads.probe(tokens, { id: '123-456-7890', via: '1000000001' })
  await ads.probe(tokens, ACCOUNT)
  expect(api.requests.map(({ headers }) => headers['login-customer-id'])).toEqual(['1000000001', undefined])
})

test('a refusal of another kind is not asked a second time without the manager account', async () => {
  const { ads, api, tokens } = await google(
    {},
    { [PROBE]: json(503, { error: { code: 503, message: 'x', status: 'UNAVAILABLE' } }) },
  )
  expect(await ads.probe(tokens, { ...ACCOUNT, via: '1000000001' })).toMatchObject({ kind: 'transient' })
  expect(api.requests).toHaveLength(1)
})

test('an answer about the person that says nothing passes', async () => {
  for (const [status, body] of [
    [200, {}],
    [200, []],
    [500, {}],
  ] as const) {
    const { ads, tokens } = await google({ '/tokeninfo': json(status, body) })
    expect((await ads.identify(tokens)).kind).toBe('transient')
  }
})

test('a token that is not known any more is renewed, also where the person is asked for', async () => {
  const { ads, tokens } = await google({
    '/tokeninfo': json(400, { error: 'invalid_token', error_description: 'Invalid Value' }),
  })
  expect(await ads.probeLogin?.(tokens)).toMatchObject({ kind: 'refresh' })
})

test('no token goes to a host that is not Google', async () => {
  const { ads, cm, api, accounts } = await google({ '/tokeninfo': json(200, WHO) })
  for (const origin of [
    'https://googleapis.com.evil.example',
    'https://evil.example',
    'http://googleads.googleapis.com',
    'https://10.0.0.1',
  ]) {
    const stray = tokensAt(origin)
    expect(await ads.probe(stray, ACCOUNT)).toMatchObject({ kind: 'misconfigured', code: 'api_host_refused' })
    expect(await cm.probe(stray, { id: '9001', via: '7001' })).toMatchObject({ kind: 'misconfigured', code: 'api_host_refused' })
  }
  expect([api.requests.length, accounts.requests.length]).toEqual([0, 0])
})

test('a page, a broken answer and silence pass', async () => {
  const { ads, cm, tokens, config, deps } = await google(
    {},
    {
      [PROBE]: (_request, response) =>
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in to the Wi-Fi</html>'),
      '/dfareporting/v5/userprofiles/7001/reports': (_request, response) => response.writeHead(200).end('{"items":['),
    },
  )
  expect(await ads.probe(tokens, ACCOUNT)).toMatchObject({ kind: 'transient' })
  expect(await cm.probe(tokens, { id: '9001', via: '7001' })).toMatchObject({ kind: 'transient' })
  const dead = await aDeadOrigin()
  const silent = googleAds({ ...config, tokenUrl: dead, apiUrl: dead }, deps)
  expect(await silent.refresh(tokens)).toMatchObject({ kind: 'transient', code: 'no_answer_refused' })
  expect(await silent.probe(tokensAt(dead), ACCOUNT)).toMatchObject({ kind: 'transient', code: 'no_answer_refused' })
})
