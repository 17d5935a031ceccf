import { createHash } from 'node:crypto'
import { later, MINUTE_MS } from '../../clock.ts'
import type { Connection } from '../connections/connection.ts'
import type { Outage } from '../connections/outage.ts'
import type { Deps } from '../deps.ts'
import type { Grant } from '../store.ts'
import { usableLogins } from './offer-accounts.ts'
import type { LoginFlow, LoginTicket } from './secrets.ts'

/** From the redirect to the provider until the callback. */
export const LOGIN_MS = 10 * MINUTE_MS

type LoginDeps = Pick<Deps, 'store' | 'providers' | 'tickets' | 'clock' | 'newSecret' | 'settings'>

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
  return depart(deps, ticket, connection.provider, connection.teamId, hint)
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
export async function readConnectLink(
  deps: Pick<Deps, 'store' | 'tickets' | 'providers'>,
  ticketText: string,
): Promise<ConnectPage> {
  const read = await deps.tickets.read(ticketText)
  if (read.kind !== 'ok') return read
  if (read.ticket.kind !== 'connect') return { kind: 'forged' }
  const provider = deps.providers.get(read.ticket.provider)
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
  if (!deps.providers.get(ticket.provider)) return { kind: 'not_configured', provider: ticket.provider }
  const now = deps.clock.now()
  if (!(await deps.store.tickets.useOnce(`connect:${ticket.id}`, now, later(now, LOGIN_MS)))) return { kind: 'already_used' }
  return depart(deps, ticket, ticket.provider, ticket.teamId, null)
}

async function depart(
  deps: LoginDeps,
  ticket: LoginTicket,
  providerName: string,
  teamId: string,
  loginHint: string | null,
): Promise<Departure | NoLogin> {
  const provider = deps.providers.get(providerName)
  if (!provider) return { kind: 'not_configured', provider: providerName }
  const state = deps.newSecret()
  const codeVerifier = deps.newSecret()
  const flow: LoginFlow = {
    state,
    codeVerifier,
    provider: provider.name,
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
