import { and, count, eq, isNull, max, sql } from 'drizzle-orm'
import type { Dialect } from './dialect.ts'

/** Sums and counts instead of rows: it is asked for every few seconds, and there may be thousands. */
export async function changeMark({ queries, tables }: Dialect, teamId: string): Promise<string> {
  const { catchUps, connections, digestSettings, holds } = tables
  const ofTeam = eq(connections.teamId, teamId)
  const [all] = await queries
    .select({ count: count(), versions: sql<string>`coalesce(sum(${connections.version}), 0)`, added: max(connections.addedAt) })
    .from(connections)
    .where(ofTeam)
  const [held] = await queries
    .select({ count: count(), since: max(holds.since) })
    .from(holds)
    .innerJoin(connections, eq(connections.id, holds.connectionId))
    .where(ofTeam)
  const [running] = await queries
    .select({ count: count(), since: max(catchUps.startedAt) })
    .from(catchUps)
    .innerJoin(connections, eq(connections.id, catchUps.connectionId))
    .where(and(ofTeam, isNull(catchUps.finishedAt)))
  const [digests] = await queries
    .select({ count: count(), at: max(digestSettings.changedAt) })
    .from(digestSettings)
    .where(eq(digestSettings.teamId, teamId))
  return JSON.stringify([all, held, running, digests])
}
