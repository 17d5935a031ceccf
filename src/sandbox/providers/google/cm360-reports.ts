import type { Reply } from '../http-server.ts'
import { API_FAULTS, CM360_FAULTS } from './answers.ts'
import { invalid, partial, refusedBy, unknownField, unknownParameter } from './cm360-answers.ts'
import { reportCsv, reportProblem } from './cm360-report-csv.ts'
import type { CmRequest } from './cm360-trafficking.ts'
import type { CmAccount, CmFile, CmReport, CmReportBody, CmWorld } from './cm360-world.ts'
import type { Profile } from './world.ts'

interface Asking {
  readonly world: CmWorld
  readonly account: CmAccount
  readonly profile: Profile
  readonly now: Date
  readonly origin: string
}

/** Reports of a profile. Null: it is none of their addresses. */
export function reports(asking: Asking, request: CmRequest): Reply | null {
  const { world, profile } = asking
  const { method, path, query, body } = request
  if (path === 'reports' && method === 'GET') return listReports(asking, query)
  if (path === 'reports' && method === 'POST') return putReport(asking, null, body)
  const [, reportId, rest = ''] = /^reports\/(\d+)(?:\/(.+))?$/.exec(path) ?? []
  if (reportId === undefined) return null
  const report = world.reports.find(({ id, profileId }) => id === reportId && profileId === profile.profileId)
  if (!report) return refusedBy(API_FAULTS.notFound)
  if (rest === '' && method === 'PUT') return putReport(asking, report, body)
  if (rest === 'run' && method === 'POST') return body === '' ? run(asking, report) : invalid('The request body must be empty.')
  const fileId = /^files\/(\d+)$/.exec(rest)?.[1]
  const file = world.files.find(({ id, reportId: ofReport }) => id === fileId && ofReport === report.id)
  if (fileId === undefined || method !== 'GET') return null
  return file ? { status: 200, json: shownFile(asking, file) } : refusedBy(API_FAULTS.notFound)
}

/** `reports/{report}/files/{file}?alt=media`, without a profile in it. */
export function media(asking: Asking, file: CmFile): Reply {
  const { world, account, profile, now } = asking
  if (statusOf(world, file, now) !== 'REPORT_AVAILABLE') return refusedBy(API_FAULTS.notFound)
  const csv = reportCsv(account, file, profile.seesAdvertisers)
  const headers = { 'content-disposition': `attachment; filename="${file.body.fileName ?? file.id}.csv"` }
  return { status: 200, csv, headers, cutAfter: world.switches.fileCutAfter }
}

function listReports({ world, profile }: Asking, query: URLSearchParams): Reply {
  const unknown = unknownParameter(query, ['scope', 'sortField', 'sortOrder', 'maxResults', 'pageToken', 'fields'])
  if (unknown) return unknown
  const rows = Number(query.get('maxResults') ?? 10)
  const items = world.reports
    .filter(({ profileId }) => profileId === profile.profileId)
    .toSorted((a, b) => b.modifiedAt.getTime() - a.modifiedAt.getTime())
    .slice(0, rows)
    .map((report) => shownReport(profile, report))
  return partial({ kind: 'dfareporting#reportList', etag: '"fake"', items }, query.get('fields'))
}

const WRITABLE = ['name', 'type', 'fileName', 'format', 'criteria', 'schedule', 'delivery', 'id', 'kind', 'etag']

function putReport({ world, profile, now }: Asking, old: CmReport | null, text: string): Reply {
  const body = JSON.parse(text) as CmReportBody
  const strange = unknownField(body, WRITABLE)
  if (strange) return strange
  const problem = reportProblem(body)
  if (problem !== null) return invalid(problem, 'invalid')
  const report = old ?? { id: world.nextId(), profileId: profile.profileId, body, modifiedAt: now }
  if (old) Object.assign(report, { body, modifiedAt: now })
  else world.reports.push(report)
  return { status: 200, json: shownReport(profile, report) }
}

/** So many reports a day: developers.google.com/doubleclick-advertisers/quotas (2026-11-29). */
function run(asking: Asking, report: CmReport): Reply {
  const { world, profile, now } = asking
  const today = now.toISOString().slice(0, 10)
  const mine = new Set(world.reports.filter(({ profileId }) => profileId === profile.profileId).map(({ id }) => id))
  const ran = world.files.filter((file) => mine.has(file.reportId) && file.startedAt.toISOString().startsWith(today)).length
  if (ran >= world.switches.reportsPerDay) return refusedBy(CM360_FAULTS.reportQuota)
  const file = { id: world.nextId(), reportId: report.id, body: report.body, startedAt: now }
  world.files.push(file)
  return { status: 200, json: shownFile(asking, file) }
}

function statusOf({ switches }: CmWorld, { startedAt }: CmFile, now: Date): string {
  const ms = now.getTime() - startedAt.getTime()
  if (ms >= switches.reportTakesMs) return switches.reportEnds
  return ms < switches.reportTakesMs / 3 ? 'QUEUED' : 'PROCESSING'
}

/** googleapis 188.0.0, dfareporting v5, File (2026-11-29). */
function shownFile({ world, now, origin }: Asking, file: CmFile): object {
  const status = statusOf(world, file, now)
  return {
    kind: 'dfareporting#file',
    etag: '"fake"',
    id: file.id,
    reportId: file.reportId,
    status,
    fileName: file.body.fileName,
    dateRange: { kind: 'dfareporting#dateRange', ...file.body.criteria.dateRange },
    lastModifiedTime: String(file.startedAt.getTime()),
    ...(status === 'REPORT_AVAILABLE' && {
      format: 'CSV',
      urls: { apiUrl: `${origin}/dfareporting/v5/reports/${file.reportId}/files/${file.id}?alt=media` },
    }),
  }
}

function shownReport({ profileId, accountId }: Profile, { id, body, modifiedAt }: CmReport): object {
  return {
    kind: 'dfareporting#report',
    etag: '"fake"',
    id,
    ownerProfileId: profileId,
    accountId,
    lastModifiedTime: String(modifiedAt.getTime()),
    ...body,
  }
}
