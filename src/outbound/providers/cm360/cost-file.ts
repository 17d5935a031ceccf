import type { CampaignCost } from '../../../domain/ads.ts'
import { isDay } from '../../../domain/day.ts'
import { microsOf } from '../../../domain/micros.ts'
import type { Asked, Verdict } from '../../../domain/provider.ts'
import { csvRecords } from '../csv-records.ts'
import { passes, plainText, rejected, verdictOf } from '../meaning.ts'

const PAGE = 1_000

/** As a report heads the columns of what is asked for. */
const COLUMNS = {
  day: 'Date',
  campaignId: 'Campaign ID',
  campaignName: 'Campaign',
  impressions: 'Impressions',
  clicks: 'Clicks',
  cost: 'Media Cost',
} as const
type Places = Readonly<Record<keyof typeof COLUMNS, number>>

/**
 * The rows of a report as it comes. Before them stands a block about the report that ends with the line `Report Fields`, behind them a
 * row `Grand Total:`, without which the file is not whole; a report without rows may say "No data returned by the reporting service."
 * instead (google/starthinker, util/dcm, report_clean, read 2026-11-29). A refusal is the last that comes.
 * @TODO source: that the heads of columns are English whatever the language of the profile.
 */
export async function* costPages(text: AsyncIterable<string>): AsyncGenerator<Asked<readonly CampaignCost[]>> {
  const records = csvRecords(text)
  let isBegun = false
  let places: Places | null = null
  let page: CampaignCost[] = []
  for (;;) {
    const record = await records.next().catch(() => null) // the connection broke
    if (record === null || record.done) return yield brokenOff()
    const cells = record.value
    const first = cells[0]?.trim() ?? ''
    if (first.startsWith('Grand Total') || first.startsWith('No data returned')) break
    if (!isBegun) isBegun = first === 'Report Fields'
    else if (first === '' && cells.length === 1) continue
    else if (places === null) {
      places = placesOf(cells)
      if (places === null) return yield unknownColumns(cells)
    } else {
      const cost = costOf(cells, places)
      if (cost === null) return yield (await isLast(records)) ? brokenOff() : unreadableRow(cells)
      page.push(cost)
      if (page.length < PAGE) continue
      yield { kind: 'ok', value: page }
      page = []
    }
  }
  await records.return(undefined)
  if (page.length > 0) yield { kind: 'ok', value: page }
}

/** What came of the last row may be a part of it only. */
async function isLast(records: AsyncGenerator<readonly string[]>): Promise<boolean> {
  const next = await records.next().catch(() => null)
  if (next?.done === false) await records.return(undefined)
  return next?.done !== false
}

function placesOf(cells: readonly string[]): Places | null {
  const heads = cells.map((cell) => cell.trim())
  const places = Object.entries(COLUMNS).map(([name, head]) => [name, heads.indexOf(head)] as const)
  return places.some(([, place]) => place === -1) ? null : (Object.fromEntries(places) as Places)
}

/** Null: the row is not as it should be. A report tells no row of what neither cost nor showed anything. */
function costOf(cells: readonly string[], places: Places): CampaignCost | null {
  const said = (column: keyof Places) => cells[places[column]]?.trim() ?? ''
  const micros = microsOf(said('cost'))
  const [clicks, impressions] = [countOf(said('clicks')), countOf(said('impressions'))]
  const [day, campaignId] = [said('day'), said('campaignId')]
  if (!isDay(day) || campaignId === '' || micros === undefined || clicks === null || impressions === null) return null
  return { day, campaignId, campaignName: said('campaignName'), micros, clicks, impressions }
}

function countOf(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? Number(text) : null
}

function brokenOff(): Verdict {
  return verdictOf(passes('Campaign Manager 360 broke off in the middle of its report.'), 'report_broken_off', null)
}

function unknownColumns(cells: readonly string[]): Verdict {
  const told = plainText(cells.join(', '))
  return verdictOf(rejected(`Campaign Manager 360 made the report with other columns (${told}).`), 'unknown_columns', null)
}

function unreadableRow(cells: readonly string[]): Verdict {
  const told = plainText(cells.join(', '))
  return verdictOf(
    rejected(`Campaign Manager 360 made a row that Redkey can't read, so nothing of the report counts (${told}).`),
    'unreadable_row',
    null,
  )
}
