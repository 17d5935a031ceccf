import { sql } from 'drizzle-orm'
import type { Sealed } from '../src/domain/access/secrets.ts'
import { MESSAGE_KINDS, type Notice } from '../src/domain/cards/card.ts'
import { STATUSES } from '../src/domain/connections/connection.ts'
import { type Mapping, PROVIDER_NAMES } from '../src/domain/provider.ts'
import type { AuditEntry } from '../src/domain/store.ts'
import type { Columns } from './columns.ts'

export function defineTables(kit: Columns) {
  const { table, index, uniqueIndex, text, oneOf, integer, bigint, boolean, instant, json } = kit

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
    /** No version up to this key waits for its first attempt. */
    drainedTo: bigint('drained_to').notNull(),
    waiting: bigint('waiting').notNull(),
    pushed: bigint('pushed').notNull(),
    superseded: bigint('superseded').notNull(),
    rejected: bigint('rejected').notNull(),
  })

  /** When each connection is checked next. Narrow, since claiming walks it. */
  const checks = table(
    'checks',
    {
      connectionId: connectionId().primaryKey(),
      dueAt: instant('due_at').notNull(),
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
      connectionId: connectionId(),
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

  /** One row per connection and external id: the newest version, and what became of it. */
  const touchpoints = table(
    'touchpoints',
    {
      /** See `src/outbound/store/keys.ts`. */
      key: bigint('key').primaryKey(),
      connectionNo: integer('connection_no').notNull(),
      id: text('id').notNull(),
      hash: text('hash').notNull(),
      /** Null: dropped, long after it was pushed, or when it was dismissed. */
      payload: text('payload'),
      state: oneOf('state', ['waiting', 'pushed', 'rejected', 'dismissed']).notNull(),
      attempts: integer('attempts').notNull(),
      /** Set while it waits for another attempt, null before the first. */
      dueAt: instant('due_at'),
      /** Versions of this id that were replaced while they waited. */
      superseded: integer('superseded').notNull(),
      acceptedAt: instant('accepted_at').notNull(),
      settledAt: instant('settled_at'),
      code: text('code'),
      message: text('message'),
      field: text('field'),
    },
    (t) => [
      uniqueIndex('touchpoints_id').on(t.connectionNo, t.id),
      index('touchpoints_retry_order').on(t.connectionNo, t.key).where(sql`due_at is not null`),
      index('touchpoints_retry_due').on(t.connectionNo, t.dueAt).where(sql`due_at is not null`),
      index('touchpoints_retry_alike').on(t.connectionNo, sql`lower(${t.id})`).where(sql`due_at is not null`),
      index('touchpoints_rejected').on(t.connectionNo).where(sql`state = 'rejected'`),
      index('touchpoints_rejected_order').on(t.connectionNo, t.key).where(sql`state = 'rejected'`),
      index('touchpoints_kept_payloads').on(t.connectionNo, t.settledAt).where(sql`state = 'pushed' and payload is not null`),
    ],
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
    connections,
    mappings,
    backlogs,
    checks,
    outages,
    catchUps,
    messages,
    edits,
    leases,
    usedTickets,
    touchpoints,
    audit,
  }
}

export type Tables = ReturnType<typeof defineTables>
