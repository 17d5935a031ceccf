import { type SettingsProblem, whyNotAsked } from '../connections/change-settings.ts'
import { judgeName } from '../connections/connection-name.ts'
import type { Deps } from '../deps.ts'
import type { ProviderName } from '../provider.ts'
import type { Person } from '../slack.ts'
import type { ClientDeps } from './clients.ts'
import { type ConnectLink, connectLink } from './links.ts'
import { freeNames, namesTaken } from './new-connections.ts'
import type { Wishes } from './secrets.ts'

type AddingDeps = ClientDeps & Pick<Deps, 'slack' | 'tickets' | 'clock' | 'newId' | 'settings'>

export type AddingBegun =
  | ConnectLink
  /** What to change in the form, field by field. */
  | { readonly kind: 'refused'; readonly problems: readonly SettingsProblem[] }

/** The form of *Add* was sent: a personal link to the login, which takes along what the new connection is to be like. */
export async function beginAdding(
  deps: AddingDeps,
  teamId: string,
  person: Person,
  wanted: string,
  wishes: Wishes,
): Promise<AddingBegun> {
  const link = await connectLink(deps, teamId, person, wanted, null, wishes)
  if (link.kind !== 'link') return link
  const problems = await problemsOf(deps, teamId, wanted, wishes)
  return problems.length > 0 ? { kind: 'refused', problems } : link
}

/** A free name for a new connection: the provider's own, or `…-2` and so on. */
export async function suggestName({ store }: Pick<Deps, 'store'>, teamId: string, wanted: string): Promise<string> {
  const [provider = wanted] = wanted.split(' ')
  const [name = provider] = freeNames(provider, await namesTaken({ store }, teamId), 1)
  return name
}

async function problemsOf(deps: AddingDeps, teamId: string, wanted: string, wishes: Wishes): Promise<SettingsProblem[]> {
  const { name, channelId, ownerId } = wishes
  const problems: SettingsProblem[] = []
  const [provider = ''] = wanted.split(' ')
  if (name !== null) {
    const problem = judgeName(name, provider as ProviderName)
    if (problem.kind !== 'fine') problems.push({ field: 'name', problem })
    else if (await isTaken(deps, teamId, name)) problems.push({ field: 'name', problem: { kind: 'taken' } })
  }
  if (channelId !== null) {
    const problem = await deps.slack.channel(teamId, channelId)
    if (problem.kind !== 'fine' && problem.kind !== 'cannot_tell') problems.push({ field: 'channelId', problem })
  }
  const reason = ownerId === null ? null : await whyNotAsked(deps, ownerId, teamId)
  if (reason) problems.push({ field: 'ownerId', problem: { kind: reason } })
  return problems
}

async function isTaken({ store }: Pick<Deps, 'store'>, teamId: string, name: string): Promise<boolean> {
  if (await store.connections.byName(teamId, name)) return true
  return (await store.settings.formerNames(teamId)).some((former) => former.name === name)
}
