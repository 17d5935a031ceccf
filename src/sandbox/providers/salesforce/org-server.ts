import type { IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Handle, type Reply, readBytes, sendReply } from '../http-server.ts'
import type { OAuthServer, Session } from '../oauth-server.ts'
import { type DataCall, type DataReply, dataApi } from './data-api.ts'
import type { Org } from './org.ts'
import { recordsPage } from './records-page.ts'

interface OrgServerDeps {
  readonly org: Org
  readonly oauth: OAuthServer
  readonly now: () => Date
  /** An org answers logins and tokens on its own domain too. */
  readonly login: Handle
}

const DATA = '/services/data'

/** The origin of one org: the data API, and a page on which people see what arrived. */
export function orgServer(deps: OrgServerDeps): Handle {
  const { org } = deps
  return async (request, response) => {
    const [pathname = '/', search = ''] = (request.url ?? '/').split('?', 2)
    if (pathname === '/') return sendReply(response, { status: 200, html: recordsPage(org) })
    if (pathname !== DATA && !pathname.startsWith(`${DATA}/`)) return deps.login(request, response)
    const bytes = request.method === 'GET' ? Buffer.alloc(0) : await readBytes(request)
    if (request.method !== 'GET' && !request.complete) return // the client went away in the middle of it
    if (org.gate.isHeld) await org.gate.pass()
    if (org.switches.latencyMs > 0) await sleep(org.switches.latencyMs)

    const [version = '', ...path] = pathname.slice(DATA.length).split('/').filter(Boolean).map(decodeURIComponent)
    const session = sessionOf(deps, request)
    const call = {
      method: request.method ?? '',
      version,
      path,
      query: new URLSearchParams(search),
      ...bodyOf(request, bytes),
      now: deps.now(),
    }
    const reply = dataApi(org, session, call)
    log(org, session, call, pathname, reply)
    if (reply.bulk) await org.bulk.pass(reply.bulk)
    if (reply.kind === 'no_answer') request.socket.destroy()
    else sendReply(response, shown(org, session, reply))
  }
}

function bodyOf(request: IncomingMessage, bytes: Buffer): Pick<DataCall, 'body' | 'bytes' | 'contentType'> {
  return { body: bytes.toString('utf8'), bytes, contentType: request.headers['content-type'] ?? '' }
}

/** A token of another org is as unknown here as any other text. */
function sessionOf({ oauth, org }: OrgServerDeps, request: IncomingMessage): Session | null {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ', 2)
  if (!token || !/^(bearer|oauth)$/i.test(scheme ?? '')) return null
  const session = oauth.session(token)
  return session?.grant.accountId === org.id ? session : null
}

function log(org: Org, session: Session | null, call: DataCall, path: string, reply: DataReply): void {
  org.calls.add({
    at: call.now,
    method: call.method,
    path,
    status: reply.kind === 'no_answer' ? 0 : reply.status,
    username: session?.grant.username ?? null,
    records: reply.records ?? 0,
  })
}

/** The Versions resource and refused sessions come without the header: developer.salesforce.com headers_api_usage.htm */
function shown(org: Org, session: Session | null, reply: Exclude<DataReply, { kind: 'no_answer' }>): Reply {
  if (reply.kind === 'html') return reply
  const { used, limit } = org.apiUsage
  const headers = session ? { 'Sforce-Limit-Info': `api-usage=${used}/${limit}` } : {}
  return reply.kind === 'empty' ? { status: reply.status, text: '' } : { ...reply, headers }
}
