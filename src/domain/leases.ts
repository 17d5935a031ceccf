import { later, SECOND_MS } from '../clock.ts'
import type { Deps } from './deps.ts'

/** Named leases: one holder over all machines. */
export interface LeaseStore {
  /** Takes or renews. False while somebody else holds it. */
  take(name: string, by: string, now: Date, until: Date): Promise<boolean>
  release(name: string, by: string): Promise<void>
  /** Renews all that `by` still holds. */
  renew(by: string, now: Date, until: Date): Promise<void>
  /** A process that starts on SQLite is alone: it frees what a crash left behind. */
  releaseAll(): Promise<void>
}

/** How long a claim lasts that nobody renews: after a crash another process goes on this much later. */
const LEASE_MS = 10 * SECOND_MS

export function leaseUntil(now: Date): Date {
  return later(now, LEASE_MS)
}

/**
 * Who holds the claims of this process: a holder for each round of work. While the round runs its claims are renewed; however it
 * ends, what it has not settled runs out by itself, so that nothing stays claimed by a process that has forgotten it.
 */
export interface Rounds {
  run<T>(work: (holder: string) => Promise<T>): Promise<T>
  holders(): readonly string[]
}

export function createRounds(newId: () => string): Rounds {
  const running = new Set<string>()
  return {
    async run(work) {
      const holder = newId()
      running.add(holder)
      try {
        return await work(holder)
      } finally {
        running.delete(holder)
      }
    },
    holders: () => [...running],
  }
}

/** Keeps alive what this process is working on. Runs on the beat, every few seconds. */
export async function renewLeases({
  store,
  clock,
  settings,
  rounds,
}: Pick<Deps, 'store' | 'clock' | 'settings' | 'rounds'>): Promise<void> {
  const now = clock.now()
  const until = leaseUntil(now)
  await store.leases.renew(settings.machine, now, until)
  for (const holder of rounds.holders()) {
    await store.checks.renew(holder, now, until)
    await store.costs.renew(holder, now, until)
    await store.adScans.renew(holder, now, until)
    await store.messages.renew(holder, now, until)
    await store.escalations.renew(holder, now, until)
  }
}
