import { isCrm } from '../crm.ts'
import { choosePreset } from '../outbox/choose-preset.ts'
import { bringBack } from './bring-back.ts'
import type { CompleteDeps, Completion, Login } from './completion.ts'
import { addConnection } from './new-connections.ts'
import { offerAccounts } from './offer-accounts.ts'
import { readWith, several } from './reauthorize.ts'
import type { Ticket } from './secrets.ts'
import { newGrant, swapEnded, swapGrant } from './swap-grant.ts'
import { refused } from './tell-login.ts'

type ConnectTicket = Extract<Ticket, { kind: 'connect' }>

/** What a first login reaches is connected: the one account, or those that somebody then chooses. */
export async function connect(deps: CompleteDeps, ticket: ConnectTicket, login: Login): Promise<Completion> {
  const { provider, identity } = login
  const { teamId, userId } = ticket
  const [account, ...more] = identity.accounts
  if (!account) throw new Error(`${provider.name} identified a login without an account`)
  const grant = await newGrant(deps, teamId, login, userId)
  if (more.length > 0) {
    const offered = await offerAccounts(deps, ticket, grant, identity.accounts)
    if (offered.kind !== 'all_connected') return offered
    return several(deps, ticket, grant, await bringBack(deps, grant, offered.connected, readWith(deps, login), userId))
  }
  const read = await readWith(deps, login)(account)
  if (read.kind !== 'ok') return refused(deps, ticket, read)
  const same = await deps.store.connections.byAccount(teamId, provider.name, account.id)
  if (!same) {
    const choice = isCrm(provider) ? await choosePreset(provider, login.tokens) : undefined
    return addConnection(deps, ticket, provider, grant, account, choice)
  }
  return confirmed(deps, ticket, await swapEnded(deps, await swapGrant(deps, same, grant, account, userId), grant, true))
}

/** Adding a CRM with the right to change settings confirms it, also when somebody without it was first. */
async function confirmed(
  { store, clock, newId }: CompleteDeps,
  { teamId, userId, confirms }: ConnectTicket,
  completion: Completion,
): Promise<Completion> {
  if (!confirms || completion.kind !== 'reauthorized' || completion.connection.confirmedAt !== null) return completion
  const at = clock.now()
  const { id: connectionId } = completion.connection
  const audit = { id: newId(), teamId, connectionId, actor: userId, action: 'confirmed' as const, detail: '', at }
  const connection = await store.connections.confirm(connectionId, userId, at, audit)
  return connection ? { ...completion, connection } : completion
}
