import { later, SECOND_MS } from '../../clock.ts'
import type { Deps } from '../deps.ts'
import { leaseUntil } from '../leases.ts'
import type { Verdict } from '../provider.ts'

/** One drain of a connection over all machines. */
export interface DrainLease {
  /** Whether it is still ours, without a gap in which another process may have had it; renews it in time. */
  isOurs(): Promise<boolean>
  release(): Promise<void>
}

/** The lease ran out while a push waited for its turn: what it would send may be outdated by now. */
export const LAPSED: Verdict = {
  kind: 'transient',
  retryAfterMs: null,
  code: 'lease_lapsed',
  explanation: 'Another process may be pushing by now.',
}

/** A lease that has so little left is renewed before the next request. */
const RENEW_MS = 5 * SECOND_MS

/** Null: another process drains this connection. */
export async function takeDrainLease(
  { store, clock, settings }: Pick<Deps, 'store' | 'clock' | 'settings'>,
  connectionId: string,
): Promise<DrainLease | null> {
  const name = `drain:${connectionId}`
  const take = (now: Date) => store.leases.take(name, settings.machine, now, leaseUntil(now))
  const since = clock.now()
  if (!(await take(since))) return null
  let until = leaseUntil(since)
  return {
    async isOurs() {
      const now = clock.now()
      if (now >= until) return false
      if (later(now, RENEW_MS) < until) return true
      if (!(await take(now))) return false
      until = leaseUntil(now)
      return true
    },
    release: () => store.leases.release(name, settings.machine),
  }
}
