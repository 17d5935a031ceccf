import type { Deps } from './deps.ts'

export interface Learned {
  readonly teamId: string | undefined
  /** Slack itself said so; otherwise it is what was remembered last, and worth asking again. */
  readonly isTold: boolean
}

/** Asks Slack whose bot token this is and remembers it; while Slack can't be asked, what was remembered counts. */
export async function learnWorkspace({ store, slack, clock }: Pick<Deps, 'store' | 'slack' | 'clock'>): Promise<Learned> {
  const told = await slack.whoAmI()
  if (told) {
    await store.workspaces.save(told, clock.now())
    return { teamId: told.teamId, isTold: true }
  }
  return { teamId: (await store.workspaces.all())[0]?.teamId, isTold: false }
}
