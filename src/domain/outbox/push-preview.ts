import type { Connection } from '../connections/connection.ts'
import { type Crm, isCrm } from '../crm.ts'
import type { Deps } from '../deps.ts'
import { callsLeft } from './api-budget.ts'
import type { Hold } from './hold.ts'
import type { Backlog } from './touchpoint.ts'

/** What would be pushed if somebody said so now. */
export interface PushPreview {
  readonly waiting: number
  readonly firstAcceptedAt: Date
  readonly lastAcceptedAt: Date
  /** Objects of the CRM that the mapping names. */
  readonly objects: readonly string[]
  /** About so many requests to the CRM. */
  readonly requests: number
  /** Requests that the budget still has room for; null when that is not known. */
  readonly requestsLeft: number | null
  readonly exampleIds: readonly string[]
}

const EXAMPLES = 3

type PreviewDeps = Pick<Deps, 'store' | 'providers' | 'clock' | 'meters' | 'settings'>

/** Null when nothing waits for a word. */
export async function pushPreview(
  { store, providers, clock, meters, settings }: PreviewDeps,
  connection: Connection,
  { waiting }: Backlog,
  holds: readonly Hold[],
): Promise<PushPreview | null> {
  const ask = holds.find(({ reason }) => reason === 'ask')
  const provider = providers.get(connection.provider)
  if (!ask || !provider || !isCrm(provider)) return null
  const span = await store.outbox.span(connection.id)
  if (!span) return null
  const examples = await store.outbox.waiting(connection.id, 0, clock.now(), EXAMPLES)
  const mapping = (await store.connections.mapping(connection.id)) ?? provider.defaultMapping
  const usage = meters.of(connection).usage() ?? ask.detail.usage ?? null
  return {
    ...span,
    waiting,
    exampleIds: examples.map(({ id }) => id),
    objects: [mapping.touchpoints, mapping.attribution].flatMap((target) => target?.object ?? []),
    requests: requestsFor(waiting, provider, settings.bulkFrom),
    requestsLeft: usage && callsLeft(usage, settings.apiBudget),
  }
}

/** Of a bulk job: begun, filled, closed, asked for some times, and its two results read. */
const REQUESTS_OF_A_JOB = 10

function requestsFor(waiting: number, crm: Crm, bulkFrom: number | null): number {
  const { batchSize, bulk } = crm
  const isForBulk = bulk && bulkFrom !== null && waiting >= bulkFrom
  return isForBulk ? Math.ceil(waiting / bulk.maxRecords) * REQUESTS_OF_A_JOB : Math.ceil(waiting / batchSize)
}
