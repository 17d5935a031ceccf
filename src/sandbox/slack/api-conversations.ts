import type { ApiMethod } from './api-method.ts'
import { ApiRefusal, knownPerson, openDirect, requiredText, seenChannel } from './api-refusal.ts'
import { findMessage, replies, timeline } from './conversation.ts'
import { flagField, type JsonObject, textField } from './json.ts'
import { type Message, messageOnWire } from './message.ts'
import type { Channel } from './people.ts'
import { isMember, type World } from './world.ts'

const EPOCH_SECONDS = 1_700_000_000

/** The conversations.* methods; their scopes depend on the kind of channel. */
export function conversationMethods(world: World): Record<string, ApiMethod> {
  const scope = (verb: 'read' | 'history') => (args: JsonObject) =>
    `${family(world.channels.get(textField(args, 'channel') ?? ''))}:${verb}`
  return {
    'conversations.info': {
      scope: scope('read'),
      run: (args) => ({ channel: info(world, seenChannel(world, requiredText(args, 'channel'))) }),
    },
    'conversations.members': { scope: scope('read'), run: (args) => members(world, args) },
    'conversations.list': { scope: scope('read'), run: (args) => list(world, args) },
    'conversations.open': { scope: () => 'im:write', run: (args) => open(world, args) },
    'conversations.history': { scope: scope('history'), run: (args) => history(world, args) },
    'conversations.replies': { scope: scope('history'), run: (args) => thread(world, args) },
  }
}

function family(channel: Channel | undefined): string {
  if (channel?.id.startsWith('D') === true) return 'im'
  return channel?.isPrivate === true ? 'groups' : 'channels'
}

function info(world: World, channel: Channel): JsonObject {
  if (channel.id.startsWith('D')) {
    return {
      id: channel.id,
      created: EPOCH_SECONDS,
      is_im: true,
      is_archived: false,
      user: channel.members?.[0],
      is_org_shared: false,
    }
  }
  const isPrivate = channel.isPrivate === true
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: !isPrivate,
    is_group: isPrivate,
    is_im: false,
    is_mpim: false,
    is_private: isPrivate,
    is_archived: channel.isArchived === true,
    is_general: channel.name === 'general',
    is_member: channel.hasBot !== false,
    is_shared: channel.isExtShared === true,
    is_ext_shared: channel.isExtShared === true,
    is_org_shared: false,
    context_team_id: world.identity.teamId,
    created: EPOCH_SECONDS,
    topic: { value: channel.topic ?? '', creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
    num_members: (channel.members?.length ?? world.people.size) + (channel.hasBot === false ? 0 : 1),
  }
}

function list(world: World, args: JsonObject): JsonObject {
  const types = (textField(args, 'types') ?? 'public_channel').split(',')
  const channels = [...world.channels.values()].filter((channel) => {
    if (channel.id.startsWith('D')) return types.includes('im')
    if (flagField(args, 'exclude_archived') && channel.isArchived === true) return false
    return channel.isPrivate === true
      ? channel.hasBot !== false && types.includes('private_channel')
      : types.includes('public_channel')
  })
  return { channels: channels.map((channel) => info(world, channel)), response_metadata: { next_cursor: '' } }
}

function members(world: World, args: JsonObject): JsonObject {
  const channel = readable(world, args)
  const ids = [...world.people.values()].filter(({ id, deleted }) => deleted !== true && isMember(world, channel, id))
  const start = Number(textField(args, 'cursor') ?? 0) || 0
  const limit = Math.min(Number(textField(args, 'limit') ?? 100), 1000)
  const next = ids.length > start + limit ? String(start + limit) : ''
  return { members: ids.slice(start, start + limit).map(({ id }) => id), response_metadata: { next_cursor: next } }
}

function open(world: World, args: JsonObject): JsonObject {
  const [userId = ''] = requiredText(args, 'users').split(',')
  const person = knownPerson(world, userId)
  if (person.deleted === true) throw new ApiRefusal('user_disabled')
  const channel = openDirect(world, person.id)
  return { channel: flagField(args, 'return_im') ? info(world, channel) : { id: channel.id } }
}

function history(world: World, args: JsonObject): JsonObject {
  const channel = readable(world, args)
  return page(world, timeline(world, channel.id).toReversed(), args)
}

function thread(world: World, args: JsonObject): JsonObject {
  const channel = readable(world, args)
  const parent = findMessage(world, channel.id, requiredText(args, 'ts'))
  if (parent === undefined) throw new ApiRefusal('thread_not_found')
  return page(world, [parent, ...replies(world, channel.id, parent.ts)], args)
}

function readable(world: World, args: JsonObject): Channel {
  const channel = seenChannel(world, requiredText(args, 'channel'))
  if (channel.hasBot === false) throw new ApiRefusal('not_in_channel')
  return channel
}

function page(world: World, all: readonly Message[], args: JsonObject): JsonObject {
  const oldest = Number(textField(args, 'oldest') ?? 0)
  const latest = Number(textField(args, 'latest') ?? Number.POSITIVE_INFINITY)
  const isInclusive = flagField(args, 'inclusive')
  const inside = all.filter((message) => {
    const at = Number(message.ts)
    return isInclusive ? at >= oldest && at <= latest : at > oldest && at < latest
  })
  const start = Number(textField(args, 'cursor') ?? 0) || 0
  const limit = Math.min(Number(textField(args, 'limit') ?? 100), 1000)
  const hasMore = inside.length > start + limit
  return {
    messages: inside
      .slice(start, start + limit)
      .map((message) => onWire(world, message, flagField(args, 'include_all_metadata'))),
    has_more: hasMore,
    ...(hasMore ? { response_metadata: { next_cursor: String(start + limit) } } : {}),
  }
}

function onWire(world: World, message: Message, withMetadata: boolean): JsonObject {
  const { metadata, ...rest } = messageOnWire(message, world.identity)
  const answers = replies(world, message.channel, message.ts)
  const last = answers.at(-1)
  return {
    ...rest,
    ...(withMetadata && metadata !== undefined ? { metadata } : {}),
    ...(last === undefined ? {} : { thread_ts: message.ts, reply_count: answers.length, latest_reply: last.ts }),
  }
}
