import { SocketModeClient } from '@slack/socket-mode'
import type { Log } from '../../log.ts'
import { within } from './bounded.ts'
import { quietLogger } from './quiet-logger.ts'

/** One envelope, as the client hands it over. */
export interface Envelope {
  readonly type: string
  readonly body: Record<string, unknown>
  readonly ack: (response?: unknown) => Promise<void>
  readonly retry_num?: number
  readonly retry_reason?: string
}

export interface ClientOptions {
  readonly appToken: string
  readonly apiUrl: string
  readonly log: Log
  readonly onEnvelope: (envelope: Envelope) => void
}

/** One link to Slack. It does not come back by itself. */
export interface LinkClient {
  /** Resolves with Slack's `hello`; rejects when Slack refuses or closes the link before. */
  start(): Promise<unknown>
  /** When Slack has closed the link. */
  readonly gone: Promise<void>
  /** When Slack has said that it will close the link. It may still bring envelopes. */
  readonly sentAway: Promise<void>
  close(): Promise<void>
}

const OPEN_TIMEOUT_MS = 5_000
const CLOSE_TIMEOUT_MS = 1_000

export function createLinkClient(options: ClientOptions): LinkClient {
  const client = newClient(options)
  const gone = Promise.withResolvers<void>()
  client.once('disconnected', () => gone.resolve())
  client.on('slack_event', options.onEnvelope)
  return { start: () => client.start(), gone: gone.promise, sentAway: guard(client, options.log), close: () => close(client) }
}

function newClient({ appToken, apiUrl }: ClientOptions): SocketModeClient {
  return new SocketModeClient({
    appToken,
    // Its own reconnect gives up for good, or ends the process, when Slack refuses or can't be reached.
    autoReconnectEnabled: false,
    logger: quietLogger,
    // Its own object each time: the client writes into it.
    clientOptions: { slackApiUrl: apiUrl, retryConfig: { retries: 0 }, timeout: OPEN_TIMEOUT_MS, rejectRateLimitedCalls: true },
  })
}

/**
 * Stands before the client's own listener, whose promise nobody holds: it rejects on a message of an unexpected shape, and closes the
 * link as soon as Slack announces that it will (@slack/socket-mode 3.1.0). Resolves with that announcement.
 */
function guard(client: SocketModeClient, log: Log): Promise<void> {
  const sentAway = Promise.withResolvers<void>()
  const own = client.listeners('ws_message')
  client.removeAllListeners('ws_message')
  client.on('ws_message', async (...message: unknown[]) => {
    try {
      if (typeOf(message[0]) === 'disconnect') return sentAway.resolve()
      await Promise.all(own.map((listener) => listener.apply(client, message)))
    } catch (error) {
      log.warn('slack.message_unreadable', { reason: error instanceof Error ? error.name : 'unknown' })
    }
  })
  return sentAway.promise
}

/** Throws when it is no JSON. */
function typeOf(data: unknown): unknown {
  const message: unknown = typeof data === 'string' ? JSON.parse(data) : null
  return typeof message === 'object' && message !== null && 'type' in message ? message.type : undefined
}

/** Closes politely, then by force. A start that is still under way is closed as soon as it has a socket. */
async function close(client: SocketModeClient): Promise<void> {
  client.removeAllListeners('slack_event')
  client.once('connecting', () => setImmediate(() => void client.disconnect()))
  if ((await within(client.disconnect(), CLOSE_TIMEOUT_MS)) === 'late') await client.disconnect()
}
