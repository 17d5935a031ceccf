import { SocketModeClient } from '@slack/socket-mode'
import type { Log } from '../../log.ts'
import { pause, within } from './bounded.ts'
import { quietLogger } from './quiet-logger.ts'

/** One envelope, as the client hands it over. */
export interface Envelope {
  readonly type: string
  readonly body: Record<string, unknown>
  readonly ack: (response?: unknown) => Promise<void>
  readonly retry_num?: number
  readonly retry_reason?: string
}

export interface LinkOptions {
  readonly appToken: string
  readonly apiUrl: string
  readonly log: Log
  readonly onEnvelope: (envelope: Envelope) => void
  /** How long to wait before the next try, after this many failures in a row (from 1). */
  readonly backoffMs: (failures: number) => number
  /** How long Slack has for its `hello`, counted from the request for an address. */
  readonly helloTimeoutMs: number
}

export interface SocketLink {
  isUp(): boolean
  /** Keeps one link to Slack up until the signal is aborted. Never rejects: whatever goes wrong is tried again. */
  run(signal: AbortSignal): Promise<void>
}

const OPEN_TIMEOUT_MS = 5_000
const CLOSE_TIMEOUT_MS = 1_000

/**
 * A fresh client for every link: start, wait for `hello`, wait until it is gone, again. The client's own reconnect is off, since it
 * gives up for good, or ends the process, when Slack refuses or can't be reached (@slack/socket-mode 3.1.0).
 */
export function createSocketLink(options: LinkOptions): SocketLink {
  const { log } = options
  let isUp = false
  let closed: Promise<void> = Promise.resolve()

  async function oneLink(signal: AbortSignal): Promise<'served' | Failure> {
    const client = newClient(options)
    client.on('slack_event', options.onEnvelope)
    const gone = untilGone(client)
    const stopped = untilAborted(signal)
    try {
      const started = client.start()
      const outcome = await within(Promise.race([started, stopped]), options.helloTimeoutMs)
      if (outcome === 'late') return { reason: 'no_hello', retryAfterMs: 0 }
      if (signal.aborted) return 'served'
      isUp = true
      log.info('slack.link_up')
      await Promise.race([gone, stopped])
      return 'served'
    } catch (error) {
      return readFailure(error)
    } finally {
      if (isUp) log.info('slack.link_down')
      isUp = false
      closed = close(client)
    }
  }

  return {
    isUp: () => isUp,
    async run(signal) {
      let failures = 0
      while (!signal.aborted) {
        const outcome = await oneLink(signal)
        failures = outcome === 'served' ? 0 : failures + 1
        if (outcome === 'served') continue
        const waitMs = Math.max(options.backoffMs(failures), outcome.retryAfterMs)
        log.warn('slack.link_failed', { reason: outcome.reason, failures, waitMs })
        await pause(waitMs, signal)
      }
      await closed
    },
  }
}

function newClient({ appToken, apiUrl }: LinkOptions): SocketModeClient {
  return new SocketModeClient({
    appToken,
    autoReconnectEnabled: false,
    logger: quietLogger,
    // Its own object each time: the client writes into it.
    clientOptions: { slackApiUrl: apiUrl, retryConfig: { retries: 0 }, timeout: OPEN_TIMEOUT_MS, rejectRateLimitedCalls: true },
  })
}

/** When the link has closed, or Slack has said that it will: then the next one need not wait for the closing. */
function untilGone(client: SocketModeClient): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  client.once('disconnected', () => resolve())
  client.on('ws_message', (data: unknown) => {
    if (typeof data === 'string' && /^\s*{\s*"type"\s*:\s*"disconnect"/.test(data)) resolve()
  })
  return promise
}

function untilAborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  if (signal.aborted) resolve()
  else signal.addEventListener('abort', () => resolve(), { once: true })
  return promise
}

/** Closes politely, then by force. A start that is still under way is closed as soon as it has a socket. */
async function close(client: SocketModeClient): Promise<void> {
  client.removeAllListeners('slack_event')
  client.once('connecting', () => setImmediate(() => void client.disconnect()))
  if ((await within(client.disconnect(), CLOSE_TIMEOUT_MS)) === 'late') await client.disconnect()
}

interface Failure {
  readonly reason: string
  readonly retryAfterMs: number
}

/** A code of Slack's, of the system, or the error's name; never its text, which may quote an address with its ticket. */
function readFailure(error: unknown): Failure {
  if (typeof error !== 'object' || error === null) return { reason: 'closed_before_hello', retryAfterMs: 0 }
  const retryAfterMs = 'retryAfter' in error && typeof error.retryAfter === 'number' ? error.retryAfter * 1000 : 0
  if ('data' in error && typeof error.data === 'object' && error.data !== null && 'error' in error.data) {
    return { reason: String(error.data.error).slice(0, 80), retryAfterMs }
  }
  if ('statusCode' in error) return { reason: `http_${String(error.statusCode)}`, retryAfterMs }
  return { reason: error instanceof Error ? error.name : 'unknown', retryAfterMs }
}
