import { and, asc, eq, inArray, isNull, lte, or } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { Connection } from '../../domain/connections/connection.ts'
import { type Dialect, type Queries, rows, type Steps } from './dialect.ts'
import { toConnection } from './records.ts'

export interface Claim {
  readonly now: Date
  readonly until: Date
  readonly by: string
  readonly limit: number
}

/** Claims what is due and nobody's, of connections that work; answers whose it is. Both tables have the columns of a claim. */
export function* claimDue(
  q: Queries,
  { tables: { connections }, skipLocked }: Dialect,
  table: Tables['costDownloads'] | Tables['adScans'],
  { now, until, by, limit }: Claim,
): Steps<ReadonlyMap<string, Connection>> {
  const claimable = table as Tables['adScans']
  const { connectionId, dueAt, leasedUntil } = claimable
  const works = q.select({ id: connections.id }).from(connections).where(eq(connections.status, 'connected'))
  const isFree = or(isNull(leasedUntil), lte(leasedUntil, now))
  const due = yield* rows(
    skipLocked(
      q
        .select({ id: connectionId })
        .from(claimable)
        .where(and(lte(dueAt, now), isFree, inArray(connectionId, works)))
        .orderBy(asc(dueAt), asc(connectionId))
        .limit(limit),
    ),
  )
  if (due.length === 0) return new Map()
  const ids = due.map(({ id }) => id)
  const claim = { leasedBy: by, leasedUntil: until }
  yield* rows(q.update(claimable).set(claim).where(inArray(connectionId, ids)).returning({ id: connectionId }))
  const found = yield* rows(q.select().from(connections).where(inArray(connections.id, ids)))
  return new Map(found.map((row) => [row.id, toConnection(row)]))
}
