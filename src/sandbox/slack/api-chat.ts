import type { ApiMethod } from './api-method.ts'
import { ApiRefusal, activeMember, refuseBlocks, requiredText, seenChannel, writableChannel } from './api-refusal.ts'
import { checkFiles } from './block-files.ts'
import { checkBlocks, isTextTooLong } from './blocks.ts'
import { addEphemeral, addMessage, editMessage, findMessage, removeMessage } from './conversation.ts'
import { flagField, isObject, type JsonObject, objectList, textField } from './json.ts'
import { type Content, type Message, messageOnWire } from './message.ts'
import type { World } from './world.ts'

const POST_CUT = 40_000
const UPDATE_LIMIT = 4_000
const MAX_ATTACHMENTS = 100
const MAX_METADATA_CHARS = 8_000

/** The chat.* methods. `editingRefusal` says whether an admin forbids edits. */
export function chatMethods(world: World, editingRefusal: () => string | null): Record<string, ApiMethod> {
  return {
    'chat.postMessage': { scope: () => 'chat:write', run: (args) => postMessage(world, args) },
    'chat.update': { scope: () => 'chat:write', run: (args) => update(world, args, editingRefusal()) },
    'chat.delete': { scope: () => 'chat:write', run: (args) => remove(world, args) },
    'chat.postEphemeral': { scope: () => 'chat:write', run: (args) => postEphemeral(world, args) },
    'chat.getPermalink': { scope: () => null, run: (args) => permalink(world, args) },
  }
}

function postMessage(world: World, args: JsonObject): JsonObject {
  const channel = writableChannel(world, requiredText(args, 'channel'))
  const content = readContent(world, args)
  const message = addMessage(world, {
    ...content,
    text: content.text.slice(0, POST_CUT),
    channel: channel.id,
    user: world.identity.botUserId,
    byBot: true,
    threadTs: textField(args, 'thread_ts'),
    broadcast: flagField(args, 'reply_broadcast'),
    metadata: readMetadata(args),
  })
  return { channel: channel.id, ts: message.ts, message: messageOnWire(message, world.identity) }
}

function update(world: World, args: JsonObject, refusal: string | null): JsonObject {
  const message = ownMessage(world, args, 'cant_update_message')
  if (refusal !== null) throw new ApiRefusal(refusal)
  if ((textField(args, 'text') ?? '').length > UPDATE_LIMIT) throw new ApiRefusal('msg_too_long')
  const given = readContent(world, args)
  const content = { ...given, attachments: args.attachments === undefined ? message.attachments : given.attachments }
  const metadata = args.metadata === undefined ? message.metadata : readMetadata(args)
  const edited = editMessage(world, message, content, metadata)
  return { channel: message.channel, ts: message.ts, text: edited.text, message: messageOnWire(edited, world.identity) }
}

function remove(world: World, args: JsonObject): JsonObject {
  const message = ownMessage(world, args, 'cant_delete_message')
  removeMessage(world, message)
  return { channel: message.channel, ts: message.ts }
}

function postEphemeral(world: World, args: JsonObject): JsonObject {
  const channel = writableChannel(world, requiredText(args, 'channel'))
  const person = activeMember(world, channel, requiredText(args, 'user'))
  const threadTs = textField(args, 'thread_ts') ?? null
  const ephemeral = addEphemeral(world, { ...readContent(world, args), channel: channel.id, user: person.id, threadTs })
  return { message_ts: ephemeral.ts }
}

function permalink(world: World, args: JsonObject): JsonObject {
  const channel = seenChannel(world, requiredText(args, 'channel'))
  const message = findMessage(world, channel.id, requiredText(args, 'message_ts'))
  if (message === undefined) throw new ApiRefusal('message_not_found')
  const base = `https://${world.identity.teamDomain}.slack.com/archives/${channel.id}/p${message.ts.replace('.', '')}`
  const thread = message.threadTs === null ? '' : `?thread_ts=${message.threadTs}&cid=${channel.id}`
  return { channel: channel.id, permalink: base + thread }
}

function ownMessage(world: World, args: JsonObject, otherwise: string): Message {
  const channel = seenChannel(world, requiredText(args, 'channel'))
  const message = findMessage(world, channel.id, requiredText(args, 'ts'))
  if (message === undefined || message.isTombstone) throw new ApiRefusal('message_not_found')
  if (channel.isArchived === true) throw new ApiRefusal('is_archived')
  if (!message.byBot) throw new ApiRefusal(otherwise)
  return message
}

/** Text, blocks and attachments of a post, an edit or a reply to a response_url, refused as Slack refuses them. */
export function readContent(world: World, args: JsonObject): Content {
  const text = textField(args, 'text') ?? ''
  const blocks = readList(args, 'blocks', 'invalid_blocks_format')
  const attachments = readList(args, 'attachments', 'invalid_attachments')
  const problems = [...checkBlocks(blocks, 'message'), ...checkFiles(world, blocks)]
  if (problems.length > 0) refuseBlocks('invalid_blocks', problems)
  if (attachments.length > MAX_ATTACHMENTS) throw new ApiRefusal('too_many_attachments')
  const inside = attachments.flatMap((attachment, index) =>
    attachment.blocks === undefined ? [] : checkBlocks(attachment.blocks, 'message', `/attachments/${index}/blocks`),
  )
  if (inside.length > 0) refuseBlocks('invalid_attachments', inside)
  if (isTextTooLong([...blocks, ...attachments])) throw new ApiRefusal('msg_blocks_too_long')
  if (text === '' && blocks.length === 0 && attachments.length === 0) throw new ApiRefusal('no_text')
  return { text, blocks, attachments }
}

function readList(args: JsonObject, key: string, code: string): JsonObject[] {
  const value = args[key]
  if (value === undefined || value === null || value === '') return []
  if (!Array.isArray(value) || !value.every(isObject)) throw new ApiRefusal(code)
  return objectList(value)
}

function readMetadata(args: JsonObject): JsonObject | null {
  const value = args.metadata
  if (value === undefined || value === null || value === '') return null
  if (!isObject(value)) throw new ApiRefusal('invalid_metadata_format')
  if (Object.keys(value).length === 0) return null
  if (typeof value.event_type !== 'string' || !isObject(value.event_payload)) {
    throw new ApiRefusal('invalid_metadata_schema')
  }
  if (JSON.stringify(value).length > MAX_METADATA_CHARS) throw new ApiRefusal('metadata_too_large')
  return value
}
