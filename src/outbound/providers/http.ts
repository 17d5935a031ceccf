import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { Clock } from '../../clock.ts'
import { isLoopbackHost } from './addresses.ts'
import { mayConnect, type NoAnswerReason, publicLookup, readHeaders, readReason } from './http-address.ts'
import { openExchange } from './http-stream.ts'
import { readRetryAfterMs } from './retry-after.ts'

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** Must not reach the server twice (a token that is used up): a connection of its own, so a stale one can't swallow it. */
  readonly once?: boolean
}

export interface HttpAnswer {
  readonly kind: 'answer'
  readonly status: number
  /** Names in lower case; a repeated header is joined with a comma. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** `undefined` when the text is not JSON. */
  readonly json: unknown
  readonly retryAfterMs: number | null
}

export interface NoAnswer {
  readonly kind: 'no_answer'
  readonly reason: NoAnswerReason
  /** Whether the server may have acted on it. */
  readonly sent: boolean
}

export type HttpResult = HttpAnswer | NoAnswer

/** An exchange with a body that is never held whole. */
export type StreamRequest = Pick<HttpRequest, 'method' | 'url' | 'headers'> & { readonly body?: AsyncIterable<string> }

/** A success whose body is still on its way. Reading it throws when the rest does not come; stopping early ends the exchange. */
export interface HttpDownload {
  readonly kind: 'download'
  readonly status: number
  readonly headers: HttpAnswer['headers']
  readonly text: AsyncIterable<string>
  /** The same as it came; read one of both. */
  readonly bytes: AsyncIterable<Uint8Array>
}

/** Follows no redirect, keeps connections open, and never throws for what the network does. */
export interface Http {
  send(request: HttpRequest): Promise<HttpResult>
  /** As `send`, once, with a body of any size. Throws what reading `body` throws. */
  upload(request: StreamRequest): Promise<HttpResult>
  /** As `send`, once, for an answer of any size: only what is not a 2xx is read whole. */
  download(request: StreamRequest): Promise<HttpDownload | HttpResult>
  /** Drops idle connections. */
  close(): void
}

export interface HttpLimits {
  /** For the whole exchange, body included. */
  readonly timeoutMs: number
  readonly maxBytes: number
  /** Uploads and downloads may take long, but something must move. */
  readonly idleMs: number
  readonly maxDownloadBytes: number
}

const DEFAULT_LIMITS: HttpLimits = {
  timeoutMs: 20_000,
  maxBytes: 10 * 1024 * 1024,
  idleMs: 120_000,
  maxDownloadBytes: 1024 ** 3,
}

/** On `node:http` and not `fetch`: with kept connections it was measured to be faster here (2026-11). */
export function createHttp(clock: Clock, limits: Partial<HttpLimits> = {}): Http {
  const bounds = { ...DEFAULT_LIMITS, ...limits, clock }
  const agents = { 'http:': new HttpAgent({ keepAlive: true }), 'https:': new HttpsAgent({ keepAlive: true }) }
  return {
    async send(request) {
      const url = new URL(request.url)
      if (!mayConnect(url)) return { kind: 'no_answer', reason: 'forbidden_address', sent: false }
      const agent = url.protocol === 'https:' ? agents['https:'] : agents['http:']
      const first = await exchange(url, request, bounds, request.once === true ? false : agent)
      // The server had closed a kept connection before it saw the request: once more, on a new one.
      return first.staleConnection ? (await exchange(url, request, bounds, false)).result : first.result
    },
    async upload(request) {
      const incoming = await open(request, bounds)
      return 'kind' in incoming ? incoming : readAnswer(incoming, bounds)
    },
    async download(request) {
      const incoming = await open(request, bounds)
      if ('kind' in incoming) return incoming
      const status = incoming.statusCode ?? 0
      if (status < 200 || status > 299) return readAnswer(incoming, bounds)
      const bytes = bounded(incoming, bounds.maxDownloadBytes)
      return { kind: 'download', status, headers: readHeaders(incoming), bytes, text: decoded(bytes) }
    },
    close() {
      agents['http:'].destroy()
      agents['https:'].destroy()
    },
  }
}

type Bounds = HttpLimits & { readonly clock: Clock }

interface Exchange {
  readonly result: HttpResult
  readonly staleConnection: boolean
}

function exchange(url: URL, request: HttpRequest, bounds: Bounds, agent: HttpAgent | false): Promise<Exchange> {
  const { promise, resolve } = Promise.withResolvers<Exchange>()
  const { body } = request
  const options: RequestOptions = {
    method: request.method,
    agent,
    headers: {
      accept: 'application/json',
      ...request.headers,
      ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
    },
    ...(!isLoopbackHost(url.hostname) && { lookup: publicLookup }),
  }
  let connected = false
  let answered = false
  const outgoing = url.protocol === 'https:' ? httpsRequest(url, options) : httpRequest(url, options)
  const timer = setTimeout(() => give({ kind: 'no_answer', reason: 'timeout', sent: connected }), bounds.timeoutMs)

  function give(result: HttpResult, staleConnection = false): void {
    clearTimeout(timer)
    resolve({ result, staleConnection })
    if (result.kind === 'no_answer') outgoing.destroy()
  }

  outgoing.on('socket', (socket) => {
    connected = outgoing.reusedSocket || !socket.connecting
    if (outgoing.reusedSocket) return // it connected long ago and says so no more
    socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      connected = true
    })
  })
  outgoing.on('error', (error: NodeJS.ErrnoException) => {
    const reason = readReason(error, connected)
    give({ kind: 'no_answer', reason, sent: connected }, outgoing.reusedSocket && !answered && reason === 'reset')
  })
  outgoing.on('response', (incoming) => {
    answered = true
    void readAnswer(incoming, bounds).then(give)
  })
  outgoing.end(body)
  return promise
}

async function open(request: StreamRequest, { idleMs }: Bounds): Promise<IncomingMessage | NoAnswer> {
  const url = new URL(request.url)
  return mayConnect(url) ? openExchange(url, request, idleMs) : { kind: 'no_answer', reason: 'forbidden_address', sent: false }
}

async function* bounded(incoming: IncomingMessage, maxBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes) throw new Error(`the answer has more than ${maxBytes} bytes`)
    yield chunk
  }
}

async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true })
  yield decoder.decode()
}

function readAnswer(incoming: IncomingMessage, bounds: Bounds): Promise<HttpResult> {
  return readBody(incoming, bounds).catch(() => ({ kind: 'no_answer', reason: 'reset', sent: true }))
}

async function readBody(incoming: IncomingMessage, { maxBytes, clock }: Bounds): Promise<HttpResult> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes) return { kind: 'no_answer', reason: 'too_large', sent: true }
    chunks.push(chunk)
  }
  const text = Buffer.concat(chunks).toString('utf8')
  const headers = readHeaders(incoming)
  const retryAfterMs = readRetryAfterMs(headers, clock.now())
  return { kind: 'answer', status: incoming.statusCode ?? 0, headers, text, json: parseJson(text), retryAfterMs }
}

/** `undefined` when it isn't JSON: HTML and one-word answers are ordinary here. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
