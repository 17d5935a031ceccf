import { and, asc, between, eq, gte, isNull, like, min, ne, or, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { Message } from '../../domain/cards/card.ts'
import type { DigestStore, NewDigest } from '../../domain/digest/digest.ts'
import { type Dialect, type Program, rows } from './dialect.ts'
import { fromMessage } from './records.ts'
import { NO_TEAM } from './removals.ts'

/** Rows of one statement. */
const AT_ONCE = 1000

export function digestStore(dialect: Dialect): DigestStore {
  const { queries, tables } = dialect
  const { backlogs, connections, costDays, costDownloads, digestCounts, digests, outages, warnings } = tables
  return {
    places: async (ofTeam) => {
      const { teamId, channelId, addedAt } = connections
      const found = await queries
        .select({ teamId, channelId, firstAddedAt: min(addedAt) })
        .from(connections)
        .where(ofTeam === undefined ? ne(teamId, NO_TEAM) : eq(teamId, ofTeam))
        .groupBy(teamId, channelId)
        .orderBy(asc(teamId), asc(channelId))
      return found.flatMap(({ firstAddedAt, ...place }) => (firstAddedAt === null ? [] : { ...place, firstAddedAt }))
    },
    made: async (week) => {
      const { teamId, channelId } = digests
      return queries.select({ teamId, channelId }).from(digests).where(eq(digests.week, week))
    },
    outages: async (teamId, since) => {
      const { connectionId, kind, cause, lastProofAt, openedAt, closedAt, closedHow, closedBy, closedByUsername } = outages
      const told = { connectionId, kind, cause, lastProofAt, openedAt, closedAt, closedHow, closedBy, closedByUsername }
      return queries
        .select(told)
        .from(outages)
        .innerJoin(connections, eq(connections.id, connectionId))
        .where(and(eq(connections.teamId, teamId), or(isNull(closedAt), gte(closedAt, since))))
        .orderBy(asc(openedAt), asc(outages.id))
    },
    silences: async (teamId, since) => {
      const found = await queries
        .select({ detail: warnings.detail })
        .from(warnings)
        .where(
          and(
            eq(warnings.teamId, teamId),
            like(warnings.subject, 'silence %'),
            or(isNull(warnings.closedAt), gte(warnings.closedAt, since)),
          ),
        )
        .orderBy(asc(warnings.since), asc(warnings.messageId))
      return found.flatMap(({ detail }) => (detail.kind === 'silence' ? detail : []))
    },
    counters: async (teamId) => {
      const found = await queries
        .select({ backlog: backlogs, before: digestCounts })
        .from(connections)
        .innerJoin(backlogs, eq(backlogs.connectionId, connections.id))
        .leftJoin(digestCounts, eq(digestCounts.connectionId, connections.id))
        .where(and(eq(connections.teamId, teamId), eq(connections.kind, 'crm')))
        .orderBy(asc(connections.name))
      return found.map(({ backlog: { connectionId, pushed, superseded, rejectedEver: rejected }, before }) => ({
        connectionId,
        now: { pushed, superseded, rejected },
        before: before && {
          at: before.countedAt,
          pushed: before.pushed,
          superseded: before.superseded,
          rejected: before.rejected,
        },
      }))
    },
    costAccounts: async (teamId) => {
      const { connectionId, currency, timeZone } = costDownloads
      return queries
        .select({ connectionId, currency, timeZone })
        .from(costDownloads)
        .innerJoin(connections, eq(connections.id, connectionId))
        .where(eq(connections.teamId, teamId))
        .orderBy(asc(connections.name))
    },
    costSums: async (teamId, timeZone, { from, to }) => {
      const { day, state, micros, connectionNo } = costDays
      const isWhole = eq(state, 'whole')
      const found = await queries
        .select({
          connectionId: connections.id,
          wholeDays: countWhere(isWhole),
          lostDays: countWhere(eq(state, 'lost')),
          // As a text: a number of JavaScript may be too small for it.
          micros: sql<string>`cast(coalesce(sum(case when ${isWhole} then ${micros} end), 0) as text)`,
        })
        .from(costDownloads)
        .innerJoin(connections, eq(connections.id, costDownloads.connectionId))
        .innerJoin(backlogs, eq(backlogs.connectionId, connections.id))
        .leftJoin(costDays, and(eq(connectionNo, backlogs.no), between(day, from, to)))
        .where(and(eq(connections.teamId, teamId), eq(costDownloads.timeZone, timeZone)))
        .groupBy(connections.id)
        .orderBy(asc(connections.id))
      return found.map((row) => ({
        ...row,
        wholeDays: Number(row.wholeDays),
        lostDays: Number(row.lostDays),
        micros: BigInt(row.micros),
      }))
    },
    make: (made, message, at) => dialect.atomically(makeProgram(dialect, made, message, at)),
    ofMessage: async (messageId) => {
      const [found] = await queries.select({ digest: digests.digest }).from(digests).where(eq(digests.messageId, messageId))
      return found?.digest
    },
  }
}

function countWhere(condition: SQL): SQL<number> {
  return sql<number>`count(case when ${condition} then 1 end)`
}

/** One long program where a channel has thousands of CRMs: the counters must be those of the digest that is made. */
function makeProgram(
  { tables }: Dialect,
  { teamId, channelId, digest, counters }: NewDigest,
  message: Message,
  at: Date,
): Program<boolean> {
  const { digestCounts, digests, messages } = tables
  const excluded = (column: SQLiteColumn) => sql.raw(`excluded.${column.name}`)
  return function* (q) {
    const row = { teamId, channelId, week: digest.week, messageId: message.id, digest, madeAt: at }
    const made = yield* rows(q.insert(digests).values(row).onConflictDoNothing().returning({ week: digests.week }))
    if (made.length === 0) return false
    yield* rows(q.insert(messages).values(fromMessage(message, at)).returning({ id: messages.id }))
    const { countedAt, pushed, superseded, rejected, connectionId } = digestCounts
    for (let first = 0; first < counters.length; first += AT_ONCE) {
      yield* rows(
        q
          .insert(digestCounts)
          .values(counters.slice(first, first + AT_ONCE).map((one) => ({ ...one, countedAt: at })))
          .onConflictDoUpdate({
            target: connectionId,
            set: {
              countedAt: excluded(countedAt),
              pushed: excluded(pushed),
              superseded: excluded(superseded),
              rejected: excluded(rejected),
            },
          })
          .returning({ connectionId }),
      )
    }
    return true
  }
}
