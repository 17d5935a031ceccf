import type { CallLog } from '../call-log.ts'
import type { Grant, OAuthServer } from '../oauth-server.ts'
import type { FakePortal, PortalUser } from './portal.ts'

/** Read at each call; set them as you like. */
export interface AppSwitches {
  /** The token endpoint gives a gateway's page. */
  loginDown: boolean
  /** The token endpoint asks to slow down. */
  tooManyLogins: boolean
  /** Each refresh gives a new refresh token, which HubSpot reserves for itself. */
  rotateRefreshTokens: boolean
  /** Refusals have no `error` and `error_description`, as before 2026. */
  oldErrors: boolean
  /** Scopes that are not granted though the app asked: the app was given them later, or the account lacks them. */
  withheldScopes: readonly string[]
}

/** The registered app, and all accounts. */
export interface App {
  readonly name: string
  readonly clientId: string
  clientSecret: string
  readonly redirectUris: readonly string[]
  /** As set up in HubSpot; a login must ask for exactly them. */
  readonly requiredScopes: readonly string[]
  readonly optionalScopes: readonly string[]
  readonly portals: readonly FakePortal[]
  readonly oauth: OAuthServer
  /** Whose every access token is or was. */
  readonly minted: ReadonlyMap<string, Grant>
  readonly switches: AppSwitches
  readonly calls: CallLog
  now(): Date
}

export function ownerOf({ portals }: App, { accountId, username }: Grant): { portal: FakePortal; user: PortalUser } {
  const portal = portals.find(({ hubId }) => String(hubId) === accountId)
  if (!portal) throw new Error(`The fake HubSpot has no account ${accountId}`)
  return { portal, user: portal.user(username) }
}

/** Access tokens live for 30 minutes from when they were made, however they are used (Guide in `answers.ts`). */
export const ACCESS_LIFE_MS = 30 * 60_000

/** `null`: the token is not good (any more). */
export function liveGrant({ oauth, now }: App, accessToken: string): Grant | null {
  const session = oauth.session(accessToken)
  if (!session || now().getTime() - session.startedAt.getTime() >= ACCESS_LIFE_MS) return null
  return session.grant
}
