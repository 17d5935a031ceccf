import type { Deps } from '../deps.ts'
import type { PostPlace } from '../slack.ts'
import type { Message, MessageFacts } from './card.ts'
import { thereOf } from './whom-to-ask.ts'

type PlaceDeps = Pick<Deps, 'store' | 'slack' | 'settings'>

/** Where a message belongs: in its card's thread, or in the channel as it is set now; one that may be there already stays where it is. */
export function homeOf(
  { settings }: PlaceDeps,
  message: Message,
  { connection }: MessageFacts,
  parent: Message | undefined,
): PostPlace {
  if (parent) return { channelId: parent.channelId, threadTs: parent.ts, broadcast: message.broadcast }
  // A digest is about its channel.
  const stays = message.uncertainSince !== null || message.kind === 'digest'
  const channelId = stays ? message.channelId : (connection?.channelId ?? settings.channelId)
  return { channelId, threadTs: null, broadcast: message.broadcast }
}

/** Where it is posted: where it belongs, unless that was refused and it has been redirected. */
export function placeOf(deps: PlaceDeps, message: Message, facts: MessageFacts, parent: Message | undefined): PostPlace {
  if (message.detour !== null) return { channelId: message.channelId, threadTs: null, broadcast: false }
  return homeOf(deps, message, facts, parent)
}

/**
 * Where a message goes after `refused` could not be posted to: to the owner as a direct message (or to the deputy, if the owner is
 * deactivated), and then to the default channel. Null: nowhere else.
 */
export async function nextPlace(
  deps: PlaceDeps,
  home: string,
  { connection }: MessageFacts,
  refused: string,
): Promise<string | null> {
  const people = connection === null ? [] : [connection.ownerId, connection.deputyId].filter((id) => id !== null)
  const [person] = await thereOf(deps, people)
  const places = [home, ...(person === undefined ? [] : [person]), deps.settings.channelId]
  const others = places.slice(places.indexOf(refused) + 1)
  return others.find((place) => place !== home && place !== refused) ?? null
}
