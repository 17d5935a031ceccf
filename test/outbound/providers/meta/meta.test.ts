import { createHmac } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import type { Tokens } from '../../../../src/domain/provider.ts'
import { createHttp } from '../../../../src/outbound/providers/http.ts'
import { meta } from '../../../../src/outbound/providers/meta/meta.ts'
import { aClock, aDeadOrigin, answerJson, aServer, type SeenRequest } from '../a-server.ts'

type Answers = Readonly<Record<string, (request: SeenRequest, response: ServerResponse) => void>>

const EXCHANGE = { code: 'the-code', codeVerifier: 'the-verifier', redirectUri: 'https://redkey.example/oauth/callback/meta' }
const VALID = {
  is_valid: true,
  scopes: ['ads_read'],
  user_id: '1',
  expires_at: 1_800_000_000,
  data_access_expires_at: 1_799_000_000,
}

/** The adapter against a server that answers by the path behind the version. */
async function aMeta(answers: Answers, config: { readonly apiUrl?: string } = {}) {
  const server = await aServer((request, response) => {
    const path = /^\/v[\d.]+(\/[^?]*)/.exec(request.url)?.[1] ?? ''
    const answer = answers[path]
    if (answer) answer(request, response)
    else answerJson(response, 400, { error: { code: 2500, message: 'Unknown path components' } })
  })
  const clock = aClock()
  const http = createHttp(clock, { timeoutMs: 2000 })
  onTestFinished(() => http.close())
  const urls = { loginUrl: server.origin, apiUrl: server.origin, ...config }
  const provider = meta({ clientId: 'client', clientSecret: 'secret', ...urls }, { http, clock })
  const tokens: Tokens = {
    accessToken: 'EAAB',
    refreshToken: null,
    apiOrigin: urls.apiUrl,
    identityUrl: null,
    scopes: ['ads_read'],
    accessExpiresAt: null,
    refreshExpiresAt: null,
  }
  return { ...server, provider, tokens }
}

const json = (status: number, body: unknown) => (_request: SeenRequest, response: ServerResponse) =>
  answerJson(response, status, body)

test('the login is asked for with PKCE, and for what was declined before', async () => {
  const { provider, origin } = await aMeta({})
  const request = { redirectUri: EXCHANGE.redirectUri, state: 's', codeChallenge: 'c', loginHint: 'ana@acme.example' }
  const url = new URL(provider.authorizationUrl(request))
  expect(url.origin + url.pathname).toBe(`${origin}/v26.0/dialog/oauth`)
  expect(Object.fromEntries(url.searchParams)).toEqual({
    response_type: 'code',
    client_id: 'client',
    redirect_uri: EXCHANGE.redirectUri,
    scope: 'ads_read,ads_management',
    state: 's',
    auth_type: 'rerequest',
    code_challenge: 'c',
    code_challenge_method: 'S256',
  })
})

test('a code becomes a long token, and code and secret stand in no address', async () => {
  let calls = 0
  const { provider, requests, origin } = await aMeta({
    '/oauth/access_token': (_request, response) => {
      calls += 1
      answerJson(response, 200, { access_token: calls === 1 ? 'short' : 'long', token_type: 'bearer' })
    },
    '/debug_token': json(200, { data: VALID }),
  })
  expect(await provider.exchangeCode(EXCHANGE)).toEqual({
    kind: 'ok',
    value: {
      accessToken: 'long',
      refreshToken: null,
      apiOrigin: origin,
      identityUrl: null,
      scopes: ['ads_read'],
      accessExpiresAt: new Date(1_800_000_000_000),
      // The earlier of both ends
      refreshExpiresAt: new Date(1_799_000_000_000),
    },
  })
  const [first, second] = requests.map(({ body }) => Object.fromEntries(new URLSearchParams(body)))
  const client = { client_id: 'client', client_secret: 'secret' }
  expect(first).toEqual({ code: 'the-code', code_verifier: 'the-verifier', redirect_uri: EXCHANGE.redirectUri, ...client })
  expect(second).toEqual({ grant_type: 'fb_exchange_token', fb_exchange_token: 'short', ...client })
  expect(requests.slice(0, 2).map(({ url }) => url)).toEqual(['/v26.0/oauth/access_token', '/v26.0/oauth/access_token'])
})

test('0 means that a token never ends', async () => {
  const { provider, tokens } = await aMeta({
    '/oauth/access_token': json(200, { access_token: 'long' }),
    '/debug_token': json(200, { data: { ...VALID, expires_at: 0, data_access_expires_at: 0 } }),
  })
  expect(await provider.refresh(tokens)).toMatchObject({ kind: 'ok', value: { accessExpiresAt: null, refreshExpiresAt: null } })
})

test('every call has the proof of the app, and the token in the header alone', async () => {
  const { provider, tokens, requests } = await aMeta({ '/act_1': json(200, { id: 'act_1', account_status: 1 }) })
  expect(await provider.probe(tokens, { id: 'act_1', via: null })).toEqual({ kind: 'ok', value: null })
  const proof = createHmac('sha256', 'secret').update('EAAB').digest('hex')
  expect(new URL(requests[0]?.url ?? '', 'http://x').searchParams.get('appsecret_proof')).toBe(proof)
  expect(requests[0]?.headers.authorization).toBe('Bearer EAAB')
  expect(requests[0]?.url).not.toContain('EAAB')
})

test('all pages are read by their cursors, and the address of the next page is never followed', async () => {
  const page = (place: number) => ({
    data: [{ id: `act_${place}`, name: `Account ${place}`, account_status: 1 }],
    paging: { cursors: { after: `c${place}` }, ...(place < 3 && { next: 'https://evil.example/?access_token=x' }) },
  })
  const { provider, tokens, requests } = await aMeta({
    '/me': json(200, { id: '7', name: 'Mia' }),
    '/me/adaccounts': ({ url }, response) => {
      const after = new URL(url, 'http://x').searchParams.get('after')
      answerJson(response, 200, page(after === null ? 1 : Number(after.slice(1)) + 1))
    },
  })
  const identified = await provider.identify(tokens)
  expect(identified.kind === 'ok' && identified.value.accounts.map(({ id }) => id)).toEqual(['act_1', 'act_2', 'act_3'])
  expect(requests).toHaveLength(4)
})

test('a wrong secret at the inspection accuses nobody’s login', async () => {
  const { provider, tokens } = await aMeta({
    '/debug_token': json(400, { error: { code: 190, message: 'Invalid OAuth access token signature.' } }),
  })
  expect(await provider.probeLogin?.(tokens)).toMatchObject({ kind: 'misconfigured' })
})

test('a refusal without a reason is settled by inspecting the token', async () => {
  const refused = json(400, { error: { code: 190, message: 'Invalid OAuth access token.' } })
  const account = { id: 'act_1', via: null }
  const alive = await aMeta({ '/act_1': refused, '/debug_token': json(200, { data: VALID }) })
  expect(await alive.provider.probe(alive.tokens, account)).toMatchObject({ kind: 'transient' })
  const dead = await aMeta({ '/act_1': refused, '/debug_token': json(200, { data: { is_valid: false } }) })
  expect(await dead.provider.probe(dead.tokens, account)).toMatchObject({ kind: 'authorization_required', certain: true })
  const silent = await aMeta({ '/act_1': refused, '/debug_token': json(500, {}) })
  expect(await silent.provider.probe(silent.tokens, account)).toMatchObject({ kind: 'authorization_required', certain: false })
})

test('no token goes to another host', async () => {
  const { provider, tokens, requests } = await aMeta({})
  for (const apiOrigin of ['https://evil.example', 'http://graph.facebook.com', 'https://graph.facebook.com.evil.example']) {
    expect(await provider.probe({ ...tokens, apiOrigin }, { id: 'act_1', via: null })).toMatchObject({ code: 'api_host_refused' })
  }
  expect(requests).toEqual([])
})

test('another account than the one asked for, a page, and silence pass', async () => {
  const other = await aMeta({ '/act_1': json(200, { id: 'act_2' }) })
  expect((await other.provider.probe(other.tokens, { id: 'act_1', via: null })).kind).toBe('transient')
  const page = await aMeta({ '/oauth/access_token': (_request, response) => void response.writeHead(200).end('<html>') })
  expect((await page.provider.exchangeCode(EXCHANGE)).kind).toBe('transient')
  const absent = await aMeta({}, { apiUrl: await aDeadOrigin() })
  expect(await absent.provider.refresh(absent.tokens)).toMatchObject({ kind: 'transient', code: 'no_answer_refused' })
})
