import type { JsonObject } from './json.ts'
import { type Content, type Ephemeral, type Message, type SharedFile, withAttachmentIds, withIds } from './message.ts'
import type { World } from './world.ts'

/** Messages of the channel itself, oldest first; replies are not among them. */
export function topLevel(world: World, channel: string): Message[] {
  return (world.messages.get(channel) ?? []).filter((message) => message.threadTs === null)
}

/** Replies of a thread, oldest first, without the message that began it. */
export function replies(world: World, channel: string, ts: string): Message[] {
  return (world.messages.get(channel) ?? []).filter((message) => message.threadTs === ts)
}

/** What a person scrolls through: messages and replies that were also sent to the channel, oldest first. */
export function timeline(world: World, channel: string): Message[] {
  return (world.messages.get(channel) ?? []).filter((message) => message.threadTs === null || message.broadcast)
}

export function findMessage(world: World, channel: string, ts: string): Message | undefined {
  return world.messages.get(channel)?.find((message) => message.ts === ts)
}

export interface Draft extends Content {
  readonly channel: string
  readonly user: string
  readonly byBot: boolean
  readonly threadTs?: string | undefined
  readonly broadcast?: boolean
  readonly metadata?: JsonObject | null
  readonly files?: readonly SharedFile[]
}

/**
 * Stores a message. A thread whose first message is gone swallows nothing: Slack then posts the reply to the
 * channel without saying so (https://github.com/slack-go/slack/issues/1571, read 2026-11-23).
 */
export function addMessage(world: World, draft: Draft): Message {
  const parent = draft.threadTs === undefined ? undefined : findMessage(world, draft.channel, draft.threadTs)
  const threadTs = parent === undefined ? null : (parent.threadTs ?? parent.ts)
  const content = stored(world, draft)
  const message: Message = {
    ...content,
    channel: draft.channel,
    ts: world.nextTs(),
    threadTs,
    broadcast: threadTs !== null && draft.broadcast === true,
    user: draft.user,
    byBot: draft.byBot,
    metadata: draft.metadata ?? null,
    files: draft.files ?? [],
    versions: [{ ...content, at: world.now() }],
    isMarkedEdited: false,
    isTombstone: false,
  }
  const list = world.messages.get(draft.channel) ?? []
  list.push(message)
  world.messages.set(draft.channel, list)
  world.changed()
  return message
}

export function editMessage(world: World, message: Message, content: Content, metadata: JsonObject | null): Message {
  const next = stored(world, content)
  const edited: Message = {
    ...message,
    ...next,
    metadata,
    versions: [...message.versions, { ...next, at: world.now() }],
    isMarkedEdited: next.blocks.length === 0 && message.text !== next.text,
  }
  replace(world, message, [edited])
  return edited
}

/** Removes the message; one with replies stays as a tombstone. */
export function removeMessage(world: World, message: Message): void {
  const hasReplies = replies(world, message.channel, message.ts).length > 0
  replace(world, message, hasReplies ? [{ ...message, text: '', blocks: [], attachments: [], files: [], isTombstone: true }] : [])
}

export function addEphemeral(
  world: World,
  draft: Content & { channel: string; user: string; threadTs: string | null },
): Ephemeral {
  const ephemeral: Ephemeral = {
    ...stored(world, draft),
    channel: draft.channel,
    user: draft.user,
    threadTs: draft.threadTs,
    ts: world.nextTs(),
  }
  world.ephemerals.push(ephemeral)
  world.changed()
  return ephemeral
}

/** Puts `next` in the place of the person's ephemeral message, or takes it away. */
export function replaceEphemeral(world: World, ephemeral: Ephemeral, next: Content | null): void {
  const index = world.ephemerals.findIndex((other) => other.ts === ephemeral.ts)
  if (index < 0) return
  world.ephemerals.splice(index, 1, ...(next === null ? [] : [{ ...ephemeral, ...stored(world, next) }]))
  world.changed()
}

function replace(world: World, message: Message, next: Message[]): void {
  const list = world.messages.get(message.channel) ?? []
  const index = list.findIndex((other) => other.ts === message.ts)
  if (index >= 0) list.splice(index, 1, ...next)
  world.changed()
}

function stored(world: World, content: Content): Content {
  return {
    text: content.text,
    blocks: withIds(content.blocks, world.newBlockId),
    attachments: withAttachmentIds(content.attachments, world.newBlockId),
  }
}
