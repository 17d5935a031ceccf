import type { Status } from './connections/connection.ts'
import type { Deps } from './deps.ts'

/** One thing that must hold before a process takes work. */
export interface Readiness {
  readonly name: string
  readonly ok: boolean
  /** What is wrong; shown to everybody who asks, so nothing secret. */
  readonly detail: string | null
}

export async function storeReadiness({ store }: Pick<Deps, 'store'>): Promise<Readiness> {
  try {
    await store.ping()
    return { name: 'store', ok: true, detail: null }
  } catch {
    return { name: 'store', ok: false, detail: 'The database does not answer.' }
  }
}

/** `hasFirst`: a workspace has its bot token in the settings. */
export function slackReadiness(connected: boolean, teamId: string | undefined, hasFirst: boolean): Readiness {
  const detail = connected
    ? hasFirst && teamId === undefined
      ? 'Slack has not said yet whose bot token this is.'
      : null
    : 'There is no connection to Slack.'
  return { name: 'slack', ok: detail === null, detail }
}

/** What is true now, for a scrape. */
export interface Facts {
  readonly connections: readonly {
    readonly name: string
    readonly provider: string
    readonly status: Status
    readonly waiting: number
    /** Team id; null where one workspace is served. */
    readonly workspace: string | null
  }[]
  readonly openOutages: number
  readonly messagesFailed: number
}

/** Of one workspace, or of all that are served. `isSeveral`: more than one may be, so that each connection says where it is. */
export async function currentFacts(
  { store }: Pick<Deps, 'store'>,
  of: { readonly teamId: string | undefined } | 'all',
  { firstTeam, isSeveral }: { readonly firstTeam: string | undefined; readonly isSeveral: boolean },
): Promise<Facts> {
  const one = of === 'all' ? firstTeam : of.teamId
  const isEverywhere = of === 'all' && isSeveral
  const teamIds = isEverywhere ? (await store.workspaces.all()).map(({ teamId }) => teamId) : one === undefined ? [] : [one]
  const overviews = (await Promise.all(teamIds.map((teamId) => store.connections.overviews(teamId)))).flat()
  const failed = await store.messages.failed()
  return {
    connections: overviews.map(({ connection, backlog }) => ({
      name: connection.name,
      provider: connection.provider,
      status: connection.health.status,
      waiting: backlog.waiting,
      workspace: isSeveral ? connection.teamId : null,
    })),
    openOutages: overviews.filter(({ outage }) => outage !== null && outage.closedAt === null).length,
    messagesFailed: failed.filter(({ message }) => !isSeveral || teamIds.includes(message.teamId)).length,
  }
}
