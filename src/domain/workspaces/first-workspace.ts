import type { Deps } from '../deps.ts'
import type { Workspace } from '../slack.ts'

/** The workspace whose bot token stands in the settings. */
export interface FirstWorkspace {
  /** As Slack told it, or else as it was remembered. Undefined: there is none, or nobody knows yet. */
  teamId(): string | undefined
  /** As Slack itself told this process: only then the token is known to be that workspace's. */
  toldTeamId(): string | undefined
  /** Asks Slack until it has told. */
  learn(): Promise<void>
}

/**
 * Asks Slack whose bot token it is and remembers it; while Slack can't be asked, what was remembered counts. `whoAmI`: who the token
 * belongs to, undefined while Slack can't be asked; null: the settings have no token.
 */
export function firstWorkspace(
  { store, clock }: Pick<Deps, 'store' | 'clock'>,
  whoAmI: (() => Promise<Workspace | undefined>) | null,
): FirstWorkspace {
  let told: string | undefined
  let remembered: string | undefined
  let learning: Promise<void> | undefined

  async function ask(whoAmI: () => Promise<Workspace | undefined>): Promise<void> {
    const found = await whoAmI()
    if (!found) {
      remembered = await whoWasFirst(store)
      return
    }
    await store.workspaces.save(found, clock.now())
    // It may have installed the app by itself before its token came into the settings.
    await store.installations.remove(found.teamId)
    told = found.teamId
  }

  return {
    teamId: () => told ?? remembered,
    toldTeamId: () => told,
    async learn() {
      if (told !== undefined || whoAmI === null) return
      learning ??= ask(whoAmI).finally(() => {
        learning = undefined
      })
      await learning
    },
  }
}

/** The last one that did not install the app by itself. */
async function whoWasFirst(store: Deps['store']): Promise<string | undefined> {
  const installed = new Set((await store.installations.all()).map(({ teamId }) => teamId))
  return (await store.workspaces.all()).find(({ teamId }) => !installed.has(teamId))?.teamId
}

/** Where those who run Redkey are told what concerns all workspaces. Undefined: there is no workspace yet. */
export async function operatorsTeam(store: Deps['store']): Promise<string | undefined> {
  const first = await whoWasFirst(store)
  if (first !== undefined) return first
  const living = (await store.installations.all()).filter(({ endedAt }) => endedAt === null)
  return living.sort((a, b) => a.installedAt.getTime() - b.installedAt.getTime())[0]?.teamId
}
