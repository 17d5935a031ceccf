import { crowdingOf } from '../access/crowded-out.ts'
import { cardReauthorizeUrl, renewUrl } from '../access/links.ts'
import { hidesLinks } from '../access/outsiders.ts'
import { adPlatform } from '../ask-ads.ts'
import type { Connection } from '../connections/connection.ts'
import type { CatchUp, Outage } from '../connections/outage.ts'
import type { Deps } from '../deps.ts'
import { inEffect } from '../outbox/hold.ts'
import { pushPreview } from '../outbox/push-preview.ts'
import type { Warning } from '../warnings/warning.ts'
import { defaultChannel } from '../workspaces/default-channel.ts'
import type { AdFacts, CardFacts, Message, MessageFacts } from './card.ts'
import type { Escalation } from './escalation.ts'
import { thereOf, whomToAsk } from './whom-to-ask.ts'

export type FactsDeps = Pick<
  Deps,
  'store' | 'providers' | 'tickets' | 'clock' | 'newId' | 'settings' | 'meters' | 'slack' | 'signIn'
>

/** Reads everything a message may need to say, as it is now. Undefined when its connection is gone. */
export async function messageFacts(deps: FactsDeps, message: Message): Promise<MessageFacts | undefined> {
  const warning = message.kind === 'warning' ? ((await deps.store.warnings.ofMessage(message.id)) ?? null) : null
  const defaultChannelId = await defaultChannel(deps, message.teamId)
  if (message.connectionId !== null) return cardFacts(deps, message, message.connectionId, warning, defaultChannelId)
  const told = message.notice?.kind === 'secret_ends' ? message.notice : (warning?.detail ?? null)
  const provider = told !== null && 'provider' in told ? told.provider : null
  const providerLabel = deps.providers.get(provider ?? '')?.label ?? provider ?? ''
  const digest = message.kind === 'digest' ? ((await deps.store.digests.ofMessage(message.id)) ?? null) : null
  const now = deps.clock.now()
  return { message, connection: null, warning, providerLabel, digest, pictureId: null, defaultChannelId, now }
}

async function cardFacts(
  deps: FactsDeps,
  message: Message,
  connectionId: string,
  warning: Warning | null,
  defaultChannelId: string,
): Promise<CardFacts | undefined> {
  const { store, providers, clock } = deps
  const overview = await store.connections.overview(connectionId)
  if (!overview) return undefined
  const { connection, username, backlog } = overview
  const now = clock.now()
  const holds = inEffect(overview.holds, now)
  const catchUp = await catchUpOf(store, message)
  const outageId = message.outageId ?? catchUp?.outageId
  const outage = outageId === undefined ? null : ((await store.outages.find(outageId)) ?? null)
  const escalation = await escalationOf(store, message)
  const provider = providers.get(connection.provider)
  return {
    message,
    connection,
    providerLabel: provider?.label ?? connection.provider,
    username,
    outage,
    catchUp,
    backlog,
    ads: connection.kind === 'ads' ? await adFacts(deps, connection, outage) : null,
    rejects: message.kind === 'report' ? await store.outbox.rejects(connection.id) : [],
    alarm: message.kind === 'rejects' ? ((await store.rejectAlarms.ofMessage(message.id)) ?? null) : null,
    warning,
    endsBecause: provider?.endsBecause ?? null,
    holds,
    preview: message.kind === 'outage' ? await pushPreview(deps, connection, backlog, holds) : null,
    mentions: await mentionsOf(deps, message, connection, outage, escalation),
    escalation,
    crowdedOut: message.kind === 'outage' ? await crowdingOf(deps, connection, outage) : null,
    reauthorizeUrl: await loginUrl(deps, message, connection, outage, warning, defaultChannelId),
    defaultChannelId,
    now,
  }
}

/** While it asks for something. */
async function escalationOf(store: Deps['store'], { id, kind, threadOf }: Message): Promise<Escalation | null> {
  const card = kind === 'outage' ? id : kind === 'notice' ? threadOf : null
  const escalation = card === null ? undefined : await store.escalations.ofCard(card)
  return escalation?.endedAt === null ? escalation : null
}

async function mentionsOf(
  deps: FactsDeps,
  message: Message,
  connection: Connection,
  outage: Outage | null,
  escalation: Escalation | null,
): Promise<readonly string[]> {
  if (message.kind === 'report' || message.kind === 'gap')
    return thereOf(deps, connection.teamId, connection.ownerId === null ? [] : [connection.ownerId])
  const isRed = message.kind === 'outage' && outage?.kind === 'authorization' && outage.closedAt === null
  const asks = message.notice?.kind === 'reminder' || message.notice?.kind === 'asks_anew'
  return isRed || asks ? whomToAsk(deps, connection, escalation, deps.clock.now()) : []
}

async function adFacts({ store, providers }: FactsDeps, { id, provider }: Connection, outage: Outage | null): Promise<AdFacts> {
  const download = await store.costs.find(id)
  const isTagging = (await store.adScans.find(id))?.isTagging === true
  return {
    costsAt: download?.lastAt ?? null,
    costsTrouble: download?.trouble ?? null,
    tagging: isTagging ? (adPlatform(providers.get(provider))?.tagging.kind ?? null) : null,
    gap: outage === null ? null : ((await store.gaps.ofOutage(outage.id)) ?? null),
  }
}

/** Of what a login can mend: the same person's, or that of somebody who has the right. None where anybody could open it. */
async function loginUrl(
  deps: FactsDeps,
  message: Message,
  { id, teamId, channelId }: Connection,
  outage: Outage | null,
  warning: Warning | null,
  defaultChannelId: string,
): Promise<string | null> {
  const ends = warning?.detail.kind === 'login_ends' && warning.closedAt === null ? warning.detail : null
  const isOpen = outage !== null && outage.closedAt === null
  const helps = isOpen && (outage.kind === 'authorization' || (outage.kind === 'permission' && outage.cause !== 'admin_blocked'))
  if (!ends && !helps) return null
  const isForHome = message.ts === null && message.detour === null
  const shownIn = isForHome ? (channelId ?? defaultChannelId) : message.channelId
  // A direct message is seen by the one whom it is for.
  const isDirect = /^[DUW]/.test(shownIn)
  if (!isDirect && (await hidesLinks(deps, teamId, shownIn))) return null
  return ends ? renewUrl(deps, ends.connections[0]?.id ?? id, ends.grantId) : cardReauthorizeUrl(deps, id, outage?.id ?? '')
}

async function catchUpOf(store: Deps['store'], { catchUpId, outageId }: Message): Promise<CatchUp | null> {
  if (catchUpId !== null) return (await store.outages.catchUp(catchUpId)) ?? null
  return outageId === null ? null : ((await store.outages.catchUpOf(outageId)) ?? null)
}
