import { and, asc, eq, gt, inArray, isNotNull, isNull, lte, ne, or, type SQL } from 'drizzle-orm'
import { later } from '../../clock.ts'
import { bump } from './card-queue.ts'
import { type Dialect, type Program, type Queries, rows } from './dialect.ts'
import { numbersNow } from './message-claims.ts'

/** Most cards touched at once; the others follow on the next beat. */
const AT_ONCE = 500

export function touchMovedProgram(
  dialect: Dialect,
  now: Date,
  every: { readonly outageMs: number; readonly catchUpMs: number },
): Program<number> {
  const { catchUps, holds, messages, outages } = dialect.tables
  const { waiting, settled } = numbersNow(dialect.tables)
  return function* (q) {
    const open = q
      .select({ id: outages.cardId })
      .from(outages)
      .where(and(isNull(outages.closedAt), isNotNull(outages.cardId)))
    const running = q.select({ id: catchUps.id }).from(catchUps).where(isNull(catchUps.finishedAt))
    const catchingUp = q
      .select({ id: outages.cardId })
      .from(catchUps)
      .innerJoin(outages, eq(outages.id, catchUps.outageId))
      .where(and(isNull(catchUps.finishedAt), isNotNull(outages.cardId)))
    const ofOutages = and(
      inArray(messages.id, open),
      lte(messages.shownAt, later(now, -every.outageMs)),
      ne(messages.claimedWaiting, waiting),
    )
    // Whoever is asked sees how much waits.
    const asked = q.select({ id: holds.connectionId }).from(holds).where(eq(holds.reason, 'ask'))
    const moved = and(lte(messages.shownAt, later(now, -every.catchUpMs)), ne(messages.claimedSettled, settled))
    const grown = and(
      lte(messages.shownAt, later(now, -every.outageMs)),
      ne(messages.claimedWaiting, waiting),
      inArray(messages.connectionId, asked),
    )
    const ofCatchUps = and(or(inArray(messages.catchUpId, running), inArray(messages.id, catchingUp)), or(moved, grown))
    const ids = new Set([
      ...(yield* rows(quietCards(dialect, q, ofOutages, now))).map(({ id }) => id),
      ...(yield* rows(quietCards(dialect, q, ofCatchUps, now))).map(({ id }) => id),
    ])
    return ids.size === 0 ? 0 : yield* bump(q, dialect.tables, inArray(messages.id, [...ids]), now)
  }
}

/** Cards in the channel that are not due anyway, and for which Slack has not asked us to wait. */
function quietCards(dialect: Dialect, q: Queries, moved: SQL | undefined, now: Date): PromiseLike<{ id: string }[]> {
  const { messages } = dialect.tables
  return dialect.skipLocked(
    q
      .select({ id: messages.id })
      .from(messages)
      .where(
        and(
          eq(messages.kind, 'outage'),
          eq(messages.gaveUp, false),
          isNotNull(messages.ts),
          eq(messages.attempts, 0),
          or(isNull(messages.dueAt), gt(messages.dueAt, now)),
          moved,
        ),
      )
      .orderBy(asc(messages.shownAt))
      .limit(AT_ONCE),
  )
}
