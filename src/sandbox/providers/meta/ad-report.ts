import { randomInt } from 'node:crypto'
import type { Reply } from '../http-server.ts'
import type { MetaAccount } from './ad-accounts.ts'
import { ERRORS, type GraphError, invalidParameter, refusal, unknownField, unknownObject } from './answers.ts'
import { pageOf } from './paging.ts'
import type { World } from './world.ts'

const DAY_MS = 86_400_000
const SECOND_MS = 1000
/** 37 months: …/docs/marketing-api/reference/ad-account/insights (2026-11). */
const REACH_MONTHS = 37
/** A question for more days than that is too large while the switch is on. */
const MOST_DAYS = 5
const FIELDS = ['account_currency', 'campaign_id', 'campaign_name', 'spend', 'clicks', 'impressions', 'date_start', 'date_stop']

interface Question {
  readonly since: string
  readonly until: string
  readonly fields: readonly string[]
  /** Deleted campaigns are left out where nobody asks for them: …/best-practices/manage-your-ad-object-status (2026-11). */
  readonly withDeleted: boolean
}

export interface ReportRun {
  readonly id: string
  readonly account: MetaAccount
  readonly question: Question
  readonly orderedAtMs: number
  /** Null: it fails when it is ready. */
  readonly fails: GraphError | 'silently' | null
  readonly readyAtMs: number
}

/** `/act_…/insights`: GET answers at once, POST makes a report first. */
export function insights(world: World, account: MetaAccount, given: URLSearchParams, method: string): Reply {
  const question = readQuestion(world, given)
  if ('status' in question) return refusal(question)
  if (method === 'POST') return orderReport(world, account, question)
  if (world.switches.tooMuchData && daysOf(question) > MOST_DAYS) return refusal(ERRORS.tooMuchData)
  return pageOf(rowsOf(account, question), given, `/${account.id}/insights`, world.limits.rowsPerPage)
}

/** `/{report_run_id}` and its `/insights`; null: there is no such report. */
export function reportRun(world: World, path: string, query: URLSearchParams): { account: MetaAccount; reply: Reply } | null {
  const [, id = '', edge] = /^\/(\d+)(\/insights)?$/.exec(path) ?? []
  const run = world.reports.get(id)
  if (!run) return null
  const { account } = run
  const isGone = world.now().getTime() - run.orderedAtMs > 30 * DAY_MS
  if (isGone) return { account, reply: refusal(unknownObject(id)) }
  if (edge === undefined) return { account, reply: { status: 200, json: stateOf(world, run) } }
  if (stateOf(world, run)['async_status'] !== 'Job Completed') return { account, reply: refusal(ERRORS.reportNotReady) }
  return { account, reply: pageOf(rowsOf(account, run.question), query, path, world.limits.rowsPerPage) }
}

function orderReport(world: World, account: MetaAccount, question: Question): Reply {
  const { switches } = world
  const orderedAtMs = world.now().getTime()
  const id = String(randomInt(10 ** 13, 10 ** 14))
  const fails = switches.reportsFail
    ? 'silently'
    : switches.tooMuchData && daysOf(question) > MOST_DAYS
      ? ERRORS.tooMuchData
      : null
  const readyAtMs = switches.reportsStick ? Number.POSITIVE_INFINITY : orderedAtMs + (15 + daysOf(question)) * SECOND_MS
  world.reports.set(id, { id, account, question, orderedAtMs, fails, readyAtMs })
  return { status: 200, json: { report_run_id: id } }
}

/** 100 % come before it is complete: artefactory-connectors-kit#63 (read 2026-11-29). */
function stateOf(world: World, { id, account, question, orderedAtMs, readyAtMs, fails }: ReportRun): Record<string, unknown> {
  const atMs = world.now().getTime()
  const done = atMs >= readyAtMs
  const share = Math.min(1, (atMs - orderedAtMs) / Math.max(1, readyAtMs - orderedAtMs - 2 * SECOND_MS))
  const error = done && fails !== null && fails !== 'silently' ? { error_code: fails.code, error_message: fails.message } : {}
  return {
    id,
    account_id: account.id.replace('act_', ''),
    time_ref: Math.floor(orderedAtMs / SECOND_MS),
    async_status: done ? (fails === null ? 'Job Completed' : 'Job Failed') : share > 0.2 ? 'Job Running' : 'Job Not Started',
    async_percent_completion: Math.floor(100 * share),
    date_start: question.since,
    date_stop: question.until,
    ...error,
  }
}

function rowsOf({ library, currency, removedCampaigns }: MetaAccount, question: Question): readonly object[] {
  const rows: object[] = []
  for (const { day, campaign, cents, clicks, impressions } of library.costs(question.since, question.until)) {
    if (removedCampaigns.has(campaign.id) && !question.withDeleted) continue
    const row: Record<string, string> = {
      account_currency: currency,
      campaign_id: campaign.id,
      campaign_name: campaign.name,
      spend: (cents / 100).toFixed(2),
      clicks: String(clicks),
      impressions: String(impressions),
    }
    const asked = Object.fromEntries(question.fields.flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]]])))
    rows.push({ ...asked, date_start: day, date_stop: day })
  }
  return rows
}

function readQuestion(world: World, given: URLSearchParams): Question | GraphError {
  const fields = (given.get('fields') ?? '').split(',')
  const wrong = fields.find((name) => !FIELDS.includes(name))
  if (wrong !== undefined) return unknownField(wrong)
  const { since, until } = parse(given.get('time_range')) as { since?: string; until?: string }
  if (!isDay(since) || !isDay(until) || since > until) return invalidParameter('time_range')
  if (given.get('level') !== 'campaign' || given.get('time_increment') !== '1') return invalidParameter('level')
  const oldest = new Date(world.now())
  oldest.setUTCMonth(oldest.getUTCMonth() - REACH_MONTHS)
  if (since < oldest.toISOString().slice(0, 10)) return ERRORS.tooLongAgo
  const filters = parse(given.get('filtering') ?? '[]')
  if (!Array.isArray(filters)) return invalidParameter('filtering')
  const statuses = filters.flatMap(({ field, operator, value }) =>
    field === 'campaign.effective_status' && operator === 'IN' ? value : [],
  )
  return { since, until, fields, withDeleted: statuses.includes('DELETED') }
}

function daysOf({ since, until }: Question): number {
  return Math.round((Date.parse(until) - Date.parse(since)) / DAY_MS) + 1
}

function isDay(text: unknown): text is string {
  return typeof text === 'string' && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '{}') ?? {}
  } catch {
    return {}
  }
}
