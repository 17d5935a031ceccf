import { and, eq, isNotNull, isNull, notInArray } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { Message } from '../../domain/cards/card.ts'
import type { CatchUp, Outage } from '../../domain/connections/outage.ts'
import { bump, bumpCardOf } from './card-queue.ts'
import { type Queries, rows, type Steps } from './dialect.ts'
import { fromMessage, plus } from './records.ts'

type BacklogRow = Tables['backlogs']['$inferSelect']

/** Reads the backlog and holds its row, so that nothing is accepted or settled before the program ends. */
export function* holdBacklog(q: Queries, { backlogs }: Tables, connectionId: string): Steps<BacklogRow | undefined> {
  const [backlog] = yield* rows(
    q
      .update(backlogs)
      .set({ lastKey: plus(backlogs.lastKey, 0) })
      .where(eq(backlogs.connectionId, connectionId))
      .returning(),
  )
  return backlog
}

export function* unfinishedCatchUp(q: Queries, { catchUps }: Tables, connectionId: string): Steps<CatchUp | undefined> {
  const [catchUp] = yield* rows(
    q
      .select()
      .from(catchUps)
      .where(and(eq(catchUps.connectionId, connectionId), isNull(catchUps.finishedAt))),
  )
  return catchUp
}

/**
 * Begins to count the push of everything that waits. An unfinished catch-up is extended instead: what it has settled stays
 * counted, everything that waits now is expected, and it is reported once, below the newest card.
 */
export function* beginCatchUp(
  q: Queries,
  tables: Tables,
  held: BacklogRow,
  closed: Outage,
  begin: { readonly catchUpId: string; readonly report: Message | null; readonly at: Date },
): Steps<CatchUp> {
  const { catchUps, messages } = tables
  const before = yield* unfinishedCatchUp(q, tables, held.connectionId)
  const pushed = before?.pushed ?? 0
  const rejected = before?.rejected ?? 0
  const superseded = (before?.superseded ?? 0) + closed.superseded
  const numbers = {
    outageId: closed.id,
    upToKey: held.lastKey,
    superseded,
    expected: held.waiting + pushed + superseded + rejected,
  }
  const row = {
    id: begin.catchUpId,
    connectionId: held.connectionId,
    ...numbers,
    pushed,
    rejected,
    startedAt: begin.at,
    finishedAt: null,
  }
  const [catchUp] = yield* rows(
    before
      ? q.update(catchUps).set(numbers).where(eq(catchUps.id, before.id)).returning()
      : q.insert(catchUps).values(row).returning(),
  )
  if (!catchUp) throw new Error(`the catch-up of connection ${held.connectionId} vanished`)
  if (begin.report) {
    yield* rows(
      q
        .delete(messages)
        .where(and(eq(messages.catchUpId, catchUp.id), eq(messages.kind, 'report')))
        .returning({ id: messages.id }),
    )
    yield* rows(
      q
        .insert(messages)
        .values(fromMessage({ ...begin.report, catchUpId: catchUp.id }, null))
        .returning({ id: messages.id }),
    )
  }
  yield* bumpCardOf(q, tables, closed.id, begin.at, { catchUpId: catchUp.id })
  return (yield* finishWhenComplete(q, tables, catchUp, begin.at)) ?? catchUp
}

/** Counts what was settled of the catch-up. Answers the catch-up if that was the last of it. */
export function* countSettled(
  q: Queries,
  tables: Tables,
  catchUp: CatchUp,
  settled: { readonly pushed: number; readonly superseded: number; readonly rejected: number },
  at: Date,
): Steps<CatchUp | null> {
  const { catchUps } = tables
  const [counted] = yield* rows(
    q
      .update(catchUps)
      .set({
        pushed: plus(catchUps.pushed, settled.pushed),
        superseded: plus(catchUps.superseded, settled.superseded),
        rejected: plus(catchUps.rejected, settled.rejected),
      })
      .where(eq(catchUps.id, catchUp.id))
      .returning(),
  )
  return counted ? yield* finishWhenComplete(q, tables, counted, at) : null
}

function* finishWhenComplete(q: Queries, tables: Tables, catchUp: CatchUp, at: Date): Steps<CatchUp | null> {
  const { catchUps, messages, outages } = tables
  if (catchUp.pushed + catchUp.superseded + catchUp.rejected < catchUp.expected) return null
  const [finished] = yield* rows(
    q
      .update(catchUps)
      .set({ finishedAt: at })
      .where(and(eq(catchUps.id, catchUp.id), isNull(catchUps.finishedAt)))
      .returning(),
  )
  if (!finished) return null
  yield* bumpCardOf(q, tables, finished.outageId, at)
  const itsCard = q
    .select({ id: outages.cardId })
    .from(outages)
    .where(and(eq(outages.id, finished.outageId), isNotNull(outages.cardId)))
  const isOlder = and(eq(messages.catchUpId, catchUp.id), eq(messages.kind, 'outage'), notInArray(messages.id, itsCard))
  yield* bump(q, tables, isOlder, at)
  yield* bump(q, tables, and(eq(messages.catchUpId, catchUp.id), eq(messages.kind, 'report')), at)
  return finished
}
