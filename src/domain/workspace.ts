import type { Deps } from './deps.ts'

/** Asks Slack whose bot token this is and remembers it; while Slack can't be asked, what was remembered counts. */
export async function learnWorkspace({
  store,
  slack,
  clock,
}: Pick<Deps, 'store' | 'slack' | 'clock'>): Promise<string | undefined> {
  const told = await slack.whoAmI()
  if (told) {
    await store.workspaces.save(told, clock.now())
    return told.teamId
  }
  return (await store.workspaces.all())[0]?.teamId
}
