import { addDays, type Day, dayIn } from '../../domain/day.ts'
import type { Digest, UptimeRow } from '../../domain/digest/digest.ts'
import { instantAt } from '../../domain/local-time.ts'
import { shortDay } from '../days.ts'
import { othersWords, percent, rowWords } from '../digest/uptime-words.ts'
import { plain } from '../mrkdwn.ts'
import type { Chart } from './chart.ts'
import { label, line, picture, rect, widthOf } from './svg.ts'

const WIDTH = 600
const EDGE = 16
const TOP = 44
const ROW = 26
const BAR = 14
const SIZE = 13
const LONGEST_NAME = 22
/** Slack's limit of an image's alternative text. */
const LONGEST = 2000
/** A short time is seen, too. */
const LEAST_WIDTH = 2

const INK = '#3b3f45'
const SOFT = '#6b7078'
const COLOURS = { up: '#a9d3b8', out: '#b3261e', silent: '#e0a030', before: '#eef0f2' }
const LEGEND = { out: 'not working', silent: 'no answer from the provider' } as const

/** Where things stand on the picture. */
interface Plot {
  readonly left: number
  readonly right: number
  x(at: Date): number
}

/** A line for each connection from the beginning of the week to its end, 600 wide. */
export function uptimeChart({ uptime, from, until, timeZone }: Digest): Chart {
  const [start, end] = [new Date(from), new Date(until)]
  const rows = uptime.rows.first
  const names = rows.map(({ name }) => plain(name, LONGEST_NAME))
  const left = EDGE + Math.max(0, ...names.map((name) => widthOf(name, SIZE))) + 10
  const right = WIDTH - EDGE - widthOf('100.0 %', SIZE) - 8
  const x = (at: Date) => left + ((at.getTime() - start.getTime()) / (end.getTime() - start.getTime())) * (right - left)
  const plot = { left, right, x }
  const bottom = TOP + rows.length * ROW
  const title = `Uptime, ${shortDay(dayIn(timeZone, start))} to ${shortDay(dayIn(timeZone, end))}`
  return {
    title,
    altText: altText(title, { uptime }),
    svg: picture(
      WIDTH,
      bottom + 32,
      label(EDGE, 27, title, { 'font-size': 15, fill: INK }),
      ...legend(rows),
      ...rows.flatMap((row, place) => drawRow(row, names[place] ?? '', TOP + place * ROW, plot, end)),
      ...midnights(timeZone, start, end).flatMap((day) => drawMidnight(day, instantAt(timeZone, day, '00:00'), bottom, plot)),
    ),
  }
}

function altText(title: string, { uptime }: Pick<Digest, 'uptime'>): string {
  const each = uptime.rows.first.map((row) => rowWords({ ...row, name: plain(row.name, LONGEST_NAME) })).join('; ')
  return plain(`${title}: ${each}. ${othersWords(uptime)}`, LONGEST)
}

/** Only what occurs, from the right. */
function legend(rows: readonly UptimeRow[]): string[] {
  let x = WIDTH - EDGE
  return (['silent', 'out'] as const)
    .filter((kind) => rows.some(({ spans }) => spans.some((span) => span.kind === kind)))
    .flatMap((kind) => {
      const words = LEGEND[kind]
      const end = x
      x -= widthOf(words, SIZE) + 36
      const sign = rect(end - widthOf(words, SIZE) - 18, 16, 12, 12, { rx: 2, fill: COLOURS[kind] })
      return [sign, label(end, 27, words, { 'font-size': SIZE, fill: SOFT, 'text-anchor': 'end' })]
    })
}

function drawRow(row: UptimeRow, name: string, top: number, { left, right, x }: Plot, end: Date): string[] {
  const y = top + (ROW - BAR) / 2
  const added = row.addedAt === null ? left : x(new Date(row.addedAt))
  return [
    label(left - 10, y + BAR - 2, name, { 'font-size': SIZE, fill: INK, 'text-anchor': 'end' }),
    rect(left, y, right - left, BAR, { class: 'before', rx: 2, fill: COLOURS.before }),
    rect(added, y, Math.max(0, right - added), BAR, { class: 'up', rx: 2, fill: COLOURS.up }),
    ...row.spans.map(({ kind, from, until }) => {
      const width = Math.max(LEAST_WIDTH, x(new Date(until)) - x(new Date(from)))
      const at = Math.min(x(new Date(from)), x(end) - width)
      return rect(at, y, width, BAR, { class: kind, fill: COLOURS[kind] })
    }),
    label(WIDTH - EDGE, y + BAR - 2, percent(row.uptime), {
      'font-size': SIZE,
      fill: row.downMs === 0 ? SOFT : INK,
      'text-anchor': 'end',
    }),
  ]
}

/** Days that begin within the week. */
function midnights(timeZone: string, start: Date, end: Date): Day[] {
  const days: Day[] = []
  for (let day = addDays(dayIn(timeZone, start), 1); day <= dayIn(timeZone, end); day = addDays(day, 1)) days.push(day)
  return days
}

const WEEKDAY = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', weekday: 'short', day: 'numeric' })

function drawMidnight(day: Day, at: Date, bottom: number, { right, x }: Plot): string[] {
  const words = WEEKDAY.format(new Date(`${day}T00:00:00Z`)).replace(',', '')
  const fits = x(at) + widthOf(words, 12) <= right + 40
  return [
    line([x(at), TOP + 2], [x(at), bottom + 4], { stroke: '#ffffff', 'stroke-width': 1 }),
    line([x(at), bottom], [x(at), bottom + 5], { stroke: '#8a9099' }),
    ...(fits ? [label(x(at), bottom + 20, words, { 'font-size': 12, fill: SOFT })] : []),
  ]
}
