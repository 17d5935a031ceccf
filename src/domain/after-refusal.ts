import { later } from '../clock.ts'
import type { Connection } from './connections/connection.ts'
import { type ObserveDeps, observe } from './connections/observe.ts'
import { type ProbeDeps, probeAccount } from './connections/probe-account.ts'
import type { Deps } from './deps.ts'
import { backoffMs } from './outbox/backoff.ts'
import type { Verdict } from './provider.ts'

export interface AfterRefusal {
  /** Nobody has to do anything. */
  readonly passes: boolean
  readonly tryAgainAt: Date
}

/**
 * An ad platform refused costs or ads. How a connection is, is judged by its probe alone: a report that is refused while the probe
 * works is the report's trouble, told beside it, and would only make a card come and go.
 */
export async function afterRefusal(
  deps: ObserveDeps & ProbeDeps & Pick<Deps, 'random'>,
  connection: Connection,
  failures: number,
  verdict: Verdict,
): Promise<AfterRefusal> {
  const passes = verdict.kind === 'transient' || verdict.kind === 'rate_limited'
  if (!passes) await observe(deps, connection, await probeAccount(deps, connection))
  const retryAfterMs = 'retryAfterMs' in verdict ? verdict.retryAfterMs : null
  return { passes, tryAgainAt: later(deps.clock.now(), backoffMs(failures + 1, deps.random(), retryAfterMs)) }
}
