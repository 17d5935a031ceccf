import { later } from '../../clock.ts'
import type { Connection } from '../connections/connection.ts'
import type { BulkCrm, BulkResult, BulkState } from '../crm.ts'
import type { Deps } from '../deps.ts'
import type { Asked, Tokens, Verdict } from '../provider.ts'
import { backoffMs } from './backoff.ts'
import type { BulkJob } from './bulk-job.ts'
import type { OutboxStore } from './outbox-store.ts'
import type { Run } from './reject-window.ts'
import type { Settlement } from './touchpoint.ts'

type ResultDeps = Pick<Deps, 'store' | 'clock' | 'random'> & {
  readonly settle: OutboxStore['settle']
  readonly ending: AbortSignal
}

/** What was read so far; reading again begins with none of it. */
export interface Read {
  /** Records that the CRM said anything about. */
  answered: number
  pushed: number
  /** A right that the login lacks: what it is said of goes on waiting. */
  held: Verdict | null
}

/**
 * Settles what became of a job's records, as it comes in. It may be done again at any time: what is settled, or was replaced by a
 * later version, is not found any more. Records without a result go on waiting. Ends early when the process is to end, but not when
 * pushing stops: it has happened already.
 */
export async function settleResults(
  deps: ResultDeps,
  connection: Connection,
  bulk: BulkCrm,
  tokens: Tokens,
  job: BulkJob,
  state: BulkState,
): Promise<Asked<Read>> {
  const read: Read = { answered: 0, pushed: 0, held: null }
  let ofJob: Run = { settled: 0, rejected: 0 }
  for await (const page of bulk.results(tokens, job.jobId ?? '', job, state)) {
    if (page.kind !== 'ok') return page
    if (deps.ending.aborted) break
    read.answered += page.value.length
    ofJob = withPage(ofJob, page.value)
    const settlements = await settlementsOf(deps, job, page.value, read)
    await deps.settle(connection.id, settlements, deps.clock.now(), ofJob)
    read.pushed += settlements.filter(({ kind }) => kind === 'pushed').length
  }
  return { kind: 'ok', value: read }
}

/** Also what was settled when they were read before. */
function withPage({ settled, rejected }: Run, page: readonly BulkResult[]): Run {
  const refused = page.filter(({ outcome }) => outcome.kind === 'rejected').length
  const pushed = page.filter(({ outcome }) => outcome.kind === 'pushed').length
  return { settled: settled + pushed + refused, rejected: rejected + refused }
}

async function settlementsOf(
  { store, clock, random }: ResultDeps,
  job: BulkJob,
  results: readonly BulkResult[],
  read: Read,
): Promise<Settlement[]> {
  const outcomes = new Map(results.map(({ externalId, outcome }) => [externalId, outcome]))
  const settlements: Settlement[] = []
  for (const { key, id, attempts } of await store.bulkJobs.keysIn(job, [...outcomes.keys()])) {
    const outcome = outcomes.get(id)
    switch (outcome?.kind) {
      case 'pushed':
        settlements.push({ kind: 'pushed', key })
        break
      case 'rejected':
        settlements.push({ kind: 'rejected', key, code: outcome.code, message: outcome.message, field: outcome.field })
        break
      case 'retry':
        settlements.push({ kind: 'retry', key, dueAt: later(clock.now(), backoffMs(attempts + 1, random(), null)) })
        break
      case 'held':
        read.held ??= outcome.verdict
        break
      case undefined:
        break
      default:
        outcome satisfies never
    }
  }
  return settlements
}
