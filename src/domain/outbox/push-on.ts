import { whyNotChange } from '../access/rights.ts'
import type { Connection } from '../connections/connection.ts'
import type { Deps } from '../deps.ts'
import type { Person } from '../slack.ts'
import type { RejectAlarm } from './reject-alarm.ts'

export type PushOn =
  | { readonly kind: 'pushing'; readonly connection: Connection }
  /** Nothing is stopped any more; the last stop says who let it go on. */
  | { readonly kind: 'already'; readonly connection: Connection; readonly stop: RejectAlarm | null }
  | { readonly kind: 'not_allowed'; readonly connection: Connection }
  | { readonly kind: 'gone' }

/** *Push on*: somebody has looked at what the CRM refuses, and lets the pushing go on. */
export async function pushOn(
  { store, clock, newId, settings, log }: Pick<Deps, 'store' | 'clock' | 'newId' | 'settings' | 'log'>,
  teamId: string,
  person: Person,
  connectionId: string,
): Promise<PushOn> {
  const connection = await store.connections.find(connectionId)
  if (!connection || connection.teamId !== teamId) return { kind: 'gone' }
  if (whyNotChange(person, connection, settings) !== null) return { kind: 'not_allowed', connection }
  const at = clock.now()
  const audit = { id: newId(), teamId, connectionId, actor: person.id, action: 'pushing_resumed' as const, detail: '', at }
  if (await store.rejectAlarms.pushOn(connectionId, person.id, at, audit)) {
    log.info('rejects.pushing_on', { connectionId })
    return { kind: 'pushing', connection }
  }
  return { kind: 'already', connection, stop: (await store.rejectAlarms.lastStop(connectionId)) ?? null }
}
