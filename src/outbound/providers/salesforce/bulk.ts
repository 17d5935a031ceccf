import { later, MINUTE_MS } from '../../../clock.ts'
import type { BulkCrm, BulkState, PushTarget } from '../../../domain/crm.ts'
import type { Asked, Tokens, Verdict } from '../../../domain/provider.ts'
import type { HttpAnswer } from '../http.ts'
import { asCount, asList, asRecord, asText, type JsonRecord } from '../json.ts'
import { passes, verdictOf } from '../meaning.ts'
import type { Api } from './api.ts'
import { columnsOf, csvHeader, csvLine } from './bulk-csv.ts'
import { results } from './bulk-results.ts'

/**
 * Data grows by half in Salesforce's own base64, of which 150 MB are the most.
 * https://developer.salesforce.com/docs/platform/api-asynch/guide/upload-job-data.html (2026-11)
 */
const MAX_BYTES = 100_000_000
/** Ten of Salesforce's internal batches: large enough to be worth a job, small enough to do again after a crash. */
const MAX_RECORDS = 100_000

/** Bulk API 2.0, https://developer.salesforce.com/docs/platform/api-asynch/guide/create-job.html (2026-11) */
const JOBS = '/jobs/ingest'
/** How far a clock of ours may be from Salesforce's. */
const CLOCK_SKEW_MS = MINUTE_MS
/** A page of the list has up to 1,000 jobs. */
const MOST_PAGES = 20

/**
 * Bulk API 2.0 ingest. Data may be put once ("Found multipe contents for job … only do 'PUT' once", salesforce.stackexchange.com
 * 231917, 2026-11), a job without `UploadComplete` never starts, and every call counts as one API request.
 */
export function bulk(api: Api): BulkCrm {
  const pathOf = (jobId: string) => `${JOBS}/${encodeURIComponent(jobId)}`

  async function setState(tokens: Tokens, jobId: string, state: 'UploadComplete' | 'Aborted'): Promise<Asked<null>> {
    return emptied(await api.call(tokens, 'PATCH', pathOf(jobId), { state }))
  }

  return {
    maxRecords: MAX_RECORDS,
    maxBytes: MAX_BYTES,
    create: (tokens, target) => create(api, tokens, target),
    abortForgotten: (tokens, target, since) =>
      abortForgotten(api, tokens, target, since, (jobId) => setState(tokens, jobId, 'Aborted')),
    encode: (target, record) => csvLine(columnsOf(target), record),
    upload: async (tokens, jobId, target, data) =>
      emptied(await api.upload(tokens, `${pathOf(jobId)}/batches`, 'text/csv; charset=UTF-8', file(columnsOf(target), data))),
    close: (tokens, jobId) => setState(tokens, jobId, 'UploadComplete'),
    abort: (tokens, jobId) => setState(tokens, jobId, 'Aborted'),
    async state(tokens, jobId) {
      const asked = await api.call(tokens, 'GET', pathOf(jobId))
      return asked.kind === 'ok' ? readState(asRecord(asked.value.json)) : asked
    },
    results: (tokens, jobId, target, state) => results(api, tokens, pathOf(jobId), target, state),
  }
}

async function create(api: Api, tokens: Tokens, { object, externalIdField }: PushTarget): Promise<Asked<string>> {
  const asked = await api.post(tokens, JOBS, {
    object,
    operation: 'upsert',
    externalIdFieldName: externalIdField,
    contentType: 'CSV',
    columnDelimiter: 'COMMA',
    lineEnding: 'LF',
  })
  if (asked.kind !== 'ok') return ofBulkOnly(asked)
  const id = asText(asRecord(asked.value.json).id)
  return id === null ? unreadable() : { kind: 'ok', value: id }
}

async function* file(columns: readonly string[], data: AsyncIterable<string>): AsyncGenerator<string> {
  yield csvHeader(columns)
  yield* data
}

/**
 * A job has no name by which its maker could know it again: those count that the same user made for the same upsert since then and
 * that still wait for data. https://developer.salesforce.com/docs/platform/api-asynch/guide/get-all-jobs.html (2026-11)
 */
async function abortForgotten(
  api: Api,
  tokens: Tokens,
  target: PushTarget,
  since: Date,
  abort: (jobId: string) => Promise<Asked<null>>,
): Promise<Asked<number>> {
  let aborted = 0
  let page = await api.call(tokens, 'GET', `${JOBS}?jobType=V2Ingest`)
  for (let pages = 1; ; pages++) {
    if (page.kind !== 'ok') return page
    const { records, nextRecordsUrl, done } = asRecord(page.value.json)
    for (const job of asList(records).map(asRecord)) {
      if (!isForgotten(job, tokens, target, since)) continue
      const answer = await abort(asText(job.id) ?? '')
      if (answer.kind !== 'ok' && answer.kind !== 'rejected') return answer
      aborted++
    }
    const next = asText(nextRecordsUrl)
    if (done === true || next === null || pages === MOST_PAGES) return { kind: 'ok', value: aborted }
    page = await api.get(tokens, URL.parse(next, tokens.apiOrigin)?.href ?? '')
  }
}

function isForgotten(job: JsonRecord, { identityUrl }: Tokens, { object, externalIdField }: PushTarget, since: Date): boolean {
  const userId = identityUrl?.split('/').at(-1)?.slice(0, 15) ?? ''
  return (
    job.state === 'Open' &&
    job.operation === 'upsert' &&
    job.object === object &&
    (asText(job.externalIdFieldName) ?? externalIdField) === externalIdField &&
    userId !== '' &&
    asText(job.createdById)?.slice(0, 15) === userId &&
    Date.parse(asText(job.createdDate) ?? '') >= later(since, -CLOCK_SKEW_MS).getTime()
  )
}

/** https://developer.salesforce.com/docs/platform/api-asynch/guide/bulk-api-2-job-states.html (2026-11) */
const STATES: Readonly<Record<string, BulkState['kind']>> = {
  Open: 'open',
  UploadComplete: 'working',
  InProgress: 'working',
  JobComplete: 'ended',
  Failed: 'ended',
  Aborted: 'ended',
}

function readState(job: JsonRecord): Asked<BulkState> {
  const state = asText(job.state) ?? ''
  const kind = STATES[state]
  if (kind === undefined) return unreadable()
  const error = /^\w+/.exec(asText(job.errorMessage) ?? '')?.[0] // what follows may quote a value
  const written = (asCount(job.numberRecordsProcessed) ?? 0) - (asCount(job.numberRecordsFailed) ?? 0)
  return {
    kind: 'ok',
    value: { kind, said: error === undefined ? state : `${state}: ${error}`, complete: state === 'JobComplete', written },
  }
}

/** The jobs and batches of the day are used up, while other requests have a count of their own. */
function ofBulkOnly(verdict: Verdict): Verdict {
  const { code, explanation } = verdict
  return /^EXCEEDED_?QUOTA$/i.test(code) ? { kind: 'rejected', code, explanation } : verdict
}

function emptied(asked: Asked<HttpAnswer>): Asked<null> {
  return asked.kind === 'ok' ? { kind: 'ok', value: null } : ofBulkOnly(asked)
}

function unreadable(): Asked<never> {
  return verdictOf(passes('Salesforce answered in an unknown form.'), 'unreadable_answer', null)
}
