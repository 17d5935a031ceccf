import type { Sealed } from '../../src/domain/access/secrets.ts'
import type { ApiScope } from '../../src/domain/workspaces/api-token.ts'
import { INSTALLATION_ENDS, WORKSPACE_ACTIONS } from '../../src/domain/workspaces/installation.ts'
import type { Columns } from '../columns.ts'

/** Slack workspaces that installed the app by themselves, beside the one of the settings. */
export function workspaceTables(kit: Columns) {
  const { table, index, uniqueIndex, text, oneOf, integer, instant, json } = kit

  const installations = table('installations', {
    teamId: text('team_id').primaryKey(),
    botUserId: text('bot_user_id').notNull(),
    scopes: json<readonly string[]>('scopes').notNull(),
    /** The bot token. Null: it has ended. */
    sealed: text('sealed').$type<Sealed>(),
    installedBy: text('installed_by').notNull(),
    installedAt: instant('installed_at').notNull(),
    channelId: text('channel_id'),
    endedAt: instant('ended_at'),
    endedHow: oneOf('ended_how', INSTALLATION_ENDS),
    version: integer('version').notNull(),
  })

  /** Bearer tokens of the API beside those of the settings: each for one workspace. The token itself is kept nowhere. */
  const apiTokens = table(
    'api_tokens',
    {
      id: text('id').primaryKey(),
      label: text('label').notNull(),
      teamId: text('team_id').notNull(),
      hash: text('hash').notNull(),
      scopes: json<readonly ApiScope[]>('scopes').notNull(),
      addedAt: instant('added_at').notNull(),
    },
    (t) => [uniqueIndex('api_tokens_label').on(t.label)],
  )

  /** What concerns a workspace as a whole; what concerns one of its connections stands in `audit`. */
  const workspaceAudit = table(
    'workspace_audit',
    {
      id: text('id').primaryKey(),
      teamId: text('team_id').notNull(),
      actor: text('actor'),
      action: oneOf('action', WORKSPACE_ACTIONS).notNull(),
      detail: text('detail').notNull(),
      at: instant('at').notNull(),
    },
    (t) => [index('workspace_audit_team').on(t.teamId, t.at)],
  )

  return { installations, apiTokens, workspaceAudit }
}
