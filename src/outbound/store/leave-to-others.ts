import { aliasedTable, and, asc, desc, eq, isNotNull, isNull, ne } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import { takeTurn } from './card-places.ts'
import { bump } from './card-queue.ts'
import { type Queries, rows, type Steps } from './dialect.ts'
import { leaveCard } from './outages.ts'
import { sameApp } from './same-app.ts'

/** Cards that tell of others, too, go on as theirs: a connection that is removed is not on them any more. */
export function* leaveToOthers(
  q: Queries,
  tables: Tables,
  { connectionId, removedAt }: Pick<Tables['removals']['$inferSelect'], 'connectionId' | 'removedAt'>,
  teamId: string,
): Steps<void> {
  const { messages, outages } = tables
  yield* takeTurn(q, tables, teamId)
  const isOurs = eq(outages.connectionId, connectionId)
  const onCards = yield* rows(
    q
      .select({ id: outages.id, cardId: outages.cardId, kind: outages.kind, closedAt: outages.closedAt })
      .from(outages)
      .where(and(isOurs, isNotNull(outages.cardId))),
  )
  for (const { id, cardId, kind, closedAt } of onCards) {
    if (cardId === null) continue
    if (kind === 'misconfigured' && closedAt === null) yield* showHidden(q, tables, cardId, connectionId)
    const [heir] = yield* rows(
      q
        .select({ id: outages.id, connectionId: outages.connectionId })
        .from(outages)
        .where(and(eq(outages.cardId, cardId), ne(outages.connectionId, connectionId)))
        .orderBy(desc(isNull(outages.closedAt)), desc(outages.openedAt))
        .limit(1),
    )
    if (!heir) continue
    const isCard = and(eq(messages.id, cardId), eq(messages.connectionId, connectionId))
    const itsHeir = { connectionId: heir.connectionId, outageId: heir.id, catchUpId: null }
    yield* rows(q.update(messages).set(itsHeir).where(isCard).returning({ id: messages.id }))
    if (closedAt === null) yield* leaveCard(q, tables, cardId, id, removedAt)
    yield* rows(q.update(outages).set({ cardId: null }).where(eq(outages.id, id)).returning({ id: outages.id }))
    yield* bump(q, tables, eq(messages.id, cardId), removedAt)
  }
}

/** What is wrong with the app's set-up goes on for its other connections, which have no card since this one told of them. */
function* showHidden(q: Queries, tables: Tables, cardId: string, connectionId: string): Steps<void> {
  const { connections, grants, outages } = tables
  const ours = aliasedTable(connections, 'ours')
  const asked = aliasedTable(grants, 'asked')
  const isHidden = and(isNull(outages.closedAt), eq(outages.kind, 'misconfigured'), isNull(outages.cardId))
  const [hidden] = yield* rows(
    q
      .select({ id: outages.id })
      .from(outages)
      .innerJoin(connections, eq(connections.id, outages.connectionId))
      .innerJoin(grants, eq(grants.id, connections.grantId))
      .innerJoin(ours, eq(ours.id, connectionId))
      .innerJoin(asked, sameApp(grants, asked, ours.grantId))
      .where(isHidden)
      .orderBy(asc(outages.openedAt), asc(outages.id))
      .limit(1),
  )
  if (hidden) yield* rows(q.update(outages).set({ cardId }).where(eq(outages.id, hidden.id)).returning({ id: outages.id }))
}
