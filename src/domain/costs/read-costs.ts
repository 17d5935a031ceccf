import type { CampaignCost } from '../ads.ts'
import type { Connection } from '../connections/connection.ts'
import { addDays, countDays, type Day, type Days, dayIn, eachDay, isDay } from '../day.ts'
import type { Deps } from '../deps.ts'
import { unknownName } from '../outbox/read-rejects.ts'
import type { CostHistory } from './cost-history.ts'
import type { CostDownload } from './cost-store.ts'

const DEFAULT_DAYS = 30
const MOST_DAYS = 400
const PAGE = 1000

type ReadDeps = Pick<Deps, 'store' | 'clock'>

/** After which row a page begins. */
export type CostCursor = Pick<CampaignCost, 'day' | 'campaignId'>

export interface CostReader {
  readonly kind: 'found'
  readonly connection: Connection
  readonly days: Days
  /** Null: no download has begun yet. */
  readonly history: CostHistory | null
  /** Rows by day and campaign; campaigns that cost nothing are left out. `next` null: it is the last page. */
  page(after: CostCursor | null): Promise<{ readonly rows: readonly CampaignCost[]; readonly next: CostCursor | null }>
}

export type CostReading =
  | CostReader
  | { readonly kind: 'unknown'; readonly nearest: string | null }
  | { readonly kind: 'no_costs'; readonly connection: Connection }
  | { readonly kind: 'refused'; readonly says: string }

/** The costs of a connection between two days of the account's calendar, both included; by default of its last 30. */
export async function readCosts(
  deps: ReadDeps,
  teamId: string,
  name: string,
  asked: { readonly from: string | null; readonly to: string | null },
): Promise<CostReading> {
  const { store } = deps
  const connection = await store.connections.byName(teamId, name)
  if (!connection) return unknownName(store, teamId, name)
  if (connection.kind !== 'ads') return { kind: 'no_costs', connection }
  const download = await store.costs.find(connection.id)
  const today = dayIn(download?.timeZone ?? 'UTC', deps.clock.now())
  const days = readDays(asked, today)
  if (typeof days === 'string') return { kind: 'refused', says: days }
  return {
    kind: 'found',
    connection,
    days,
    history: await historyOf(deps, connection.id, download, days),
    async page(after) {
      const rows = await store.costs.rows(connection.id, days, after, PAGE)
      const last = rows.at(-1)
      return { rows, next: rows.length < PAGE || !last ? null : { day: last.day, campaignId: last.campaignId } }
    },
  }
}

/** The last days of a connection, for charts; null: it is no ad platform, or nothing is known of it yet. */
export async function costHistory(deps: ReadDeps, connectionId: string, days: number): Promise<CostHistory | null> {
  const download = await deps.store.costs.find(connectionId)
  if (!download?.timeZone) return null
  const today = dayIn(download.timeZone, deps.clock.now())
  return historyOf(deps, connectionId, download, { from: addDays(today, 1 - days), to: today })
}

/** What is known of an ad platform's last days. */
export type RecentCosts =
  | { readonly kind: 'known'; readonly history: CostHistory }
  /** Nothing was ever downloaded; `trouble` says in plain words why the last try failed, if it did. */
  | { readonly kind: 'none_yet'; readonly trouble: string | null }

/** The last days of a connection, or why nothing is known of them; null: it is no ad platform. */
export async function recentCosts(deps: ReadDeps, { id, kind }: Connection): Promise<RecentCosts | null> {
  if (kind !== 'ads') return null
  const history = await costHistory(deps, id, DEFAULT_DAYS)
  if (history !== null) return { kind: 'known', history }
  return { kind: 'none_yet', trouble: (await deps.store.costs.find(id))?.trouble ?? null }
}

async function historyOf(
  { store }: ReadDeps,
  connectionId: string,
  download: CostDownload | undefined,
  days: Days,
): Promise<CostHistory | null> {
  if (!download?.timeZone || download.currency === null) return null
  const known = new Map((await store.costs.days(connectionId, days)).map((one) => [one.day, one]))
  const { currency, timeZone, lastAt, trouble } = download
  const each = eachDay(days).map((day) => known.get(day) ?? { day, state: 'missing' as const, micros: 0n })
  return { currency, timeZone, days: each, lastAt, trouble }
}

/** A text says what is wrong. */
function readDays({ from, to }: { readonly from: string | null; readonly to: string | null }, today: Day): Days | string {
  for (const day of [from, to]) if (day !== null && !isDay(day)) return `There is no day ${day}: write days as 2026-11-24.`
  const last = to ?? (from === null || from <= today ? today : from)
  const first = from ?? addDays(last, 1 - DEFAULT_DAYS)
  if (first > last) return `${first} is after ${last}: let the first day come first.`
  const days = { from: first, to: last }
  return countDays(days) > MOST_DAYS ? `${countDays(days)} days are too many at once: ask for ${MOST_DAYS} at most.` : days
}
