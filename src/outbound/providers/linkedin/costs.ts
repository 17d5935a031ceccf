import type { CampaignCost, CostReach, CostsOrder, CostsStep } from '../../../domain/ads.ts'
import { addDays, countDays, type Day, type Days, earlierDay } from '../../../domain/day.ts'
import { microsOf } from '../../../domain/micros.ts'
import type { Asked, Tokens } from '../../../domain/provider.ts'
import { asCount, asList, asRecord, type JsonRecord } from '../json.ts'
import { rejected, verdictOf } from '../meaning.ts'
import type { Api } from './api.ts'
import { type Campaign, listCampaigns } from './campaigns.ts'
import { dateOf, idOf, listOf, urnOf } from './restli.ts'
import { unreadable } from './verdicts.ts'

/**
 * singer-io/tap-linkedin-ads reads 7 days again, panoply.io/docs/data-sources/linkedin-ads 30 (2026-11).
 * @TODO source: LinkedIn names neither how long amounts change nor, where it could be read, how long it keeps those of single days
 * ("the retention period depends on the type of request").
 */
export const LINKEDIN_REACH: CostReach = { restatedDays: 14, reachDays: 180 }

/**
 * An answer has no pages and holds 15,000 elements at most; what is more is left out without a word.
 * https://learn.microsoft.com/linkedin/marketing/integrations/ads-reporting/ads-reporting (restrictions),
 * OWOX/owox-data-marts#1569, PostHog/posthog#57887 (2026-11)
 */
const MOST_ELEMENTS = 15_000
const MOST_DAYS = 31
const PIECE = 2_000
/** More than is read at once. */
const TOO_LARGE = 'no_answer_too_large'
/** At most 20; names of campaigns are not among them. */
const FIELDS = 'dateRange,pivotValues,costInLocalCurrency,impressions,clicks'

/**
 * A call for a month, or for fewer days where an answer is as full as it can be. LinkedIn answers an empty list to who may not read,
 * so that no row proves nothing.
 */
export async function takeCosts(api: Api, tokens: Tokens, { account, days, take }: CostsOrder): Promise<Asked<CostsStep>> {
  let names: ReadonlyMap<string, Campaign> | null = null
  let span = MOST_DAYS
  for (let from = days.from; from <= days.to; ) {
    const part = { from, to: earlierDay(addDays(from, span - 1), days.to) }
    const report = await askForReport(api, tokens, account.id, part)
    if (report.kind !== 'ok') return report
    if (report.value.isCut) {
      if (part.from === part.to) return verdictOf(tooMany(part.from), 'too_many_rows', null)
      span = Math.ceil(countDays(part) / 2)
      continue
    }
    if (names === null && report.value.rows.length > 0) {
      const listed = await listCampaigns(api, tokens, account.id)
      if (listed.kind !== 'ok') return listed
      names = listed.value
    }
    const rows = report.value.rows.map((row) => ({ ...row, campaignName: names?.get(row.campaignId)?.name ?? '' }))
    for (let place = 0; place < rows.length; place += PIECE) await take(rows.slice(place, place + PIECE))
    from = addDays(part.to, 1)
  }
  return { kind: 'ok', value: { kind: 'done' } }
}

const tooMany = (day: Day) =>
  rejected(
    `LinkedIn tells of no more than ${MOST_ELEMENTS.toLocaleString('en-US')} campaigns a day, and told of so many for ${day}. The costs of others may be missing, so that day was not taken.`,
  )

type Row = Omit<CampaignCost, 'campaignName'>
type Report = { readonly rows: readonly Row[]; readonly isCut: boolean }

async function askForReport(api: Api, tokens: Tokens, accountId: string, days: Days): Promise<Asked<Report>> {
  const query = [
    'q=analytics&pivot=CAMPAIGN&timeGranularity=DAILY',
    `dateRange=(start:${dateOf(days.from)},end:${dateOf(days.to)})`,
    `accounts=${listOf([urnOf('sponsoredAccount', accountId)])}`,
    `fields=${FIELDS}`,
  ]
  const asked = await api.get(tokens, `/rest/adAnalytics?${query.join('&')}`)
  if (asked.kind !== 'ok' && asked.code === TOO_LARGE) return { kind: 'ok', value: { rows: [], isCut: true } }
  if (asked.kind !== 'ok') return asked
  const { elements, paging } = asked.value
  if (!Array.isArray(elements)) return unreadable()
  const hasMore = asList(asRecord(paging).links).some((link) => asRecord(link).rel === 'next')
  if (hasMore || elements.length >= MOST_ELEMENTS) return { kind: 'ok', value: { rows: [], isCut: true } }
  const rows: Row[] = []
  for (const element of elements) {
    const row = rowOf(asRecord(element), days)
    if (row === null) return unreadable()
    rows.push(row)
  }
  return { kind: 'ok', value: { rows, isCut: false } }
}

function rowOf({ dateRange, pivotValues, costInLocalCurrency, clicks, impressions }: JsonRecord, days: Days): Row | null {
  const day = dayIn(asRecord(asRecord(dateRange).start))
  const campaignId = idOf('sponsoredCampaign', asList(pivotValues)[0])
  const micros = amountOf(costInLocalCurrency, (clicks ?? 0) === 0 && (impressions ?? 0) === 0)
  const counts = [clicks ?? 0, impressions ?? 0].map(asCount)
  if (day === null || day < days.from || day > days.to || campaignId === null || micros === undefined) return null
  const [clicked, shown] = counts
  if (clicked == null || shown == null) return null
  return { day, campaignId, micros, clicks: clicked, impressions: shown }
}

function dayIn({ year, month, day }: JsonRecord): Day | null {
  const [years, months, days] = [year, month, day].map((part) => asCount(part))
  if (years == null || months == null || days == null) return null
  return `${String(years).padStart(4, '0')}-${String(months).padStart(2, '0')}-${String(days).padStart(2, '0')}`
}

/** A decimal as text; nothing where nothing was counted at all. */
function amountOf(value: unknown, isNothing: boolean): bigint | undefined {
  if (value === undefined) return isNothing ? 0n : undefined
  return typeof value === 'string' || typeof value === 'number' ? microsOf(String(value)) : undefined
}
