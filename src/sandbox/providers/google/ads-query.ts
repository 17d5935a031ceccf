import { type AdsAccount, localTime } from './ads-account.ts'
import { type Days, RESOURCES, rowsOf } from './ads-rows.ts'
import { type ApiFault, adsError } from './answers.ts'
import { type Condition, type Fields, holds, parseQuery, type Query, queryError, shown, wrongIn } from './gaql.ts'
import type { AdsCustomer } from './world.ts'

const DAY_MS = 86_400_000

/** What a query answers, or how it is refused. */
export function answerQuery(customer: AdsCustomer, account: AdsAccount, text: string, now: Date): readonly object[] | ApiFault {
  const query = parseQuery(text)
  if ('status' in query) return query
  const known = RESOURCES[query.from]
  if (!known) return queryError('BAD_RESOURCE_TYPE_IN_FROM_CLAUSE', `'${query.from}' is not a valid resource name.`)
  const wrong = wrongIn(query, known) ?? wrongTimes(query, now)
  if (wrong) return wrong
  const days = daysOf(query)
  if (days === 'infinite') return queryError('EXPECTED_FILTERS_ON_DATE_RANGE', 'Missing filters on date related fields.')
  const rows: Fields[] = []
  for (const row of rowsOf(customer, account, query.from, days)) {
    if (query.where.every((condition) => holds(condition, row))) rows.push(row)
  }
  const { orderBy, limit } = query
  if (orderBy) {
    const sign = orderBy.isDescending ? -1 : 1
    rows.sort((a, b) => sign * String(a[orderBy.field]).localeCompare(String(b[orderBy.field])))
  }
  return unique(rows.map((row) => shown(query.select, row))).slice(0, limit ?? rows.length)
}

/** Metrics that were not asked for do not part the rows. Adding them up is not done here: nobody asks for sums. */
function unique(rows: readonly object[]): object[] {
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()]
}

function daysOf({ select, where }: Query): Days | 'infinite' | null {
  const isCounted = [...select, ...where.map(({ field }) => field)].some((field) => /^(metrics|segments)\./.test(field))
  if (!isCounted) return null
  const range = where.find(({ field, operator }) => field === 'segments.date' && operator === 'BETWEEN')
  const [from, to] = range?.values ?? []
  return from === undefined || to === undefined ? 'infinite' : { from, to }
}

/** Codes of change_status_error.proto, change_event_error.proto and date_range_error.proto (v25, 2026-11-24). */
function wrongTimes({ from, where, limit }: Query, now: Date): ApiFault | null {
  const log = LOGS[from]
  if (log) return wrongLog(log, where, limit, now)
  const first = where.find(({ field }) => field === 'segments.date')?.values[0]
  const oldest = new Date(now)
  oldest.setUTCMonth(oldest.getUTCMonth() - 37)
  if (first === undefined || first >= oldest.toISOString().slice(0, 10)) return null
  return adsError(
    'dateRangeError',
    'REQUESTED_DATE_GRANULARITY_NOT_SUPPORTED',
    'The requested granularity is not supported for the date range.',
  )
}

interface Log {
  readonly group: string
  readonly field: string
  readonly keptDays: number
}

const LOGS: Readonly<Record<string, Log>> = {
  change_status: { group: 'changeStatusError', field: 'change_status.last_change_date_time', keptDays: 90 },
  change_event: { group: 'changeEventError', field: 'change_event.change_date_time', keptDays: 30 },
}

function wrongLog(
  { group, field, keptDays }: Log,
  where: readonly Condition[],
  limit: number | null,
  now: Date,
): ApiFault | null {
  if (limit === null) return adsError(group, 'LIMIT_NOT_SPECIFIED', 'The search request must specify a LIMIT.')
  if (limit > 10_000) return adsError(group, 'INVALID_LIMIT_CLAUSE', 'The LIMIT should be less than or equal to 10K.')
  const [start, end] = where.find((one) => one.field === field && one.operator === 'BETWEEN')?.values ?? []
  if (start === undefined || end === undefined) {
    return adsError(group, 'CHANGE_DATE_RANGE_INFINITE', 'The search request must specify a finite range filter.')
  }
  if (start > end) return adsError(group, 'CHANGE_DATE_RANGE_NEGATIVE', 'The date time filters can never produce any results.')
  const oldest = localTime(new Date(now.getTime() - keptDays * DAY_MS))
  return start < oldest ? adsError(group, 'START_DATE_TOO_OLD', 'The requested start date is too old.') : null
}
