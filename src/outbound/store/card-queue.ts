import { and, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import { later, SECOND_MS } from '../../clock.ts'
import { type Queries, rows, type Steps } from './dialect.ts'
import { plus } from './records.ts'

/** A card that many outages share changes with each of them, and is edited no more often than this. */
const SHARED_EVERY_MS = 3 * SECOND_MS

interface Also {
  readonly catchUpId?: string | null
  readonly outageId?: string
  readonly connectionId?: string
}

/** Makes messages due with what their state is now. A message that was given up gets a new chance. Answers how many. */
export function* bump(
  q: Queries,
  { messages }: Tables,
  which: SQL | undefined,
  at: Date,
  also: Also = {},
  dueAt: Date | SQL = at,
): Steps<number> {
  const bumped = yield* rows(
    q
      .update(messages)
      .set({ ...also, wanted: plus(messages.wanted, 1), dueAt, attempts: 0, trouble: null, gaveUp: false })
      .where(which)
      .returning({ id: messages.id }),
  )
  return bumped.length
}

/** The card that shows this outage is due; one that others share with it, not in the same moment as with them. */
export function* bumpCardOf(q: Queries, tables: Tables, outageId: string, at: Date, also: Also = {}): Steps<void> {
  const { messages, outages } = tables
  const cards = q.select({ id: outages.cardId }).from(outages).where(eq(outages.id, outageId))
  const isShared = sql`(select count(*) from ${outages} where ${outages.cardId} = ${messages.id}) > 1`
  const isCard = and(eq(messages.kind, 'outage'), inArray(messages.id, cards))
  yield* bump(q, tables, isCard, at, also, soonAfterOthers(tables, at, isShared))
}

/** The card shows one more. */
export function* joinCard(q: Queries, tables: Tables, cardId: string, at: Date): Steps<void> {
  yield* bump(q, tables, eq(tables.messages.id, cardId), at, {}, soonAfterOthers(tables, at))
}

function soonAfterOthers({ messages }: Tables, at: Date, isShared: SQL = sql`1 = 1`): SQL {
  const isFresh = sql`${messages.shownAt} > ${sql.param(later(at, -SHARED_EVERY_MS), messages.shownAt)}`
  const now = sql.param(at, messages.dueAt)
  const soon = sql.param(later(at, SHARED_EVERY_MS), messages.dueAt)
  // The column in a branch that is never taken tells PostgreSQL the type.
  return sql`case when ${isFresh} and ${isShared} then ${soon} when 1 = 1 then ${now} else ${messages.dueAt} end`
}
