import { sql } from 'drizzle-orm'
import type { Sealed, Wishes } from '../../src/domain/access/secrets.ts'
import type { AuditEntry } from '../../src/domain/connections/audit-entry.ts'
import { CATCH_UP_MODES, REMINDER_MODES, STATUSES } from '../../src/domain/connections/connection.ts'
import { type Account, PROVIDER_NAMES } from '../../src/domain/provider.ts'
import type { Columns } from '../columns.ts'

/** Who is connected to what, with whose login, and how it goes. */
export function accountTables(kit: Columns) {
  const { table, index, uniqueIndex, primaryKey, text, oneOf, integer, boolean, instant, json } = kit

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
      wishes: json<Wishes>('wishes'),
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
      deputyId: text('deputy_id'),
      channelId: text('channel_id'),
      catchUp: oneOf('catch_up', CATCH_UP_MODES),
      reminders: oneOf('reminders', REMINDER_MODES),
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
      pausedBy: text('paused_by'),
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

  /** When each connection is checked next. Narrow, since claiming walks it. */
  const checks = table(
    'checks',
    {
      connectionId: text('connection_id')
        .primaryKey()
        .references(() => connections.id),
      dueAt: instant('due_at').notNull(),
      /** When a check last asked for the account itself, and not for its login only. */
      accountProbedAt: instant('account_probed_at'),
      leasedBy: text('leased_by'),
      leasedUntil: instant('leased_until'),
    },
    (t) => [index('checks_due').on(t.dueAt)],
  )

  /** Names that connections had: whoever still uses one is led to the connection. */
  const formerNames = table(
    'former_names',
    {
      teamId: text('team_id').notNull(),
      name: text('name').notNull(),
      connectionId: text('connection_id')
        .notNull()
        .references(() => connections.id),
    },
    (t) => [primaryKey({ columns: [t.teamId, t.name] }), index('former_names_connection').on(t.connectionId)],
  )

  /** Connections that people have removed, until the last of their rows is deleted. They belong to no workspace any more. */
  const removals = table('removals', {
    connectionId: text('connection_id')
      .primaryKey()
      .references(() => connections.id),
    /** See `backlogs.no`; that row is gone. */
    connectionNo: integer('connection_no').notNull(),
    removedAt: instant('removed_at').notNull(),
  })

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

  return { workspaces, grants, clients, approvals, choices, connections, checks, formerNames, removals, audit }
}

export type AccountTables = ReturnType<typeof accountTables>

/** A column that names a connection. */
export function connectionColumn({ text }: Columns, { connections }: AccountTables) {
  return () =>
    text('connection_id')
      .notNull()
      .references(() => connections.id)
}
