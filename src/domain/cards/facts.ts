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
import type { AdFacts, CardFacts, Message, MessageFacts, Notice } from './card.ts'
import { type CardGroup, type CardMember, type HeldMember, inOrder, isAsking, leadOf, loginsOf } from './card-group.ts'
import type { Escalation } from './escalation.ts'
import { thereOf, whomToAsk } from './whom-to-ask.ts'

export type FactsDeps = Pick<
  Deps,
  'store' | 'providers' | 'tickets' | 'clock' | 'newId' | 'settings' | 'meters' | 'slack' | 'signIn'
>

/** People whom one card mentions, logins and held catch-ups for which it has a button, at most. */
const OWNERS_ASKED = 5
const LOGINS_OFFERED = 5
const HELD_SHOWN = 5
/** What is said below a card of all that it shows. */
const OF_ALL: ReadonlySet<string> = new Set<Notice['kind']>(['reminder', 'asks_anew', 'card_frozen', 'all_back'])

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
  const members = await membersOf(store, message)
  const lead = leadOf(members)
  const overview = await store.connections.overview(lead?.connection.id ?? connectionId)
  if (!overview) return undefined
  const { connection, username, backlog } = overview
  const now = clock.now()
  const holds = inEffect(overview.holds, now)
  const catchUp = members.length > 1 ? (lead?.catchUp ?? null) : await catchUpOf(store, message)
  const outageId = message.outageId ?? catchUp?.outageId
  const outage = lead?.outage ?? (outageId === undefined ? null : ((await store.outages.find(outageId)) ?? null))
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
    mentions: await mentionsOf(deps, message, members.length > 1 ? members : [{ connection, outage }], escalation),
    escalation,
    crowdedOut: message.kind === 'outage' ? await crowdingOf(deps, connection, outage) : null,
    group:
      members.length > 1 || message.stormSince !== null ? await groupOf(deps, message, inOrder(members), defaultChannelId) : null,
    reauthorizeUrl: await loginUrl(deps, message, connection, outage, warning, defaultChannelId),
    defaultChannelId,
    now,
  }
}

/** All that the card shows, which this is or below which it is said of all of them. */
async function membersOf({ outages }: Deps['store'], { id, kind, notice, threadOf }: Message): Promise<CardMember[]> {
  if (kind === 'outage') return outages.ofCard(id)
  return notice !== null && OF_ALL.has(notice.kind) && threadOf !== null ? outages.ofCard(threadOf) : []
}

async function groupOf(
  deps: FactsDeps,
  message: Message,
  members: readonly CardMember[],
  defaultChannelId: string,
): Promise<CardGroup> {
  const logins = loginsOf(members)
  const isHidden = await hidesLogins(deps, message, members[0]?.connection.channelId ?? defaultChannelId)
  const urlOf = (login: (typeof logins)[number]) =>
    isHidden ? null : cardReauthorizeUrl(deps, login.connection.id, login.outageId)
  const isStorm = message.stormSince !== null
  const offered = (isStorm ? [] : logins.slice(0, LOGINS_OFFERED)).map(async (login) => ({ ...login, url: await urlOf(login) }))
  const labels = new Set(members.map(({ connection }) => connection.provider))
  return {
    isStorm,
    members,
    labels: new Map([...labels].map((name) => [name, deps.providers.get(name)?.label ?? name])),
    logins,
    offered: await Promise.all(offered),
    held: await heldOf(deps, members),
  }
}

async function heldOf({ store, clock }: FactsDeps, members: readonly CardMember[]): Promise<HeldMember[]> {
  const pushing = members.filter(({ outage, catchUp }) => outage.closedAt !== null && catchUp?.finishedAt === null)
  const held: HeldMember[] = []
  for (const { connection } of pushing) {
    const holds = inEffect(await store.holds.of(connection.id), clock.now())
    if (holds.length > 0) held.push({ connection, holds })
    if (held.length === HELD_SHOWN) break
  }
  return held
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
  members: readonly { readonly connection: Connection; readonly outage: Outage | null }[],
  escalation: Escalation | null,
): Promise<readonly string[]> {
  const owners = members.flatMap(({ connection: { ownerId } }) => ownerId ?? [])
  // Below a card of several, `all_back` tells them once.
  if (message.kind === 'report' || message.kind === 'gap')
    return message.threadOf === null || message.broadcast ? thereOf(deps, message.teamId, owners) : []
  if (message.notice?.kind === 'all_back') return thereOf(deps, message.teamId, [...new Set(owners)].slice(0, OWNERS_ASKED))
  const asking = members.filter(isAsking)
  const isRed = message.kind === 'outage' && asking.some(({ outage }) => outage?.kind === 'authorization')
  const asks = message.notice?.kind === 'reminder' || message.notice?.kind === 'asks_anew'
  if (!isRed && !asks) return []
  const asked = new Map(asking.map(({ connection }) => [`${connection.ownerId} ${connection.deputyId}`, connection]))
  const now = deps.clock.now()
  const whom = [...asked.values()].slice(0, OWNERS_ASKED).map((people) => whomToAsk(deps, people, escalation, now))
  return [...new Set((await Promise.all(whom)).flat())]
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
  { id, channelId }: Connection,
  outage: Outage | null,
  warning: Warning | null,
  defaultChannelId: string,
): Promise<string | null> {
  const ends = warning?.detail.kind === 'login_ends' && warning.closedAt === null ? warning.detail : null
  const isOpen = outage !== null && outage.closedAt === null
  const helps = isOpen && (outage.kind === 'authorization' || (outage.kind === 'permission' && outage.cause !== 'admin_blocked'))
  if (!ends && !helps) return null
  if (await hidesLogins(deps, message, channelId ?? defaultChannelId)) return null
  return ends ? renewUrl(deps, ends.connections[0]?.id ?? id, ends.grantId) : cardReauthorizeUrl(deps, id, outage?.id ?? '')
}

/** Where anybody could open it, there is no link. `home`: the channel where the card belongs. */
async function hidesLogins(deps: FactsDeps, message: Message, home: string): Promise<boolean> {
  const isForHome = message.ts === null && message.detour === null
  const shownIn = isForHome ? home : message.channelId
  // A direct message is seen by the one whom it is for.
  const isDirect = /^[DUW]/.test(shownIn)
  return !isDirect && hidesLinks(deps, message.teamId, shownIn)
}

async function catchUpOf(store: Deps['store'], { catchUpId, outageId }: Message): Promise<CatchUp | null> {
  if (catchUpId !== null) return (await store.outages.catchUp(catchUpId)) ?? null
  return outageId === null ? null : ((await store.outages.catchUpOf(outageId)) ?? null)
}
