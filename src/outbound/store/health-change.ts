import { and, eq, isNull } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { Message } from '../../domain/cards/card.ts'
import type { Connection } from '../../domain/connections/connection.ts'
import type { HealthChange } from '../../domain/connections/connection-store.ts'
import type { Outage } from '../../domain/connections/outage.ts'
import { findCard, takeTurn } from './card-places.ts'
import { bump, bumpCardOf, joinCard } from './card-queue.ts'
import { scheduleCheck } from './checks.ts'
import { type Dialect, type Program, type Queries, rows, type Steps } from './dialect.ts'
import { endOutage } from './end-outage.ts'
import { beginEscalation } from './escalations.ts'
import { record } from './history.ts'
import { endInvitations } from './invitations.ts'
import { isAskingBeside } from './outages.ts'
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
  change: HealthChange,
  told: NonNullable<HealthChange['changeOutage']>,
  at: Date,
): Steps<void> {
  const { outages } = tables
  const { seen, card } = change
  yield* takeTurn(q, tables, seen.teamId)
  const [changed] = yield* rows(
    q
      .update(outages)
      .set(told)
      .where(and(eq(outages.connectionId, seen.id), isNull(outages.closedAt)))
      .returning(),
  )
  if (!changed) return
  if (changed.cardId !== null) {
    // What others on its card ask for is not over with it. The first that needs a login changes what the card is about.
    const kind = changed.kind === 'authorization' ? changed.kind : null
    const isTold = yield* isAskingBeside(q, tables, changed.cardId, changed.id, kind)
    return yield* isTold
      ? bumpCardOf(q, tables, changed.id, at)
      : takeCard(q, tables, changed.cardId, { ...changed, openedAt: at }, change)
  }
  if (!card) return
  const shown = yield* showOutage(q, tables, { ...changed, openedAt: at }, card, change)
  yield* rows(q.update(outages).set({ cardId: shown }).where(eq(outages.id, changed.id)).returning({ id: outages.id }))
}

function* openOutage(q: Queries, tables: Tables, outage: Outage, change: HealthChange): Steps<void> {
  const { outages } = tables
  if (change.card) yield* takeTurn(q, tables, change.seen.teamId)
  const cardId = change.card ? yield* showOutage(q, tables, outage, change.card, change) : null
  yield* rows(
    q
      .insert(outages)
      .values({ ...outage, cardId })
      .returning({ id: outages.id }),
  )
}

/** Gives an outage its card: answers which. */
function* showOutage(q: Queries, tables: Tables, outage: Outage, card: Message, change: HealthChange): Steps<string> {
  const { openedAt: at } = outage
  const choice = yield* findCard(q, tables, outage, card, change)
  switch (choice.kind) {
    case 'join': {
      // One of which all others are paused asks nobody just now.
      const isAsking = yield* isAskingBeside(q, tables, choice.cardId, outage.id)
      yield* isAsking ? joinCard(q, tables, choice.cardId, at) : takeCard(q, tables, choice.cardId, outage, change)
      return choice.cardId
    }
    case 'reuse':
      yield* takeCard(q, tables, choice.cardId, outage, change)
      return choice.cardId
    case 'own':
    case 'storm':
      yield* postCard(q, tables, { ...card, stormSince: choice.kind === 'storm' ? at : null }, change.remindAt, at)
      return card.id
    default:
      return choice satisfies never
  }
}

function* postCard(q: Queries, tables: Tables, card: Message, remindAt: Date | null, at: Date): Steps<void> {
  const { messages } = tables
  if (remindAt) yield* beginEscalation(q, tables, card.id, at, remindAt)
  yield* rows(q.insert(messages).values(fromMessage(card, at)).returning({ id: messages.id }))
}

/** A card is this outage's from now on. Slack tells nobody of an edit: the alert does. */
function* takeCard(
  q: Queries,
  tables: Tables,
  cardId: string,
  { id: outageId, connectionId, openedAt: at }: Pick<Outage, 'id' | 'connectionId' | 'openedAt'>,
  { remindAt, alert }: Pick<HealthChange, 'remindAt' | 'alert'>,
): Steps<void> {
  const { messages } = tables
  if (remindAt) yield* beginEscalation(q, tables, cardId, at, remindAt)
  yield* bump(q, tables, eq(messages.id, cardId), at, { connectionId, outageId, catchUpId: null })
  if (!alert) return
  yield* rows(
    q
      .insert(messages)
      .values(fromMessage({ ...alert, threadOf: cardId }, at))
      .returning({ id: messages.id }),
  )
}
