import type { IncomingMessage } from 'node:http'
import { type Reply, readBody } from '../http-server.ts'
import { API_ERRORS, BAD_GATEWAY_HTML, type Refusal } from './answers.ts'
import { type App, liveGrant, ownerOf } from './app.ts'
import { createObject, createProperties } from './definitions.ts'
import { isNamed, schemaOf } from './objects.ts'
import type { FakePortal } from './portal.ts'
import { upsert } from './upsert.ts'

const FIREWALL_HTML = '<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title></head></html>'

interface Call {
  readonly portal: FakePortal
  readonly scopes: readonly string[]
  readonly method: string
  /** Without the version. */
  readonly path: readonly string[]
  readonly query: URLSearchParams
  readonly body: string
  readonly now: Date
}

interface Answer {
  readonly reply: Reply | Refusal | 'no_answer'
  readonly records: number
}

/** Everything below api.hubapi.com that takes an access token. Null: the connection is dropped. */
export async function crmApi(app: App, request: IncomingMessage, url: URL): Promise<Reply | null> {
  const body = request.method === 'GET' ? '' : await readBody(request)
  const token = /^bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
  const known = app.minted.get(token)
  const path = url.pathname.split('/').filter(Boolean).map(decodeURIComponent)
  const at = app.now()
  if (!known) return shown(app.calls, API_ERRORS.noCredentials)
  const { portal } = ownerOf(app, known)
  const live = liveGrant(app, token)
  const call = { portal, scopes: known.scopes, method: request.method ?? '', path, query: url.searchParams, body, now: at }
  const { reply, records } = outage(portal) ?? (live ? answer(call) : ended(known.deadBecause !== null, at))
  const status = reply === 'no_answer' ? 0 : reply.status
  portal.calls.add({ at, method: call.method, path: url.pathname, status, username: known.username, records })
  if (reply === 'no_answer') return null
  return shown(portal, reply)
}

function ended(isDead: boolean, at: Date): Answer {
  return { reply: isDead ? API_ERRORS.noCredentials : API_ERRORS.expired(at), records: 0 }
}

/** Before anybody looks at the token. */
function outage({ switches }: FakePortal): Answer | null {
  const refused = (reply: Reply | Refusal) => ({ reply, records: 0 })
  if (switches.down) return refused({ status: 502, html: BAD_GATEWAY_HTML })
  if (switches.firewall) return refused({ status: 403, html: FIREWALL_HTML })
  if (switches.migrating) return refused(API_ERRORS.migrating)
  return switches.serverError ? refused(API_ERRORS.serverError) : null
}

function answer(call: Call): Answer {
  const { switches, dailyUsage } = call.portal
  const refused = (reply: Refusal) => ({ reply, records: 0 })
  dailyUsage.used += 1
  if (switches.dayUsedUp || dailyUsage.used > dailyUsage.limit) return refused(API_ERRORS.dailyLimit)
  if (switches.tooManyCalls) return refused(API_ERRORS.tenSecondLimit)
  if (switches.userMayNot) return refused(API_ERRORS.userMayNot)
  const [api, , last] = call.path
  if (call.path.join('/') === 'account-info/2026-03/details') return { reply: details(call), records: 0 }
  if (api === 'crm-object-schemas' && last === 'schemas' && call.method === 'GET') return { reply: schemas(call), records: 0 }
  if (call.method === 'POST') return change(call)
  return refused(API_ERRORS.notFound)
}

function change(call: Call): Answer {
  const [api, kind, , object = '', batch, action] = call.path
  const path = [api, kind, batch, action].join('/')
  if (path === 'crm/objects/batch/upsert') return write(call, object)
  if (path === 'crm/properties/batch/create') return { reply: define(call, createProperties), records: 0 }
  const isSchema = call.path.join('/') === 'crm-object-schemas/2026-03/schemas'
  return { reply: isSchema ? define(call, createObject) : API_ERRORS.notFound, records: 0 }
}

function define(call: Call, create: (portal: FakePortal, text: string, object: string) => Refusal): Refusal {
  const refused = missing(call, 'crm.schemas.custom.write')
  return (
    refused ?? (call.portal.switches.mayNotDefine ? API_ERRORS.userMayNot : create(call.portal, call.body, call.path[3] ?? ''))
  )
}

function missing({ portal, scopes }: Call, scope: string): Refusal | null {
  const isLost = portal.switches.noCustomObjects && scope.includes('custom')
  return isLost || !scopes.includes(scope) ? API_ERRORS.missingScopes([scope]) : null
}

/** PortalInformationResponse of the account-info spec 2026-03. */
function details(call: Call): Reply | Refusal {
  const { portal } = call
  if (portal.switches.hidesDetails) return API_ERRORS.missingScopes(['external-settings-access'])
  return (
    missing(call, 'oauth') ?? {
      status: 200,
      json: {
        portalId: portal.hubId,
        accountType: portal.accountType,
        timeZone: 'US/Eastern',
        companyCurrency: 'USD',
        additionalCurrencies: [],
        utcOffset: '-05:00',
        utcOffsetMilliseconds: -18_000_000,
        uiDomain: 'app.hubspot.com',
        dataHostingLocation: 'na1',
      },
    }
  )
}

/** All, or the one that is named last. */
function schemas(call: Call): Reply | Refusal {
  const { portal, path, query } = call
  const refused = missing(call, 'crm.schemas.custom.read')
  if (refused) return refused
  const withProperties = query.get('includePropertyDefinitions') !== 'false'
  const asked = path[3]
  const found = portal.objects().filter((object) => asked === undefined || isNamed(object, asked, portal.hubId))
  const told = found.map((object) => schemaOf(object, portal.hubId, withProperties))
  if (asked === undefined) return { status: 200, json: { results: told } }
  return told[0] ? { status: 200, json: told[0] } : API_ERRORS.notFound
}

function write(call: Call, name: string): Answer {
  const { portal, body, now } = call
  const refused = missing(call, 'crm.objects.custom.write') ?? (portal.switches.locked ? API_ERRORS.locked : null)
  if (refused) return { reply: refused, records: 0 }
  if (portal.dropsNow('before_commit')) return { reply: 'no_answer', records: 0 }
  const object = portal.find(name)
  if (!object) return { reply: API_ERRORS.unknownObject(name), records: 0 }
  const written = upsert(portal, object, body, now)
  const records = 'records' in written ? written.records : 0
  return { reply: portal.dropsNow('after_commit') ? 'no_answer' : written, records }
}

/** `X-HubSpot-RateLimit-*`; apps that log in by OAuth get none for the day (Usage in `answers.ts`). */
function shown(of: FakePortal | App['calls'], reply: Reply | Refusal): Reply {
  if (!('body' in reply) && !('json' in reply)) return reply
  const json = 'body' in reply ? reply.body : reply.json
  const burst = {
    'X-HubSpot-RateLimit-Interval-Milliseconds': '10000',
    'X-HubSpot-RateLimit-Max': '110',
    'X-HubSpot-RateLimit-Remaining': '109',
  }
  const daily = 'dailyUsage' in of && of.switches.tellsDailyLimit ? dailyHeaders(of) : {}
  return { status: reply.status, json, headers: { ...burst, ...daily, ...reply.headers } }
}

function dailyHeaders({ dailyUsage: { used, limit } }: FakePortal): Record<string, string> {
  return { 'X-HubSpot-RateLimit-Daily': String(limit), 'X-HubSpot-RateLimit-Daily-Remaining': String(Math.max(0, limit - used)) }
}
