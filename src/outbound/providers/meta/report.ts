import { HOUR_MS, SECOND_MS } from '../../../clock.ts'
import type { CostsStep } from '../../../domain/ads.ts'
import { countDays, type Days, isDay } from '../../../domain/day.ts'
import type { Asked, Tokens, Verdict } from '../../../domain/provider.ts'
import { parseJson } from '../http.ts'
import { asCount, asRecord, asText, type JsonRecord } from '../json.ts'
import { passes, verdictOf } from '../meaning.ts'
import { type Graph, unreadable } from './graph.ts'
import { isTooMuch } from './too-much.ts'
import { readErrorIn } from './verdicts.ts'

/** A report that Meta makes: of which days, and since when. */
export interface Report extends Days {
  readonly run: string
  readonly orderedAtMs: number
  /** How often it was not ready. */
  readonly asked: number
}

export function jobOf(report: Report): string {
  return JSON.stringify(report)
}

/** Null: none was ordered, or not by this version. Then it begins anew. */
export function readJob(job: string | null): Report | null {
  const said = asRecord(parseJson(job ?? ''))
  const [run, from, to] = [asText(said.run), asText(said.from), asText(said.to)]
  const [orderedAtMs, asked] = [asCount(said.orderedAtMs), asCount(said.asked)]
  if (run === null || !/^\d+$/.test(run) || from === null || to === null || !isDay(from) || !isDay(to)) return null
  return orderedAtMs === null || asked === null ? null : { run, from, to, orderedAtMs, asked }
}

const FIRST_WAIT_MS = 10 * SECOND_MS
const LONGEST_WAIT_MS = 2 * 60 * SECOND_MS
/** Usual reports take minutes, the longest an hour; some never end (keboola/ex-facebook-graph-api#120, read 2026-11-29). */
const NEVER_ENDS_AFTER_MS = 3 * HOUR_MS

/** First soon, then less and less often. */
export function askAgain(job: string): Asked<CostsStep> {
  const asked = readJob(job)?.asked ?? 0
  return { kind: 'ok', value: { kind: 'later', job, afterMs: Math.min(FIRST_WAIT_MS * 2 ** asked, LONGEST_WAIT_MS) } }
}

export type ReportState = { readonly kind: 'works' } | { readonly kind: 'made' } | { readonly kind: 'too_much' } | Verdict

/**
 * `async_status` says when it is made; 100 % come before that. From v25 on a failed run tells its error.
 * https://developers.facebook.com/blog/post/2026/01/08/enhanced-error-messaging-for-ads-insights-async-api/ (2026-11); statuses and
 * "100 %": artefactory/artefactory-connectors-kit#63, singer-io/tap-facebook#43 (read 2026-11-29)
 */
export async function stateOf(graph: Graph, tokens: Tokens, report: Report, now: Date): Promise<ReportState> {
  const fields = 'async_status,async_percent_completion,error_code,error_subcode,error_message,error_user_msg'
  const asked = await graph.get(tokens, `/${report.run}`, { fields }, 'async_status')
  if (asked.kind !== 'ok') return asked.code === UNKNOWN_OBJECT ? verdictOf(GONE, asked.code, null) : asked
  const status = asText(asked.value.async_status)
  if (status === null) return unreadable()
  if (status === 'Job Completed') return { kind: 'made' }
  if (status === 'Job Failed') return failure(asked.value, report)
  if (status === 'Job Skipped') return verdictOf(GONE, 'job_skipped', null)
  const isEndless = now.getTime() - report.orderedAtMs > NEVER_ENDS_AFTER_MS
  return isEndless ? verdictOf(ENDLESS, 'job_endless', null) : { kind: 'works' }
}

/** A report that was dropped, not the account, which its probe judges. @TODO source: for how long reports are kept. */
const UNKNOWN_OBJECT = '100/33'
const GONE = passes('Meta has dropped the report of costs before it was read.')
const ENDLESS = passes('Meta did not get the report of costs ready in hours.')
const FAILED = passes('Meta could not make the report of costs.')

/** A run that tells no reason was most often too large (airbytehq/airbyte splits it then as well, read 2026-11-29). */
function failure(run: JsonRecord, report: Report): ReportState {
  const { error_code: code, error_subcode, error_message: message, error_user_msg } = run
  const told = asText(message) === null ? null : readErrorIn({ error: { code, error_subcode, message, error_user_msg } })
  if ((told === null || isTooMuch(told)) && countDays(report) > 1) return { kind: 'too_much' }
  return told ?? verdictOf(FAILED, 'job_failed', null)
}
