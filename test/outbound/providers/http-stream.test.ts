import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createHttp, type HttpLimits } from '../../../src/outbound/providers/http.ts'
import { aClock, aDeadOrigin, answerJson, aServer } from './a-server.ts'

function anHttp(limits: Partial<HttpLimits> = {}) {
  const http = createHttp(aClock(), limits)
  onTestFinished(() => http.close())
  return http
}

/** Sees a request before its body is read. */
async function aRawServer(answering: (incoming: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answering)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function* pieces(...texts: string[]): AsyncGenerator<string> {
  for (const text of texts) yield text
}

async function* endless(made: { pieces: number }): AsyncGenerator<string> {
  for (;;) {
    made.pieces += 1
    yield 'x'.repeat(64 * 1024)
  }
}

async function textOf(download: { readonly text: AsyncIterable<string> }): Promise<string> {
  let all = ''
  for await (const text of download.text) all += text
  return all
}

test('uploads piece by piece and reads the answer', async () => {
  const { origin, requests } = await aServer((_request, response) =>
    answerJson(response, 201, { ok: true }, { 'retry-after': '3' }),
  )
  const answer = await anHttp().upload({
    method: 'PUT',
    url: `${origin}/a`,
    headers: { 'content-type': 'text/csv' },
    body: pieces('é,', 'b\n', 'c,d\n'),
  })
  expect(answer).toMatchObject({ kind: 'answer', status: 201, json: { ok: true }, retryAfterMs: 3000 })
  expect(requests).toMatchObject([{ method: 'PUT', url: '/a', body: 'é,b\nc,d\n', headers: { 'content-type': 'text/csv' } }])
})

test('reads the source no faster than the server takes it', async () => {
  const made = { pieces: 0 }
  const origin = await aRawServer(() => undefined)
  const answer = anHttp({ idleMs: 300 }).upload({ method: 'PUT', url: origin, body: endless(made) })
  expect(await answer).toEqual({ kind: 'no_answer', reason: 'timeout', sent: true })
  const stopped = made.pieces
  expect(stopped * 64).toBeLessThan(64 * 1024) // 64 MB; what the sockets' own buffers hold
  await new Promise((resolve) => setImmediate(resolve))
  expect(made.pieces).toBe(stopped)
})

test('takes an answer that comes before all is sent, and stops sending', async () => {
  const made = { pieces: 0 }
  const origin = await aRawServer((_incoming, response) => {
    answerJson(response, 401, [{ errorCode: 'INVALID_SESSION_ID' }])
  })
  const answer = await anHttp({ idleMs: 2000 }).upload({ method: 'PUT', url: origin, body: endless(made) })
  expect(answer).toMatchObject({ kind: 'answer', status: 401, json: [{ errorCode: 'INVALID_SESSION_ID' }] })
})

test('a source that breaks off breaks off the upload: the server never sees the end', async () => {
  const ended: string[] = []
  const begun = Promise.withResolvers<void>()
  const origin = await aRawServer((incoming) => {
    incoming.once('data', () => begun.resolve()).resume()
    incoming.on('end', () => ended.push('end')).on('error', () => ended.push('error'))
  })
  const broken = async function* (): AsyncGenerator<string> {
    yield 'a\n'
    await begun.promise
    throw new Error('the database is gone')
  }
  await expect(anHttp().upload({ method: 'PUT', url: origin, body: broken() })).rejects.toThrow('the database is gone')
  await expect.poll(() => ended).toEqual(['error'])
})

test('uploads nowhere but where a request may go, and tells who does not answer', async () => {
  const http = anHttp()
  const upload = (url: string) => http.upload({ method: 'PUT', url, body: pieces('a') })
  expect(await upload('http://10.0.0.1/')).toEqual({ kind: 'no_answer', reason: 'forbidden_address', sent: false })
  expect(await upload('http://example.com/')).toEqual({ kind: 'no_answer', reason: 'forbidden_address', sent: false })
  expect(await upload(await aDeadOrigin())).toEqual({ kind: 'no_answer', reason: 'refused', sent: false })
  expect(await http.download({ method: 'GET', url: 'https://169.254.169.254/' })).toMatchObject({ reason: 'forbidden_address' })
})

test('downloads as it comes, whole characters, and follows no redirect', async () => {
  const origin = await aRawServer((incoming, response) => {
    if (incoming.url === '/away') return response.writeHead(302, { location: '/' }).end()
    const bytes = Buffer.from('a,é\n')
    response.writeHead(200, { 'Sforce-Locator': 'x' })
    response.write(bytes.subarray(0, 3))
    setImmediate(() => response.end(bytes.subarray(3)))
  })
  const download = await anHttp().download({ method: 'GET', url: origin })
  if (download.kind !== 'download') throw new Error(download.kind)
  expect(download).toMatchObject({ status: 200, headers: { 'sforce-locator': 'x' } })
  expect(await textOf(download)).toBe('a,é\n')
  expect(await anHttp().download({ method: 'GET', url: `${origin}/away` })).toMatchObject({ kind: 'answer', status: 302 })
})

test('what is not a success is read whole', async () => {
  const { origin } = await aServer((_request, response) =>
    answerJson(response, 429, [{ errorCode: 'x' }], { 'retry-after': '7' }),
  )
  expect(await anHttp().download({ method: 'GET', url: origin })).toMatchObject({
    kind: 'answer',
    status: 429,
    json: [{ errorCode: 'x' }],
    retryAfterMs: 7000,
  })
})

test('a download that stops in the middle, or is too large, throws while it is read', async () => {
  const origin = await aRawServer((incoming, response) => {
    response.writeHead(200, incoming.url === '/cut' ? { 'content-length': '100' } : {})
    response.write('0123456789')
    if (incoming.url === '/cut') setImmediate(() => response.destroy())
    if (incoming.url === '/large') response.end('0123456789')
  })
  const http = anHttp({ idleMs: 200, maxDownloadBytes: 15 })
  for (const path of ['/cut', '/silent', '/large']) {
    const download = await http.download({ method: 'GET', url: `${origin}${path}` })
    if (download.kind !== 'download') throw new Error(download.kind)
    await expect(textOf(download), path).rejects.toThrow()
  }
})
