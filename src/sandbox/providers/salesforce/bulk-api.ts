import { API_ERRORS, type ApiError } from './answers.ts'
import { csvOf } from './bulk-csv.ts'
import type { BulkCall, BulkJob, BulkResults } from './bulk-jobs.ts'
import type { DataCall, DataReply } from './data-api.ts'
import type { Org, OrgUser } from './org.ts'

/** Codes of bulk_api_2_0_errors.htm; where no answer was found word for word, status and text are a guess. */
const ERRORS = {
  // guess
  notEnabled: { status: 400, errorCode: 'FEATURENOTENABLED', message: "Bulk API 2.0 isn't enabled for this organization." },
  // guess
  quota: { status: 400, errorCode: 'EXCEEDEDQUOTA', message: 'ApiBatchItems Limit exceeded.' },
  // guess
  noEntity: { status: 400, errorCode: 'INVALIDENTITY', message: 'Entity is unknown or not supported by Bulk API 2.0.' },
  // guess
  noField: { status: 400, errorCode: 'INVALIDJOB', message: 'Provided external ID field does not exist or is not accessible.' },
  // guess
  wrongState: { status: 400, errorCode: 'INVALIDJOBSTATE', message: 'The job is not in a state in which this can be done.' },
} as const satisfies Record<string, ApiError>

/** Everything below `/jobs/ingest`. https://developer.salesforce.com/docs/platform/api-asynch/guide/create-job.html and its neighbours (read 2026-11-23) */
export function bulkApi(org: Org, user: OrgUser, call: DataCall): DataReply {
  const kind = callOf(call)
  if (kind === null) return refused(API_ERRORS.notFound)
  org.bulk.counted(kind)
  if (org.bulk.losesNow(kind, 'before')) return { kind: 'no_answer' }
  const reply = answer(org, user, call, kind)
  if (org.bulk.losesNow(kind, 'after')) return { kind: 'no_answer' }
  return { ...reply, bulk: kind }
}

function callOf({ method, path, body }: DataCall): BulkCall | null {
  const [, , id, part = ''] = path
  const name = `${method} ${id ? 'job' : 'jobs'} ${part}`.trim()
  if (name === 'PATCH job') return body.includes('Aborted') ? 'abort' : 'close'
  return CALLS[name] ?? null
}

const CALLS: Readonly<Record<string, BulkCall>> = {
  'POST jobs': 'create',
  'GET jobs': 'list',
  'GET job': 'state',
  'DELETE job': 'delete',
  'PUT job batches': 'upload',
  'GET job successfulResults': 'successfulResults',
  'GET job failedResults': 'failedResults',
  'GET job unprocessedrecords': 'unprocessedrecords',
}

function answer(org: Org, user: OrgUser, call: DataCall, kind: BulkCall): DataReply {
  const { bulk } = org
  const [, , id = ''] = call.path
  if (bulk.switches.off) return refused(ERRORS.notEnabled)
  if (kind === 'create') return create(org, user, call)
  if (kind === 'list') return list(org, call)
  const job = bulk.find(id)
  if (!job) return refused(API_ERRORS.notFound)
  switch (kind) {
    case 'upload':
      return upload(job, call.body)
    case 'close':
    case 'abort':
      return setState(org, job, call)
    case 'delete':
      return remove(org, job)
    case 'state':
      return state(org, job, call)
    default:
      return results(org, job, kind)
  }
}

function create(org: Org, user: OrgUser, { body, version, now }: DataCall): DataReply {
  if (org.bulk.switches.quotaUsed) return refused(ERRORS.quota)
  const { object, operation, externalIdFieldName } = fieldsOf(body)
  const table = org.table(object ?? '')
  if (!table || table.access === 'hidden' || operation !== 'upsert') return refused(ERRORS.noEntity)
  if (!table.field(externalIdFieldName ?? '')?.externalId) return refused(ERRORS.noField)
  const job = org.bulk.create(object ?? '', externalIdFieldName ?? '', user.id, now)
  return json(200, { ...info(job, version), contentUrl: `services/data/${version}/jobs/ingest/${job.id}/batches` })
}

function list({ bulk }: Org, { query, version }: DataCall): DataReply {
  const from = Number(query.get('queryLocator') ?? 0)
  const page = bulk.jobs.slice(from, from + bulk.switches.pageSize)
  const next = from + page.length
  const isDone = next >= bulk.jobs.length
  const nextRecordsUrl = isDone ? null : `/services/data/${version}/jobs/ingest?queryLocator=${next}`
  return json(200, { done: isDone, records: page.map((job) => info(job, version)), nextRecordsUrl })
}

function upload(job: BulkJob, body: string): DataReply {
  if (job.state !== 'Open') return refused(ERRORS.wrongState)
  job.contents.push(body)
  return { kind: 'empty', status: 201 }
}

function setState(org: Org, job: BulkJob, { body, version, now }: DataCall): DataReply {
  const { state } = fieldsOf(body)
  const mayAbort = job.state === 'Open' || job.state === 'UploadComplete' || job.state === 'InProgress'
  if (state === 'Aborted' && mayAbort) job.state = 'Aborted'
  else if (state !== 'UploadComplete' || job.state !== 'Open') return refused(ERRORS.wrongState)
  else if (job.contents.length > 1) return refused(twice(job))
  else job.state = 'UploadComplete'
  const shown = info(job, version)
  if (org.bulk.switches.atOnce) org.bulk.stepOn(job, org.table(job.object), org.rowFaults, now)
  return json(200, shown)
}

/** salesforce.stackexchange.com 231917, word for word (read 2026-11-23); the code is a guess */
function twice({ id }: BulkJob): ApiError {
  const message = `Found multipe contents for job: <${id}>, please 'Close' / 'Abort' / 'Delete' the current Job then create a new Job and make sure you only do 'PUT' once on a given Job.`
  return { status: 400, errorCode: 'INVALIDJOBSTATE', message }
}

function remove({ bulk }: Org, job: BulkJob): DataReply {
  if (job.state === 'Open' || job.state === 'InProgress') return refused(ERRORS.wrongState)
  bulk.delete(job)
  return { kind: 'empty', status: 204 }
}

function state(org: Org, job: BulkJob, { version, now }: DataCall): DataReply {
  const shown = info(job, version)
  org.bulk.stepOn(job, org.table(job.object), org.rowFaults, now)
  return json(200, shown)
}

function results({ bulk }: Org, { columns, results, unprocessed }: BulkJob, kind: BulkResults): DataReply {
  const cutAfter = bulk.cutsNow(kind)
  const reply = (records: readonly (readonly string[])[]): DataReply => {
    return { kind: 'csv', status: 200, csv: csvOf(records), cutAfter }
  }
  switch (kind) {
    case 'successfulResults': {
      const rows = results.flatMap(({ cells, result }) => (result.success ? [[result.id, String(result.created), ...cells]] : []))
      return reply([['sf__Id', 'sf__Created', ...columns], ...rows])
    }
    case 'failedResults': {
      const rows = results.flatMap(({ cells, result }) => (result.success ? [] : [['', errorOf(result.errors), ...cells]]))
      return reply([['sf__Id', 'sf__Error', ...columns], ...rows])
    }
    default:
      return reply([columns, ...unprocessed])
  }
}

/** `DUPLICATE_VALUE:duplicate value found: …:--` in an example of simple-salesforce; `Name --` with a field (read 2026-11-23) */
function errorOf([error]: readonly { statusCode: string; message: string; fields: readonly string[] }[]): string {
  if (!error) return ''
  return `${error.statusCode}:${error.message}:${error.fields.length > 0 ? `${error.fields.join(', ')} ` : ''}--`
}

function info(job: BulkJob, version: string): Record<string, unknown> {
  const at = job.createdAt.toISOString().replace('Z', '+0000')
  return {
    id: job.id,
    operation: 'upsert',
    object: job.object,
    createdById: job.createdById,
    createdDate: at,
    systemModstamp: at,
    state: job.state,
    externalIdFieldName: job.externalIdField,
    concurrencyMode: 'Parallel',
    contentType: 'CSV',
    apiVersion: Number(version.slice(1)),
    jobType: 'V2Ingest',
    lineEnding: 'LF',
    columnDelimiter: 'COMMA',
    numberRecordsProcessed: job.results.length,
    numberRecordsFailed: job.results.filter(({ result }) => !result.success).length,
    ...(job.errorMessage !== null && { errorMessage: job.errorMessage }),
  }
}

function fieldsOf(body: string): { object?: string; operation?: string; externalIdFieldName?: string; state?: string } {
  try {
    return JSON.parse(body)
  } catch {
    return {}
  }
}

function json(status: number, body: unknown): DataReply {
  return { kind: 'json', status, json: body }
}

function refused({ status, errorCode, message }: ApiError): DataReply {
  return { kind: 'json', status, json: [{ message, errorCode }] }
}
