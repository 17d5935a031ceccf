import { describe, expect, test } from 'vitest'
import {
  ANA,
  ANA_UAT,
  aClock,
  aSalesforce,
  CLIENT_ID,
  CLIENT_SECRET,
  connect,
  get,
  refresh,
  type TokenAnswer,
} from './salesforce-client.ts'

const EXPIRED = { error: 'invalid_grant', error_description: 'expired access/refresh token' }
const BUSY = { error: 'invalid_grant', error_description: 'token request is already being processed' }
const HOUR_MS = 3_600_000

describe('a refresh', () => {
  test('gives a new access token, the same grant and no refresh token', async () => {
    await using salesforce = await aSalesforce()
    const first = await connect(salesforce)
    const response = await refresh(salesforce, first.refresh_token)
    expect(response.status).toBe(200)
    const second = (await response.json()) as TokenAnswer
    expect(second).not.toHaveProperty('refresh_token')
    expect(second).not.toHaveProperty('expires_in')
    expect(second).toMatchObject({ id: first.id, instance_url: first.instance_url, scope: first.scope })
    expect(second.access_token).not.toBe(first.access_token)
    expect((await get(second, '/v67.0/limits')).status).toBe(200)
    expect((await refresh(salesforce, first.refresh_token)).status).toBe(200)
  })

  test('with an unknown token is refused', async () => {
    await using salesforce = await aSalesforce()
    const response = await refresh(salesforce, '5Aep861unknown')
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual(EXPIRED)
  })

  test('that overlaps another of the same token is refused, and the first one succeeds', async () => {
    await using salesforce = await aSalesforce()
    const token = await connect(salesforce)
    const release = salesforce.holdRefreshes()
    const both = [refresh(salesforce, token.refresh_token), refresh(salesforce, token.refresh_token)]
    const loser = await Promise.race(both)
    expect(loser.status).toBe(400)
    expect(await loser.json()).toEqual(BUSY)
    release()
    const statuses = (await Promise.all(both)).map((response) => response.status)
    expect(statuses.sort()).toEqual([200, 400])
    expect((await refresh(salesforce, token.refresh_token)).status).toBe(200)
  })
})

describe('with rotation', () => {
  test('each refresh gives a new refresh token', async () => {
    await using salesforce = await aSalesforce({ rotateRefreshTokens: true })
    const first = await connect(salesforce)
    const second = (await (await refresh(salesforce, first.refresh_token)).json()) as TokenAnswer
    expect(second.refresh_token).toMatch(/^5Aep861/)
    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect((await refresh(salesforce, second.refresh_token)).status).toBe(200)
  })

  test('a replayed refresh token kills the newest one and every session', async () => {
    await using salesforce = await aSalesforce({ rotateRefreshTokens: true })
    const first = await connect(salesforce)
    const second = (await (await refresh(salesforce, first.refresh_token)).json()) as TokenAnswer
    expect((await get(second, '/v67.0/limits')).status).toBe(200)

    const replay = await refresh(salesforce, first.refresh_token)
    expect(replay.status).toBe(400)
    expect(await replay.json()).toEqual(EXPIRED)
    expect(await (await refresh(salesforce, second.refresh_token)).json()).toEqual(EXPIRED)
    expect((await get(second, '/v67.0/limits')).status).toBe(401)
  })
})

describe('a session', () => {
  test('ends two hours after its last use', async () => {
    const clock = aClock()
    await using salesforce = await aSalesforce({ now: clock.now })
    const token = await connect(salesforce)
    clock.turn(1.5 * HOUR_MS)
    expect((await get(token, '/v67.0/limits')).status).toBe(200)
    clock.turn(1.9 * HOUR_MS)
    expect((await get(token, '/v67.0/limits')).status).toBe(200)
    clock.turn(2 * HOUR_MS)
    const late = await get(token, '/v67.0/limits')
    expect(late.status).toBe(401)
    expect(await late.json()).toEqual([{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }])
    expect((await refresh(salesforce, token.refresh_token)).status).toBe(200)
  })

  test('is needed: no token, no data', async () => {
    await using salesforce = await aSalesforce()
    expect((await fetch(`${salesforce.orgs[0]?.instanceUrl}/services/data/v67.0/limits`)).status).toBe(401)
  })
})

describe('approvals', () => {
  test('the sixth of a user revokes the oldest, and only that', async () => {
    await using salesforce = await aSalesforce()
    const ops = await connect(salesforce, { org: 'Acme Inc', username: 'ops@acme.example' })
    const tokens: TokenAnswer[] = []
    for (let time = 0; time < 6; time++) tokens.push(await connect(salesforce))
    const statuses = await Promise.all(tokens.map(async (token) => (await refresh(salesforce, token.refresh_token)).status))
    expect(statuses).toEqual([400, 200, 200, 200, 200, 200])
    expect((await refresh(salesforce, ops.refresh_token)).status).toBe(200)
    expect(salesforce.org('Acme Inc').grants()[1]).toMatchObject({ username: ANA.username, deadBecause: 'too_many_approvals' })
  })
})

describe('revoking', () => {
  const revoke = (url: string, token: string) =>
    fetch(`${url}/services/oauth2/revoke`, { method: 'POST', body: new URLSearchParams({ token }) })

  test('a refresh token takes its sessions along', async () => {
    await using salesforce = await aSalesforce()
    const token = await connect(salesforce)
    const response = await revoke(salesforce.loginUrl, token.refresh_token)
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('')
    expect((await get(token, '/v67.0/limits')).status).toBe(401)
    expect(await (await refresh(salesforce, token.refresh_token)).json()).toEqual(EXPIRED)
    expect((await revoke(salesforce.loginUrl, token.refresh_token)).status).toBe(400)
  })

  test('an access token leaves the refresh token alone', async () => {
    await using salesforce = await aSalesforce()
    const token = await connect(salesforce)
    expect((await revoke(salesforce.loginUrl, token.access_token)).status).toBe(200)
    expect((await get(token, '/v67.0/limits')).status).toBe(401)
    expect((await refresh(salesforce, token.refresh_token)).status).toBe(200)
  })
})

describe('introspection', () => {
  const introspect = async (url: string, token: string, secret = CLIENT_SECRET) => {
    const body = new URLSearchParams({ token, client_id: CLIENT_ID, client_secret: secret })
    const response = await fetch(`${url}/services/oauth2/introspect`, { method: 'POST', body })
    return { status: response.status, body: await response.json() }
  }

  test('tells a live session from a dead one', async () => {
    const clock = aClock()
    await using salesforce = await aSalesforce({ now: clock.now })
    const token = await connect(salesforce)
    const startedAt = clock.now().getTime() / 1000
    expect((await introspect(salesforce.loginUrl, token.access_token)).body).toEqual({
      active: true,
      scope: 'api refresh_token openid',
      client_id: CLIENT_ID,
      username: ANA.username,
      sub: token.id,
      token_type: 'access_token',
      exp: startedAt + 7_200,
      iat: startedAt,
      nbf: startedAt,
    })
    expect((await introspect(salesforce.loginUrl, token.refresh_token)).body).toMatchObject({ active: true })
    salesforce.org('Acme Inc').revokeGrant()
    expect((await introspect(salesforce.loginUrl, token.access_token)).body).toEqual({ active: false })
    expect((await introspect(salesforce.loginUrl, token.refresh_token)).body).toEqual({ active: false })
  })

  test('needs the client', async () => {
    await using salesforce = await aSalesforce()
    expect((await introspect(salesforce.loginUrl, 'x', 'wrong')).status).toBe(401)
  })
})

describe('identity', () => {
  const about = (url: string, accessToken: string) => fetch(url, { headers: { authorization: `Bearer ${accessToken}` } })

  test('names the user and the org', async () => {
    await using salesforce = await aSalesforce()
    const token = await connect(salesforce, ANA_UAT)
    const org = salesforce.org('Acme UAT')
    expect(await (await about(token.id, token.access_token)).json()).toMatchObject({
      user_id: org.user(ANA_UAT.username).id,
      organization_id: org.id,
      username: ANA_UAT.username,
      email: 'redkey@acme.example',
      display_name: 'Ana Ruiz',
      active: true,
      urls: { rest: `${org.instanceUrl}/services/data/v{version}/` },
    })
    const userinfo = await about(`${salesforce.loginUrl}/services/oauth2/userinfo`, token.access_token)
    expect(await userinfo.json()).toMatchObject({ sub: token.id, organization_id: org.id, preferred_username: ANA_UAT.username })
  })

  test('is refused with one word of plain text', async () => {
    await using salesforce = await aSalesforce()
    const token = await connect(salesforce)
    const other = await connect(salesforce, ANA_UAT)
    const bad = await about(token.id, 'nonsense')
    expect([bad.status, await bad.text()]).toEqual([403, 'Bad_OAuth_Token'])
    expect(bad.headers.get('content-type')).toContain('text/plain')
    expect(await (await fetch(token.id)).text()).toBe('Missing_OAuth_Token')
    expect(await (await about(token.id, other.access_token)).text()).toBe('Wrong_Org')
  })
})
