import { type ExportLink, exportLink } from '../access/links.ts'
import { type Refusal, whyNotChange } from '../access/rights.ts'
import type { ConnectionRemoved } from '../cards/card.ts'
import { newMessage } from '../cards/new-message.ts'
import type { Deps } from '../deps.ts'
import type { Person } from '../slack.ts'
import type { Connection } from './connection.ts'
import type { ConnectionOverview } from './connection-store.ts'

type RemoveDeps = Pick<Deps, 'store' | 'providers' | 'tickets' | 'clock' | 'newId' | 'settings' | 'log'>

/** What is asked before a connection is removed. */
export interface RemovalForm {
  readonly connection: Connection
  readonly label: string
  /** Touchpoints that are lost with it: those that wait, and those that the CRM refused. */
  readonly waiting: number
  readonly rejected: number
  /** To all of them; null where there are none. */
  readonly exportUrl: string | null
}

export type RemovalRead =
  | { readonly kind: 'found'; readonly form: RemovalForm }
  | { readonly kind: 'gone' }
  | { readonly kind: 'not_allowed'; readonly reason: Refusal | 'not_owner' }

export async function readRemoval(deps: RemoveDeps, teamId: string, person: Person, connectionId: string): Promise<RemovalRead> {
  const found = await find(deps, teamId, person, connectionId)
  if (found.kind !== 'found') return found
  return { kind: 'found', form: await formOf(deps, person, found.overview) }
}

export type Removed =
  | { readonly kind: 'removed'; readonly connection: Connection; readonly label: string }
  /** Touchpoints would be lost, and nobody has agreed to that. */
  | { readonly kind: 'asks'; readonly form: RemovalForm }
  | Exclude<RemovalRead, { readonly kind: 'found' }>

/** Takes a connection away for good. `agreed`: that the touchpoints which wait or were refused are deleted with it. */
export async function removeConnection(
  deps: RemoveDeps,
  teamId: string,
  person: Person,
  connectionId: string,
  agreed: boolean,
): Promise<Removed> {
  const { store, clock, newId, log } = deps
  for (let attempt = 0; attempt < 5; attempt++) {
    const found = await find(deps, teamId, person, connectionId)
    if (found.kind !== 'found') return found
    const { connection: seen, backlog } = found.overview
    if (!agreed && backlog.waiting + backlog.rejected > 0)
      return { kind: 'asks', form: await formOf(deps, person, found.overview) }
    const at = clock.now()
    const label = labelOf(deps, seen)
    const { waiting, rejected } = backlog
    const { name, accountName: account, channelId } = seen
    const told = {
      kind: 'connection_removed' as const,
      name,
      account,
      provider: label,
      by: person.id,
      waiting,
      rejected,
      channelId,
    }
    const notice = (isCard: boolean): ConnectionRemoved => ({ ...told, isCard })
    const line = newMessage(deps, { id: null, teamId, channelId }, 'notice', { notice: notice(false) })
    const audit = { id: newId(), teamId, connectionId, actor: person.id, action: 'removed' as const, detail: name, at }
    if (await store.removals.remove({ seen, at, closing: notice(true), line, audit })) {
      log.info('connection.removed', { connectionId, provider: seen.provider, waiting, rejected })
      return { kind: 'removed', connection: seen, label }
    }
  }
  throw new Error(`connection ${connectionId} changed again and again`)
}

type Found = { readonly kind: 'found'; readonly overview: ConnectionOverview } | Exclude<RemovalRead, { readonly kind: 'found' }>

async function find({ store, settings }: RemoveDeps, teamId: string, person: Person, connectionId: string): Promise<Found> {
  const overview = await store.connections.overview(connectionId)
  if (overview?.connection.teamId !== teamId) return { kind: 'gone' }
  const reason = whyNotChange(person, overview.connection, settings)
  return reason ? { kind: 'not_allowed', reason } : { kind: 'found', overview }
}

async function formOf(deps: RemoveDeps, person: Person, { connection, backlog }: ConnectionOverview): Promise<RemovalForm> {
  const { waiting, rejected } = backlog
  const link: ExportLink | null = waiting + rejected === 0 ? null : await exportLink(deps, connection, person)
  return { connection, label: labelOf(deps, connection), waiting, rejected, exportUrl: link?.url ?? null }
}

function labelOf({ providers }: RemoveDeps, { provider }: Connection): string {
  return providers.get(provider)?.label ?? provider
}

/** So many rows are deleted in one step: others get their turn between two. */
const ROWS_AT_ONCE = 1000

/** Deletes what removed connections have left behind, step by step. Runs on the beat. */
export async function forgetRemoved({ store, stopping }: Pick<Deps, 'store' | 'stopping'>): Promise<void> {
  while (!stopping.aborted && (await store.removals.forget(ROWS_AT_ONCE))) {
    // Until nothing is left.
  }
}
