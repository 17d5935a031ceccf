import { asc, desc } from 'drizzle-orm'
import type { WorkspaceStore } from '../../domain/store.ts'
import type { Dialect } from './dialect.ts'

export function workspaceStore({ queries, tables: { workspaces } }: Dialect): WorkspaceStore {
  return {
    save: async ({ teamId, name, url, botUserId }, at) => {
      const known = { name, url, botUserId, savedAt: at }
      await queries
        .insert(workspaces)
        .values({ teamId, ...known })
        .onConflictDoUpdate({ target: workspaces.teamId, set: known })
    },
    all: async () => {
      const { teamId, name, url, botUserId, savedAt } = workspaces
      return queries.select({ teamId, name, url, botUserId }).from(workspaces).orderBy(desc(savedAt), asc(teamId))
    },
  }
}
