import type { ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { DAY_MS, MINUTE_MS } from '../../../../src/clock.ts'
import { ACCOUNT } from '../../../support/builders.ts'
import { aSalesforce, json, theTokens } from './a-salesforce.ts'

const ID = '/id/00D5g000004xxxxEAA/0055g00000yyyyyAAA'
const LIMITS = '/services/data/v67.0/limits'
const QUERY = '/services/data/v67.0/query'
const FORBIDDEN = [{ errorCode: 'INSUFFICIENT_ACCESS', message: 'no' }]
const NOT_FOUND = [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }]
const plain = (status: number, text: string) => (_request: unknown, response: ServerResponse) =>
  void response.writeHead(status, { 'content-type': 'text/plain' }).end(text)
const WHO = {
  user_id: '0055g00000yyyyyAAA',
  organization_id: '00D5g000004xxxxEAA',
  username: 'ana@acme.example',
  email: 'ana@acme.example',
}
const ORGANIZATION = { totalSize: 1, done: true, records: [{ Id: '00D5g000004xxxxEAA', Name: 'Acme Inc', IsSandbox: true }] }

describe('who logged in', () => {
  test('is told by the identity URL and the organization record', async () => {
    const { crm, tokens, asked } = await aSalesforce({ [ID]: json(200, WHO), [QUERY]: json(200, ORGANIZATION) })
    expect(await crm.identify(tokens)).toEqual({
      kind: 'ok',
      value: {
        userId: '0055g00000yyyyyAAA',
        username: 'ana@acme.example',
        accounts: [{ id: '00D5g000004xxxxEAA', via: null, name: 'Acme Inc', environment: 'sandbox' }],
      },
    })
    expect(asked(ID)[0]?.headers.authorization).toBe('Bearer 00D!access')
    expect(new URL(asked(QUERY)[0]?.url ?? '', 'http://x').searchParams.get('q')).toBe(
      'SELECT Id, Name, IsSandbox FROM Organization',
    )
  })

  test.each([
    ['may not be read', json(403, FORBIDDEN)],
    ['is not there', json(404, NOT_FOUND)],
    ['has no address', plain(404, 'not found')],
  ])('is told without the organization record, too: it %s', async (_why, query) => {
    const { crm, tokens } = await aSalesforce({ [ID]: json(200, WHO), [QUERY]: query })
    expect(await crm.identify(tokens)).toMatchObject({
      kind: 'ok',
      value: { accounts: [{ name: '00D5g000004xxxxEAA', environment: 'production' }] },
    })
  })

  test('is not told while the organization record can only not be read now', async () => {
    const { crm, tokens } = await aSalesforce({ [ID]: json(200, WHO), [QUERY]: json(503, '') })
    expect(await crm.identify(tokens)).toMatchObject({ kind: 'transient' })
  })

  test('is asked of userinfo when no identity URL came', async () => {
    const userinfo = {
      sub: 'x',
      user_id: WHO.user_id,
      organization_id: WHO.organization_id,
      preferred_username: 'ana@acme.example',
    }
    const { crm, tokens } = await aSalesforce({
      '/services/oauth2/userinfo': json(200, userinfo),
      [QUERY]: json(200, ORGANIZATION),
    })
    expect(await crm.identify({ ...tokens, identityUrl: null })).toMatchObject({
      kind: 'ok',
      value: { username: 'ana@acme.example' },
    })
  })

  test.each<[number, string]>([
    [302, ''],
    [403, ''],
    [404, 'not found'],
    [404, JSON.stringify(NOT_FOUND)],
  ])('is asked of userinfo when the identity URL answers %i %s, and no redirect is followed', async (status, body) => {
    const userinfo = { user_id: WHO.user_id, organization_id: WHO.organization_id, preferred_username: 'ana@acme.example' }
    const { crm, tokens, asked } = await aSalesforce({
      [ID]: (_request, response) => void response.writeHead(status, { location: '/elsewhere' }).end(body),
      '/services/oauth2/userinfo': json(200, userinfo),
      [QUERY]: json(200, ORGANIZATION),
    })
    expect(await crm.identify(tokens)).toMatchObject({ kind: 'ok', value: { username: 'ana@acme.example' } })
    expect(asked('/elsewhere')).toEqual([])
  })

  test('has ids of 18 characters, so that the same org is the same', async () => {
    const short = { ...WHO, organization_id: '00D5g000004xXxX', user_id: '0055g00000yyyyy' }
    const { crm, tokens } = await aSalesforce({ [ID]: json(200, short), [QUERY]: json(403, FORBIDDEN) })
    expect(await crm.identify(tokens)).toMatchObject({
      kind: 'ok',
      value: { userId: '0055g00000yyyyyAAA', accounts: [{ id: '00D5g000004xXxXEAU' }] },
    })
  })

  test('an access token that the identity service does not know is renewed', async () => {
    const { crm, tokens } = await aSalesforce({
      [ID]: (_request, response) => void response.writeHead(403, { 'content-type': 'text/html' }).end('Bad_OAuth_Token'),
    })
    expect(await crm.identify(tokens)).toMatchObject({ kind: 'refresh', code: 'Bad_OAuth_Token' })
  })

  test('an answer that names nobody is not taken', async () => {
    const { crm, tokens } = await aSalesforce({ [ID]: json(200, { username: 'ana@acme.example' }) })
    expect(await crm.identify(tokens)).toMatchObject({ kind: 'transient', code: 'unreadable_identity' })
  })

  test('an API host that is not of Salesforce is refused and not read as a missing right', async () => {
    const { crm, tokens } = await aSalesforce({ [ID]: json(200, WHO) })
    for (const apiOrigin of ['https://evil.example', 'nonsense']) {
      expect(await crm.identify({ ...tokens, apiOrigin })).toMatchObject({ kind: 'misconfigured' })
    }
  })

  test('no token goes to an identity URL elsewhere', async () => {
    const { crm, tokens } = await aSalesforce({})
    expect(await crm.identify({ ...tokens, identityUrl: 'https://evil.example/id' })).toMatchObject({ kind: 'misconfigured' })
  })
})

describe('the probe', () => {
  test('gives the usage of the header, which is of this moment', async () => {
    const body = { DailyApiRequests: { Max: 15000, Remaining: 14998 } }
    const { crm, tokens } = await aSalesforce({ [LIMITS]: json(200, body, { 'Sforce-Limit-Info': 'api-usage=18/15000' }) })
    expect(await crm.probe(tokens, ACCOUNT)).toEqual({ kind: 'ok', value: { used: 18, limit: 15000 } })
  })

  test('is not led astray by the usage of one app', async () => {
    const info = 'per-app-api-usage=17/250(appName=sample), api-usage=25/5000'
    const { crm, tokens } = await aSalesforce({ [LIMITS]: json(200, {}, { 'Sforce-Limit-Info': info }) })
    expect(await crm.probe(tokens, ACCOUNT)).toEqual({ kind: 'ok', value: { used: 25, limit: 5000 } })
  })

  test('gives the usage of the body without the header, and none without both', async () => {
    const { crm, tokens } = await aSalesforce({ [LIMITS]: json(200, { DailyApiRequests: { Max: 15000, Remaining: 14998 } }) })
    expect(await crm.probe(tokens, ACCOUNT)).toEqual({ kind: 'ok', value: { used: 2, limit: 15000 } })
    const bare = await aSalesforce({ [LIMITS]: json(200, {}) })
    expect(await bare.crm.probe(bare.tokens, ACCOUNT)).toEqual({ kind: 'ok', value: null })
  })

  test('proves the connection of a user who may not read the limits', async () => {
    const { crm, tokens } = await aSalesforce({
      [LIMITS]: json(403, FORBIDDEN),
      '/services/data/v67.0': json(
        200,
        { sobjects: '/services/data/v67.0/sobjects' },
        { 'Sforce-Limit-Info': 'api-usage=3/5000' },
      ),
    })
    expect(await crm.probe(tokens, ACCOUNT)).toEqual({ kind: 'ok', value: { used: 3, limit: 5000 } })
  })

  test.each([
    ['an error', json(404, NOT_FOUND)],
    ['a page', plain(404, 'not found')],
  ])('proves the connection where limits are missing: the 404 is %s', async (_form, missing) => {
    const { crm, tokens } = await aSalesforce({ [LIMITS]: missing, '/services/data/v67.0': json(200, {}) })
    expect(await crm.probe(tokens, ACCOUNT)).toEqual({ kind: 'ok', value: null })
  })

  test.each([
    ['an error', json(404, NOT_FOUND)],
    ['a page', plain(404, 'not found')],
  ])('proves the login where nothing but the identity can be read: the 404s are %s', async (_form, missing) => {
    const { crm, tokens, asked } = await aSalesforce({
      '/services/data/': missing,
      [LIMITS]: missing,
      '/services/data/v67.0': missing,
      [QUERY]: missing,
      [ID]: json(200, WHO),
    })
    expect(await crm.identify(tokens)).toMatchObject({ kind: 'ok', value: { accounts: [{ id: WHO.organization_id }] } })
    expect(await crm.probe(tokens, ACCOUNT)).toEqual({ kind: 'ok', value: null })
    expect(asked(ID).at(-1)?.headers.authorization).toBe('Bearer 00D!access')
  })

  test.each([
    ['401', plain(401, '')],
    ['403 Bad_OAuth_Token', plain(403, 'Bad_OAuth_Token')],
  ])('sees a dead token by the identity, where nothing else can be read: %s', async (_said, dead) => {
    const { crm, tokens } = await aSalesforce({ [ID]: dead })
    expect((await crm.probe(tokens, ACCOUNT)).kind).toBe('refresh')
  })

  test('proves nothing where not even the identity can be read', async () => {
    const { crm, tokens } = await aSalesforce({})
    expect((await crm.probe(tokens, ACCOUNT)).kind).toBe('rejected')
  })

  test('says why when the API is closed, although the identity is still told', async () => {
    const closed = [{ errorCode: 'API_DISABLED_FOR_ORG', message: 'The REST API is not enabled for this Organization.' }]
    const answers = { [LIMITS]: json(403, closed), '/services/data/v67.0': json(403, closed), [ID]: json(200, WHO) }
    const { crm, tokens } = await aSalesforce(answers)
    expect(await crm.probe(tokens, ACCOUNT)).toMatchObject({ kind: 'permission', cause: 'admin_blocked' })
  })

  test.each<[number, string, string]>([
    [401, '[{"errorCode":"INVALID_SESSION_ID","message":"Session expired or invalid"}]', 'refresh'],
    [503, '<html>We are down for maintenance.</html>', 'transient'],
    [200, '<html>We are down for maintenance.</html>', 'transient'],
    [302, '', 'transient'],
    [403, '[{"errorCode":"REQUEST_LIMIT_EXCEEDED","message":"TotalRequests Limit exceeded."}]', 'rate_limited'],
  ])('%i %s is %s', async (status, body, kind) => {
    const { crm, tokens } = await aSalesforce({
      [LIMITS]: (_request, response) => void response.writeHead(status, { location: '/x' }).end(body),
    })
    expect((await crm.probe(tokens, ACCOUNT)).kind).toBe(kind)
  })

  test('an answer that is too large passes', async () => {
    const { crm, tokens } = await aSalesforce({ [LIMITS]: json(200, { x: 'x'.repeat(5000) }) }, { limits: { maxBytes: 4000 } })
    expect(await crm.probe(tokens, ACCOUNT)).toMatchObject({ kind: 'transient', code: 'no_answer_too_large' })
  })

  test('sends no token to a host that is not of Salesforce', async () => {
    const { crm } = await aSalesforce({})
    for (const apiOrigin of ['https://evil.example', 'http://acme.my.salesforce.com', 'https://169.254.169.254']) {
      expect(await crm.probe(theTokens({ apiOrigin }), ACCOUNT)).toMatchObject({
        kind: 'misconfigured',
        code: 'api_host_refused',
      })
    }
  })

  test('a live adapter sends no token to loopback', async () => {
    const { crm, tokens, requests } = await aSalesforce({}, { config: { loginUrl: 'https://login.salesforce.com' } })
    expect(await crm.probe(tokens, ACCOUNT)).toMatchObject({ kind: 'misconfigured' })
    expect(requests).toEqual([])
  })
})

describe('the version of the API', () => {
  test('is the newest of the org, asked without a token and once a day', async () => {
    const { crm, tokens, clock, asked } = await aSalesforce({ [LIMITS]: json(200, {}) })
    await crm.probe(tokens, ACCOUNT)
    await crm.probe(tokens, ACCOUNT)
    expect(asked('/services/data/')).toHaveLength(1)
    expect(asked('/services/data/')[0]?.headers.authorization).toBeUndefined()
    clock.turn(DAY_MS)
    await crm.probe(tokens, ACCOUNT)
    expect(asked('/services/data/')).toHaveLength(2)
  })

  test('is a tested one where the list cannot be read', async () => {
    const unreadable = await aSalesforce({ '/services/data/': json(503, 'down'), [LIMITS]: json(200, {}) })
    expect(await unreadable.crm.probe(unreadable.tokens, ACCOUNT)).toMatchObject({ kind: 'ok' })
  })

  test('is not asked for at every call where the list cannot be read', async () => {
    const { crm, tokens, clock, asked } = await aSalesforce({ '/services/data/': json(503, 'down'), [LIMITS]: json(200, {}) })
    for (let call = 0; call < 3; call++) await crm.probe(tokens, ACCOUNT)
    expect(asked('/services/data/')).toHaveLength(1)
    clock.turn(10 * MINUTE_MS)
    await crm.probe(tokens, ACCOUNT)
    expect(asked('/services/data/')).toHaveLength(2)
  })

  test('stays what it was while the list cannot be read any more', async () => {
    let isUp = true
    const { crm, tokens, clock, asked } = await aSalesforce({
      '/services/data/': (request, response) =>
        isUp ? json(200, [{ version: '70.0' }])(request, response) : json(503, 'down')(request, response),
      '/services/data/v70.0/limits': json(200, {}),
    })
    expect(await crm.probe(tokens, ACCOUNT)).toMatchObject({ kind: 'ok' })
    isUp = false
    clock.turn(DAY_MS)
    expect(await crm.probe(tokens, ACCOUNT)).toMatchObject({ kind: 'ok' })
    expect(asked('/services/data/v70.0/limits')).toHaveLength(2)
  })

  test('is what is configured, without asking', async () => {
    for (const apiVersion of ['v60.0', '60.0']) {
      const { crm, tokens, asked } = await aSalesforce(
        { '/services/data/v60.0/limits': json(200, {}) },
        { config: { apiVersion } },
      )
      expect(await crm.probe(tokens, ACCOUNT)).toMatchObject({ kind: 'ok' })
      expect(asked('/services/data/')).toEqual([])
    }
  })

  test('is asked again after the org said that it is gone', async () => {
    const gone = [{ errorCode: 'UNSUPPORTED_API_VERSION', message: 'gone' }]
    const { crm, tokens, asked } = await aSalesforce({ [LIMITS]: json(410, gone) })
    expect(await crm.probe(tokens, ACCOUNT)).toMatchObject({ kind: 'misconfigured' })
    await crm.probe(tokens, ACCOUNT)
    expect(asked('/services/data/')).toHaveLength(2)
  })
})

describe('describing an object', () => {
  const PATH = '/services/data/v67.0/sobjects/Touch__c/describe'

  test('gives its fields and what the login may write', async () => {
    const field = { name: 'Key__c', label: 'Key', type: 'string', createable: true, updateable: true, externalId: true }
    const formula = { name: 'Sum__c', label: 'Sum', type: 'double', createable: false, updateable: false, externalId: false }
    const body = { name: 'Touch__c', label: 'Touch', custom: true, createable: true, updateable: true, fields: [field, formula] }
    const { crm, tokens } = await aSalesforce({ [PATH]: json(200, body) })
    expect(await crm.describe(tokens, 'Touch__c')).toEqual({
      kind: 'ok',
      value: {
        name: 'Touch__c',
        label: 'Touch',
        custom: true,
        writable: true,
        fields: [
          { name: 'Key__c', label: 'Key', type: 'string', writable: true, externalId: true },
          { name: 'Sum__c', label: 'Sum', type: 'double', writable: false, externalId: false },
        ],
      },
    })
  })

  test('an object that may be created but not updated is not writable', async () => {
    const { crm, tokens } = await aSalesforce({
      [PATH]: json(200, { name: 'Touch__c', createable: true, updateable: false, fields: [] }),
    })
    expect(await crm.describe(tokens, 'Touch__c')).toMatchObject({ value: { writable: false } })
  })

  test('an object that is not there is a wrong question', async () => {
    const { crm, tokens } = await aSalesforce({})
    expect(await crm.describe(tokens, 'None__c')).toMatchObject({ kind: 'rejected', code: 'NOT_FOUND' })
  })

  test('a name cannot leave its place in the path', async () => {
    const { crm, tokens, requests } = await aSalesforce({})
    await crm.describe(tokens, '../../limits?x=')
    expect(requests.at(-1)?.url).toBe('/services/data/v67.0/sobjects/..%2F..%2Flimits%3Fx%3D/describe')
  })
})
