import { dayIn } from '../../domain/day.ts'
import type {
  Break,
  Digest,
  Ending,
  Listed,
  Names,
  Recurrence,
  WeekBreaks,
  WeekCosts,
  WeekTouchpoints,
} from '../../domain/digest/digest.ts'
import { RECURRENCE_DAYS } from '../../domain/digest/recurrences.ts'
import { COST_DAYS } from '../../domain/digest/week-costs.ts'
import { dayWords, momentWords } from '../days.ts'
import { money } from '../money.ts'
import { escapeMrkdwn } from '../mrkdwn.ts'
import { named } from '../named.ts'
import { count, duration, list, plural, until } from '../words.ts'
import { adviceWords, causeWords, ordinal } from './advice.ts'

/** A few lines under a title, as mrkdwn. */
export interface Part {
  readonly title: string
  /** Of each list `most` at the most; the others are counted. */
  lines(most: number): readonly string[]
}

export function breaksPart({ breaks, timeZone }: Digest): Part | null {
  if (breaks.count === 0) return null
  const open = breaks.open === 0 ? '' : breaks.open === breaks.count ? ', still open' : `, ${breaks.open} still open`
  return {
    title: `${plural(breaks.count, 'outage')}${open}`,
    lines: (most) => [...listed(breaks.list, (one) => breakLine(one, timeZone), most), loginLine(breaks)],
  }
}

function breakLine(one: Break, timeZone: string): string {
  const what = `${escapeMrkdwn(one.provider)}: ${namesOf(one)}`
  const openedAt = new Date(one.openedAt)
  if (one.closedAt === null) return `:red_circle: ${what}, ${OPEN[one.kind]} since ${momentWords(timeZone, openedAt)}`
  const lasted = duration(Date.parse(one.closedAt) - openedAt.getTime())
  return `${what}, ${momentWords(timeZone, openedAt)} for ${lasted}; ${endWords(one)}`
}

const OPEN: Readonly<Record<Break['kind'], string>> = {
  authorization: 'needs authorization',
  permission: 'lacks a right',
  misconfigured: "has a problem of Redkey's set-up",
}

function endWords({ closedHow, closedBy }: Break): string {
  if (closedHow === 'reauthorized') return closedBy === null ? 'somebody logged in' : `${escapeMrkdwn(closedBy, 40)} logged in`
  return 'came back without a login'
}

function loginLine({ logins, by, list: told }: WeekBreaks): string {
  if (logins === null) return ''
  const who = by.first.map((one) => `${escapeMrkdwn(one.name, 40)}${one.count === 1 ? '' : ` (${one.count})`}`)
  const people = list(by.others > 0 ? [...who, `${by.others} more`] : who)
  const time =
    logins.count === 1
      ? duration(logins.longestMs)
      : `${duration(logins.medianMs)} (median of ${logins.count}), ${duration(logins.longestMs)} at the longest`
  return `From card to login: ${time}.${told.others === 0 ? '' : ` Logged in: ${people}.`}`
}

function touchpointWords({ pushed, superseded, rejected, waiting }: WeekTouchpoints): string {
  const waits = waiting === 0 ? '' : ` ${count(waiting)} ${waiting === 1 ? 'is' : 'are'} waiting.`
  return `${count(pushed)} pushed, ${count(superseded)} superseded, ${count(rejected)} rejected.${waits}`
}

export function touchpointsPart({ touchpoints, from, timeZone }: Digest, command: string): Part | null {
  if (touchpoints === null) return null
  const { since, uncounted, pushed, superseded, rejected, waiting } = touchpoints
  if (pushed + superseded + rejected + waiting + uncounted === 0) return null
  const isWeek = Math.abs(Date.parse(since) - Date.parse(from)) < 12 * 3_600_000
  return {
    title: isWeek ? 'Touchpoints' : `Touchpoints since ${momentWords(timeZone, new Date(since))}`,
    lines: () => [
      touchpointWords(touchpoints),
      rejected === 0 ? '' : `\`${command} rejects\` and a connection's name tell why.`,
      uncounted === 0 ? '' : `${plural(uncounted, 'CRM is', 'CRMs are')} counted from now on.`,
    ],
  }
}

export function amountWords({ amounts }: WeekCosts): string {
  return list(amounts.map(({ currency, amount }) => escapeMrkdwn(money(rounded(amount), currency))))
}

export function costsPart({ costs }: Digest): Part | null {
  if (costs === null) return null
  const { accounts, whole, incomplete } = costs
  const all = accounts === 1 ? 'of the account' : `of all ${count(accounts)} accounts`
  const complete =
    whole === accounts
      ? `All ${COST_DAYS} days ${all} are complete.`
      : `${count(whole)} of ${plural(accounts, 'account')} ${whole === 1 ? 'is' : 'are'} complete; the amounts are those of complete days.`
  return {
    title: `Costs of ${COST_DAYS} days: ${amountWords(costs) || 'not known'}`,
    lines: (most) => [complete, ...listed(incomplete, incompleteLine, most)],
  }
}

function incompleteLine({ provider, wholeDays, lostDays, ...one }: WeekCosts['incomplete']['first'][number]): string {
  const lost = lostDays === 0 ? '' : `, ${lostDays} lost for good`
  return `${escapeMrkdwn(provider)}: ${named(one)}, ${wholeDays} of ${COST_DAYS} days complete${lost}`
}

/** Hundredths are enough for a look. */
function rounded(amount: string): string {
  const [whole = '0', fraction = ''] = amount.split('.')
  return fraction.length <= 2 ? amount : `${whole}.${fraction.slice(0, 2)}`
}

export function endingsPart({ endings, timeZone }: Digest, now: Date): Part | null {
  if (endings.first.length === 0) return null
  return { title: 'Ends next', lines: (most) => listed(endings, (one) => endingLine(one, timeZone, now), most) }
}

function endingLine(ending: Ending, timeZone: string, now: Date): string {
  const at = new Date(ending.endsAt)
  const what =
    ending.kind === 'secret'
      ? `the client secret of Redkey's app at ${escapeMrkdwn(ending.provider)}`
      : `${escapeMrkdwn(ending.provider)} login of ${namesOf(ending)}`
  return `${until(at.getTime() - now.getTime())}, ${dayWords(dayIn(timeZone, at))}: ${what}`
}

export function recurrencesPart({ recurrences }: Digest): Part | null {
  if (recurrences.first.length === 0) return null
  return { title: 'Breaks again and again', lines: (most) => listed(recurrences, recurrenceLine, most) }
}

function recurrenceLine(one: Recurrence): string {
  const what = `${escapeMrkdwn(one.provider)}: ${namesOf(one)}`
  return `${what}: ${ordinal(one.times)} break in ${RECURRENCE_DAYS} days, ${causeWords(one)}. ${adviceWords(one)}`.trim()
}

/** One by its account; of several their names, which are shorter. */
function namesOf({ connections, others }: Names): string {
  const [only] = connections
  if (connections.length === 1 && others === 0 && only) return named(only)
  const shown = connections.map(({ name }) => `*${escapeMrkdwn(name, 24)}*`)
  return list(others === 0 ? shown : [...shown, `${count(others)} more`])
}

function listed<T>({ first, others }: Listed<T>, words: (one: T) => string, most: number): string[] {
  const lines = first.slice(0, most).map((one) => `• ${words(one)}`)
  const more = first.length - lines.length + others
  return more === 0 ? lines : [...lines, `… and ${count(more)} more`]
}
