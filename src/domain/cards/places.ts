import type { Deps } from '../deps.ts'
import type { PostPlace } from '../slack.ts'
import type { Message, MessageFacts } from './card.ts'
import { thereOf } from './whom-to-ask.ts'

/** Where a message belongs: in its card's thread, or in the channel as it is set now; one that may be there already stays where it is. */
export function homeOf(message: Message, { connection, defaultChannelId }: MessageFacts, parent: Message | undefined): PostPlace {
  if (parent) return { channelId: parent.channelId, threadTs: parent.ts, broadcast: message.broadcast }
  // A digest is about its channel.
  const isSettled = message.uncertainSince !== null || message.kind === 'digest'
  const channelId = isSettled ? message.channelId : (connection?.channelId ?? ownChannel(message) ?? defaultChannelId)
  return { channelId, threadTs: null, broadcast: message.broadcast }
}

/** Of a message that is about no connection, or about none any more. */
function ownChannel({ notice }: Message): string | null {
  return notice !== null && 'channelId' in notice ? (notice.channelId ?? null) : null
}

/** Where it is posted: where it belongs, unless that was refused and it has been redirected. */
export function placeOf(message: Message, facts: MessageFacts, parent: Message | undefined): PostPlace {
  if (message.detour !== null) return { channelId: message.channelId, threadTs: null, broadcast: false }
  return homeOf(message, facts, parent)
}

/**
 * Where a message goes after `refused` could not be posted to: to the owner as a direct message (or to the deputy, if the owner is
 * deactivated), and then to the default channel. Null: nowhere else.
 */
export async function nextPlace(
  deps: Pick<Deps, 'slack'>,
  home: string,
  { message, connection, defaultChannelId }: MessageFacts,
  refused: string,
): Promise<string | null> {
  const people = connection === null ? [] : [connection.ownerId, connection.deputyId].filter((id) => id !== null)
  const [person] = await thereOf(deps, message.teamId, people)
  const places = [home, ...(person === undefined ? [] : [person]), defaultChannelId]
  const others = places.slice(places.indexOf(refused) + 1)
  return others.find((place) => place !== home && place !== refused) ?? null
}
