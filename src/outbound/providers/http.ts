import { lookup } from 'node:dns'
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { Clock } from '../../clock.ts'
import { isLoopbackHost, isPrivateAddress } from './addresses.ts'
import { readRetryAfterMs } from './retry-after.ts'

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
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

type NoAnswerReason = 'timeout' | 'refused' | 'reset' | 'dns' | 'tls' | 'too_large' | 'forbidden_address'

export interface NoAnswer {
  readonly kind: 'no_answer'
  readonly reason: NoAnswerReason
  /** Whether the server may have acted on it. */
  readonly sent: boolean
}

export type HttpResult = HttpAnswer | NoAnswer

/** Follows no redirect, keeps connections open, and never throws for what the network does. */
export interface Http {
  send(request: HttpRequest): Promise<HttpResult>
  /** Drops idle connections. */
  close(): void
}

export interface HttpLimits {
  /** For the whole exchange, body included. */
  readonly timeoutMs: number
  readonly maxBytes: number
}

const DEFAULT_LIMITS: HttpLimits = { timeoutMs: 20_000, maxBytes: 10 * 1024 * 1024 }

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
    close() {
      agents['http:'].destroy()
      agents['https:'].destroy()
    },
  }
}

/** Plain http stays on this machine; a literal address of the inside network is refused before any connection. */
function mayConnect(url: URL): boolean {
  if (isLoopbackHost(url.hostname)) return url.protocol === 'http:' || url.protocol === 'https:'
  return url.protocol === 'https:' && !isPrivateAddress(url.hostname)
}

const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? []
    if (error || first === undefined) return callback(error ?? failure('ENOTFOUND'), [])
    if (addresses.some(({ address }) => isPrivateAddress(address))) return callback(failure('EFORBIDDEN'), [])
    if (options.all === true) return callback(null, addresses)
    callback(null, first.address, first.family)
  })
}

function failure(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code })
}

type Bounds = HttpLimits & { readonly clock: Clock }

interface Exchange {
  readonly result: HttpResult
  readonly staleConnection: boolean
}

function exchange(url: URL, request: HttpRequest, bounds: Bounds, agent: HttpAgent | false): Promise<Exchange> {
  const { promise, resolve } = Promise.withResolvers<Exchange>()
  const body = request.body === undefined ? undefined : Buffer.from(request.body)
  const options: RequestOptions = {
    method: request.method,
    agent,
    headers: { accept: 'application/json', ...request.headers, ...(body && { 'content-length': body.length }) },
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
    readBody(incoming, bounds).then(give, () => give({ kind: 'no_answer', reason: 'reset', sent: true }))
  })
  outgoing.end(body)
  return promise
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

function readHeaders(incoming: IncomingMessage): Record<string, string> {
  const named = Object.entries(incoming.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ])
  return Object.fromEntries(named)
}

/** `undefined` when it isn't JSON: HTML and one-word answers are ordinary here. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function readReason(error: NodeJS.ErrnoException, connected: boolean): NoAnswerReason {
  const code = error.code ?? ''
  if (code === 'EFORBIDDEN') return 'forbidden_address'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'dns'
  if (code === 'ETIMEDOUT') return 'timeout'
  if (/^(ERR_TLS|ERR_SSL|CERT_|EPROTO|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code)) return 'tls'
  return connected ? 'reset' : 'refused'
}
