import { ApiRefusal } from './api-refusal.ts'
import type { World } from './world.ts'

const TRIGGER_LIFE_MS = 3_000

/** A `trigger_id` lets the app open one modal for one person within 3 s. */
export interface Triggers {
  /** A new id for something that `user` did in `channel` (`null`: in a view or the Home tab). */
  issue(user: string, channel: string | null): string
  /** Uses the id up: who it was for. Throws `trigger_expired`, `trigger_exchanged` or `invalid_trigger_id`. */
  exchange(id: string): { readonly user: string; readonly channel: string | null }
}

export function createTriggers(world: World): Triggers {
  const issued = new Map<string, { user: string; channel: string | null; at: number; isUsed: boolean }>()
  return {
    issue(user, channel) {
      const id = `${world.nextTs().replace('.', '')}.${world.identity.teamId}.${world.newId('')}`
      issued.set(id, { user, channel, at: world.now().getTime(), isUsed: false })
      return id
    },
    exchange(id) {
      const trigger = issued.get(id)
      if (trigger === undefined) throw new ApiRefusal('invalid_trigger_id')
      if (trigger.isUsed) throw new ApiRefusal('trigger_exchanged')
      if (world.now().getTime() - trigger.at > TRIGGER_LIFE_MS) throw new ApiRefusal('trigger_expired')
      trigger.isUsed = true
      return { user: trigger.user, channel: trigger.channel }
    },
  }
}
