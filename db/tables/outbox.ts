import { sql } from 'drizzle-orm'
import type { Mapping } from '../../src/domain/crm.ts'
import { BULK_PHASES, BULK_TARGETS } from '../../src/domain/outbox/bulk-job.ts'
import { HOLD_REASONS, type HoldDetail } from '../../src/domain/outbox/hold.ts'
import type { RefusalReason, RefusedMinute } from '../../src/domain/outbox/refusal.ts'
import { ALARM_KINDS, type AlarmedReason } from '../../src/domain/outbox/reject-alarm.ts'
import type { RejectWindow } from '../../src/domain/outbox/reject-window.ts'
import type { Columns } from '../columns.ts'
import { type AccountTables, connectionColumn } from './accounts.ts'

/** Touchpoints on their way to a CRM, and what stops or refuses them. */
export function outboxTables(kit: Columns, accounts: AccountTables) {
  const { table, index, primaryKey, text, oneOf, integer, bigint, instant, bytes, json } = kit

  const connectionId = connectionColumn(kit, accounts)

  const mappings = table('mappings', {
    connectionId: connectionId().primaryKey(),
    mapping: json<Mapping>('mapping').notNull(),
  })

  /** Counters of one connection's outbox. Narrow, since every batch writes it; its row lock also puts those batches in order. */
  const backlogs = table('backlogs', {
    connectionId: connectionId().primaryKey(),
    /** Stands for the connection in the keys of touchpoints. */
    no: integer('no').notNull().unique(),
    /** Key of the newest version. */
    lastKey: bigint('last_key').notNull(),
    waiting: bigint('waiting').notNull(),
    pushed: bigint('pushed').notNull(),
    superseded: bigint('superseded').notNull(),
    rejected: bigint('rejected').notNull(),
    /** Never falls: what was retried or dismissed later stays counted. */
    rejectedEver: bigint('rejected_ever').notNull().default(0),
  })

  /** What stops the outbox of a connection that could be pushed to. */
  const holds = table(
    'holds',
    {
      connectionId: connectionId(),
      reason: oneOf('reason', HOLD_REASONS).notNull(),
      since: instant('since').notNull(),
      /** Null: until a person lifts it. */
      until: instant('until'),
      by: text('by'),
      detail: json<HoldDetail>('detail').notNull(),
    },
    (t) => [primaryKey({ columns: [t.connectionId, t.reason] })],
  )

  /** One row per connection and external id: its newest version. */
  const touchpointIds = table(
    'touchpoint_ids',
    {
      connectionNo: integer('connection_no').notNull(),
      id: text('id').notNull(),
      /** See `src/outbound/store/keys.ts`. */
      key: bigint('key').notNull(),
      /** Key of its segment. */
      segment: bigint('segment').notNull(),
      hash: text('hash').notNull(),
      /** Versions of this id that were replaced while they waited. */
      superseded: integer('superseded').notNull(),
      acceptedAt: instant('accepted_at').notNull(),
    },
    (t) => [primaryKey({ columns: [t.connectionNo, t.id] })],
  )

  /** Versions that were accepted together, in places next to each other. They share their fate, but for the strays among them. */
  const segments = table(
    'segments',
    {
      /** Of the first place. */
      key: bigint('key').primaryKey(),
      connectionNo: integer('connection_no').notNull(),
      places: integer('places').notNull(),
      /** Places that wait for their first attempt. At none, all that are no strays were pushed. */
      open: integer('open').notNull(),
      /** Of the payloads, in UTF-8; 0 when they were dropped, long after they were pushed. */
      payloadBytes: bigint('payload_bytes').notNull(),
      acceptedAt: instant('accepted_at').notNull(),
      settledAt: instant('settled_at'),
    },
    (t) => [
      index('segments_open').on(t.connectionNo, t.key).where(sql`open > 0`),
      index('segments_kept').on(t.connectionNo, t.settledAt).where(sql`open = 0 and payload_bytes > 0`),
    ],
  )

  /** The payloads of a segment: see `src/outbound/store/segments.ts`. Apart, since settling writes the segment. */
  const bodies = table('bodies', {
    key: bigint('key').primaryKey(),
    body: bytes('body').notNull(),
  })

  /** Versions with a fate of their own: what is told of their segment is not true of them. */
  const strays = table(
    'strays',
    {
      key: bigint('key').primaryKey(),
      connectionNo: integer('connection_no').notNull(),
      id: text('id').notNull(),
      state: oneOf('state', ['waiting', 'pushed', 'superseded', 'rejected', 'dismissed']).notNull(),
      attempts: integer('attempts').notNull(),
      /** Of one that waits. */
      dueAt: instant('due_at'),
      code: text('code'),
      message: text('message'),
      field: text('field'),
      acceptedAt: instant('accepted_at').notNull(),
      settledAt: instant('settled_at'),
      /** Of one that waits or was rejected. */
      payload: text('payload'),
    },
    (t) => [
      index('strays_due').on(t.connectionNo, t.dueAt).where(sql`state = 'waiting'`),
      index('strays_waiting').on(t.connectionNo, t.key).where(sql`state = 'waiting'`),
      index('strays_alike').on(t.connectionNo, sql`lower(${t.id})`).where(sql`state = 'waiting'`),
      index('strays_rejected').on(t.connectionNo, t.key).where(sql`state = 'rejected'`),
    ],
  )

  /** The last job in which a connection's backlog went to its CRM in bulk: at most one is unfinished. */
  const bulkJobs = table('bulk_jobs', {
    connectionId: connectionId().primaryKey(),
    phase: oneOf('phase', BULK_PHASES).notNull(),
    /** The CRM's name of the job; null while it has none. */
    jobId: text('job_id'),
    target: oneOf('target', BULK_TARGETS).notNull(),
    object: text('object').notNull(),
    externalIdField: text('external_id_field').notNull(),
    /** Keys after this one up to `upToKey` are in it, as far as they have the target and wait for their first attempt. */
    afterKey: bigint('after_key').notNull(),
    upToKey: bigint('up_to_key').notNull(),
    records: integer('records').notNull(),
    polls: integer('polls').notNull(),
    dueAt: instant('due_at').notNull(),
    begunAt: instant('begun_at').notNull(),
    version: integer('version').notNull(),
  })

  /** Records that were refused on their way in and are not told yet; one row per connection, and one for those that belong to none. */
  const refusals = table('refusals', {
    /** The connection, or the workspace. */
    source: text('source').primaryKey(),
    teamId: text('team_id').notNull(),
    connectionId: text('connection_id').references(() => accounts.connections.id),
    refused: bigint('refused').notNull(),
    reasons: json<readonly RefusalReason[]>('reasons').notNull(),
    since: instant('since').notNull(),
    keyBefore: bigint('key_before'),
    minutes: json<readonly RefusedMinute[]>('minutes').notNull(),
    toldAt: instant('told_at'),
  })

  /** What each CRM refused lately; written with rejects only. */
  const rejectWindows = table(
    'reject_windows',
    {
      connectionId: connectionId().primaryKey(),
      window: json<RejectWindow>('window').notNull(),
      writtenAt: instant('written_at').notNull(),
    },
    (t) => [index('reject_windows_written').on(t.writtenAt)],
  )

  /** What the cards of rejects tell. */
  const rejectAlarms = table(
    'reject_alarms',
    {
      messageId: text('message_id').primaryKey(),
      connectionId: connectionId(),
      kind: oneOf('kind', ALARM_KINDS).notNull(),
      since: instant('since').notNull(),
      settledFrom: instant('settled_from').notNull(),
      settled: bigint('settled').notNull(),
      rejected: bigint('rejected').notNull(),
      reasons: json<readonly AlarmedReason[]>('reasons').notNull(),
      /** Sum of the counts in `reasons`: as of now, and as the card was last made due. */
      counted: bigint('counted').notNull(),
      told: bigint('told').notNull(),
      toldAt: instant('told_at').notNull(),
      liftedBy: text('lifted_by'),
      liftedAt: instant('lifted_at'),
    },
    (t) => [index('reject_alarms_connection').on(t.connectionId, t.since)],
  )

  return { mappings, backlogs, holds, touchpointIds, segments, bodies, strays, bulkJobs, refusals, rejectWindows, rejectAlarms }
}
