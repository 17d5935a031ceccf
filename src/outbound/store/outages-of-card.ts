import { asc, eq, isNull } from 'drizzle-orm'
import type { CardMember } from '../../domain/cards/card-group.ts'
import type { Dialect } from './dialect.ts'
import { toConnection } from './records.ts'

/** The newest outage of each connection that the card shows, by when it began. */
export async function outagesOfCard({ queries, tables }: Dialect, cardId: string): Promise<CardMember[]> {
  const { adScans, backlogs, catchUps, connections, costDownloads, gaps, grants, messages, outages } = tables
  const found = await queries
    .select({
      outage: outages,
      connection: connections,
      username: grants.username,
      waiting: backlogs.waiting,
      costsAt: costDownloads.lastAt,
      isTagging: adScans.isTagging,
      gap: gaps,
    })
    .from(outages)
    .innerJoin(messages, eq(messages.id, outages.cardId))
    .innerJoin(connections, eq(connections.id, outages.connectionId))
    .innerJoin(grants, eq(grants.id, connections.grantId))
    .innerJoin(backlogs, eq(backlogs.connectionId, connections.id))
    .leftJoin(costDownloads, eq(costDownloads.connectionId, connections.id))
    .leftJoin(adScans, eq(adScans.connectionId, connections.id))
    .leftJoin(gaps, eq(gaps.outageId, outages.id))
    .where(eq(outages.cardId, cardId))
    // Of two that began in the same moment, the open one is the newer.
    .orderBy(asc(outages.openedAt), asc(isNull(outages.closedAt)), asc(outages.id))
  const ofOutages = await queries
    .select({ catchUp: catchUps })
    .from(catchUps)
    .innerJoin(outages, eq(outages.id, catchUps.outageId))
    .where(eq(outages.cardId, cardId))
    .orderBy(asc(catchUps.startedAt))
  const catchUpOf = new Map(ofOutages.map(({ catchUp }) => [catchUp.outageId, catchUp]))
  const newest = new Map<string, CardMember>()
  for (const row of found) {
    newest.delete(row.connection.id) // so that it takes the place of its newest
    const connection = toConnection(row.connection)
    const catchUp = catchUpOf.get(row.outage.id) ?? null
    newest.set(connection.id, { ...row, connection, isTagging: row.isTagging === true, catchUp })
  }
  return [...newest.values()]
}
