import type { Deps } from '../deps.ts'
import { unknownName } from '../outbox/read-rejects.ts'
import type { AuditEntry } from './audit-entry.ts'
import type { Connection } from './connection.ts'

/** In one answer. */
const HISTORY_PAGE = 20

export type HistoryPage =
  | {
      readonly kind: 'found'
      readonly connection: Connection
      /** The newest first. */
      readonly entries: readonly AuditEntry[]
      /** Id of the entry after which the older ones come; null: there are none. */
      readonly olderAfter: string | null
      readonly isNewest: boolean
    }
  | { readonly kind: 'unknown'; readonly nearest: string | null }

/** Who did what with a connection, and when. */
export async function readHistory({ store }: Pick<Deps, 'store'>, teamId: string, name: string): Promise<HistoryPage> {
  const connection = await store.connections.byName(teamId, name)
  return connection ? pageOf(store, connection, null) : unknownName(store, teamId, name)
}

/** The same by id, for its buttons: what is older than the entry `afterId`. */
export async function readOlderHistory(
  { store }: Pick<Deps, 'store'>,
  teamId: string,
  connectionId: string,
  afterId: string | null,
): Promise<HistoryPage> {
  const connection = await store.connections.find(connectionId)
  return connection?.teamId === teamId ? pageOf(store, connection, afterId) : { kind: 'unknown', nearest: null }
}

async function pageOf({ history }: Deps['store'], connection: Connection, afterId: string | null): Promise<HistoryPage> {
  const found = await history.of(connection.id, HISTORY_PAGE + 1, afterId)
  const entries = found.slice(0, HISTORY_PAGE)
  const olderAfter = found.length > HISTORY_PAGE ? (entries.at(-1)?.id ?? null) : null
  return { kind: 'found', connection, entries, olderAfter, isNewest: afterId === null }
}
