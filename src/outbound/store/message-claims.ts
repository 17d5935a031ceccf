import { aliasedTable, and, asc, eq, exists, inArray, isNotNull, isNull, lte, or, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
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
          // What asks people for something comes before what is said below it.
          .orderBy(sql`case when ${messages.threadOf} is null then 0 else 1 end`, asc(messages.dueAt), asc(messages.createdAt))
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

/** What a message's card tells as of now, over all that it shows: how much of the outbox waits, how much of catch-ups is settled. */
export function numbersNow({ backlogs, catchUps, messages, outages }: Tables): { readonly waiting: SQL; readonly settled: SQL } {
  const { pushed, superseded, rejected } = catchUps
  const onCard = (what: SQLiteColumn) => sql`(select ${what} from ${outages} where ${outages.cardId} = ${messages.id})`
  return {
    waiting: sql`coalesce((select sum(${backlogs.waiting}) from ${backlogs} where ${backlogs.connectionId} = ${messages.connectionId} or ${backlogs.connectionId} in ${onCard(outages.connectionId)}), 0)`,
    settled: sql`coalesce((select sum(${pushed} + ${superseded} + ${rejected}) from ${catchUps} where ${catchUps.id} = ${messages.catchUpId} or ${catchUps.outageId} in ${onCard(outages.id)}), 0)`,
  }
}
