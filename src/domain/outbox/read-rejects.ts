import { type Refusal, whyNotMember } from '../access/rights.ts'
import type { Connection } from '../connections/connection.ts'
import { nearestConnection } from '../connections/connection-name.ts'
import type { Deps } from '../deps.ts'
import { filterOf, type Reject, type RejectReason, reasonId, reasonsOf } from './reject.ts'

/** Groups that are told with examples, the most frequent ones. */
const GROUPS_EXPLAINED = 10
const EXAMPLES = 5
/** Rejects in one page: with their payloads they may be large. */
const PAGE = 200

export interface ExplainedRejects extends RejectReason {
  readonly groupId: string
  /** Ids of the oldest; none for groups beyond the tenth. */
  readonly examples: readonly string[]
}

export type RejectsDescription =
  | {
      readonly kind: 'found'
      readonly connection: Connection
      readonly providerLabel: string
      readonly groups: readonly ExplainedRejects[]
    }
  | { readonly kind: 'unknown'; readonly nearest: string | null }

/** What the CRM refused, by its reason, the most frequent first. */
export async function describeRejects(
  { store, providers }: Pick<Deps, 'store' | 'providers'>,
  teamId: string,
  name: string,
): Promise<RejectsDescription> {
  const connection = await store.connections.byName(teamId, name)
  if (!connection) return unknownName(store, teamId, name)
  const groups: ExplainedRejects[] = []
  for (const [index, reason] of reasonsOf(await store.outbox.rejects(connection.id)).entries()) {
    const oldest = index < GROUPS_EXPLAINED ? await store.rejects.page(connection.id, filterOf(reason), 0, EXAMPLES) : []
    groups.push({ ...reason, groupId: reasonId(reason), examples: oldest.map(({ id }) => id) })
  }
  return { kind: 'found', connection, providerLabel: labelOf(providers, connection), groups }
}

export interface RejectsPage {
  readonly rejects: readonly Reject[]
  /** The key after which the next page begins; null: this is the last. */
  readonly next: number | null
}

export interface RejectsReader {
  readonly kind: 'found'
  readonly connection: Connection
  /** In the order of their keys; 0 begins with the first. */
  page(afterKey: number): Promise<RejectsPage>
}

export type RejectsReading = RejectsReader | { readonly kind: 'unknown'; readonly nearest: string | null }

export async function readRejects({ store }: Pick<Deps, 'store'>, teamId: string, name: string): Promise<RejectsReading> {
  const connection = await store.connections.byName(teamId, name)
  return connection ? reader(store, connection) : unknownName(store, teamId, name)
}

export type LinkedRejects =
  | RejectsReader
  | { readonly kind: 'expired' }
  | { readonly kind: 'forged' }
  /** The connection was removed. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'not_allowed'; readonly reason: Refusal }

/** Opens the link behind *Download CSV*, unless its owner has left the workspace or become a guest since. */
export async function openRejectsLink(
  { store, tickets, slack }: Pick<Deps, 'store' | 'tickets' | 'slack'>,
  ticketText: string,
): Promise<LinkedRejects> {
  const read = await tickets.read(ticketText)
  if (read.kind !== 'ok') return read
  if (read.ticket.kind !== 'rejects') return { kind: 'forged' }
  const { connectionId, teamId, userId } = read.ticket
  const person = await slack.person(teamId, userId)
  const reason = person && whyNotMember(person, teamId)
  if (reason) return { kind: 'not_allowed', reason }
  const connection = await store.connections.find(connectionId)
  return connection?.teamId === teamId ? reader(store, connection) : { kind: 'gone' }
}

function reader(store: Deps['store'], connection: Connection): RejectsReader {
  return {
    kind: 'found',
    connection,
    async page(afterKey) {
      const found = await store.rejects.page(connection.id, {}, afterKey, PAGE + 1)
      const rejects = found.slice(0, PAGE)
      return { rejects, next: found.length > PAGE ? (rejects.at(-1)?.key ?? null) : null }
    },
  }
}

/** The name that was probably meant. */
export async function unknownName(
  store: Deps['store'],
  teamId: string,
  name: string,
): Promise<{ readonly kind: 'unknown'; readonly nearest: string | null }> {
  return { kind: 'unknown', nearest: await nearestConnection({ store }, teamId, name) }
}

function labelOf(providers: Deps['providers'], { provider }: Connection): string {
  return providers.get(provider)?.label ?? provider
}
