import { later, SECOND_MS } from '../clock.ts'
import type { Deps } from './deps.ts'

/** How long a claim lasts that nobody renews: after a crash another process goes on this much later. */
const LEASE_MS = 10 * SECOND_MS

export function leaseUntil(now: Date): Date {
  return later(now, LEASE_MS)
}

/** Keeps alive what this process is working on. Runs on the beat, every few seconds. */
export async function renewLeases({ store, clock, settings }: Pick<Deps, 'store' | 'clock' | 'settings'>): Promise<void> {
  const now = clock.now()
  const until = leaseUntil(now)
  await store.leases.renew(settings.machine, now, until)
  await store.checks.renew(settings.machine, now, until)
  await store.messages.renew(settings.machine, now, until)
}
