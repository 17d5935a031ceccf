import { and, asc, eq, isNull } from 'drizzle-orm'
import type { WarningStore } from '../../domain/warnings/warning.ts'
import { bump } from './card-queue.ts'
import { type Dialect, rows } from './dialect.ts'
import { fromMessage } from './records.ts'

export function warningStore(dialect: Dialect): WarningStore {
  const { queries, tables } = dialect
  const { messages, warnings } = tables
  return {
    open: async () =>
      queries.select().from(warnings).where(isNull(warnings.closedAt)).orderBy(asc(warnings.since), asc(warnings.messageId)),
    ofMessage: async (messageId) => {
      const [warning] = await queries.select().from(warnings).where(eq(warnings.messageId, messageId))
      return warning
    },
    raise: (warning, message) =>
      dialect.atomically(function* (q) {
        const raised = yield* rows(
          q.insert(warnings).values(warning).onConflictDoNothing().returning({ messageId: warnings.messageId }),
        )
        if (raised.length === 0) return false
        yield* rows(q.insert(messages).values(fromMessage(message, message.createdAt)).returning({ id: messages.id }))
        return true
      }),
    change: (seen, { detail, closedAt }, notice, at) =>
      dialect.atomically(function* (q) {
        const changed = yield* rows(
          q
            .update(warnings)
            .set({ detail, closedAt, version: seen.version + 1 })
            .where(and(eq(warnings.messageId, seen.messageId), eq(warnings.version, seen.version), isNull(warnings.closedAt)))
            .returning({ messageId: warnings.messageId }),
        )
        if (changed.length === 0) return false
        yield* bump(q, tables, eq(messages.id, seen.messageId), at)
        if (notice) yield* rows(q.insert(messages).values(fromMessage(notice, at)).returning({ id: messages.id }))
        return true
      }),
  }
}
