import type { Connection } from '../connections/connection.ts'
import type { ProviderName } from '../provider.ts'
import type { SealBinding, Sealed } from './secrets.ts'

/** One login of one provider user to one provider app in one workspace. */
export interface Grant {
  readonly id: string
  readonly teamId: string
  readonly provider: ProviderName
  /** The app and token endpoint that made it; it works with no other. */
  readonly clientId: string
  readonly tokenOrigin: string
  readonly providerUserId: string
  readonly username: string
  readonly scopes: readonly string[]
  readonly sealed: Sealed
  /** Slack user who logged in, if the link proved one. */
  readonly authorizedBy: string | null
  readonly authorizedAt: Date
  readonly refreshedAt: Date
  /** When the refresh token dies unless it is used, where the provider says so. Beside `sealed`, so that lists can tell it. */
  readonly refreshExpiresAt: Date | null
  readonly version: number
}

export interface GrantStore {
  find(id: string): Promise<Grant | undefined>
  /** With which a connection of this provider works now; of each provider user the newest, by user name. */
  working(teamId: string, provider: ProviderName): Promise<Grant[]>
  /** Stores what a refresh gave, if the grant is still at the version it was based on. */
  replaceTokens(seen: Grant, sealed: Sealed, at: Date, refreshExpiresAt: Date | null): Promise<Grant | undefined>
  /**
   * The same tokens under another key, if the grant is still at the version they were read from. The version stays: a refresh that
   * is under way must not lose what the provider gave it.
   */
  reseal(seen: Grant, sealed: Sealed): Promise<boolean>
  /** All grants, for re-sealing with a new key. */
  all(): Promise<Grant[]>
  /** Those that only a new login helps from a day before `before` on, with the connections that use them by name. */
  endingBefore(before: Date): Promise<{ readonly grant: Grant; readonly connections: readonly Connection[] }[]>
}

export function bindingOf(grant: Pick<Grant, 'id' | 'clientId' | 'tokenOrigin'>): SealBinding {
  return { grantId: grant.id, clientId: grant.clientId, tokenOrigin: grant.tokenOrigin }
}
