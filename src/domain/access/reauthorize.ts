import type { Message } from '../cards/card.ts'
import { newNotice } from '../cards/new-message.ts'
import type { Connection } from '../connections/connection.ts'
import type { Identity } from '../provider.ts'
import { slackLink } from '../slack-link.ts'
import { type BroughtBack, bringBack, type Read } from './bring-back.ts'
import type { CompleteDeps, Completion, Login } from './completion.ts'
import type { Grant } from './grant.ts'
import { type Reached, reachOf } from './reach.ts'
import type { LoginTicket, Ticket } from './secrets.ts'
import { newGrant, swapEnded, swapGrant } from './swap-grant.ts'
import { cardOf, note, refused } from './tell-login.ts'

type ReauthorizeTicket = Extract<Ticket, { kind: 'reauthorize' }>

/** The connection gets the new login, and so does every other one that this login is for. */
export async function reauthorize(deps: CompleteDeps, ticket: ReauthorizeTicket, login: Login): Promise<Completion> {
  const { identity } = login
  const connection = await deps.store.connections.find(ticket.connectionId)
  if (!connection) return { kind: 'gone' }
  const { reached, missed } = reachOf(connection, await connectionsOf(deps, connection), identity.accounts)
  if (reached.length === 0) return wrongAccount(deps, ticket, missed, identity)
  const grant = await newGrant(deps, connection.teamId, login, ticket.userId)
  const read = readWith(deps, login)
  const [only, ...more] = reached
  if (only && more.length + missed.length === 0) return reauthorizeOne(deps, ticket, grant, only, read)
  const card = await cardOf(deps, ticket) // before its outage ends
  const { back, left } = await bringBack(deps, grant, reached, read, ticket.userId)
  const notReached = missed.map((one) => ({ connection: one, why: 'not_reached' as const, verdict: null }))
  return several(deps, ticket, grant, { back, left: [...left, ...notReached] }, card && { connection, card })
}

async function reauthorizeOne(
  deps: CompleteDeps,
  ticket: ReauthorizeTicket,
  grant: Grant,
  { connection, account }: Reached,
  read: Read,
): Promise<Completion> {
  const answer = await read(account)
  if (answer.kind !== 'ok') return refused(deps, ticket, answer)
  return swapEnded(deps, await swapGrant(deps, connection, grant, account, ticket.userId), grant)
}

/** All of the same provider in this workspace. */
async function connectionsOf({ store }: CompleteDeps, { teamId, provider }: Connection): Promise<Connection[]> {
  const all = await store.connections.overviews(teamId)
  return all.map(({ connection }) => connection).filter((one) => one.provider === provider)
}

export async function wrongAccount(
  deps: CompleteDeps,
  ticket: Exclude<LoginTicket, { kind: 'connect' }>,
  missed: readonly Connection[],
  { accounts, username }: Identity,
): Promise<Completion> {
  const came = { came: namesOf(accounts.map(({ name }) => name)), username }
  await note(deps, ticket, { kind: 'wrong_account', expected: namesOf(missed.map(({ accountName }) => accountName)), ...came })
  return { kind: 'wrong_account', ...came }
}

/** How a login ended that was for several connections; the thread of the card hears it too. */
export async function several(
  deps: CompleteDeps,
  ticket: LoginTicket,
  { username }: Grant,
  { back, left }: BroughtBack,
  asked?: { readonly connection: Connection; readonly card: Message },
): Promise<Completion> {
  if (back.length === 0) {
    const verdict = left.find((one) => one.verdict !== null)?.verdict
    return verdict ? refused(deps, ticket, verdict) : { kind: 'gone' }
  }
  if (asked) {
    const told = left.map(({ connection: { name, accountName }, why }) => ({ name, account: accountName, why }))
    const notice = { kind: 'brought_back' as const, username, back: back.length, left: told }
    await deps.store.messages.add(newNotice(deps, asked.connection, asked.card, notice), deps.clock.now())
  }
  const shown = asked?.card ?? back.find((one) => one.card)?.card
  const cardLink = shown ? await slackLink(deps, shown) : null
  return { kind: 'reauthorized_several', back: back.map((one) => one.connection), left, username, cardLink }
}

/** One real read of an account with this login, before anything is swapped. */
export function readWith({ meters }: CompleteDeps, { provider, tokens }: Login): Read {
  return (account) => meters.of({ provider: provider.name, accountId: account.id }).watch(() => provider.probe(tokens, account))
}

const NAMED_ACCOUNTS = 3

function namesOf(names: readonly string[]): string {
  const named = names.slice(0, NAMED_ACCOUNTS).join(', ')
  return names.length <= NAMED_ACCOUNTS ? named : `${named} and ${names.length - NAMED_ACCOUNTS} more`
}
