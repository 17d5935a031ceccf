import { type AdLibrary, adLibrary } from '../ads/ad-library.ts'
import { type CallLog, callLog } from '../call-log.ts'
import type { FakeProviderOptions } from '../fake-provider.ts'
import { type Grant, type OAuthServer, oauthServer, randomToken } from '../oauth-server.ts'
import { API_ERRORS, type ApiError } from './answers.ts'

export interface LinkedInPerson {
  readonly id: string
  readonly username: string
  readonly displayName: string
}

export interface LinkedInAccount {
  readonly id: number
  readonly name: string
  readonly currency: string
  readonly test: boolean
  /** `ACTIVE`, `CANCELED`, `DRAFT`, `PENDING_DELETION`, `REMOVED`. */
  status: string
  /** Id of a person, and the role. */
  readonly roles: Map<string, string>
  /** Its campaigns, ads, costs and URL parameters. */
  readonly library: AdLibrary
}

/** Who calls the API, and what the login allows. */
export interface Caller {
  readonly person: LinkedInPerson
  readonly scopes: readonly string[]
}

export interface LinkedInSwitches {
  down: boolean
  serverError: boolean
  dayLimit: boolean
  oldVersion: boolean
  /** The app has lost the product Advertising API. */
  noProduct: boolean
  /** The app may not ask for ads at all. */
  scopeRefused: boolean
  /** The app is approved for refresh tokens. */
  refreshTokens: boolean
  /** So many calls are answered as if the login were revoked: LinkedIn does that at random after a login. */
  falseAlarms: number
  /** The app lacks the product that reads posts. */
  noPosts: boolean
  /** No page has more elements, however many are asked for. */
  pageCap: number
}

interface Issued {
  readonly grant: Grant
  readonly issuedAtMs: number
  expiresAtMs: number
}

export type TokenState =
  | ({ readonly kind: 'live'; readonly person: LinkedInPerson } & Issued)
  | { readonly kind: 'dead'; readonly error: ApiError }

export interface World {
  readonly appName: string
  readonly clientId: string
  clientSecret: string
  readonly redirectUris: readonly string[]
  readonly now: () => Date
  readonly calls: CallLog
  readonly oauth: OAuthServer
  readonly people: readonly LinkedInPerson[]
  readonly accounts: readonly LinkedInAccount[]
  readonly switches: LinkedInSwitches
  /** Takes note of an access token; answers its seconds of life. */
  issue(accessToken: string, grant: Grant): number
  stateOf(accessToken: string): TokenState
  refreshEndsAtMs(grant: Grant): number
  revoke(person: LinkedInPerson): void
  expireAccessTokens(person: LinkedInPerson): void
}

const DAY_MS = 86_400_000
/** …/shared/authentication/programmatic-refresh-tokens (2026-11): 60 days, and 365 from the consent. */
const ACCESS_MS = 60 * DAY_MS
const REFRESH_MS = 365 * DAY_MS

export function createWorld(options: FakeProviderOptions): World {
  const now = options.now ?? (() => new Date())
  const issued = new Map<string, Issued>()
  const people: LinkedInPerson[] = [
    { id: 'aB3xLea001', username: 'lea@acme.example', displayName: 'Lea Moreau' },
    { id: 'aB3xSam002', username: 'sam@agency.example', displayName: 'Sam Whitfield' },
  ]
  const switches: LinkedInSwitches = {
    down: false,
    serverError: false,
    dayLimit: false,
    oldVersion: false,
    noProduct: false,
    scopeRefused: false,
    refreshTokens: true,
    falseAlarms: 0,
    noPosts: false,
    pageCap: 1000,
  }
  const oauth = oauthServer({
    now,
    codeLifeMs: 30 * 60_000,
    sessionLifeMs: ACCESS_MS,
    maxGrantsPerUser: 50,
    rotates: () => false,
    wantsRefreshToken: () => switches.refreshTokens,
    mint: {
      code: () => `AQT${randomToken(48)}`,
      accessToken: () => `AQU${randomToken(120)}`,
      refreshToken: () => `AQW${randomToken(120)}`,
    },
  })
  const refreshEndsAtMs = (grant: Grant) => grant.approvedAt.getTime() + REFRESH_MS

  return {
    appName: options.appName ?? 'Redkey',
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    redirectUris: options.redirectUris,
    now,
    calls: callLog(),
    oauth,
    people,
    accounts: accounts(now),
    switches,
    issue(accessToken, grant) {
      const issuedAtMs = now().getTime()
      const ends = switches.refreshTokens ? refreshEndsAtMs(grant) : Number.POSITIVE_INFINITY
      const expiresAtMs = Math.min(issuedAtMs + ACCESS_MS, ends)
      issued.set(accessToken, { grant, issuedAtMs, expiresAtMs })
      return Math.floor((expiresAtMs - issuedAtMs) / 1000)
    },
    stateOf(accessToken) {
      const found = issued.get(accessToken)
      const person = people.find(({ username }) => username === found?.grant.username)
      if (!found || !person) return { kind: 'dead', error: API_ERRORS.invalid }
      if (found.grant.deadBecause) return { kind: 'dead', error: API_ERRORS.revoked }
      if (found.expiresAtMs <= now().getTime()) return { kind: 'dead', error: API_ERRORS.expired }
      return { kind: 'live', person, ...found }
    },
    refreshEndsAtMs,
    revoke(person) {
      oauth.kill(({ username }) => username === person.username, 'revoked')
    },
    expireAccessTokens(person) {
      for (const one of issued.values()) if (one.grant.username === person.username) one.expiresAtMs = now().getTime()
    },
  }
}

function accounts(now: () => Date): LinkedInAccount[] {
  const [lea, sam] = ['aB3xLea001', 'aB3xSam002']
  const account = (id: number, name: string, currency: string, test: boolean, roles: readonly [string, string][]) => ({
    id,
    name,
    currency,
    test,
    status: 'ACTIVE',
    roles: new Map(roles),
    library: adLibrary({ now, currency, timeZone: 'UTC', campaigns: CAMPAIGNS, id: (kind, place) => adId(id, kind, place) }),
  })
  return [
    account(511000001, 'Acme Demand Gen', 'EUR', false, [
      [lea, 'ACCOUNT_MANAGER'],
      [sam, 'CAMPAIGN_MANAGER'],
    ]),
    account(511000002, 'Acme Test', 'USD', true, [[lea, 'ACCOUNT_BILLING_ADMIN']]),
    account(522000001, 'Another Brand', 'GBP', false, [[sam, 'VIEWER']]),
  ]
}

const CAMPAIGNS = ['Demo requests, DACH', 'Webinar: revenue attribution', 'CFOs, retargeting', 'Careers']

/** Numbers of nine digits that no two accounts share. */
function adId(accountId: number, kind: 'campaign' | 'ad', place: number): string {
  return String(
    (kind === 'campaign' ? 338_000_000 : 619_000_000) +
      (accountId % 1000) * 100_000 +
      (accountId > 520_000_000 ? 50_000 : 0) +
      place,
  )
}
