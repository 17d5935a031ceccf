import type { Digest, UptimeRow } from '../../domain/digest/digest.ts'
import { percent } from '../digest/uptime-words.ts'
import { escapeMrkdwn } from '../mrkdwn.ts'

/** Characters of a week, eight hours each: with a name they fit into a line of a phone. */
const SIGNS = 21
const LINES = 8
const UP = '▁'
const PARTLY = '▄'
const DOWN = '█'
const BEFORE = '·'

/** The same as the picture in characters: a line for each connection that did not work all the time, as mrkdwn. */
export function uptimeLines({ uptime, from, until }: Pick<Digest, 'uptime' | 'from' | 'until'>): string[] {
  const down = uptime.rows.first.filter(({ downMs }) => downMs > 0).slice(0, LINES)
  if (down.length === 0) return []
  const start = Date.parse(from)
  const slot = (Date.parse(until) - start) / SIGNS
  const lines = down.map((row) => {
    const signs = Array.from({ length: SIGNS }, (_, place) => sign(row, start + place * slot, slot)).join('')
    return `\`${signs}\` ${percent(row.uptime)} ${escapeMrkdwn(row.name, 30)}`
  })
  return [...lines, `The last 7 days; \`${DOWN}\` not working, \`${PARTLY}\` for a part of these 8 hours`]
}

function sign({ spans, addedAt }: UptimeRow, from: number, slot: number): string {
  if (addedAt !== null && from + slot <= Date.parse(addedAt)) return BEFORE
  const downMs = spans.reduce((sum, span) => {
    const overlap = Math.min(Date.parse(span.until), from + slot) - Math.max(Date.parse(span.from), from)
    return sum + Math.max(0, overlap)
  }, 0)
  if (downMs === 0) return UP
  return downMs > slot * 0.9 ? DOWN : PARTLY
}
