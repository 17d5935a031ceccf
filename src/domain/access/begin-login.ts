import { createHash } from 'node:crypto'
import { later, MINUTE_MS } from '../../clock.ts'
import type { Connection } from '../connections/connection.ts'
import type { Outage } from '../connections/outage.ts'
import type { Deps } from '../deps.ts'
import type { Provider } from '../provider.ts'
import type { Grant } from '../store.ts'
import { type ClientDeps, learnClients, providerOfGrant } from './clients.ts'
import { usableLogins } from './offer-accounts.ts'
import type { LoginFlow, LoginTicket } from './secrets.ts'

/** From the redirect to the provider until the callback. */
export const LOGIN_MS = 10 * MINUTE_MS

type LoginDeps = ClientDeps & Pick<Deps, 'tickets' | 'clock' | 'newSecret' | 'settings'>

/** Off to the provider's login: `cookie` goes to this browser only, under `cookieName(state)`. */
export interface Departure {
  readonly kind: 'redirect'
  readonly url: string
  readonly state: string
  readonly cookie: string
  readonly cookieMaxAgeMs: number
}

export type NoLogin =
  | { readonly kind: 'expired' }
  | { readonly kind: 'forged' }
  /** The connection was removed. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'not_configured'; readonly provider: string }

export type BeginReauthorize =
  | Departure
  | NoLogin
  | { readonly kind: 'already_authorized'; readonly connection: Connection; readonly outage: Outage | null }

/** Opens a Reauthorize link. Writes nothing, so that a link scanner does no harm. */
export async function beginReauthorize(deps: LoginDeps, ticketText: string): Promise<BeginReauthorize> {
  const read = await deps.tickets.read(ticketText)
  if (read.kind !== 'ok') return read
  const { ticket } = read
  if (ticket.kind !== 'reauthorize') return { kind: 'forged' }
  const connection = await deps.store.connections.find(ticket.connectionId)
  if (!connection) return { kind: 'gone' }
  const outage = ticket.outageId === null ? undefined : await deps.store.outages.find(ticket.outageId)
  if (outage && outage.closedAt !== null) return { kind: 'already_authorized', connection, outage }
  if (ticket.grantId !== undefined && ticket.grantId !== connection.grantId)
    return { kind: 'already_authorized', connection, outage: null }
  const grant = await deps.store.grants.find(connection.grantId)
  // Whoever lacks a right is the one who need not log in again.
  const hint = connection.health.status === 'permission_required' ? null : (grant?.username ?? null)
  // With the client of the last login; where that is gone, with the one of the settings.
  const provider = (grant && (await providerOfGrant(deps, grant))) ?? deps.providers.get(connection.provider)
  if (!provider) return { kind: 'not_configured', provider: connection.provider }
  return depart(deps, ticket, provider, connection.teamId, hint)
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
  | NoLogin

/** What the page of a Connect link says before anything happens. Writes nothing. */
export async function readConnectLink(deps: ClientDeps & Pick<Deps, 'tickets'>, ticketText: string): Promise<ConnectPage> {
  const read = await deps.tickets.read(ticketText)
  if (read.kind !== 'ok') return read
  if (read.ticket.kind !== 'connect') return { kind: 'forged' }
  const provider = await providerOfTicket(deps, read.ticket)
  if (!provider) return { kind: 'not_configured', provider: read.ticket.provider }
  const { userName, confirms } = read.ticket
  const logins = (await usableLogins(deps, read.ticket, provider)).map(({ id, username }) => ({ id, username }))
  return { kind: 'ask', userName, providerLabel: provider.label, confirms, logins }
}

export type BeginConnect = Departure | NoLogin | { readonly kind: 'already_used' }

/** The POST behind the Connect page: uses up the ticket. */
export async function beginConnect(deps: LoginDeps, ticketText: string): Promise<BeginConnect> {
  const read = await deps.tickets.read(ticketText)
  if (read.kind !== 'ok') return read
  const { ticket } = read
  if (ticket.kind !== 'connect') return { kind: 'forged' }
  const provider = await providerOfTicket(deps, ticket)
  if (!provider) return { kind: 'not_configured', provider: ticket.provider }
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

async function depart(
  deps: LoginDeps,
  ticket: LoginTicket,
  provider: Provider,
  teamId: string,
  loginHint: string | null,
): Promise<Departure> {
  const state = deps.newSecret()
  const codeVerifier = deps.newSecret()
  const flow: LoginFlow = {
    state,
    codeVerifier,
    provider: provider.name,
    client: provider.client,
    teamId,
    ticket,
    expiresAt: later(deps.clock.now(), LOGIN_MS),
  }
  const url = provider.authorizationUrl({
    redirectUri: redirectUri(deps.settings.url, provider.name),
    state,
    codeChallenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    loginHint,
  })
  return { kind: 'redirect', url, state, cookie: await deps.tickets.sealFlow(flow), cookieMaxAgeMs: LOGIN_MS }
}

/** Exactly what must be registered at the provider. */
export function redirectUri(url: string, provider: string): string {
  return `${url}/oauth/callback/${provider}`
}
