import type { LooseFacts } from '../../domain/cards/card.ts'
import { dayIn } from '../../domain/day.ts'
import type { Digest } from '../../domain/digest/digest.ts'
import { type Block, context, header, image, type Rendered, section } from '../blocks.ts'
import { uptimeChart } from '../charts/uptime-chart.ts'
import { uptimeLines } from '../charts/uptime-lines.ts'
import { shortDay } from '../days.ts'
import type { Look } from '../look.ts'
import { count } from '../words.ts'
import { amountWords, breaksPart, costsPart, endingsPart, type Part, recurrencesPart, touchpointsPart } from './digest-parts.ts'
import { othersWords, silenceLines, workedWords, worstWords } from './uptime-words.ts'

/** Items of a list that a notification or a screen reader tells: as many as there is room for. */
const SPOKEN = [5, 3, 2, 1]
/** What Slack takes as a message's text (https://docs.slack.dev/reference/methods/chat.update, read 2026-11-23). */
const LONGEST_TEXT = 4000

/** The week of a channel in one look. Where nothing happened it is one line, and what ends next. */
export function digestMessage({ pictureId, now }: LooseFacts, digest: Digest, { command }: Look): Rendered {
  const endings = endingsPart(digest, now)
  if (isCalm(digest))
    return rendered([section(`:white_check_mark: ${calmLine(digest)}`)], `✅ ${plainOf(calmLine(digest))}`, [endings])
  const title = `Weekly digest, ${shortDay(dayIn(digest.timeZone, new Date(digest.from)))} to ${shortDay(dayIn(digest.timeZone, new Date(digest.until)))}`
  const parts = [breaksPart(digest), recurrencesPart(digest), touchpointsPart(digest, command), costsPart(digest), endings]
  const { uptime } = digest
  const worked = workedWords(uptime)
  const silences = silenceLines(uptime)
  const head = [header(`📅 ${title}`), section(`*${worked}*`, ...silences), ...uptimeBlocks(digest, pictureId)]
  const message = rendered(head, [`📅 ${title}.`, worked, worstWords(uptime), ...silences].filter(Boolean).join(' '), parts)
  const foot = context(
    `Times are those of ${digest.timeZone}. \`${command} digest\` changes that; \`${command}\` shows how everything is now.`,
  )
  return { ...message, blocks: [...message.blocks, foot] }
}

/** Whether there is something to see in a picture. */
export function hasPicture({ uptime }: Digest): boolean {
  return uptime.worked < uptime.connections
}

function isCalm({ uptime, breaks, touchpoints, costs, recurrences }: Digest): boolean {
  return (
    uptime.worked === uptime.connections &&
    breaks.count === 0 &&
    recurrences.first.length === 0 &&
    (touchpoints?.rejected ?? 0) === 0 &&
    (costs === null || costs.whole === costs.accounts)
  )
}

function calmLine({ uptime, touchpoints, costs }: Digest): string {
  return [
    `*${workedWords(uptime)}*`,
    touchpoints === null || touchpoints.pushed === 0
      ? ''
      : touchpoints.pushed === 1
        ? '1 touchpoint was pushed.'
        : `${count(touchpoints.pushed)} touchpoints were pushed.`,
    costs === null || costs.amounts.length === 0 ? '' : `Costs are complete: ${amountWords(costs)}.`,
  ]
    .filter((words) => words !== '')
    .join(' ')
}

function uptimeBlocks(digest: Digest, pictureId: string | null): Block[] {
  if (!hasPicture(digest)) return []
  const others = othersWords(digest.uptime)
  if (pictureId !== null) return [image(pictureId, uptimeChart(digest).altText), ...(others === '' ? [] : [context(others)])]
  return [section(...uptimeLines(digest), others)]
}

function rendered(head: readonly Block[], text: string, parts: readonly (Part | null)[]): Rendered {
  const there = parts.filter((part) => part !== null)
  const spoken = (most: number) =>
    [text, ...there.map(({ title, lines }) => `${plainOf(title)}: ${lines(most).filter(Boolean).map(plainOf).join(' ')}`)].join(
      '\n',
    )
  const most = SPOKEN.find((items) => spoken(items).length <= LONGEST_TEXT) ?? 0
  return {
    text: spoken(most),
    blocks: [...head, ...there.map(({ title, lines }) => section(`*${title}*`, ...lines(Number.POSITIVE_INFINITY)))],
  }
}

/** Without formatting, for notifications and screen readers. */
function plainOf(line: string): string {
  return line
    .replace(/:red_circle: /g, '')
    .replaceAll('*', '')
    .replaceAll('`', '')
}
