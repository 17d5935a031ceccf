import { parseCsv } from './bulk-csv.ts'
import { recordId } from './ids.ts'
import type { RowFaults } from './row-faults.ts'
import type { Table } from './table.ts'
import { type UpsertResult, upsert } from './upsert.ts'

/** https://developer.salesforce.com/docs/platform/api-asynch/guide/bulk-api-2-job-states.html (read 2026-11-23) */
export type JobState = 'Open' | 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Failed' | 'Aborted'

/** One kind of call, for faults. */
export type BulkCall = 'create' | 'list' | 'upload' | 'close' | 'abort' | 'state' | 'delete' | BulkResults
export type BulkResults = 'successfulResults' | 'failedResults' | 'unprocessedrecords'

/** One upsert job. */
export interface BulkJob {
  readonly id: string
  readonly object: string
  readonly externalIdField: string
  readonly createdById: string
  readonly createdAt: Date
  state: JobState
  errorMessage: string | null
  /** What was put; a second one spoils the job. */
  readonly contents: string[]
  columns: readonly string[]
  /** Records that are not processed yet, as cells. */
  unprocessed: readonly (readonly string[])[]
  readonly results: { readonly cells: readonly string[]; readonly result: UpsertResult }[]
}

/** Read at each call; set them as you like. */
interface BulkSwitches {
  /** The org has no Bulk API. */
  off: boolean
  /** The jobs and batches of the day are used up. */
  quotaUsed: boolean
  /** Jobs stay where they are, however often they are asked for. */
  standsStill: boolean
  /** A job is worked on as soon as it is closed, and not step by step. */
  atOnce: boolean
  /** The next job that is worked on fails after so many records; null: none does. */
  failAfter: number | null
  /** Jobs on one page of the list. */
  pageSize: number
}

/** The bulk interface of an org, as tests see it. */
export interface FakeBulk {
  readonly switches: BulkSwitches
  readonly jobs: readonly BulkJob[]
  /** How often each kind of call was answered or acted on. */
  readonly calls: ReadonlyMap<BulkCall, number>
  /** The next such calls are acted on, but their answer is lost; `before`: nothing happens either. */
  loseAnswers(call: BulkCall, times?: number, when?: 'after' | 'before'): void
  /** The next such result breaks off in the middle. */
  cutResults(call: BulkResults, afterBytes: number): void
  /** The next such call is acted on, and its answer held back until it is let go. */
  pauseAfter(call: BulkCall): { readonly reached: Promise<void>; readonly release: () => void }
  /** As an administrator does on the page Bulk Data Load Jobs. */
  abort(job: BulkJob): void
  delete(job: BulkJob): void
}

/** What the server needs beside that. */
export interface BulkJobs extends FakeBulk {
  find(id: string): BulkJob | undefined
  create(object: string, externalIdField: string, createdById: string, at: Date): BulkJob
  /** Processing takes a step each time somebody asks for it. */
  stepOn(job: BulkJob, table: Table | null, faults: RowFaults, at: Date): void
  counted(call: BulkCall): void
  losesNow(call: BulkCall, when: 'after' | 'before'): boolean
  cutsNow(call: BulkResults): number | null
  pass(call: BulkCall): Promise<void>
}

/** Of Salesforce's own chunks inside a batch (guess: that of the other bulk interfaces). */
const CHUNK = 200

export function bulkJobs(): BulkJobs {
  let jobs: BulkJob[] = []
  let made = 0
  const calls = new Map<BulkCall, number>()
  const lost = new Map<string, number>()
  const cuts = new Map<BulkCall, number>()
  const pauses = new Map<BulkCall, { reach: () => void; released: Promise<void> }>()
  const switches: BulkSwitches = {
    off: false,
    quotaUsed: false,
    standsStill: false,
    atOnce: false,
    failAfter: null,
    pageSize: 1000,
  }

  return {
    switches,
    get jobs() {
      return jobs
    },
    calls,
    find: (id) => jobs.find((job) => job.id === id || job.id.slice(0, 15) === id),
    create(object, externalIdField, createdById, createdAt) {
      made += 1
      const job: BulkJob = {
        id: recordId('750', made),
        object,
        externalIdField,
        createdById,
        createdAt,
        state: 'Open',
        errorMessage: null,
        contents: [],
        columns: [],
        unprocessed: [],
        results: [],
      }
      jobs.push(job)
      return job
    },
    stepOn(job, table, faults, at) {
      if (switches.standsStill) return
      if (job.state === 'UploadComplete' && !switches.atOnce) job.state = 'InProgress'
      else if (job.state === 'UploadComplete' || job.state === 'InProgress') work(job, table, faults, at, switches)
    },
    abort(job) {
      job.state = 'Aborted'
    },
    delete(job) {
      jobs = jobs.filter((one) => one !== job)
    },
    counted: (call) => void calls.set(call, (calls.get(call) ?? 0) + 1),
    loseAnswers: (call, times = 1, when = 'after') => void lost.set(`${call} ${when}`, times),
    losesNow(call, when) {
      const left = lost.get(`${call} ${when}`) ?? 0
      lost.set(`${call} ${when}`, left - 1)
      return left > 0
    },
    cutResults: (call, afterBytes) => void cuts.set(call, afterBytes),
    cutsNow(call) {
      const after = cuts.get(call) ?? null
      cuts.delete(call)
      return after
    },
    pauseAfter(call) {
      const reached = Promise.withResolvers<void>()
      const released = Promise.withResolvers<void>()
      pauses.set(call, { reach: reached.resolve, released: released.promise })
      return { reached: reached.promise, release: released.resolve }
    },
    async pass(call) {
      const pause = pauses.get(call)
      pauses.delete(call)
      pause?.reach()
      await pause?.released
    },
  }
}

function work(job: BulkJob, table: Table | null, faults: RowFaults, now: Date, switches: BulkSwitches): void {
  const { failAfter } = switches
  switches.failAfter = null
  const error = read(job, table) ?? write(job, table, failAfter ?? Number.POSITIVE_INFINITY, faults, now)
  // issues of several tools: the batch is retried, then the job fails and the rest is unprocessed
  job.errorMessage = error ?? (failAfter === null ? null : 'InternalServerError : Batch failed and will not be retried.')
  job.state = job.errorMessage === null ? 'JobComplete' : 'Failed'
}

function write(job: BulkJob, table: Table | null, most: number, faults: RowFaults, now: Date): string | null {
  const { externalIdField } = job
  const ends = Math.min(most, job.unprocessed.length)
  for (let from = 0; table && from < ends; from += CHUNK) {
    const chunk = job.unprocessed.slice(from, Math.min(ends, from + CHUNK))
    const body = JSON.stringify({ records: chunk.map((cells) => recordOf(job, table, cells)) })
    const done = upsert({ table, externalIdField, body, now, faults })
    if ('error' in done) return `InvalidBatch : ${done.error.message}`
    for (const [place, result] of done.results.entries()) job.results.push({ cells: chunk[place] ?? [], result })
  }
  job.unprocessed = job.unprocessed.slice(ends)
  return null
}

/** Takes the CSV apart. Salesforce's words where it can't be worked on (issues of heroku/salesforce-bulk and others, read 2026-11-23). */
function read(job: BulkJob, table: Table | null): string | null {
  const text = job.contents[0] ?? ''
  if (text.includes('\r')) return 'ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is LF'
  const records = parseCsv(text)
  if (!records) return 'InvalidBatch : Unable to parse the CSV'
  ;[job.columns = [], ...job.unprocessed] = records
  if (records.length === 0) return null
  const unknown = job.columns.find((column) => !table?.field(column))
  return unknown === undefined ? null : `InvalidBatch : Field name not found : ${unknown}`
}

/** An empty cell leaves a field alone, `#N/A` empties it: datafiles-prepare-csv.html */
function recordOf(job: BulkJob, table: Table, cells: readonly string[]): object {
  const record: Record<string, unknown> = { attributes: { type: job.object } }
  for (const [place, column] of job.columns.entries()) {
    const text = cells[place] ?? ''
    const field = table.field(column)
    if (text === '' || !field) continue
    if (text === '#N/A') record[field.name] = null
    else if (field.type === 'boolean') record[field.name] = text.toLowerCase() === 'true'
    else record[field.name] = text
  }
  return record
}
