import { desc, eq } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { AuditEntry, HistoryStore } from '../../domain/store.ts'
import { type Dialect, type Queries, rows, type Steps } from './dialect.ts'

export function historyStore({ queries, tables: { audit } }: Dialect): HistoryStore {
  return {
    of: async (connectionId, limit) =>
      queries
        .select()
        .from(audit)
        .where(eq(audit.connectionId, connectionId))
        .orderBy(desc(audit.at), desc(audit.id))
        .limit(limit),
  }
}

export function* record(q: Queries, { audit }: Tables, entry: AuditEntry): Steps<void> {
  yield* rows(q.insert(audit).values(entry).returning({ id: audit.id }))
}
