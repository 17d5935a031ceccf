import { crowdingOf } from '../access/crowded-out.ts'
import { cardReauthorizeUrl } from '../access/links.ts'
import type { CatchUp } from '../connections/outage.ts'
import type { Deps } from '../deps.ts'
import { inEffect } from '../outbox/hold.ts'
import { pushPreview } from '../outbox/push-preview.ts'
import type { CardFacts, Message, MessageFacts } from './card.ts'

type FactsDeps = Pick<Deps, 'store' | 'providers' | 'tickets' | 'clock' | 'newId' | 'settings' | 'meters'>

/** Reads everything a message may need to say, as it is now. Undefined when its connection is gone. */
export async function messageFacts(deps: FactsDeps, message: Message): Promise<MessageFacts | undefined> {
  if (message.connectionId === null) return { message, connection: null, now: deps.clock.now() }
  return cardFacts(deps, message, message.connectionId)
}

async function cardFacts(deps: FactsDeps, message: Message, connectionId: string): Promise<CardFacts | undefined> {
  const { store, providers, clock } = deps
  const overview = await store.connections.overview(connectionId)
  if (!overview) return undefined
  const { connection, username, backlog } = overview
  const now = clock.now()
  const holds = inEffect(overview.holds, now)
  const catchUp = await catchUpOf(store, message)
  const outageId = message.outageId ?? catchUp?.outageId
  const outage = outageId === undefined ? null : ((await store.outages.find(outageId)) ?? null)
  const isRed = outage?.kind === 'authorization' && outage.closedAt === null
  return {
    message,
    connection,
    providerLabel: providers.get(connection.provider)?.label ?? connection.provider,
    username,
    outage,
    catchUp,
    backlog,
    rejects: message.kind === 'report' ? await store.outbox.rejects(connection.id) : [],
    alarm: message.kind === 'rejects' ? ((await store.rejectAlarms.ofMessage(message.id)) ?? null) : null,
    holds,
    preview: message.kind === 'outage' ? await pushPreview(deps, connection, backlog, holds) : null,
    mention: isRed || message.kind === 'report' ? connection.ownerId : null,
    crowdedOut: message.kind === 'outage' ? await crowdingOf(deps, connection, outage) : null,
    reauthorizeUrl: isRed && outage ? await cardReauthorizeUrl(deps, connection.id, outage.id) : null,
    now,
  }
}

async function catchUpOf(store: Deps['store'], { catchUpId, outageId }: Message): Promise<CatchUp | null> {
  if (catchUpId !== null) return (await store.outages.catchUp(catchUpId)) ?? null
  return outageId === null ? null : ((await store.outages.catchUpOf(outageId)) ?? null)
}
