import { sql } from 'drizzle-orm'
import type { Sealed } from '../src/domain/access/secrets.ts'
import { MESSAGE_KINDS, type Notice } from '../src/domain/cards/card.ts'
import { STATUSES } from '../src/domain/connections/connection.ts'
import { BULK_PHASES, BULK_TARGETS } from '../src/domain/outbox/bulk-job.ts'
import { HOLD_REASONS, type HoldDetail } from '../src/domain/outbox/hold.ts'
import type { RefusalReason, RefusedMinute } from '../src/domain/outbox/refusal.ts'
import { ALARM_KINDS, type AlarmedReason } from '../src/domain/outbox/reject-alarm.ts'
import type { RejectWindow } from '../src/domain/outbox/reject-window.ts'
import { type Account, type Mapping, PROVIDER_NAMES } from '../src/domain/provider.ts'
import type { AuditEntry } from '../src/domain/store.ts'
import type { WarningDetail } from '../src/domain/warnings/warning.ts'
import type { Columns } from './columns.ts'

export function defineTables(kit: Columns) {
  const { table, index, uniqueIndex, primaryKey, text, oneOf, integer, bigint, boolean, instant, bytes, json } = kit

  /** One row: what this database is for, and the last number given to a connection. */
  const meta = table('meta', {
    id: integer('id').primaryKey(),
    stamp: oneOf('stamp', ['live', 'sandbox']).notNull(),
    lastConnectionNo: integer('last_connection_no').notNull(),
  })

  const workspaces = table('workspaces', {
    teamId: text('team_id').primaryKey(),
    name: text('name').notNull(),
    url: text('url').notNull(),
    botUserId: text('bot_user_id').notNull(),
    savedAt: instant('saved_at').notNull(),
  })

  const grants = table('grants', {
    id: text('id').primaryKey(),
    teamId: text('team_id').notNull(),
    provider: oneOf('provider', PROVIDER_NAMES).notNull(),
    clientId: text('client_id').notNull(),
    tokenOrigin: text('token_origin').notNull(),
    providerUserId: text('provider_user_id').notNull(),
    username: text('username').notNull(),
    scopes: json<readonly string[]>('scopes').notNull(),
    sealed: text('sealed').$type<Sealed>().notNull(),
    authorizedBy: text('authorized_by'),
    authorizedAt: instant('authorized_at').notNull(),
    refreshedAt: instant('refreshed_at').notNull(),
    refreshExpiresAt: instant('refresh_expires_at'),
    version: integer('version').notNull(),
  })

  /** Apps at a provider beside the one of the settings: an org may have registered its own. */
  const clients = table(
    'clients',
    {
      provider: oneOf('provider', PROVIDER_NAMES).notNull(),
      label: text('label').notNull(),
      clientId: text('client_id').notNull(),
      tokenOrigin: text('token_origin').notNull(),
      sealed: text('sealed').$type<Sealed>().notNull(),
      addedAt: instant('added_at').notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.provider, t.label] }),
      uniqueIndex('clients_client').on(t.provider, t.clientId, t.tokenOrigin),
    ],
  )

  /** Each time that somebody let our app in at a provider: some keep only the newest few for one user and app. */
  const approvals = table(
    'approvals',
    {
      id: text('id').primaryKey(),
      provider: oneOf('provider', PROVIDER_NAMES).notNull(),
      clientId: text('client_id').notNull(),
      providerUserId: text('provider_user_id').notNull(),
      at: instant('at').notNull(),
    },
    (t) => [index('approvals_user').on(t.provider, t.clientId, t.providerUserId, t.at)],
  )

  /** Accounts that a login reaches, until somebody has chosen among them. Its grant may have no connection yet. */
  const choices = table(
    'choices',
    {
      id: text('id').primaryKey(),
      teamId: text('team_id').notNull(),
      grantId: text('grant_id')
        .notNull()
        .references(() => grants.id),
      accounts: json<readonly Account[]>('accounts').notNull(),
      /** Slack user who asked to connect, and whether that confirms a CRM. */
      userId: text('user_id').notNull(),
      confirms: boolean('confirms').notNull(),
      expiresAt: instant('expires_at').notNull(),
    },
    (t) => [index('choices_expiry').on(t.expiresAt), index('choices_grant').on(t.grantId)],
  )

  const connections = table(
    'connections',
    {
      id: text('id').primaryKey(),
      teamId: text('team_id').notNull(),
      name: text('name').notNull(),
      provider: oneOf('provider', PROVIDER_NAMES).notNull(),
      kind: oneOf('kind', ['crm', 'ads']).notNull(),
      accountId: text('account_id').notNull(),
      accountName: text('account_name').notNull(),
      accountVia: text('account_via'),
      environment: oneOf('environment', ['production', 'sandbox']).notNull(),
      grantId: text('grant_id')
        .notNull()
        .references(() => grants.id),
      ownerId: text('owner_id'),
      channelId: text('channel_id'),
      addedBy: text('added_by').notNull(),
      addedAt: instant('added_at').notNull(),
      confirmedAt: instant('confirmed_at'),
      confirmedBy: text('confirmed_by'),
      status: oneOf('status', STATUSES).notNull(),
      since: instant('since').notNull(),
      cause: text('cause'),
      explanation: text('explanation'),
      suspectSince: instant('suspect_since'),
      unreachableSince: instant('unreachable_since'),
      lastProofAt: instant('last_proof_at').notNull(),
      version: integer('version').notNull(),
    },
    (t) => [
      uniqueIndex('connections_name').on(t.teamId, t.name),
      uniqueIndex('connections_account').on(t.teamId, t.provider, t.accountId),
      index('connections_grant').on(t.grantId),
      index('connections_suspect').on(t.suspectSince).where(sql`suspect_since is not null`),
      index('connections_unreachable').on(t.unreachableSince).where(sql`unreachable_since is not null`),
    ],
  )

  const connectionId = () =>
    text('connection_id')
      .notNull()
      .references(() => connections.id)

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

  /** When each connection is checked next. Narrow, since claiming walks it. */
  const checks = table(
    'checks',
    {
      connectionId: connectionId().primaryKey(),
      dueAt: instant('due_at').notNull(),
      /** When a check last asked for the account itself, and not for its login only. */
      accountProbedAt: instant('account_probed_at'),
      leasedBy: text('leased_by'),
      leasedUntil: instant('leased_until'),
    },
    (t) => [index('checks_due').on(t.dueAt)],
  )

  const outages = table(
    'outages',
    {
      id: text('id').primaryKey(),
      connectionId: connectionId(),
      kind: oneOf('kind', ['authorization', 'permission', 'misconfigured']).notNull(),
      cause: text('cause').notNull(),
      explanation: text('explanation').notNull(),
      lastProofAt: instant('last_proof_at').notNull(),
      openedAt: instant('opened_at').notNull(),
      closedAt: instant('closed_at'),
      closedHow: oneOf('closed_how', ['reauthorized', 'withdrawn', 'recovered']),
      closedBy: text('closed_by'),
      closedByUsername: text('closed_by_username'),
      superseded: bigint('superseded').notNull(),
      loginBegunAt: instant('login_begun_at'),
    },
    (t) => [
      uniqueIndex('outages_one_open').on(t.connectionId).where(sql`closed_at is null`),
      index('outages_closed').on(t.connectionId, t.closedAt),
      index('outages_login_begun').on(t.loginBegunAt).where(sql`login_begun_at is not null`),
    ],
  )

  const catchUps = table(
    'catch_ups',
    {
      id: text('id').primaryKey(),
      connectionId: connectionId(),
      outageId: text('outage_id')
        .notNull()
        .references(() => outages.id),
      upToKey: bigint('up_to_key').notNull(),
      expected: bigint('expected').notNull(),
      pushed: bigint('pushed').notNull(),
      superseded: bigint('superseded').notNull(),
      rejected: bigint('rejected').notNull(),
      startedAt: instant('started_at').notNull(),
      finishedAt: instant('finished_at'),
    },
    (t) => [
      uniqueIndex('catch_ups_one_unfinished').on(t.connectionId).where(sql`finished_at is null`),
      index('catch_ups_outage').on(t.outageId),
    ],
  )

  /** What Slack shows or shall show: the outbox of the cards. */
  const messages = table(
    'messages',
    {
      id: text('id').primaryKey(),
      teamId: text('team_id').notNull(),
      /** Null: it is about no connection. */
      connectionId: text('connection_id').references(() => connections.id),
      kind: oneOf('kind', MESSAGE_KINDS).notNull(),
      outageId: text('outage_id'),
      catchUpId: text('catch_up_id'),
      channelId: text('channel_id').notNull(),
      threadOf: text('thread_of'),
      broadcast: boolean('broadcast').notNull(),
      notice: json<Notice>('notice'),
      ts: text('ts'),
      wanted: integer('wanted').notNull(),
      shown: integer('shown').notNull(),
      attempts: integer('attempts').notNull(),
      uncertainSince: instant('uncertain_since'),
      createdAt: instant('created_at').notNull(),
      /** Null: nothing to do. */
      dueAt: instant('due_at'),
      leasedBy: text('leased_by'),
      leasedUntil: instant('leased_until'),
      shownAt: instant('shown_at'),
      /** The numbers of the tables when the message was last claimed: what it shows is at least as new. */
      claimedWaiting: bigint('claimed_waiting').notNull(),
      claimedSettled: bigint('claimed_settled').notNull(),
      /** What Slack last said against it. */
      trouble: text('trouble'),
      gaveUp: boolean('gave_up').notNull(),
    },
    (t) => [
      index('messages_due').on(t.dueAt).where(sql`due_at is not null`),
      index('messages_outage').on(t.outageId),
      index('messages_catch_up').on(t.catchUpId),
      index('messages_connection').on(t.connectionId, t.kind),
    ],
  )

  /** One row per edit of the last hour, for Slack's rate limit. */
  const edits = table(
    'edits',
    {
      messageId: text('message_id').notNull(),
      teamId: text('team_id').notNull(),
      at: instant('at').notNull(),
    },
    (t) => [index('edits_team').on(t.teamId, t.at)],
  )

  const leases = table('leases', {
    name: text('name').primaryKey(),
    leasedBy: text('leased_by').notNull(),
    leasedUntil: instant('leased_until').notNull(),
  })

  const usedTickets = table(
    'used_tickets',
    {
      id: text('id').primaryKey(),
      usedAt: instant('used_at').notNull(),
      expiresAt: instant('expires_at').notNull(),
    },
    (t) => [index('used_tickets_expiry').on(t.expiresAt)],
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
    connectionId: text('connection_id').references(() => connections.id),
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

  /** What the yellow notes and cards tell that belong to no outage. */
  const warnings = table(
    'warnings',
    {
      messageId: text('message_id').primaryKey(),
      teamId: text('team_id').notNull(),
      /** What it is about: at most one is open for each. */
      subject: text('subject').notNull(),
      detail: json<WarningDetail>('detail').notNull(),
      since: instant('since').notNull(),
      closedAt: instant('closed_at'),
      version: integer('version').notNull(),
    },
    (t) => [uniqueIndex('warnings_one_open').on(t.teamId, t.subject).where(sql`closed_at is null`)],
  )

  const audit = table(
    'audit',
    {
      id: text('id').primaryKey(),
      teamId: text('team_id').notNull(),
      connectionId: text('connection_id').notNull(),
      actor: text('actor'),
      action: text('action').$type<AuditEntry['action']>().notNull(),
      detail: text('detail').notNull(),
      at: instant('at').notNull(),
    },
    (t) => [index('audit_connection').on(t.connectionId, t.at)],
  )

  return {
    meta,
    workspaces,
    grants,
    clients,
    approvals,
    choices,
    connections,
    mappings,
    backlogs,
    holds,
    checks,
    outages,
    catchUps,
    messages,
    edits,
    leases,
    usedTickets,
    touchpointIds,
    segments,
    bodies,
    strays,
    bulkJobs,
    refusals,
    rejectWindows,
    rejectAlarms,
    warnings,
    audit,
  }
}

export type Tables = ReturnType<typeof defineTables>
