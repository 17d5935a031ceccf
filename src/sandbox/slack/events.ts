import type { Delivery, Parcel, Receipt } from './delivery.ts'
import type { JsonObject } from './json.ts'
import { eventPayload } from './payloads.ts'
import type { World } from './world.ts'

export interface Events {
  /** Sends an event; the receipt of the first try. What fails is repeated in the background. */
  send(event: JsonObject): Promise<Receipt>
  close(): void
}

/** The Events API: one try and up to three repetitions with the same `event_id`, after the given delays. */
export function createEvents(world: World, delivery: Delivery, retryDelaysMs: readonly number[]): Events {
  const timers = new Set<NodeJS.Timeout>()
  async function attempt(payload: JsonObject, number: number, reason: string): Promise<Receipt> {
    const parcel: Parcel = { type: 'events_api', payload, retry: { attempt: number, reason } }
    const receipt = await delivery.send(parcel)
    const delay = retryDelaysMs[number]
    if (receipt.kind === 'failed' && receipt.isFinal !== true && delay !== undefined) {
      const timer = setTimeout(() => {
        timers.delete(timer)
        void attempt(payload, number + 1, retryReason(receipt.error))
      }, delay)
      timers.add(timer)
    }
    return receipt
  }
  return {
    send: (event) => attempt(eventPayload(world, event), 0, ''),
    close() {
      for (const timer of timers) clearTimeout(timer)
    },
  }
}

function retryReason(error: string): string {
  if (error === 'operation_timeout') return 'http_timeout'
  return error === 'http_service_error' ? 'http_error' : 'connection_failed'
}
