import { later } from '../../clock.ts'
import type { Connection } from '../connections/connection.ts'
import type { Outage } from '../connections/outage.ts'
import type { Deps } from '../deps.ts'
import type { Provider } from '../provider.ts'
import { type ClientDeps, learnClients, providerOfGrant } from './clients.ts'
import { type Departure, depart, LOGIN_MS, type NoLogin } from './departure.ts'
import type { Grant } from './grant.ts'
import { admit, type NotIdentified, type SignInDeparture, type Visit } from './identify.ts'
import { usableLogins } from './offer-accounts.ts'
import type { LoginTicket } from './secrets.ts'
import { stillNeedsIt } from './still-needs-it.ts'

export type AdmitDeps = Pick<Deps, 'slack' | 'signIn' | 'signInSeals' | 'settings'>
type LinkDeps = ClientDeps & AdmitDeps & Pick<Deps, 'tickets' | 'clock' | 'newSecret'>

export type BeginReauthorize =
  | Departure
  | SignInDeparture
  | NotIdentified
  | NoLogin
  | { readonly kind: 'already_authorized'; readonly connection: Connection; readonly outage: Outage | null }

/** Opens a Reauthorize link. Writes nothing, so that a link scanner does no harm. */
export async function beginReauthorize(deps: LinkDeps, visit: Visit): Promise<BeginReauthorize> {
  const read = await deps.tickets.read(visit.ticket)
  if (read.kind !== 'ok') return read
  const { ticket } = read
  if (ticket.kind !== 'reauthorize') return { kind: 'forged' }
  const asked = await deps.store.connections.find(ticket.connectionId)
  if (!asked) return { kind: 'gone' }
  const outage = ticket.outageId === null ? undefined : await deps.store.outages.find(ticket.outageId)
  const isOver = outage !== undefined && outage.closedAt !== null
  const other = isOver ? await stillNeedsIt(deps, asked, outage) : undefined
  if (isOver && !other) return { kind: 'already_authorized', connection: asked, outage }
  const connection = other?.connection ?? asked
  if (ticket.grantId !== undefined && ticket.grantId !== connection.grantId)
    return { kind: 'already_authorized', connection, outage: null }
  const admitted = await admit(deps, visit, ticket, connection.teamId)
  if (admitted.kind !== 'admitted') return admitted
  const grant = await deps.store.grants.find(connection.grantId)
  // Whoever lacks a right is the one who need not log in again.
  const hint = connection.health.status === 'permission_required' ? null : (grant?.username ?? null)
  // With the client of the last login; where that is gone, with the one of the settings.
  const provider = (grant && (await providerOfGrant(deps, grant))) ?? deps.providers.get(connection.provider)
  if (!provider) return { kind: 'not_configured', provider: connection.provider }
  const userId = admitted.person?.id ?? ticket.userId
  const target = other ? { connectionId: other.connection.id, outageId: other.outage.id } : {}
  return depart(deps, { ...ticket, ...target, userId }, provider, connection.teamId, hint)
}

export type ConnectPage =
  | {
      readonly kind: 'ask'
      readonly userName: string
      readonly providerLabel: string
      readonly confirms: boolean
      /** Stored logins that may reach further accounts. */
      readonly logins: readonly Pick<Grant, 'id' | 'username'>[]
    }
  | SignInDeparture
  | NotIdentified
  | NoLogin

/** What the page of a Connect link says before anything happens. Writes nothing. */
export async function readConnectLink(deps: LinkDeps, visit: Visit): Promise<ConnectPage> {
  const read = await deps.tickets.read(visit.ticket)
  if (read.kind !== 'ok') return read
  if (read.ticket.kind !== 'connect') return { kind: 'forged' }
  const provider = await providerOfTicket(deps, read.ticket)
  if (!provider) return { kind: 'not_configured', provider: read.ticket.provider }
  const admitted = await admit(deps, visit, read.ticket, read.ticket.teamId)
  if (admitted.kind !== 'admitted') return admitted
  const { userName, confirms } = read.ticket
  const logins = (await usableLogins(deps, read.ticket, provider)).map(({ id, username }) => ({ id, username }))
  return { kind: 'ask', userName, providerLabel: provider.label, confirms, logins }
}

export type BeginConnect = Departure | SignInDeparture | NotIdentified | NoLogin | { readonly kind: 'already_used' }

/** The POST behind the Connect page: uses up the ticket. */
export async function beginConnect(deps: LinkDeps, visit: Visit): Promise<BeginConnect> {
  const read = await deps.tickets.read(visit.ticket)
  if (read.kind !== 'ok') return read
  const { ticket } = read
  if (ticket.kind !== 'connect') return { kind: 'forged' }
  const provider = await providerOfTicket(deps, ticket)
  if (!provider) return { kind: 'not_configured', provider: ticket.provider }
  const admitted = await admit(deps, visit, ticket, ticket.teamId)
  if (admitted.kind !== 'admitted') return admitted
  const now = deps.clock.now()
  if (!(await deps.store.tickets.useOnce(`connect:${ticket.id}`, now, later(now, LOGIN_MS)))) return { kind: 'already_used' }
  return depart(deps, ticket, provider, ticket.teamId, null)
}

async function providerOfTicket(
  deps: ClientDeps,
  { provider, client }: Pick<Extract<LoginTicket, { kind: 'connect' }>, 'provider' | 'client'>,
): Promise<Provider | undefined> {
  if (client === null) return deps.providers.all().find(({ name }) => name === provider)
  const find = () => deps.providers.own().find((one) => one.provider.name === provider && one.label === client)?.provider
  const known = find()
  if (known) return known
  await learnClients(deps)
  return find()
}
