import type { Workspace } from '../../domain/slack.ts'

export type Chosen =
  | { readonly kind: 'chosen'; readonly workspace: Workspace }
  | { readonly kind: 'refused'; readonly says: string }

/** The workspace that `--workspace` names; without it the only one. */
export function chooseWorkspace(known: readonly Workspace[], wanted: string | null): Chosen {
  const [only, ...more] = known
  if (only === undefined) return refused('This Redkey has not been connected to Slack yet. Start it once (npm start).')
  const all = known.map(({ teamId, name }) => `${teamId} (${name})`).join(', ')
  if (wanted === null) {
    return more.length === 0 ? { kind: 'chosen', workspace: only } : refused(`Say which workspace with --workspace: ${all}.`)
  }
  const workspace = known.find(({ teamId }) => teamId === wanted)
  return workspace ? { kind: 'chosen', workspace } : refused(`There is no workspace ${wanted}; there is: ${all}.`)
}

function refused(says: string): Chosen {
  return { kind: 'refused', says }
}

/** Those in which to look for a connection: the one that is named, or all. */
export function workspacesToSearch(known: readonly Workspace[], wanted: string | null): readonly Workspace[] {
  return wanted === null ? known : known.filter(({ teamId }) => teamId === wanted)
}

/** What to do where several workspaces have a connection of that name. */
export function sayWhich(name: string, teamIds: readonly string[]): string {
  return `Several workspaces have a connection ${name}: say which with --workspace ${teamIds.join(' or --workspace ')}.`
}
