import { DAY_MS, later } from '../../clock.ts'
import type { Connection } from '../connections/connection.ts'
import type { Outage } from '../connections/outage.ts'
import type { Deps } from '../deps.ts'

/** How far back approvals and losses count as belonging together. */
const CROWDING_MS = 90 * DAY_MS
/** A login that was lost and renewed so often without another reason is being pushed out by others. */
const LOSSES = 2

/** What is known about the login of a red connection. */
export interface CrowdingFacts {
  readonly cause: string
  /** Approvals of one user for one app that the provider keeps; null: no such limit. */
  readonly kept: number | null
  /** Times that this user let this app in, as far as this Redkey knows, within `CROWDING_MS`. */
  readonly approvals: number
  /** Logins of this user and app that are stored here, in all workspaces. */
  readonly grants: number
  /** Times that the connection lost its login for such a cause and got a new one, within `CROWDING_MS`. */
  readonly losses: number
}

export interface CrowdedOut {
  readonly kept: number
  readonly because: 'approvals' | 'grants' | 'losses'
  readonly count: number
}

/**
 * Whether the login may have been ended by newer ones of the same user for the same app: some providers keep the newest few and end
 * the oldest without a word. Other Redkeys and test logins count there and are not seen here, so this is a guess, and only made when
 * something points to it.
 */
export function crowdedOut({ cause, kept, approvals, grants, losses }: CrowdingFacts): CrowdedOut | null {
  if (kept === null || (cause !== 'revoked' && cause !== 'expired')) return null
  if (approvals >= kept) return { kept, because: 'approvals', count: approvals }
  if (grants > 1) return { kept, because: 'grants', count: grants }
  return losses >= LOSSES ? { kept, because: 'losses', count: losses } : null
}

/** The same for an open outage. */
export async function crowdingOf(
  { store, providers, clock }: Pick<Deps, 'store' | 'providers' | 'clock'>,
  { id, grantId, provider }: Connection,
  outage: Outage | null,
): Promise<CrowdedOut | null> {
  const kept = providers.get(provider)?.approvalsKept ?? null
  if (kept === null || outage?.kind !== 'authorization' || outage.closedAt !== null) return null
  const grant = await store.grants.find(grantId)
  if (!grant) return null
  const counts = await store.approvals.counts(grant, id, later(clock.now(), -CROWDING_MS))
  return crowdedOut({ cause: outage.cause, kept, ...counts })
}
