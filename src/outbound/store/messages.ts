import { aliasedTable, and, asc, count, eq, gt, gte, isNotNull, lt, notExists } from 'drizzle-orm'
import { HOUR_MS, later } from '../../clock.ts'
import type { Message } from '../../domain/cards/card.ts'
import type { MessageStore } from '../../domain/cards/message-store.ts'
import { type Dialect, rows } from './dialect.ts'
import { claimProgram } from './message-claims.ts'
import { touchMovedProgram } from './moved-cards.ts'
import { detourColumns, fromMessage, plus, toDetour, toMessage } from './records.ts'

const FREE = { leasedBy: null, leasedUntil: null }

export function messageStore(dialect: Dialect): MessageStore {
  const { queries, tables } = dialect
  const { edits, messages, outages } = tables
  const claimedBy = (message: Message, by: string) => and(eq(messages.id, message.id), eq(messages.leasedBy, by))

  return {
    claim: (now, until, by, limit) => dialect.atomically(claimProgram(dialect, now, until, by, limit)),
    renew: async (by, now, until) => {
      await queries
        .update(messages)
        .set({ leasedUntil: until })
        .where(and(eq(messages.leasedBy, by), gt(messages.leasedUntil, now)))
    },
    sending: async (message, by, at, channelId) => {
      const [sent] = await queries
        .update(messages)
        .set({ uncertainSince: message.uncertainSince ?? at, channelId })
        .where(and(claimedBy(message, by), gt(messages.leasedUntil, at)))
        .returning({ id: messages.id })
      return sent !== undefined
    },
    shown: (message, by, { ts, channelId, version, at, dueAt, told, detour, reply }) =>
      dialect.atomically(function* (q) {
        if (message.ts !== null) {
          const edit = { messageId: message.id, teamId: message.teamId, at }
          const old = and(eq(edits.teamId, message.teamId), lt(edits.at, later(at, -HOUR_MS)))
          yield* rows(q.insert(edits).values(edit).returning({ at: edits.at }))
          yield* rows(q.delete(edits).where(old).returning({ at: edits.at }))
        }
        const settled = { attempts: 0, uncertainSince: null, trouble: null, gaveUp: false, ...FREE }
        const [shown] = yield* rows(
          q
            .update(messages)
            .set({
              ts,
              channelId,
              shown: version,
              shownAt: at,
              dueAt,
              ...settled,
              ...(told === undefined ? {} : { told }),
              ...(detour === undefined ? {} : detourColumns(detour)),
            })
            .where(claimedBy(message, by))
            .returning({ wanted: messages.wanted }),
        )
        if (!shown) return
        if (reply) yield* rows(q.insert(messages).values(fromMessage(reply, at)).returning({ id: messages.id }))
        if (shown.wanted <= version) return
        // Something changed while this was on its way to Slack.
        yield* rows(q.update(messages).set({ dueAt: at }).where(eq(messages.id, message.id)).returning({ id: messages.id }))
      }),
    postpone: async (message, by, dueAt, uncertainSince, reason) => {
      await queries
        .update(messages)
        .set({ dueAt, uncertainSince, trouble: reason, attempts: plus(messages.attempts, 1), ...FREE })
        .where(claimedBy(message, by))
    },
    redirect: async (message, by, channelId, detour) => {
      await queries
        .update(messages)
        .set({ channelId, ...detourColumns(detour), uncertainSince: null })
        .where(claimedBy(message, by))
    },
    drop: async (message, by) => {
      await queries.delete(messages).where(claimedBy(message, by))
    },
    lost: async (message, by, now) => {
      await queries
        .update(messages)
        .set({ ts: null, shown: 0, shownAt: null, uncertainSince: null, attempts: 0, dueAt: now, ...FREE })
        .where(claimedBy(message, by))
    },
    fail: async (message, by, reason) => {
      await queries
        .update(messages)
        .set({ gaveUp: true, trouble: reason, dueAt: null, uncertainSince: message.uncertainSince, ...FREE })
        .where(claimedBy(message, by))
    },
    add: async (message, dueAt) => {
      await queries.insert(messages).values(fromMessage(message, dueAt))
    },
    touchMoved: (now, every) => dialect.atomically(touchMovedProgram(dialect, now, every)),
    find: async (id) => {
      const [row] = await queries.select().from(messages).where(eq(messages.id, id))
      return row && toMessage(row)
    },
    ofOutage: async (outageId) => {
      const [found] = await queries
        .select({ card: messages })
        .from(outages)
        .innerJoin(messages, eq(messages.id, outages.cardId))
        .where(eq(outages.id, outageId))
      return found && toMessage(found.card)
    },
    updatesSince: async (teamId, since) => {
      const [edited] = await queries
        .select({ count: count() })
        .from(edits)
        .where(and(eq(edits.teamId, teamId), gte(edits.at, since)))
      return edited?.count ?? 0
    },
    detours: async () => {
      const later = aliasedTable(messages, 'later')
      const posted = queries
        .select({ id: later.id })
        .from(later)
        .where(and(eq(later.channelId, messages.detourFrom), isNotNull(later.ts), gt(later.createdAt, messages.createdAt)))
      const found = await queries
        .select()
        .from(messages)
        .where(and(isNotNull(messages.detourFrom), notExists(posted)))
        .orderBy(asc(messages.detourAt))
      const all = found.map(toDetour).filter((detour) => detour !== null)
      return [...new Map(all.map((detour) => [detour.channelId, detour])).values()].reverse()
    },
    failed: async () => {
      const found = await queries.select().from(messages).where(eq(messages.gaveUp, true)).orderBy(asc(messages.createdAt))
      return found.map((row) => ({ message: toMessage(row), reason: row.trouble ?? '' }))
    },
  }
}
