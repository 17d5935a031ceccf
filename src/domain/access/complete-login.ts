import { hash } from 'node:crypto'
import { later } from '../../clock.ts'
import type { Connection } from '../connections/connection.ts'
import type { CatchUp } from '../connections/outage.ts'
import type { Deps } from '../deps.ts'
import type { Asked, Identity, Provider, ProviderName } from '../provider.ts'
import type { InvitationOver } from './begin-invited.ts'
import type { Left } from './bring-back.ts'
import { providerOfGrant } from './clients.ts'
import { connect } from './connect.ts'
import { LOGIN_MS, redirectUri } from './departure.ts'
import type { ToChoose } from './offer-accounts.ts'
import { reauthorize } from './reauthorize.ts'
import { reauthorizeInvited } from './reauthorize-invited.ts'
import type { LoginFlow } from './secrets.ts'
import { note, refused } from './tell-login.ts'

export interface Callback {
  readonly provider: string
  readonly state: string | null
  readonly code: string | null
  readonly error: string | null
  readonly errorDescription: string | null
  /** The cookie of this flow, from this browser. */
  readonly cookie: string | null
}

export type Completion =
  | {
      readonly kind: 'connected'
      readonly connection: Connection
      readonly username: string
      readonly channelLink: string | null
    }
  | {
      readonly kind: 'reauthorized'
      readonly connection: Connection
      readonly username: string
      readonly catchUp: CatchUp | null
      /** Nothing is pushed for now: a person is asked first, or has paused it. */
      readonly isHeld: boolean
      readonly cardLink: string | null
    }
  /** The login reaches several accounts that are not connected: somebody chooses among them. */
  | ToChoose
  | {
      readonly kind: 'connected_several'
      readonly added: readonly Connection[]
      /** Red ones that the same login brought back. */
      readonly back: readonly Connection[]
      readonly unread: readonly { readonly account: string; readonly explanation: string }[]
      readonly username: string
      /** Where the new ones are told. */
      readonly channelLink: string | null
    }
  | {
      readonly kind: 'reauthorized_several'
      readonly back: readonly Connection[]
      readonly left: readonly Left[]
      readonly username: string
      readonly cardLink: string | null
    }
  /** By an invitation: its visitor hears nothing of what Redkey does now. */
  | { readonly kind: 'restored'; readonly connection: Connection; readonly username: string }
  | InvitationOver
  /** No cookie, another state, another provider: not the browser that set out, or a forgery. Nothing was done. */
  | { readonly kind: 'not_this_browser' }
  | { readonly kind: 'login_expired' }
  | { readonly kind: 'already_used' }
  /** The person said no at the provider. */
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'wrong_account'; readonly came: string; readonly username: string }
  | { readonly kind: 'scope_missing'; readonly missing: readonly string[] }
  /** The provider refused; `again` says that the same login may work a little later. */
  | {
      readonly kind: 'refused'
      readonly explanation: string
      readonly again: boolean
      /** What an admin does at the provider about it. */
      readonly steps?: readonly string[]
    }
  | { readonly kind: 'gone' }

export type CompleteDeps = Pick<
  Deps,
  'store' | 'providers' | 'sealer' | 'secrets' | 'tickets' | 'clock' | 'newId' | 'settings' | 'log' | 'meters'
>

/**
 * The callback: check the state, exchange the code, verify account, scopes and one real read, and only then swap. The old
 * grant survives everything that goes wrong on the way.
 */
export async function completeLogin(deps: CompleteDeps, callback: Callback): Promise<Completion> {
  if (callback.state === null || callback.cookie === null) return { kind: 'not_this_browser' }
  const flow = await deps.tickets.openFlow(callback.cookie)
  if (!flow) return { kind: 'login_expired' }
  if (flow.state !== callback.state || flow.provider !== callback.provider) return { kind: 'not_this_browser' }
  const now = deps.clock.now()
  if (!(await deps.store.tickets.useOnce(`state:${hash('sha256', flow.state, 'base64url')}`, now, later(now, LOGIN_MS))))
    return { kind: 'already_used' }
  if (flow.ticket.kind !== 'connect' && flow.ticket.outageId !== null)
    await deps.store.outages.loginCameBack(flow.ticket.outageId)
  const completion = await verifyAndSwap(deps, flow, callback)
  deps.log.info('login.completed', { provider: flow.provider, outcome: completion.kind })
  return completion
}

async function verifyAndSwap(deps: CompleteDeps, flow: LoginFlow, callback: Callback): Promise<Completion> {
  const provider = await providerOfGrant(deps, {
    provider: flow.provider as ProviderName,
    clientId: flow.client.id,
    tokenOrigin: flow.client.tokenOrigin,
  })
  if (!provider) return { kind: 'gone' }
  if (callback.error !== null) return callbackError(deps, flow, provider, callback.error, callback.errorDescription ?? '')
  if (callback.code === null) return { kind: 'refused', explanation: `${provider.label} sent no code.`, again: true }
  const exchanged = await provider.exchangeCode({
    code: callback.code,
    codeVerifier: flow.codeVerifier,
    redirectUri: redirectUri(deps.settings.url, provider.name),
  })
  if (exchanged.kind !== 'ok') return refused(deps, flow.ticket, exchanged)
  const tokens = exchanged.value
  const missing = provider.missingScopes(tokens)
  const identified = await provider.identify(tokens)
  if (identified.kind === 'ok') await noteApproval(deps, provider, identified.value)
  if (missing.length > 0) return scopeMissing(deps, flow, missing, identified)
  if (identified.kind !== 'ok') return refused(deps, flow.ticket, identified)
  const login = { provider, tokens, identity: identified.value }
  if (flow.ticket.kind === 'connect') return connect(deps, flow.ticket, login)
  return flow.ticket.kind === 'invite' ? reauthorizeInvited(deps, flow.ticket, login) : reauthorize(deps, flow.ticket, login)
}

/** Also of a login that is refused: some providers count it. */
async function noteApproval({ store, newId, clock }: CompleteDeps, provider: Provider, { userId }: Identity): Promise<void> {
  const { name, client } = provider
  await store.approvals.note({ id: newId(), provider: name, clientId: client.id, providerUserId: userId, at: clock.now() })
}

async function callbackError(
  deps: CompleteDeps,
  flow: LoginFlow,
  provider: Provider,
  error: string,
  description: string,
): Promise<Completion> {
  const meaning = provider.readCallback(error, description)
  return meaning.kind === 'cancelled' ? meaning : refused(deps, flow.ticket, meaning)
}

async function scopeMissing(
  deps: CompleteDeps,
  flow: LoginFlow,
  missing: readonly string[],
  identified: Asked<Identity>,
): Promise<Completion> {
  const username = identified.kind === 'ok' ? identified.value.username : ''
  await note(deps, flow.ticket, { kind: 'scope_missing', missing, username })
  return { kind: 'scope_missing', missing }
}
