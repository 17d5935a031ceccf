import { type Refusal, whyNotMember } from '../access/rights.ts'
import type { Connection } from '../connections/connection.ts'
import type { RejectGroup } from '../connections/outage.ts'
import type { Deps } from '../deps.ts'
import type { Person } from '../slack.ts'
import { inEffect } from './hold.ts'
import { unknownName } from './read-rejects.ts'
import { filtersOf, REJECTS_AT_ONCE, type RejectFilter } from './reject.ts'

type MoveDeps = Pick<Deps, 'store' | 'clock' | 'newId' | 'log'>
type Move = 'rejects_retried' | 'rejects_dismissed'

export type RejectsMove =
  | { readonly kind: 'moved'; readonly count: number }
  | { readonly kind: 'unknown'; readonly nearest: string | null }

/** Lets rejects wait again, all of them or those of a reason. */
export function retryRejects(deps: MoveDeps, teamId: string, name: string, which: RejectFilter): Promise<RejectsMove> {
  return moveOf(deps, teamId, name, which, 'rejects_retried')
}

/** Gives rejects up for good, all of them or those of a reason. */
export function dismissRejects(deps: MoveDeps, teamId: string, name: string, which: RejectFilter): Promise<RejectsMove> {
  return moveOf(deps, teamId, name, which, 'rejects_dismissed')
}

export type GroupRetry =
  | { readonly kind: 'retried'; readonly connection: Connection; readonly count: number; readonly isHeld: boolean }
  /** Nothing of that reason is rejected any more. */
  | { readonly kind: 'none'; readonly connection: Connection }
  | { readonly kind: 'gone' }
  | { readonly kind: 'not_allowed'; readonly reason: Refusal }

/** *Retry these*: lets the rejects of one reason wait again. */
export async function retryRejectGroup(
  deps: MoveDeps,
  teamId: string,
  person: Person,
  connectionId: string,
  groupId: string,
): Promise<GroupRetry> {
  const refused = whyNotMember(person, teamId)
  if (refused) return { kind: 'not_allowed', reason: refused }
  const connection = await deps.store.connections.find(connectionId)
  if (!connection || connection.teamId !== teamId) return { kind: 'gone' }
  let count = 0
  for (const which of filtersOf(await deps.store.outbox.rejects(connectionId), groupId))
    count += await move(deps, connection, which, 'rejects_retried', person.id)
  if (count === 0) return { kind: 'none', connection }
  const isHeld = inEffect(await deps.store.holds.of(connectionId), deps.clock.now()).length > 0
  return { kind: 'retried', connection, count, isHeld }
}

async function moveOf(deps: MoveDeps, teamId: string, name: string, which: RejectFilter, what: Move): Promise<RejectsMove> {
  const connection = await deps.store.connections.byName(teamId, name)
  if (!connection) return unknownName(deps.store, teamId, name)
  return { kind: 'moved', count: await move(deps, connection, which, what, null) }
}

/** No more than there were when it began: what is refused again meanwhile comes after them. */
async function move(
  { store, clock, newId, log }: MoveDeps,
  { id: connectionId, teamId }: Connection,
  { code, message, field }: RejectFilter,
  what: Move,
  actor: string | null,
): Promise<number> {
  const which = { code, message, field }
  const { rejected } = await store.outbox.backlog(connectionId)
  const at = clock.now()
  const audit = {
    id: newId(),
    teamId,
    connectionId,
    actor,
    action: what,
    detail: await detailOf(store, connectionId, which, rejected),
    at,
  }
  let count = 0
  for (let begun = 0; begun < rejected; begun += REJECTS_AT_ONCE) {
    const first = begun === 0 ? audit : null
    const moved =
      what === 'rejects_retried'
        ? await store.rejects.retry(connectionId, which, first)
        : await store.rejects.dismiss(connectionId, which, at, first)
    count += moved
    if (moved < REJECTS_AT_ONCE) break
  }
  if (count > 0) log.info(what === 'rejects_retried' ? 'rejects.retried' : 'rejects.dismissed', { connectionId, count })
  return count
}

/** "20 × REQUIRED_FIELD_MISSING"; of a reason that is too rare to be counted quickly, its code alone. */
async function detailOf(store: Deps['store'], connectionId: string, which: RejectFilter, rejected: number): Promise<string> {
  if (which.code === undefined) return String(rejected)
  const groups = await store.outbox.rejects(connectionId)
  const counted = groups.filter((group) => matches(group, which)).reduce((sum, group) => sum + group.count, 0)
  return counted === 0 ? which.code : `${counted} × ${which.code}`
}

function matches(group: RejectGroup, { code, message, field }: RejectFilter): boolean {
  return (
    (code === undefined || group.code === code) &&
    (message === undefined || group.message === message) &&
    (field === undefined || group.field === field)
  )
}
