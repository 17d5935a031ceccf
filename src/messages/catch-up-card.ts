import type { CardFacts } from '../domain/cards/card.ts'
import type { CatchUp, Outage } from '../domain/connections/outage.ts'
import { DETAILS_ACTION, RESUME_ACTION } from './action-ids.ts'
import { actions, type Button, button, header, type Rendered, section } from './blocks.ts'
import { closingLine } from './closing.ts'
import { accountLine, accountText } from './connection-words.ts'
import { holdLines, plainWords } from './hold-lines.ts'
import { previewBlock } from './push-preview.ts'
import { pushingButtons } from './pushing-buttons.ts'
import { count, duration, plural, rate } from './words.ts'

const BAR_CELLS = 12

/** The authorization is back and what was missed is being pushed: who, after how long, how far, how much longer. */
export function catchUpCard(facts: CardFacts, outage: Outage, catchUp: CatchUp): Rendered {
  const { connection, providerLabel: label } = facts
  const headline = outage.closedHow === 'reauthorized' ? `${label} is authorized again` : `${label} works again`
  const closing = closingLine(outage, facts.now)
  const task = facts.preview ? 'Ready to push what was missed' : 'Pushing what was missed'
  const held = isUp(connection) ? holdLines(facts.holds, label) : []
  return {
    text: `🟢 ${headline}: ${accountText(connection)}. ${closing} ${task}: ${settled(catchUp)} of ${plural(catchUp.expected, 'touchpoint')}. ${plainWords(held)}`.trim(),
    blocks: [
      header(`🟢 ${headline}`),
      section(accountLine(connection), closing),
      section(`*${task}*`, progressBar(catchUp), ...(held.length > 0 ? held : [pace(facts, catchUp)])),
      ...(facts.preview && held.length > 0 ? [previewBlock(facts.preview)] : []),
      actions(
        ...resumeButton(connection),
        ...pushingButtons(connection, facts.holds, true),
        button('Details', DETAILS_ACTION, { value: connection.id }),
      ),
    ],
  }
}

function resumeButton({ id, health }: CardFacts['connection']): Button[] {
  return health.status === 'paused' ? [button('Resume', RESUME_ACTION, { style: 'primary', value: id })] : []
}

function isUp({ health, confirmedAt }: CardFacts['connection']): boolean {
  return health.status === 'connected' && confirmedAt !== null
}

type Numbers = Pick<CatchUp, 'expected' | 'pushed' | 'superseded' | 'rejected'>

function settled(catchUp: Numbers): string {
  return count(done(catchUp))
}

function done(catchUp: Numbers): number {
  return catchUp.pushed + catchUp.superseded + catchUp.rejected
}

/** "▓▓▓▓░░  640 / 1,284" */
export function progressBar(catchUp: Numbers): string {
  return `${bar(catchUp)}  *${settled(catchUp)} / ${count(catchUp.expected)}*`
}

/** Full only when everything is settled. */
function bar(catchUp: Numbers): string {
  const share = catchUp.expected === 0 ? 1 : Math.min(done(catchUp) / catchUp.expected, 1)
  const full = Math.floor(share * BAR_CELLS)
  return '▓'.repeat(full) + '░'.repeat(BAR_CELLS - full)
}

/** How fast and how much longer, or why it stands still. */
function pace(facts: CardFacts, catchUp: CatchUp): string {
  const { connection } = facts
  if (connection.health.status === 'paused') return ':double_vertical_bar: Waiting: somebody has paused the connection.'
  if (connection.health.status !== 'connected')
    return ':double_vertical_bar: Waiting: the connection is down again. It goes on afterwards.'
  if (connection.confirmedAt === null) return ':double_vertical_bar: Waiting until somebody confirms the new connection.'
  const elapsedMs = facts.now.getTime() - catchUp.startedAt.getTime()
  const n = done(catchUp)
  if (n === 0 || elapsedMs <= 0) return 'Starting…'
  const leftMs = (elapsedMs / n) * Math.max(catchUp.expected - n, 0)
  const rejected = catchUp.rejected === 0 ? '' : ` · ${count(catchUp.rejected)} rejected`
  return `${rate(n, elapsedMs)} · about ${duration(leftMs)} left${rejected}`
}
