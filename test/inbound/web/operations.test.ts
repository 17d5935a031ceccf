import Ajv2020 from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { touchpointSchema } from '../../../src/domain/outbox/touchpoint-schema.ts'
import type { MetricsFacts } from '../../../src/inbound/web/web-deps.ts'
import { anOverview, aWeb, BEARER } from './a-web.ts'

describe('health', () => {
  test('it is up while the process runs, whatever else is broken', async () => {
    const answer = await aWeb().fastify.inject('/healthz')
    expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'up' }])
  })

  test('it is ready when every check is fine', async () => {
    const web = aWeb({ actions: { readiness: async () => [{ name: 'store', ok: true, detail: null }] } })
    const answer = await web.fastify.inject('/readyz')
    expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'ready' }])
  })

  test('it is not ready otherwise, and says which check failed', async () => {
    const readiness = async () => [
      { name: 'store', ok: true, detail: null },
      { name: 'slack', ok: false, detail: 'There is no connection to Slack.' },
    ]
    const answer = await aWeb({ actions: { readiness } }).fastify.inject('/readyz')
    expect(answer.statusCode).toBe(503)
    expect(answer.json()).toMatchObject({
      code: 'not_ready',
      failed: [{ check: 'slack', detail: 'There is no connection to Slack.' }],
    })
    expect((await aWeb({ actions: { readiness } }).fastify.inject({ method: 'HEAD', url: '/readyz' })).statusCode).toBe(503)
  })

  test('nor when the question itself fails', async () => {
    const answer = await aWeb({ actions: { readiness: () => Promise.reject(new Error('pool')) } }).fastify.inject('/readyz')
    expect([answer.statusCode, answer.json().failed]).toEqual([503, [{ check: 'store', detail: "The database doesn't answer." }]])
  })
})

describe('metrics', () => {
  let facts: MetricsFacts = {
    connections: [
      { name: 'salesforce', provider: 'salesforce', status: 'connected', waiting: 3, workspace: null },
      { name: 'salesforce-2', provider: 'salesforce', status: 'authorization_required', waiting: 1284, workspace: null },
    ],
    openOutages: 1,
    socketsConnected: 2,
    messagesFailed: 0,
  }
  const metrics = async () => facts

  test('say what is true at the moment, and forget what is gone', async () => {
    const web = aWeb({ actions: { metrics } })
    const first = await web.fastify.inject('/metrics')
    expect(first.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/)
    expect(first.body.split('\n')).toEqual(
      expect.arrayContaining([
        'redkey_connections{provider="salesforce",status="connected"} 1',
        'redkey_connections{provider="salesforce",status="authorization_required"} 1',
        'redkey_connections{provider="salesforce",status="paused"} 0',
        'redkey_touchpoints_waiting{connection="salesforce-2"} 1284',
        'redkey_outages_open 1',
        'redkey_slack_sockets_connected 2',
        'redkey_messages_failed 0',
      ]),
    )
    facts = { ...facts, connections: facts.connections.slice(0, 1), openOutages: 0 }
    const second = (await web.fastify.inject('/metrics')).body
    expect(second).toContain('redkey_connections{provider="salesforce",status="authorization_required"} 0')
    expect(second).not.toContain('salesforce-2')
  })

  test('count requests by route, without anything of the address', async () => {
    const web = aWeb({ actions: { metrics, beginReauthorize: async () => ({ kind: 'expired' }) } })
    await web.fastify.inject('/reauthorize/secret-ticket')
    await web.fastify.inject('/reauthorize/other-ticket')
    await web.fastify.inject('/scanner/x.php')
    const { body } = await web.fastify.inject('/metrics')
    expect(body).toContain('redkey_http_requests_total{route="/reauthorize/:ticket",method="GET",status="410"} 2')
    expect(body).toContain('redkey_http_requests_total{route="none",method="GET",status="404"} 1')
    expect(body).not.toMatch(/ticket-|secret|scanner/)
  })

  test('count refused records by code, whatever refused them', async () => {
    const refused = (index: number) => ({ index, id: 'x', code: 'unknown_connection' as const, message: 'm' })
    const acceptTouchpoints = async () => ({
      kind: 'accepted' as const,
      accepted: 1,
      duplicates: 0,
      rejected: [refused(0), refused(1)],
    })
    const web = aWeb({ actions: { metrics, acceptTouchpoints } })
    const headers = { ...BEARER, 'content-type': 'application/x-ndjson' }
    await web.fastify.inject({ method: 'POST', url: '/v1/touchpoints', headers, payload: '{}\n{}\n{}\n{oops' })
    const { body } = await web.fastify.inject('/metrics')
    expect(body).toContain('redkey_touchpoints_refused_total{code="unknown_connection"} 2')
    expect(body).toContain('redkey_touchpoints_refused_total{code="malformed_record"} 1')
    expect(body).toContain('redkey_touchpoints_refused_total{code="invalid_touchpoint"} 0')
  })

  test.each([
    ['this machine', '127.0.0.1', {}, 200],
    ['this machine over IPv6', '::1', {}, 200],
    ['this machine as IPv6 writes IPv4', '::ffff:127.0.0.1', {}, 200],
    ['elsewhere', '192.0.2.1', {}, 401],
    ['elsewhere with a token', '192.0.2.1', BEARER, 200],
    ['elsewhere with a wrong token', '192.0.2.1', { authorization: 'Bearer x' }, 401],
    ['a proxy on this machine', '127.0.0.1', { 'x-forwarded-for': '192.0.2.1' }, 401],
    ['a proxy on this machine, another header', '127.0.0.1', { forwarded: 'for=192.0.2.1' }, 401],
    ['somebody who says to be this machine', '192.0.2.1', { 'x-forwarded-for': '127.0.0.1' }, 401],
  ])('are for %s', async (_, remoteAddress, headers, status) => {
    const answer = await aWeb({ actions: { metrics } }).fastify.inject({ url: '/metrics', remoteAddress, headers })
    expect(answer.statusCode).toBe(status)
  })

  test('are for tokens only where a proxy is trusted: then everybody comes from it', async () => {
    const web = aWeb({ actions: { metrics }, config: { trustProxy: true } })
    expect((await web.fastify.inject('/metrics')).statusCode).toBe(401)
    expect((await web.fastify.inject({ url: '/metrics', headers: { 'x-forwarded-for': '127.0.0.1' } })).statusCode).toBe(401)
    expect((await web.fastify.inject({ url: '/metrics', headers: BEARER })).statusCode).toBe(200)
  })
})

describe('/openapi.json', () => {
  test('describes every route of the API, with its problems', async () => {
    const api = (await aWeb().fastify.inject('/openapi.json')).json()
    expect(api.openapi).toBe('3.1.0')
    const operations = Object.entries<object>(api.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(operations.sort()).toEqual([
      'GET /healthz',
      'GET /metrics',
      'GET /readyz',
      'GET /v1/connections',
      'GET /v1/connections/{name}',
      'GET /v1/connections/{name}/costs',
      'GET /v1/connections/{name}/mapping',
      'GET /v1/connections/{name}/rejects',
      'GET /v1/touchpoints/{id}',
      'HEAD /healthz',
      'HEAD /readyz',
      'POST /v1/connections/{name}/check',
      'POST /v1/connections/{name}/rejects/dismiss',
      'POST /v1/connections/{name}/rejects/retry',
      'POST /v1/touchpoints',
      'PUT /v1/connections/{name}/mapping',
    ])
    const send = api.paths['/v1/touchpoints'].post
    expect(Object.keys(send.responses).sort()).toEqual(['202', '400', '401', '403', '404', '409', '413', '415', '500', '503'])
    expect(send.responses['413'].description).toContain('`too_many_records`')
    expect(send.responses['413'].content['application/problem+json'].schema).toEqual({ $ref: '#/components/schemas/Problem' })
    expect(Object.keys(send.requestBody.content)).toContain('application/x-ndjson')
  })

  test('has the touchpoint as the API judges it', async () => {
    const api = (await aWeb().fastify.inject('/openapi.json')).json()
    const { Touchpoint } = api.components.schemas
    expect(Object.keys(Touchpoint.properties)).toEqual(Object.keys(touchpointSchema.shape))
    expect(Touchpoint).toMatchObject({ required: ['id', 'occurredAt'], additionalProperties: false })
  })

  test('has schemas that hold together and that an answer of ours passes', async () => {
    const web = aWeb({ actions: { listConnections: async () => [anOverview()] } })
    const api = (await web.fastify.inject('/openapi.json')).json()
    const ajv = new Ajv2020.default({ strict: false, validateFormats: false })
    ajv.addSchema({ $id: 'api', ...api })
    for (const name of Object.keys(api.components.schemas)) ajv.compile({ $ref: `api#/components/schemas/${name}` })
    const listed = (await web.fastify.inject({ url: '/v1/connections', headers: BEARER })).json()
    expect(ajv.validate({ $ref: 'api#/components/schemas/Connection' }, listed.connections[0]), ajv.errorsText()).toBe(true)
    const refused = (await web.fastify.inject('/v1/connections')).json()
    expect(ajv.validate({ $ref: 'api#/components/schemas/Problem' }, refused), ajv.errorsText()).toBe(true)
  })
})
