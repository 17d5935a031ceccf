import { later } from '../../clock.ts'
import type { Deps } from '../deps.ts'
import type { Account, Provider } from '../provider.ts'
import { CHOICE_MS } from './choice.ts'
import type { ToChoose } from './completion.ts'
import type { Grant } from './grant.ts'
import { admit, type NotIdentified, type SignInDeparture, type Visit } from './identify.ts'
import type { Adder } from './new-connections.ts'
import { needsLogin, type Reached } from './reach.ts'
import type { Ticket } from './secrets.ts'

type OfferDeps = Pick<Deps, 'store' | 'clock' | 'newId'>

/** Keeps a new login until somebody has chosen among its accounts, unless all of them are connected. */
export async function offerAccounts(
  deps: OfferDeps,
  adder: Adder,
  grant: Grant,
  accounts: readonly Account[],
): Promise<ToChoose | { readonly kind: 'all_connected'; readonly connected: readonly Reached[] }> {
  const connected = await connectedOf(deps, grant, accounts)
  if (connected.length === accounts.length) return { kind: 'all_connected', connected }
  const choice = newChoice(deps, adder, grant, accounts)
  await deps.store.choices.offer(choice, grant)
  return { kind: 'choose', choiceId: choice.id, expiresAt: choice.expiresAt }
}

type FurtherDeps = OfferDeps &
  Pick<Deps, 'tickets' | 'providers' | 'grants' | 'log' | 'slack' | 'signIn' | 'signInSeals' | 'newSecret' | 'settings'>

export type Further =
  | ToChoose
  | SignInDeparture
  | NotIdentified
  | { readonly kind: 'expired' }
  | { readonly kind: 'forged' }
  | { readonly kind: 'already_used' }
  | { readonly kind: 'not_configured'; readonly provider: string }
  /** Everything that the login reaches is connected and works. */
  | { readonly kind: 'nothing_more'; readonly username: string; readonly connected: number }
  | { readonly kind: 'refused'; readonly explanation: string; readonly again: boolean }

/** Offers what a stored login reaches, so that nobody has to log in. Uses up the ticket only if there is something to choose. */
export async function offerFurther(deps: FurtherDeps, visit: Visit, grantId: string): Promise<Further> {
  const { store, tickets, providers, clock } = deps
  const read = await tickets.read(visit.ticket)
  if (read.kind !== 'ok') return read
  const { ticket } = read
  if (ticket.kind !== 'connect') return { kind: 'forged' }
  const provider = providers.get(ticket.provider)
  if (!provider) return { kind: 'not_configured', provider: ticket.provider }
  const admitted = await admit(deps, visit, ticket, ticket.teamId)
  if (admitted.kind !== 'admitted') return admitted
  const grant = (await usableLogins(deps, ticket, provider)).find(({ id }) => id === grantId)
  if (!grant) return { kind: 'refused', explanation: 'This login does not work any more.', again: false }
  const answer = await deps.grants.ask({ grantId, provider: provider.name }, (tokens) => provider.identify(tokens))
  if (answer.kind !== 'ok') {
    deps.log.warn('login.not_listed', { provider: provider.name, verdict: answer.kind, code: answer.code })
    return {
      kind: 'refused',
      explanation: answer.explanation,
      again: answer.kind === 'transient' || answer.kind === 'rate_limited',
    }
  }
  const { accounts } = answer.value
  const connected = await connectedOf(deps, grant, accounts)
  if (connected.length === accounts.length && !connected.some(({ connection }) => needsLogin(connection)))
    return { kind: 'nothing_more', username: grant.username, connected: connected.length }
  const now = clock.now()
  if (!(await store.tickets.useOnce(`connect:${ticket.id}`, now, later(now, CHOICE_MS)))) return { kind: 'already_used' }
  const choice = newChoice(deps, ticket, grant, accounts)
  if (!(await store.choices.offer(choice, null)))
    return { kind: 'refused', explanation: 'This login was just replaced.', again: false }
  return { kind: 'choose', choiceId: choice.id, expiresAt: choice.expiresAt }
}

/** Logins whose further accounts can be connected. A login to a CRM reaches one. */
export async function usableLogins(
  { store }: Pick<Deps, 'store'>,
  { teamId }: Pick<Extract<Ticket, { kind: 'connect' }>, 'teamId'>,
  provider: Provider,
): Promise<Grant[]> {
  if (provider.kind === 'crm') return []
  const { id, tokenOrigin } = provider.client
  const working = await store.grants.working(teamId, provider.name)
  return working.filter((grant) => grant.clientId === id && grant.tokenOrigin === tokenOrigin)
}

async function connectedOf({ store }: OfferDeps, { teamId, provider }: Grant, accounts: readonly Account[]): Promise<Reached[]> {
  const overviews = await store.connections.overviews(teamId)
  const all = overviews.map(({ connection }) => connection).filter((one) => one.provider === provider)
  const byAccount = new Map(all.map((connection) => [connection.accountId, connection]))
  return accounts.flatMap((account) => {
    const connection = byAccount.get(account.id)
    return connection ? [{ connection, account }] : []
  })
}

function newChoice({ clock, newId }: OfferDeps, adder: Adder, grant: Grant, accounts: readonly Account[]) {
  const { teamId, userId, confirms, wishes } = adder
  const expiresAt = later(clock.now(), CHOICE_MS)
  return { id: newId(), teamId, grantId: grant.id, accounts, userId, confirms, wishes, expiresAt }
}
