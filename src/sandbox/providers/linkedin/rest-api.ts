import type { IncomingMessage } from 'node:http'
import type { Reply } from '../http-server.ts'
import { API_ERRORS, type ApiError, refusal, UNAVAILABLE_HTML } from './answers.ts'
import type { LinkedInAccount, LinkedInPerson, World } from './world.ts'

/** `/v2/userinfo` and what is under `/rest`, read with a member's token. */
export function restApi(world: World, request: IncomingMessage, url: URL): Reply {
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
  return trouble ? refusal(trouble) : read(world, state.person, url)
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
function read(world: World, person: LinkedInPerson, { pathname, searchParams }: URL): Reply {
  const mine = world.accounts.filter(({ roles }) => roles.has(person.id))
  if (pathname === '/rest/adAccounts' && searchParams.get('q') === 'search') return search(mine, searchParams)
  if (pathname === '/rest/adAccountUsers' && searchParams.get('q') === 'authenticatedUser')
    return roles(mine, person, searchParams)
  const id = /^\/rest\/adAccounts\/(\d+)$/.exec(pathname)?.[1]
  const account = world.accounts.find((one) => String(one.id) === id)
  if (!account) return refusal(API_ERRORS.notFound)
  return mine.includes(account) ? { status: 200, json: shown(account) } : refusal(API_ERRORS.noRole)
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
