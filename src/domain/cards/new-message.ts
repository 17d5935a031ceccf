import type { Connection } from '../connections/connection.ts'
import type { Deps } from '../deps.ts'
import type { Message, Notice } from './card.ts'

/** The connection it is about; without an id it is about none. */
type About = Pick<Connection, 'teamId' | 'channelId'> & { readonly id: string | null }

/** A message that is to be shown at once in the connection's channel. Without one, the workspace's is found when it is posted. */
export function newMessage(
  { newId, clock, settings }: Pick<Deps, 'newId' | 'clock' | 'settings'>,
  connection: About,
  kind: Message['kind'],
  over: Partial<Pick<Message, 'outageId' | 'catchUpId' | 'threadOf' | 'broadcast' | 'notice' | 'wanted'>> = {},
): Message {
  return {
    id: newId(),
    teamId: connection.teamId,
    connectionId: connection.id,
    kind,
    outageId: null,
    catchUpId: null,
    channelId: connection.channelId ?? settings.channelId,
    threadOf: null,
    broadcast: false,
    notice: null,
    ts: null,
    wanted: 1,
    shown: 0,
    attempts: 0,
    uncertainSince: null,
    detour: null,
    told: null,
    stormSince: null,
    createdAt: clock.now(),
    ...over,
  }
}

/**
 * The report of what an outage held back or left out. Not due before all of it is known. The channel sees it too, unless others share
 * the card: they are told together.
 */
export async function newReport(
  deps: Pick<Deps, 'store' | 'newId' | 'clock' | 'settings'>,
  connection: Connection,
  catchUpId: string,
  card: Message | undefined,
): Promise<Message> {
  const isCrm = connection.kind === 'crm'
  const isShared = card !== undefined && (await deps.store.outages.connectionsOn(card.id)) > 1
  return newMessage(deps, connection, isCrm ? 'report' : 'gap', {
    catchUpId: isCrm ? catchUpId : null,
    threadOf: card?.id ?? null,
    broadcast: card !== undefined && !isShared,
    wanted: 0,
  })
}

/** A line in the thread of an outage's card. */
export function newNotice(
  deps: Pick<Deps, 'newId' | 'clock' | 'settings'>,
  connection: About,
  card: Message,
  notice: Notice,
): Message {
  return newMessage(deps, connection, 'notice', { outageId: card.outageId, threadOf: card.id, notice })
}
