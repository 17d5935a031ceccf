import type { IncomingMessage } from 'node:http'
import { type Reply, readBody } from '../http-server.ts'
import { adReport } from './ad-report.ts'
import { campaigns, creatives, posts } from './ads-api.ts'
import { API_ERRORS, type ApiError, refusal, UNAVAILABLE_HTML } from './answers.ts'
import { restQuery } from './restli-query.ts'
import { trackingParameters } from './tracking-api.ts'
import type { Caller, LinkedInAccount, LinkedInPerson, World } from './world.ts'

/** `/v2/userinfo` and what is under `/rest`, with a member's token. */
export async function restApi(world: World, request: IncomingMessage, url: URL): Promise<Reply> {
  const { switches } = world
  if (switches.down) return { status: 503, html: UNAVAILABLE_HTML }
  const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (!token) return refusal(API_ERRORS.empty)
  if (switches.falseAlarms > 0) {
    switches.falseAlarms -= 1
    return refusal(API_ERRORS.revoked)
  }
  const state = world.stateOf(token)
  if (state.kind === 'dead') return refusal(state.error)
  if (url.pathname === '/v2/userinfo') return userinfo(state.person, state.grant.scopes)
  const trouble = troubleOfCall(world, request)
  if (trouble) return refusal(trouble)
  const caller = { person: state.person, scopes: state.grant.scopes }
  if (!url.pathname.startsWith('/rest/adTrackingParameters/')) return read(world, caller, request, url)
  const { pathname, searchParams: query } = url
  return trackingParameters(world, caller, { method: request.method ?? '', pathname, query, body: await readBody(request) })
}

function troubleOfCall({ switches }: World, request: IncomingMessage): ApiError | null {
  const version = request.headers['linkedin-version']
  if (version === undefined) return API_ERRORS.noVersion
  if (switches.oldVersion || !/^20\d{4}$/.test(String(version))) return API_ERRORS.oldVersion
  if (switches.serverError) return API_ERRORS.serverError
  if (switches.dayLimit) return API_ERRORS.dayLimit
  return switches.noProduct ? API_ERRORS.noProduct : null
}

/** …/consumer/integrations/self-serve/sign-in-with-linkedin-v2 (2026-11) */
function userinfo(person: LinkedInPerson, scopes: readonly string[]): Reply {
  if (!scopes.includes('openid'))
    return refusal({ ...API_ERRORS.noProduct, message: 'Not enough permissions to access: userinfo.GET.NO_VERSION' })
  const [given_name, family_name] = person.displayName.split(' ')
  const json = { sub: person.id, name: person.displayName, given_name, family_name, locale: { country: 'US', language: 'en' } }
  return { status: 200, json }
}

/** …/marketing/integrations/ads/account-structure/create-and-manage-accounts and …-account-users (2026-11) */
function read(world: World, caller: Caller, request: IncomingMessage, { pathname, search: text, searchParams }: URL): Reply {
  const query = restQuery(text)
  if (query === null) return refusal(API_ERRORS.wrongParameter)
  const method = request.headers['x-restli-method']?.toString()
  if (pathname === '/rest/adAnalytics') return adReport(world, caller, query)
  if (pathname === '/rest/posts') return posts(world, caller, query, method)
  const { person } = caller
  const mine = world.accounts.filter(({ roles }) => roles.has(person.id))
  if (pathname === '/rest/adAccounts' && searchParams.get('q') === 'search') return search(mine, searchParams)
  if (pathname === '/rest/adAccountUsers' && searchParams.get('q') === 'authenticatedUser')
    return roles(mine, person, searchParams)
  const [, id, part] = /^\/rest\/adAccounts\/(\d+)(?:\/(adCampaigns|creatives))?$/.exec(pathname) ?? []
  const account = world.accounts.find((one) => String(one.id) === id)
  if (!account) return refusal(API_ERRORS.notFound)
  if (!mine.includes(account)) return refusal(API_ERRORS.noRole)
  if (part === 'adCampaigns') return campaigns(world, account, query)
  return part === 'creatives' ? creatives(world, account, query, method) : { status: 200, json: shown(account) }
}

function search(mine: readonly LinkedInAccount[], query: URLSearchParams): Reply {
  const size = Number(query.get('pageSize') ?? 100)
  const start = Number(query.get('pageToken')?.replace('page-', '') ?? 0)
  const end = start + size
  const metadata = end < mine.length ? { metadata: { nextPageToken: `page-${end}` } } : { metadata: {} }
  return { status: 200, json: { elements: mine.slice(start, end).map(shown), ...metadata } }
}

function roles(mine: readonly LinkedInAccount[], person: LinkedInPerson, query: URLSearchParams): Reply {
  const start = Number(query.get('start') ?? 0)
  const count = Number(query.get('count') ?? 10)
  const elements = mine.slice(start, start + count).map(({ id, roles }) => ({
    account: `urn:li:sponsoredAccount:${id}`,
    role: roles.get(person.id),
    user: `urn:li:person:${person.id}`,
  }))
  return { status: 200, json: { elements, paging: { start, count, links: [], total: mine.length } } }
}

function shown({ id, name, currency, test, status }: LinkedInAccount): object {
  const reference = 'urn:li:organization:2414183'
  return { id, name, currency, test, status, type: 'BUSINESS', reference, servingStatuses: ['RUNNABLE'] }
}
