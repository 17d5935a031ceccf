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
import { money } from '../money.ts'
import { date, escapeMrkdwn } from '../mrkdwn.ts'
import { named, names } from '../named.ts'
import { count, duration, list, plural, until } from '../words.ts'
import { adviceWords, causeWords, ordinal } from './advice.ts'

/** A few lines under a title, as mrkdwn. */
export interface Part {
  readonly title: string
  readonly lines: readonly string[]
}

export function breaksPart({ breaks }: Digest): Part | null {
  if (breaks.count === 0) return null
  const open = breaks.open === 0 ? '' : breaks.open === breaks.count ? ', still open' : `, ${breaks.open} still open`
  return {
    title: `${plural(breaks.count, 'outage')}${open}`,
    lines: [...listed(breaks.list, breakLine), loginLine(breaks)],
  }
}

function breakLine(one: Break): string {
  const what = `${escapeMrkdwn(one.provider)}: ${namesOf(one)}`
  const openedAt = new Date(one.openedAt)
  if (one.closedAt === null) return `:red_circle: ${what}, ${OPEN[one.kind]} since ${date(openedAt)}`
  const lasted = duration(Date.parse(one.closedAt) - openedAt.getTime())
  return `${what}, ${date(openedAt)} for ${lasted}; ${endWords(one)}`
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

function loginLine({ logins, by }: WeekBreaks): string {
  if (logins === null) return ''
  const who = by.first.map((one) => `${escapeMrkdwn(one.name, 40)}${one.count === 1 ? '' : ` (${one.count})`}`)
  const people = list(by.others > 0 ? [...who, `${by.others} more`] : who)
  const time =
    logins.count === 1
      ? duration(logins.longestMs)
      : `${duration(logins.medianMs)} as the median of ${logins.count}, ${duration(logins.longestMs)} at the longest`
  return `From card to login: ${time}.${people === '' ? '' : ` Logged in: ${people}.`}`
}

/** `isCalm`: without a word about what is as it should be. */
export function touchpointWords({ pushed, superseded, rejected, waiting }: WeekTouchpoints): string {
  const waits = waiting === 0 ? '' : ` ${count(waiting)} ${waiting === 1 ? 'is' : 'are'} waiting.`
  return `${count(pushed)} pushed, ${count(superseded)} superseded, ${count(rejected)} rejected.${waits}`
}

export function touchpointsPart({ touchpoints, from }: Digest, command: string): Part | null {
  if (touchpoints === null) return null
  const { since, uncounted, rejected } = touchpoints
  const isWeek = Math.abs(Date.parse(since) - Date.parse(from)) < 12 * 3_600_000
  return {
    title: isWeek ? 'Touchpoints' : `Touchpoints since ${date(new Date(since))}`,
    lines: [
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
  const all = accounts === 1 ? 'of the account' : `of all ${accounts} accounts`
  const complete =
    whole === accounts
      ? `All ${COST_DAYS} days ${all} are complete.`
      : `${whole} of ${plural(accounts, 'account')} ${whole === 1 ? 'is' : 'are'} complete; the amounts are those of complete days.`
  return {
    title: `Costs of ${COST_DAYS} days: ${amountWords(costs) || 'not known'}`,
    lines: [
      complete,
      ...listed(incomplete, (one) => {
        const lost = one.lostDays === 0 ? '' : `, ${one.lostDays} lost for good`
        return `${escapeMrkdwn(one.provider)}: ${named(one)}, ${one.wholeDays} of ${COST_DAYS} days complete${lost}`
      }),
    ],
  }
}

/** Hundredths are enough for a look. */
function rounded(amount: string): string {
  const [whole = '0', fraction = ''] = amount.split('.')
  return fraction.length <= 2 ? amount : `${whole}.${fraction.slice(0, 2)}`
}

export function endingsPart({ endings }: Digest, now: Date): Part | null {
  if (endings.first.length === 0) return null
  return { title: 'Ends next', lines: listed(endings, (one) => endingLine(one, now)) }
}

function endingLine(ending: Ending, now: Date): string {
  const at = new Date(ending.endsAt)
  const what =
    ending.kind === 'secret'
      ? `the client secret of Redkey's app at ${escapeMrkdwn(ending.provider)}`
      : `${escapeMrkdwn(ending.provider)} login of ${namesOf(ending)}`
  return `${until(at.getTime() - now.getTime())}: ${what} (${date(at)})`
}

export function recurrencesPart({ recurrences }: Digest): Part | null {
  if (recurrences.first.length === 0) return null
  return { title: 'Breaks again and again', lines: listed(recurrences, recurrenceLine) }
}

function recurrenceLine(one: Recurrence): string {
  const what = `${escapeMrkdwn(one.provider)}: ${namesOf(one)}`
  return `${what}: ${ordinal(one.times)} break in ${RECURRENCE_DAYS} days, ${causeWords(one)}. ${adviceWords(one)}`.trim()
}

function namesOf({ connections, others }: Names): string {
  return names(connections, others)
}

function listed<T>({ first, others }: Listed<T>, words: (one: T) => string): string[] {
  const lines = first.map((one) => `• ${words(one)}`)
  return others === 0 ? lines : [...lines, `… and ${count(others)} more`]
}
