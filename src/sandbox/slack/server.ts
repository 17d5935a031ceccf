import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Files } from './api-files.ts'
import type { AppInstalls } from './app-installs.ts'
import { readBody } from './http-body.ts'
import { parseJson } from './json.ts'
import type { OpenId } from './open-id.ts'
import type { Page } from './page.ts'
import type { Platform } from './platform.ts'
import type { ResponseUrls } from './response-url.ts'

export interface ServerDeps {
  readonly port: number
  readonly host: string
  /** What its Web API serves. */
  readonly platform: Platform
  readonly installs: AppInstalls
  readonly responseUrls: ResponseUrls
  readonly files: Files
  readonly openId: OpenId
  readonly page: Page
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
}

/** One port for the Web API, response addresses, Socket Mode, Sign in with Slack and the page. */
export async function startServer(deps: ServerDeps): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    route(deps, request, response).catch((error: unknown) => {
      if (response.headersSent) return response.destroy()
      response.writeHead(500, { 'content-type': 'text/plain' })
      response.end(`The simulated Slack failed: ${error instanceof Error ? error.message : String(error)}`)
    })
  })
  server.on('upgrade', deps.upgrade)
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(deps.port, deps.host, resolve)
  await promise
  const address = server.address() as AddressInfo // a TCP server that listens has one
  return {
    url: `http://${deps.host}:${address.port}`,
    async close() {
      const closed = new Promise((done) => server.close(done))
      server.closeAllConnections()
      await closed
    },
  }
}

async function route(deps: ServerDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost')
  if (pathname.startsWith('/api/')) {
    return deps.platform.webApiFor(request).handle(pathname.slice('/api/'.length), request, response)
  }
  if (pathname.startsWith('/response/')) {
    const answer = deps.responseUrls.use(pathname, parseJson(await readBody(request)))
    response.writeHead(answer.status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer.body))
    return
  }
  if (pathname.startsWith('/upload/')) {
    const isTaken = await deps.files.receive(pathname.slice('/upload/'.length), request)
    response.writeHead(isTaken ? 200 : 400, { 'content-type': 'text/plain' }).end(isTaken ? 'OK' : 'Unexpected file')
    return
  }
  if (await deps.installs.handle(request, response)) return
  if (await deps.openId.handle(request, response)) return
  return deps.page.handle(request, response)
}
