import { HOUR_MS, SECOND_MS } from '../../clock.ts'

/**
 * How long to wait after failed attempt number `attempt` (from 1): 2 s, 8 s, 32 s, about 2 min, 9 min, 34 min, then 1 h each,
 * ± 20 % by `random` in [0, 1). The provider's own Retry-After wins when it is longer.
 */
export function backoffMs(attempt: number, random: number, retryAfterMs: number | null): number {
  const base = Math.min(HOUR_MS, 2 * SECOND_MS * 4 ** (Math.min(attempt, 20) - 1))
  return Math.max(retryAfterMs ?? 0, Math.round(base * (0.8 + 0.4 * random)))
}
