import type { ServerResponse } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Tokens } from '../../../../src/domain/provider.ts'
import { createHttp } from '../../../../src/outbound/providers/http.ts'
import { MICROSOFT_ADS_SCOPES, microsoftAds } from '../../../../src/outbound/providers/microsoft-ads/microsoft-ads.ts'
import { aClock, answerJson, aServer, type SeenRequest } from '../a-server.ts'

const USER = '/CustomerManagement/v13/User/Query'
const SEARCH = '/CustomerManagement/v13/Accounts/Search'
const ACCOUNT = '/CustomerManagement/v13/Account/Query'

type Answers = Readonly<Record<string, (request: SeenRequest, response: ServerResponse) => void>>

/** The adapter against a server that answers by path. */
async function anAds(answers: Answers = {}) {
  const server = await aServer((request, response) => {
    const answer = answers[request.url]
    if (answer) return answer(request, response)
    response.writeHead(404).end()
  })
  const clock = aClock()
  const http = createHttp(clock, { timeoutMs: 2000 })
  onTestFinished(() => http.close())
  const config = {
    clientId: 'client',
    clientSecret: 'secret',
    loginUrl: server.origin,
    developerToken: 'dev',
    apiUrl: server.origin,
  }
  const tokens = (leftMs: number): Tokens => ({
    accessToken: 'EwB.access',
    refreshToken: 'M.C1.refresh',
    apiOrigin: server.origin,
    identityUrl: null,
    scopes: [MICROSOFT_ADS_SCOPES[0]],
    accessExpiresAt: new Date(clock.now().getTime() + leftMs),
    refreshExpiresAt: null,
  })
  return {
    ...server,
    ads: microsoftAds(config, { http, clock }),
    tokens: tokens(30 * 60_000),
    fresh: tokens(60 * 60_000),
    config,
    http,
    clock,
  }
}

const json = (status: number, body: unknown) => (_request: SeenRequest, response: ServerResponse) =>
  answerJson(response, status, body)
const user = json(200, { User: { Id: '42', UserName: 'ana@acme.example' }, CustomerRoles: [] })
const fault = (Code: number, ErrorCode: string, Message = '') =>
  json(400, { TrackingId: 'x', Errors: [{ Code, ErrorCode, Message }] })

test('the login asks for work and personal accounts, and for lasting access', async () => {
  const { ads } = await anAds()
  const url = new URL(
    ads.authorizationUrl({ redirectUri: 'https://r.example/cb', state: 's', codeChallenge: 'c', loginHint: null }),
  )
  expect(url.pathname).toBe('/common/oauth2/v2.0/authorize')
  expect(url.searchParams.get('scope')).toBe(MICROSOFT_ADS_SCOPES.join(' '))
})

describe('who logged in', () => {
  test('comes with all accounts, page by page, each with the customer that owns it', async () => {
    const page = (index: number) =>
      Array.from({ length: index === 0 ? 1000 : 2 }, (_, place) => ({
        Id: index * 1000 + place + 1,
        Name: `Account ${index}-${place}`,
        Number: 'F1',
        ParentCustomerId: '77',
      }))
    const { ads, tokens, requests } = await anAds({
      [USER]: user,
      [SEARCH]: (request, response) => answerJson(response, 200, { Accounts: page(JSON.parse(request.body).PageInfo.Index) }),
    })
    const asked = await ads.identify(tokens)
    if (asked.kind !== 'ok') throw new Error(asked.code)
    expect(asked.value).toMatchObject({ userId: '42', username: 'ana@acme.example' })
    expect(asked.value.accounts).toHaveLength(1002)
    expect(asked.value.accounts[0]).toEqual({ id: '1', via: '77', name: 'Account 0-0', environment: 'production' })
    expect(requests.map(({ url }) => url)).toEqual([USER, SEARCH, SEARCH])
    expect(JSON.parse(requests[1]?.body ?? '')).toEqual({
      Predicates: [{ Field: 'UserId', Operator: 'Equals', Value: '42' }],
      PageInfo: { Index: 0, Size: 1000 },
    })
    expect(requests[1]?.headers).toMatchObject({ authorization: 'Bearer EwB.access', developertoken: 'dev' })
  })

  test('is asked for page by page no more than twenty times', async () => {
    const page = Array.from({ length: 1000 }, (_, place) => ({ Id: place + 1, Name: 'x' }))
    const { ads, tokens, requests } = await anAds({ [USER]: user, [SEARCH]: json(200, { Accounts: page }) })
    expect(await ads.identify(tokens)).toMatchObject({ kind: 'ok' })
    expect(requests).toHaveLength(21)
  })

  test('is refused without any account', async () => {
    const { ads, tokens } = await anAds({ [USER]: user, [SEARCH]: json(200, { Accounts: [] }) })
    expect(await ads.identify(tokens)).toMatchObject({ kind: 'permission', cause: 'access_lost' })
  })

  test('is not guessed from an answer that does not say it', async () => {
    for (const body of [{}, { User: null }, { User: { Id: null } }, []]) {
      const { ads, tokens } = await anAds({ [USER]: json(200, body) })
      expect(await ads.identify(tokens)).toMatchObject({ kind: 'transient' })
    }
  })
})

describe('the probe', () => {
  test('reads that account, through its customer', async () => {
    const { ads, tokens, requests } = await anAds({
      [ACCOUNT]: json(200, { Account: { Id: 18, AccountLifeCycleStatus: 'Suspended' } }),
    })
    expect(await ads.probe(tokens, { id: '18', via: '77' })).toEqual({ kind: 'ok', value: null })
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({ AccountId: '18' })
    expect(requests[0]?.headers).toMatchObject({ customeraccountid: '18', customerid: '77' })
  })

  test('takes no other account for it', async () => {
    for (const body of [{ Account: null }, { Account: { Id: '19' } }, {}]) {
      const { ads, tokens } = await anAds({ [ACCOUNT]: json(200, body) })
      expect(await ads.probe(tokens, { id: '18', via: null })).toMatchObject({ kind: 'permission', cause: 'access_lost' })
    }
  })

  test('reads an account that is not there as lost access', async () => {
    for (const [code, name] of [
      [119, 'InvalidAccountId'],
      [1102, 'CampaignServiceInvalidAccountId'],
      [2108, ''],
    ] as const) {
      const { ads, tokens } = await anAds({ [ACCOUNT]: fault(code, name, 'The account identifier is invalid.') })
      expect(await ads.probe(tokens, { id: '18', via: null })).toMatchObject({ kind: 'permission', cause: 'access_lost' })
    }
  })

  test('proves the login alone without naming an account', async () => {
    const { ads, tokens, requests } = await anAds({ [USER]: user })
    expect(await ads.probeLogin?.(tokens)).toEqual({ kind: 'ok', value: null })
    expect(requests[0]?.headers).not.toHaveProperty('customeraccountid')
    const dead = await anAds({ [USER]: fault(109, 'AuthenticationTokenExpired') })
    expect(await dead.ads.probeLogin?.(dead.tokens)).toMatchObject({ kind: 'refresh' })
  })

  test('finds an error under 200, and a page under 200', async () => {
    const hidden = await anAds({ [ACCOUNT]: json(200, { OperationErrors: [{ Code: 106, ErrorCode: 'UserIsNotAuthorized' }] }) })
    expect(await hidden.ads.probe(hidden.tokens, { id: '18', via: null })).toMatchObject({ kind: 'permission' })
    const page = await anAds({ [ACCOUNT]: (_request, response) => void response.end('<html>') })
    expect(await page.ads.probe(page.tokens, { id: '18', via: null })).toMatchObject({ kind: 'transient' })
    const empty = await anAds({ [ACCOUNT]: (_request, response) => void response.end('') })
    expect(await empty.ads.probe(empty.tokens, { id: '18', via: null })).toMatchObject({ kind: 'transient' })
  })
})

describe('credentials that are called invalid', () => {
  const said = [
    'Authentication failed. Either supplied credentials are invalid or the account is inactive',
    'Authentication failed.',
  ]

  test('are first tried with a fresh access token', async () => {
    for (const message of said) {
      const { ads, tokens } = await anAds({ [USER]: fault(105, 'InvalidCredentials', message) })
      expect(await ads.identify(tokens)).toMatchObject({ kind: 'refresh' })
      expect(await ads.identify({ ...tokens, accessExpiresAt: null })).toMatchObject({ kind: 'refresh' })
    }
  })

  test('are ours when a fresh access token is refused as well', async () => {
    for (const message of said) {
      const { ads, fresh } = await anAds({ [USER]: fault(105, 'InvalidCredentials', message) })
      expect(await ads.identify(fresh)).toMatchObject({ kind: 'misconfigured' })
    }
  })

  test('are those of the user when the answer says so', async () => {
    const { ads, fresh } = await anAds({ [USER]: fault(105, 'InvalidCredentials', 'UserNotFound') })
    expect(await ads.identify(fresh)).toMatchObject({ kind: 'authorization_required', cause: 'user_inactive', certain: false })
  })
})

describe('tokens', () => {
  test('go to the configured address only', async () => {
    const { ads, tokens, requests } = await anAds({ [USER]: user })
    for (const apiOrigin of ['https://evil.example', 'https://clientcenter.api.bingads.microsoft.com', 'http://127.0.0.1:1'])
      expect(await ads.probe({ ...tokens, apiOrigin }, { id: '18', via: null })).toMatchObject({ code: 'api_host_refused' })
    expect(requests).toEqual([])
  })

  test('are for the documented host where none is configured', async () => {
    const { http, clock, config, origin } = await anAds()
    const answering = await aServer((_request, response) => answerJson(response, 200, { access_token: 'a', expires_in: 3600 }))
    const ads = microsoftAds({ ...config, loginUrl: answering.origin, apiUrl: null }, { http, clock })
    const exchanged = await ads.exchangeCode({ code: 'c', codeVerifier: 'v', redirectUri: 'https://r.example' })
    expect(exchanged).toMatchObject({ kind: 'ok', value: { apiOrigin: 'https://clientcenter.api.bingads.microsoft.com' } })
    const elsewhere = exchanged.kind === 'ok' ? { ...exchanged.value, apiOrigin: origin } : null
    expect(elsewhere && (await ads.probe(elsewhere, { id: '18', via: null }))).toMatchObject({ code: 'api_host_refused' })
  })

  test('are not followed to another host', async () => {
    const other = await aServer((_request, response) => void response.end())
    const { ads, tokens } = await anAds({
      [USER]: (_request, response) => void response.writeHead(307, { location: other.origin }).end(),
    })
    expect(await ads.identify(tokens)).toMatchObject({ kind: 'transient' })
    expect(other.requests).toEqual([])
  })
})
