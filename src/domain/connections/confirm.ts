import { mayChangeSettings } from '../access/rights.ts'
import type { Deps } from '../deps.ts'
import type { Person } from '../slack.ts'
import type { Connection } from './connection.ts'

export type Confirmation =
  | { readonly kind: 'confirmed'; readonly connection: Connection }
  | { readonly kind: 'already'; readonly connection: Connection }
  | { readonly kind: 'not_allowed'; readonly connection: Connection }
  | { readonly kind: 'gone' }

/** Lets a new CRM push, once somebody who may change settings has seen which org it is. */
export async function confirmConnection(
  { store, clock, newId, settings, log }: Pick<Deps, 'store' | 'clock' | 'newId' | 'settings' | 'log'>,
  teamId: string,
  person: Person,
  connectionId: string,
): Promise<Confirmation> {
  const connection = await store.connections.find(connectionId)
  if (!connection || connection.teamId !== teamId) return { kind: 'gone' }
  if (connection.confirmedAt !== null) return { kind: 'already', connection }
  if (!mayChangeSettings(person, teamId, settings)) return { kind: 'not_allowed', connection }
  const at = clock.now()
  const audit = { id: newId(), teamId, connectionId, actor: person.id, action: 'confirmed' as const, detail: '', at }
  const confirmed = await store.connections.confirm(connectionId, person.id, at, audit)
  if (!confirmed) return { kind: 'already', connection }
  log.info('connection.confirmed', { connectionId })
  return { kind: 'confirmed', connection: confirmed }
}
