import { type CrowdedOut, crowdingOf } from '../access/crowded-out.ts'
import { type RecentCosts, recentCosts } from '../costs/read-costs.ts'
import type { Deps } from '../deps.ts'
import { inEffect } from '../outbox/hold.ts'
import type { AdScan, TagChange } from '../tags/ad-scan.ts'
import type { AuditEntry } from './audit-entry.ts'
import { nearestConnection } from './connection-name.ts'
import type { ConnectionOverview } from './connection-store.ts'
import type { RejectGroup } from './outage.ts'

type ListDeps = Pick<Deps, 'store' | 'clock' | 'providers'>

/** Every connection of a workspace, those that need somebody first. */
export async function listConnections(deps: ListDeps, teamId: string): Promise<ConnectionOverview[]> {
  return (await deps.store.connections.overviews(teamId)).map((overview) => heldNow(deps, overview))
}

/** A hold whose time is over stops nothing: what waits is looked at in a moment. */
function heldNow({ clock }: ListDeps, overview: ConnectionOverview): ConnectionOverview {
  return { ...overview, holds: inEffect(overview.holds, clock.now()) }
}

export type Description =
  | {
      readonly kind: 'found'
      readonly overview: ConnectionOverview
      readonly history: readonly AuditEntry[]
      readonly rejects: readonly RejectGroup[]
      /** Newer logins of the same user may have ended this one. */
      readonly crowdedOut: CrowdedOut | null
      /** Of an ad platform. */
      readonly costs: RecentCosts | null
      /** Of an ad platform. */
      readonly tags: AdTags | null
    }
  | { readonly kind: 'unknown'; readonly nearest: string | null }

/** What is known of the parameters of an account's ads. */
export interface AdTags {
  readonly scan: AdScan
  /** The newest of those that nobody has taken back. */
  readonly changes: readonly TagChange[]
}

const HISTORY_SHOWN = 5
const CHANGES_SHOWN = 3

export async function describeConnection(deps: ListDeps, teamId: string, name: string): Promise<Description> {
  const all = await deps.store.connections.overviews(teamId)
  const overview = all.find((one) => one.connection.name === name)
  if (!overview) return { kind: 'unknown', nearest: await nearestConnection(deps, teamId, name) }
  return describe(deps, overview)
}

/** The same by id, for the buttons of cards. */
export async function describeConnectionById(deps: ListDeps, id: string): Promise<Description> {
  const overview = await deps.store.connections.overview(id)
  return overview ? describe(deps, overview) : { kind: 'unknown', nearest: null }
}

async function describe(deps: ListDeps, found: ConnectionOverview): Promise<Description> {
  const { store } = deps
  const overview = heldNow(deps, found)
  const { id } = overview.connection
  return {
    kind: 'found',
    overview,
    history: await store.history.of(id, HISTORY_SHOWN),
    rejects: await store.outbox.rejects(id),
    crowdedOut: await crowdingOf(deps, overview.connection, overview.outage),
    costs: await recentCosts(deps, overview.connection),
    tags: await tagsOf(deps, id),
  }
}

async function tagsOf({ store }: ListDeps, connectionId: string): Promise<AdTags | null> {
  const scan = await store.adScans.find(connectionId)
  return scan ? { scan, changes: await store.adScans.changes(connectionId, CHANGES_SHOWN) } : null
}
