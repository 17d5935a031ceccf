import { aliasedTable, and, asc, count, eq, gt, gte, inArray, isNotNull, isNull, lte, ne, or } from 'drizzle-orm'
import type { AppStore } from '../../domain/connections/app-doubts.ts'
import { type Dialect, rows } from './dialect.ts'
import { sameApp } from './same-app.ts'

/** Rows that are looked at for other users. */
const LOOK_AT = 200

export function appStore(dialect: Dialect): AppStore {
  const { queries, tables } = dialect
  const { checks, connections, grants } = tables
  const asked = aliasedTable(grants, 'asked')
  return {
    doubts: async (grantId) => {
      const found = await queries
        .select({
          connectionId: connections.id,
          name: connections.name,
          accountName: connections.accountName,
          providerUserId: grants.providerUserId,
          since: connections.suspectSince,
          status: connections.status,
        })
        .from(connections)
        .innerJoin(grants, eq(grants.id, connections.grantId))
        .innerJoin(asked, sameApp(grants, asked, grantId))
        .where(
          and(
            isNotNull(connections.suspectSince),
            gte(connections.suspectSince, connections.lastProofAt),
            inArray(connections.status, ['connected', 'authorization_required']),
          ),
        )
        .orderBy(asc(connections.suspectSince), asc(connections.name))
      return found.flatMap(({ since, status, ...doubt }) =>
        since === null ? [] : { ...doubt, since, isRed: status === 'authorization_required' },
      )
    },
    connections: async (grantId) => {
      const [found] = await queries
        .select({ count: count() })
        .from(connections)
        .innerJoin(grants, eq(grants.id, connections.grantId))
        .innerJoin(asked, sameApp(grants, asked, grantId))
      return found?.count ?? 0
    },
    askOthers: (grantId, users, at) =>
      dialect.atomically(function* (q) {
        const waiting = yield* rows(
          q
            .select({ id: checks.connectionId, user: grants.providerUserId })
            .from(checks)
            .innerJoin(connections, eq(connections.id, checks.connectionId))
            .innerJoin(grants, eq(grants.id, connections.grantId))
            .innerJoin(asked, sameApp(grants, asked, grantId))
            .where(
              and(
                ne(grants.providerUserId, asked.providerUserId),
                eq(connections.status, 'connected'),
                isNull(connections.suspectSince),
                gt(checks.dueAt, at),
                or(isNull(checks.leasedUntil), lte(checks.leasedUntil, at)),
              ),
            )
            .orderBy(asc(checks.dueAt), asc(checks.connectionId))
            .limit(LOOK_AT),
        )
        const first = new Map<string, string>()
        for (const { id, user } of waiting) if (!first.has(user) && first.size < users) first.set(user, id)
        if (first.size === 0) return 0
        const hastened = yield* rows(
          q
            .update(checks)
            .set({ dueAt: at })
            .where(and(inArray(checks.connectionId, [...first.values()]), gt(checks.dueAt, at)))
            .returning({ id: checks.connectionId }),
        )
        return hastened.length
      }),
  }
}
