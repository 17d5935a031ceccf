import { asc, desc } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { Workspace } from '../../domain/slack.ts'
import type { WorkspaceStore } from '../../domain/workspaces/workspace-store.ts'
import type { Dialect, Queries } from './dialect.ts'

export function workspaceStore({ queries, tables }: Dialect): WorkspaceStore {
  const { workspaces } = tables
  return {
    save: async (workspace, at) => {
      await saveWorkspace(queries, tables, workspace, at)
    },
    all: async () => {
      const { teamId, name, url, botUserId, savedAt } = workspaces
      return queries.select({ teamId, name, url, botUserId }).from(workspaces).orderBy(desc(savedAt), asc(teamId))
    },
  }
}

export function saveWorkspace(
  q: Queries,
  { workspaces }: Tables,
  { teamId, name, url, botUserId }: Workspace,
  at: Date,
): PromiseLike<unknown> {
  const known = { name, url, botUserId, savedAt: at }
  return q
    .insert(workspaces)
    .values({ teamId, ...known })
    .onConflictDoUpdate({ target: workspaces.teamId, set: known })
    .returning({ teamId: workspaces.teamId })
}
