import { and, asc, eq, exists, gt, inArray, isNull, lte, or } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { Escalation, EscalationStore, Said } from '../../domain/cards/escalation.ts'
import { bump } from './card-queue.ts'
import { type Dialect, type Queries, rows, type Steps } from './dialect.ts'
import { record } from './history.ts'
import { fromMessage, plus } from './records.ts'

type Row = Tables['escalations']['$inferSelect']

const FREE = { leasedBy: null, leasedUntil: null }

export function escalationStore(dialect: Dialect): EscalationStore {
  const { queries, tables } = dialect
  const { escalations, messages } = tables
  const asSeen = ({ messageId, version }: Escalation) =>
    and(eq(escalations.messageId, messageId), eq(escalations.version, version), isNull(escalations.endedAt))
  return {
    ofCard: async (messageId) => {
      const [row] = await queries.select().from(escalations).where(eq(escalations.messageId, messageId))
      return row && toEscalation(row)
    },
    change: (seen, next, audit, at) =>
      dialect.atomically(function* (q) {
        const changed = yield* rows(
          q
            .update(escalations)
            .set({
              ...claimColumns(next.claim),
              ...snoozeColumns(next.snooze),
              ...lastColumns(next.last),
              remindAt: next.remindAt,
              version: seen.version + 1,
            })
            .where(asSeen(seen))
            .returning({ messageId: escalations.messageId }),
        )
        if (changed.length === 0) return false
        yield* bump(q, tables, eq(messages.id, seen.messageId), at)
        yield* record(q, tables, audit)
        return true
      }),
    due: (now, until, by, limit) =>
      dialect.atomically(function* (q) {
        const card = q.select({ id: messages.id }).from(messages).where(eq(messages.id, escalations.messageId))
        const due = yield* rows(
          dialect.skipLocked(
            q
              .select({ messageId: escalations.messageId })
              .from(escalations)
              .where(
                and(
                  lte(escalations.remindAt, now),
                  or(isNull(escalations.leasedUntil), lte(escalations.leasedUntil, now)),
                  exists(card),
                ),
              )
              .orderBy(asc(escalations.remindAt), asc(escalations.messageId))
              .limit(limit),
          ),
        )
        if (due.length === 0) return []
        const ids = due.map(({ messageId }) => messageId)
        const claimed = yield* rows(
          q.update(escalations).set({ leasedBy: by, leasedUntil: until }).where(inArray(escalations.messageId, ids)).returning(),
        )
        const byId = new Map(claimed.map((row) => [row.messageId, toEscalation(row)]))
        return ids.flatMap((id) => byId.get(id) ?? [])
      }),
    renew: async (by, now, until) => {
      await queries
        .update(escalations)
        .set({ leasedUntil: until })
        .where(and(eq(escalations.leasedBy, by), gt(escalations.leasedUntil, now)))
    },
    remind: (seen, by, reminder, next, at) =>
      dialect.atomically(function* (q) {
        const { step, remindAt } = next
        const told = yield* rows(
          q
            .update(escalations)
            .set({
              ...claimColumns(next.claim),
              ...snoozeColumns(next.snooze),
              step,
              remindAt,
              ...(reminder && { reminderId: reminder.id }),
              ...FREE,
            })
            .where(and(asSeen(seen), eq(escalations.leasedBy, by), gt(escalations.leasedUntil, at)))
            .returning({ messageId: escalations.messageId }),
        )
        if (told.length === 0) return false
        if (reminder) yield* rows(q.insert(messages).values(fromMessage(reminder, at)).returning({ id: messages.id }))
        return true
      }),
  }
}

/** The card asks for something from `openedAt` on: whatever was said about what it asked for before is forgotten. */
export function* beginEscalation(
  q: Queries,
  { escalations }: Tables,
  messageId: string,
  openedAt: Date,
  remindAt: Date,
): Steps<void> {
  const anew = {
    openedAt,
    ...claimColumns(null),
    ...snoozeColumns(null),
    ...lastColumns(null),
    step: 0,
    reminderId: null,
    remindAt,
    ...FREE,
    endedAt: null,
  }
  yield* rows(
    q
      .insert(escalations)
      .values({ messageId, ...anew, version: 1 })
      .onConflictDoUpdate({ target: escalations.messageId, set: { ...anew, version: plus(escalations.version, 1) } })
      .returning({ messageId: escalations.messageId }),
  )
}

/** Everything that the card shows is over: it asks for nothing any more. */
export function* endEscalation(q: Queries, { escalations }: Tables, cardId: string, at: Date): Steps<void> {
  yield* rows(
    q
      .update(escalations)
      .set({ endedAt: at, remindAt: null, ...FREE, version: plus(escalations.version, 1) })
      .where(and(eq(escalations.messageId, cardId), isNull(escalations.endedAt)))
      .returning({ messageId: escalations.messageId }),
  )
}

function toEscalation(row: Row): Escalation {
  const { messageId, openedAt, step, reminderId, remindAt, endedAt, version, lastAction, lastBy, lastAt } = row
  const claim = toSaid(row.claimedBy, row.claimedAt, row.claimedUntil)
  const snooze = toSaid(row.snoozedBy, row.snoozedAt, row.snoozedUntil)
  const last = lastAction === null || lastBy === null || lastAt === null ? null : { action: lastAction, by: lastBy, at: lastAt }
  return { messageId, openedAt, claim, snooze, last, step, reminderId, remindAt, endedAt, version }
}

function toSaid(by: string | null, at: Date | null, until: Date | null): Said | null {
  return by === null || at === null || until === null ? null : { by, at, until }
}

function claimColumns(claim: Said | null) {
  return { claimedBy: claim?.by ?? null, claimedAt: claim?.at ?? null, claimedUntil: claim?.until ?? null }
}

function snoozeColumns(snooze: Said | null) {
  return { snoozedBy: snooze?.by ?? null, snoozedAt: snooze?.at ?? null, snoozedUntil: snooze?.until ?? null }
}

function lastColumns(last: Escalation['last']) {
  return { lastAction: last?.action ?? null, lastBy: last?.by ?? null, lastAt: last?.at ?? null }
}
