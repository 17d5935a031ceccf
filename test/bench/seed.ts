import type { Store } from '../../src/domain/store.ts'
import { openStore } from '../../src/outbound/store/store.ts'
import { outboxForm } from './records.ts'

/** Opens the database of a Redkey that is stopped, as it would itself. */
export async function withStore<T>(databaseFile: string, use: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(`file:${databaseFile}`, { stamp: 'live' })
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}

/** Puts so many records into the outbox of the connection `salesforce`. */
export async function seedBacklog(databaseFile: string, teamId: string, count: number): Promise<void> {
  await withStore(databaseFile, async (store) => {
    const connection = await store.connections.byName(teamId, 'salesforce')
    if (!connection) throw new Error('there is no connection to seed')
    const at = new Date()
    for (let first = 0; first < count; first += 1000) {
      await store.outbox.accept(connection.id, outboxForm('seed', first, Math.min(1000, count - first)), at)
    }
  })
}
