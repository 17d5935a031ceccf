import { and, desc, eq, isNotNull, isNull, ne } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import { takeTurn } from './card-places.ts'
import { bump } from './card-queue.ts'
import { type Queries, rows, type Steps } from './dialect.ts'
import { leaveCard } from './outages.ts'

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
      .select({ id: outages.id, cardId: outages.cardId, closedAt: outages.closedAt })
      .from(outages)
      .where(and(isOurs, isNotNull(outages.cardId))),
  )
  for (const { id, cardId, closedAt } of onCards) {
    if (cardId === null) continue
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
