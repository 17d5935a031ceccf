import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Clock } from '../../../src/clock.ts'

export interface SeenRequest {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface AServer {
  readonly origin: string
  readonly requests: readonly SeenRequest[]
}

export type Answering = (request: SeenRequest, response: ServerResponse, place: number) => void

/** A real HTTP server for one test. `place` counts the requests from 0. */
export async function aServer(answering: Answering): Promise<AServer> {
  const requests: SeenRequest[] = []
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const seen = { method: incoming.method ?? '', url: incoming.url ?? '', headers: incoming.headers, body }
      requests.push(seen)
      answering(seen, response, requests.length - 1)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}

export function answerJson(response: ServerResponse, status: number, json: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(json))
}

/** A port of this machine where nobody listens. */
export async function aDeadOrigin(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}

export interface TurnedClock extends Clock {
  turn(byMs: number): void
}

export function aClock(start = '2026-11-23T12:00:00Z'): TurnedClock {
  let now = new Date(start)
  return {
    now: () => now,
    turn(byMs) {
      now = new Date(now.getTime() + byMs)
    },
  }
}
