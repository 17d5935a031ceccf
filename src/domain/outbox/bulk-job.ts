import { later, MINUTE_MS, SECOND_MS } from '../../clock.ts'
import type { Mapping, ObjectMapping } from '../crm.ts'
import type { WaitingTouchpoint } from './touchpoint.ts'

/**
 * How far a job is. Each is stored before what it names is begun, so that whoever comes after a crash knows what may have happened:
 * - `planned`: the CRM is asked for a job. Nobody knows whether it made one; one without data does nothing, and is given up.
 * - `created`: the job has an id, and no data yet.
 * - `uploading`: data is on its way. How much of it arrived is not known, and data may be sent once only: the job is given up.
 * - `uploaded`: all data is there, and the CRM is told to begin. It may have begun.
 * - `closed`: the CRM works, or is done and its results are read; reading them again changes nothing.
 * - `done`: nothing is left to do. From `dueAt` on another job may follow.
 */
export const BULK_PHASES = ['planned', 'created', 'uploading', 'uploaded', 'closed', 'done'] as const
export type BulkPhase = (typeof BULK_PHASES)[number]

/** Which part of a mapping a job serves. */
export const BULK_TARGETS = ['touchpoints', 'attribution'] as const satisfies readonly (keyof Mapping)[]

/**
 * Part of one connection's backlog on its way to the CRM in bulk. In it are the touchpoints of one target with keys after `afterKey`
 * up to `upToKey` that wait for their first attempt; one that a later version replaces meanwhile gets a key beyond.
 */
export interface BulkJob {
  readonly connectionId: string
  readonly phase: BulkPhase
  readonly jobId: string | null
  readonly target: (typeof BULK_TARGETS)[number]
  readonly object: string
  readonly externalIdField: string
  readonly afterKey: number
  readonly upToKey: number
  readonly records: number
  /** How often the CRM was asked for its state in vain. */
  readonly polls: number
  /** When it is looked at next; when it is `done`: before then no other follows. */
  readonly dueAt: Date
  /** When the CRM was first asked for this job. */
  readonly begunAt: Date
  readonly version: number
}

/** What moves a job on. */
export type BulkMove = Partial<Omit<BulkJob, 'connectionId' | 'version' | 'target' | 'object' | 'externalIdField'>>

/** A touchpoint that a job's result is about. */
export type BulkKey = Pick<WaitingTouchpoint, 'key' | 'id' | 'attempts'>

/** What we ask of the store for bulk jobs; whole facts like those of `Store`. The caller holds the lease of the connection's drain. */
export interface BulkJobStore {
  /** The connection's last job, done or not. */
  find(connectionId: string): Promise<BulkJob | undefined>
  /** Writes down a job that is about to be made. Undefined: one is not done, or another machine was first. */
  begin(job: Omit<BulkJob, 'version'>, now: Date): Promise<BulkJob | undefined>
  /** Undefined: it is not as it was seen any more. */
  move(seen: BulkJob, to: BulkMove): Promise<BulkJob | undefined>
  /** How many touchpoints wait for their first attempt; counts no further than `atMost`. */
  countFresh(connectionId: string, atMost: number): Promise<number>
  /** Those after `afterKey`, in order, and none after the one whose payload fills `maxBytes`. Empty: there are no more. */
  fresh(connectionId: string, afterKey: number, limit: number, maxBytes: number): Promise<WaitingTouchpoint[]>
  /** Those with these ids that may be in the job and are not settled. At most 1,000 ids. */
  keysIn(job: BulkJob, ids: readonly string[]): Promise<BulkKey[]>
}

/** A backlog that did not go well in bulk goes by ordinary requests for so long. */
const AVOID_MS = 60 * MINUTE_MS
const POLL_MOST_MS = 30 * SECOND_MS

/** 2 s, 4 s, 8 s, 16 s, then 30 s each. */
export function pollAgainAt(polls: number, now: Date): Date {
  return later(now, Math.min(POLL_MOST_MS, 2 * SECOND_MS * 2 ** Math.min(polls, 10)))
}

/** `avoid`: another job would go as badly, so ordinary requests have their turn first. */
export function done(now: Date, avoid: 'avoid' | 'again'): BulkMove {
  return { phase: 'done', dueAt: avoid === 'avoid' ? later(now, AVOID_MS) : now }
}

/** From the start, without the job that there may be at the CRM. */
export function anew({ afterKey }: BulkJob, now: Date): BulkMove {
  return { phase: 'planned', jobId: null, upToKey: afterKey, records: 0, polls: 0, dueAt: now, begunAt: now }
}

/** The part of the mapping that the job serves; undefined when the mapping was changed since. */
export function targetOf({ target, object, externalIdField }: BulkJob, mapping: Mapping): ObjectMapping | undefined {
  const mapped = mapping[target]
  return mapped?.object === object && mapped.externalIdField === externalIdField ? mapped : undefined
}
