import { sql } from 'drizzle-orm'
import { MESSAGE_KINDS, type Notice } from '../../src/domain/cards/card.ts'
import { ESCALATION_ACTIONS } from '../../src/domain/cards/escalation.ts'
import type { WarningDetail } from '../../src/domain/warnings/warning.ts'
import type { Columns } from '../columns.ts'
import { type AccountTables, connectionColumn } from './accounts.ts'

/** What breaks and comes back, and what Slack shows of it. */
export function cardTables(kit: Columns, accounts: AccountTables) {
  const { table, index, uniqueIndex, text, oneOf, integer, bigint, boolean, instant, json } = kit

  const connectionId = connectionColumn(kit, accounts)

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
      /** The message that shows it, among others perhaps. Null: another outage's card stands for it. */
      cardId: text('card_id'),
    },
    (t) => [
      uniqueIndex('outages_one_open').on(t.connectionId).where(sql`closed_at is null`),
      index('outages_closed').on(t.connectionId, t.closedAt),
      index('outages_card').on(t.cardId),
      index('outages_opened').on(t.openedAt),
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
      connectionId: text('connection_id').references(() => accounts.connections.id),
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
      /** The channel that it could not be posted to, and what Slack said; it is elsewhere then. */
      detourFrom: text('detour_from'),
      detourReason: text('detour_reason'),
      detourAt: instant('detour_at'),
      /** Of a card: the state that people have been told, by the card itself or below it. */
      told: text('told'),
      /** Of a card: it shows whatever else breaks in its channel, since then. Null: those of one cause. */
      stormSince: instant('storm_since'),
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
      index('messages_detour').on(t.detourFrom).where(sql`detour_from is not null`),
    ],
  )

  /** How a card that asks people for something is followed up: who is at it, and when they are reminded. */
  const escalations = table(
    'escalations',
    {
      messageId: text('message_id').primaryKey(),
      openedAt: instant('opened_at').notNull(),
      claimedBy: text('claimed_by'),
      claimedAt: instant('claimed_at'),
      claimedUntil: instant('claimed_until'),
      snoozedBy: text('snoozed_by'),
      snoozedAt: instant('snoozed_at'),
      snoozedUntil: instant('snoozed_until'),
      /** What a person did last. */
      lastAction: oneOf('last_action', ESCALATION_ACTIONS),
      lastBy: text('last_by'),
      lastAt: instant('last_at'),
      step: integer('step').notNull(),
      reminderId: text('reminder_id'),
      /** Null: nobody is reminded any more. */
      remindAt: instant('remind_at'),
      leasedBy: text('leased_by'),
      leasedUntil: instant('leased_until'),
      endedAt: instant('ended_at'),
      version: integer('version').notNull(),
    },
    (t) => [index('escalations_due').on(t.remindAt).where(sql`remind_at is not null`)],
  )

  /** Whoever gives an outage its card, or ends one, holds the row of the workspace: two processes do it one after the other. */
  const cardTurns = table('card_turns', {
    teamId: text('team_id').primaryKey(),
    turns: bigint('turns').notNull(),
  })

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

  return { outages, catchUps, messages, escalations, cardTurns, edits, warnings }
}

export type CardTables = ReturnType<typeof cardTables>
