import { and, asc, eq, gt, inArray, lt, or, sql } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import { holdBacklog } from './catch-ups.ts'
import { type Dialect, type Program, rows } from './dialect.ts'

/**
 * Deletes whole bodies, oldest first, so that their pages are free as a whole; the segments stay and tell when they were pushed.
 * With a body go the strays that only said which of its lines not to push. The backlog is held, so nobody looks for them meanwhile.
 */
export function dropPayloadsProgram({ tables }: Dialect, connectionId: string, before: Date, limit: number): Program<number> {
  const { bodies, segments, strays } = tables
  return function* (q) {
    const backlog = yield* holdBacklog(q, tables, connectionId)
    if (!backlog) return 0
    const settled = yield* rows(
      q
        .select({ key: segments.key, places: segments.places })
        .from(segments)
        // In words, not as parameters: only then do both databases use the index of these rows.
        .where(
          and(
            sql`${segments.open} = 0 and ${segments.bytes} > 0`,
            eq(segments.connectionNo, backlog.no),
            lt(segments.settledAt, before),
          ),
        )
        .orderBy(asc(segments.settledAt))
        .limit(limit),
    )
    const taken = upTo(settled, limit)
    if (taken.length === 0) return 0
    const keys = taken.map(({ key }) => key)
    yield* rows(q.delete(bodies).where(inArray(bodies.key, keys)).returning({ key: bodies.key }))
    yield* rows(q.update(segments).set({ bytes: 0 }).where(inArray(segments.key, keys)).returning({ key: segments.key }))
    const within = taken.map(({ key, places }) => and(gt(strays.key, key - 1), lt(strays.key, key + places)))
    yield* rows(
      q
        .delete(strays)
        .where(and(inArray(strays.state, ['pushed', 'superseded']), or(...within)))
        .returning({ key: strays.key }),
    )
    return taken.reduce((sum, { places }) => sum + places, 0)
  }
}

type Head = Pick<Tables['segments']['$inferSelect'], 'key' | 'places'>

/** At least one. */
function upTo(found: readonly Head[], limit: number): Head[] {
  let sum = 0
  return found.filter(({ places }) => {
    const fits = sum === 0 || sum + places <= limit
    if (fits) sum += places
    return fits
  })
}
