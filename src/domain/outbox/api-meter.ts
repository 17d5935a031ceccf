import { type Clock, later, SECOND_MS } from '../../clock.ts'
import type { Connection } from '../connections/connection.ts'
import type { ApiUsage, Asked } from '../provider.ts'
import { budgetReached, hasRoom, isRoomy, newerUsage, usableUsage } from './api-budget.ts'

/** What is known of an account's API usage, and how much of it pushing may still use up. Of this process only. */
export interface ApiMeter {
  /**
   * Sends one request if the budget has room for it, and learns from its answer; otherwise answers `rate_limited` with `usedUp`.
   * While the usage is not known, or was learned too long ago, one request goes ahead and the others wait for its answer.
   */
  send<T extends { readonly usage: ApiUsage | null }>(request: () => Promise<Asked<T>>): Promise<Asked<T>>
  /** A call is made whose answer tells no usage. */
  spend(): void
  /** Learns from a call that is made whatever the budget says. */
  watch(probe: () => Promise<Asked<ApiUsage | null>>): Promise<Asked<ApiUsage | null>>
  /** The last that was learned; null when nothing is known. */
  usage(): ApiUsage | null
  hasRoom(): boolean
  /** Much of the budget is known to be free. */
  isRoomy(): boolean
}

export interface ApiMeters {
  of(account: Pick<Connection, 'provider' | 'accountId'>): ApiMeter
}

/** Others use the same limit: what was learned longer ago may have changed. While requests are under way each answer tells anew. */
const FRESH_MS = 10 * SECOND_MS

/** `share` in (0, 1]: how much of an account's limit pushing may use up. */
export function createApiMeters(clock: Clock, share: number): ApiMeters {
  const meters = new Map<string, ApiMeter>()
  return {
    of({ provider, accountId }) {
      const account = `${provider} ${accountId}`
      const meter = meters.get(account) ?? createMeter(clock, share)
      meters.set(account, meter)
      return meter
    },
  }
}

function createMeter(clock: Clock, share: number): ApiMeter {
  const underWay = new Set<Promise<unknown>>()
  let known: ApiUsage | null = null
  let freshUntil: Date | null = null
  /** Rises whenever something is learned: tells which requests were sent after that. */
  let turn = 0

  const isFresh = () => freshUntil !== null && freshUntil > clock.now()
  const room = () => known === null || hasRoom(known, underWay.size, share)

  function spend(): void {
    if (known) known = { ...known, used: known.used + 1 }
  }

  function take(usage: ApiUsage | null, isNewer: boolean): void {
    if (usage) known = newerUsage(known, usage, isNewer)
    freshUntil = later(clock.now(), FRESH_MS)
    turn++
  }

  return {
    async send(request) {
      while (underWay.size > 0 && !(isFresh() && room())) await Promise.race(underWay)
      if (known !== null && !room()) return budgetReached(known)
      const sentAt = turn
      const asked = request()
      const ended = asked.then(
        () => undefined,
        () => undefined,
      )
      underWay.add(ended)
      try {
        const answer = await asked
        const usage = answer.kind === 'ok' ? usableUsage(answer.value.usage) : null
        // What tells no usage may have cost a call all the same.
        if (usage === null) spend()
        if (answer.kind === 'ok') take(usage, sentAt === turn)
        else turn++ // a refusal says nothing of how it is now
        return answer
      } finally {
        underWay.delete(ended)
      }
    },
    spend,
    async watch(probe) {
      const sentAt = turn
      const answer = await probe()
      const usage = answer.kind === 'ok' ? usableUsage(answer.value) : null
      if (usage) take(usage, sentAt === turn)
      else if (answer.kind === 'ok' && !isFresh()) known = null // the next push tells
      return answer
    },
    usage: () => known,
    hasRoom: room,
    isRoomy: () => known !== null && isRoomy(known, share),
  }
}
