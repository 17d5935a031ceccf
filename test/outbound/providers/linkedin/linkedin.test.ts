import { expect, test } from 'vitest'
import { LINKEDIN_SCOPES } from '../../../../src/outbound/providers/linkedin/linkedin.ts'
import { answerJson } from '../a-server.ts'
import { account, aLinkedIn, json } from './a-linkedin.ts'

const EXCHANGE = { code: 'the-code', codeVerifier: 'the-verifier', redirectUri: 'https://redkey.example/oauth/callback/linkedin' }
const TOKEN = '/oauth/v2/accessToken'

test('the login is asked for without PKCE', async () => {
  const { provider, origin } = await aLinkedIn({})
  const request = { redirectUri: EXCHANGE.redirectUri, state: 's', codeChallenge: 'c', loginHint: null }
  const url = new URL(provider.authorizationUrl(request))
  expect(url.origin + url.pathname).toBe(`${origin}/oauth/v2/authorization`)
  expect(Object.fromEntries(url.searchParams)).toEqual({
    response_type: 'code',
    client_id: 'client',
    redirect_uri: EXCHANGE.redirectUri,
    state: 's',
    scope: 'openid profile rw_ads r_ads_reporting',
  })
})

test('a code is exchanged without a verifier, and scopes are read however they are divided', async () => {
  for (const scope of [
    'openid,profile,rw_ads,r_ads_reporting',
    'openid profile rw_ads r_ads_reporting',
    'openid%20profile%20rw_ads%20r_ads_reporting',
  ]) {
    const { provider, requests } = await aLinkedIn({ [TOKEN]: json(200, { access_token: 'AQU', expires_in: 60, scope }) })
    const answer = await provider.exchangeCode(EXCHANGE)
    expect(answer).toMatchObject({ kind: 'ok', value: { scopes: LINKEDIN_SCOPES } })
    expect(Object.fromEntries(new URLSearchParams(requests[0]?.body))).toEqual({
      grant_type: 'authorization_code',
      code: 'the-code',
      redirect_uri: EXCHANGE.redirectUri,
      client_id: 'client',
      client_secret: 'secret',
    })
  }
})

test('a missing scope is named; the right to write covers the right to read', async () => {
  const { provider, tokens } = await aLinkedIn({})
  expect(provider.missingScopes({ ...tokens, scopes: ['openid', 'profile', 'r_ads'] })).toEqual(['r_ads_reporting'])
  expect(provider.missingScopes({ ...tokens, scopes: ['rw_ads', 'r_ads_reporting'] })).toEqual([])
})

test('a refresh may shorten the login, and never lengthens it', async () => {
  const seconds = (date: string) => (Date.parse(date) - Date.parse('2026-11-23T12:00:00Z')) / 1000
  for (const [told, kept] of [
    ['2027-06-01T00:00:00Z', '2027-01-01T00:00:00Z'],
    ['2026-12-24T00:00:00Z', '2026-12-24T00:00:00Z'],
  ] as const) {
    const answer = { access_token: 'new', expires_in: 60, refresh_token_expires_in: seconds(told) }
    const { provider, tokens } = await aLinkedIn({ [TOKEN]: json(200, answer) })
    expect(await provider.refresh(tokens)).toMatchObject({ value: { refreshToken: 'AQW', refreshExpiresAt: new Date(kept) } })
  }
})

test('every call of the API names its version', async () => {
  const { provider, tokens, requests } = await aLinkedIn({ '/rest/adAccounts/5': json(200, { id: 5, status: 'ACTIVE' }) })
  expect(await provider.probe(tokens, account)).toEqual({ kind: 'ok', value: null })
  expect(requests[0]?.headers).toMatchObject({
    authorization: 'Bearer AQU',
    'linkedin-version': expect.stringMatching(/^20\d{4}$/),
    'x-restli-protocol-version': '2.0.0',
  })
})

test('all pages of accounts are read', async () => {
  const { provider, tokens } = await aLinkedIn({
    '/v2/userinfo': json(200, { sub: 'a', name: 'Lea' }),
    '/rest/adAccounts': ({ url }, response) => {
      const place = Number(new URL(url, 'http://x').searchParams.get('pageToken') ?? 0)
      const metadata = place < 2 ? { nextPageToken: String(place + 1) } : {}
      answerJson(response, 200, { elements: [{ id: place, name: `A${place}`, status: 'ACTIVE' }], metadata })
    },
  })
  const identified = await provider.identify(tokens)
  expect(identified.kind === 'ok' && identified.value.accounts.map(({ id }) => id)).toEqual(['0', '1', '2'])
})

test('an empty answer is no proof: the member’s roles decide', async () => {
  const users = (urn: string) => json(200, { elements: [{ account: urn, role: 'VIEWER', user: 'urn:li:person:a' }] })
  for (const empty of [json(200, { elements: [] }), json(404, { status: 404, message: 'Could not find entity' })]) {
    const has = await aLinkedIn({ '/rest/adAccounts/5': empty, '/rest/adAccountUsers': users('urn:li:sponsoredAccount:5') })
    expect((await has.provider.probe(has.tokens, account)).kind).toBe('ok')
    const lost = await aLinkedIn({ '/rest/adAccounts/5': empty, '/rest/adAccountUsers': users('urn:li:sponsoredAccount:55') })
    expect(await lost.provider.probe(lost.tokens, account)).toMatchObject({ kind: 'permission', cause: 'access_lost' })
  }
})

test('no token goes to another host', async () => {
  const { provider, tokens, requests } = await aLinkedIn({})
  expect(await provider.probe({ ...tokens, apiOrigin: 'https://evil.example' }, account)).toMatchObject({
    code: 'api_host_refused',
  })
  expect(requests).toEqual([])
})

test('the introspection is read', async () => {
  const read = async (status: number, body: object) => {
    const { provider, tokens } = await aLinkedIn({ '/oauth/v2/introspectToken': json(status, body) })
    return provider.probeLogin?.(tokens)
  }
  expect(await read(200, { active: true, status: 'active' })).toEqual({ kind: 'ok', value: null })
  expect(await read(200, { active: false, status: 'expired' })).toMatchObject({ kind: 'refresh' })
  expect(await read(200, { active: false, status: 'revoked' })).toMatchObject({ kind: 'authorization_required', certain: false })
  expect(await read(401, { error: 'invalid_client' })).toMatchObject({ kind: 'misconfigured' })
  expect(await read(200, {})).toMatchObject({ kind: 'transient' })
})
