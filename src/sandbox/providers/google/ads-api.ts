import type { IncomingMessage } from 'node:http'
import { type Reply, readBody } from '../http-server.ts'
import { type AdsAccount, CURRENCY, TIME_ZONE } from './ads-account.ts'
import { type CustomerMutate, mutateCustomer } from './ads-mutate.ts'
import { answerQuery } from './ads-query.ts'
import { API_FAULTS, type ApiFault, adsError, apiError, frontPage } from './answers.ts'
import { camelCase } from './gaql.ts'
import { bearer } from './login-server.ts'
import type { AdsCustomer, GoogleWorld } from './world.ts'

const SERVICE = 'googleads.googleapis.com'
const SCOPE = 'https://www.googleapis.com/auth/adwords'

/** Versions that live in November 2026: developers.google.com/google-ads/api/docs/sunset-dates (2026-11-24). */
const VERSIONS = ['v23', 'v24', 'v25', 'v26']

/** Null: this is no address of the Google Ads API. */
export async function adsApi(world: GoogleWorld, request: IncomingMessage, { pathname }: URL): Promise<Reply | null> {
  const [, version = '', path = ''] = /^\/(v\d+)\/(customers.*)$/.exec(pathname) ?? []
  if (version === '') return null
  const body = await readBody(request)
  if (world.switches.apisDown) return { status: 502, html: frontPage(502, pathname) }
  if (!VERSIONS.includes(version)) {
    return refused(
      adsError(
        'requestError',
        'UNSUPPORTED_VERSION',
        `Version ${version} is deprecated. Requests to this version will be blocked.`,
      ),
    )
  }
  const call = { path, asked: readJson(body), isStream: path.endsWith('/googleAds:searchStream') }
  const reply = replyTo(world, request, call)
  if (!reply) return { status: 404, html: frontPage(404, pathname) }
  // A stream answers with a list, also when it refuses.
  return call.isStream && 'json' in reply && reply.status !== 200 ? { ...reply, json: [reply.json] } : reply
}

interface Call {
  readonly path: string
  readonly asked: Asked
  readonly isStream: boolean
}

/** Null: there is no such address. */
function replyTo(world: GoogleWorld, request: IncomingMessage, { path, asked, isStream }: Call): Reply | null {
  const email = whoAsks(world, request)
  if (typeof email !== 'string') return refused(email)
  if (world.switches.adsFault) return refused(world.switches.adsFault)
  // Further pages belong to an operation that was counted: developers.google.com/google-ads/api/docs/rate-sheet (2026-11).
  const overQuota = asked.pageToken ? null : countOperation(world)
  if (overQuota) return refused(overQuota)
  if (path === 'customers:listAccessibleCustomers') return accessible(world, email)
  const [, id, verb] = /^customers\/(\d+)(:mutate|\/googleAds:search|\/googleAds:searchStream)$/.exec(path) ?? []
  if (id === undefined || request.method !== 'POST') return null
  const customer = reached(world, email, id, request.headers['login-customer-id'])
  if ('canonical' in customer) return refused(customer)
  const account = world.adsAccounts.get(id)
  if (!account) return refused(DENIED)
  if (verb !== ':mutate') return answer(world, customer, account, asked, isStream)
  const reply = mutateCustomer(id, account, email, asked)
  return 'canonical' in reply ? refused(reply) : reply
}

function whoAsks({ oauth, personOf }: GoogleWorld, request: IncomingMessage): string | ApiFault {
  const grant = oauth.session(bearer(request) ?? '')?.grant
  if (!grant) return API_FAULTS.stale(SERVICE)
  return grant.scopes.includes(SCOPE) ? personOf(grant).email : API_FAULTS.scope(SERVICE)
}

/** Per project and day; its answer: PipedreamHQ/pipedream#21554 (read 2026-11-24). */
function countOperation({ operations, switches, now }: GoogleWorld): ApiFault | null {
  const day = now().toISOString().slice(0, 10)
  if (operations.day !== day) Object.assign(operations, { day, used: 0 })
  if (operations.used >= switches.dailyOperations) {
    const left = Math.ceil((Date.parse(`${day}T24:00:00Z`) - now().getTime()) / 1000)
    return adsError('quotaError', 'RESOURCE_EXHAUSTED', `Too many requests. Retry in ${left} seconds.`, {
      quotaErrorDetails: { rateScope: 'DEVELOPER', rateName: 'Number of operations for explorer access', retryDelay: `${left}s` },
    })
  }
  operations.used += 1
  return null
}

/** Those that the person was given itself, in no promised order; cancelled ones too. */
function accessible({ customers }: GoogleWorld, email: string): Reply {
  const mine = customers.filter(({ people }) => people.has(email))
  if (mine.length === 0) {
    const text = 'User in the cookie is not a valid Ads user.'
    return refused(adsError('authenticationError', 'NOT_ADS_USER', text))
  }
  return { status: 200, json: { resourceNames: mine.map(({ id }) => `customers/${id}`) } }
}

const DENIED = adsError(
  'authorizationError',
  'USER_PERMISSION_DENIED',
  "User doesn't have permission to access customer. Note: If you're accessing a client customer, the manager's customer id must be set in the 'login-customer-id' header. See https://developers.google.com/google-ads/api/docs/concepts/call-structure#cid",
)

/** `via`: the account whose rights count; without it the asked one itself (…/docs/concepts/call-structure#cid, 2026-11-24). */
function reached(world: GoogleWorld, email: string, id: string, via: string | string[] | undefined): AdsCustomer | ApiFault {
  if (via !== undefined && !/^\d+$/.test(String(via))) {
    return adsError('headerError', 'INVALID_LOGIN_CUSTOMER_ID', 'The login customer ID could not be validated.')
  }
  const customer = world.customers.find((one) => one.id === id)
  const door = world.customers.find((one) => one.id === String(via ?? id))
  if (!customer || !door?.people.has(email)) return DENIED
  if (!managersOf(world, customer).includes(door)) {
    return adsError(
      'authorizationError',
      'INVALID_LOGIN_CUSTOMER_ID_SERVING_CUSTOMER_ID_COMBINATION',
      'The login customer specified does not have access to the account specified, so the request is invalid.',
    )
  }
  if (customer.status === 'CANCELED' || customer.status === 'CLOSED') {
    const text = "The customer account can't be accessed because it is not yet enabled or has been deactivated."
    return adsError('authorizationError', 'CUSTOMER_NOT_ENABLED', text)
  }
  return customer
}

/** The account and all above it. */
function managersOf(world: GoogleWorld, customer: AdsCustomer): AdsCustomer[] {
  const above = world.customers.find(({ id }) => id === customer.managerId)
  return above ? [customer, ...managersOf(world, above)] : [customer]
}

/** All rows of a stream, in batches as large as a page; otherwise one page. */
function answer(world: GoogleWorld, customer: AdsCustomer, account: AdsAccount, asked: Asked, isStream: boolean): Reply {
  const { query = '', pageToken = '' } = asked
  const rows = /\bFROM customer_client\b/i.test(query)
    ? clientsOf(world, customer, query)
    : answerQuery(customer, account, query, world.now())
  if ('status' in rows) return refused(rows)
  const fieldMask = (/SELECT (.+?) FROM/is.exec(query)?.[1] ?? '')
    .split(',')
    .map((field) => camelCase(field.trim()))
    .join(',')
  const size = world.switches.pageRows
  if (isStream) {
    const starts = Array.from({ length: Math.max(1, Math.ceil(rows.length / size)) }, (_, place) => place * size)
    const batches = starts.map((start) => {
      const results = rows.slice(start, start + size)
      return { ...(results.length > 0 && { results }), fieldMask, requestId: 'fake-request-id' }
    })
    return { status: 200, json: batches }
  }
  const start = Number(pageToken || 0)
  const end = start + size
  const results = rows.slice(start, end)
  return { status: 200, json: { results, fieldMask, ...(end < rows.length && { nextPageToken: String(end) }) } }
}

function clientsOf(world: GoogleWorld, customer: AdsCustomer, query: string): readonly object[] {
  const statuses = [...(/status IN \(([^)]*)\)/i.exec(query)?.[1] ?? '').matchAll(/'(\w+)'/g)].map(([, status]) => status)
  return world.customers
    .filter((one) => managersOf(world, one).includes(customer) && (statuses.length === 0 || statuses.includes(one.status)))
    .map((one) => ({ customerClient: shownClient(world, customer, one) }))
}

/** int64 is a text in JSON; a name is left out where there is none. */
function shownClient(
  world: GoogleWorld,
  from: AdsCustomer,
  { id, name, isManager, isTest, status, ...one }: AdsCustomer,
): object {
  const level = managersOf(world, { id, name, isManager, isTest, status, ...one }).findIndex((above) => above.id === from.id)
  return {
    resourceName: `customers/${from.id}/customerClients/${id}`,
    id,
    ...(name !== '' && { descriptiveName: name }),
    currencyCode: CURRENCY,
    timeZone: TIME_ZONE,
    manager: isManager,
    testAccount: isTest,
    status,
    level: String(level),
  }
}

interface Asked extends CustomerMutate {
  readonly query?: string
  readonly pageToken?: string
}

function readJson(body: string): Asked {
  try {
    return JSON.parse(body)
  } catch {
    return {}
  }
}

function refused(fault: ApiFault): Reply {
  return { status: fault.status, json: apiError(fault) }
}
