import type { CostHistory, DayCost } from '../../domain/costs/cost-history.ts'
import { dearest, isKnown, mostWords } from '../cost-words.ts'
import { shortDay } from '../days.ts'
import { escapeMrkdwn } from '../mrkdwn.ts'

const LEVELS = '▁▂▃▄▅▆▇█'
const MISSING = '·'
const LOST = '×'

/** The days as one character each, as mrkdwn; below it the first and the last, the most, and what signs mean that occur. */
export function costSparkline({ currency, days }: Pick<CostHistory, 'currency' | 'days'>): string {
  const [first, last] = [days[0], days.at(-1)]
  if (!first || !last) return ''
  const most = dearest(days)?.micros ?? 0n
  const signs = days.map((day) => sign(day, most)).join('')
  const has = (state: DayCost['state']) => days.some((day) => day.state === state)
  const words = [
    `${shortDay(first.day)} to ${shortDay(last.day)}`,
    escapeMrkdwn(mostWords({ currency, days })),
    ...(has('missing') ? [`\`${MISSING}\` not downloaded`] : []),
    ...(has('lost') ? [`\`${LOST}\` lost`] : []),
  ]
  return `\`${signs}\`\n${words.filter((part) => part !== '').join(', ')}`
}

function sign(day: DayCost, most: bigint): string {
  if (!isKnown(day)) return day.state === 'lost' ? LOST : MISSING
  if (day.micros <= 0n) return LEVELS.charAt(0)
  const level = (day.micros * BigInt(LEVELS.length) + most - 1n) / most
  return LEVELS.charAt(Number(level) - 1)
}
