import { type CallLog, callLog } from '../call-log.ts'
import type { FakeProviderOptions } from '../fake-provider.ts'
import { type Grant, type OAuthServer, oauthServer, randomToken } from '../oauth-server.ts'
import { adAccounts, type MetaAccount } from './ad-accounts.ts'
import type { ReportRun } from './ad-report.ts'
import { ERRORS, type GraphError } from './answers.ts'
import { type Creatives, creatives } from './creatives.ts'

export interface MetaPerson {
  readonly id: string
  readonly username: string
  readonly displayName: string
  /** What Facebook wants first; null: nothing. */
  check: 'checkpoint' | 'unconfirmed' | null
}

export interface MetaSwitches {
  down: boolean
  serviceDown: boolean
  tooManyCalls: boolean
  oldVersion: boolean
  blocked: boolean
  noCapability: boolean
  deactivated: boolean
  /** Errors come with HTTP 200. */
  errorsUnder200: boolean
  /** Reports that are asked for now fail, or are never ready. */
  reportsFail: boolean
  reportsStick: boolean
  /** Large questions are refused. */
  tooMuchData: boolean
}

interface LongToken {
  readonly grant: Grant
  readonly issuedAtMs: number
  expiresAtMs: number
}

export type WhyDead = 'appRemoved' | 'passwordChanged' | 'loggedOut' | 'expired'

/** What a token is good for. */
export type TokenState =
  | {
      readonly kind: 'live'
      readonly grant: Grant
      readonly person: MetaPerson
      readonly issuedAtMs: number
      readonly expiresAtMs: number
    }
  | { readonly kind: 'dead'; readonly error: GraphError }

export interface World {
  readonly appName: string
  readonly clientId: string
  clientSecret: string
  readonly redirectUris: readonly string[]
  readonly now: () => Date
  readonly calls: CallLog
  readonly oauth: OAuthServer
  readonly people: readonly MetaPerson[]
  readonly accounts: readonly MetaAccount[]
  readonly switches: MetaSwitches
  readonly limits: { rowsPerPage: number }
  readonly creatives: Creatives
  /** By their id. */
  readonly reports: Map<string, ReportRun>
  stateOf(token: string): TokenState
  /** A token of 60 days for one that lives. */
  lengthen(token: string): string | null
  dataAccessEndsAtMs(grant: Grant): number
  kill(person: MetaPerson, because: WhyDead): void
  /** All long tokens of a person end now, by time. */
  expireTokens(person: MetaPerson): void
  endDataAccess(person: MetaPerson): void
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** `expires_in` of the documented sample: 5183944 s. …/guides/access-tokens/get-long-lived (2026-11) */
const LONG_MS = 60 * DAY_MS
/** …/docs/facebook-login/auth-vs-data (2026-11) */
const DATA_ACCESS_MS = 90 * DAY_MS

export function createWorld(options: FakeProviderOptions): World {
  const now = options.now ?? (() => new Date())
  const long = new Map<string, LongToken>()
  const dataAccess = new Map<string, number>()
  const people: MetaPerson[] = [
    { id: '10220000000000001', username: 'mia@acme.example', displayName: 'Mia Keller', check: null },
    { id: '10220000000000002', username: 'jonas@agency.example', displayName: 'Jonas Brandt', check: null },
  ]
  const shown = creatives()
  const oauth = oauthServer({
    now,
    codeLifeMs: 10 * 60_000,
    sessionLifeMs: 2 * HOUR_MS,
    maxGrantsPerUser: 50,
    rotates: () => false,
    wantsRefreshToken: () => false,
    mint: { code: () => `AQ${randomToken(48)}`, accessToken: () => `EAAB${randomToken(60)}`, refreshToken: () => '' },
  })

  function stateOf(token: string): TokenState {
    const short = oauth.session(token)
    const found = long.get(token)
    const grant = short?.grant ?? found?.grant
    const person = people.find(({ username }) => username === grant?.username)
    if (!grant || !person) return { kind: 'dead', error: ERRORS.unknownToken }
    if (person.check) return { kind: 'dead', error: ERRORS[person.check] }
    if (grant.deadBecause) return { kind: 'dead', error: ERRORS[grant.deadBecause as WhyDead] ?? ERRORS.unknownToken }
    const issuedAtMs = found?.issuedAtMs ?? short?.startedAt.getTime() ?? 0
    const expiresAtMs = found?.expiresAtMs ?? short?.expiresAtMs ?? 0
    if (expiresAtMs <= now().getTime()) return { kind: 'dead', error: ERRORS.expired }
    return { kind: 'live', grant, person, issuedAtMs, expiresAtMs }
  }

  return {
    appName: options.appName ?? 'Redkey',
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    redirectUris: options.redirectUris,
    now,
    calls: callLog(),
    oauth,
    people,
    accounts: adAccounts(now, shown, (username) => people.find((person) => person.username === username)?.id ?? ''),
    limits: { rowsPerPage: 5000 },
    creatives: shown,
    reports: new Map(),
    switches: {
      down: false,
      serviceDown: false,
      tooManyCalls: false,
      oldVersion: false,
      blocked: false,
      noCapability: false,
      deactivated: false,
      errorsUnder200: false,
      reportsFail: false,
      reportsStick: false,
      tooMuchData: false,
    },
    stateOf,
    lengthen(token) {
      const state = stateOf(token)
      if (state.kind === 'dead') return null
      const made = `EAAL${randomToken(90)}`
      const issuedAtMs = now().getTime()
      // Exchanging a long token again is not documented to make it longer, and so it does not here.
      const expiresAtMs = long.has(token) ? state.expiresAtMs : issuedAtMs + LONG_MS
      long.set(made, { grant: state.grant, issuedAtMs, expiresAtMs })
      return made
    },
    dataAccessEndsAtMs: (grant) => dataAccess.get(grant.id) ?? grant.approvedAt.getTime() + DATA_ACCESS_MS,
    kill(person, because) {
      oauth.kill(({ username }) => username === person.username, because)
    },
    expireTokens(person) {
      for (const token of long.values()) if (token.grant.username === person.username) token.expiresAtMs = now().getTime()
    },
    endDataAccess(person) {
      for (const grant of oauth.grants()) if (grant.username === person.username) dataAccess.set(grant.id, now().getTime())
    },
  }
}
