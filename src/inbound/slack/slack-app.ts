import { App } from '@slack/bolt'
import { SECOND_MS } from '../../clock.ts'
import type { BotTokens } from '../../domain/workspaces/bot-tokens.ts'
import { acknowledge } from './acknowledge.ts'
import { httpListener, type RequestListener } from './http-listener.ts'
import { createInFlight } from './in-flight.ts'
import type { Inbound } from './inbound.ts'
import { openHomes } from './open-homes.ts'
import { tellProblems } from './problems.ts'
import { quietLogger } from './quiet-logger.ts'
import { register } from './register.ts'
import { dropRepeats } from './repeats.ts'
import { authorizeBy, onlyServed } from './served.ts'
import { type SocketReceiverOptions, socketReceiver } from './socket-receiver.ts'

const CALL_TIMEOUT_MS = 5 * SECOND_MS
const DRAIN_MS = 5 * SECOND_MS

export interface SlackAppOptions extends Inbound {
  readonly tokens: BotTokens
  readonly apiUrl: string
  readonly transport:
    | ({ readonly mode: 'socket'; readonly appToken: string } & Pick<
        SocketReceiverOptions,
        'random' | 'helloTimeoutMs' | 'replaceWithinMs' | 'backoffMs'
      >)
    | { readonly mode: 'http'; readonly signingSecret: string }
}

export interface SlackApp {
  /** Begins to listen. Does not wait for Slack: links come up when it does. */
  start(): Promise<void>
  /** Waits for the listeners that are running (bounded), then closes the links. */
  stop(): Promise<void>
  /** Whether payloads can reach us now: a link has Slack's hello; in HTTP mode always. */
  connected(): boolean
  /** Shows Home tabs anew that are open and outdated. */
  refreshHomes(): Promise<void>
  /** HTTP mode: to be mounted at `/slack/events` with the body unread. */
  readonly requestListener?: RequestListener
}

/** Everything that people in Slack can do with Redkey, over one of Slack's two ways in. */
export function createSlackApp(options: SlackAppOptions): SlackApp {
  const { log, clock, tokens, transport } = options
  const inFlight = createInFlight()
  const socket = transport.mode === 'socket' ? socketReceiver({ ...transport, apiUrl: options.apiUrl, clock, log }) : undefined
  const http = transport.mode === 'http' ? httpListener({ signingSecret: transport.signingSecret, clock, log }) : undefined
  const receiver = socket ?? http?.receiver
  if (receiver === undefined) throw new Error('A transport is socket or http')

  const app = new App({
    receiver,
    authorize: authorizeBy(tokens, log), // asks nobody where there is one workspace, so that Slack may be down when we start
    clientOptions: {
      slackApiUrl: options.apiUrl,
      timeout: CALL_TIMEOUT_MS,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
    },
    convoStore: false,
    tokenVerificationEnabled: false,
    logger: quietLogger,
  })
  app.use(inFlight.middleware)
  app.use(dropRepeats(clock, log))
  app.use(acknowledge(log))
  app.use(onlyServed(options))
  app.use(tellProblems(options))
  app.error(async (error) => log.error('slack.payload_failed', {}, error))
  const homes = openHomes(options)
  register(app, options, homes)

  return {
    async start() {
      await socket?.start()
    },
    async stop() {
      const left = await inFlight.drain(DRAIN_MS)
      if (left > 0) log.warn('slack.listeners_left_running', { left })
      await socket?.stop()
    },
    refreshHomes: () => homes.refresh(),
    connected: () => socket === undefined || socket.links() > 0,
    ...(http === undefined ? {} : { requestListener: http.requestListener }),
  }
}
