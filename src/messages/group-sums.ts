import type { CardMember } from '../domain/cards/card-group.ts'
import type { CatchUp } from '../domain/connections/outage.ts'
import { decimalOf, microsOf } from '../domain/micros.ts'
import { money } from './money.ts'
import { count, list, plural } from './words.ts'

type Sum = Pick<CatchUp, 'expected' | 'pushed' | 'superseded' | 'rejected' | 'finishedAt'>

/** The catch-ups of all, as if they were one. Null: there is none. */
export function caughtUp(members: readonly CardMember[]): Sum | null {
  const catchUps = members.flatMap(({ catchUp }) => catchUp ?? [])
  if (catchUps.length === 0) return null
  const sum = (of: (catchUp: CatchUp) => number) => catchUps.reduce((total, catchUp) => total + of(catchUp), 0)
  const ends = catchUps.map(({ finishedAt }) => finishedAt?.getTime() ?? Number.POSITIVE_INFINITY)
  const last = Math.max(...ends)
  return {
    expected: sum(({ expected }) => expected),
    pushed: sum(({ pushed }) => pushed),
    superseded: sum(({ superseded }) => superseded),
    rejected: sum(({ rejected }) => rejected),
    finishedAt: Number.isFinite(last) ? new Date(last) : null,
  }
}

/** Days that were filled, with their amounts by currency, and days that are lost. */
export function costSums(members: readonly CardMember[]): string[] {
  const gaps = members.flatMap(({ gap }) => gap?.costs ?? [])
  const days = gaps.reduce((sum, { backfilled }) => sum + backfilled.length, 0)
  const lost = gaps.reduce((sum, costs) => sum + costs.lost.length, 0)
  const amounts = new Map<string, bigint>()
  for (const { currency, amount, backfilled } of gaps) {
    if (backfilled.length > 0) amounts.set(currency, (amounts.get(currency) ?? 0n) + (microsOf(amount) ?? 0n))
  }
  const sums = [...amounts].map(([currency, micros]) => money(decimalOf(micros), currency))
  return [
    ...(days === 0 ? [] : [`*${plural(days, 'day')} of costs backfilled*: ${list(sums)}.`]),
    ...(lost === 0 ? [] : [`:warning: *${plural(lost, 'day')} of costs lost*: further back than the providers tell.`]),
  ]
}

/** Ads that were created meanwhile, by what became of them. It never claims that tags could be repaired. */
export function tagSums(members: readonly CardMember[]): string[] {
  const tags = members.flatMap(({ gap }) => (gap?.tags?.kind === 'on' ? gap.tags : []))
  const late = tags.reduce((sum, one) => sum + one.late, 0)
  const never = tags.reduce((sum, one) => sum + one.never, 0)
  if (late + never === 0) return []
  const parts = [...(late === 0 ? [] : [`${count(late)} tagged late`]), ...(never === 0 ? [] : [`${count(never)} never tagged`])]
  return [`*${plural(late + never, 'ad')} created meanwhile without UTM parameters*: ${list(parts)}.`]
}
