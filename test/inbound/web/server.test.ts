import { createHmac } from 'node:crypto'
import { Agent, type IncomingMessage, type RequestListener, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { HTTPReceiver, LogLevel } from '@slack/bolt'
import { afterEach, describe, expect, test } from 'vitest'
import type { WebServer } from '../../../src/inbound/web/server.ts'
import { aWeb, BEARER, type Overrides } from './a-web.ts'

const running: WebServer[] = []

afterEach(async () => {
  await Promise.all(running.splice(0).map((web) => web.close()))
})

async function listening(over: Overrides = {}): Promise<{ web: WebServer; port: number }> {
  const web = aWeb(over)
  running.push(web)
  return { web, port: await web.listen({ host: '127.0.0.1', port: 0 }) }
}

interface Sent {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string | Buffer
  readonly agent?: Agent
}

/** One request over a real socket. */
async function send(port: number, path: string, { body, ...options }: Sent = {}) {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, agent: false, ...options }, resolve)
      .on('error', reject)
      .end(body)
  })
  const { localPort } = answer.socket
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer), localPort }
}

/** Everything that comes until the server hangs up. */
async function untilHungUp(socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

const JSON_TYPE = { ...BEARER, 'content-type': 'application/json' }

describe('over a real socket', () => {
  test('a connection is kept for the next request, also after a refusal', async () => {
    const { port } = await listening({ actions: { listConnections: async () => [] } })
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const ports = []
    for (const headers of [BEARER, {}, BEARER] as const) {
      ports.push((await send(port, '/v1/connections', { headers: { ...headers }, agent })).localPort)
    }
    expect(new Set(ports).size).toBe(1)
    agent.destroy()
  })

  test('a body without an end is refused as soon as it is too large', async () => {
    const { port } = await listening({ config: { bodyLimitBytes: 1000 } })
    const head = 'POST /v1/touchpoints HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n'
    const socket = connect(port, '127.0.0.1')
    socket.write(`${head}Authorization: ${BEARER.authorization}\r\n\r\n${'400\r\n'}${'x'.repeat(0x400)}\r\n`)
    const answer = await untilHungUp(socket)
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
    expect(answer).toContain('"code":"body_too_large"')
  })

  test('somebody without a token is refused before the body has come', async () => {
    const { port } = await listening()
    const socket = connect(port, '127.0.0.1')
    socket.write('POST /v1/touchpoints HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9000000\r\n\r\n[')
    const [first] = await new Promise<[Buffer]>((resolve) => socket.once('data', (chunk) => resolve([chunk])))
    expect(first.toString()).toMatch(/^HTTP\/1\.1 401 /)
    socket.destroy()
  })

  test('a client that is too slow gets a problem instead of a place for ever', async () => {
    const { port } = await listening({ config: { requestTimeoutMs: 200 } })
    const socket = connect(port, '127.0.0.1')
    socket.write('POST /v1/touchpoints HTTP/1.1\r\nHost: x\r\n')
    const answer = await untilHungUp(socket)
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/)
    expect(answer).toContain('"code":"request_timeout"')
  })

  test('a body that trickles in is given up as well, before anything of it was taken in', async () => {
    const { port } = await listening({ config: { requestTimeoutMs: 200 } })
    const socket = connect(port, '127.0.0.1')
    const head = 'POST /v1/touchpoints HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10\r\n'
    socket.write(`${head}Authorization: ${BEARER.authorization}\r\n\r\n[`)
    const answer = await untilHungUp(socket)
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/)
  })

  test.each([
    ['nonsense\r\n\r\n', 400, 'bad_request'],
    [`GET / HTTP/1.1\r\nHost: x\r\nCookie: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'headers_too_large'],
    ['GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n', 400, 'bad_request'],
  ])('what is no request is a problem as well', async (sent, status, code) => {
    const { port } = await listening()
    const socket = connect(port, '127.0.0.1')
    socket.write(sent)
    const answer = await untilHungUp(socket)
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    const body = answer.slice(answer.indexOf('\r\n\r\n') + 4)
    expect(JSON.parse(body)).toMatchObject({ status, code })
    expect(answer).toContain(`Content-Length: ${Buffer.byteLength(body)}\r\n`)
  })

  test('what is under way when it closes is answered', async () => {
    const asked = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const { web, port } = await listening({
      actions: {
        listConnections: async () => {
          asked.resolve()
          await release.promise
          return []
        },
      },
    })
    const answer = send(port, '/v1/connections', { headers: BEARER })
    await asked.promise
    const closed = web.close()
    release.resolve()
    expect((await answer).status).toBe(200)
    await closed
    await expect(send(port, '/healthz')).rejects.toThrow('ECONNREFUSED')
  })

  test('a full load of 10,000 records passes', async () => {
    let received = 0
    const { port } = await listening({
      actions: {
        acceptTouchpoints: async (_team, items) => {
          received = items.length
          return { kind: 'accepted', accepted: items.length, duplicates: 0, rejected: [] }
        },
      },
    })
    const record = { id: 'x'.repeat(200), occurredAt: '2026-11-20T10:00:00Z', landingPage: 'y'.repeat(700) }
    const body = JSON.stringify(Array.from({ length: 10_000 }, () => record))
    expect(body.length).toBeGreaterThan(9_000_000)
    const answer = await send(port, '/v1/touchpoints', { method: 'POST', headers: JSON_TYPE, body })
    expect([answer.status, received]).toEqual([202, 10_000])
  })
})

describe('POST /slack/events', () => {
  const SECRET = 'signing-secret'

  function signed(body: string) {
    const at = String(Math.floor(Date.now() / 1000))
    const signature = createHmac('sha256', SECRET).update(`v0:${at}:${body}`).digest('hex')
    return { 'content-type': 'application/json', 'x-slack-request-timestamp': at, 'x-slack-signature': `v0=${signature}` }
  }

  test('reaches Bolt unread, so that it can check the signature', async () => {
    const receiver = new HTTPReceiver({ signingSecret: SECRET, logLevel: LogLevel.ERROR })
    const { port } = await listening({ deps: { slackListener: receiver.requestListener as RequestListener } })
    const body = JSON.stringify({ type: 'url_verification', challenge: 'c0ffee' })
    const answer = await send(port, '/slack/events', { method: 'POST', headers: signed(body), body })
    expect([answer.status, JSON.parse(answer.body)]).toEqual([200, { challenge: 'c0ffee' }])
    const unsigned = await send(port, '/slack/events', { method: 'POST', headers: signed('other'), body })
    expect(unsigned.status).toBe(401)
  })

  test('takes forms and bodies of no kind, and nothing too large', async () => {
    const listener: RequestListener = (incoming, answer) => void text(incoming).then((body) => answer.end(`got ${body.length}`))
    const { port } = await listening({ deps: { slackListener: listener } })
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const post = (headers: Record<string, string>, body: string) => send(port, '/slack/events', { method: 'POST', headers, body })
    expect((await post(form, 'a=1')).body).toBe('got 3')
    expect((await post({}, 'abcd')).body).toBe('got 4')
    const large = await post(form, 'x'.repeat(1024 * 1024 + 1))
    expect([large.status, JSON.parse(large.body).code]).toEqual([413, 'body_too_large'])
    expect((await send(port, '/slack/events')).status).toBe(405)
  })

  test('a listener that throws is answered all the same', async () => {
    const { port } = await listening({
      deps: {
        slackListener: () => {
          throw new Error('boom')
        },
      },
    })
    expect((await send(port, '/slack/events', { method: 'POST', body: 'x' })).status).toBe(500)
  })

  test('is not there in Socket Mode', async () => {
    const { port } = await listening()
    expect((await send(port, '/slack/events', { method: 'POST', headers: JSON_TYPE, body: '{}' })).status).toBe(404)
  })
})
