import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createHttp, type HttpLimits } from '../../../src/outbound/providers/http.ts'
import { aClock, aDeadOrigin, answerJson, aServer } from './a-server.ts'

function anHttp(limits: Partial<HttpLimits> = {}) {
  const http = createHttp(aClock(), limits)
  onTestFinished(() => http.close())
  return http
}

test('answers with status, headers in lower case, text and JSON', async () => {
  const { origin, requests } = await aServer((_request, response) =>
    answerJson(response, 201, { ok: [1] }, { 'Sforce-Limit-Info': 'api-usage=1/2' }),
  )
  const answer = await anHttp().send({ method: 'PATCH', url: `${origin}/a?b=c`, headers: { 'x-one': '1' }, body: '{"é":1}' })
  expect(answer).toMatchObject({ kind: 'answer', status: 201, text: '{"ok":[1]}', json: { ok: [1] }, retryAfterMs: null })
  expect(answer.kind === 'answer' && answer.headers['sforce-limit-info']).toBe('api-usage=1/2')
  expect(requests[0]).toMatchObject({ method: 'PATCH', url: '/a?b=c', body: '{"é":1}' })
  expect(requests[0]?.headers).toMatchObject({ 'x-one': '1', 'content-length': '8' })
})

test('gives text without JSON as it came', async () => {
  const { origin } = await aServer((_request, response) => response.writeHead(503).end('<html>down</html>'))
  expect(await anHttp().send({ method: 'GET', url: origin })).toMatchObject({
    status: 503,
    text: '<html>down</html>',
    json: undefined,
  })
})

test('follows no redirect', async () => {
  const { origin, requests } = await aServer((_request, response) => response.writeHead(302, { location: '/elsewhere' }).end())
  expect(await anHttp().send({ method: 'GET', url: origin })).toMatchObject({ kind: 'answer', status: 302 })
  expect(requests).toHaveLength(1)
})

test('keeps the connection for the next call, but opens one for what must not be sent twice', async () => {
  const ports: (number | undefined)[] = []
  const { origin } = await aServer((_request, response) => {
    ports.push(response.socket?.remotePort)
    answerJson(response, 200, {})
  })
  const http = anHttp()
  await http.send({ method: 'GET', url: origin })
  await http.send({ method: 'GET', url: origin })
  await http.send({ method: 'POST', url: origin, once: true })
  expect(ports[1]).toBe(ports[0])
  expect(ports[2]).not.toBe(ports[0])
})

test('sends again on a new connection when the kept one had been closed', async () => {
  const { origin, requests } = await aServer((_request, response, place) => {
    if (place === 1) response.socket?.destroy()
    else answerJson(response, 200, { place })
  })
  const http = anHttp()
  await http.send({ method: 'GET', url: origin })
  expect(await http.send({ method: 'GET', url: origin })).toMatchObject({ kind: 'answer', json: { place: 2 } })
  expect(requests).toHaveLength(3)
})

test('waits no longer than the timeout for an answer that never comes', async () => {
  const { origin } = await aServer(() => undefined)
  expect(await anHttp({ timeoutMs: 150 }).send({ method: 'GET', url: origin })).toEqual({
    kind: 'no_answer',
    reason: 'timeout',
    sent: true,
  })
})

test('counts a body that trickles against the same timeout', async () => {
  const { origin } = await aServer((_request, response) => response.writeHead(200).write('{"half":'))
  expect(await anHttp({ timeoutMs: 150 }).send({ method: 'GET', url: origin })).toEqual({
    kind: 'no_answer',
    reason: 'timeout',
    sent: true,
  })
})

test('says that nothing was sent when nobody listens', async () => {
  expect(await anHttp().send({ method: 'GET', url: await aDeadOrigin() })).toEqual({
    kind: 'no_answer',
    reason: 'refused',
    sent: false,
  })
})

test('does not repeat on a new connection what was reset', async () => {
  const { origin, requests } = await aServer((_request, response) => response.socket?.destroy())
  expect(await anHttp().send({ method: 'POST', url: origin, once: true })).toEqual({
    kind: 'no_answer',
    reason: 'reset',
    sent: true,
  })
  expect(requests).toHaveLength(1)
})

test('reads a body that breaks off as a reset', async () => {
  const { origin } = await aServer((_request, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('{"half":', () => response.socket?.destroy())
  })
  expect(await anHttp().send({ method: 'GET', url: origin })).toEqual({ kind: 'no_answer', reason: 'reset', sent: true })
})

test('reads no more than the cap', async () => {
  const { origin } = await aServer((_request, response) => response.end('x'.repeat(2000)))
  expect(await anHttp({ maxBytes: 1999 }).send({ method: 'GET', url: origin })).toEqual({
    kind: 'no_answer',
    reason: 'too_large',
    sent: true,
  })
  expect(await anHttp({ maxBytes: 2000 }).send({ method: 'GET', url: origin })).toMatchObject({ kind: 'answer' })
})

test('reports a server that speaks no TLS', async () => {
  const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as { port: number }
  const answer = await anHttp().send({ method: 'GET', url: `https://127.0.0.1:${port}` })
  expect(answer).toEqual({ kind: 'no_answer', reason: 'tls', sent: false })
})

test.each([
  'http://login.salesforce.com/',
  'https://10.1.2.3/',
  'https://192.168.0.1/',
  'https://169.254.169.254/latest/meta-data',
  'https://[fd00::1]/',
  'https://[::ffff:10.0.0.1]/',
  'ftp://login.salesforce.com/',
])('connects neither in clear nor to the inside network: %s', async (url) => {
  expect(await anHttp().send({ method: 'GET', url })).toEqual({ kind: 'no_answer', reason: 'forbidden_address', sent: false })
})

test('reads how long to wait', async () => {
  const { origin } = await aServer((_request, response) => answerJson(response, 429, {}, { 'retry-after': '7' }))
  expect(await anHttp().send({ method: 'GET', url: origin })).toMatchObject({ retryAfterMs: 7000 })
})
