import { and, eq, isNull, type SQL } from 'drizzle-orm'
import type { Connection } from '../../domain/connections/connection.ts'
import type { ConnectionOverview } from '../../domain/connections/connection-store.ts'
import type { Dialect } from './dialect.ts'
import { holdsOf } from './holds.ts'
import { toBacklog, toConnection } from './records.ts'

/** Red first, then what else needs somebody, then by name. */
export async function overviews({ queries, tables }: Dialect, which: SQL): Promise<ConnectionOverview[]> {
  const { backlogs, catchUps, connections, grants, outages } = tables
  const found = await queries
    .select({
      connection: connections,
      username: grants.username,
      refreshExpiresAt: grants.refreshExpiresAt,
      backlog: backlogs,
      outage: outages,
      catchUp: catchUps,
    })
    .from(connections)
    .innerJoin(grants, eq(grants.id, connections.grantId))
    .innerJoin(backlogs, eq(backlogs.connectionId, connections.id))
    .leftJoin(outages, and(eq(outages.connectionId, connections.id), isNull(outages.closedAt)))
    .leftJoin(catchUps, and(eq(catchUps.connectionId, connections.id), isNull(catchUps.finishedAt)))
    .where(which)
  const holds = Map.groupBy(await holdsOf(queries, tables, which), ({ connectionId }) => connectionId)
  return found
    .map((row) => ({
      ...row,
      connection: toConnection(row.connection),
      backlog: toBacklog(row.backlog),
      holds: holds.get(row.connection.id) ?? [],
    }))
    .sort((a, b) => rank(a.connection) - rank(b.connection) || (a.connection.name < b.connection.name ? -1 : 1))
}

function rank({ health }: Connection): number {
  if (health.status === 'authorization_required') return 0
  return health.status === 'connected' ? 2 : 1
}
