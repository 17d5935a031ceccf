import { atOnce } from '../at-once.ts'
import type { Account, Asked, Verdict } from '../provider.ts'
import type { CompleteDeps, Left } from './completion.ts'
import type { Grant } from './grant.ts'
import type { Reached } from './reach.ts'
import { BUSY, type Swapped, swapGrant } from './swap-grant.ts'

/** One real read of an account, before anything is swapped. */
export type Read = (account: Account) => Promise<Asked<unknown>>

/** Somebody waits at a page: many accounts are read beside each other, and a provider is not flooded. */
export const READS_AT_ONCE = 6

export interface BroughtBack {
  readonly back: readonly Swapped[]
  readonly left: readonly Left[]
}

/**
 * Gives all of them the same grant, each in a program of its own once its account was read. Breaking off half way loses nothing:
 * the others stay as they are, and the same login again takes them too.
 */
export async function bringBack(
  deps: CompleteDeps,
  grant: Grant,
  reached: readonly Reached[],
  read: Read,
  byUser: string | null,
): Promise<BroughtBack> {
  const [first, ...others] = reached
  if (!first) return { back: [], left: [] }
  const one = async ({ connection, account }: Reached): Promise<Swapped | Left | null> => {
    const answer = await read(account)
    if (answer.kind !== 'ok') return { connection, why: 'not_read', verdict: answer }
    const swap = await swapGrant(deps, connection, grant, account, byUser)
    if (swap.kind === 'swapped') return swap
    return swap.kind === 'gone' ? null : { connection, why: 'not_read', verdict: busy() }
  }
  const head = await one(first)
  // What has nothing to do with this account would refuse the others alike.
  const isHopeless = head !== null && 'why' in head && head.verdict?.kind !== 'permission'
  const ends = [head, ...(isHopeless ? others.map((other) => unread(other, head)) : await atOnce(others, READS_AT_ONCE, one))]
  return {
    back: ends.filter((end) => end !== null && 'kind' in end),
    left: ends.filter((end) => end !== null && 'why' in end),
  }
}

function unread({ connection }: Reached, { verdict }: Left): Left {
  return { connection, why: 'not_read', verdict }
}

function busy(): Verdict {
  return { kind: 'transient', retryAfterMs: null, code: 'busy', explanation: BUSY }
}
