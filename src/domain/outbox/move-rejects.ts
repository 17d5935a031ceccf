import { type Refusal, whyNotMember } from '../access/rights.ts'
import type { Connection } from '../connections/connection.ts'
import type { RejectGroup } from '../connections/outage.ts'
import type { Deps } from '../deps.ts'
import type { Person } from '../slack.ts'
import { unknownName } from './read-rejects.ts'
import { REJECTS_AT_ONCE, type RejectFilter, rejectGroupId } from './reject.ts'

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
  | { readonly kind: 'retried'; readonly connection: Connection; readonly count: number }
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
  const groups = await deps.store.outbox.rejects(connectionId)
  const group = groups.find((one) => rejectGroupId(one) === groupId)
  const count = group ? await move(deps, connection, groups, group, 'rejects_retried', person.id) : 0
  return count > 0 ? { kind: 'retried', connection, count } : { kind: 'none', connection }
}

async function moveOf(deps: MoveDeps, teamId: string, name: string, which: RejectFilter, what: Move): Promise<RejectsMove> {
  const connection = await deps.store.connections.byName(teamId, name)
  if (!connection) return unknownName(deps.store, teamId, name)
  const groups = await deps.store.outbox.rejects(connection.id)
  return { kind: 'moved', count: await move(deps, connection, groups, which, what, null) }
}

/** As many as there were when it began: what is refused again meanwhile comes after them and is left alone. */
async function move(
  { store, clock, newId, log }: MoveDeps,
  { id: connectionId, teamId }: Connection,
  groups: readonly RejectGroup[],
  { code, message, field }: RejectFilter,
  what: Move,
  actor: string | null,
): Promise<number> {
  const which = { code, message, field }
  const total = groups.filter((group) => matches(group, which)).reduce((sum, group) => sum + group.count, 0)
  const at = clock.now()
  const detail = code === undefined ? String(total) : `${total} × ${code}`
  const audit = { id: newId(), teamId, connectionId, actor, action: what, detail, at }
  let count = 0
  for (let begun = 0; begun < total; begun += REJECTS_AT_ONCE) {
    const first = begun === 0 ? audit : null
    count +=
      what === 'rejects_retried'
        ? await store.rejects.retry(connectionId, which, first)
        : await store.rejects.dismiss(connectionId, which, at, first)
  }
  if (count > 0) log.info(what === 'rejects_retried' ? 'rejects.retried' : 'rejects.dismissed', { connectionId, count })
  return count
}

function matches(group: RejectGroup, { code, message, field }: RejectFilter): boolean {
  return (
    (code === undefined || group.code === code) &&
    (message === undefined || group.message === message) &&
    (field === undefined || group.field === field)
  )
}
