import type { Deps } from '../deps.ts'
import { type Finding, fine, problem, warning } from '../finding.ts'
import type { BotTokens } from './bot-tokens.ts'
import type { Installation } from './installation.ts'

interface ExamineDeps extends Pick<Deps, 'store' | 'slack'> {
  readonly tokens: BotTokens
  /** Ids of the workspaces that may install the app. */
  readonly allowed: readonly string[]
  readonly installUrl: string
  /** The Slack command, with its slash. */
  readonly command: string
}

/** Of each workspace that installed the app, or may: whether it can be told anything. */
export async function examineWorkspaces(deps: ExamineDeps): Promise<Finding[]> {
  const { store, allowed, installUrl } = deps
  const names = new Map((await store.workspaces.all()).map(({ teamId, name }) => [teamId, name]))
  const installed = await store.installations.all()
  const findings: Finding[] = []
  for (const one of installed) {
    const name = names.get(one.teamId) ?? one.teamId
    findings.push(await examine(deps, one, `Slack workspace ${name} (${one.teamId})`))
  }
  const known = new Set([...installed.map(({ teamId }) => teamId), ...names.keys()])
  const missing = allowed.filter((teamId) => !known.has(teamId))
  const notYet = missing.map((teamId) =>
    warning(`Slack workspace ${teamId}`, 'It may install the app, and has not yet.', `Somebody there opens ${installUrl}`),
  )
  return [...findings, ...notYet]
}

async function examine(
  { store, slack, tokens, installUrl, command }: ExamineDeps,
  { teamId, endedAt, channelId }: Installation,
  about: string,
): Promise<Finding> {
  const again = `Somebody there installs it again: ${installUrl}`
  const connections = (await store.connections.overviews(teamId)).length
  if (endedAt !== null) {
    const says = `It removed the app on ${endedAt.toISOString().slice(0, 10)}: ${untold(connections)}`
    return connections === 0 ? warning(about, says, again) : problem(about, says, again)
  }
  const token = await tokens.of(teamId)
  if (token.kind === 'none' && token.reason === 'not_in_redkey_workspaces')
    return warning(
      about,
      `It has the app, and is not served: REDKEY_WORKSPACES does not name it. ${untold(connections)}`,
      `Add ${teamId} to REDKEY_WORKSPACES, or let an admin there remove the app.`,
    )
  if (token.kind === 'none' && token.reason === 'seal_broken')
    return problem(about, "Its token can't be opened.", `Put the key that sealed it back into REDKEY_KEYS (last). ${again}`)
  switch (await slack.tokenState(teamId)) {
    case 'dead':
      return problem(about, `Slack refuses its token: ${untold(connections)}`, again)
    case 'unknown':
      return warning(about, 'Slack did not say whether its token works.', 'Try again in a minute.')
    case 'works':
      return channelId === null
        ? warning(
            about,
            'Its cards go to whoever installed the app, as direct messages.',
            `Type ${command} settings channel #the-channel there.`,
          )
        : fine(about, `Its token works, and its cards go to ${channelId}.`)
  }
}

function untold(connections: number): string {
  if (connections === 0) return 'it has no connections.'
  return `nobody there can be told of its ${connections} ${connections === 1 ? 'connection, which goes' : 'connections, which go'} on being checked.`
}
