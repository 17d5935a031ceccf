import { randomBytes } from 'node:crypto'
import type { Ephemeral, Message, SharedFile } from './message.ts'
import type { Channel, Person, UserGroup } from './people.ts'
import type { View } from './view.ts'

/** Ids of the workspace and of the one app that is installed in it. */
export interface Identity {
  readonly teamId: string
  readonly teamName: string
  readonly teamDomain: string
  readonly appId: string
  readonly appName: string
  readonly botId: string
  readonly botUserId: string
  readonly commandName: string
}

/** One call of the Web API that reached the workspace. */
export interface ApiCall {
  readonly method: string
  /** As sent, JSON texts parsed, without the token. */
  readonly args: Readonly<Record<string, unknown>>
  readonly at: Date
  /** `ok`, Slack's error code, or `fault:` and the fault that swallowed it. */
  readonly answer: string
}

/** All that the simulated workspace knows. Whoever changes it calls `changed()` afterwards. */
export interface World {
  readonly identity: Identity
  readonly people: Map<string, Person>
  readonly channels: Map<string, Channel>
  readonly groups: UserGroup[]
  /** By channel, oldest first, replies included. */
  readonly messages: Map<string, Message[]>
  readonly ephemerals: Ephemeral[]
  /** Open modals by person, the top one last. */
  readonly views: Map<string, View[]>
  readonly homes: Map<string, View>
  /** Complete uploads, shared or not, by id. */
  readonly files: Map<string, SharedFile>
  /** Files that Slack has not looked through yet: how often blocks with them are still refused. */
  readonly unseenFiles: Map<string, number>
  /** The same of each file that is uploaded from now on. */
  refusalsOfNewFiles: number
  /** Direct messages with the bot: user id to channel id. */
  readonly directs: Map<string, string>
  readonly calls: ApiCall[]
  readonly tokens: Tokens
  now(): Date
  /** Unique and increasing, even while the clock stands still. */
  nextTs(): string
  /** `prefix` and a number that nobody else has. */
  newId(prefix: string): string
  /** Five letters that name a block or an element which came without an id. */
  newBlockId(): string
  changed(): void
  /** Calls back after each change, until the returned function is called. */
  onChange(listener: () => void): () => void
}

interface Tokens {
  bot: string
  readonly app: string
  scopes: readonly string[]
  /** Slack's error code for the bot token, when it no longer works. */
  botRefusal: string | null
}

export interface WorldOptions {
  readonly identity: Identity
  readonly people: readonly Person[]
  readonly channels: readonly Channel[]
  readonly groups: readonly UserGroup[]
  readonly tokens: Tokens
  readonly now: () => Date
  /** Ids count from here, so that those of several workspaces differ; 0 if left out. */
  readonly firstId?: number
}

export function createWorld(options: WorldOptions): World {
  const listeners = new Set<() => void>()
  let lastMicros = 0
  let ids = options.firstId ?? 0
  return {
    identity: options.identity,
    people: new Map(options.people.map((person) => [person.id, person])),
    channels: new Map(options.channels.map((channel) => [channel.id, channel])),
    groups: [...options.groups],
    messages: new Map(options.channels.map((channel) => [channel.id, []])),
    ephemerals: [],
    views: new Map(),
    homes: new Map(),
    files: new Map(),
    unseenFiles: new Map(),
    refusalsOfNewFiles: 0,
    directs: new Map(),
    calls: [],
    tokens: options.tokens,
    now: options.now,
    nextTs() {
      lastMicros = Math.max(options.now().getTime() * 1000, lastMicros + 1)
      return `${Math.floor(lastMicros / 1_000_000)}.${String(lastMicros % 1_000_000).padStart(6, '0')}`
    },
    newId(prefix) {
      ids += 1
      return `${prefix}0${ids.toString(36).toUpperCase().padStart(8, '0')}`
    },
    newBlockId: () => randomBytes(4).toString('base64url').slice(0, 5),
    changed() {
      for (const listener of [...listeners]) listener()
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The members of a channel: the listed people, or everybody; of other companies only where it is shared with them. */
export function isMember(world: World, channel: Channel, userId: string): boolean {
  if (channel.members !== undefined) return channel.members.includes(userId)
  const { teamId = world.identity.teamId } = world.people.get(userId) ?? {}
  return teamId === world.identity.teamId || channel.isExtShared === true
}
