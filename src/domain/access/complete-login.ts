import { hash } from 'node:crypto'
import { later } from '../../clock.ts'
import type { Notice } from '../cards/card.ts'
import { newNotice } from '../cards/new-message.ts'
import type { Connection } from '../connections/connection.ts'
import type { CatchUp } from '../connections/outage.ts'
import type { Deps } from '../deps.ts'
import type { Account, Asked, Identity, Provider, ProviderName, Tokens, Verdict } from '../provider.ts'
import { LOGIN_MS, redirectUri } from './begin-login.ts'
import { providerOfGrant } from './clients.ts'
import type { LoginFlow, LoginTicket, Ticket } from './secrets.ts'
import { addConnection, swapGrant } from './swap-grant.ts'

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
  | { readonly kind: 'connected'; readonly connection: Connection; readonly username: string; readonly cardLink: string | null }
  | {
      readonly kind: 'reauthorized'
      readonly connection: Connection
      readonly username: string
      readonly catchUp: CatchUp | null
      /** Nothing is pushed for now: a person is asked first, or has paused it. */
      readonly isHeld: boolean
      readonly cardLink: string | null
    }
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
  if (flow.ticket.kind === 'reauthorize' && flow.ticket.outageId !== null)
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
  if (exchanged.kind !== 'ok') return refused(deps, flow, exchanged)
  const tokens = exchanged.value
  const missing = provider.missingScopes(tokens)
  const identified = await provider.identify(tokens)
  if (missing.length > 0) return scopeMissing(deps, flow, missing, identified)
  if (identified.kind !== 'ok') return refused(deps, flow, identified)
  return flow.ticket.kind === 'connect'
    ? connect(deps, flow, flow.ticket, provider, tokens, identified.value)
    : reauthorize(deps, flow, flow.ticket, provider, tokens, identified.value)
}

async function connect(
  deps: CompleteDeps,
  flow: LoginFlow,
  ticket: Extract<LoginTicket, { kind: 'connect' }>,
  provider: Provider,
  tokens: Tokens,
  identity: Identity,
): Promise<Completion> {
  const [account] = identity.accounts
  if (!account) throw new Error(`${provider.name} identified a login without an account`)
  const read = await readOnce(deps, provider, tokens, account)
  if (read.kind !== 'ok') return refused(deps, flow, read)
  const same = await deps.store.connections.byAccount(ticket.teamId, provider.name, account.id)
  if (same) return confirmed(deps, ticket, await swapGrant(deps, same, provider, tokens, identity, account, ticket.userId))
  return addConnection(deps, ticket, provider, tokens, identity, account)
}

async function reauthorize(
  deps: CompleteDeps,
  flow: LoginFlow,
  ticket: Extract<LoginTicket, { kind: 'reauthorize' }>,
  provider: Provider,
  tokens: Tokens,
  identity: Identity,
): Promise<Completion> {
  const connection = await deps.store.connections.find(ticket.connectionId)
  if (!connection) return { kind: 'gone' }
  const account = identity.accounts.find(({ id }) => id === connection.accountId)
  if (!account) {
    const came = { came: namesOf(identity.accounts), username: identity.username }
    await note(deps, flow, { kind: 'wrong_account', expected: connection.accountName, ...came })
    return { kind: 'wrong_account', ...came }
  }
  const read = await readOnce(deps, provider, tokens, account)
  if (read.kind !== 'ok') return refused(deps, flow, read)
  return swapGrant(deps, connection, provider, tokens, identity, account, ticket.userId)
}

/** One real read of the account, before anything is swapped. */
function readOnce({ meters }: CompleteDeps, provider: Provider, tokens: Tokens, account: Account): Promise<Asked<unknown>> {
  return meters.of({ provider: provider.name, accountId: account.id }).watch(() => provider.probe(tokens, account))
}

const NAMED_ACCOUNTS = 3

function namesOf(accounts: readonly Account[]): string {
  const names = accounts.slice(0, NAMED_ACCOUNTS).map(({ name }) => name)
  const others = accounts.length - names.length
  return others === 0 ? names.join(', ') : `${names.join(', ')} and ${others} more`
}

/** Adding a CRM with the right to change settings confirms it, also when somebody without it was first. */
async function confirmed(
  { store, clock, newId }: CompleteDeps,
  { teamId, userId, confirms }: Extract<Ticket, { kind: 'connect' }>,
  completion: Completion,
): Promise<Completion> {
  if (!confirms || completion.kind !== 'reauthorized' || completion.connection.confirmedAt !== null) return completion
  const at = clock.now()
  const { id: connectionId } = completion.connection
  const audit = { id: newId(), teamId, connectionId, actor: userId, action: 'confirmed' as const, detail: '', at }
  const connection = await store.connections.confirm(connectionId, userId, at, audit)
  return connection ? { ...completion, connection } : completion
}

async function callbackError(
  deps: CompleteDeps,
  flow: LoginFlow,
  provider: Provider,
  error: string,
  description: string,
): Promise<Completion> {
  const meaning = provider.readCallback(error, description)
  return meaning.kind === 'cancelled' ? meaning : refused(deps, flow, meaning)
}

async function refused(
  deps: CompleteDeps,
  flow: LoginFlow,
  verdict: Verdict & { readonly steps?: readonly string[] },
): Promise<Completion> {
  deps.log.warn('login.refused', { provider: flow.provider, verdict: verdict.kind, code: verdict.code })
  const again = mayWorkAgain(verdict)
  const told = { explanation: verdict.explanation, ...(verdict.steps && { steps: verdict.steps }) }
  if (!again) await note(deps, flow, { kind: 'login_refused', ...told })
  return { kind: 'refused', ...told, again }
}

/** What passes by itself, and a login that came too late or twice: whoever tried can simply begin anew. */
function mayWorkAgain(verdict: Verdict): boolean {
  if (verdict.kind === 'authorization_required') return !verdict.certain
  return verdict.kind === 'transient' || verdict.kind === 'rate_limited' || verdict.kind === 'refresh'
}

async function scopeMissing(
  deps: CompleteDeps,
  flow: LoginFlow,
  missing: readonly string[],
  identified: Asked<Identity>,
): Promise<Completion> {
  const username = identified.kind === 'ok' ? identified.value.username : ''
  await note(deps, flow, { kind: 'scope_missing', missing, username })
  return { kind: 'scope_missing', missing }
}

/** Tells the thread of the card: that of the link, or of the outage that is open. A first connection has none. */
async function note(deps: CompleteDeps, { ticket }: LoginFlow, notice: Notice): Promise<void> {
  if (ticket.kind !== 'reauthorize') return
  const overview = await deps.store.connections.overview(ticket.connectionId)
  const outageId = ticket.outageId ?? overview?.outage?.id
  const card = outageId === undefined ? undefined : await deps.store.messages.ofOutage(outageId)
  if (overview && card) await deps.store.messages.add(newNotice(deps, overview.connection, card, notice), deps.clock.now())
}
