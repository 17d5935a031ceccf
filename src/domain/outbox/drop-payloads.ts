import { setImmediate } from 'node:timers/promises'
import { later } from '../../clock.ts'
import type { Deps } from '../deps.ts'

/** A thousand take SQLite 60 ms on a small machine (200,000 rows of 600 bytes with random ids), and Slack waits meanwhile. */
const AT_ONCE = 500
/** In one round, which comes every hour: 12 million payloads of a connection and 50 GB a day. */
const MOST_STEPS = 1000

/**
 * Drops the payloads of touchpoints that were pushed more than `keepMs` ago, and gives the space back. Ids and hashes stay, so a
 * repeat is known for ever and a change is an update; rejected ones keep their payload, since they may be retried.
 * In small steps: others get their turn between two.
 */
export async function dropOldPayloads(
  { store, clock, log, stopping }: Pick<Deps, 'store' | 'clock' | 'log' | 'stopping'>,
  keepMs: number,
): Promise<void> {
  const before = later(clock.now(), -keepMs)
  for (const { teamId } of await store.workspaces.all()) {
    for (const { connection } of await store.connections.overviews(teamId)) {
      let dropped = 0
      await inSteps(stopping, async () => {
        const count = await store.outbox.dropPayloads(connection.id, before, AT_ONCE)
        dropped += count
        return count > 0
      })
      if (dropped > 0) log.info('payloads.dropped', { connectionId: connection.id, count: dropped })
    }
  }
  await inSteps(stopping, () => store.giveBackSpace())
}

/** Until there is no more to do, but not for ever. */
async function inSteps(stopping: AbortSignal, run: () => Promise<boolean>): Promise<void> {
  for (let steps = 0; steps < MOST_STEPS && !stopping.aborted && (await run()); steps++) await setImmediate()
}
