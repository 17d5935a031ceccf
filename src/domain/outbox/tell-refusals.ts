import { newMessage } from '../cards/new-message.ts'
import type { Deps } from '../deps.ts'
import { isBurst } from './refusal.ts'

/** Says in the channel, once an hour at most, that programs send many records which can't be taken in. */
export async function tellRefusals(deps: Pick<Deps, 'store' | 'clock' | 'newId' | 'settings' | 'log'>): Promise<void> {
  const { store, clock, log } = deps
  const now = clock.now()
  for (const refusals of await store.refusals.untold()) {
    if (!isBurst(refusals, now)) continue
    const { connectionId, teamId } = refusals
    const connection = connectionId === null ? undefined : await store.connections.find(connectionId)
    const message = newMessage(deps, { id: connectionId, teamId, channelId: connection?.channelId ?? null }, 'notice')
    if (await store.refusals.tell(refusals, message, now)) log.warn('refusals.told', { connectionId, refused: refusals.refused })
  }
}
