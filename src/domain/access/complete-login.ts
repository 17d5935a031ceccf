import { hash } from 'node:crypto'
import { later } from '../../clock.ts'
import type { Asked, Identity, Provider, ProviderName } from '../provider.ts'
import { providerOfGrant } from './clients.ts'
import type { CompleteDeps, Completion } from './completion.ts'
import { connect } from './connect.ts'
import { LOGIN_MS, redirectUri } from './departure.ts'
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
