import type { Deps } from './deps.ts'
import { leaseUntil } from './leases.ts'

export interface ClaimedWork {
  /** Does what is due. */
  run(): Promise<void>
}

/** What is due is claimed and done, `most` of it at once over all rounds: what is large takes long, and the rest does not wait for it. */
export function claimedWork<T>(
  { rounds, clock }: Pick<Deps, 'rounds' | 'clock'>,
  most: number,
  claim: (now: Date, until: Date, holder: string, limit: number) => Promise<readonly T[]>,
  work: (claimed: T, holder: string) => Promise<void>,
): ClaimedWork {
  let underWay = 0
  return {
    run: () =>
      rounds.run(async (holder) => {
        const now = clock.now()
        const due = await claim(now, leaseUntil(now), holder, Math.max(0, most - underWay))
        underWay += due.length
        const one = (claimed: T) => work(claimed, holder).finally(() => void underWay--)
        await Promise.all(due.map(one))
      }),
  }
}
