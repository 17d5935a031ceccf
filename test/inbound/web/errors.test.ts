import { describe, expect, test } from 'vitest'
import { aWeb, BEARER } from './a-web.ts'

const PROBLEM = {
  type: expect.stringMatching(/^urn:redkey:problem:\w+$/),
  title: expect.any(String),
  status: expect.any(Number),
  detail: expect.any(String),
  code: expect.any(String),
  instance: expect.stringMatching(/^urn:redkey:answer:id-\d+$/),
}

describe('every error is a problem document', () => {
  test.each([
    ['GET', '/nope', {}, 404, 'not_found'],
    ['POST', '/nope', { 'content-type': 'application/json' }, 404, 'not_found'],
    ['GET', '/v1/nope', { accept: 'text/html' }, 404, 'not_found'],
    ['GET', '/favicon.ico', { accept: 'image/*' }, 404, 'not_found'],
    ['GET', '/%zz', {}, 400, 'bad_request'],
    ['GET', `/v1/connections/${'x'.repeat(101)}`, BEARER, 400, 'bad_request'],
    ['GET', `/v1/connections/${'x'.repeat(5000)}`, BEARER, 400, 'bad_request'],
    ['DELETE', '/v1/connections', BEARER, 405, 'method_not_allowed'],
    ['OPTIONS', '/v1/touchpoints', {}, 405, 'method_not_allowed'],
    ['PUT', '/healthz', { 'content-type': 'text/weird' }, 405, 'method_not_allowed'],
    ['POST', '/openapi.json', {}, 405, 'method_not_allowed'],
  ] as const)('%s %s', async (method, url, headers, status, code) => {
    const answer = await aWeb().fastify.inject({ method, url, headers, ...(method === 'PUT' ? { payload: 'x' } : {}) })
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([status, 'application/problem+json; charset=utf-8'])
    expect(answer.json()).toEqual(PROBLEM)
    expect(answer.json()).toMatchObject({ status, code, type: `urn:redkey:problem:${code}` })
  })

  test('a wrong method learns the right ones', async () => {
    const answer = await aWeb().fastify.inject({ method: 'DELETE', url: '/v1/connections/x/mapping' })
    expect([answer.statusCode, answer.headers['allow']]).toEqual([405, 'GET, PUT'])
  })

  test('a bug of ours tells nothing but a reference, which stands in the log', async () => {
    const bug = Object.assign(new Error('boom with maria@acme.com'), { statusCode: 429, code: 'SOMETHING' })
    const web = aWeb({ actions: { listConnections: () => Promise.reject(bug) } })
    const answer = await web.fastify.inject({ url: '/v1/connections', headers: BEARER })
    expect(answer.statusCode).toBe(500)
    expect(answer.json()).toEqual({ ...PROBLEM, reference: 'id-1' })
    expect(answer.json()).toMatchObject({ code: 'internal_error', detail: expect.stringContaining('id-1') })
    expect(answer.body).not.toMatch(/boom|maria|at .*\.ts/)
    expect(web.logged.lines).toEqual([
      expect.stringMatching(/^error http\.failed \{"route":"\/v1\/connections","method":"GET","reference":"id-1"\} Error: boom/),
    ])
  })

  test('an answer that does not fit its own description is a bug too', async () => {
    const web = aWeb({ actions: { findTouchpoint: async () => [{} as never], listConnections: async () => [] } })
    const answer = await web.fastify.inject({ url: '/v1/touchpoints/a', headers: BEARER })
    expect([answer.statusCode, answer.json().code]).toEqual([500, 'internal_error'])
  })
})

describe('people get pages instead', () => {
  test.each([
    ['/nope', 404],
    ['/reauthorize/cut%', 404],
  ])('%s', async (url, status) => {
    const answer = await aWeb().fastify.inject({ url, headers: { accept: 'text/html,*/*' } })
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([status, 'text/html; charset=utf-8'])
    expect(answer.body).toContain('<h1>There is nothing here</h1>')
  })

  test('when something of ours is broken', async () => {
    const web = aWeb({ actions: { beginReauthorize: () => Promise.reject(new Error('boom')) } })
    const answer = await web.fastify.inject('/reauthorize/secret-ticket')
    expect(answer.statusCode).toBe(500)
    expect(answer.body).toContain('<code>id-1</code>')
    expect(answer.body).not.toContain('boom')
    expect(web.logged.lines.join()).not.toContain('secret-ticket')
  })

  test('when the database is out of reach', async () => {
    const locked = Object.assign(new Error('locked'), { code: 'SQLITE_BUSY_SNAPSHOT' })
    const web = aWeb({ actions: { readConnectLink: () => Promise.reject(locked) } })
    const answer = await web.fastify.inject('/connect/ticket')
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5'])
    expect(answer.body).toContain('database')
  })
})

describe('the rate of one address', () => {
  const forged = {
    beginReauthorize: async () => ({ kind: 'forged' as const }),
    readConnectLink: async () => ({ kind: 'forged' as const }),
  }
  const ask = (web: ReturnType<typeof aWeb>, remoteAddress: string, headers = {}) =>
    web.fastify.inject({ url: '/reauthorize/x', remoteAddress, headers }).then((answer) => answer.statusCode)

  test('is limited on public pages, and on nothing else', async () => {
    const web = aWeb({ actions: forged, config: { publicPerMinute: 3 } })
    const statuses = []
    for (let n = 0; n < 4; n++) statuses.push(await ask(web, '192.0.2.1'))
    expect(statuses).toEqual([400, 400, 400, 429])
    expect(await ask(web, '192.0.2.2')).toBe(400)
    const limited = await web.fastify.inject({ url: '/reauthorize/y', remoteAddress: '192.0.2.1' })
    expect(limited.headers['content-type']).toContain('text/html')
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0)
    for (let n = 0; n < 10; n++) {
      expect((await web.fastify.inject({ url: '/healthz', remoteAddress: '192.0.2.1' })).statusCode).toBe(200)
      expect((await web.fastify.inject({ url: '/v1/connections', remoteAddress: '192.0.2.1' })).statusCode).toBe(401)
    }
  })

  test('is not escaped by a forwarded header, unless a proxy is trusted; then the proxy says who asks', async () => {
    const open = aWeb({ actions: forged, config: { publicPerMinute: 1 } })
    expect(await ask(open, '192.0.2.1', { 'x-forwarded-for': '198.51.100.1' })).toBe(400)
    expect(await ask(open, '192.0.2.1', { 'x-forwarded-for': '198.51.100.2' })).toBe(429)
    const behind = aWeb({ actions: forged, config: { publicPerMinute: 1, trustProxy: true } })
    expect(await ask(behind, '192.0.2.1', { 'x-forwarded-for': '198.51.100.1' })).toBe(400)
    expect(await ask(behind, '192.0.2.1', { 'x-forwarded-for': '198.51.100.2' })).toBe(400)
    expect(await ask(behind, '192.0.2.1', { 'x-forwarded-for': 'made-up, 198.51.100.2' })).toBe(429)
  })
})
