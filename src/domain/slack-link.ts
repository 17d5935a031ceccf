import type { Message } from './cards/card.ts'
import type { Connection } from './connections/connection.ts'
import type { Deps } from './deps.ts'
import { defaultChannel } from './workspaces/default-channel.ts'

/** Where a shown message can be seen in Slack; null while it isn't shown. */
export async function slackLink({ store }: Pick<Deps, 'store'>, message: Message): Promise<string | null> {
  if (message.ts === null) return null
  return linkInto(store, message.teamId, `archives/${message.channelId}/p${message.ts.replace('.', '')}`)
}

/** The channel of a connection. */
export async function channelLink(
  deps: Pick<Deps, 'store' | 'settings'>,
  { teamId, channelId }: Pick<Connection, 'teamId' | 'channelId'>,
): Promise<string | null> {
  return linkInto(deps.store, teamId, `archives/${channelId ?? (await defaultChannel(deps, teamId))}`)
}

async function linkInto({ workspaces }: Deps['store'], teamId: string, path: string): Promise<string | null> {
  const workspace = (await workspaces.all()).find((one) => one.teamId === teamId)
  return workspace ? new URL(path, workspace.url).href : null
}
