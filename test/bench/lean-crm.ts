// A process of its own: a CRM that costs the machine as little as can be. It counts the records of a write without parsing it and
// answers with a text that is ready; everything else is the sandbox's org behind it. POSTs are read and thrown away.
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Begins every record of sObject Collections. */
const MARK = Buffer.from('{"attributes":')

export interface CrmReport {
  readonly records: number
  readonly requests: number
  /** Milliseconds since the epoch; of the first write's arrival and the last one's answer. */
  readonly firstAt: number
  readonly lastAt: number
}

export type ToCrm =
  /** `latencyMs` is from the request's arrival to the answer; the body's way counts. */
  { readonly kind: 'begin'; readonly latencyMs: number; readonly behind: string | null } | { readonly kind: 'report' }

export type FromCrm =
  | { readonly kind: 'listening'; readonly port: number }
  | ({ readonly kind: 'report' } & CrmReport)
  | { readonly kind: 'begun' }

let latencyMs = 0
let behind: string | null = null
let report: CrmReport = { records: 0, requests: 0, firstAt: 0, lastAt: 0 }
const answers = new Map<number, Buffer>()

function now(): number {
  return performance.timeOrigin + performance.now()
}

function answerFor(records: number): Buffer {
  const one = '{"id":"a0X5g000000ABCDEAW","success":true,"created":true,"errors":[]}'
  const made = answers.get(records) ?? Buffer.from(`[${Array(records).fill(one).join(',')}]`)
  answers.set(records, made)
  return made
}

/** Counts the mark over chunks, also where it is cut in two. */
function counter(): (chunk: Buffer) => number {
  let tail: Buffer = Buffer.alloc(0)
  let count = 0
  return (chunk) => {
    const seam = Buffer.concat([tail, chunk.subarray(0, MARK.length - 1)])
    if (seam.includes(MARK)) count++
    for (let at = chunk.indexOf(MARK); at !== -1; at = chunk.indexOf(MARK, at + MARK.length)) count++
    tail = chunk.length >= MARK.length - 1 ? chunk.subarray(1 - MARK.length) : seam.subarray(1 - MARK.length)
    return count
  }
}

function write(incoming: IncomingMessage, response: ServerResponse): void {
  const arrivedAt = now()
  if (report.requests === 0) report = { ...report, firstAt: arrivedAt }
  const count = counter()
  let records = 0
  incoming.on('data', (chunk: Buffer) => {
    records = count(chunk)
  })
  incoming.on('end', () => {
    const leftMs = Math.ceil(arrivedAt + latencyMs - now())
    if (latencyMs > 0 && leftMs > 0) setTimeout(give, leftMs)
    else give()
  })
  function give(): void {
    const body = answerFor(records)
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body)
    report = { ...report, records: report.records + records, requests: report.requests + 1, lastAt: now() }
  }
}

function discard(incoming: IncomingMessage, response: ServerResponse): void {
  incoming.on('end', () => response.writeHead(202, { 'content-length': 2 }).end('{}'))
  incoming.resume()
}

function handOn(incoming: IncomingMessage, response: ServerResponse): void {
  if (behind === null) return void response.writeHead(404).end()
  const { host: _, ...headers } = incoming.headers
  const outgoing = request(`${behind}${incoming.url}`, { method: incoming.method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  outgoing.on('error', () => response.destroy())
  incoming.pipe(outgoing)
}

const server = createServer((incoming, response) => {
  if (incoming.method === 'PATCH') write(incoming, response)
  else if (incoming.method === 'POST') discard(incoming, response)
  else handOn(incoming, response)
})
server.keepAliveTimeout = 75_000

function tell(message: FromCrm): void {
  process.send?.(message)
}

process.on('message', (message: ToCrm) => {
  if (message.kind === 'report') return tell({ kind: 'report', ...report })
  latencyMs = message.latencyMs
  behind = message.behind
  report = { records: 0, requests: 0, firstAt: 0, lastAt: 0 }
  tell({ kind: 'begun' })
})
process.on('disconnect', () => process.exit())
server.listen(0, '127.0.0.1', () => tell({ kind: 'listening', port: (server.address() as AddressInfo).port }))
