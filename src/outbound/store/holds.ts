import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, lte, or, type SQL } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { AuditEntry } from '../../domain/connections/audit-entry.ts'
import type { Hold, HoldReason, HoldStore } from '../../domain/outbox/hold.ts'
import { bump } from './card-queue.ts'
import { type Dialect, type Program, type Queries, rows, type Steps } from './dialect.ts'
import { record } from './history.ts'

export function holdStore(dialect: Dialect): HoldStore {
  const { queries, tables } = dialect
  return {
    put: (hold, at, audit) => dialect.atomically(putProgram(tables, hold, at, audit)),
    lift: (connectionId, reason, at, audit) => dialect.atomically(liftProgram(tables, connectionId, reason, at, audit)),
    of: async (connectionId) => holdsOf(queries, tables, eq(tables.holds.connectionId, connectionId)),
  }
}

export function putProgram(tables: Tables, hold: Hold, at: Date, audit: AuditEntry | null): Program<Hold | undefined> {
  return function* (q) {
    const put = yield* putHold(q, tables, hold, at)
    if (!put) return undefined
    if (audit) yield* record(q, tables, audit)
    yield* bumpCard(q, tables, hold, at)
    return put
  }
}

/** Inside a larger program, which makes the card due itself. */
export function* putHold(q: Queries, { holds }: Tables, hold: Hold, at: Date): Steps<Hold | undefined> {
  const { until, by, detail } = hold
  const [put] = yield* rows(
    q
      .insert(holds)
      .values(hold)
      .onConflictDoUpdate({
        target: [holds.connectionId, holds.reason],
        set: { until, by, detail },
        setWhere: lte(holds.until, at), // never true of null
      })
      .returning(),
  )
  return put
}

export function liftProgram(
  tables: Tables,
  connectionId: string,
  reason: HoldReason,
  at: Date,
  audit: AuditEntry | null,
): Program<boolean> {
  const { holds } = tables
  return function* (q) {
    const lifted = yield* rows(
      q
        .delete(holds)
        .where(and(eq(holds.connectionId, connectionId), eq(holds.reason, reason)))
        .returning({ reason: holds.reason }),
    )
    if (lifted.length === 0) return false
    if (audit) yield* record(q, tables, audit)
    if (reason === 'ask') yield* beginNow(q, tables, connectionId, at)
    yield* bumpCard(q, tables, { connectionId, reason }, at)
    return true
  }
}

/** How long a person took to say *Push now* is no part of how long pushing took. */
function* beginNow(q: Queries, { catchUps }: Tables, connectionId: string, at: Date): Steps<void> {
  const unbegun = and(isNull(catchUps.finishedAt), eq(catchUps.pushed, 0), eq(catchUps.rejected, 0))
  yield* rows(
    q
      .update(catchUps)
      .set({ startedAt: at })
      .where(and(eq(catchUps.connectionId, connectionId), unbegun))
      .returning({ id: catchUps.id }),
  )
}

/** The card of a catch-up that runs. The last one's, if it is over, also tells what people have held. */
function* bumpCard(
  q: Queries,
  tables: Tables,
  { connectionId, reason }: Pick<Hold, 'connectionId' | 'reason'>,
  at: Date,
): Steps<void> {
  const { catchUps, messages, outages } = tables
  const [last] = yield* rows(
    q
      .select({ id: catchUps.id, outageId: catchUps.outageId, finishedAt: catchUps.finishedAt })
      .from(catchUps)
      .where(eq(catchUps.connectionId, connectionId))
      .orderBy(desc(catchUps.startedAt))
      .limit(1),
  )
  if (!last || (last.finishedAt !== null && reason !== 'paused' && reason !== 'ask')) return
  const itsCard = q
    .select({ id: outages.cardId })
    .from(outages)
    .where(and(eq(outages.id, last.outageId), isNotNull(outages.cardId)))
  const isCard = or(eq(messages.catchUpId, last.id), inArray(messages.id, itsCard))
  yield* bump(q, tables, and(isCard, eq(messages.kind, 'outage')), at)
}

/** Whether a hold keeps the connection's outbox from being pushed. */
export function inEffectAt({ holds, connections }: Tables, now: Date): SQL | undefined {
  return and(eq(holds.connectionId, connections.id), or(isNull(holds.until), gt(holds.until, now)))
}

/** In the order in which they were put. */
export async function holdsOf(queries: Queries, { holds, connections }: Tables, which: SQL): Promise<Hold[]> {
  const found = await queries
    .select({ hold: holds })
    .from(holds)
    .innerJoin(connections, eq(connections.id, holds.connectionId))
    .where(which)
    .orderBy(asc(holds.since), asc(holds.reason))
  return found.map(({ hold }) => hold)
}
