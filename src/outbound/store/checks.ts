import { aliasedTable, and, asc, eq, gt, inArray, isNotNull, isNull, lte, notInArray, or } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { CheckStore } from '../../domain/connections/check-store.ts'
import { type Dialect, type Queries, rows, type Steps } from './dialect.ts'
import { toConnection } from './records.ts'

export function checkStore(dialect: Dialect): CheckStore {
  const { queries, tables } = dialect
  const { checks, connections } = tables
  return {
    claim: (now, until, by, limit, alsoDueBefore) =>
      dialect.atomically(function* (q) {
        const due = yield* rows(
          dialect.skipLocked(
            q
              .select({ id: checks.connectionId })
              .from(checks)
              .where(and(lte(checks.dueAt, now), or(isNull(checks.leasedUntil), lte(checks.leasedUntil, now))))
              .orderBy(asc(checks.dueAt))
              .limit(limit),
          ),
        )
        if (due.length === 0) return []
        const first = due.map(({ id }) => id)
        const ids = alsoDueBefore ? [...first, ...(yield* sharingLogins(q, dialect, first, now, alsoDueBefore))] : first
        yield* rows(
          q
            .update(checks)
            .set({ leasedBy: by, leasedUntil: until })
            .where(inArray(checks.connectionId, ids))
            .returning({ id: checks.connectionId }),
        )
        const found = yield* rows(q.select().from(connections).where(inArray(connections.id, ids)))
        const byId = new Map(found.map((row) => [row.id, toConnection(row)]))
        return ids.flatMap((id) => byId.get(id) ?? [])
      }),
    renew: async (by, now, until) => {
      await queries
        .update(checks)
        .set({ leasedUntil: until })
        .where(and(eq(checks.leasedBy, by), gt(checks.leasedUntil, now)))
    },
    hasten: async (providers, { providerUserIds, accountIds }, now) => {
      const { grants } = tables
      const theirs = queries
        .select({ id: connections.id })
        .from(connections)
        .innerJoin(grants, eq(grants.id, connections.grantId))
        .where(
          and(
            inArray(connections.provider, [...providers]),
            or(inArray(grants.providerUserId, [...providerUserIds]), inArray(connections.accountId, [...accountIds])),
          ),
        )
      const due = await queries
        .update(checks)
        .set({ dueAt: now })
        .where(inArray(checks.connectionId, theirs))
        .returning({ id: checks.connectionId })
      return due.length
    },
    accountProbes: async (connectionIds) => {
      const found = await queries
        .select({ connectionId: checks.connectionId, at: checks.accountProbedAt })
        .from(checks)
        .where(and(inArray(checks.connectionId, [...connectionIds]), isNotNull(checks.accountProbedAt)))
      return found.flatMap(({ connectionId, at }) => (at === null ? [] : { connectionId, at }))
    },
    accountProbed: async (connectionId, at) => {
      await queries.update(checks).set({ accountProbedAt: at }).where(eq(checks.connectionId, connectionId))
    },
    reschedule: (connectionId, at) => dialect.atomically((q) => scheduleCheck(q, tables, connectionId, at)),
  }
}

function* sharingLogins(
  q: Queries,
  { tables: { checks, connections }, skipLocked }: Dialect,
  claimed: readonly string[],
  now: Date,
  dueBefore: Date,
): Steps<string[]> {
  const claimedOnes = aliasedTable(connections, 'claimed')
  const logins = q
    .select({ id: claimedOnes.grantId })
    .from(claimedOnes)
    .where(inArray(claimedOnes.id, [...claimed]))
  const sharing = q.select({ id: connections.id }).from(connections).where(inArray(connections.grantId, logins))
  const found = yield* rows(
    skipLocked(
      q
        .select({ id: checks.connectionId })
        .from(checks)
        .where(
          and(
            inArray(checks.connectionId, sharing),
            notInArray(checks.connectionId, [...claimed]),
            lte(checks.dueAt, dueBefore),
            or(isNull(checks.leasedUntil), lte(checks.leasedUntil, now)),
          ),
        )
        .orderBy(asc(checks.dueAt), asc(checks.connectionId)),
    ),
  )
  return found.map(({ id }) => id)
}

export function* scheduleCheck(q: Queries, { checks }: Tables, connectionId: string, at: Date): Steps<void> {
  yield* rows(
    q
      .update(checks)
      .set({ dueAt: at, leasedBy: null, leasedUntil: null })
      .where(eq(checks.connectionId, connectionId))
      .returning({ id: checks.connectionId }),
  )
}
