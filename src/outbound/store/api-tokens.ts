import { asc, eq } from 'drizzle-orm'
import type { ApiTokenStore } from '../../domain/workspaces/api-token.ts'
import { type Dialect, rows } from './dialect.ts'

export function apiTokenStore(dialect: Dialect): ApiTokenStore {
  const { queries, tables } = dialect
  const { apiTokens, workspaceAudit } = tables
  return {
    find: async (id) => {
      const [found] = await queries.select().from(apiTokens).where(eq(apiTokens.id, id))
      return found
    },
    all: async () => queries.select().from(apiTokens).orderBy(asc(apiTokens.label)),
    isAny: async () => (await queries.select({ id: apiTokens.id }).from(apiTokens).limit(1)).length > 0,
    add: (token, audit) =>
      dialect.atomically(function* (q) {
        const added = yield* rows(q.insert(apiTokens).values(token).onConflictDoNothing().returning({ id: apiTokens.id }))
        if (added.length === 0) return false
        yield* rows(q.insert(workspaceAudit).values(audit).returning({ id: workspaceAudit.id }))
        return true
      }),
    remove: (label, audit) =>
      dialect.atomically(function* (q) {
        const [removed] = yield* rows(q.delete(apiTokens).where(eq(apiTokens.label, label)).returning())
        if (!removed) return undefined
        const { teamId } = removed
        yield* rows(
          q
            .insert(workspaceAudit)
            .values({ ...audit, teamId })
            .returning({ id: workspaceAudit.id }),
        )
        return removed
      }),
  }
}
