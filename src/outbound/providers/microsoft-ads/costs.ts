import { MINUTE_MS, SECOND_MS } from '../../../clock.ts'
import type { CampaignCost, CostReach, CostsOrder, CostsStep } from '../../../domain/ads.ts'
import { type Day, isDay } from '../../../domain/day.ts'
import { microsOf } from '../../../domain/micros.ts'
import type { Asked, Tokens } from '../../../domain/provider.ts'
import { asRecord, asText } from '../json.ts'
import { passes, verdictOf } from '../meaning.ts'
import { idOf, readAccount, unknownTimeZone } from './accounts.ts'
import { type Api, unreadable } from './api.ts'
import { handOn, type Row } from './file-rows.ts'
import { timeZoneOf } from './time-zones.ts'

/**
 * Daily rows of the campaign performance report are kept for 36 months (guides/report-data-retention-time-periods). Books close after
 * three hours, but credits for invalid clicks "might take a week or more" (guides/reports#reptimezones); 30 days as third parties read
 * them again. All of 2026-08, read 2026-11.
 */
export const COST_REACH: CostReach = { restatedDays: 30, reachDays: 1094 }

const COLUMNS = ['TimePeriod', 'CampaignId', 'CampaignName', 'Spend', 'Clicks', 'Impressions'] as const

/**
 * Most reports are done within minutes, and two minutes are the shortest wait that the guide calls appropriate; its own SDK asks every
 * five seconds (guides/request-download-report and BingAds-Python-SDK, 2026-11).
 */
const WAITS_MS = [10 * SECOND_MS, 20 * SECOND_MS, 40 * SECOND_MS, 80 * SECOND_MS, 2 * MINUTE_MS] as const
/** About four hours: a report that takes longer never comes. */
const MOST_POLLS = 120

/**
 * SubmitGenerateReport, PollGenerateReport, and a ZIP with one CSV: https://learn.microsoft.com/advertising/reporting-service and
 * guides/request-download-report (2026-11). A job is the report's id and how often it was asked for, `30000001231499722 3`.
 */
export async function costs(api: Api, tokens: Tokens, order: CostsOrder): Promise<Asked<CostsStep>> {
  if (order.job === null) return submit(api, tokens, order)
  const [reportId = '', polls = '0'] = order.job.split(' ')
  const asked = await api.ask(tokens, 'reporting', '/GenerateReport/Poll', { ReportRequestId: reportId }, order.account)
  if (asked.kind !== 'ok') return asked
  const { Status: status, ReportDownloadUrl: url } = asRecord(asRecord(asked.value.json).ReportRequestStatus)
  if (status === 'Pending') return later(reportId, Number(polls) + 1)
  if (status !== 'Success') return unreadable()
  // "Even when the Status is set to Success, this element can be nil if no data is available": reportrequeststatus (2026-11).
  if (url === null || url === undefined || url === '') return { kind: 'ok', value: { kind: 'done' } }
  const address = asText(url)
  if (address === null) return unreadable()
  const file = await api.download(address)
  if (file.kind !== 'ok') return file
  const read = await handOn(
    file.value,
    (row) => readCost(row, order.days),
    async (page) => {
      await order.take(page)
      return 'more'
    },
  )
  return read.kind === 'ok' ? { kind: 'ok', value: { kind: 'done' } } : read
}

/** CampaignPerformanceReportRequest. Without a filter it has campaigns of every status, also deleted ones. */
async function submit(api: Api, tokens: Tokens, { account, days }: CostsOrder): Promise<Asked<CostsStep>> {
  const described = await readAccount(api, tokens, account)
  if (described.kind !== 'ok') return described
  const zone = timeZoneOf(asText(described.value.TimeZone))
  if (!zone) return unknownTimeZone()
  const asked = await api.ask(
    tokens,
    'reporting',
    '/GenerateReport/Submit',
    {
      ReportRequest: {
        Type: 'CampaignPerformanceReportRequest',
        ReportName: 'Costs',
        Format: 'Csv',
        FormatVersion: '2.0',
        ExcludeReportHeader: true,
        ExcludeReportFooter: true,
        ExcludeColumnHeaders: false,
        ReturnOnlyCompleteData: false,
        Aggregation: 'Daily',
        Columns: COLUMNS,
        Scope: { AccountIds: [account.id] },
        // Without a zone the days are those of the Pacific coast: reporting-service/reporttime (2026-11).
        Time: {
          CustomDateRangeStart: dateOf(days.from),
          CustomDateRangeEnd: dateOf(days.to),
          ReportTimeZone: zone.inReports,
        },
      },
    },
    account,
  )
  if (asked.kind !== 'ok') return asked
  const reportId = idOf(asRecord(asked.value.json).ReportRequestId)
  return reportId === null || reportId.includes(' ') ? unreadable() : later(reportId, 0)
}

function later(reportId: string, polls: number): Asked<CostsStep> {
  if (polls >= MOST_POLLS) return verdictOf(NEVER_READY, 'report_never_ready', null)
  const afterMs = WAITS_MS[Math.min(polls, WAITS_MS.length - 1)] ?? 2 * MINUTE_MS
  return { kind: 'ok', value: { kind: 'later', job: `${reportId} ${polls}`, afterMs } }
}

const NEVER_READY = passes('Microsoft Advertising took hours over a report, so another one is asked for.')

function dateOf(day: Day): { readonly Day: number; readonly Month: number; readonly Year: number } {
  const [year, month, date] = day.split('-').map(Number)
  return { Day: date ?? 0, Month: month ?? 0, Year: year ?? 0 }
}

/** Amounts are decimals in the account's currency, without a delimiter of thousands; numbers are whole: guides/reports (2026-11). */
function readCost(row: Row, days: CostsOrder['days']): Asked<CampaignCost> {
  const day = row('TimePeriod')
  const campaignId = row('CampaignId')
  const micros = microsOf(row('Spend'))
  const clicks = countOf(row('Clicks'))
  const impressions = countOf(row('Impressions'))
  const isOrdered = isDay(day) && day >= days.from && day <= days.to
  if (!isOrdered || !/^\d+$/.test(campaignId) || micros === undefined || clicks === null || impressions === null)
    return verdictOf(UNREADABLE_ROW, 'unreadable_row', null)
  return { kind: 'ok', value: { day, campaignId, campaignName: row('CampaignName'), micros, clicks, impressions } }
}

const UNREADABLE_ROW = passes('Microsoft Advertising gave a report with a row that Redkey can’t read, so none of it counts.')

function countOf(text: string): number | null {
  const count = Number(text)
  return /^\d+$/.test(text) && Number.isSafeInteger(count) ? count : null
}
