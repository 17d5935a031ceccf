import { and, asc, eq } from 'drizzle-orm'
import type { DigestSettingStore } from '../../domain/digest/digest-setting.ts'
import { type Dialect, rows } from './dialect.ts'

export function digestSettingStore(dialect: Dialect): DigestSettingStore {
  const { queries, tables } = dialect
  const { digestSettings, workspaceAudit } = tables
  const ofChannel = (teamId: string, channelId: string) =>
    and(eq(digestSettings.teamId, teamId), eq(digestSettings.channelId, channelId))
  return {
    find: async (teamId, channelId) => {
      const [found] = await queries.select().from(digestSettings).where(ofChannel(teamId, channelId))
      return found
    },
    all: async (teamId) =>
      queries
        .select()
        .from(digestSettings)
        .where(teamId === undefined ? undefined : eq(digestSettings.teamId, teamId))
        .orderBy(asc(digestSettings.teamId), asc(digestSettings.channelId)),
    save: (next, audit) =>
      dialect.atomically(function* (q) {
        const { teamId, channelId, ...wanted } = next
        const { version } = digestSettings
        const saved = yield* rows(
          next.version === 1
            ? q.insert(digestSettings).values(next).onConflictDoNothing().returning({ version })
            : q
                .update(digestSettings)
                .set(wanted)
                .where(and(ofChannel(teamId, channelId), eq(version, next.version - 1)))
                .returning({ version }),
        )
        if (saved.length === 0) return false
        yield* rows(q.insert(workspaceAudit).values(audit).returning({ id: workspaceAudit.id }))
        return true
      }),
  }
}
