import type { CampaignCost } from '../../domain/ads.ts'
import type { CostReader } from '../../domain/costs/read-costs.ts'
import { decimalOf } from '../../domain/micros.ts'
import { csvLine } from './csv.ts'

export const COST_COLUMNS = ['day', 'campaignId', 'campaignName', 'amount', 'currency', 'clicks', 'impressions']

type Page = Awaited<ReturnType<CostReader['page']>>

/** All rows from this page on as a table, a piece of text a page, so that many are never in memory as a whole. */
export async function* costTable(reader: CostReader, first: Page): AsyncGenerator<string> {
  const currency = reader.history?.currency ?? ''
  yield csvLine(COST_COLUMNS)
  for (let page: Page | null = first; page; page = page.next === null ? null : await reader.page(page.next)) {
    const text = page.rows.map((row) => csvRow(row, currency)).join('')
    if (text) yield text
  }
}

function csvRow({ day, campaignId, campaignName, micros, clicks, impressions }: CampaignCost, currency: string): string {
  // An amount is ours, and a number: an apostrophe before a minus would make it a text.
  const [before, after] = [csvLine([day, campaignId, campaignName]), csvLine([currency, String(clicks), String(impressions)])]
  return `${before.trimEnd()},${decimalOf(micros)},${after}`
}
