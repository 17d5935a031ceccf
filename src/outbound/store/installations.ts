import { and, asc, desc, eq, isNotNull, isNull } from 'drizzle-orm'
import type { Workspace } from '../../domain/slack.ts'
import {
  type InstallationStore,
  type NewInstallation,
  WORKSPACE_GONE,
  type WorkspaceAuditEntry,
} from '../../domain/workspaces/installation.ts'
import { bump } from './card-queue.ts'
import { type Dialect, type Program, type Queries, rows, type Steps } from './dialect.ts'
import { saveWorkspace } from './workspaces.ts'

export function installationStore(dialect: Dialect): InstallationStore {
  const { queries, tables } = dialect
  const { installations, messages, workspaceAudit } = tables
  const living = (teamId: string) => and(eq(installations.teamId, teamId), isNull(installations.endedAt))

  function* record(q: Queries, entry: WorkspaceAuditEntry): Steps<void> {
    yield* rows(q.insert(workspaceAudit).values(entry).returning({ id: workspaceAudit.id }))
  }

  return {
    find: async (teamId) => {
      const [found] = await queries.select().from(installations).where(eq(installations.teamId, teamId))
      return found
    },
    all: async () => queries.select().from(installations).orderBy(asc(installations.teamId)),
    save: (installation, workspace, audit) => dialect.atomically(saveProgram(dialect, installation, workspace, audit, record)),
    end: (seen, how, audit) =>
      dialect.atomically(function* (q) {
        const [ended] = yield* rows(
          q
            .update(installations)
            .set({ sealed: null, endedAt: audit.at, endedHow: how, version: seen.version + 1 })
            .where(and(living(seen.teamId), eq(installations.version, seen.version)))
            .returning({ teamId: installations.teamId }),
        )
        if (!ended) return false
        yield* record(q, audit)
        return true
      }),
    setChannel: (teamId, channelId, audit) =>
      dialect.atomically(function* (q) {
        const [set] = yield* rows(
          q.update(installations).set({ channelId }).where(living(teamId)).returning({ teamId: installations.teamId }),
        )
        if (!set) return false
        yield* record(q, audit)
        const isUnposted = and(eq(messages.teamId, teamId), isNull(messages.ts), isNotNull(messages.dueAt))
        yield* rows(q.update(messages).set({ dueAt: audit.at }).where(isUnposted).returning({ id: messages.id }))
        return true
      }),
    reseal: async (seen, sealed) => {
      if (seen.sealed === null) return false
      const resealed = await queries
        .update(installations)
        .set({ sealed })
        .where(and(eq(installations.teamId, seen.teamId), eq(installations.sealed, seen.sealed)))
        .returning({ teamId: installations.teamId })
      return resealed.length > 0
    },
    remove: async (teamId) => {
      await queries.delete(installations).where(eq(installations.teamId, teamId))
    },
    history: async (teamId, limit) =>
      queries
        .select()
        .from(workspaceAudit)
        .where(eq(workspaceAudit.teamId, teamId))
        .orderBy(desc(workspaceAudit.at), desc(workspaceAudit.id))
        .limit(limit),
  }
}

function saveProgram(
  { tables }: Dialect,
  installation: NewInstallation,
  workspace: Workspace,
  audit: WorkspaceAuditEntry,
  record: (q: Queries, entry: WorkspaceAuditEntry) => Steps<void>,
): Program<void> {
  const { installations, messages } = tables
  const { teamId, ...given } = installation
  return function* (q) {
    const [before] = yield* rows(q.select().from(installations).where(eq(installations.teamId, teamId)))
    const now = { ...given, endedAt: null, endedHow: null, version: (before?.version ?? 0) + 1 }
    yield* rows(
      q
        .insert(installations)
        .values({ teamId, channelId: null, ...now })
        .onConflictDoUpdate({ target: installations.teamId, set: now })
        .returning({ teamId: installations.teamId }),
    )
    yield* rows(saveWorkspace(q, tables, workspace, audit.at))
    yield* record(q, audit)
    if (!before || before.endedAt === null) return
    const ofTeam = eq(messages.teamId, teamId)
    const oldNews = and(ofTeam, eq(messages.kind, 'notice'), isNotNull(messages.threadOf), isNull(messages.ts))
    yield* rows(
      q.update(messages).set({ dueAt: null, gaveUp: false, trouble: null }).where(oldNews).returning({ id: messages.id }),
    )
    yield* bump(q, tables, and(ofTeam, eq(messages.gaveUp, true), eq(messages.trouble, WORKSPACE_GONE)), audit.at)
  }
}
