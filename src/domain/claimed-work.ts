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

  /** Another round may begin before the claim is answered: its places are taken until then. */
  async function claimFree(holder: string): Promise<readonly T[]> {
    const free = most - underWay
    if (free === 0) return []
    underWay = most
    let taken = 0
    try {
      const now = clock.now()
      const due = await claim(now, leaseUntil(now), holder, free)
      taken = due.length
      return due
    } finally {
      underWay -= free - taken
    }
  }

  return {
    run: () =>
      rounds.run(async (holder) => {
        const due = await claimFree(holder)
        // All of it, since what is claimed is kept alive as long as its round runs.
        const done = await Promise.allSettled(due.map((claimed) => work(claimed, holder).finally(() => void underWay--)))
        const failed = done.find(({ status }) => status === 'rejected')
        if (failed?.status === 'rejected') throw failed.reason
      }),
  }
}
