import { DAY_MS } from '../clock.ts'
import type { Connection } from './connections/connection.ts'
import type { Deps } from './deps.ts'

/** Of the calls that a provider allows an app in a day, each of downloads and scans uses up at most so many; probes have their own. */
const SHARE = 0.3

/**
 * How long to wait between rounds of `callsEach` calls for each connection of an app: `everyMs`, or as much longer as it takes where
 * its provider allows the app few calls in a day.
 */
export function rationedMs(everyMs: number, callsEach: number, ofApp: number, dailyCalls: number | undefined): number {
  if (dailyCalls === undefined) return everyMs
  return Math.max(everyMs, Math.ceil((ofApp * callsEach * DAY_MS) / (dailyCalls * SHARE)))
}

export async function rationedFor(
  { store, providers }: Pick<Deps, 'store' | 'providers'>,
  { provider, grantId }: Connection,
  everyMs: number,
  callsEach: number,
): Promise<number> {
  const dailyCalls = providers.get(provider)?.dailyCalls
  if (dailyCalls === undefined) return everyMs
  return rationedMs(everyMs, callsEach, await store.apps.connections(grantId), dailyCalls)
}
