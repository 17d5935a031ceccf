import { expect, onTestFinished, test } from 'vitest'
import type { Tokens } from '../../../../src/domain/provider.ts'
import { entraLogin } from '../../../../src/outbound/providers/entra/login.ts'
import { createHttp } from '../../../../src/outbound/providers/http.ts'
import { type Answering, aClock, aDeadOrigin, answerJson, aServer } from '../a-server.ts'

const SCOPE = 'https://ads.microsoft.com/msads.manage'
const API = 'https://api.example'
const EXCHANGE = { code: 'the-code', codeVerifier: 'the-verifier', redirectUri: 'https://redkey.example/oauth/callback/x' }
const REQUEST = { redirectUri: EXCHANGE.redirectUri, state: 's t', codeChallenge: 'ch', loginHint: null }
const TOKENS: Tokens = {
  accessToken: 'EwB.old',
  refreshToken: 'M.C1.old',
  apiOrigin: API,
  identityUrl: null,
  scopes: [SCOPE],
  accessExpiresAt: null,
  refreshExpiresAt: null,
}
/** Shape: learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow (2026-11). */
const ANSWER = {
  token_type: 'Bearer',
  scope: SCOPE,
  expires_in: 3600,
  ext_expires_in: 3600,
  access_token: 'EwB.new',
  refresh_token: 'M.C1.new',
}

async function aLogin(answering: Answering = (_request, response) => answerJson(response, 200, ANSWER), path = '') {
  const server = await aServer(answering)
  const clock = aClock()
  const http = createHttp(clock, { timeoutMs: 2000 })
  onTestFinished(() => http.close())
  const config = { clientId: 'client', clientSecret: 'secret', loginUrl: server.origin + path }
  const deps = { http, clock, label: 'Microsoft Advertising', scope: SCOPE, tenant: 'common', apiOrigin: API } as const
  return { ...server, clock, login: entraLogin(config, deps) }
}

test('the authorize URL asks for a code with PKCE, for lasting access, and for which account', async () => {
  const { login, origin } = await aLogin()
  const url = new URL(login.authorizationUrl({ ...REQUEST, loginHint: 'ana@acme.example' }))
  expect(url.origin + url.pathname).toBe(`${origin}/common/oauth2/v2.0/authorize`)
  expect(Object.fromEntries(url.searchParams)).toEqual({
    client_id: 'client',
    response_type: 'code',
    redirect_uri: EXCHANGE.redirectUri,
    response_mode: 'query',
    scope: `${SCOPE} offline_access`,
    state: 's t',
    code_challenge: 'ch',
    code_challenge_method: 'S256',
    prompt: 'select_account',
    login_hint: 'ana@acme.example',
  })
  expect(login.authorizationUrl(REQUEST)).not.toContain('login_hint')
  expect(login.client).toEqual({ id: 'client', tokenOrigin: origin })
})

test('the path of the login address names the tenant', async () => {
  for (const path of ['/contoso.onmicrosoft.com', '/contoso.onmicrosoft.com/', '/contoso.onmicrosoft.com/oauth2/v2.0']) {
    const { login, requests } = await aLogin(undefined, path)
    expect(new URL(login.authorizationUrl(REQUEST)).pathname).toBe('/contoso.onmicrosoft.com/oauth2/v2.0/authorize')
    await login.refresh(TOKENS)
    expect(requests.map(({ url }) => url)).toEqual(['/contoso.onmicrosoft.com/oauth2/v2.0/token'])
  }
})

test('a code becomes tokens that end when they say', async () => {
  const { login, clock, requests } = await aLogin()
  expect(await login.exchangeCode(EXCHANGE)).toEqual({
    kind: 'ok',
    value: {
      ...TOKENS,
      accessToken: 'EwB.new',
      refreshToken: 'M.C1.new',
      accessExpiresAt: new Date(clock.now().getTime() + 3600_000),
    },
  })
  expect(Object.fromEntries(new URLSearchParams(requests[0]?.body))).toEqual({
    grant_type: 'authorization_code',
    code: 'the-code',
    code_verifier: 'the-verifier',
    redirect_uri: EXCHANGE.redirectUri,
    scope: `${SCOPE} offline_access`,
    client_id: 'client',
    client_secret: 'secret',
  })
})

test('a refresh takes the new refresh token, and keeps the old one when none comes', async () => {
  const renewing = await aLogin()
  expect(await renewing.login.refresh(TOKENS)).toMatchObject({ kind: 'ok', value: { refreshToken: 'M.C1.new' } })
  expect(Object.fromEntries(new URLSearchParams(renewing.requests[0]?.body))).toMatchObject({
    grant_type: 'refresh_token',
    refresh_token: 'M.C1.old',
    scope: `${SCOPE} offline_access`,
  })
  const keeping = await aLogin((_request, response) =>
    answerJson(response, 200, { ...ANSWER, refresh_token: undefined, scope: undefined }),
  )
  expect(await keeping.login.refresh({ ...TOKENS, scopes: ['a'] })).toMatchObject({
    kind: 'ok',
    value: { accessToken: 'EwB.new', refreshToken: 'M.C1.old', scopes: ['a'] },
  })
})

test('a login without lasting access says so, and sends nothing', async () => {
  const { login, requests } = await aLogin()
  expect(await login.refresh({ ...TOKENS, refreshToken: null })).toMatchObject({
    cause: 'scope_missing',
    code: 'no_refresh_token',
  })
  expect(requests).toEqual([])
})

test('what is missing is named', async () => {
  const { login } = await aLogin()
  expect(login.missingScopes(TOKENS)).toEqual([])
  expect(login.missingScopes({ ...TOKENS, scopes: ['https://ADS.microsoft.com/msads.manage', 'openid'] })).toEqual([])
  expect(login.missingScopes({ ...TOKENS, scopes: ['openid'], refreshToken: null })).toEqual([SCOPE, 'offline_access'])
})

test('a refusal, a page, a redirect and silence are verdicts', async () => {
  const refusing = await aLogin((_request, response) =>
    answerJson(response, 400, { error: 'invalid_grant', error_description: 'AADSTS50173: x', error_codes: [50173] }),
  )
  expect(await refusing.login.refresh(TOKENS)).toMatchObject({ kind: 'authorization_required', code: 'AADSTS50173' })
  const page = await aLogin((_request, response) => void response.end('<html>'))
  expect((await page.login.exchangeCode(EXCHANGE)).kind).toBe('transient')
  const moved = await aLogin((_request, response) => void response.writeHead(302, { location: 'https://evil.example' }).end())
  expect((await moved.login.exchangeCode(EXCHANGE)).kind).toBe('transient')
  const config = { clientId: 'client', clientSecret: 'secret', loginUrl: await aDeadOrigin() }
  const http = createHttp(aClock(), { timeoutMs: 2000 })
  onTestFinished(() => http.close())
  const deps = { http, clock: aClock(), label: 'Dynamics 365', scope: SCOPE, tenant: 'organizations', apiOrigin: API } as const
  expect(await entraLogin(config, deps).refresh(TOKENS)).toMatchObject({ kind: 'transient', code: 'no_answer_refused' })
})
