import { and, eq, gte, inArray, isNotNull, isNull, or } from 'drizzle-orm'
import type { OutsiderStore } from '../../domain/access/outsiders.ts'
import { bump } from './card-queue.ts'
import { type Dialect, rows } from './dialect.ts'

export function outsiderStore(dialect: Dialect): OutsiderStore {
  const { queries, tables } = dialect
  const { messages, outages, outsiderChannels, warnings } = tables
  const isChannel = (teamId: string, channelId: string) =>
    and(eq(outsiderChannels.teamId, teamId), eq(outsiderChannels.channelId, channelId))

  /** Cards of what is open, and what asks anew below them. */
  function hasLink() {
    const open = queries
      .select({ id: outages.cardId })
      .from(outages)
      .where(and(isNull(outages.closedAt), isNotNull(outages.cardId)))
    const warned = queries.select({ id: warnings.messageId }).from(warnings).where(isNull(warnings.closedAt))
    const isCard = and(eq(messages.kind, 'outage'), inArray(messages.id, open))
    const asksAnew = and(eq(messages.notice, { kind: 'asks_anew' }), inArray(messages.threadOf, open))
    const isWarning = and(eq(messages.kind, 'warning'), inArray(messages.id, warned))
    return and(isNotNull(messages.ts), or(isCard, asksAnew, isWarning))
  }

  return {
    note: (teamId, channelId, at, knownSince) =>
      dialect.atomically(function* (q) {
        const [known] = yield* rows(q.select().from(outsiderChannels).where(isChannel(teamId, channelId)))
        if (known && known.seenAt >= knownSince) return false
        yield* rows(
          q
            .insert(outsiderChannels)
            .values({ teamId, channelId, seenAt: at })
            .onConflictDoUpdate({ target: [outsiderChannels.teamId, outsiderChannels.channelId], set: { seenAt: at } })
            .returning({ channelId: outsiderChannels.channelId }),
        )
        yield* bump(q, tables, and(eq(messages.teamId, teamId), eq(messages.channelId, channelId), hasLink()), at)
        return true
      }),
    seenSince: async (teamId, channelId, since) => {
      const seen = await queries
        .select({ at: outsiderChannels.seenAt })
        .from(outsiderChannels)
        .where(and(isChannel(teamId, channelId), gte(outsiderChannels.seenAt, since)))
      return seen.length > 0
    },
    channelsWithLinks: async () =>
      queries
        .select({ teamId: messages.teamId, channelId: messages.channelId })
        .from(messages)
        .where(hasLink())
        .groupBy(messages.teamId, messages.channelId),
  }
}
