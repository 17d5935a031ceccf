import { type Refusal, whyNotChange } from '../access/rights.ts'
import type { Connection } from '../connections/connection.ts'
import type { Deps } from '../deps.ts'

/** Touchpoints of one page: with their payloads they may be large. */
const PAGE = 200
/** Whatever waits for its next attempt is due by then. */
const FOR_EVER = new Date('9999-12-31T00:00:00Z')

export type LinkedBacklog =
  | {
      readonly kind: 'found'
      readonly connection: Connection
      /** Touchpoints as they were sent, as JSON: those that wait, then those that the CRM refused. Page by page. */
      pages(): AsyncGenerator<readonly string[]>
    }
  | { readonly kind: 'expired' }
  | { readonly kind: 'forged' }
  /** The connection was removed. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'not_allowed'; readonly reason: Refusal | 'not_owner' }

/** Opens the link behind *Download*, unless its owner may not change the connection any more. */
export async function openExportLink(
  deps: Pick<Deps, 'store' | 'tickets' | 'slack' | 'settings'>,
  ticketText: string,
): Promise<LinkedBacklog> {
  const { store, tickets, slack, settings } = deps
  const read = await tickets.read(ticketText)
  if (read.kind !== 'ok') return read
  if (read.ticket.kind !== 'export') return { kind: 'forged' }
  const { connectionId, teamId, userId } = read.ticket
  const connection = await store.connections.find(connectionId)
  if (connection?.teamId !== teamId) return { kind: 'gone' }
  const person = await slack.person(teamId, userId)
  const reason = person && whyNotChange(person, connection, settings)
  if (reason) return { kind: 'not_allowed', reason }
  return { kind: 'found', connection, pages: () => pages(store, connection.id) }
}

async function* pages(store: Deps['store'], connectionId: string): AsyncGenerator<readonly string[]> {
  for (let after = 0; ; ) {
    const found = await store.outbox.waiting(connectionId, after, FOR_EVER, PAGE)
    if (found.length === 0) break
    after = found.at(-1)?.key ?? after
    yield found.map(({ payload }) => payload)
  }
  for (let after = 0; ; ) {
    const found = await store.rejects.page(connectionId, {}, after, PAGE)
    if (found.length === 0) return
    after = found.at(-1)?.key ?? after
    yield found.map(({ payload }) => payload)
  }
}
