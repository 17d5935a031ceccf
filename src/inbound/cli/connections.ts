import type { ConnectionOverview } from '../../domain/connections/connection-store.ts'
import type { Workspace } from '../../domain/slack.ts'
import type { Installation } from '../../domain/workspaces/installation.ts'
import { textTable } from './text-table.ts'

const WORDS = {
  connected: 'connected',
  authorization_required: 'AUTHORIZATION REQUIRED',
  permission_required: 'permission required',
  misconfigured: 'misconfigured',
  paused: 'paused',
} as const

export interface ListedWorkspace {
  readonly workspace: Workspace
  /** Undefined: its token is in the settings. */
  readonly installation: Installation | undefined
  readonly overviews: readonly ConnectionOverview[]
}

/** The list for a terminal: one line a connection, those that need somebody first; of several workspaces one after the other. */
export function printConnections(workspaces: readonly ListedWorkspace[]): string {
  const gone = workspaces.flatMap(goneNote)
  const used = workspaces.filter(({ overviews }) => overviews.length > 0)
  if (used.length === 0) return ['No connections yet. In Slack: /connections add\n', ...gone].join('\n')
  if (workspaces.length === 1) return [table(used[0]?.overviews ?? []), ...gone].join('\n')
  const lists = used.map(({ workspace, overviews }) => `${workspace.name} (${workspace.teamId})\n${table(overviews)}`)
  return [...lists, ...gone].join('\n')
}

function table(overviews: readonly ConnectionOverview[]): string {
  const head = ['NAME', 'ACCOUNT', 'STATUS', 'LAST PROOF', 'WAITING', 'REJECTED']
  const rows = overviews.map(({ connection, backlog }) => [
    connection.name,
    `${connection.accountName}${connection.environment === 'sandbox' ? ' (sandbox)' : ''}`,
    WORDS[connection.health.status],
    connection.health.lastProofAt.toISOString(),
    String(backlog.waiting),
    String(backlog.rejected),
  ])
  return textTable([head, ...rows])
}

function goneNote({ workspace: { name, teamId }, installation, overviews }: ListedWorkspace): string[] {
  if (!installation || installation.endedAt === null || overviews.length === 0) return []
  const day = installation.endedAt.toISOString().slice(0, 10)
  return [`! ${name} (${teamId}) removed the app on ${day}: nobody there can be told how its connections are.\n`]
}
