import { randomBytes } from 'node:crypto'
import { readContent } from './api-chat.ts'
import { ApiRefusal } from './api-refusal.ts'
import { addEphemeral, addMessage, editMessage, findMessage, removeMessage, replaceEphemeral } from './conversation.ts'
import { flagField, isObject, type JsonObject, textField } from './json.ts'
import type { Ephemeral } from './message.ts'
import type { World } from './world.ts'

const LIFE_MS = 30 * 60_000
const MAX_USES = 5

/** Where an interaction happened: what `replace_original` and `delete_original` are about. */
export interface Origin {
  readonly user: string
  readonly channel: string
  readonly threadTs: string | null
  /** `ts` of the message, or of the person's ephemeral message; `null` for a command. */
  readonly messageTs: string | null
}

/** The addresses that come with commands and clicks. They work 5 times within 30 minutes. */
export interface ResponseUrls {
  /** Path of a new address. */
  issue(kind: 'commands' | 'actions', origin: Origin): string
  /** Answers a POST to such a path. */
  use(path: string, payload: unknown): { readonly status: number; readonly body: JsonObject }
}

export function createResponseUrls(world: World): ResponseUrls {
  const issued = new Map<string, { origin: Origin; at: number; uses: number }>()
  return {
    issue(kind, origin) {
      const path = `/response/${kind}/${world.identity.teamId}/${randomBytes(12).toString('hex')}`
      issued.set(path, { origin, at: world.now().getTime(), uses: 0 })
      return path
    },
    use(path, payload) {
      const entry = issued.get(path)
      if (entry === undefined) return refused(404, 'invalid_url')
      if (world.now().getTime() - entry.at > LIFE_MS) return refused(404, 'expired_url')
      if (entry.uses >= MAX_USES) return refused(404, 'used_url')
      entry.uses += 1
      if (!isObject(payload)) return refused(400, 'invalid_payload')
      try {
        respond(world, entry.origin, payload)
        return { status: 200, body: { ok: true } }
      } catch (error) {
        // 404 and nothing but the code: https://github.com/slackapi/java-slack-sdk/issues/1349, read 2026-11-29
        if (error instanceof ApiRefusal) return refused(404, error.code)
        throw error
      }
    },
  }
}

function refused(status: number, error: string): { status: number; body: JsonObject } {
  return { status, body: { ok: false, error } }
}

/** Shows what an ack or a response_url says: for the person alone, unless `response_type` is `in_channel`. */
export function respond(world: World, origin: Origin, payload: JsonObject): void {
  const original = findOriginal(world, origin)
  if (flagField(payload, 'delete_original')) {
    removeOriginal(world, original)
    return
  }
  const content = readContent(world, payload)
  if (flagField(payload, 'replace_original') && original !== null) {
    if (original.kind === 'ephemeral') {
      replaceEphemeral(world, original.ephemeral, content)
      return
    }
    editMessage(world, original.message, content, original.message.metadata)
    return
  }
  const threadTs = textField(payload, 'thread_ts') ?? origin.threadTs
  if (payload.response_type === 'in_channel') {
    addMessage(world, {
      ...content,
      channel: origin.channel,
      user: world.identity.botUserId,
      byBot: true,
      threadTs: textField(payload, 'thread_ts'),
    })
  } else addEphemeral(world, { ...content, channel: origin.channel, user: origin.user, threadTs })
}

type Original =
  | { kind: 'message'; message: NonNullable<ReturnType<typeof findMessage>> }
  | { kind: 'ephemeral'; ephemeral: Ephemeral }

function findOriginal(world: World, origin: Origin): Original | null {
  if (origin.messageTs === null) return null
  const message = findMessage(world, origin.channel, origin.messageTs)
  if (message !== undefined) return message.isTombstone ? null : { kind: 'message', message }
  const ephemeral = world.ephemerals.find(({ ts, user }) => ts === origin.messageTs && user === origin.user)
  return ephemeral === undefined ? null : { kind: 'ephemeral', ephemeral }
}

function removeOriginal(world: World, original: Original | null): void {
  if (original?.kind === 'message') removeMessage(world, original.message)
  if (original?.kind === 'ephemeral') replaceEphemeral(world, original.ephemeral, null)
}
