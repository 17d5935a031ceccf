import { and, eq, gt, isNull } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { Message } from '../../domain/cards/card.ts'
import type { Connection } from '../../domain/connections/connection.ts'
import type { CatchUp, Outage } from '../../domain/connections/outage.ts'
import type { Hold } from '../../domain/outbox/hold.ts'
import { takeTurn } from './card-places.ts'
import { bumpCardOf } from './card-queue.ts'
import { beginCatchUp, holdBacklog } from './catch-ups.ts'
import { type Queries, rows, type Steps } from './dialect.ts'
import { beginGap, readAgain } from './gaps.ts'
import { putHold } from './holds.ts'
import { closeOutage } from './outages.ts'

/** Closes the open outage, makes everything that waited and the card due, and begins to count what was missed meanwhile. */
export function* endOutage(
  q: Queries,
  tables: Tables,
  connection: Pick<Connection, 'id' | 'teamId' | 'kind'>,
  closing: Pick<Outage, 'closedHow' | 'closedBy' | 'closedByUsername'>,
  begin: { readonly at: Date; readonly catchUpId: string; readonly report: Message | null; readonly hold: Hold | null },
): Steps<CatchUp | null> {
  const held = yield* holdBacklog(q, tables, connection.id)
  if (connection.kind === 'ads') yield* readAgain(q, tables, connection.id, begin.at)
  if (held) yield* retryNow(q, tables, held.no, begin.at)
  if (yield* isDown(q, tables, connection.id)) yield* takeTurn(q, tables, connection.teamId)
  const closed = yield* closeOutage(q, tables, connection.id, { ...closing, closedAt: begin.at })
  if (!closed) return null
  // In the same program, so that nothing can be pushed before it.
  if (begin.hold && held && held.waiting > 0) yield* putHold(q, tables, begin.hold, begin.at)
  if (held && connection.kind === 'crm') return yield* beginCatchUp(q, tables, held, closed, begin)
  yield* beginGap(q, tables, closed, begin.report, begin.at)
  yield* bumpCardOf(q, tables, closed.id, begin.at)
  return null
}

/** Nobody else opens or ends its outage meanwhile: the connection is held by the program. */
function* isDown(q: Queries, { outages }: Tables, connectionId: string): Steps<boolean> {
  const isOpen = and(eq(outages.connectionId, connectionId), isNull(outages.closedAt))
  return (yield* rows(q.select({ id: outages.id }).from(outages).where(isOpen))).length > 0
}

function* retryNow(q: Queries, { strays }: Tables, connectionNo: number, at: Date): Steps<void> {
  yield* rows(
    q
      .update(strays)
      .set({ dueAt: at })
      .where(and(eq(strays.connectionNo, connectionNo), eq(strays.state, 'waiting'), gt(strays.dueAt, at)))
      .returning({ key: strays.key }),
  )
}
