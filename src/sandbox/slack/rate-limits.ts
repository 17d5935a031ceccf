import { type JsonObject, textField } from './json.ts'

const MINUTE_MS = 60_000
/** Calls a minute (docs.slack.dev/apis/web-api/rate-limits and the pages of the methods, read 2026-11-23). */
const A_MINUTE: Readonly<Record<string, number>> = {
  'chat.update': 50,
  'chat.postEphemeral': 100,
  'users.info': 100,
  'views.open': 100,
  'views.publish': 100,
  'views.push': 100,
  'views.update': 100,
}
/** Posts in a channel: one a second, and short bursts. How short is not told. @TODO source */
const BURST = 3
const A_POST_MS = 1000

/** Counts calls as Slack says that it does. */
export interface RateLimits {
  /** 0: the call may be made, and counts. Otherwise the seconds after which it may. */
  enter(method: string, args: JsonObject): number
}

export function createRateLimits(now: () => Date): RateLimits {
  const calls = new Map<string, number[]>()
  /** When so many posts as were made would have been made at one a second. */
  const postedUntil = new Map<string, number>()

  function post(channel: string): number {
    const at = now().getTime()
    const until = Math.max(postedUntil.get(channel) ?? 0, at)
    const waitMs = until - at - (BURST - 1) * A_POST_MS
    if (waitMs > 0) return Math.ceil(waitMs / 1000)
    postedUntil.set(channel, until + A_POST_MS)
    return 0
  }

  function ofTier(method: string, limit: number): number {
    const at = now().getTime()
    const made = (calls.get(method) ?? []).filter((time) => at - time < MINUTE_MS)
    calls.set(method, made)
    const [first = at] = made
    if (made.length >= limit) return Math.max(1, Math.ceil((first + MINUTE_MS - at) / 1000))
    made.push(at)
    return 0
  }

  return {
    enter(method, args) {
      if (method === 'chat.postMessage') return post(textField(args, 'channel') ?? '')
      const limit = A_MINUTE[method]
      return limit === undefined ? 0 : ofTier(method, limit)
    },
  }
}
