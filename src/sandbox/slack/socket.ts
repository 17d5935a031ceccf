import { randomBytes, randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'
import type { Delivery, Parcel, Receipt } from './delivery.ts'
import { isObject, parseJson } from './json.ts'

const MAX_LINKS = 10
const PING_EVERY_MS = 5_000
const REFRESH_GRACE_MS = 10_000

export type DisconnectReason = 'warning' | 'refresh_requested' | 'link_disabled'

/** Socket Mode, Slack's side: tickets, links, envelopes, acks. */
export interface SocketLinks extends Delivery {
  /** The path of a WebSocket address that works once. */
  ticketPath(): string
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Links that are open now. */
  count(): number
  /** Tells every link (or only the oldest) to go. After `refresh_requested` and `link_disabled` a link gets no more payloads. */
  disconnect(reason: DisconnectReason, which?: 'all' | 'oldest'): void
  /** Cuts every link without a word. */
  drop(): void
  close(): void
}

export function createSocketLinks(options: { appId: string; ackTimeoutMs: number; linksChanged(): void }): SocketLinks {
  const server = new WebSocketServer({ noServer: true })
  const tickets = new Set<string>()
  const links = new Set<WebSocket>()
  const leaving = new WeakSet<WebSocket>()
  const waiting = new Map<string, (receipt: Receipt) => void>()
  const timers = new Set<NodeJS.Timeout>()
  let turn = 0

  const pings = setInterval(() => {
    for (const link of links) link.ping()
  }, PING_EVERY_MS).unref()

  function accept(link: WebSocket): void {
    if (links.size >= MAX_LINKS) {
      link.send(JSON.stringify({ type: 'disconnect', reason: 'too_many_websockets', debug_info: { host: 'applink-1' } }))
      link.close()
      return
    }
    links.add(link)
    link.on('close', () => {
      links.delete(link)
      options.linksChanged()
    })
    link.on('error', () => link.terminate())
    link.on('message', (data) => acknowledge(String(data)))
    link.send(
      JSON.stringify({
        type: 'hello',
        num_connections: links.size,
        connection_info: { app_id: options.appId },
        debug_info: { host: 'applink-1', build_number: 1, approximate_connection_time: 18_060 },
      }),
    )
    options.linksChanged()
  }

  function acknowledge(text: string): void {
    const message = parseJson(text)
    if (!isObject(message) || typeof message.envelope_id !== 'string') return
    waiting.get(message.envelope_id)?.({ kind: 'acked', body: message.payload })
  }

  /** Any one link, in turn; Slack gives no promise which. */
  function pick(): WebSocket | undefined {
    const ready = [...links].filter((link) => link.readyState === WebSocket.OPEN && !leaving.has(link))
    turn += 1
    return ready[turn % ready.length]
  }

  function send(parcel: Parcel): Promise<Receipt> {
    const link = pick()
    if (link === undefined) return Promise.resolve({ kind: 'failed', error: 'dispatch_failed' })
    const envelopeId = randomUUID()
    const isEvent = parcel.type === 'events_api'
    const { promise, resolve } = Promise.withResolvers<Receipt>()
    const timer = setTimeout(() => settle({ kind: 'failed', error: 'operation_timeout' }), options.ackTimeoutMs)
    timers.add(timer)
    function settle(receipt: Receipt): void {
      clearTimeout(timer)
      timers.delete(timer)
      waiting.delete(envelopeId)
      resolve(receipt)
    }
    waiting.set(envelopeId, settle)
    link.send(
      JSON.stringify({
        envelope_id: envelopeId,
        type: parcel.type,
        payload: parcel.payload,
        accepts_response_payload: !isEvent,
        ...(isEvent ? { retry_attempt: parcel.retry?.attempt ?? 0, retry_reason: parcel.retry?.reason ?? '' } : {}),
      }),
    )
    return promise
  }

  return {
    send,
    ticketPath() {
      const ticket = randomBytes(16).toString('hex')
      tickets.add(ticket)
      return `/link/?ticket=${ticket}&app_id=${options.appId}`
    },
    upgrade(request, socket, head) {
      const ticket = new URL(request.url ?? '/', 'http://localhost').searchParams.get('ticket') ?? ''
      if (tickets.delete(ticket)) return server.handleUpgrade(request, socket, head, accept)
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
    },
    count: () => links.size,
    disconnect(reason, which = 'all') {
      for (const link of [...links].slice(0, which === 'oldest' ? 1 : links.size)) {
        link.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'applink-1' } }))
        if (reason === 'warning') continue
        leaving.add(link)
        const timer = setTimeout(() => link.close(), REFRESH_GRACE_MS)
        timers.add(timer)
        link.once('close', () => {
          clearTimeout(timer)
          timers.delete(timer)
        })
      }
    },
    drop() {
      for (const link of links) link.terminate()
    },
    close() {
      clearInterval(pings)
      for (const settle of [...waiting.values()]) settle({ kind: 'failed', error: 'dispatch_failed' })
      for (const timer of timers) clearTimeout(timer)
      for (const link of links) link.terminate()
      server.close()
    },
  }
}
