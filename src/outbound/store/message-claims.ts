import { aliasedTable, and, asc, eq, exists, inArray, isNotNull, isNull, lte, or, type SQL, sql } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { Message } from '../../domain/cards/card.ts'
import { type Dialect, type Program, rows } from './dialect.ts'
import { toMessage } from './records.ts'

/**
 * Claims messages that are due, are nobody's, and whose thread has begun. Also notes the numbers that the cards are about to
 * show, before they are read for rendering, so that a later move is never missed.
 */
export function claimProgram(dialect: Dialect, now: Date, until: Date, by: string, limit: number): Program<Message[]> {
  const { messages } = dialect.tables
  const parents = aliasedTable(messages, 'parents')
  return function* (q) {
    const begun = q
      .select({ id: parents.id })
      .from(parents)
      .where(and(eq(parents.id, messages.threadOf), isNotNull(parents.ts)))
    const due = yield* rows(
      dialect.skipLocked(
        q
          .select({ id: messages.id })
          .from(messages)
          .where(
            and(
              lte(messages.dueAt, now),
              or(isNull(messages.leasedUntil), lte(messages.leasedUntil, now)),
              or(isNull(messages.threadOf), exists(begun)),
            ),
          )
          .orderBy(asc(messages.dueAt), asc(messages.createdAt))
          .limit(limit),
      ),
    )
    if (due.length === 0) return []
    const ids = due.map(({ id }) => id)
    const { waiting, settled } = numbersNow(dialect.tables)
    const claimed = yield* rows(
      q
        .update(messages)
        .set({ leasedBy: by, leasedUntil: until, claimedWaiting: waiting, claimedSettled: settled })
        .where(inArray(messages.id, ids))
        .returning(),
    )
    const byId = new Map(claimed.map((row) => [row.id, toMessage(row)]))
    return ids.flatMap((id) => byId.get(id) ?? [])
  }
}

/** What a message's card tells as of now: how much of the outbox waits, how much of its catch-up is settled. */
export function numbersNow({ backlogs, catchUps, messages }: Tables): { readonly waiting: SQL; readonly settled: SQL } {
  const { pushed, superseded, rejected } = catchUps
  return {
    waiting: sql`coalesce((select ${backlogs.waiting} from ${backlogs} where ${backlogs.connectionId} = ${messages.connectionId}), 0)`,
    settled: sql`coalesce((select ${pushed} + ${superseded} + ${rejected} from ${catchUps} where ${catchUps.id} = ${messages.catchUpId}), 0)`,
  }
}
