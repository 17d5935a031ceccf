import type { CampaignCost, CostReach, CostsOrder, CostsStep } from '../../../domain/ads.ts'
import { isDay } from '../../../domain/day.ts'
import type { Asked, Tokens } from '../../../domain/provider.ts'
import { asRecord, asText, type JsonRecord } from '../json.ts'
import type { AdsApi } from './api.ts'
import { readCount, readInt64, readUnset } from './read-row.ts'
import { unreadableRow } from './take-rows.ts'

/**
 * Days are told for 37 months, of which the shortest have 1,123 days: since 2026-06-01, and from v24 on an older day is refused
 * (developers.google.com/google-ads/api/docs/best-practices/system-limits, read 2026-11-24). Google names no end of corrections.
 * @TODO source: how long a day's cost still changes.
 */
export const COST_REACH: CostReach = { restatedDays: 30, reachDays: 1_120 }

/**
 * One query for all days. Campaigns of every status are asked for, since ended and removed ones have cost too; where clicks,
 * impressions and cost are all zero there is no row (developers.google.com/google-ads/api/docs/reporting/zero-metrics, read 2026-11-24).
 */
export async function campaignCosts(api: AdsApi, tokens: Tokens, order: CostsOrder): Promise<Asked<CostsStep>> {
  const { from, to } = order.days
  const query =
    'SELECT segments.date, campaign.id, campaign.name, metrics.cost_micros, metrics.clicks, metrics.impressions ' +
    `FROM campaign WHERE segments.date BETWEEN '${from}' AND '${to}'`
  const asked = await api.stream(tokens, order.account, query, (rows) => {
    // Not an async function: it would hold the rows until their costs are stored.
    const costs = rows.map(costOf).filter((cost) => cost !== null)
    if (costs.length < rows.length) return Promise.resolve(unreadableRow())
    return order.take(costs).then(() => undefined)
  })
  return asked.kind === 'ok' ? { kind: 'ok', value: { kind: 'done' } } : asked
}

/** `{"segments":{"date":"2026-11-21"},"campaign":{"id":"11","name":"Brand"},"metrics":{"costMicros":"12340000",…}}` */
function costOf(row: JsonRecord): CampaignCost | null {
  const [campaign, metrics] = [asRecord(row.campaign), asRecord(row.metrics)]
  const day = asText(asRecord(row.segments).date)
  const campaignId = readInt64(campaign.id)
  const micros = readUnset(metrics.costMicros) ?? readInt64(metrics.costMicros)
  const [clicks, impressions] = [readCount(metrics.clicks), readCount(metrics.impressions)]
  if (day === null || !isDay(day) || campaignId === null || micros === null || clicks === null || impressions === null)
    return null
  const campaignName = asText(campaign.name) ?? ''
  return { day, campaignId: String(campaignId), campaignName, micros, clicks, impressions }
}
