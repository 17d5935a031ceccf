import { and, asc, eq, inArray, lt, sql } from 'drizzle-orm'
import { holdBacklog } from './catch-ups.ts'
import { type Dialect, type Program, rows } from './dialect.ts'

/**
 * Writes the rows anew instead of updating them: SQLite leaves the room of what an update drops in its page, where nothing ever
 * fills it since keys only grow; what is deleted lets pages join. The backlog is held, so nobody looks for a row meanwhile.
 */
export function dropPayloadsProgram({ tables }: Dialect, connectionId: string, before: Date, limit: number): Program<number> {
  const { touchpoints } = tables
  const { connectionNo, key, payload, settledAt, state } = touchpoints
  // In words, not as parameters: only then do both databases use the index of these rows.
  const kept = sql`${state} = 'pushed' and ${payload} is not null`
  return function* (q) {
    const backlog = yield* holdBacklog(q, tables, connectionId)
    if (!backlog) return 0
    const found = yield* rows(
      q
        .select({ key })
        .from(touchpoints)
        .where(and(kept, eq(connectionNo, backlog.no), lt(settledAt, before)))
        .orderBy(asc(settledAt))
        .limit(limit),
    )
    if (found.length === 0) return 0
    const keys = found.map((row) => row.key)
    const taken = yield* rows(q.delete(touchpoints).where(inArray(key, keys)).returning())
    const bare = taken.map((row) => ({ ...row, payload: null }))
    yield* rows(q.insert(touchpoints).values(bare).returning({ key }))
    return bare.length
  }
}
