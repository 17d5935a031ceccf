import { isObject, type JsonObject, objectList } from './json.ts'

/** What a message says, as it was sent (ids that were missing have been filled in, as Slack does). */
export interface Content {
  readonly text: string
  readonly blocks: readonly JsonObject[]
  readonly attachments: readonly JsonObject[]
}

interface MessageVersion extends Content {
  readonly at: Date
}

export interface SharedFile {
  readonly id: string
  readonly name: string
  readonly title: string
  readonly bytes: Buffer
}

export interface Message extends Content {
  readonly channel: string
  readonly ts: string
  /** The `ts` of the thread's first message; `null` for a message of the channel itself. */
  readonly threadTs: string | null
  /** A reply that was also sent to the channel. */
  readonly broadcast: boolean
  /** User id of the author; the bot's is its bot user. */
  readonly user: string
  readonly byBot: boolean
  readonly metadata: JsonObject | null
  readonly files: readonly SharedFile[]
  /** Every version, the first one included, oldest first; the last is what is shown. */
  readonly versions: readonly MessageVersion[]
  /** Edited with text alone, which Slack marks "(edited)". */
  readonly isMarkedEdited: boolean
  /** Deleted, but kept as "This message was deleted" because of its replies. */
  readonly isTombstone: boolean
}

/** A message that one person sees, until the page is told to forget it. */
export interface Ephemeral extends Content {
  readonly channel: string
  readonly user: string
  readonly ts: string
  readonly threadTs: string | null
}

/** Fills in missing block ids and action ids, as Slack does before it stores blocks. */
export function withIds(blocks: readonly JsonObject[], newId: () => string): JsonObject[] {
  return blocks.map((block) => {
    const filled: JsonObject = { ...block, block_id: block.block_id ?? newId() }
    if (Array.isArray(block.elements) && block.type !== 'rich_text' && block.type !== 'context') {
      filled.elements = block.elements.map((element) => withActionId(element, newId))
    }
    for (const part of ['accessory', 'element']) {
      if (isObject(block[part])) filled[part] = withActionId(block[part], newId)
    }
    return filled
  })
}

function withActionId(element: unknown, newId: () => string): unknown {
  if (!isObject(element) || element.type === 'image') return element
  return { ...element, action_id: element.action_id ?? newId() }
}

/** Attachments with their number (`id`, from 1) and their blocks' ids filled in. */
export function withAttachmentIds(attachments: readonly JsonObject[], newId: () => string): JsonObject[] {
  return attachments.map((attachment, index) => ({
    ...attachment,
    id: index + 1,
    ...(Array.isArray(attachment.blocks) ? { blocks: withIds(objectList(attachment.blocks), newId) } : {}),
  }))
}

/** The message as the Web API and payloads show it. */
export function messageOnWire(message: Message, bot: { appId: string; botId: string; teamId: string }): JsonObject {
  const last = message.versions.at(-1)
  return {
    type: 'message',
    ...(message.broadcast ? { subtype: 'thread_broadcast' } : {}),
    ...(message.isTombstone ? { subtype: 'tombstone', hidden: true } : {}),
    user: message.user,
    ts: message.ts,
    ...(message.byBot ? { bot_id: bot.botId, app_id: bot.appId } : {}),
    team: bot.teamId,
    text: message.isTombstone ? 'This message was deleted.' : message.text,
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...(message.attachments.length > 0 ? { attachments: message.attachments } : {}),
    ...(message.files.length > 0
      ? { files: message.files.map(({ id, name, title, bytes }) => ({ id, name, title, size: bytes.length })) }
      : {}),
    ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
    ...(message.metadata === null ? {} : { metadata: message.metadata }),
    ...(message.isMarkedEdited && last !== undefined
      ? { edited: { user: message.user, ts: `${Math.floor(last.at.getTime() / 1000)}.000000` } }
      : {}),
  }
}
