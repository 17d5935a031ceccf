import { HOUR_MS, later } from '../../clock.ts'
import type { Connection } from '../connections/connection.ts'
import { addDays, type Days, dayIn } from '../day.ts'
import type { Deps } from '../deps.ts'
import { decimalOf } from '../micros.ts'
import { namesOf } from '../warnings/warning.ts'
import type { CostSum, WeekCosts } from './digest.ts'
import { firstOf } from './uptime.ts'

export const COST_DAYS = 7
/** A day that has just ended may wait for its download, every six hours, and for the platform's report. */
const SETTLED_MS = 8 * HOUR_MS
const LISTED = 4

/** What is known of one ad account: `currency` null until the first download. */
export interface AccountCosts {
  readonly currency: string | null
  readonly sum: CostSum | null
}

/** The last seven days of a zone's calendar that ended long enough ago to be whole. */
export function costDays(timeZone: string, now: Date): Days {
  const to = addDays(dayIn(timeZone, later(now, -SETTLED_MS)), -1)
  return { from: addDays(to, 1 - COST_DAYS), to }
}

/** What is known of the ad accounts of a workspace, by connection. */
export async function readAccountCosts(
  { store }: Pick<Deps, 'store'>,
  teamId: string,
  now: Date,
): Promise<Map<string, AccountCosts>> {
  const accounts = await store.digests.costAccounts(teamId)
  const sums = new Map<string, CostSum>()
  for (const timeZone of new Set(accounts.map((account) => account.timeZone))) {
    if (timeZone === null) continue
    for (const sum of await store.digests.costSums(teamId, timeZone, costDays(timeZone, now))) sums.set(sum.connectionId, sum)
  }
  return new Map(accounts.map(({ connectionId, currency }) => [connectionId, { currency, sum: sums.get(connectionId) ?? null }]))
}

/** How complete the costs of these connections are; null: none of them is an ad platform. */
export function weekCosts(
  connections: readonly Connection[],
  known: ReadonlyMap<string, AccountCosts>,
  label: (provider: string) => string,
): WeekCosts | null {
  const ads = connections.filter(({ kind }) => kind === 'ads')
  if (ads.length === 0) return null
  const amounts = new Map<string, bigint>()
  const incomplete: WeekCosts['incomplete']['first'][number][] = []
  for (const connection of ads) {
    const { currency, sum } = known.get(connection.id) ?? { currency: null, sum: null }
    if (currency !== null && sum !== null) amounts.set(currency, (amounts.get(currency) ?? 0n) + sum.micros)
    const [wholeDays, lostDays] = [sum?.wholeDays ?? 0, sum?.lostDays ?? 0]
    if (wholeDays >= COST_DAYS) continue
    const [named] = namesOf([connection])
    if (named) incomplete.push({ ...named, provider: label(connection.provider), wholeDays, lostDays })
  }
  return {
    accounts: ads.length,
    whole: ads.length - incomplete.length,
    amounts: [...amounts]
      .sort(([, a], [, b]) => (a > b ? -1 : 1))
      .map(([currency, micros]) => ({ currency, amount: decimalOf(micros) })),
    incomplete: firstOf(
      incomplete.sort((a, b) => a.wholeDays - b.wholeDays || (a.name < b.name ? -1 : 1)),
      LISTED,
    ),
  }
}
