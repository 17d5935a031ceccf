import type { CostHistory, DayState } from '../../domain/costs/cost-history.ts'
import { isKnown, mostWords, totalWords } from '../cost-words.ts'
import { dayWords, shortDay, spanWords } from '../days.ts'
import { roundedMoney } from '../money.ts'
import { plain } from '../mrkdwn.ts'

/** Slack's limit of an image's alternative text. */
const LONGEST = 2000

/** What the chart shows, in words: the whole first, then day by day. */
export function costAltText({ currency, days }: Pick<CostHistory, 'currency' | 'days'>): string {
  const [first, last] = [days[0], days.at(-1)]
  if (!first || !last) return 'There are no days.'
  const of = (state: DayState) => days.filter((day) => day.state === state).map(({ day }) => day)
  const spans = (words: string, state: DayState) => (of(state).length === 0 ? '' : `${words}: ${spanWords(of(state))}.`)
  const most = mostWords({ currency, days })
  const each = days.filter(isKnown).map(({ day, micros }) => `${shortDay(day)} ${roundedMoney(micros, '')}`)
  const sentences = [
    `Cost per day from ${dayWords(first.day)} to ${dayWords(last.day)}: ${totalWords({ currency, days })}${most === '' ? '' : `, ${most}`}.`,
    spans('Incomplete', 'open'),
    spans('Not downloaded', 'missing'),
    spans('Lost', 'lost'),
    each.length === 0 ? '' : `Day by day in ${currency}: ${each.join('; ')}.`,
  ]
  return plain(sentences.filter((sentence) => sentence !== '').join(' '), LONGEST)
}
