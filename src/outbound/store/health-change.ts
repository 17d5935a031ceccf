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
    if (change.changeOutage) yield* changeOutage(q, tables, seen.id, change.changeOutage, change.card, row.since)
    if (change.openOutage) yield* openOutage(q, tables, { ...change.openOutage, lastProofAt: row.lastProofAt }, change)
    yield* scheduleCheck(q, tables, seen.id, change.nextCheckAt)
    if (change.audit) yield* record(q, tables, change.audit)
    return toConnection(row)
  }
}

function* changeOutage(
  q: Queries,
  tables: Tables,
  connectionId: string,
  told: NonNullable<HealthChange['changeOutage']>,
  card: Message | null,
  at: Date,
): Steps<void> {
  const { messages, outages } = tables
  const [changed] = yield* rows(
    q
      .update(outages)
      .set(told)
      .where(and(eq(outages.connectionId, connectionId), isNull(outages.closedAt)))
      .returning({ id: outages.id }),
  )
  if (!changed) return
  const bumped = yield* bump(q, tables, and(eq(messages.outageId, changed.id), eq(messages.kind, 'outage')), at)
  if (card && bumped === 0) yield* rows(q.insert(messages).values(fromMessage(card, at)).returning({ id: messages.id }))
}

function* openOutage(q: Queries, tables: Tables, outage: Outage, change: HealthChange): Steps<void> {
  const { messages, outages } = tables
  yield* rows(q.insert(outages).values(outage).returning({ id: outages.id }))
  if (!change.card) return
  if (yield* reuseCard(q, tables, outage, change.card, change.reuseCardClosedAfter)) return
  yield* rows(q.insert(messages).values(fromMessage(change.card, outage.openedAt)).returning({ id: messages.id }))
}

/** The card of an outage that closed just now tells the new one. */
function* reuseCard(q: Queries, tables: Tables, outage: Outage, card: Message, closedAfter: Date): Steps<boolean> {
  const { messages, outages } = tables
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
  if (!recent) return false
  yield* bump(q, tables, eq(messages.id, recent.id), outage.openedAt, { outageId: outage.id, catchUpId: null })
  return true
}
