import { describe, expect, test } from 'vitest'
import type { FakeOrg } from '../../../src/sandbox/providers/salesforce/org.ts'
import { signIn } from '../../../src/sandbox/providers/sign-in.ts'
import { ANA, ANA_UAT, aSalesforce, authorizeUrl, aVerifier, connect, get, refresh } from './salesforce-client.ts'

describe('what ends a grant', () => {
  const cases: readonly [string, (org: FakeOrg) => void, { error: string; error_description: string }][] = [
    [
      'a revoked grant',
      (org) => org.revokeGrant(ANA.username),
      { error: 'invalid_grant', error_description: 'expired access/refresh token' },
    ],
    [
      'a changed password',
      (org) => org.changePassword(ANA.username),
      { error: 'invalid_grant', error_description: 'authentication failure' },
    ],
    [
      'a deactivated user',
      (org) => org.setUserActive(ANA.username, false),
      { error: 'inactive_user', error_description: 'user is inactive' },
    ],
    ['a restricted address', (org) => org.setIpRestricted(true), { error: 'invalid_grant', error_description: 'ip restricted' }],
    [
      'an app that an admin blocks',
      (org) => org.setAppAccess('blocked'),
      { error: 'OAUTH_APP_BLOCKED', error_description: 'this app is blocked by admin' },
    ],
    [
      'an app that only approved users may use',
      (org) => org.setAppAccess('not_approved'),
      { error: 'invalid_app_access', error_description: 'user is not admin approved to access this app' },
    ],
  ]

  test.each(cases)('%s ends the session, and the refresh says why', async (_case, breakIt, body) => {
    await using salesforce = await aSalesforce()
    const token = await connect(salesforce)
    const uat = await connect(salesforce, ANA_UAT)
    breakIt(salesforce.org('Acme Inc'))
    expect((await get(token, '/v67.0/limits')).status).toBe(401)
    const refused = await refresh(salesforce, token.refresh_token)
    expect(refused.status).toBe(400)
    expect(await refused.json()).toEqual(body)
    expect((await get(uat, '/v67.0/limits')).status).toBe(200)
    expect((await refresh(salesforce, uat.refresh_token)).status).toBe(200)
  })

  test.each([
    ['a deactivated user', (org: FakeOrg, isBroken: boolean) => org.setUserActive(ANA.username, !isBroken)],
    ['a restricted address', (org: FakeOrg, isBroken: boolean) => org.setIpRestricted(isBroken)],
    ['a blocked app', (org: FakeOrg, isBroken: boolean) => org.setAppAccess(isBroken ? 'blocked' : 'allowed')],
  ])('%s that is undone gives the old grant back', async (_case, set) => {
    await using salesforce = await aSalesforce()
    const org = salesforce.org('Acme Inc')
    const token = await connect(salesforce)
    set(org, true)
    expect((await refresh(salesforce, token.refresh_token)).status).toBe(400)
    set(org, false)
    expect((await refresh(salesforce, token.refresh_token)).status).toBe(200)
  })

  test('revoking one user leaves the other alone', async () => {
    await using salesforce = await aSalesforce()
    const ana = await connect(salesforce)
    const ops = await connect(salesforce, { org: 'Acme Inc', username: 'ops@acme.example' })
    expect(salesforce.org('Acme Inc').revokeGrant(ANA.username)).toEqual([ANA.username])
    expect((await refresh(salesforce, ana.refresh_token)).status).toBe(400)
    expect((await refresh(salesforce, ops.refresh_token)).status).toBe(200)
  })

  test('a new login after a changed password works at once', async () => {
    await using salesforce = await aSalesforce()
    salesforce.org('Acme Inc').changePassword(ANA.username, 'n3w')
    await expect(connect(salesforce)).rejects.toThrow('check your username and password')
    const callback = await signIn(authorizeUrl(salesforce, aVerifier()), { ...ANA, password: 'n3w' })
    expect(callback).toContain('code=')
  })
})

describe('expired sessions', () => {
  test('leave the refresh token alone', async () => {
    await using salesforce = await aSalesforce()
    const token = await connect(salesforce)
    expect(salesforce.org('Acme Inc').expireAccessTokens()).toBe(1)
    expect((await get(token, '/v67.0/limits')).status).toBe(401)
    expect((await refresh(salesforce, token.refresh_token)).status).toBe(200)
  })
})

describe('what an admin forbids, at the login', () => {
  test.each([
    ['blocked', 'OAUTH_APP_BLOCKED', 'this app is blocked by admin'],
    [
      'not_installed',
      'OAUTH_APPROVAL_ERROR_GENERIC',
      'An unexpected error has occurred during authentication. Please try again.',
    ],
    ['must_be_installed', 'invalid_client', 'app must be installed into org'],
    ['no_external_app', 'OAUTH_EC_APP_NOT_FOUND', 'External client app is not installed in this org'],
    ['not_approved', 'invalid_app_access', 'user is not admin approved to access this app'],
    ['access_denied', 'OAUTH_APP_ACCESS_DENIED', 'user is not admin approved to access this app'],
  ] as const)('an app that is %s comes back with %s', async (access, error, description) => {
    await using salesforce = await aSalesforce()
    salesforce.org('Acme Inc').setAppAccess(access)
    const callback = new URL(await signIn(authorizeUrl(salesforce, aVerifier()), ANA))
    expect(Object.fromEntries(callback.searchParams)).toEqual({ error, error_description: description, state: 'state-1' })
  })

  test('can be shown on a page of Salesforce instead', async () => {
    await using salesforce = await aSalesforce()
    salesforce.org('Acme Inc').setAppAccess('not_installed')
    salesforce.switches.showsLoginErrors = true
    await expect(signIn(authorizeUrl(salesforce, aVerifier()), ANA)).rejects.toThrow('error=OAUTH_APPROVAL_ERROR_GENERIC')
  })
})

describe('the token endpoint', () => {
  test('refuses the old client secret after a rotation, and all tokens are dead', async () => {
    await using salesforce = await aSalesforce()
    const token = await connect(salesforce)
    expect(salesforce.rotateClientSecret({ secret: 'new-secret' })).toBe('new-secret')
    const refused = await refresh(salesforce, token.refresh_token)
    expect(refused.status).toBe(400)
    expect(await refused.json()).toEqual({ error: 'invalid_client', error_description: 'invalid client credentials' })
    expect((await get(token, '/v67.0/limits')).status).toBe(401)
    salesforce.rotateClientSecret({ secret: 'fake-secret', revokesTokens: false })
    expect(await (await refresh(salesforce, token.refresh_token)).json()).toMatchObject({ error: 'invalid_grant' })
  })

  test('can be rate limited', async () => {
    await using salesforce = await aSalesforce()
    const token = await connect(salesforce)
    salesforce.switches.tooManyLogins = true
    const refused = await refresh(salesforce, token.refresh_token)
    expect(refused.status).toBe(400)
    expect(await refused.json()).toEqual({ error: 'rate_limit_exceeded', error_description: 'number of logins exceeded' })
    salesforce.switches.tooManyLogins = false
    expect((await refresh(salesforce, token.refresh_token)).status).toBe(200)
  })

  test('can claim for one refresh that another is under way', async () => {
    await using salesforce = await aSalesforce()
    const token = await connect(salesforce)
    salesforce.switches.concurrentRefreshes = 1
    const refused = await refresh(salesforce, token.refresh_token)
    expect(await refused.json()).toEqual({
      error: 'invalid_grant',
      error_description: 'token request is already being processed',
    })
    expect((await refresh(salesforce, token.refresh_token)).status).toBe(200)
  })

  test.each([
    ['the login host', 'loginDown'],
    ['the org', 'org'],
  ])('answers 503 with HTML while %s is down', async (_case, what) => {
    await using salesforce = await aSalesforce()
    const token = await connect(salesforce)
    if (what === 'org') salesforce.org('Acme Inc').switches.down = true
    else salesforce.switches.loginDown = true
    const response = await refresh(salesforce, token.refresh_token)
    expect(response.status).toBe(503)
    expect(response.headers.get('content-type')).toContain('text/html')
  })
})
