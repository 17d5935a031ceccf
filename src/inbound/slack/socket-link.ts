import { type Clock, SECOND_MS } from '../../clock.ts'
import { pause, within } from './bounded.ts'
import { type ClientOptions, createLinkClient, type LinkClient } from './link-client.ts'

export interface LinkOptions extends ClientOptions {
  readonly clock: Clock
  /** How long to wait before the next try, after this many failures in a row (from 1). */
  readonly backoffMs: (failures: number) => number
  /** How long Slack has for its `hello`, counted from the request for an address. */
  readonly helloTimeoutMs: number
  /** How long a link that Slack will close goes on while its replacement has no `hello`. */
  readonly replaceWithinMs: number
}

export interface SocketLink {
  isUp(): boolean
  /** Keeps one link to Slack up until the signal is aborted. Never rejects: whatever goes wrong is tried again. */
  run(signal: AbortSignal): Promise<void>
}

/** A link that ends earlier has failed: Slack takes it, but does not keep it. */
const SHORTEST_SERVICE_MS = 10 * SECOND_MS

/**
 * A fresh client for every link: start, wait for `hello`, wait until it is gone or Slack has said that it will be, again. An old link
 * serves until the new one has its `hello`.
 */
export function createSocketLink(options: LinkOptions): SocketLink {
  const { log, clock } = options
  const up = new Set<LinkClient>()
  const endings = new Set<Promise<void>>()
  let replaceOld = (): void => undefined

  async function oneLink(signal: AbortSignal): Promise<'served' | Failure> {
    const link = createLinkClient(options)
    const stopped = untilAborted(signal)
    const failure = await whyNotUp(link, stopped)
    if (failure !== null || signal.aborted) {
      end(link.close())
      return failure ?? 'served'
    }
    const upSince = clock.now().getTime()
    up.add(link)
    log.info('slack.link_up')
    replaceOld()
    await Promise.race([link.gone, link.sentAway, stopped])
    end(serveOn(link, stopped))
    const isShort = clock.now().getTime() - upSince < SHORTEST_SERVICE_MS
    return isShort && !signal.aborted ? { reason: 'closed_early', retryAfterMs: 0 } : 'served'
  }

  async function whyNotUp(link: LinkClient, stopped: Promise<void>): Promise<Failure | null> {
    const sentAway = link.sentAway.then(() => 'sent_away' as const)
    try {
      const outcome = await within(Promise.race([link.start(), sentAway, stopped]), options.helloTimeoutMs)
      if (outcome === 'late') return { reason: 'no_hello', retryAfterMs: 0 }
      return outcome === 'sent_away' ? { reason: outcome, retryAfterMs: 0 } : null
    } catch (error) {
      return readFailure(error)
    }
  }

  /** Until it is gone, replaced or stopped, but not much longer than Slack lets it. */
  async function serveOn(link: LinkClient, stopped: Promise<void>): Promise<void> {
    const replaced = new Promise<void>((resolve) => {
      replaceOld = resolve
    })
    await within(Promise.race([link.gone, replaced, stopped]), options.replaceWithinMs)
    up.delete(link)
    log.info('slack.link_down')
    await link.close()
  }

  function end(ending: Promise<void>): void {
    endings.add(ending)
    void ending.finally(() => endings.delete(ending))
  }

  return {
    isUp: () => up.size > 0,
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
      await Promise.all(endings)
    },
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  if (signal.aborted) resolve()
  else signal.addEventListener('abort', () => resolve(), { once: true })
  return promise
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
