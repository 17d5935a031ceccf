import type { CostHistory, DayCost, DayState } from '../domain/costs/cost-history.ts'
import type { RecentCosts } from '../domain/costs/read-costs.ts'
import { shortDay, spanWords } from './days.ts'
import { roundedMoney } from './money.ts'
import { date, escapeMrkdwn } from './mrkdwn.ts'
import { list, plural } from './words.ts'

type Days = Pick<CostHistory, 'currency' | 'days'>

/** Nothing is known of what a lost or missing day cost: it is never shown as zero. */
export function isKnown({ state }: DayCost): boolean {
  return state === 'whole' || state === 'open'
}

/** "1,232.11 EUR", or "1,232.11 EUR on the 4 days that are known". */
export function totalWords({ currency, days }: Days): string {
  const known = days.filter(isKnown)
  if (known.length === 0) return 'not known'
  const total = roundedMoney(
    known.reduce((sum, { micros }) => sum + micros, 0n),
    currency,
  )
  if (known.length === days.length) return total
  return known.length === 1 ? `${total} on the one day that is known` : `${total} on the ${known.length} days that are known`
}

/** "28 days complete, 1 incomplete, 1 lost" */
function stateWords(days: readonly DayCost[]): string {
  const of = (state: DayState) => days.filter((day) => day.state === state).length
  return list([
    `${plural(of('whole'), 'day')} complete`,
    ...(of('open') === 0 ? [] : [`${of('open')} incomplete`]),
    ...(of('missing') === 0 ? [] : [`${of('missing')} not downloaded`]),
    ...(of('lost') === 0 ? [] : [`${of('lost')} lost`]),
  ])
}

/** The day that cost most; undefined where nothing is known. */
export function dearest(days: readonly DayCost[]): DayCost | undefined {
  return days
    .filter(isKnown)
    .reduce<DayCost | undefined>((most, day) => (!most || day.micros > most.micros ? day : most), undefined)
}

/** "at most 1,234.61 EUR on 20 Nov"; empty where nothing was spent. */
export function mostWords({ currency, days }: Days): string {
  const most = dearest(days)
  return most === undefined || most.micros <= 0n ? '' : `at most ${roundedMoney(most.micros, currency)} on ${shortDay(most.day)}`
}

/** What is told of a connection's costs, a sentence a line. */
export function costLines(costs: RecentCosts, label: string): string[] {
  if (costs.kind === 'none_yet') return ['*Costs*: none have been downloaded yet.', troubleLine(costs.trouble)]
  const { history } = costs
  const { days, lastAt, trouble } = history
  const lost = days.filter(({ state }) => state === 'lost').map(({ day }) => day)
  return [
    `*Costs of the last ${days.length} days: ${escapeMrkdwn(totalWords(history))}*`,
    `${stateWords(days)}.`,
    lost.length === 0 ? '' : `:warning: Lost: ${spanWords(lost)}. That is further back than ${label} tells.`,
    lastAt === null ? 'No download has been complete yet.' : `Last downloaded ${date(lastAt)}.`,
    troubleLine(trouble),
  ]
}

function troubleLine(trouble: string | null): string {
  return trouble === null ? '' : `:warning: The last try failed: ${escapeMrkdwn(trouble, 300)}`
}

/** The same in one line, for screen readers. */
export function costText(costs: RecentCosts): string {
  const { trouble } = costs.kind === 'known' ? costs.history : costs
  const failed = trouble === null ? '' : ` The last try failed: ${escapeMrkdwn(trouble, 200)}`
  if (costs.kind === 'none_yet') return `No costs have been downloaded yet.${failed}`
  const { history } = costs
  const most = mostWords(history)
  const downloaded = history.lastAt === null ? 'No download has been complete yet.' : `Last downloaded ${date(history.lastAt)}.`
  const what = [totalWords(history), most].map((part) => escapeMrkdwn(part))
  const told = [...what, stateWords(history.days)].filter((part) => part !== '').join('; ')
  return `Costs of the last ${history.days.length} days: ${told}. ${downloaded}${failed}`
}
