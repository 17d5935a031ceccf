import { MINUTE_MS, SECOND_MS } from '../../../clock.ts'
import type { CostReach, CostsOrder, CostsStep } from '../../../domain/ads.ts'
import type { Days } from '../../../domain/day.ts'
import type { Asked, Tokens, Verdict } from '../../../domain/provider.ts'
import { parseJson } from '../http.ts'
import { asCount, asList, asRecord, asText, type JsonRecord } from '../json.ts'
import { passes, verdictOf } from '../meaning.ts'
import { type Cm360Api, unreadable } from './api.ts'
import { costPages } from './cost-file.ts'
import { idOf, profileOf } from './profiles.ts'

/**
 * Numbers of a month are certified by the third of the next (support.google.com/displayvideo/answer/6172804, which is also that of
 * Campaign Manager 360's quotas, read 2026-11-29).
 * @TODO source: how far back reports go; two years are assumed.
 */
export const COST_REACH: CostReach = { restatedDays: 34, reachDays: 730 }

/** What a report waits for, beside the numbers of it and its file: how often it was asked after. */
interface Job {
  readonly report: string
  readonly file: string
  readonly asked: number
}

/**
 * A report is run, asked after until its file is there, and read (developers.google.com/doubleclick-advertisers/guides/run_reports and
 * …/download_reports, read 2026-11-29). What is paid for media is known only where placements have a cost structure.
 */
export async function costs(api: Cm360Api, tokens: Tokens, order: CostsOrder): Promise<Asked<CostsStep>> {
  const profile = await profileOf(api, tokens, order.account)
  if (profile.kind !== 'ok') return profile
  const path = `userprofiles/${profile.value}/reports`
  const job = readJob(order.job)
  if (job !== null) return goOn(api, tokens, path, order, job)
  const report = await prepare(api, tokens, path, order.days)
  if (report.kind !== 'ok') return report
  const run = await api.write(tokens, 'POST', `${path}/${report.value}/run`, null)
  if (run.kind !== 'ok') return run
  const file = idOf(run.value.id)
  if (file === null) return unreadable('a report without a file')
  return step(api, tokens, order, { report: report.value, file, asked: 0 }, run.value)
}

/**
 * One report for each profile is made once, found by its name, and set to the days: reports that are made and deleted each time waste
 * resources (…/guides/reporting_best_practices, read 2026-11-29). v5 has no patch of reports, so the whole of it is put (googleapis
 * 188.0.0). The list begins with what was changed last.
 */
async function prepare(api: Cm360Api, tokens: Tokens, path: string, days: Days): Promise<Asked<string>> {
  const query = {
    scope: 'MINE',
    sortField: 'LAST_MODIFIED_TIME',
    sortOrder: 'DESCENDING',
    maxResults: '10',
    fields: 'items(id,name)',
  }
  const listed = await api.read(tokens, path, query)
  if (listed.kind !== 'ok') return listed
  const report = asList(listed.value.items)
    .map(asRecord)
    .find(({ name }) => name === NAME)
  const known = idOf(report?.id)
  const body = definition(days)
  const made = await (known === null
    ? api.write(tokens, 'POST', path, body)
    : api.write(tokens, 'PUT', `${path}/${encodeURIComponent(known)}`, body))
  if (made.kind !== 'ok') return made
  const id = idOf(made.value.id)
  return id === null ? unreadable('a report without a number') : { kind: 'ok', value: id }
}

const NAME = 'Redkey: costs by campaign and day'

/** Names of dimensions are without the `dfa:` that older versions had (googleads-dfa-reporting-samples, python/v5/create_report.py, 2026-11-29). */
function definition({ from, to }: Days): object {
  return {
    name: NAME,
    fileName: 'redkey-costs',
    type: 'STANDARD',
    format: 'CSV',
    criteria: {
      dateRange: { startDate: from, endDate: to },
      dimensions: [{ name: 'date' }, { name: 'campaignId' }, { name: 'campaign' }],
      metricNames: ['impressions', 'clicks', 'mediaCost'],
    },
  }
}

async function goOn(api: Cm360Api, tokens: Tokens, path: string, order: CostsOrder, job: Job): Promise<Asked<CostsStep>> {
  const file = await api.read(tokens, `${path}/${job.report}/files/${job.file}`)
  return file.kind === 'ok' ? step(api, tokens, order, { ...job, asked: job.asked + 1 }, file.value) : file
}

/** `File.status` has these five (developers.google.com/doubleclick-advertisers/rest/v5/File, read 2026-11-29). */
async function step(api: Cm360Api, tokens: Tokens, order: CostsOrder, job: Job, file: JsonRecord): Promise<Asked<CostsStep>> {
  switch (asText(file.status)) {
    case 'QUEUED':
    case 'PROCESSING':
      return job.asked < MOST_ASKED
        ? { kind: 'ok', value: { kind: 'later', job: JSON.stringify(job), afterMs: waitMs(job.asked) } }
        : failed(
            'report_stuck',
            'Campaign Manager 360 has been working on a report of costs for many hours. It is asked for anew.',
          )
    case 'REPORT_AVAILABLE':
      return isOf(order.days, file)
        ? takeFile(api, tokens, order, job)
        : failed('report_changed', 'The report of costs in Campaign Manager 360 was changed meanwhile. It is made anew.')
    case 'FAILED':
    case 'CANCELLED':
      return failed(`report_${file.status}`, 'Campaign Manager 360 did not finish its report of costs. It is asked for anew.')
    default:
      return unreadable('a report in a state that Redkey does not know')
  }
}

/** Somebody else who uses the same profile may have set the report to other days before it ran. */
function isOf({ from, to }: Days, file: JsonRecord): boolean {
  const { startDate, endDate } = asRecord(file.dateRange)
  return startDate === from && endDate === to
}

async function takeFile(api: Cm360Api, tokens: Tokens, { take }: CostsOrder, { report, file }: Job): Promise<Asked<CostsStep>> {
  const download = await api.download(tokens, `reports/${report}/files/${file}`)
  if (download.kind !== 'ok') return download
  for await (const page of costPages(download.value.text)) {
    if (page.kind !== 'ok') return page
    await take(page.value)
  }
  return { kind: 'ok', value: { kind: 'done' } }
}

/** Reports take seconds to hours; Google's own sample begins with 10 s and ends with 10 minutes (python/v5/run_report.py, 2026-11-29). */
function waitMs(asked: number): number {
  return Math.min(10 * MINUTE_MS, Math.round(10 * SECOND_MS * 1.5 ** asked))
}

/** Some eight hours. */
const MOST_ASKED = 55

/** Null: none, or none of ours, so that it begins anew. */
function readJob(job: string | null): Job | null {
  const { report, file, asked } = asRecord(job === null ? undefined : parseJson(job))
  const [reportId, fileId, count] = [asText(report), asText(file), asCount(asked)]
  if (reportId === null || fileId === null || count === null || !/^\d+$/.test(reportId + fileId)) return null
  return { report: reportId, file: fileId, asked: count }
}

function failed(code: string, explanation: string): Verdict {
  return verdictOf(passes(explanation), code, null)
}
