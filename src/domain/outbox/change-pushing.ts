import { whyNotChange } from '../access/rights.ts'
import type { AuditEntry } from '../connections/audit-entry.ts'
import type { Connection } from '../connections/connection.ts'
import type { Deps } from '../deps.ts'
import type { Person } from '../slack.ts'
import type { Store } from '../store.ts'
import { type Hold, type HoldReason, inEffect } from './hold.ts'

/** The buttons of a card. */
export const PUSHING_CHANGES = ['pause', 'resume', 'push_now'] as const
export type PushingChange = (typeof PUSHING_CHANGES)[number]

export type PushingChanged =
  /** `holds`: what stops the outbox now. */
  | { readonly kind: 'done'; readonly connection: Connection; readonly holds: readonly Hold[] }
  /** Somebody was first; `by` null: nobody knows who. */
  | { readonly kind: 'already'; readonly connection: Connection; readonly by: string | null; readonly at: Date | null }
  /** There is nothing to pause: nothing waits. */
  | { readonly kind: 'nothing_waits'; readonly connection: Connection }
  | { readonly kind: 'not_allowed'; readonly reason: NonNullable<ReturnType<typeof whyNotChange>> }
  | { readonly kind: 'gone' }

type ChangeDeps = Pick<Deps, 'store' | 'clock' | 'newId' | 'settings' | 'log'>

/** Of each change: the hold it puts or lifts, and what the history calls it. */
const CHANGES = {
  pause: { reason: 'paused', action: 'pushing_paused' },
  resume: { reason: 'paused', action: 'pushing_resumed' },
  push_now: { reason: 'ask', action: 'push_confirmed' },
} as const satisfies Record<PushingChange, { reason: HoldReason; action: AuditEntry['action'] }>

/** A person pauses an outbox, resumes it, or lets a catch-up that waits for a word push. */
export async function changePushing(
  deps: ChangeDeps,
  teamId: string,
  person: Person,
  connectionId: string,
  what: PushingChange,
): Promise<PushingChanged> {
  const { store, clock, newId, settings, log } = deps
  const overview = await store.connections.overview(connectionId)
  if (!overview || overview.connection.teamId !== teamId) return { kind: 'gone' }
  const { connection, backlog, catchUp } = overview
  const reason = whyNotChange(person, connection, settings)
  if (reason) return { kind: 'not_allowed', reason }
  const isNeedless = what === 'pause' && backlog.waiting === 0 && catchUp === null
  if (isNeedless) return { kind: 'nothing_waits', connection }
  const at = clock.now()
  const { action } = CHANGES[what]
  const audit = { id: newId(), teamId, connectionId, actor: person.id, action, detail: '', at }
  if (!(await change(store, what, audit)))
    return { kind: 'already', connection, ...(await whoWasFirst(store, connectionId, what)) }
  log.info('pushing.changed', { connectionId, what })
  return { kind: 'done', connection, holds: inEffect(await store.holds.of(connectionId), at) }
}

/** False when it is so already. */
async function change({ holds }: Store, what: PushingChange, audit: AuditEntry & { actor: string }): Promise<boolean> {
  const { connectionId, actor: by, at } = audit
  const { reason } = CHANGES[what]
  if (what !== 'pause') return holds.lift(connectionId, reason, at, audit)
  return (await holds.put({ connectionId, reason, since: at, until: null, by, detail: {} }, at, audit)) !== undefined
}

/** So far back the history is looked through. */
const LOOK_BACK = 100

async function whoWasFirst(
  { holds, history }: Store,
  connectionId: string,
  what: PushingChange,
): Promise<{ readonly by: string | null; readonly at: Date | null }> {
  const { reason, action } = CHANGES[what]
  if (what === 'pause') {
    const hold = (await holds.of(connectionId)).find((one) => one.reason === reason)
    return { by: hold?.by ?? null, at: hold?.since ?? null }
  }
  const entry = (await history.of(connectionId, LOOK_BACK)).find((one) => one.action === action)
  return { by: entry?.actor ?? null, at: entry?.at ?? null }
}
