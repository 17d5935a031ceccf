import { atOnce } from '../at-once.ts'
import type { Connection } from '../connections/connection.ts'
import type { Deps } from '../deps.ts'
import type { Account, Asked, Provider } from '../provider.ts'
import { channelLink } from '../slack-link.ts'
import { READS_AT_ONCE } from './bring-back.ts'
import type { Choice } from './choice.ts'
import type { CompleteDeps, Completion } from './completion.ts'
import type { Grant } from './grant.ts'
import { addedEntry, firstName, freeNames, newConnection, welcomes } from './new-connections.ts'
import { needsLogin } from './reach.ts'
import { swapGrant } from './swap-grant.ts'

/** Somebody waits while each of them is read. */
export const MOST_CHOSEN = 100

export interface OfferedAccount {
  readonly account: Account
  /** Its connection, if it has one. */
  readonly connection: Connection | null
  /** It can be ticked: it is new, or red and this login brings it back. */
  readonly isFree: boolean
}

export interface ChoiceRead {
  readonly kind: 'choose'
  readonly provider: string
  readonly username: string
  readonly accounts: readonly OfferedAccount[]
}

interface Opened {
  readonly choice: Choice
  readonly grant: Grant
  readonly provider: Provider
  readonly accounts: readonly OfferedAccount[]
  readonly names: ReadonlySet<string>
}

export type ChooseDeps = CompleteDeps & Pick<Deps, 'grants'>

/** What can be chosen. `gone`: it was chosen already, or its time is over. */
export async function readChoice(deps: ChooseDeps, choiceId: string): Promise<ChoiceRead | { readonly kind: 'choice_gone' }> {
  const opened = await open(deps, choiceId)
  if (!opened) return { kind: 'choice_gone' }
  const { provider, grant, accounts } = opened
  return { kind: 'choose', provider: provider.name, username: grant.username, accounts }
}

export type Chosen =
  | Extract<Completion, { kind: 'connected' | 'connected_several' }>
  | { readonly kind: 'choice_gone' }
  | { readonly kind: 'none_chosen' }
  | { readonly kind: 'too_many_chosen' }
  /** None of them could be read; they can be chosen again. */
  | { readonly kind: 'none_read'; readonly explanation: string }
  | { readonly kind: 'busy' }

/** Reads each chosen account once, and connects those that can be read, all or none of them. */
export async function connectChosen(deps: ChooseDeps, choiceId: string, accountIds: readonly string[]): Promise<Chosen> {
  const opened = await open(deps, choiceId)
  if (!opened) return { kind: 'choice_gone' }
  const wanted = new Set(accountIds)
  const chosen = opened.accounts.filter(({ account, isFree }) => isFree && wanted.has(account.id))
  if (chosen.length === 0) return { kind: 'none_chosen' }
  if (chosen.length > MOST_CHOSEN) return { kind: 'too_many_chosen' }
  const answers = await atOnce(chosen, READS_AT_ONCE, ({ account }) => readWithGrant(deps, opened, account))
  const readable = new Set<string>()
  const unread: { account: string; explanation: string }[] = []
  for (const [index, { account }] of chosen.entries()) {
    const answer = answers[index]
    if (answer?.kind === 'ok') readable.add(account.id)
    else unread.push({ account: account.name, explanation: answer?.explanation ?? '' })
  }
  if (readable.size === 0) return { kind: 'none_read', explanation: unread[0]?.explanation ?? '' }
  const completion = await connectReadable(deps, choiceId, readable, unread)
  deps.log.info('choice.settled', { provider: opened.provider.name, outcome: completion.kind, accounts: readable.size })
  return completion
}

/** Somebody else may connect one of them, or take the name, at the same moment: look again then. */
async function connectReadable(
  deps: ChooseDeps,
  choiceId: string,
  readable: ReadonlySet<string>,
  unread: readonly { readonly account: string; readonly explanation: string }[],
): Promise<Chosen> {
  const back: Connection[] = []
  for (let attempt = 0; attempt < 5; attempt++) {
    const opened = await open(deps, choiceId)
    if (!opened) return { kind: 'choice_gone' }
    const { choice, grant, provider, names } = opened
    const chosen = opened.accounts.filter(({ account, isFree }) => isFree && readable.has(account.id))
    // First, since the choice keeps the login until it ends; and breaking off here only means to choose again.
    for (const { account, connection } of chosen) {
      const swap = connection && (await swapGrant(deps, connection, grant, account, choice.userId))
      if (swap?.kind === 'swapped') back.push(swap.connection)
    }
    const fresh = chosen.filter(({ connection }) => connection === null)
    const named = freeNames(firstName(choice, provider), names, fresh.length)
    const added = fresh.map(({ account }, index) =>
      newConnection(deps, choice, provider, grant.id, account, named[index] ?? provider.name),
    )
    const additions = added.map((connection) => ({ connection, audit: addedEntry(deps, connection, grant.username) }))
    const posted = welcomes(deps, provider, added, grant.username)
    const settled = await deps.store.choices.settle(choiceId, additions, posted, deps.clock.now())
    if (settled === 'gone') return { kind: 'choice_gone' }
    if (settled === 'settled') return connected(deps, added, back, unread, grant)
  }
  return { kind: 'busy' }
}

async function connected(
  deps: ChooseDeps,
  added: readonly Connection[],
  back: readonly Connection[],
  unread: readonly { readonly account: string; readonly explanation: string }[],
  { username }: Grant,
): Promise<Chosen> {
  const [only, ...more] = added
  const told = only ? await channelLink(deps, only) : null
  if (only && more.length + back.length + unread.length === 0)
    return { kind: 'connected', connection: only, username, channelLink: told }
  return { kind: 'connected_several', added, back, unread, username, channelLink: told }
}

function readWithGrant({ grants, meters }: ChooseDeps, { grant, provider }: Opened, account: Account): Promise<Asked<unknown>> {
  const meter = meters.of({ provider: provider.name, accountId: account.id })
  return grants.ask({ grantId: grant.id, provider: provider.name }, (tokens) =>
    meter.watch(() => provider.probe(tokens, account)),
  )
}

async function open({ store, providers, clock }: ChooseDeps, choiceId: string): Promise<Opened | undefined> {
  const choice = await store.choices.find(choiceId)
  if (!choice || choice.expiresAt <= clock.now()) return undefined
  const grant = await store.grants.find(choice.grantId)
  const provider = grant && providers.get(grant.provider)
  if (!grant || !provider) return undefined
  const all = (await store.connections.overviews(choice.teamId)).map(({ connection }) => connection)
  const byAccount = new Map(all.filter((one) => one.provider === provider.name).map((one) => [one.accountId, one]))
  const accounts = choice.accounts.map((account) => {
    const connection = byAccount.get(account.id) ?? null
    return { account, connection, isFree: connection === null || needsLogin(connection) }
  })
  const former = await store.settings.formerNames(choice.teamId)
  return { choice, grant, provider, accounts, names: new Set([...all, ...former].map(({ name }) => name)) }
}
