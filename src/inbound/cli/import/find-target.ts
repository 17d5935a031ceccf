import type { ConnectionOverview } from '../../../domain/connections/connection-store.ts'
import { isCrm } from '../../../domain/crm.ts'
import type { Deps } from '../../../domain/deps.ts'
import { nearestName } from '../../../domain/nearest.ts'
import { workspacesToSearch } from '../workspace-option.ts'

export type Target =
  | {
      readonly kind: 'found'
      readonly teamId: string
      /** Names of its CRM connections. */
      readonly crms: readonly string[]
    }
  | { readonly kind: 'nowhere'; readonly says: string }

/** The workspace that an import goes to, and whether it has the CRM that was named. */
export async function findTarget(
  { store, providers }: Pick<Deps, 'store' | 'providers'>,
  wanted: string | null,
  command: string,
  workspace: string | null = null,
): Promise<Target> {
  const known = await store.workspaces.all()
  const teams = workspacesToSearch(known, workspace)
  if (known.length === 0) {
    return nowhere('This Redkey has not been connected to Slack yet. Start it once (npm start), connect a CRM, then import.')
  }
  if (teams.length === 0)
    return nowhere(`There is no workspace ${workspace}; there is: ${known.map(({ teamId }) => teamId).join(', ')}.`)
  const all = (await Promise.all(teams.map(({ teamId }) => store.connections.overviews(teamId)))).flat()
  const crms = all.filter(({ connection }) => connection.kind === 'crm')
  if (crms.length === 0) return nowhere(`There is no CRM connection to import into. In Slack: ${command} add`)
  const usable = crms.filter(({ connection }) => {
    const provider = providers.get(connection.provider)
    return provider !== undefined && isCrm(provider)
  })
  const named = wanted === null ? usable : usable.filter(({ connection }) => connection.name === wanted)
  const [first] = named
  if (!first) return nowhere(notThere(wanted, crms, usable))
  const places = [...new Set(named.map(({ connection }) => connection.teamId))]
  if (places.length > 1)
    return nowhere(`Several workspaces have such a CRM: say which with --workspace ${places.join(' or --workspace ')}.`)
  const { teamId } = first.connection
  return {
    kind: 'found',
    teamId,
    crms: usable.flatMap(({ connection }) => (connection.teamId === teamId ? connection.name : [])),
  }
}

function nowhere(says: string): Target {
  return { kind: 'nowhere', says }
}

function notThere(wanted: string | null, crms: readonly ConnectionOverview[], usable: readonly ConnectionOverview[]): string {
  const unset = crms.find(
    ({ connection }) => !usable.some((one) => one.connection.id === connection.id) && isWanted(connection.name),
  )
  if (unset) {
    return `The settings have no client id for ${unset.connection.provider}: give the import the same environment as Redkey itself.`
  }
  const names = usable.map(({ connection }) => connection.name)
  const near = nearestName(wanted ?? '', names)
  return `There is no CRM connection ${JSON.stringify(wanted)}; there is: ${names.join(', ')}.${near ? ` Is ${near} meant?` : ''}`

  function isWanted(name: string): boolean {
    return wanted === null || wanted === name
  }
}
