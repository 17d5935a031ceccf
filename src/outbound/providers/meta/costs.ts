import type { Clock } from '../../../clock.ts'
import type { CostReach, CostsOrder, CostsStep } from '../../../domain/ads.ts'
import { addDays, countDays, type Days, earlierDay } from '../../../domain/day.ts'
import type { Asked, Tokens } from '../../../domain/provider.ts'
import { asText } from '../json.ts'
import { type Graph, unreadable } from './graph.ts'
import { askAgain, jobOf, type Report, readJob, stateOf } from './report.ts'
import { takeRows } from './report-rows.ts'
import { isTooMuch } from './too-much.ts'

/**
 * Insights reach back 37 months (1,123 days at least), and 28 days may still change.
 * airbytehq/airbyte, base_insight_streams.py (read 2026-11-29: "Facebook freezes insight data 28 days after it was generated"); error
 * 3018 in developers.facebook.com/docs/marketing-api/reference/ad-account/insights
 */
export const COST_REACH: CostReach = { restatedDays: 28, reachDays: 1123 }

/** Also ended and removed campaigns, which are left out otherwise: …/marketing-api/best-practices/manage-your-ad-object-status (2026-11). */
const STATUSES = ['ACTIVE', 'ARCHIVED', 'DELETED', 'IN_PROCESS', 'PAUSED', 'WITH_ISSUES']

/**
 * A GET answers small questions at once; a large one times out there, which a report that Meta makes first does not.
 * …/marketing-api/insights/best-practices (2026-11) names no number of days: `MOST_DAYS_AT_ONCE` is what a usual download asks for.
 */
const MOST_DAYS_AT_ONCE = 7
/** Of one report. Too large ones fail after up to an hour, and are then asked for by halves. */
const DAYS_OF_A_REPORT = 90
const PAGE_ROWS = '500'

interface CostsDeps {
  readonly graph: Graph
  readonly clock: Clock
}

/** https://developers.facebook.com/docs/marketing-api/reference/ad-account/insights (2026-11); days are the account's. */
export async function costs(deps: CostsDeps, tokens: Tokens, order: CostsOrder): Promise<Asked<CostsStep>> {
  const report = readJob(order.job)
  if (report !== null) return follow(deps, tokens, order, report)
  const { days } = order
  if (countDays(days) > MOST_DAYS_AT_ONCE) return orderReport(deps, tokens, order, days.from, DAYS_OF_A_REPORT)
  const query = { ...questionOf(days), limit: PAGE_ROWS }
  const taken = await takeRows(deps.graph.pages(tokens, edgeOf(order), query), order)
  if (taken.kind === 'ok') return { kind: 'ok', value: { kind: 'done' } }
  return isTooMuch(taken) ? orderReport(deps, tokens, order, days.from, MOST_DAYS_AT_ONCE) : taken
}

function edgeOf({ account }: CostsOrder): string {
  return `/${encodeURIComponent(account.id)}/insights`
}

function questionOf({ from, to }: Days): Record<string, string> {
  return {
    level: 'campaign',
    time_increment: '1',
    time_range: JSON.stringify({ since: from, until: to }),
    fields: 'campaign_id,campaign_name,spend,clicks,impressions',
    filtering: JSON.stringify([{ field: 'campaign.effective_status', operator: 'IN', value: STATUSES }]),
  }
}

/** Of up to `size` days from `from` on. */
async function orderReport(
  { graph, clock }: CostsDeps,
  tokens: Tokens,
  order: CostsOrder,
  from: string,
  size: number,
): Promise<Asked<CostsStep>> {
  const days = { from, to: earlierDay(addDays(from, size - 1), order.days.to) }
  const asked = await graph.post(tokens, edgeOf(order), questionOf(days))
  if (asked.kind !== 'ok') return asked
  const run = asText(asked.value.report_run_id)
  if (run === null) return unreadable()
  return askAgain(jobOf({ run, ...days, orderedAtMs: clock.now().getTime(), asked: 0 }))
}

async function follow(deps: CostsDeps, tokens: Tokens, order: CostsOrder, report: Report): Promise<Asked<CostsStep>> {
  const { graph, clock } = deps
  const state = await stateOf(graph, tokens, report, clock.now())
  if (state.kind === 'works') return askAgain(jobOf({ ...report, asked: report.asked + 1 }))
  if (state.kind === 'too_much') return orderReport(deps, tokens, order, report.from, Math.ceil(countDays(report) / 2))
  if (state.kind !== 'made') return state
  const taken = await takeRows(graph.pages(tokens, `/${report.run}/insights`, { limit: PAGE_ROWS }), order)
  if (taken.kind !== 'ok') return taken
  if (report.to >= order.days.to) return { kind: 'ok', value: { kind: 'done' } }
  return orderReport(deps, tokens, order, addDays(report.to, 1), countDays(report))
}
