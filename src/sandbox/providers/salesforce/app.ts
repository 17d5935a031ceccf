import type { CallLog } from '../call-log.ts'
import type { Grant, OAuthServer } from '../oauth-server.ts'
import type { Gate } from './gate.ts'
import type { Org, OrgUser } from './org.ts'

/** Read at each call; set them as you like. */
export interface AppSwitches {
  /** Each refresh gives a new refresh token; a replayed old one kills the grant and its sessions. */
  rotateRefreshTokens: boolean
  /** A second refresh with a token whose first one is still under way is refused. Default true. */
  refusesConcurrentRefresh: boolean
  /** The next so many refreshes are refused as concurrent, whatever else happens. */
  concurrentRefreshes: number
  /** The token endpoint answers `rate_limit_exceeded`. */
  tooManyLogins: boolean
  /** 503 with an HTML body from the login host. */
  loginDown: boolean
  /** An authorization without a code challenge is refused. Default true. */
  requiresPkce: boolean
  /** What an administrator forbids is told on Salesforce's own page instead of a redirect back. */
  showsLoginErrors: boolean
  /** Added to every answer of the token endpoint. */
  latencyMs: number
}

/** The registered client app, and everything that the login host knows. */
export interface App {
  readonly name: string
  readonly clientId: string
  clientSecret: string
  readonly allowsRedirect: (uri: string) => boolean
  readonly orgs: readonly Org[]
  readonly oauth: OAuthServer
  readonly switches: AppSwitches
  readonly calls: CallLog
  readonly tokenGate: Gate
  /** Refresh tokens whose refresh is under way. */
  readonly refreshing: Set<string>
  loginUrl: string
  now(): Date
  userOf(grant: Grant): { org: Org; user: OrgUser } | null
}
