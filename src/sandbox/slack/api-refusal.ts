import type { JsonObject } from './json.ts'
import { textField } from './json.ts'
import type { Channel, Person } from './people.ts'
import { isMember, type World } from './world.ts'

/**
 * Slack says no: `{ ok: false, error }` with HTTP 200. Thrown by the methods of the Web API and caught in one
 * place, web-api.ts.
 */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal'
  readonly code: string
  readonly extra: JsonObject

  constructor(code: string, extra: JsonObject = {}) {
    super(code)
    this.code = code
    this.extra = extra
  }
}

export function refuseBlocks(code: string, problems: readonly string[]): never {
  throw new ApiRefusal(code, {
    errors: problems.map((text) => text.replace('[ERROR] ', '')),
    response_metadata: { messages: problems },
  })
}

/** The argument, or `invalid_arguments` with Slack's wording. */
export function requiredText(args: JsonObject, key: string): string {
  const value = textField(args, key)
  if (value === undefined || value === '') {
    throw new ApiRefusal('invalid_arguments', {
      response_metadata: { messages: [`[ERROR] missing required field: ${key}`] },
    })
  }
  return value
}

/**
 * The channel that the bot may see: an id (`C…`, `D…`), or a user id, which opens the direct message. A private
 * channel without the bot is not found, as in Slack.
 */
export function seenChannel(world: World, id: string): Channel {
  const target = world.people.has(id) ? openDirect(world, id).id : id
  const channel = world.channels.get(target)
  if (channel === undefined || (channel.isPrivate === true && channel.hasBot === false)) {
    throw new ApiRefusal('channel_not_found')
  }
  return channel
}

/** A channel in which the bot may write now. */
export function writableChannel(world: World, id: string): Channel {
  const channel = seenChannel(world, id)
  if (channel.isArchived === true) throw new ApiRefusal('is_archived')
  if (channel.hasBot === false && !world.tokens.scopes.includes('chat:write.public')) throw new ApiRefusal('not_in_channel')
  return channel
}

export function knownPerson(world: World, id: string): Person {
  const person = world.people.get(id)
  if (person === undefined) throw new ApiRefusal('user_not_found')
  return person
}

/** The direct message between the bot and a person, made when it is not there yet. */
export function openDirect(world: World, userId: string): Channel {
  const known = world.channels.get(world.directs.get(userId) ?? '')
  if (known !== undefined) return known
  const channel: Channel = { id: world.newId('D'), name: userId, members: [userId], hasBot: true }
  world.channels.set(channel.id, channel)
  world.messages.set(channel.id, [])
  world.directs.set(userId, channel.id)
  return channel
}

/** A member who can be shown an ephemeral message there. */
export function activeMember(world: World, channel: Channel, userId: string): Person {
  const person = world.people.get(userId)
  if (person === undefined || person.deleted === true || !isMember(world, channel, userId))
    throw new ApiRefusal('user_not_in_channel')
  return person
}
