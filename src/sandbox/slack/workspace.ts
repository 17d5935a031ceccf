import { createFiles } from './api-files.ts'
import { type AppInstalls, createAppInstalls } from './app-installs.ts'
import { replaceEphemeral, replies, timeline, topLevel } from './conversation.ts'
import { createEvents } from './events.ts'
import { armFaults, type Faults } from './faults.ts'
import type { FormValues } from './form-values.ts'
import { createHttpDelivery } from './http-delivery.ts'
import {
  type ClickChoice,
  type ClickTarget,
  homeOpenedEvent,
  type InteractionDeps,
  type Seen,
  sendClick,
  sendCommand,
  sendMessage,
  watchEphemerals,
} from './interactions.ts'
import type { JsonObject } from './json.ts'
import type { Ephemeral, Message } from './message.ts'
import { sendClose, sendSubmission } from './modal-steps.ts'
import type { OAuthClient } from './one-time-codes.ts'
import { createOpenId, type OpenId } from './open-id.ts'
import { createPage } from './page.ts'
import type { Panel } from './panel.ts'
import { type Channel, DEFAULT_CHANNELS, DEFAULT_PEOPLE, type Person, type UserGroup } from './people.ts'
import { createPlatform, type Platform } from './platform.ts'
import { createResponseUrls } from './response-url.ts'
import { startServer } from './server.ts'
import { createSocketLinks, type DisconnectReason } from './socket.ts'
import { createTriggers } from './triggers.ts'
import type { View } from './view.ts'
import { createWebApi } from './web-api.ts'
import { type ApiCall, createWorld, type Identity, type World } from './world.ts'

export interface SlackWorkspaceOptions {
  /** 0: a free one. */
  readonly port: number
  readonly host?: '127.0.0.1'
  readonly botToken: string
  readonly appToken: string
  readonly signingSecret: string
  readonly delivery: { readonly mode: 'socket' } | { readonly mode: 'http'; readonly eventsUrl: string }
  readonly commandName?: string
  readonly people?: readonly Person[]
  readonly channels?: readonly Channel[]
  readonly groups?: readonly UserGroup[]
  /** Of the bot token; `chat:write`, `commands`, `users:read` if left out. */
  readonly scopes?: readonly string[]
  /** With which workspaces install the app; left out: none can. */
  readonly installs?: OAuthClient
  /** The first of several workspaces: this one has its own page, people and channels, and shares the app and the Web API with it. */
  readonly beside?: SlackWorkspace
  /** For Sign in with Slack; left out: the app has no client id. */
  readonly openId?: OAuthClient
  readonly panel?: Panel
  /** What the composer suggests after the command's name. */
  readonly commandHints?: readonly string[]
  /** What to try first, a step each, as mrkdwn. Default: nothing is said. */
  readonly guide?: readonly string[]
  readonly identity?: Partial<Identity>
  readonly now?: () => Date
  /** Real time that the app has for an ack; 3,000 if left out. */
  readonly ackTimeoutMs?: number
  /** Real time before each repetition of an event; at once, 1 min, 5 min if left out. */
  readonly eventRetryDelaysMs?: readonly number[]
}

/** A simulated Slack workspace with one installed app. */
export interface SlackWorkspace extends AsyncDisposable {
  /** `http://127.0.0.1:port`; the page for people is at `/`. */
  readonly url: string
  /** What `slackApiUrl` has to be: `{url}/api/`. */
  readonly apiUrl: string
  readonly identity: Identity
  readonly faults: Faults
  readonly installs: Pick<AppInstalls, 'fail'>
  readonly platform: Platform
  readonly openId: Pick<OpenId, 'fail' | 'rotateKeys'>
  /** Every call of the Web API so far, oldest first. */
  readonly calls: readonly ApiCall[]

  command(userId: string, channelId: string, text: string): Promise<Seen>
  click(userId: string, target: ClickTarget, actionId: string, choice?: ClickChoice): Promise<Seen>
  submitView(userId: string, values?: FormValues): Promise<Seen>
  closeView(userId: string, isCleared?: boolean): Promise<Seen>
  openHome(userId: string): Promise<Seen>
  /** Takes away a message that only this person sees. */
  dismiss(userId: string, ts: string): void
  /** A person writes a plain message. */
  post(userId: string, channelId: string, text: string, threadTs?: string): Message
  /** Any event of the Events API, `{ type: 'app_uninstalled' }`; true when the app took it at once. */
  sendEvent(event: JsonObject): Promise<boolean>
  /** The admin revokes the app's token: calls fail from now on, and the app is told by `tokens_revoked`. */
  revoke(): Promise<boolean>

  people(): Person[]
  channels(): Channel[]
  messages(channelId: string): Message[]
  thread(channelId: string, ts: string): Message[]
  timeline(channelId: string): Message[]
  ephemerals(userId: string): Ephemeral[]
  home(userId: string): View | null
  /** The modal on top. */
  view(userId: string): View | null
  /** Waits until `read` gives something (not `undefined`, `null` or `false`); asks after each change. Rejects after `withinMs` of real time. */
  eventually<T>(read: () => T | undefined | null | false, withinMs?: number): Promise<T>

  /** Open Socket Mode links. */
  links(): number
  disconnect(reason: DisconnectReason, which?: 'all' | 'oldest'): void
  dropSockets(): void
  /** Draws the side panel of every open page again. */
  refreshPanel(): void
  close(): Promise<void>
}

const SCOPES = ['chat:write', 'commands', 'users:read']
const ACK_TIMEOUT_MS = 3_000
const EVENT_RETRY_DELAYS_MS = [0, 60_000, 300_000]

export async function startSlackWorkspace(options: SlackWorkspaceOptions): Promise<SlackWorkspace> {
  const world = buildWorld(options)
  const { identity } = world
  const armed = armFaults(world)
  const triggers = createTriggers(world)
  const responseUrls = createResponseUrls(world)
  const ackTimeoutMs = options.ackTimeoutMs ?? ACK_TIMEOUT_MS
  const links = createSocketLinks({ appId: identity.appId, ackTimeoutMs, linksChanged: world.changed })
  const http =
    options.delivery.mode === 'http'
      ? createHttpDelivery({
          eventsUrl: options.delivery.eventsUrl,
          signingSecret: options.signingSecret,
          ackTimeoutMs,
          now: world.now,
        })
      : null
  const platform = options.beside?.platform ?? createPlatform(http ?? links)
  const { delivery } = platform
  const installs = createAppInstalls(() => platform, options.installs ?? null)
  const events = createEvents(world, delivery, options.eventRetryDelaysMs ?? EVENT_RETRY_DELAYS_MS)
  const deps: InteractionDeps = { world, delivery, triggers, responseUrls, url: () => server.url }
  const tokensRevoked = { type: 'tokens_revoked', tokens: { oauth: [], bot: [identity.botUserId] } }
  const files = createFiles(world, () => server.url)
  const openId = createOpenId({ world, teams: platform.teams }, options.openId ?? null, () => server.url)
  const webApi = createWebApi({
    world,
    files,
    installs,
    openId,
    armed,
    triggers,
    pageUrl: () => server.url,
    openConnection: () => (http === null ? server.url.replace('http', 'ws') + links.ticketPath() : null),
    tokenRevoked: () => void events.send(tokensRevoked),
  })
  platform.join({ world, webApi })

  async function openHome(userId: string): Promise<Seen> {
    const event = homeOpenedEvent(world, userId)
    const watch = watchEphemerals(world, userId)
    return { ...watch(await events.send(event)), opened: null }
  }
  const acts = {
    command: (userId: string, channelId: string, text: string) => sendCommand(deps, userId, channelId, text),
    click: (userId: string, target: ClickTarget, actionId: string, choice?: ClickChoice) =>
      sendClick(deps, userId, target, actionId, choice),
    submitView: (userId: string, values?: FormValues) => sendSubmission(deps, userId, values),
    closeView: (userId: string, isCleared = false) => sendClose(deps, userId, isCleared),
    openHome,
    dismiss(userId: string, ts: string): void {
      const shown = world.ephemerals.find((one) => one.ts === ts && one.user === userId)
      if (shown) replaceEphemeral(world, shown, null)
    },
    post: (userId: string, channelId: string, text: string, threadTs?: string) =>
      sendMessage(world, userId, channelId, text, threadTs),
  }
  const page = createPage({
    world,
    acts,
    panel: options.panel ?? null,
    words: { hints: options.commandHints ?? [], guide: options.guide ?? [] },
  })
  const server = await startServer({
    port: options.port,
    host: options.host ?? '127.0.0.1',
    platform,
    installs,
    responseUrls,
    files,
    openId,
    page,
    upgrade: links.upgrade,
  })

  async function close(): Promise<void> {
    events.close()
    http?.close()
    page.close()
    links.close()
    await server.close()
  }
  return {
    url: server.url,
    apiUrl: `${server.url}/api/`,
    identity,
    faults: armed.faults,
    installs,
    platform,
    openId,
    calls: world.calls,
    ...acts,
    sendEvent: async (event) => (await events.send(event)).kind === 'acked',
    async revoke() {
      armed.faults.revokeBotToken()
      return (await events.send(tokensRevoked)).kind === 'acked'
    },
    ...queries(world),
    eventually: (read, withinMs = 20_000) => eventually(world, read, withinMs),
    links: links.count,
    disconnect: links.disconnect,
    dropSockets: links.drop,
    refreshPanel: page.refreshPanel,
    close,
    [Symbol.asyncDispose]: close,
  }
}

function buildWorld(options: SlackWorkspaceOptions): World {
  return createWorld({
    identity: {
      teamId: 'T0ACME',
      teamName: 'Acme',
      teamDomain: 'acme',
      appId: 'A0REDKEY',
      appName: 'Redkey',
      botId: 'B0REDKEY',
      botUserId: 'U0REDKEY',
      ...options.identity,
      commandName: options.commandName ?? '/connections',
    },
    people: options.people ?? DEFAULT_PEOPLE,
    channels: options.channels ?? DEFAULT_CHANNELS,
    groups: options.groups ?? [],
    tokens: { bot: options.botToken, app: options.appToken, scopes: options.scopes ?? SCOPES, botRefusal: null },
    now: options.now ?? (() => new Date()),
    firstId: (options.beside?.platform.teams.length ?? 0) * 1_000_000,
  })
}

function queries(world: World) {
  return {
    people: () => [...world.people.values()],
    channels: () => [...world.channels.values()],
    messages: (channelId: string) => topLevel(world, channelId),
    thread: (channelId: string, ts: string) => replies(world, channelId, ts),
    timeline: (channelId: string) => timeline(world, channelId),
    ephemerals: (userId: string) => world.ephemerals.filter(({ user }) => user === userId),
    home: (userId: string) => world.homes.get(userId) ?? null,
    view: (userId: string) => world.views.get(userId)?.at(-1) ?? null,
  }
}

function eventually<T>(world: World, read: () => T | undefined | null | false, withinMs: number): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const late = new Error(`Nothing of the kind happened within ${withinMs} ms`)
  const timer = setTimeout(() => {
    stop()
    reject(late)
  }, withinMs)
  const stop = world.onChange(look)
  function look(): void {
    try {
      const value = read()
      if (value === undefined || value === null || value === false) return
      resolve(value)
    } catch (error) {
      reject(error)
    }
    stop()
    clearTimeout(timer)
  }
  look()
  return promise
}
