import { and, countDistinct, eq, gte, inArray, lte, ne, type SQL, sql } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { CostDownload, DownloadEnd } from '../../domain/costs/cost-store.ts'
import { addDays, type Day, type Days, eachDay, earlierDay } from '../../domain/day.ts'
import type { GapCosts } from '../../domain/gaps/gap.ts'
import { gapCosts } from '../../domain/gaps/gap-costs.ts'
import { AppError } from '../../errors.ts'
import { type Dialect, noRows, type Program, type Queries, rows, type Steps } from './dialect.ts'
import { costsOfItsPast, fillGap, unfinishedGap } from './gaps.ts'

/** What stands for a connection in the keys of its costs. */
export async function connectionNo({ queries, tables: { backlogs } }: Dialect, connectionId: string): Promise<number> {
  const [found] = await queries.select({ no: backlogs.no }).from(backlogs).where(eq(backlogs.connectionId, connectionId))
  if (!found) throw new AppError('NOT_FOUND', `There is no connection ${connectionId}.`)
  return found.no
}

/** One long program, since days and what the report says of them must be of one moment. It reads as many rows as the download has. */
export function completeProgram(
  { tables }: Dialect,
  seen: CostDownload,
  by: string,
  { lost, restatedAt, at, dueAt }: DownloadEnd,
): Program<GapCosts | undefined> {
  const { backlogs, costDownloads, costs: costRows } = tables
  const { connectionId, run, fromDay, toDay } = seen
  return function* (q) {
    if (fromDay === null || toDay === null) return undefined
    const days = { from: fromDay, to: toDay }
    const [held] = yield* rows(q.select({ no: backlogs.no }).from(backlogs).where(eq(backlogs.connectionId, connectionId)))
    const [won] = yield* rows(
      q
        .update(costDownloads)
        .set({
          job: null,
          wholeUpTo: addDays(toDay, -1),
          ...(restatedAt !== null && { restatedAt }),
          dueAt,
          failures: 0,
          trouble: null,
          lastAt: at,
          leasedBy: null,
          leasedUntil: null,
        })
        .where(and(eq(costDownloads.connectionId, connectionId), eq(costDownloads.run, run), eq(costDownloads.leasedBy, by)))
        .returning(),
    )
    if (!held || !won) return undefined
    yield* noRows(
      q
        .update(costRows)
        .set({ micros: 0, clicks: 0, impressions: 0, run })
        .where(and(ofDays(tables, held.no, days), ne(costRows.run, run))),
    )
    const gap = yield* unfinishedGap(q, tables, connectionId)
    const earlier = gap ? yield* costsOfItsPast(q, tables, gap) : []
    const told = { from: firstOf(fromDay, earlier), to: toDay }
    const before = yield* storedDays(q, tables, held.no, told)
    const totals = yield* totalsOf(q, tables, held.no, days)
    const states = eachDay(days).map((day) => ({
      connectionNo: held.no,
      day,
      state: day < toDay ? ('whole' as const) : ('open' as const),
      micros: totals.get(day)?.micros ?? 0,
      campaigns: totals.get(day)?.campaigns ?? 0,
      at,
    }))
    const gone = lost === null ? [] : eachDay(lost)
    yield* setDays(q, tables, [
      ...gone.map((day) => ({ connectionNo: held.no, day, state: 'lost' as const, micros: 0, campaigns: 0, at })),
      ...states,
    ])
    const after = yield* storedDays(q, tables, held.no, told)
    const filled = gapCosts({ currency: won.currency ?? '', before, after, lost: gone }, earlier)
    const backfilled = filled.backfilled.map(({ day }) => day)
    const costs: GapCosts = { ...filled, campaigns: yield* campaignsOf(q, tables, held.no, backfilled) }
    // What it was told first are the days of the outage: later downloads tell other days.
    if (gap?.costs === null) yield* fillGap(q, tables, gap, { costs }, at)
    return costs
  }
}

function firstOf(fromDay: Day, earlier: readonly GapCosts[]): Day {
  const days = earlier.flatMap(({ backfilled, restated }) => [...backfilled, ...restated].map(({ day }) => day))
  return days.reduce(earlierDay, fromDay)
}

function ofDays({ costs }: Tables, no: number, { from, to }: Days): SQL | undefined {
  return and(eq(costs.connectionNo, no), gte(costs.day, from), lte(costs.day, to))
}

function* storedDays(
  q: Queries,
  { costDays }: Tables,
  no: number,
  { from, to }: Days,
): Steps<Map<string, Tables['costDays']['$inferSelect']>> {
  const found = yield* rows(
    q
      .select()
      .from(costDays)
      .where(and(eq(costDays.connectionNo, no), gte(costDays.day, from), lte(costDays.day, to))),
  )
  return new Map(found.map((row) => [row.day, row]))
}

/** Days on which nothing cost anything are left out. */
function* totalsOf(
  q: Queries,
  tables: Tables,
  no: number,
  days: Days,
): Steps<Map<string, { readonly micros: number; readonly campaigns: number }>> {
  const { costs } = tables
  const found = yield* rows(
    q
      .select({
        day: costs.day,
        // As a text: a number of JavaScript may be too small for it.
        micros: sql<string>`cast(sum(${costs.micros}) as text)`,
        campaigns: sql<number>`sum(case when ${costs.micros} <> 0 then 1 else 0 end)`,
      })
      .from(costs)
      .where(ofDays(tables, no, days))
      .groupBy(costs.day),
  )
  return new Map(found.map(({ day, micros, campaigns }) => [day, { micros: exact(micros), campaigns: Number(campaigns) }]))
}

function exact(micros: string): number {
  const whole = Number(micros)
  if (!Number.isSafeInteger(whole)) throw new Error(`a sum of ${micros} millionths can't be stored`)
  return whole
}

function* campaignsOf(q: Queries, { costs }: Tables, no: number, days: readonly string[]): Steps<number> {
  if (days.length === 0) return 0
  const [found] = yield* rows(
    q
      .select({ count: countDistinct(costs.campaignId) })
      .from(costs)
      .where(and(eq(costs.connectionNo, no), inArray(costs.day, [...days]), ne(costs.micros, 0))),
  )
  return Number(found?.count ?? 0)
}

const DAYS_AT_ONCE = 1000

function* setDays(q: Queries, { costDays }: Tables, states: readonly Tables['costDays']['$inferInsert'][]): Steps<void> {
  for (let first = 0; first < states.length; first += DAYS_AT_ONCE) {
    const { state, micros, campaigns, at } = costDays
    const some = states.slice(first, first + DAYS_AT_ONCE)
    yield* rows(
      q
        .insert(costDays)
        .values([...some])
        .onConflictDoUpdate({
          target: [costDays.connectionNo, costDays.day],
          set: {
            state: sql.raw(`excluded.${state.name}`),
            micros: sql.raw(`excluded.${micros.name}`),
            campaigns: sql.raw(`excluded.${campaigns.name}`),
            at: sql.raw(`excluded.${at.name}`),
          },
        })
        .returning({ day: costDays.day }),
    )
  }
}
