import { randomUUID } from 'node:crypto'
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Handle, readBody, sendReply } from '../http-server.ts'
import { ANSWERS, DOWN_HTML, type Refusal } from './answers.ts'
import { type PartReply, readParts, writeParts } from './batch.ts'
import { customizingCall } from './customizing.ts'
import type { Environment, EnvironmentUser } from './environment.ts'
import { recordCall } from './operations.ts'
import { readOnlyCall } from './reads.ts'
import { recordsPage } from './records-page.ts'

const API = /^\/api\/data\/v9\.\d\//

interface Sent {
  readonly status: number
  readonly body: object | string
  readonly headers?: OutgoingHttpHeaders
  /** Records that were written or tried. */
  readonly records?: number
}

/** The origin of one environment: the Web API, and a page on which people see what arrived. */
export function environmentServer(environment: Environment, now: () => Date): Handle {
  return async (request, response) => {
    const url = request.url ?? '/'
    if (url === '/') return sendReply(response, { status: 200, html: recordsPage(environment) })
    const body = request.method === 'GET' ? '' : await readBody(request)
    if (request.method !== 'GET' && !request.complete) return // the client went away in the middle of it
    if (environment.switches.latencyMs > 0) await sleep(environment.switches.latencyMs)
    const session = environment.session(/^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '')
    const sent = answer({ environment, request, body, now: now(), username: session?.person.username ?? null })
    const path = url.split('?')[0] ?? url
    const { status, records = 0 } = sent ?? { status: 0 }
    environment.calls.add({
      at: now(),
      method: request.method ?? '',
      path,
      status,
      username: session?.person.username ?? null,
      records,
    })
    if (sent === null) request.socket.destroy()
    else send(response, sent)
  }
}

interface Call {
  readonly environment: Environment
  readonly request: IncomingMessage
  readonly body: string
  readonly now: Date
  readonly username: string | null
}

/** What is broken on purpose comes first, then the session and the person, then the call itself. `null`: no answer. */
function answer({ environment, request, body, now, username }: Call): Sent | null {
  const { switches, url: origin, loginUrl } = environment
  if (switches.down) return { status: 503, body: DOWN_HTML }
  if (username === null) return ANSWERS.noSession(origin, loginUrl)
  const user = environment.users.find((one) => one.username === username)
  const shut = shutOut(environment, user)
  if (shut !== null || user === undefined) return shut ?? ANSWERS.notMember
  const url = request.url ?? ''
  if (!API.test(url)) return { status: 404, body: '' }
  if (request.method === 'POST' && url.replace(API, '') === '$batch') return batch({ environment, request, body, now }, user)
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  const part = { method: request.method ?? '', url, headers, body }
  const call = { environment, user, request: part, now }
  return readOnlyCall(environment, user, part, now) ?? customizingCall(call) ?? recordCall(call)
}

function shutOut({ switches, loginUrl }: Environment, user: EnvironmentUser | undefined): Refusal | null {
  if (switches.serverError) return ANSWERS.unexpected
  if (switches.wantsClaims) return ANSWERS.wantsClaims(loginUrl)
  if (switches.closed !== null) return ANSWERS[switches.closed]
  if (user === undefined || user.state === 'removed') return ANSWERS.notMember
  if (user.state === 'disabled') return ANSWERS.userDisabled
  if (user.state === 'unlicensed') return ANSWERS.noLicense
  if (user.state === 'without_role') return ANSWERS.noRole(user.id)
  return switches.limited === null ? null : ANSWERS.limits[switches.limited]
}

const MOST_PARTS = 1000

function batch({ environment, request, body, now }: Omit<Call, 'username'>, user: EnvironmentUser): Sent | null {
  const parts = readParts(request.headers['content-type'] ?? '', body)
  if (parts === null || parts.length > MOST_PARTS) return ANSWERS.badSyntax
  if (environment.dropsNow('before_commit')) return null
  const goesOn = /odata\.continue-on-error/.test(String(request.headers.prefer ?? ''))
  const replies: PartReply[] = []
  for (const [place, part] of parts.entries()) {
    const isOver = environment.switches.limitedFromPart !== null && place >= environment.switches.limitedFromPart
    const reply: Refusal = isOver ? ANSWERS.limits.requests : recordCall({ environment, user, request: part, now })
    replies.push(partReply(reply))
    if (reply.status >= 400 && !goesOn) break
  }
  const { contentType, body: text } = writeParts(randomUUID(), replies)
  const failed = replies.find(({ status }) => status >= 400)
  const records = parts.filter(({ method }) => method !== 'GET').length
  if (records > 0 && environment.dropsNow('after_commit')) return null
  return { status: goesOn ? 200 : (failed?.status ?? 200), body: text, headers: { 'Content-Type': contentType }, records }
}

function partReply({ status, body, headers }: Refusal): PartReply {
  if (typeof body === 'string') return { status, headers: { ...headers }, body }
  return {
    status,
    headers: { ...headers, 'Content-Type': 'application/json; odata.metadata=minimal' },
    body: JSON.stringify(body),
  }
}

function send(response: ServerResponse, { status, body, headers }: Sent): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const type = typeof body === 'string' ? 'text/html; charset=utf-8' : 'application/json; odata.metadata=minimal'
  const named = { 'Content-Type': type, 'OData-Version': '4.0', 'Content-Length': Buffer.byteLength(text), ...headers }
  response.writeHead(status, status === 204 ? { 'OData-Version': '4.0' } : named).end(text)
}
