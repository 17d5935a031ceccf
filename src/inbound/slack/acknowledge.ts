import type { AnyMiddlewareArgs, Middleware } from '@slack/bolt'
import type { Log } from '../../log.ts'

/**
 * Acks commands, clicks and shortcuts before anything is looked at, so that nobody ever sees Slack's "did not respond". Submitted
 * views are acked by their listeners, whose ack carries the answer. A lost ack is no reason not to do the work.
 */
export function acknowledge(log: Log): Middleware<AnyMiddlewareArgs> {
  return async (args) => {
    const isView = 'type' in args.body && String(args.body.type).startsWith('view_')
    if (!isView && 'ack' in args && typeof args.ack === 'function') {
      try {
        await args.ack()
      } catch (error) {
        log.warn('slack.ack_lost', { reason: error instanceof Error ? error.name : 'unknown' })
      }
    }
    await args.next()
  }
}
