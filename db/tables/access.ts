import { sql } from 'drizzle-orm'
import type { Invitation } from '../../src/domain/access/invitation.ts'
import type { Columns } from '../columns.ts'

/** Who gets in by a link. */
export function accessTables({ table, index, primaryKey, text, instant }: Columns) {
  /** Links with which somebody outside the workspace can log in for one connection. */
  const invitations = table(
    'invitations',
    {
      id: text('id').primaryKey(),
      teamId: text('team_id').notNull(),
      connectionId: text('connection_id').notNull(),
      /** The one that was open when it was made. */
      outageId: text('outage_id'),
      invitedBy: text('invited_by').notNull(),
      invitedByName: text('invited_by_name').notNull(),
      invitedAt: instant('invited_at').notNull(),
      expiresAt: instant('expires_at').notNull(),
      endedAt: instant('ended_at'),
      endedHow: text('ended_how').$type<NonNullable<Invitation['endedHow']>>(),
    },
    (t) => [
      index('invitations_open').on(t.connectionId).where(sql`ended_at is null`),
      index('invitations_expiry').on(t.expiresAt),
    ],
  )

  /** Slack channels in which guests or people of other companies were met. */
  const outsiderChannels = table(
    'outsider_channels',
    {
      teamId: text('team_id').notNull(),
      channelId: text('channel_id').notNull(),
      seenAt: instant('seen_at').notNull(),
    },
    (t) => [primaryKey({ columns: [t.teamId, t.channelId] })],
  )

  return { invitations, outsiderChannels }
}
