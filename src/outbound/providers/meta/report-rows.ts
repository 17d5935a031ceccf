import type { CampaignCost, CostsOrder } from '../../../domain/ads.ts'
import { isDay } from '../../../domain/day.ts'
import { microsOf } from '../../../domain/micros.ts'
import type { Asked } from '../../../domain/provider.ts'
import { asText, type JsonRecord } from '../json.ts'
import { passes, verdictOf } from '../meaning.ts'

/** Gives each page on as it comes. A row that can't be read ends it: nothing may be missing in silence. */
export async function takeRows(
  pages: AsyncIterable<Asked<readonly JsonRecord[]>>,
  { take }: Pick<CostsOrder, 'take'>,
): Promise<Asked<null>> {
  for await (const page of pages) {
    if (page.kind !== 'ok') return page
    const rows = page.value.map(costOf).filter((row) => row !== null)
    if (rows.length < page.value.length) return verdictOf(UNREADABLE_ROW, 'unreadable_row', null)
    if (rows.length > 0) await take(rows)
  }
  return { kind: 'ok', value: null }
}

const UNREADABLE_ROW = passes('Meta told a row of costs that Redkey can not read.')

/**
 * `spend`, `clicks` and `impressions` are text. `clicks` are all clicks, also those on likes and comments.
 * developers.facebook.com/docs/marketing-api/reference/ads-insights (2026-11)
 */
function costOf(row: JsonRecord): CampaignCost | null {
  const day = asText(row.date_start)
  const campaignId = asText(row.campaign_id)
  const micros = microsOf(asText(row.spend) ?? '')
  const [clicks, impressions] = [countOf(row.clicks), countOf(row.impressions)]
  if (day === null || !isDay(day) || row.date_stop !== day || campaignId === null || micros === undefined) return null
  if (clicks === null || impressions === null) return null
  return { day, campaignId, campaignName: asText(row.campaign_name) ?? '', micros, clicks, impressions }
}

/** What nobody did is left out. */
function countOf(value: unknown): number | null {
  if (value === undefined) return 0
  const count = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : null
  return count
}
