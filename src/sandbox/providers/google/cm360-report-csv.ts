import type { LibraryCost } from '../ads/ad-library.ts'
import type { CmAccount, CmFile, CmReportBody } from './cm360-world.ts'

interface Column {
  readonly head: string
  readonly of: (cost: LibraryCost, account: CmAccount) => string
}

/** Names without `dfa:`, which v4 took away (googleads-dfa-reporting-samples, python/v5/create_report.py, 2026-11-29). */
const DIMENSIONS: Readonly<Record<string, Column>> = {
  date: { head: 'Date', of: ({ day }) => day },
  campaignId: { head: 'Campaign ID', of: ({ campaign }) => campaign.id },
  campaign: { head: 'Campaign', of: ({ campaign }) => campaign.name },
  advertiserId: { head: 'Advertiser ID', of: ({ campaign }, account) => account.advertiserOf(campaign.id).id },
  advertiser: { head: 'Advertiser', of: ({ campaign }, account) => account.advertiserOf(campaign.id).name },
}

const METRICS: Readonly<Record<string, { readonly head: string; readonly of: (cost: LibraryCost) => number }>> = {
  impressions: { head: 'Impressions', of: ({ impressions }) => impressions },
  clicks: { head: 'Clicks', of: ({ clicks }) => clicks },
  mediaCost: { head: 'Media Cost', of: ({ cents }) => cents },
}

/** What is wrong with the definition of a report; null: nothing. */
export function reportProblem({ name, type, criteria }: CmReportBody): string | null {
  if (!name) return 'Report name is required.'
  if (type !== 'STANDARD' || !criteria) return 'Report type and criteria do not match.'
  const { dateRange, dimensions, metricNames } = criteria
  const days = [dateRange.startDate, dateRange.endDate]
  if (days.some((day) => !/^\d{4}-\d{2}-\d{2}$/.test(day)) || dateRange.startDate > dateRange.endDate) {
    return 'Invalid date range.'
  }
  const dimension = dimensions.find((one) => !(one.name in DIMENSIONS))
  if (dimension) return `${dimension.name} is not a valid dimension.`
  const metric = metricNames.find((one) => !(one in METRICS))
  if (metric) return `${metric} is not a valid metric.`
  return metricNames.length === 0 ? 'At least one metric is required.' : null
}

/**
 * A block about the report, the line `Report Fields`, heads, rows, and a total. First words of the lines: public
 * scripts that clean such reports, among them google/starthinker, util/dcm, report_clean (2026-11-29); the rest is a guess. Whoever sees
 * no advertiser gets no rows, and no refusal.
 */
export function reportCsv(account: CmAccount, { body, startedAt }: CmFile, seesAdvertisers: boolean): string {
  const { dateRange, dimensions, metricNames } = body.criteria
  const columns = dimensions.flatMap(({ name }) => DIMENSIONS[name] ?? [])
  const metrics = metricNames.flatMap((name) => METRICS[name] ?? [])
  const lines = [
    [body.name],
    ['Date/Time Generated', startedAt.toISOString()],
    ['Report Time Zone', account.library.timeZone],
    ['Account ID', account.id],
    ['Date Range', `${dateRange.startDate} - ${dateRange.endDate}`],
    ['MRC Accredited Metrics', 'Clicks (Desktop Display, Mobile Display), Impressions (Desktop Display)'],
    [''],
    ['Report Fields'],
    [...columns.map(({ head }) => head), ...metrics.map(({ head }) => head)],
  ]
  const costs = seesAdvertisers ? [...account.library.costs(dateRange.startDate, dateRange.endDate)] : []
  for (const cost of costs) {
    lines.push([...columns.map(({ of }) => of(cost, account)), ...metrics.map((metric) => told(metric.head, metric.of(cost)))])
  }
  const totals = metrics.map((metric) =>
    told(
      metric.head,
      costs.reduce((sum, cost) => sum + metric.of(cost), 0),
    ),
  )
  lines.push(['Grand Total:', ...columns.slice(1).map(() => '---'), ...totals])
  return `${lines.map((cells) => cells.map(csvCell).join(',')).join('\n')}\n`
}

function told(head: string, amount: number): string {
  return head === 'Media Cost' ? `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, '0')}00` : String(amount)
}

function csvCell(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
