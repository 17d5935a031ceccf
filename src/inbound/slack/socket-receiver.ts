import type { App, Receiver } from '@slack/bolt'
import { type Clock, MINUTE_MS, SECOND_MS } from '../../clock.ts'
import type { Log } from '../../log.ts'
import { within } from './bounded.ts'
import type { Envelope } from './link-client.ts'
import { createSocketLink } from './socket-link.ts'

/** Slack allows ten links to an app and gives each payload to any one of them; two survive a refresh without a gap. */
const LINKS = 2
const HELLO_TIMEOUT_MS = 10 * SECOND_MS
/** Slack closes a link ten seconds after it has said so. */
const REPLACE_WITHIN_MS = 8 * SECOND_MS
const STOP_TIMEOUT_MS = 2 * SECOND_MS

export interface SocketReceiverOptions {
  readonly appToken: string
  readonly apiUrl: string
  readonly clock: Clock
  readonly log: Log
  /** In [0, 1). */
  readonly random: () => number
  readonly helloTimeoutMs?: number | undefined
  readonly replaceWithinMs?: number | undefined
  readonly backoffMs?: ((failures: number) => number) | undefined
}

export interface SocketReceiver extends Receiver {
  /** Links that have Slack's hello. */
  links(): number
}

/** Bolt's side of Socket Mode, over links that come back by themselves. `start()` does not wait for Slack. */
export function socketReceiver(options: SocketReceiverOptions): SocketReceiver {
  const stopping = new AbortController()
  let app: App | undefined
  let running: Promise<unknown> = Promise.resolve()
  const links = Array.from({ length: LINKS }, () =>
    createSocketLink({
      appToken: options.appToken,
      apiUrl: options.apiUrl,
      clock: options.clock,
      log: options.log,
      onEnvelope,
      helloTimeoutMs: options.helloTimeoutMs ?? HELLO_TIMEOUT_MS,
      replaceWithinMs: options.replaceWithinMs ?? REPLACE_WITHIN_MS,
      backoffMs: options.backoffMs ?? ((failures) => backoffMs(failures, options.random())),
    }),
  )

  function onEnvelope(envelope: Envelope): void {
    app
      ?.processEvent({
        body: envelope.body,
        ack: envelope.ack,
        ...(envelope.retry_num === undefined ? {} : { retryNum: envelope.retry_num }),
        ...(envelope.retry_reason === undefined ? {} : { retryReason: envelope.retry_reason }),
      })
      .catch((error: unknown) => options.log.error('slack.envelope_failed', { type: envelope.type }, error))
  }

  return {
    links: () => links.filter((link) => link.isUp()).length,
    init(given) {
      app = given
    },
    async start() {
      running = Promise.all(links.map((link) => link.run(stopping.signal)))
    },
    async stop() {
      stopping.abort()
      await within(running, STOP_TIMEOUT_MS)
    },
  }
}

/** 1 s, 2 s, 4 s … 1 min, each ± 20 % by `random` in [0, 1). */
function backoffMs(failures: number, random: number): number {
  return Math.min(SECOND_MS * 2 ** (failures - 1), MINUTE_MS) * (0.8 + 0.4 * random)
}
