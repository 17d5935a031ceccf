import { describe, expect, test } from 'vitest'
import { DAY_MS, later, MINUTE_MS } from '../../../src/clock.ts'
import type { Mapping } from '../../../src/domain/crm.ts'
import type { Hold } from '../../../src/domain/outbox/hold.ts'
import { aConnection, anOutage, anOverview, aWeb, BEARER, START, TOKEN } from './a-web.ts'

const RED = anOverview({
  connection: aConnection({
    environment: 'sandbox',
    confirmedAt: null,
    health: { ...aConnection().health, status: 'authorization_required', cause: 'revoked' },
  }),
  backlog: { waiting: 1284, pushed: 10, superseded: 2, rejected: 3 },
  outage: anOutage({ openedAt: later(START, MINUTE_MS) }),
  refreshExpiresAt: later(START, DAY_MS),
})

const RED_JSON = {
  name: 'salesforce',
  provider: 'salesforce',
  kind: 'crm',
  account: { id: '00D000000000001', name: 'Acme Corp', environment: 'sandbox' },
  status: 'authorization_required',
  statusText: 'Authorization Required',
  cause: 'revoked',
  lastProofAt: '2026-11-20T10:00:00.000Z',
  unreachableSince: null,
  backlog: { waiting: 1284, pushed: 10, superseded: 2, rejected: 3 },
  outage: {
    id: 'o1',
    kind: 'authorization',
    since: '2026-11-20T10:01:00.000Z',
    lastProofAt: '2026-11-20T10:00:00.000Z',
    cause: 'revoked',
  },
  catchUp: null,
  holds: [],
  expiresAt: '2026-11-21T10:00:00.000Z',
  confirmed: false,
}

const MAPPING: Mapping = {
  touchpoints: { object: 'Touch__c', externalIdField: 'Key__c', fields: { channel: 'Channel__c' }, custom: [] },
  attribution: null,
}

describe('who may use the API', () => {
  const listing = { listConnections: async () => [] }

  test('whoever has one of the tokens', async () => {
    const web = aWeb({ actions: listing, config: { apiTokens: ['first', TOKEN] } })
    for (const authorization of ['Bearer first', `bearer ${TOKEN}`, `Bearer  ${TOKEN} `]) {
      const answer = await web.fastify.inject({ url: '/v1/connections', headers: { authorization } })
      expect(answer.statusCode, authorization).toBe(200)
    }
  })

  test.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    TOKEN,
    `Basic ${TOKEN}`,
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN.slice(1)}`,
    `Bearer ${TOKEN} ${TOKEN}`,
    'Bearer undefined',
  ])('nobody with %j', async (authorization) => {
    const web = aWeb({ config: { apiTokens: [TOKEN] } })
    const answer = await web.fastify.inject({
      url: '/v1/connections',
      headers: authorization === undefined ? {} : { authorization },
    })
    expect([answer.statusCode, answer.json().code]).toEqual([401, 'unauthorized'])
    expect(answer.headers['www-authenticate']).toContain('Bearer realm="redkey"')
    expect(answer.body).not.toContain(TOKEN)
  })

  test('nobody while no token is set, and the answer says what to set', async () => {
    const web = aWeb({ config: { apiTokens: [] } })
    for (const headers of [{}, BEARER, { authorization: 'Bearer ' }]) {
      const answer = await web.fastify.inject({ url: '/v1/connections', headers })
      expect([answer.statusCode, answer.json().code]).toEqual([404, 'api_disabled'])
      expect(answer.json().detail).toContain('REDKEY_API_TOKENS')
    }
  })

  test('later, while Slack has not told whose workspace this is', async () => {
    let teamId: string | undefined
    const web = aWeb({ actions: listing, deps: { teamId: () => teamId } })
    const early = await web.fastify.inject({ url: '/v1/connections', headers: BEARER })
    expect([early.statusCode, early.json().code, early.headers['retry-after']]).toEqual([503, 'not_ready', '5'])
    teamId = 'T1'
    expect((await web.fastify.inject({ url: '/v1/connections', headers: BEARER })).statusCode).toBe(200)
  })
})

describe('connections', () => {
  test('are listed with everything but the login', async () => {
    const web = aWeb({ actions: { listConnections: async () => [RED] } })
    const answer = await web.fastify.inject({ url: '/v1/connections', headers: BEARER })
    expect(answer.json()).toEqual({ connections: [RED_JSON] })
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(answer.body).not.toMatch(/maria|g1/)
  })

  test('are described one by one; a catch-up is shown while it runs', async () => {
    const catchUp = {
      id: 'k1',
      connectionId: 'c1',
      outageId: 'o1',
      upToKey: 9,
      expected: 9,
      pushed: 4,
      superseded: 1,
      rejected: 0,
      startedAt: START,
      finishedAt: null,
    }
    const HOLD: Hold = {
      connectionId: 'c1',
      reason: 'budget',
      since: START,
      until: new Date(START.getTime() + 30 * 60_000),
      by: null,
      detail: { usage: { used: 80, limit: 100 } },
    }
    const web = aWeb({
      actions: {
        describeConnection: async () => ({
          kind: 'found',
          overview: { ...RED, outage: null, catchUp, holds: [HOLD] },
          history: [],
          rejects: [],
          crowdedOut: null,
          costs: null,
          tags: null,
        }),
      },
    })
    const answer = await web.fastify.inject({ url: '/v1/connections/salesforce', headers: BEARER })
    expect(answer.json()).toEqual({
      ...RED_JSON,
      outage: null,
      holds: [{ reason: 'budget', since: '2026-11-20T10:00:00.000Z', until: '2026-11-20T10:30:00.000Z' }],
      catchUp: {
        id: 'k1',
        expected: 9,
        pushed: 4,
        superseded: 1,
        rejected: 0,
        startedAt: '2026-11-20T10:00:00.000Z',
        finishedAt: null,
      },
    })
  })

  test('that are not there get the name that was probably meant', async () => {
    const unknown = { kind: 'unknown' as const, nearest: 'salesforce' }
    const web = aWeb({ actions: { describeConnection: async () => unknown, checkNow: async () => unknown } })
    for (const [method, url] of [
      ['GET', '/v1/connections/salesfroce'],
      ['POST', '/v1/connections/salesfroce/check'],
    ] as const) {
      const answer = await web.fastify.inject({ method, url, headers: BEARER })
      expect([answer.statusCode, answer.json().code, answer.json().detail]).toEqual([
        404,
        'unknown_connection',
        'Did you mean "salesforce"?',
      ])
    }
  })

  test('are checked now, with what the provider said', async () => {
    const observed = {
      kind: 'authorization_required' as const,
      cause: 'revoked' as const,
      certain: true,
      code: 'invalid_grant',
      explanation: 'The login was revoked.',
    }
    const web = aWeb({
      actions: {
        checkNow: async (_team, name) => ({
          kind: 'checked',
          results: [
            name === 'fine' ? { connection: aConnection({ name }), observed: 'works' } : { connection: RED.connection, observed },
          ],
        }),
      },
    })
    const headers = { ...BEARER, 'content-type': 'application/json' }
    const red = await web.fastify.inject({ method: 'POST', url: '/v1/connections/salesforce/check', headers })
    expect(red.json()).toEqual({
      name: 'salesforce',
      verdict: 'authorization_required',
      code: 'invalid_grant',
      explanation: 'The login was revoked.',
      status: 'authorization_required',
      statusText: 'Authorization Required',
      lastProofAt: '2026-11-20T10:00:00.000Z',
    })
    const fine = await web.fastify.inject({ method: 'POST', url: '/v1/connections/fine/check', headers: BEARER })
    expect(fine.json()).toMatchObject({ verdict: 'works', code: null, explanation: null, status: 'connected' })
  })

  test('that answer nothing are told from connected ones', async () => {
    const connection = aConnection({ health: { ...aConnection().health, unreachableSince: START } })
    const web = aWeb({ actions: { listConnections: async () => [anOverview({ connection })] } })
    const [shown] = (await web.fastify.inject({ url: '/v1/connections', headers: BEARER })).json().connections
    expect(shown).toMatchObject({ status: 'connected', statusText: 'No answer', unreachableSince: '2026-11-20T10:00:00.000Z' })
  })
})

describe('the mapping', () => {
  const URL = '/v1/connections/salesforce/mapping'
  const headers = { ...BEARER, 'content-type': 'application/json' }

  test('is read, and what is read can be written back', async () => {
    const given: unknown[] = []
    const web = aWeb({
      actions: {
        readMapping: async () => ({ kind: 'found', mapping: MAPPING, isDefault: true }),
        changeMapping: async (teamId, name, body) => {
          given.push(teamId, name, body)
          return { kind: 'changed', mapping: MAPPING }
        },
      },
    })
    const read = (await web.fastify.inject({ url: URL, headers: BEARER })).json()
    expect(read).toEqual({ mapping: MAPPING, isDefault: true })
    const written = await web.fastify.inject({ method: 'PUT', url: URL, headers, payload: read.mapping })
    expect([written.statusCode, written.json()]).toEqual([200, { mapping: MAPPING, isDefault: false }])
    expect(given).toEqual(['T1', 'salesforce', MAPPING])
  })

  test.each([
    [{ kind: 'invalid' as const, problems: [{ path: 'touchpoints.object', message: 'no' }] }, 422, 'mapping_invalid'],
    [{ kind: 'not_checked' as const, explanation: 'Salesforce did not answer.' }, 409, 'mapping_not_checked'],
    [{ kind: 'not_a_crm' as const }, 409, 'not_a_crm'],
    [{ kind: 'unknown' as const }, 404, 'unknown_connection'],
  ])('stays as it was when the answer is %j', async (change, status, code) => {
    const web = aWeb({ actions: { changeMapping: async () => change } })
    const answer = await web.fastify.inject({ method: 'PUT', url: URL, headers, payload: MAPPING })
    expect([answer.statusCode, answer.json().code]).toEqual([status, code])
    if (change.kind === 'invalid') expect(answer.json().problems).toEqual(change.problems)
    if (change.kind === 'not_checked') expect(answer.json().detail).toContain('Salesforce did not answer.')
  })

  test.each([
    [headers, '{', 400, 'malformed_body'],
    [headers, '', 400, 'malformed_body'],
    [headers, `"${'x'.repeat(300_000)}"`, 413, 'body_too_large'],
    [{ ...BEARER, 'content-type': 'text/plain' }, '{}', 415, 'unsupported_media_type'],
  ])('is not asked about a body that is none', async (withHeaders, payload, status, code) => {
    const answer = await aWeb().fastify.inject({ method: 'PUT', url: URL, headers: withHeaders, payload })
    expect([answer.statusCode, answer.json().code]).toEqual([status, code])
  })
})
