import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http'

export interface Listener {
  /** Scheme, host and port, without a slash at the end. */
  readonly origin: string
  /** Ends at once, also the sockets that clients keep alive. */
  close(): Promise<void>
}

export type Handle = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

/** Longer than clients keep idle sockets, so that a fake never closes one that is about to be used again. */
const KEEP_ALIVE_MS = 75_000

/** Starts one origin on `host`; port 0 takes a free one. A handler that throws answers 500 and names what broke. */
export async function listen(host: string, port: number, handle: Handle): Promise<Listener> {
  const server = createServer((request, response) => {
    void answer(handle, request, response)
  })
  server.keepAliveTimeout = KEEP_ALIVE_MS
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error(`The fake provider has no port on ${host}`)
  return {
    origin: `http://${host}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(handle: Handle, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    await handle(request, response)
  } catch (error) {
    if (response.headersSent || response.destroyed) return
    sendReply(response, {
      status: 500,
      text: `The fake provider broke: ${error instanceof Error ? error.message : String(error)}`,
    })
  }
}

/** The whole body as text; empty when the client went away before it was complete. */
export async function readBody(request: IncomingMessage): Promise<string> {
  return (await readBytes(request)).toString('utf8')
}

export function readBytes(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => resolve(Buffer.concat(chunks)))
    request.on('error', () => resolve(Buffer.alloc(0)))
  })
}

export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  return new URLSearchParams(await readBody(request))
}

/** What a page or an endpoint answers; sent in one place, so that handlers only decide. */
export type Reply =
  | { readonly status: number; readonly html: string }
  | { readonly status: number; readonly json: unknown; readonly headers?: OutgoingHttpHeaders }
  | { readonly status: number; readonly text: string }
  /** `cutAfter`: the connection breaks after so many characters. */
  | { readonly status: number; readonly csv: string; readonly headers?: OutgoingHttpHeaders; readonly cutAfter: number | null }
  | { readonly status: 302 | 303; readonly location: string }

export function sendReply(response: ServerResponse, reply: Reply): void {
  const { status } = reply
  if ('location' in reply) send(response, status, '', { location: reply.location, 'cache-control': 'no-store' })
  else if ('html' in reply)
    send(response, status, reply.html, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
  else if ('text' in reply) send(response, status, reply.text, { 'content-type': 'text/plain; charset=utf-8' })
  else if ('csv' in reply) sendCsv(response, reply)
  else send(response, status, JSON.stringify(reply.json), { 'content-type': 'application/json;charset=UTF-8', ...reply.headers })
}

function sendCsv(response: ServerResponse, { status, csv, headers, cutAfter }: Extract<Reply, { csv: string }>): void {
  const type = { 'content-type': 'text/csv; charset=UTF-8', ...headers }
  if (cutAfter === null) send(response, status, csv, type)
  else {
    response.writeHead(status, { 'content-length': Buffer.byteLength(csv), ...type })
    response.write(csv.slice(0, cutAfter), () => response.destroy())
  }
}

function send(response: ServerResponse, status: number, body: string, headers: OutgoingHttpHeaders): void {
  response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers }).end(body)
}
