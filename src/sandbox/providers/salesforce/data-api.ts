import type { Session } from '../oauth-server.ts'
import { API_ERRORS, type ApiError, UNAVAILABLE_HTML } from './answers.ts'
import { bulkApi } from './bulk-api.ts'
import type { BulkCall } from './bulk-jobs.ts'
import type { Org } from './org.ts'
import { runQuery } from './query.ts'
import { setupApi } from './setup-api.ts'
import { upsert } from './upsert.ts'
import { NEWEST_VERSION, OLDEST_VERSION, versionsList } from './versions.ts'

/** One call below `/services/data`, read whole. */
export interface DataCall {
  readonly method: string
  /** `v67.0`; empty for the list of versions. */
  readonly version: string
  /** What follows the version: `['sobjects', 'Lead', 'describe']`. */
  readonly path: readonly string[]
  readonly query: URLSearchParams
  readonly body: string
  readonly bytes: Buffer
  readonly contentType: string
  readonly now: Date
}

/** `records` is there when records were written or tried; `no_answer` drops the connection; `bulk` says which bulk call it answers. */
export type DataReply = (
  | { readonly kind: 'json'; readonly status: number; readonly json: unknown }
  | { readonly kind: 'html'; readonly status: number; readonly html: string }
  | { readonly kind: 'csv'; readonly status: number; readonly csv: string; readonly cutAfter: number | null }
  | { readonly kind: 'empty'; readonly status: number }
  | { readonly kind: 'no_answer' }
) & { readonly records?: number; readonly bulk?: BulkCall }

/** What an org answers. What is broken on purpose comes first, then the session, then the call itself. */
export function dataApi(org: Org, session: Session | null, call: DataCall): DataReply {
  const { switches, apiUsage } = org
  if (switches.down) return { kind: 'html', status: 503, html: UNAVAILABLE_HTML }
  if (call.version === '') return found(versionsList())
  if (!session) return refused(API_ERRORS.sessionInvalid)
  if (!session.grant.scopes.some((scope) => scope === 'api' || scope === 'full')) return refused(API_ERRORS.sessionNotForApi)
  if (switches.serverError) return refused(API_ERRORS.unknownException)
  if (switches.apiDisabled) return refused(API_ERRORS.apiDisabled)
  if (switches.rateLimited || apiUsage.used >= apiUsage.limit) return refused(API_ERRORS.limitExceeded)
  apiUsage.used += 1
  const number = Number(/^v(\d+)\.0$/.exec(call.version)?.[1] ?? Number.NaN)
  if (number < OLDEST_VERSION) return refused(API_ERRORS.versionRetired)
  if (!(number <= NEWEST_VERSION)) return refused(API_ERRORS.notFound) // also when it is no number
  const [first, second] = call.path
  return first === 'jobs' && second === 'ingest' ? bulkApi(org, org.user(session.grant.username), call) : resource(org, call)
}

function resource(org: Org, call: DataCall): DataReply {
  const { method, path } = call
  const setUp = setupApi(org, call)
  if (setUp) return setUp
  const [first, second, third, fourth] = path
  const isCollection = first === 'composite' && second === 'sobjects'
  if (method === 'PATCH' && isCollection && third && fourth) return write(org, call, third, fourth)
  if (method !== 'GET') return refused(API_ERRORS.notFound)
  if (first === 'limits') return found(limits(org))
  if (first === 'sobjects' && second && third === 'describe') return describe(org, second, call.version)
  if (first === 'tooling' && second === 'query') return query(org, call)
  return first === 'query' ? query(org, call) : refused(API_ERRORS.notFound)
}

function describe(org: Org, object: string, version: string): DataReply {
  const table = org.table(object)
  if (!table || table.access === 'hidden') return refused(API_ERRORS.notFound)
  return table.access === 'refused' ? refused(API_ERRORS.insufficientAccess) : found(table.describe(version))
}

function query(org: Org, call: DataCall): DataReply {
  const result = runQuery(org, call.query.get('q') ?? '', call.version)
  return 'error' in result ? refused(result.error) : found(result)
}

function write(org: Org, { body, now }: DataCall, object: string, externalIdField: string): DataReply {
  const table = org.table(object)
  if (!table) return refused(API_ERRORS.notFound)
  if (org.dropsNow('before_commit')) return { kind: 'no_answer' }
  const done = upsert({ table, externalIdField, body, now, faults: org.rowFaults })
  if ('error' in done) return refused(done.error)
  const records = done.results.length
  return org.dropsNow('after_commit') ? { kind: 'no_answer', records } : { ...found(done.results), records }
}

function found(json: unknown): DataReply {
  return { kind: 'json', status: 200, json }
}

function refused({ status, errorCode, message }: ApiError): DataReply {
  return { kind: 'json', status, json: [{ message, errorCode }] }
}

/** The members that matter of some sixty. developer.salesforce.com dome_limits.htm */
function limits({ apiUsage: { used, limit } }: Org): Record<string, { Max: number; Remaining: number }> {
  return {
    DailyApiRequests: { Max: limit, Remaining: Math.max(0, limit - used) },
    DailyBulkApiBatches: { Max: 15_000, Remaining: 15_000 },
    DailyBulkV2QueryJobs: { Max: 10_000, Remaining: 10_000 },
    DataStorageMB: { Max: 1_073, Remaining: 1_040 },
  }
}
