import type { AdsContent } from './ad-libraries.ts'
import type { AdsFaultName } from './answers.ts'
import { csvOf } from './csv.ts'
import type { Files } from './files.ts'

/** learn.microsoft.com/advertising/reporting-service, REST (2026-08, read 2026-11). */
export interface ReportRequest {
  readonly Type?: unknown
  readonly Format?: unknown
  readonly Aggregation?: unknown
  readonly Columns?: unknown
  readonly Scope?: { readonly AccountIds?: unknown }
  readonly Time?: {
    readonly CustomDateRangeStart?: unknown
    readonly CustomDateRangeEnd?: unknown
    readonly ReportTimeZone?: unknown
  }
  readonly ExcludeReportHeader?: unknown
  readonly ExcludeReportFooter?: unknown
}

interface Report {
  readonly username: string
  readonly accountId: string
  readonly columns: readonly Column[]
  readonly from: string
  readonly to: string
  readonly readyAt: number
}

/** Of ReportTimeZone those that anybody here needs. */
const ZONES: Readonly<Record<string, string>> = {
  AmsterdamBerlinBernRomeStockholmVienna: 'Europe/Berlin',
  EasternTimeUSCanada: 'America/New_York',
  PacificTimeUSCanadaTijuana: 'America/Los_Angeles',
}

const COLUMNS = [
  'TimePeriod',
  'AccountId',
  'CampaignId',
  'CampaignName',
  'CurrencyCode',
  'Spend',
  'Clicks',
  'Impressions',
] as const
type Column = (typeof COLUMNS)[number]

/** 36 months. */
const KEPT_DAYS = 1096
const DAY_MS = 86_400_000

export interface AdReportOptions {
  readonly contents: ReadonlyMap<string, AdsContent>
  readonly files: Files
  now(): Date
  /** How long a report takes. */
  takesMs(): number
  fails(): boolean
}

type Outcome = { readonly json: object } | AdsFaultName

export interface AdReports {
  /** `mayRead`: whether the user reaches an account. */
  submit(username: string, request: ReportRequest, mayRead: (accountId: string) => boolean): Outcome
  poll(username: string, reportId: unknown, origin: string): Outcome
}

export function adReports({ contents, files, now, takesMs, fails }: AdReportOptions): AdReports {
  const reports = new Map<string, Report>()

  return {
    submit(username, request, mayRead) {
      const read = readRequest(request, now())
      if (typeof read === 'string') return read
      if (!contents.has(read.accountId)) return 'unknownReportAccount'
      if (!mayRead(read.accountId)) return 'reportAccountNotAuthorized'
      const id = `3000000${String(reports.size + 1).padStart(10, '0')}`
      reports.set(id, { ...read, username, readyAt: now().getTime() + takesMs() })
      return { json: { ReportRequestId: id } }
    },
    poll(username, reportId, origin) {
      const report = reports.get(String(reportId))
      if (!report || report.username !== username) return 'reportNotFound'
      if (fails()) return statusJson('Error', null)
      if (now().getTime() < report.readyAt) return statusJson('Pending', null)
      const rows = rowsOf(report, contents)
      if (rows.length === 0) return statusJson('Success', null)
      return statusJson('Success', `${origin}${files.add('Costs', csvOf([report.columns, ...rows], true))}`)
    },
  }
}

function statusJson(status: 'Pending' | 'Success' | 'Error', url: string | null): Outcome {
  return { json: { ReportRequestStatus: { ReportDownloadUrl: url, Status: status } } }
}

function readRequest(request: ReportRequest, now: Date): Omit<Report, 'username' | 'readyAt'> | AdsFaultName {
  const { Type, Format, Aggregation, Columns, Scope, Time, ExcludeReportHeader, ExcludeReportFooter } = request
  if (Type !== 'CampaignPerformanceReportRequest' || Format !== 'Csv' || Aggregation !== 'Daily') return 'badRequest'
  if (ExcludeReportHeader !== true || ExcludeReportFooter !== true) return 'badRequest' // this fake writes neither
  const columns = COLUMNS.filter((column) => Array.isArray(Columns) && Columns.includes(column))
  if (!Array.isArray(Columns) || columns.length !== Columns.length) return 'badRequest'
  if (!columns.includes('TimePeriod') || !columns.includes('Spend')) return 'requiredColumns'
  const accountIds = Scope?.AccountIds
  if (!Array.isArray(accountIds) || accountIds.length !== 1) return 'badRequest'
  const zone = ZONES[String(Time?.ReportTimeZone ?? 'PacificTimeUSCanadaTijuana')]
  if (zone === undefined) return 'badRequest'
  const [from, to] = [readDate(Time?.CustomDateRangeStart), readDate(Time?.CustomDateRangeEnd)]
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(now)
  if (to === null || to > today) return 'invalidRangeEnd'
  if (from === null || Date.parse(today) - Date.parse(from) > KEPT_DAYS * DAY_MS) return 'invalidRangeStart'
  if (from > to) return 'endBeforeStart'
  return { accountId: String(accountIds[0]), columns: Columns as Column[], from, to }
}

function readDate(date: unknown): string | null {
  const { Day = 0, Month = 0, Year = 0 } = (date ?? {}) as { Day?: number; Month?: number; Year?: number }
  const text = `${String(Year).padStart(4, '0')}-${String(Month).padStart(2, '0')}-${String(Day).padStart(2, '0')}`
  return Number.isNaN(Date.parse(text)) ? null : text
}

function rowsOf({ accountId, columns, from, to }: Report, contents: AdReportOptions['contents']): readonly (readonly string[])[] {
  const library = contents.get(accountId)?.library
  if (!library) return []
  return [...library.costs(from, to)].map(({ day, campaign, cents, clicks, impressions }) => {
    const cells: Record<Column, string> = {
      TimePeriod: day,
      AccountId: accountId,
      CampaignId: campaign.id,
      CampaignName: campaign.name,
      CurrencyCode: library.currency,
      Spend: (cents / 100).toFixed(2),
      Clicks: String(clicks),
      Impressions: String(impressions),
    }
    return columns.map((column) => cells[column])
  })
}
