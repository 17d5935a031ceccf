import { describe, expect, test } from 'vitest'
import { aDeadOrigin } from '../a-server.ts'
import { aSalesforce, json, theTokens } from './a-salesforce.ts'

const TOKEN = '/services/oauth2/token'

/** Shape: PROVIDERS.md 2.a. */
function tokenAnswer(instanceUrl: string, more: object = {}) {
  return {
    access_token: '00D!new',
    refresh_token: '5Aep861.new',
    signature: 'c2ln',
    scope: 'refresh_token openid api',
    instance_url: instanceUrl,
    id: `${instanceUrl}/id/00D5g000004xxxxEAA/0055g00000yyyyyAAA`,
    token_type: 'Bearer',
    issued_at: '1795460888000',
    ...more,
  }
}

async function answering(more: object | ((origin: string) => object) = {}, config = {}) {
  const world = await aSalesforce(
    {
      [TOKEN]: (_request, response) =>
        response.end(JSON.stringify(tokenAnswer(world.origin, typeof more === 'function' ? more(world.origin) : more))),
    },
    { config },
  )
  return world
}

const EXCHANGE = {
  code: 'the-code',
  codeVerifier: 'the-verifier',
  redirectUri: 'https://redkey.example/oauth/callback/salesforce',
}

describe('the authorize URL', () => {
  test('asks for a code with PKCE, the scopes, and a login that is really shown', async () => {
    const { crm } = await aSalesforce({}, { config: { loginUrl: 'https://acme.my.salesforce.com/' } })
    const url = new URL(
      crm.authorizationUrl({
        redirectUri: EXCHANGE.redirectUri,
        state: 's t',
        codeChallenge: 'ch',
        loginHint: 'ana@acme.example',
      }),
    )
    expect(url.origin + url.pathname).toBe('https://acme.my.salesforce.com/services/oauth2/authorize')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: 'code',
      client_id: 'client',
      redirect_uri: EXCHANGE.redirectUri,
      scope: 'api refresh_token openid',
      state: 's t',
      code_challenge: 'ch',
      code_challenge_method: 'S256',
      prompt: 'login',
      login_hint: 'ana@acme.example',
    })
    expect(crm.client).toEqual({ id: 'client', tokenOrigin: 'https://acme.my.salesforce.com' })
  })

  test('has no hint when there is none', async () => {
    const { crm } = await aSalesforce({})
    expect(crm.authorizationUrl({ redirectUri: 'r', state: 's', codeChallenge: 'c', loginHint: null })).not.toContain(
      'login_hint',
    )
  })
})

describe('exchanging a code', () => {
  test('posts code, verifier and client as a form, and gives the tokens', async () => {
    const { crm, origin, asked } = await answering()
    expect(await crm.exchangeCode(EXCHANGE)).toEqual({
      kind: 'ok',
      value: theTokens({
        accessToken: '00D!new',
        refreshToken: '5Aep861.new',
        apiOrigin: origin,
        identityUrl: `${origin}/id/00D5g000004xxxxEAA/0055g00000yyyyyAAA`,
        scopes: ['refresh_token', 'openid', 'api'],
      }),
    })
    const [request] = asked(TOKEN)
    expect(request?.headers['content-type']).toBe('application/x-www-form-urlencoded')
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      grant_type: 'authorization_code',
      code: 'the-code',
      code_verifier: 'the-verifier',
      redirect_uri: EXCHANGE.redirectUri,
      client_id: 'client',
      client_secret: 'secret',
    })
  })

  test('sends no secret when the app has none', async () => {
    const { crm, asked } = await answering({}, { clientSecret: '' })
    await crm.exchangeCode(EXCHANGE)
    expect(asked(TOKEN)[0]?.body).not.toContain('client_secret')
  })

  test('takes no tokens for an API host that is not of Salesforce', async () => {
    for (const instance_url of ['https://evil.example', 'http://acme.my.salesforce.com', 'https://10.0.0.1', undefined, 7]) {
      const { crm } = await answering({ instance_url })
      expect(await crm.exchangeCode(EXCHANGE)).toMatchObject({ kind: 'misconfigured', code: 'api_host_refused' })
    }
  })

  test('has the scopes that were asked for when the answer names none', async () => {
    const { crm } = await answering({ scope: undefined })
    const answer = await crm.exchangeCode(EXCHANGE)
    expect(answer).toMatchObject({ kind: 'ok', value: { scopes: ['api', 'refresh_token', 'openid'] } })
    expect(answer.kind === 'ok' && crm.missingScopes(answer.value)).toEqual([])
  })

  test('forgets an identity URL that is not of Salesforce', async () => {
    const { crm } = await answering({ id: 'https://evil.example/id/00D/005' })
    expect(await crm.exchangeCode(EXCHANGE)).toMatchObject({ kind: 'ok', value: { identityUrl: null } })
  })

  test('says what a refusal means', async () => {
    const { crm } = await aSalesforce({
      [TOKEN]: json(400, { error: 'invalid_client', error_description: 'invalid client credentials' }),
    })
    expect(await crm.exchangeCode(EXCHANGE)).toMatchObject({ kind: 'misconfigured', code: 'invalid_client' })
  })

  test('an answer without a token, a page, and a redirect pass', async () => {
    for (const [status, body] of [
      [200, '{"token_type":"Bearer"}'],
      [200, '<html>'],
      [302, ''],
    ] as const) {
      const { crm } = await aSalesforce({
        [TOKEN]: (_request, response) => void response.writeHead(status, { location: '/x' }).end(body),
      })
      expect((await crm.exchangeCode(EXCHANGE)).kind).toBe('transient')
    }
  })

  test('no token of an error answer is taken', async () => {
    const { crm } = await aSalesforce({
      [TOKEN]: json(400, { error: 'invalid_grant', access_token: 'x', instance_url: 'https://a.salesforce.com' }),
    })
    expect((await crm.exchangeCode(EXCHANGE)).kind).toBe('authorization_required')
  })
})

describe('refreshing', () => {
  test('sends the refresh token once, and keeps it when the answer brings none', async () => {
    const { crm, tokens, asked } = await answering({ refresh_token: undefined })
    const answer = await crm.refresh(tokens)
    expect(answer).toMatchObject({ kind: 'ok', value: { accessToken: '00D!new', refreshToken: tokens.refreshToken } })
    const sent = Object.fromEntries(new URLSearchParams(asked(TOKEN)[0]?.body))
    expect(sent).toEqual({
      grant_type: 'refresh_token',
      refresh_token: tokens.refreshToken,
      client_id: 'client',
      client_secret: 'secret',
    })
    expect(asked(TOKEN)).toHaveLength(1)
  })

  test('takes the new refresh token of an org that rotates them', async () => {
    const { crm, tokens } = await answering()
    expect(await crm.refresh(tokens)).toMatchObject({ kind: 'ok', value: { refreshToken: '5Aep861.new' } })
  })

  test('follows the org to its new address, and keeps scopes and identity that the answer leaves out', async () => {
    const { crm, tokens } = await answering({
      instance_url: 'https://renamed.my.salesforce.com',
      scope: undefined,
      id: undefined,
    })
    expect(await crm.refresh(tokens)).toMatchObject({
      kind: 'ok',
      value: { apiOrigin: 'https://renamed.my.salesforce.com', scopes: tokens.scopes, identityUrl: tokens.identityUrl },
    })
  })

  test('keeps the address of the org when the answer names none', async () => {
    const { crm, tokens } = await answering({ instance_url: undefined })
    expect(await crm.refresh(tokens)).toMatchObject({
      kind: 'ok',
      value: { accessToken: '00D!new', refreshToken: '5Aep861.new', apiOrigin: tokens.apiOrigin },
    })
  })

  test('keeps a rotated refresh token, and the old address, when the new address is not of Salesforce', async () => {
    const { crm, tokens } = await answering({ instance_url: 'https://evil.example' })
    expect(await crm.refresh(tokens)).toMatchObject({
      kind: 'ok',
      value: { refreshToken: '5Aep861.new', apiOrigin: tokens.apiOrigin },
    })
  })

  test('counts the life of an access token where one is told', async () => {
    const { crm, tokens } = await answering({ expires_in: 60 })
    expect(await crm.refresh(tokens)).toMatchObject({ kind: 'ok', value: { accessExpiresAt: new Date('2026-11-23T12:01:00Z') } })
  })

  test('asks for a login when there is no refresh token, without a call', async () => {
    const { crm, tokens, requests } = await answering()
    const answer = await crm.refresh({ ...tokens, refreshToken: null })
    expect(answer).toMatchObject({ kind: 'authorization_required', cause: 'scope_missing', certain: true })
    expect(requests).toEqual([])
  })

  test('does not send the refresh token again when the connection breaks', async () => {
    const { crm, tokens, requests } = await aSalesforce({ [TOKEN]: (_request, response) => response.socket?.destroy() })
    expect(await crm.refresh(tokens)).toMatchObject({ kind: 'transient', code: 'no_answer_reset' })
    expect(requests).toHaveLength(1)
  })

  test('a silent or absent login host passes', async () => {
    const silent = await aSalesforce({ [TOKEN]: () => undefined }, { limits: { timeoutMs: 150 } })
    expect(await silent.crm.refresh(silent.tokens)).toMatchObject({ kind: 'transient', code: 'no_answer_timeout' })
    const absent = await aSalesforce({}, { config: { loginUrl: await aDeadOrigin() } })
    expect(await absent.crm.refresh(absent.tokens)).toMatchObject({ kind: 'transient', code: 'no_answer_refused' })
  })

  test('a configured login host of this machine is asked over TLS, too', async () => {
    const loginUrl = (await aDeadOrigin()).replace('http:', 'https:')
    const { crm, tokens } = await aSalesforce({}, { config: { loginUrl } })
    expect(await crm.refresh(tokens)).toMatchObject({ kind: 'transient', code: 'no_answer_refused' })
  })

  test('a login host inside the network gets nothing', async () => {
    const { crm, tokens } = await aSalesforce({}, { config: { loginUrl: 'https://10.0.0.1' } })
    expect(await crm.refresh(tokens)).toMatchObject({ kind: 'misconfigured', code: 'api_host_refused' })
  })
})

describe('scopes', () => {
  test.each<[readonly string[], readonly string[]]>([
    [['api', 'refresh_token', 'openid'], []],
    [['api', 'offline_access'], []],
    [['full', 'refresh_token'], []],
    [['full'], ['refresh_token']],
    [['refresh_token'], ['api']],
    [[], ['api', 'refresh_token']],
  ])('%j lacks %j', async (scopes, missing) => {
    const { crm, tokens } = await aSalesforce({})
    expect(crm.missingScopes({ ...tokens, scopes })).toEqual(missing)
  })

  test('a grant without a refresh token lacks it, whatever the scopes say', async () => {
    const { crm, tokens } = await aSalesforce({})
    expect(crm.missingScopes({ ...tokens, refreshToken: null })).toEqual(['refresh_token'])
  })
})
