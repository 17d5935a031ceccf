import { DAY_MS, HOUR_MS, later } from '../../clock.ts'
import type { Connection } from '../connections/connection.ts'
import { type BulkCrm, type BulkState, type Crm, isCrm, type Mapping } from '../crm.ts'
import type { Deps } from '../deps.ts'
import type { Asked, Tokens, Verdict } from '../provider.ts'
import { anew, type BulkJob, type BulkMove, done, pollAgainAt, targetOf } from './bulk-job.ts'
import { nextTarget, type Piece, pieceOf } from './bulk-piece.ts'
import { settleResults } from './bulk-results.ts'
import type { Drained } from './drain-connection.ts'
import type { OutboxStore } from './outbox-store.ts'

type BulkDeps = Pick<Deps, 'store' | 'grants' | 'clock' | 'random' | 'log' | 'settings' | 'stopping'> & {
  readonly settle: OutboxStore['settle']
  readonly ending: AbortSignal
}

/** A job that has not ended so long after it was begun is aborted, and given up when that is of no use either. */
const ABORT_MS = DAY_MS
const GIVE_UP_MS = DAY_MS + HOUR_MS
/** Of so many touchpoints the first few hundred go by an ordinary request. */
const SAMPLE_FROM = 2000

/** What one step led to. `job`: as it is now; undefined: somebody else moved it. */
interface Step {
  readonly job: BulkJob | undefined
  readonly pushed?: number
  readonly stop?: Verdict | null
  /** There is something to do at once. */
  readonly goOn?: true
}

interface Round {
  readonly deps: BulkDeps
  readonly connection: Connection
  readonly bulk: BulkCrm
  readonly mapping: Mapping
}

/**
 * Moves a connection's bulk job on, or begins one when the backlog is large: as far as it goes without waiting. While there is an
 * unfinished job nothing else is pushed on the connection. Undefined: there is none, so the backlog goes by ordinary requests. The
 * caller holds the lease of this drain. `sample` makes one ordinary request: what the CRM refuses nearly all of is stopped by that,
 * instead of a whole job being refused.
 */
export async function drainInBulk(
  deps: BulkDeps,
  connection: Connection,
  crm: Crm,
  mapping: Mapping,
  sample: () => Promise<Drained>,
): Promise<Drained | undefined> {
  const { store, clock, stopping } = deps
  const last = await store.bulkJobs.find(connection.id)
  const round = crm.bulk && { deps, connection, bulk: crm.bulk, mapping }
  const isUnfinished = last !== undefined && last.phase !== 'done'
  if (!round || !(isUnfinished || (await isForBulk(deps, crm, connection.id, last)))) return undefined
  let pushed = 0
  if (!isUnfinished && (await store.bulkJobs.countFresh(connection.id, SAMPLE_FROM)) === SAMPLE_FROM) {
    const sampled = await sample()
    if (sampled.stop || stopping.aborted) return sampled
    pushed = sampled.pushed
  }
  let job = isUnfinished ? last : await begin(round)
  if (!job) return undefined
  if (job.phase === 'planned' && last?.phase === 'planned') {
    const stop = await forgetOrphans(round, job)
    if (stop) return { pushed, stop }
  }
  while (job.dueAt <= clock.now() && !stopping.aborted) {
    const step: Step = await stepOf(round, job)
    pushed += step.pushed ?? 0
    if (!step.job || step.stop || !step.goOn) return { pushed, stop: step.stop ?? null }
    job = step.job
  }
  return { pushed, stop: null }
}

/** Whether a backlog is large enough for a new job, and none went badly a short while ago. */
export async function isForBulk(
  { store, clock, settings }: Pick<Deps, 'store' | 'clock' | 'settings'>,
  crm: Crm,
  connectionId: string,
  last: BulkJob | undefined,
): Promise<boolean> {
  const { bulkFrom } = settings
  if (bulkFrom === null || !crm.bulk || (last && last.dueAt > clock.now())) return false
  if ((await store.outbox.backlog(connectionId)).waiting < bulkFrom) return false
  return (await store.bulkJobs.countFresh(connectionId, bulkFrom)) >= bulkFrom
}

async function begin({ deps, connection, bulk, mapping }: Round): Promise<BulkJob | undefined> {
  const { store, clock, log } = deps
  const now = clock.now()
  const target = await nextTarget(deps, bulk, connection.id, mapping)
  if (!target) return undefined
  const planned = { connectionId: connection.id, phase: 'planned', jobId: null, ...target } as const
  const empty = { upToKey: target.afterKey, records: 0, polls: 0 }
  const job = await store.bulkJobs.begin({ ...planned, ...empty, dueAt: now, begunAt: now }, now)
  if (job) log.info('bulk.begun', { connectionId: connection.id })
  return job
}

/** The CRM was asked for a job before, and its answer is not known. One that it made has no data, and never will have. */
async function forgetOrphans(round: Round, job: BulkJob): Promise<Verdict | null> {
  const forgotten = await ask(round, (bulk, tokens) => bulk.abortForgotten(tokens, job, job.begunAt))
  return forgotten.kind === 'ok' || isOfBulkOnly(forgotten) ? null : forgotten
}

function stepOf(round: Round, job: BulkJob): Promise<Step> {
  switch (job.phase) {
    case 'planned':
      return create(round, job)
    case 'created':
      return upload(round, job)
    case 'uploading':
      return restart(round, job)
    case 'uploaded':
      return close(round, job)
    case 'closed':
      return poll(round, job)
    case 'done':
      return Promise.resolve({ job })
    default:
      return job.phase satisfies never
  }
}

async function create(round: Round, job: BulkJob): Promise<Step> {
  const created = await ask(round, (bulk, tokens) => bulk.create(tokens, job))
  if (created.kind === 'ok') return goOn(round, job, { phase: 'created', jobId: created.value })
  return isOfBulkOnly(created) ? giveUp(round, job, created.code) : { job, stop: created }
}

async function upload(round: Round, job: BulkJob): Promise<Step> {
  const { deps, mapping } = round
  const target = targetOf(job, mapping)
  if (!target) return abortAndEnd(round, job, 'mapping_changed', 'again')
  const sending = await deps.store.bulkJobs.move(job, { phase: 'uploading' })
  if (!sending) return { job: undefined }
  let piece: Piece | undefined
  const sent = await ask(round, (bulk, tokens) => {
    piece = pieceOf(deps, bulk, sending, mapping, target) // a new one each time: the first may have been read in vain
    return bulk.upload(tokens, sending.jobId ?? '', target, piece.data)
  })
  if (isOfBulkOnly(sent)) return abortAndEnd(round, sending, sent.code, 'avoid')
  if (sent.kind !== 'ok' || !piece) return { job: sending, stop: sent.kind === 'ok' ? null : sent }
  if (piece.records === 0) return abortAndEnd(round, sending, 'nothing_to_send', 'again')
  deps.log.info('bulk.uploaded', { connectionId: job.connectionId, jobId: job.jobId, records: piece.records })
  return goOn(round, sending, { phase: 'uploaded', upToKey: piece.upToKey, records: piece.records })
}

/** Data was on its way when the answer or the process was lost. A job that is not closed does nothing: it is left for a new one. */
async function restart(round: Round, job: BulkJob): Promise<Step> {
  const aborted = await ask(round, (bulk, tokens) => bulk.abort(tokens, job.jobId ?? ''))
  if (aborted.kind !== 'ok' && aborted.kind !== 'rejected') return { job, stop: aborted }
  round.deps.log.warn('bulk.restarted', { connectionId: job.connectionId, jobId: job.jobId })
  return goOn(round, job, anew(job, round.deps.clock.now()))
}

/** It may have been closed before, without our knowing. */
async function close(round: Round, job: BulkJob): Promise<Step> {
  const state = await stateOf(round, job)
  if (state.kind === 'rejected') return giveUp(round, job, state.code)
  if (state.kind !== 'ok') return { job, stop: state }
  if (state.value.kind === 'open') {
    const closed = await ask(round, (bulk, tokens) => bulk.close(tokens, job.jobId ?? ''))
    if (closed.kind === 'rejected') return abortAndEnd(round, job, closed.code, 'avoid')
    if (closed.kind !== 'ok') return { job, stop: closed }
  }
  return goOn(round, job, { phase: 'closed', dueAt: pollAgainAt(0, round.deps.clock.now()) })
}

async function poll(round: Round, job: BulkJob): Promise<Step> {
  const now = round.deps.clock.now()
  const state = await stateOf(round, job)
  if (state.kind === 'rejected') return giveUp(round, job, state.code) // deleted, by a person or after seven days
  if (state.kind === 'ok' && state.value.kind === 'ended') return finish(round, job, state.value)
  if (later(job.begunAt, GIVE_UP_MS) <= now) return giveUp(round, job, 'takes_too_long')
  if (state.kind !== 'ok') return { job, stop: state }
  if (state.value.kind === 'open') return goOn(round, job, { phase: 'uploaded' })
  if (later(job.begunAt, ABORT_MS) <= now) await ask(round, (bulk, tokens) => bulk.abort(tokens, job.jobId ?? ''))
  const polls = job.polls + 1
  return { job: await round.deps.store.bulkJobs.move(job, { polls, dueAt: pollAgainAt(polls, now) }) }
}

async function finish(round: Round, job: BulkJob, state: BulkState): Promise<Step> {
  const { deps, connection, bulk } = round
  const read = await ask(round, (_, tokens) => settleResults(deps, connection, bulk, tokens, job, state))
  if (read.kind === 'rejected') return giveUp(round, job, read.code)
  if (read.kind !== 'ok') return { job, stop: read }
  const { answered, pushed, held } = read.value
  if (deps.ending.aborted) return { job, pushed }
  const wentWell = state.complete && answered * 2 >= job.records
  const told = { connectionId: job.connectionId, jobId: job.jobId, records: job.records, answered, pushed, said: state.said }
  if (wentWell) deps.log.info('bulk.done', told)
  else deps.log.warn('bulk.went_badly', told)
  const ended = await deps.store.bulkJobs.move(job, done(deps.clock.now(), wentWell ? 'again' : 'avoid'))
  return { job: ended, pushed, stop: held }
}

/** Best effort: a job that can't be aborted has ended, is gone, or is not closed and does nothing. */
async function abortAndEnd(round: Round, job: BulkJob, why: string, then: 'avoid' | 'again'): Promise<Step> {
  const aborted = await ask(round, (bulk, tokens) => bulk.abort(tokens, job.jobId ?? ''))
  if (aborted.kind !== 'ok' && aborted.kind !== 'rejected') return { job, stop: aborted }
  return giveUp(round, job, why, then)
}

/** What has no result goes on waiting, and goes by ordinary requests, which show what is wrong if it is more than the job. */
async function giveUp({ deps }: Round, job: BulkJob, why: string, then: 'avoid' | 'again' = 'avoid'): Promise<Step> {
  deps.log.warn('bulk.given_up', { connectionId: job.connectionId, jobId: job.jobId, code: why })
  return { job: await deps.store.bulkJobs.move(job, done(deps.clock.now(), then)) }
}

async function goOn({ deps }: Round, job: BulkJob, to: BulkMove): Promise<Step> {
  return { job: await deps.store.bulkJobs.move(job, to), goOn: true }
}

function stateOf(round: Round, job: BulkJob): Promise<Asked<BulkState>> {
  return ask(round, (bulk, tokens) => bulk.state(tokens, job.jobId ?? ''))
}

function ask<T>({ deps, connection }: Round, question: (bulk: BulkCrm, tokens: Tokens) => Promise<Asked<T>>): Promise<Asked<T>> {
  return deps.grants.ask(connection, (tokens, provider) => {
    if (!isCrm(provider) || !provider.bulk) throw new Error(`${provider.name} has no bulk interface`)
    return question(provider.bulk, tokens)
  })
}

/** Of a job that has no data yet: it says nothing of the connection until an ordinary request is refused as well. */
function isOfBulkOnly(asked: Asked<unknown>): asked is Extract<Verdict, { kind: 'rejected' | 'permission' | 'misconfigured' }> {
  return asked.kind === 'rejected' || asked.kind === 'permission' || asked.kind === 'misconfigured'
}
