import type { Day } from '../day.ts'
import { decimalOf } from '../micros.ts'
import type { GapCosts } from './gap.ts'

/** What all campaigns cost on a day. */
interface KnownDay {
  readonly state: string
  readonly micros: number
  /** Campaigns that cost something. */
  readonly campaigns: number
}

/** What stood in the store before and after a download, also of the days that `earlier` names. */
export interface Filled {
  readonly currency: string
  readonly before: ReadonlyMap<Day, KnownDay>
  readonly after: ReadonlyMap<Day, KnownDay>
  readonly lost: readonly Day[]
}

/**
 * What a download has filled and changed, with the amounts of now. `earlier`: what was told of gaps that were never reported, since
 * another outage came, and that became part of this one.
 */
export function gapCosts({ currency, before, after, lost }: Filled, earlier: readonly GapCosts[]): Omit<GapCosts, 'campaigns'> {
  const filled = new Set(earlier.flatMap(({ backfilled }) => backfilled.map(({ day }) => day)))
  for (const [day, { state }] of after) if (state === 'whole' && before.get(day)?.state !== 'whole') filled.add(day)
  const amountOf = ({ micros }: KnownDay) => decimalOf(BigInt(micros))
  const first = new Map([...before].map(([day, was]) => [day, amountOf(was)]))
  for (const { restated } of earlier.toReversed()) for (const { day, before: amount } of restated) first.set(day, amount)
  const known = [...after].filter(([, { state }]) => state === 'whole').sort(([a], [b]) => (a < b ? -1 : 1))
  const backfilled = known.filter(([day]) => filled.has(day))
  return {
    currency,
    backfilled: backfilled.map(([day, now]) => ({ day, amount: amountOf(now), campaigns: now.campaigns })),
    amount: decimalOf(backfilled.reduce((sum, [, { micros }]) => sum + BigInt(micros), 0n)),
    restated: known.flatMap(([day, now]) => {
      const was = first.get(day)
      return filled.has(day) || was === undefined || was === amountOf(now) ? [] : [{ day, before: was, after: amountOf(now) }]
    }),
    lost: [...new Set([...earlier.flatMap((told) => told.lost), ...lost])].sort(),
  }
}
