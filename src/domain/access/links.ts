import { DAY_MS, HOUR_MS, later, MINUTE_MS } from '../../clock.ts'
import type { Connection } from '../connections/connection.ts'
import { nearestConnection } from '../connections/connection-name.ts'
import type { Outage } from '../connections/outage.ts'
import type { Deps } from '../deps.ts'
import { nearestName } from '../nearest.ts'
import type { Person } from '../slack.ts'
import { type ClientDeps, learnClients } from './clients.ts'
import { mayChangeSettings, type Refusal, whyNotAdd, whyNotMember, whyNotReauthorize } from './rights.ts'
import type { Ticket, Wishes } from './secrets.ts'
import { stillNeedsIt } from './still-needs-it.ts'

const CONNECT_TICKET_MS = 10 * MINUTE_MS
const PERSONAL_REAUTHORIZE_MS = HOUR_MS
const REJECTS_TICKET_MS = HOUR_MS
const EXPORT_TICKET_MS = HOUR_MS
const CARD_TICKET_MS = 30 * DAY_MS
/** A card is rendered again this long after it was shown, so that its link never runs out while the outage is open. */
export const RENEW_CARD_MS = 25 * DAY_MS

type LinkDeps = Pick<Deps, 'store' | 'providers' | 'tickets' | 'clock' | 'newId' | 'settings'>
type ConnectDeps = LinkDeps & ClientDeps

export interface Offer {
  readonly name: string
  readonly label: string
  /** Label of a client beside the one of the settings. */
  readonly client: string | null
}

/** What somebody types after `add` to get it. */
export function typedOffer({ name, client }: Offer): string {
  return client === null ? name : `${name} ${client}`
}

/** "Salesforce", "Salesforce (acme-eu)" */
export function offerLabel({ label, client }: Offer): string {
  return client === null ? label : `${label} (${client})`
}

export type ConnectLink =
  | {
      readonly kind: 'link'
      readonly url: string
      readonly providerLabel: string
      /** What gives another one, behind `add`. */
      readonly typed: string
      readonly expiresInMs: number
    }
  | { readonly kind: 'unknown_provider'; readonly nearest: string | null; readonly offered: readonly Offer[] }
  | { readonly kind: 'not_allowed'; readonly reason: Refusal }

/** A personal link with which this person can connect an account of a provider: `wanted` is its name, and after a space a client's label. */
export async function connectLink(
  deps: ConnectDeps,
  teamId: string,
  person: Person,
  wanted: string,
  channelId: string | null,
  wishes: Wishes | null = null,
): Promise<ConnectLink> {
  const refused = whyNotAdd(person, teamId, deps.settings)
  if (refused) return { kind: 'not_allowed', reason: refused }
  await learnClients(deps)
  const offered = offers(deps)
  const offer = offerCalled(wanted, offered)
  if (!offer) return { kind: 'unknown_provider', nearest: nearestOffer(wanted, offered), offered }
  const text = await deps.tickets.sign(
    {
      kind: 'connect',
      id: deps.newId(),
      teamId,
      userId: person.id,
      userName: person.name,
      provider: offer.name,
      client: offer.client,
      confirms: mayChangeSettings(person, teamId, deps.settings),
      channelId,
      wishes,
    },
    later(deps.clock.now(), CONNECT_TICKET_MS),
  )
  return {
    kind: 'link',
    url: `${deps.settings.url}/connect/${text}`,
    providerLabel: offerLabel(offer),
    typed: typedOffer(offer),
    expiresInMs: CONNECT_TICKET_MS,
  }
}

/** What `add` can connect: each client id of each provider. */
export function offers({ providers }: Pick<Deps, 'providers'>): Offer[] {
  const own = providers.own().map(({ label: client, provider: { name, label } }) => ({ name, label, client }))
  return [...providers.all().map(({ name, label }) => ({ name, label, client: null })), ...own]
}

/** By the name that is typed, or as it is shown. */
function offerCalled(wanted: string, offered: readonly Offer[]): Offer | undefined {
  const shown = ({ label, client }: Offer) => typedOffer({ name: label, label, client }).toLowerCase()
  return (
    offered.find((one) => typedOffer(one) === wanted || shown(one) === wanted) ??
    onlyOne(offered.filter(({ name, label }) => name === wanted || label.toLowerCase() === wanted))
  )
}

function nearestOffer(wanted: string, offered: readonly Offer[]): string | null {
  const typed = offered.map(typedOffer)
  return nearestName(wanted, typed) ?? onlyOne(typed.filter((one) => one.startsWith(wanted))) ?? null
}

function onlyOne<T>(found: readonly T[]): T | undefined {
  return found.length === 1 ? found[0] : undefined
}

export type ReauthorizeLink =
  | {
      readonly kind: 'link'
      readonly url: string
      readonly connection: Connection
      /** The open outage that it is for, if it is for one. */
      readonly outageId: string | null
      readonly expiresInMs: number
    }
  | { readonly kind: 'unknown'; readonly nearest: string | null }
  /** The card that was clicked is of an outage that is over. */
  | { readonly kind: 'over'; readonly outage: Outage }
  | { readonly kind: 'not_allowed'; readonly reason: Refusal }

/**
 * A link for one person, also for a connection that works (to renew it, or to log in as somebody else). `outageId`: of the card that
 * was clicked.
 */
export async function reauthorizeLink(
  deps: LinkDeps,
  teamId: string,
  person: Person,
  name: string,
  outageId: string | null = null,
): Promise<ReauthorizeLink> {
  const refused = whyNotReauthorize(person, teamId, deps.settings)
  if (refused) return { kind: 'not_allowed', reason: refused }
  const connection = await deps.store.connections.byName(teamId, name)
  if (!connection) {
    return { kind: 'unknown', nearest: await nearestConnection(deps, teamId, name) }
  }
  const outage = outageId === null ? undefined : await deps.store.outages.find(outageId)
  const own = outage?.connectionId === connection.id ? outage : undefined
  const isOver = own !== undefined && own.closedAt !== null
  const other = isOver ? await stillNeedsIt(deps, connection, own) : undefined
  if (isOver && !other) return { kind: 'over', outage: own }
  const wanted = other?.connection ?? connection
  const open = other?.outage.id ?? own?.id ?? null
  const target = { connectionId: wanted.id, outageId: open, userId: person.id }
  const url = await reauthorizeUrl(deps, target, PERSONAL_REAUTHORIZE_MS)
  return { kind: 'link', url, connection: wanted, outageId: open, expiresInMs: PERSONAL_REAUTHORIZE_MS }
}

export type RejectsLink =
  | { readonly kind: 'link'; readonly url: string; readonly connection: Connection; readonly expiresInMs: number }
  | { readonly kind: 'gone' }
  | { readonly kind: 'not_allowed'; readonly reason: Refusal }

/** A personal link to the file of what a CRM refused. */
export async function rejectsLink(deps: LinkDeps, teamId: string, person: Person, connectionId: string): Promise<RejectsLink> {
  const refused = whyNotMember(person, teamId)
  if (refused) return { kind: 'not_allowed', reason: refused }
  const connection = await deps.store.connections.find(connectionId)
  if (!connection || connection.teamId !== teamId) return { kind: 'gone' }
  const text = await deps.tickets.sign(
    { kind: 'rejects', connectionId, teamId, userId: person.id },
    later(deps.clock.now(), REJECTS_TICKET_MS),
  )
  return { kind: 'link', url: `${deps.settings.url}/rejects/${text}`, connection, expiresInMs: REJECTS_TICKET_MS }
}

export interface ExportLink {
  readonly url: string
  readonly expiresInMs: number
}

/** A personal link to everything that waits for a CRM or was refused by it. */
export async function exportLink(
  { tickets, clock, settings }: Pick<Deps, 'tickets' | 'clock' | 'settings'>,
  { id: connectionId, teamId }: Pick<Connection, 'id' | 'teamId'>,
  { id: userId }: Person,
): Promise<ExportLink> {
  const text = await tickets.sign({ kind: 'export', connectionId, teamId, userId }, later(clock.now(), EXPORT_TICKET_MS))
  return { url: `${settings.url}/export/${text}`, expiresInMs: EXPORT_TICKET_MS }
}

/** The link of a card: as long as the outage is open, 30 days at most. */
export function cardReauthorizeUrl(deps: LinkDeps, connectionId: string, outageId: string): Promise<string> {
  return reauthorizeUrl(deps, { connectionId, outageId, userId: null }, CARD_TICKET_MS)
}

/** The link of a card that warns of a login's end: until that login is replaced, 30 days at most. */
export function renewUrl(deps: LinkDeps, connectionId: string, grantId: string): Promise<string> {
  return reauthorizeUrl(deps, { connectionId, outageId: null, userId: null, grantId }, CARD_TICKET_MS)
}

async function reauthorizeUrl(
  { tickets, clock, settings }: Pick<Deps, 'tickets' | 'clock' | 'settings'>,
  target: Omit<Extract<Ticket, { kind: 'reauthorize' }>, 'kind'>,
  lifeMs: number,
): Promise<string> {
  const text = await tickets.sign({ kind: 'reauthorize', ...target }, later(clock.now(), lifeMs))
  return `${settings.url}/reauthorize/${text}`
}
