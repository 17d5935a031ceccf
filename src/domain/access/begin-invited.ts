import type { Connection } from '../connections/connection.ts'
import type { Deps } from '../deps.ts'
import type { Provider } from '../provider.ts'
import { type ClientDeps, providerOfGrant } from './clients.ts'
import { type Departure, depart, type NoLogin } from './departure.ts'
import type { Invitation } from './invitation.ts'
import { whyNotChange } from './rights.ts'
import type { Ticket } from './secrets.ts'

type InvitedDeps = ClientDeps & Pick<Deps, 'tickets' | 'clock' | 'newSecret' | 'settings' | 'slack'>

/** Its link has done what it could. */
export interface InvitationOver {
  readonly kind: 'invitation_over'
  readonly how: NonNullable<Invitation['endedHow']>
}

export type InvitationPage =
  | {
      readonly kind: 'ask'
      readonly invitedByName: string
      /** Of the workspace in Slack; null while it is unknown. */
      readonly company: string | null
      readonly connection: Connection
      readonly providerLabel: string
      readonly expiresAt: Date
    }
  | InvitationOver
  | NoLogin

/** What somebody outside is told before anything happens. Writes nothing. */
export async function readInvitation(deps: InvitedDeps, ticketText: string): Promise<InvitationPage> {
  const found = await usable(deps, ticketText)
  if (found.kind !== 'usable') return found
  const { invitation, connection, provider } = found
  const workspace = (await deps.store.workspaces.all()).find(({ teamId }) => teamId === invitation.teamId)
  return {
    kind: 'ask',
    invitedByName: invitation.invitedByName,
    company: workspace?.name ?? null,
    connection,
    providerLabel: provider.label,
    expiresAt: invitation.expiresAt,
  }
}

export type BeginInvited = Departure | InvitationOver | NoLogin

/** The POST behind that page. Uses nothing up: only a login that went well does. */
export async function beginInvited(deps: InvitedDeps, ticketText: string): Promise<BeginInvited> {
  const found = await usable(deps, ticketText)
  if (found.kind !== 'usable') return found
  const { ticket, connection, provider } = found
  if (ticket.outageId !== null) await deps.store.outages.loginBegun(ticket.outageId, deps.clock.now())
  // The user of the last login is not told to people outside.
  return depart(deps, ticket, provider, connection.teamId, null)
}

type InviteTicket = Extract<Ticket, { kind: 'invite' }>

async function usable(
  deps: InvitedDeps,
  ticketText: string,
): Promise<
  | {
      readonly kind: 'usable'
      readonly ticket: InviteTicket
      readonly invitation: Invitation
      readonly connection: Connection
      readonly provider: Provider
    }
  | InvitationOver
  | NoLogin
> {
  const read = await deps.tickets.read(ticketText)
  if (read.kind !== 'ok') return read
  const { ticket } = read
  if (ticket.kind !== 'invite') return { kind: 'forged' }
  const connection = await deps.store.connections.find(ticket.connectionId)
  if (!connection) return { kind: 'gone' }
  const invitation = await deps.store.invitations.find(ticket.invitationId)
  if (!invitation || invitation.expiresAt <= deps.clock.now()) return { kind: 'expired' }
  const over = await whyOver(deps, invitation, connection)
  if (over) return { kind: 'invitation_over', how: over }
  const grant = await deps.store.grants.find(connection.grantId)
  const provider = (grant && (await providerOfGrant(deps, grant))) ?? deps.providers.get(connection.provider)
  if (!provider) return { kind: 'not_configured', provider: connection.provider }
  return { kind: 'usable', ticket, invitation, connection, provider }
}

/** Also when whoever made it may not invite any more: has left, say. While Slack can't tell, it holds. */
async function whyOver(
  { slack, settings }: InvitedDeps,
  { endedHow, invitedBy }: Invitation,
  connection: Connection,
): Promise<InvitationOver['how'] | null> {
  if (endedHow !== null) return endedHow
  const person = await slack.person(connection.teamId, invitedBy)
  return person && whyNotChange(person, connection, settings) !== null ? 'withdrawn' : null
}
