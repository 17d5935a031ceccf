import type { AnyMiddlewareArgs, Middleware } from '@slack/bolt'
import { type Clock, MINUTE_MS } from '../../clock.ts'
import type { Log } from '../../log.ts'
import { payloadTeam } from './payload-team.ts'

/** Slack repeats an event up to five minutes later. */
const REMEMBERED_MS = 15 * MINUTE_MS
const MOST_REMEMBERED = 10_000

/** True for the first time a key is seen within 15 minutes. Forgets the oldest when there are too many. */
export function createRepeats(clock: Clock): (key: string) => boolean {
  const seenAt = new Map<string, number>()
  return (key) => {
    const now = clock.now().getTime()
    for (const [old, at] of seenAt) {
      if (now - at <= REMEMBERED_MS && seenAt.size < MOST_REMEMBERED) break
      seenAt.delete(old)
    }
    if (seenAt.has(key)) return false
    seenAt.set(key, now)
    return true
  }
}

/** Answers a payload that Slack delivered again, and does nothing else with it. */
export function dropRepeats(clock: Clock, log: Log): Middleware<AnyMiddlewareArgs> {
  const isFirst = createRepeats(clock)
  return async (args) => {
    const key = payloadKey(args.body)
    if (key === null || isFirst(key)) return args.next()
    log.info('slack.repeat_dropped')
    if ('ack' in args && typeof args.ack === 'function') await args.ack()
  }
}

/** What is the same when Slack delivers the same payload twice, and differs between two acts of a person. */
function payloadKey(body: object): string | null {
  const read = (...path: string[]) => path.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), body)
  // Ids of people and times are a workspace's own.
  const key = (kind: string, ...parts: unknown[]) =>
    parts.every((part) => part !== undefined) ? [kind, payloadTeam(body) ?? '', ...parts].join(' ') : null
  switch (read('type')) {
    case 'event_callback':
      return key('event', read('event_id'))
    case 'view_submission':
      return key('view', read('view', 'id'), read('view', 'hash'), JSON.stringify(read('view', 'state')))
    case 'block_actions': {
      const place = read('container', 'message_ts') ?? read('container', 'view_id')
      const { action_ts: actionTs, action_id: actionId } = firstAction(read('actions'))
      return key('action', place, actionTs, actionId, read('user', 'id'))
    }
    case undefined: {
      // A command. Its text tells apart what comes with the same trigger.
      const others = ['response_url', 'user_id', 'text'].map((field) => read(field) ?? '')
      return key('command', read('trigger_id'), ...others)
    }
    default:
      return key('trigger', read('trigger_id'))
  }
}

function firstAction(actions: unknown): Record<string, unknown> {
  const first: unknown = Array.isArray(actions) ? actions[0] : undefined
  return isRecord(first) ? first : {}
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
