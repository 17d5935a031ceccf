import type { Deps } from '../deps.ts'
import { nearestName } from '../nearest.ts'
import type { AuditEntry, ConnectionOverview } from '../store.ts'
import type { RejectGroup } from './outage.ts'

/** Every connection of a workspace, those that need somebody first. */
export function listConnections({ store }: Pick<Deps, 'store'>, teamId: string): Promise<ConnectionOverview[]> {
  return store.connections.overviews(teamId)
}

export type Description =
  | {
      readonly kind: 'found'
      readonly overview: ConnectionOverview
      readonly history: readonly AuditEntry[]
      readonly rejects: readonly RejectGroup[]
    }
  | { readonly kind: 'unknown'; readonly nearest: string | null }

const HISTORY_SHOWN = 5

export async function describeConnection(deps: Pick<Deps, 'store'>, teamId: string, name: string): Promise<Description> {
  const all = await deps.store.connections.overviews(teamId)
  const overview = all.find((one) => one.connection.name === name)
  if (!overview)
    return {
      kind: 'unknown',
      nearest: nearestName(
        name,
        all.map((one) => one.connection.name),
      ),
    }
  return describe(deps, overview)
}

/** The same by id, for the buttons of cards. */
export async function describeConnectionById({ store }: Pick<Deps, 'store'>, id: string): Promise<Description> {
  const overview = await store.connections.overview(id)
  return overview ? describe({ store }, overview) : { kind: 'unknown', nearest: null }
}

async function describe({ store }: Pick<Deps, 'store'>, overview: ConnectionOverview): Promise<Description> {
  const { id } = overview.connection
  return { kind: 'found', overview, history: await store.history.of(id, HISTORY_SHOWN), rejects: await store.outbox.rejects(id) }
}
