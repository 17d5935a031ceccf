import { and, desc, eq, lt, or } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { AuditEntry, HistoryStore } from '../../domain/connections/audit-entry.ts'
import { type Dialect, type Queries, rows, type Steps } from './dialect.ts'

export function historyStore({ queries, tables: { audit } }: Dialect): HistoryStore {
  return {
    of: async (connectionId, limit, afterId = null) => {
      const isOf = eq(audit.connectionId, connectionId)
      const [after] =
        afterId === null
          ? []
          : await queries
              .select()
              .from(audit)
              .where(and(isOf, eq(audit.id, afterId)))
      const isOlder = after && or(lt(audit.at, after.at), and(eq(audit.at, after.at), lt(audit.id, after.id)))
      const page = queries.select().from(audit).where(and(isOf, isOlder))
      return page.orderBy(desc(audit.at), desc(audit.id)).limit(limit)
    },
  }
}

export function* record(q: Queries, { audit }: Tables, entry: AuditEntry): Steps<void> {
  yield* rows(q.insert(audit).values(entry).returning({ id: audit.id }))
}
