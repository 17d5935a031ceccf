import type { Message } from './cards/card.ts'
import type { Deps } from './deps.ts'

/** Where a shown message can be seen in Slack; null while it isn't shown. */
export async function slackLink({ store }: Pick<Deps, 'store'>, message: Message): Promise<string | null> {
  if (message.ts === null) return null
  const workspace = (await store.workspaces.all()).find(({ teamId }) => teamId === message.teamId)
  if (!workspace) return null
  return new URL(`archives/${message.channelId}/p${message.ts.replace('.', '')}`, workspace.url).href
}
