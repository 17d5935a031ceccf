import { and, desc, eq, gt, isNull } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { Message } from '../../domain/cards/card.ts'
import type { Connection } from '../../domain/connections/connection.ts'
import type { Outage } from '../../domain/connections/outage.ts'
import type { HealthChange } from '../../domain/store.ts'
import { bump } from './card-queue.ts'
import { scheduleCheck } from './checks.ts'
import { type Dialect, type Program, type Queries, rows, type Steps } from './dialect.ts'
import { endOutage } from './end-outage.ts'
import { beginEscalation } from './escalations.ts'
import { record } from './history.ts'
import { endInvitations } from './invitations.ts'
import { fromMessage, laterOf, toConnection } from './records.ts'

const NOBODY = { closedBy: null, closedByUsername: null }

export function changeHealthProgram({ tables }: Dialect, change: HealthChange): Program<Connection | undefined> {
  const { connections } = tables
  const { seen, next } = change
  return function* (q) {
    // A push may have proved the connection since `seen` was read; that changes no version.
    const [row] = yield* rows(
      q
        .update(connections)
        .set({ ...next, lastProofAt: laterOf(connections.lastProofAt, next.lastProofAt), version: seen.version + 1 })
        .where(and(eq(connections.id, seen.id), eq(connections.version, seen.version)))
        .returning(),
    )
    if (!row) return undefined
    if (change.closeOutage) {
      yield* endOutage(q, tables, seen, { closedHow: change.closeOutage.how, ...NOBODY }, change.closeOutage)
      yield* endInvitations(q, tables, seen.id, change.closeOutage.at, null)
    }
    if (change.changeOutage) yield* changeOutage(q, tables, change, change.changeOutage, row.since)
    if (change.openOutage) yield* openOutage(q, tables, { ...change.openOutage, lastProofAt: row.lastProofAt }, change)
    yield* scheduleCheck(q, tables, seen.id, change.nextCheckAt)
    if (change.audit) yield* record(q, tables, change.audit)
    return toConnection(row)
  }
}

function* changeOutage(
  q: Queries,
  tables: Tables,
  { seen, card, remindAt, alert }: HealthChange,
  told: NonNullable<HealthChange['changeOutage']>,
  at: Date,
): Steps<void> {
  const { messages, outages } = tables
  const [changed] = yield* rows(
    q
      .update(outages)
      .set(told)
      .where(and(eq(outages.connectionId, seen.id), isNull(outages.closedAt)))
      .returning({ id: outages.id }),
  )
  if (!changed) return
  const isCard = and(eq(messages.outageId, changed.id), eq(messages.kind, 'outage'))
  const [known] = yield* rows(
    q.select({ id: messages.id }).from(messages).where(isCard).orderBy(desc(messages.createdAt)).limit(1),
  )
  if (known) yield* editCard(q, tables, known.id, { remindAt, alert, at })
  else if (card) yield* postCard(q, tables, card, remindAt, at)
}

function* openOutage(q: Queries, tables: Tables, outage: Outage, change: HealthChange): Steps<void> {
  const { card, remindAt, alert } = change
  const { id: outageId, openedAt: at } = outage
  yield* rows(q.insert(tables.outages).values(outage).returning({ id: tables.outages.id }))
  if (!card) return
  const recent = yield* cardToReuse(q, tables, outage, card, change.reuseCardClosedAfter)
  if (recent) yield* editCard(q, tables, recent.id, { remindAt, alert, at, also: { outageId, catchUpId: null } })
  else yield* postCard(q, tables, card, remindAt, at)
}

function* postCard(q: Queries, tables: Tables, card: Message, remindAt: Date | null, at: Date): Steps<void> {
  const { messages } = tables
  if (remindAt) yield* beginEscalation(q, tables, card.id, at, remindAt)
  yield* rows(q.insert(messages).values(fromMessage(card, at)).returning({ id: messages.id }))
}

/** Slack tells nobody of an edit: the alert does. */
function* editCard(
  q: Queries,
  tables: Tables,
  cardId: string,
  {
    remindAt,
    alert,
    at,
    also,
  }: Pick<HealthChange, 'remindAt' | 'alert'> & { readonly at: Date; readonly also?: Parameters<typeof bump>[4] },
): Steps<void> {
  const { messages } = tables
  if (remindAt) yield* beginEscalation(q, tables, cardId, at, remindAt)
  yield* bump(q, tables, eq(messages.id, cardId), at, also)
  if (!alert) return
  yield* rows(
    q
      .insert(messages)
      .values(fromMessage({ ...alert, threadOf: cardId }, at))
      .returning({ id: messages.id }),
  )
}

/** The card of an outage that closed just now tells the new one. */
function* cardToReuse(
  q: Queries,
  { messages, outages }: Tables,
  outage: Outage,
  card: Message,
  closedAfter: Date,
): Steps<{ readonly id: string } | undefined> {
  const [recent] = yield* rows(
    q
      .select({ id: messages.id })
      .from(outages)
      .innerJoin(messages, and(eq(messages.outageId, outages.id), eq(messages.kind, 'outage')))
      .where(
        and(
          eq(outages.connectionId, outage.connectionId),
          gt(outages.closedAt, closedAfter),
          eq(messages.channelId, card.channelId),
        ),
      )
      .orderBy(desc(outages.closedAt))
      .limit(1),
  )
  return recent
}
