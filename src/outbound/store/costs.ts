import { and, asc, eq, gt, gte, inArray, isNotNull, isNull, lte, ne, or, sql } from 'drizzle-orm'
import type { CampaignCost } from '../../domain/ads.ts'
import type { CostDownload, CostStore } from '../../domain/costs/cost-store.ts'
import { addDays } from '../../domain/day.ts'
import { claimDue } from './claim-due.ts'
import { completeProgram, connectionNo } from './complete-costs.ts'
import { type CampaignRow, type CostRow, type Dialect, noRows, rows } from './dialect.ts'
import { plus, toConnection } from './records.ts'

/** Rows of one transaction. */
const AT_ONCE = 1000

export function costStore(dialect: Dialect): CostStore {
  const { queries, tables } = dialect
  const { campaigns, connections, costDays, costDownloads, costs } = tables

  /** Of whoever holds the claim, if the download is as it was seen. */
  const mine = (seen: CostDownload, by: string) =>
    and(eq(costDownloads.connectionId, seen.connectionId), eq(costDownloads.run, seen.run), eq(costDownloads.leasedBy, by))
  const released = { leasedBy: null, leasedUntil: null }

  return {
    claim: (now, until, by, limit) =>
      dialect.atomically(function* (q) {
        const byId = yield* claimDue(q, dialect, costDownloads, { now, until, by, limit })
        if (byId.size === 0) return []
        const claimed = yield* rows(
          q
            .select()
            .from(costDownloads)
            .where(inArray(costDownloads.connectionId, [...byId.keys()])),
        )
        return claimed.flatMap((row) => {
          const connection = byId.get(row.connectionId)
          return connection ? [{ connection, download: toDownload(row) }] : []
        })
      }),
    renew: async (by, now, until) => {
      await queries
        .update(costDownloads)
        .set({ leasedUntil: until })
        .where(and(eq(costDownloads.leasedBy, by), gt(costDownloads.leasedUntil, now)))
    },
    failingSince: async (before) => {
      const { trouble, lastAt } = costDownloads
      const since = sql<Date>`coalesce(${lastAt}, ${connections.addedAt})`
      const found = await queries
        .select({ connection: connections, trouble, lastAt })
        .from(costDownloads)
        .innerJoin(connections, eq(connections.id, costDownloads.connectionId))
        .where(
          and(
            isNotNull(trouble),
            eq(connections.status, 'connected'),
            isNull(connections.unreachableSince),
            lte(since, sql.param(before, lastAt)),
          ),
        )
        .orderBy(asc(connections.name))
      return found.map((row) => ({ ...row, connection: toConnection(row.connection), trouble: row.trouble ?? '' }))
    },
    find: async (connectionId) => {
      const [row] = await queries.select().from(costDownloads).where(eq(costDownloads.connectionId, connectionId))
      return row && toDownload(row)
    },
    begin: async (seen, by, account, { from, to }) => {
      const no = await connectionNo(dialect, seen.connectionId)
      const isOtherMoney = seen.currency !== null && seen.currency !== account.currency
      const anew = isOtherMoney ? { wholeUpTo: addDays(from, -1), restatedAt: null } : {}
      return dialect.atomically(function* (q) {
        const [row] = yield* rows(
          q
            .update(costDownloads)
            .set({ ...account, ...anew, fromDay: from, toDay: to, run: seen.run + 1, job: null })
            .where(mine(seen, by))
            .returning(),
        )
        if (row && isOtherMoney) {
          yield* rows(q.delete(costDays).where(eq(costDays.connectionNo, no)).returning({ day: costDays.day }))
          yield* noRows(q.delete(costs).where(eq(costs.connectionNo, no)))
        }
        return row && toDownload(row)
      })
    },
    take: async (seen, told) => {
      const no = await connectionNo(dialect, seen.connectionId)
      for (let first = 0; first < told.length; first += AT_ONCE) {
        const some = told.slice(first, first + AT_ONCE)
        const taken = some.map((row) => fromCost(row, no, seen.run))
        await dialect.atomically(function* (q) {
          const [newest] = yield* rows(
            q.select({ run: costDownloads.run }).from(costDownloads).where(eq(costDownloads.connectionId, seen.connectionId)),
          )
          if (newest?.run !== seen.run) return
          yield* rows(dialect.putCampaigns(q, campaignsOf(some, no)))
          yield* rows(dialect.putCosts(q, taken))
        }, some.length)
      }
    },
    wait: async (seen, by, job, dueAt) => {
      await queries
        .update(costDownloads)
        .set({ job, dueAt, ...released })
        .where(mine(seen, by))
    },
    fail: async (seen, by, trouble, dueAt) => {
      await queries
        .update(costDownloads)
        .set({ job: null, trouble, dueAt, failures: plus(costDownloads.failures, 1), ...released })
        .where(mine(seen, by))
    },
    complete: (seen, by, end) => dialect.atomically(completeProgram(dialect, seen, by, end)),
    days: async (connectionId, { from, to }) => {
      const no = await connectionNo(dialect, connectionId)
      const found = await queries
        .select({ day: costDays.day, state: costDays.state, micros: costDays.micros })
        .from(costDays)
        .where(and(eq(costDays.connectionNo, no), gte(costDays.day, from), lte(costDays.day, to)))
        .orderBy(asc(costDays.day))
      return found.map((row) => ({ ...row, micros: BigInt(row.micros) }))
    },
    rows: async (connectionId, { from, to }, after, limit) => {
      const no = await connectionNo(dialect, connectionId)
      const { day, campaignId } = costs
      const further = after && or(gt(day, after.day), and(eq(day, after.day), gt(campaignId, after.campaignId)))
      const found = await queries
        .select({
          day,
          campaignId,
          campaignName: campaigns.name,
          micros: costs.micros,
          clicks: costs.clicks,
          impressions: costs.impressions,
        })
        .from(costs)
        .leftJoin(campaigns, and(eq(campaigns.connectionNo, costs.connectionNo), eq(campaigns.id, campaignId)))
        .where(
          and(
            eq(costs.connectionNo, no),
            gte(day, after ? after.day : from),
            lte(day, to),
            or(ne(costs.micros, 0), ne(costs.clicks, 0), ne(costs.impressions, 0)),
            further ?? undefined,
          ),
        )
        .orderBy(asc(day), asc(campaignId))
        .limit(limit)
      return found.map((row) => ({ ...row, campaignName: row.campaignName ?? '', micros: BigInt(row.micros) }))
    },
  }
}

type DownloadRow = Dialect['tables']['costDownloads']['$inferSelect']

function toDownload({ leasedBy, leasedUntil, ...download }: DownloadRow): CostDownload {
  return download
}

/** Each once, by the last name that is told; where none is, what is known stays. */
function campaignsOf(told: readonly CampaignCost[], connectionNo: number): CampaignRow[] {
  const names = new Map<string, string>()
  for (const { campaignId, campaignName } of told) if (campaignName !== '') names.set(campaignId, campaignName)
  return Array.from(names, ([id, name]) => ({ connectionNo, id, name }))
}

function fromCost({ day, campaignId, micros, clicks, impressions }: CampaignCost, connectionNo: number, run: number): CostRow {
  const whole = Number(micros)
  if (!Number.isSafeInteger(whole)) throw new Error(`an amount of ${micros} millionths can't be stored`)
  return { connectionNo, day, campaignId, run, micros: whole, clicks, impressions }
}
