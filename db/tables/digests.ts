import type { Digest } from '../../src/domain/digest/digest.ts'
import type { Columns } from '../columns.ts'

/** The weekly digests of channels, and whom connections depend on. Nothing here is lost with a connection: it tells of the past. */
export function digestTables({ table, index, primaryKey, text, integer, bigint, boolean, instant, json }: Columns) {
  /** One row for each week and channel: whoever makes it posts its message. */
  const digests = table(
    'digests',
    {
      teamId: text('team_id').notNull(),
      channelId: text('channel_id').notNull(),
      /** Its Monday. */
      week: text('week').notNull(),
      messageId: text('message_id').notNull(),
      digest: json<Digest>('digest').notNull(),
      madeAt: instant('made_at').notNull(),
    },
    (t) => [primaryKey({ columns: [t.teamId, t.channelId, t.week] }), index('digests_message').on(t.messageId)],
  )

  /** What people set about the digest of a channel; one without goes by the settings of Redkey. */
  const digestSettings = table(
    'digest_settings',
    {
      teamId: text('team_id').notNull(),
      channelId: text('channel_id').notNull(),
      isOn: boolean('is_on').notNull(),
      /** IANA name. */
      timeZone: text('time_zone').notNull(),
      /** A Monday that was over where the time zone is when it was set: its digest is told all the same. */
      owedWeek: text('owed_week'),
      changedBy: text('changed_by').notNull(),
      changedAt: instant('changed_at').notNull(),
      version: integer('version').notNull(),
    },
    (t) => [primaryKey({ columns: [t.teamId, t.channelId] })],
  )

  /** The counters of a connection's outbox as they were at its last digest, from which the next one counts. */
  const digestCounts = table('digest_counts', {
    connectionId: text('connection_id').primaryKey(),
    countedAt: instant('counted_at').notNull(),
    pushed: bigint('pushed').notNull(),
    superseded: bigint('superseded').notNull(),
    rejected: bigint('rejected').notNull(),
  })

  /** When Slack was last asked whether somebody is still there. */
  const people = table(
    'people',
    {
      teamId: text('team_id').notNull(),
      userId: text('user_id').notNull(),
      lookedAt: instant('looked_at').notNull(),
    },
    (t) => [primaryKey({ columns: [t.teamId, t.userId] })],
  )

  return { digests, digestSettings, digestCounts, people }
}
