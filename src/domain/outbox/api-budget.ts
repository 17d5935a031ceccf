import { later, MINUTE_MS } from '../../clock.ts'
import type { ApiUsage, Asked, Verdict } from '../provider.ts'
import type { Hold } from './hold.ts'

/**
 * How long an outbox is held before Redkey looks again. Salesforce counts the last 24 hours, so there is no moment at which all is
 * free again: calls become free as those of yesterday grow old. In half an hour that is worth a look, which itself costs one call.
 * https://developer.salesforce.com/docs/platform/salesforce-app-limits-cheatsheet/guide/salesforce-app-limits-platform-api.html (2026-11)
 */
export const LOOK_AGAIN_MS = 30 * MINUTE_MS

/**
 * Whether one more request may be sent. `underWay` have been sent and may not be in `used` yet; `share` in (0, 1] is how much of the
 * limit pushing may use up, whoever has used it.
 */
export function hasRoom({ used, limit }: ApiUsage, underWay: number, share: number): boolean {
  return used + underWay < Math.floor(limit * share)
}

/** So much of the budget must be free before a hold ends early: without it one call that grew old would end it, and the next push begin it. */
const ROOMY = 0.05

export function isRoomy({ used, limit }: ApiUsage, share: number): boolean {
  return used < Math.floor(limit * share * (1 - ROOMY))
}

/** Requests that the budget still has room for. */
export function callsLeft({ used, limit }: ApiUsage, share: number): number {
  return Math.max(0, Math.floor(limit * share) - used)
}

/**
 * The better of two accounts of the usage. One of a request that was sent after the other was known is newer, and may be lower, since
 * the window moves on; of answers that overtook each other the higher one counts.
 */
export function newerUsage(known: ApiUsage | null, told: ApiUsage, isNewer: boolean): ApiUsage {
  return known === null || isNewer || told.used >= known.used ? told : known
}

/** A limit that can't be one says nothing. */
export function usableUsage(usage: ApiUsage | null): ApiUsage | null {
  return usage !== null && usage.limit > 0 ? usage : null
}

type RateLimited = Extract<Verdict, { kind: 'rate_limited' }>

const BUDGET_CODE = 'api_budget'

/** The answer to a request that was not sent. */
export function budgetReached({ used, limit }: ApiUsage): Asked<never> & RateLimited {
  const explanation = `The budget for API requests is reached: ${used} of ${limit} are used.`
  return { kind: 'rate_limited', retryAfterMs: null, usedUp: true, code: BUDGET_CODE, explanation }
}

/** Holds the outbox after the budget, or the CRM's own limit, was met. Null: `stop` is something else. */
export function budgetHold(connectionId: string, stop: Verdict, usage: ApiUsage | null, now: Date): Hold | null {
  if (stop.kind !== 'rate_limited' || !stop.usedUp) return null
  return {
    connectionId,
    reason: 'budget',
    since: now,
    until: later(now, Math.max(LOOK_AGAIN_MS, stop.retryAfterMs ?? 0)),
    by: null,
    detail: stop.code === BUDGET_CODE && usage ? { usage } : {},
  }
}
