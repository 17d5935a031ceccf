import type { Grant } from '../../src/domain/access/grant.ts'
import type { Store } from '../../src/domain/store.ts'
import { aReauthorization } from './builders.ts'

/** What a login does to the connections that it reaches: each gets the new grant, and its outage ends. */
export async function swapGrants(store: Store, grant: Grant, connections: readonly string[], at: Date): Promise<void> {
  for (const id of connections) {
    for (let swapped: unknown; swapped === undefined; ) {
      const seen = await store.connections.find(id)
      if (!seen) throw new Error(`${id} is gone`)
      swapped = await store.connections.reauthorize(aReauthorization(seen, { grant, at, nextCheckAt: at }))
    }
  }
}
