import type { IncomingMessage } from 'node:http'
import { type Reply, readBody } from '../http-server.ts'
import { API_FAULTS, type ApiFault, adsError, apiError, frontPage } from './answers.ts'
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
  const email = whoAsks(world, request)
  if (typeof email !== 'string') return refused(email)
  if (world.switches.adsFault) return refused(world.switches.adsFault)
  const overQuota = countOperation(world)
  if (overQuota) return refused(overQuota)
  if (path === 'customers:listAccessibleCustomers') return accessible(world, email)
  const id = /^customers\/(\d+)\/googleAds:search$/.exec(path)?.[1]
  if (id === undefined || request.method !== 'POST') return { status: 404, html: frontPage(404, pathname) }
  return search(world, email, id, request.headers['login-customer-id'], body)
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
function search(world: GoogleWorld, email: string, id: string, via: string | string[] | undefined, body: string): Reply {
  if (via !== undefined && !/^\d+$/.test(String(via))) {
    return refused(adsError('headerError', 'INVALID_LOGIN_CUSTOMER_ID', 'The login customer ID could not be validated.'))
  }
  const customer = world.customers.find((one) => one.id === id)
  const door = world.customers.find((one) => one.id === String(via ?? id))
  if (!customer || !door?.people.has(email)) return refused(DENIED)
  if (!managersOf(world, customer).includes(door)) {
    return refused(
      adsError(
        'authorizationError',
        'INVALID_LOGIN_CUSTOMER_ID_SERVING_CUSTOMER_ID_COMBINATION',
        'The login customer specified does not have access to the account specified, so the request is invalid.',
      ),
    )
  }
  if (customer.status === 'CANCELED' || customer.status === 'CLOSED') {
    const text = "The customer account can't be accessed because it is not yet enabled or has been deactivated."
    return refused(adsError('authorizationError', 'CUSTOMER_NOT_ENABLED', text))
  }
  return answer(world, customer, body)
}

/** The account and all above it. */
function managersOf(world: GoogleWorld, customer: AdsCustomer): AdsCustomer[] {
  const above = world.customers.find(({ id }) => id === customer.managerId)
  return above ? [customer, ...managersOf(world, above)] : [customer]
}

/** The two queries that are asked of it; any other is refused as Google refuses a wrong one. */
function answer(world: GoogleWorld, customer: AdsCustomer, body: string): Reply {
  const { query = '', pageToken = '' } = readJson(body)
  const resource = /\bFROM (\w+)/i.exec(query)?.[1]
  if (resource === 'customer') {
    const shown = { resourceName: `customers/${customer.id}`, id: customer.id }
    return { status: 200, json: { results: [{ customer: shown }], fieldMask: 'customer.id' } }
  }
  if (resource !== 'customer_client') {
    return refused(
      adsError('queryError', 'BAD_RESOURCE_TYPE_IN_FROM_CLAUSE', `'${resource ?? ''}' is not a valid resource name.`),
    )
  }
  const statuses = [...(/status IN \(([^)]*)\)/i.exec(query)?.[1] ?? '').matchAll(/'(\w+)'/g)].map(([, status]) => status)
  const below = world.customers.filter(
    (one) => managersOf(world, one).includes(customer) && (statuses.length === 0 || statuses.includes(one.status)),
  )
  const start = Number(pageToken || 0)
  const end = start + world.switches.pageRows
  const results = below.slice(start, end).map((one) => ({ customerClient: shownClient(world, customer, one) }))
  return {
    status: 200,
    json: { results, fieldMask: 'customerClient.id', ...(end < below.length && { nextPageToken: String(end) }) },
  }
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
    currencyCode: 'EUR',
    timeZone: 'Europe/Copenhagen',
    manager: isManager,
    testAccount: isTest,
    status,
    level: String(level),
  }
}

function readJson(body: string): { readonly query?: string; readonly pageToken?: string } {
  try {
    return JSON.parse(body)
  } catch {
    return {}
  }
}

function refused(fault: ApiFault): Reply {
  return { status: fault.status, json: apiError(fault) }
}
