import type { Message } from '../cards/card.ts'
import { newMessage } from '../cards/new-message.ts'
import type { AuditEntry } from '../connections/audit-entry.ts'
import type { Connection } from '../connections/connection.ts'
import { observe } from '../connections/observe.ts'
import { isCrm } from '../crm.ts'
import { type Choice, nothingToPushTo } from '../outbox/choose-preset.ts'
import type { Account, Provider } from '../provider.ts'
import { channelLink } from '../slack-link.ts'
import type { CompleteDeps, Completion } from './completion.ts'
import type { Grant } from './grant.ts'
import type { Ticket } from './secrets.ts'
import { swapEnded, swapGrant } from './swap-grant.ts'

/** Who asked to connect. `confirms`: that person may change settings, so a CRM needs nobody else's word. */
export type Adder = Pick<Extract<Ticket, { kind: 'connect' }>, 'teamId' | 'userId' | 'confirms' | 'wishes'>

/** A new connection of an account that was just read. */
export function newConnection(
  { newId, clock }: Pick<CompleteDeps, 'newId' | 'clock'>,
  { teamId, userId, confirms, wishes }: Adder,
  provider: Provider,
  grantId: string,
  account: Account,
  name: string,
): Connection {
  const at = clock.now()
  const confirmed = provider.kind === 'ads' || confirms
  return {
    id: newId(),
    teamId,
    name,
    provider: provider.name,
    kind: provider.kind,
    accountId: account.id,
    accountName: account.name,
    accountVia: account.via,
    environment: account.environment,
    grantId,
    ownerId: wishes?.ownerId ?? userId,
    deputyId: null,
    channelId: wishes?.channelId ?? null,
    catchUp: null,
    reminders: null,
    pausedBy: null,
    addedBy: userId,
    addedAt: at,
    confirmedAt: confirmed ? at : null,
    confirmedBy: confirmed ? userId : null,
    health: {
      status: 'connected',
      since: at,
      cause: null,
      explanation: null,
      suspectSince: null,
      unreachableSince: null,
      lastProofAt: at,
    },
    version: 0,
  }
}

export function addedEntry({ newId }: Pick<CompleteDeps, 'newId'>, connection: Connection, username: string): AuditEntry {
  const { teamId, id: connectionId, addedBy: actor, addedAt: at } = connection
  return { id: newId(), teamId, connectionId, actor, action: 'added', detail: username, at }
}

/** What the first of somebody's new connections is called, if nobody has the name. */
export function firstName({ wishes }: Adder, provider: Provider): string {
  return wishes?.name ?? provider.name
}

/** `google-ads`, `google-ads-2` and so on: the first `count` that nobody has. */
export function freeNames(first: string, taken: ReadonlySet<string>, count: number): string[] {
  const names: string[] = []
  for (let number = 1; names.length < count; number++) {
    const name = number === 1 ? first : `${first}-${number}`
    if (!taken.has(name)) names.push(name)
  }
  return names
}

/** What the channel hears: of a single connection its welcome, of several ad accounts one message. */
export function welcomes(
  deps: Pick<CompleteDeps, 'newId' | 'clock' | 'settings'>,
  provider: Provider,
  added: readonly Connection[],
  username: string,
): Message[] {
  const [first] = added
  if (!first || added.length === 1 || provider.kind === 'crm') return added.map((one) => newMessage(deps, one, 'welcome'))
  const accounts = added.map(({ name, accountName }) => ({ name, account: accountName }))
  const notice = {
    kind: 'connections_added' as const,
    provider: provider.label,
    by: first.addedBy,
    username,
    accounts,
    channelId: first.channelId,
  }
  return [newMessage(deps, { id: null, teamId: first.teamId, channelId: first.channelId }, 'notice', { notice })]
}

/** The first login to an account: a connection named after its provider, or `…-2` and so on. `choice`: where a CRM is pushed to. */
export async function addConnection(
  deps: CompleteDeps,
  adder: Adder,
  provider: Provider,
  grant: Grant,
  account: Account,
  choice: Choice = { kind: 'unknown' },
): Promise<Completion> {
  const { store } = deps
  const { username } = grant
  const mapping = choice.kind === 'chosen' ? choice.mapping : null
  for (let attempt = 0; attempt < 5; attempt++) {
    const taken = await namesTaken(deps, adder.teamId)
    const [name = provider.name] = freeNames(firstName(adder, provider), taken, 1)
    const connection = newConnection(deps, adder, provider, grant.id, account, name)
    const [welcome] = welcomes(deps, provider, [connection], username)
    if (!welcome) throw new Error('a new connection has no welcome')
    const audit = addedEntry(deps, connection, username)
    const added = await store.connections.add(connection, grant, mapping, welcome, connection.addedAt, audit)
    // Nothing to push to is told at once, before anything is pushed in vain.
    if (added && choice.kind === 'nothing' && isCrm(provider)) await observe(deps, added, nothingToPushTo(provider, name))
    if (added) return { kind: 'connected', connection: added, username, channelLink: await channelLink(deps, added) }
    const same = await store.connections.byAccount(adder.teamId, provider.name, account.id)
    if (same) return swapEnded(deps, await swapGrant(deps, same, grant, account, adder.userId), grant, true)
  }
  return { kind: 'refused', explanation: 'There is no free name for the connection.', again: true }
}

/** Also those that connections had: programs may still send there under one. */
export async function namesTaken({ store }: Pick<CompleteDeps, 'store'>, teamId: string): Promise<ReadonlySet<string>> {
  const all = await store.connections.overviews(teamId)
  const former = await store.settings.formerNames(teamId)
  return new Set([...all.map(({ connection }) => connection.name), ...former.map(({ name }) => name)])
}
