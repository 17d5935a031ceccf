import type { CardFacts } from '../domain/cards/card.ts'
import type { CatchUp, Outage } from '../domain/connections/outage.ts'
import { accountOf } from './account-of.ts'
import { DETAILS_ACTION } from './action-ids.ts'
import { actions, button, header, type Rendered, section } from './blocks.ts'
import { accountLine, accountText } from './connection-words.ts'
import { holdLines, plainWords } from './hold-lines.ts'
import { date } from './mrkdwn.ts'
import { previewBlock } from './push-preview.ts'
import { pushingButtons } from './pushing-buttons.ts'
import { count, duration } from './words.ts'

/** A red card that turned out wrong: it says so instead of vanishing. */
export function withdrawnCard(facts: CardFacts, outage: Outage, catchUp: CatchUp | null): Rendered {
  const { connection, providerLabel: label } = facts
  const closedAt = outage.closedAt ?? facts.now
  const lasted = duration(closedAt.getTime() - outage.openedAt.getTime())
  const sorry = `The login works after all: ${label} answers again since ${date(closedAt)}. Nobody needs to log in. Sorry for the alarm, which stood for ${lasted}.`
  const pushed = progress(catchUp)
  const isRunning = catchUp !== null && catchUp.finishedAt === null
  const held = isRunning ? holdLines(facts.holds, label) : []
  return {
    text: `↩️ Withdrawn: ${accountText(connection)} needs no authorization. ${sorry} ${pushed} ${plainWords(held)}`.trim(),
    blocks: [
      header(`↩️ ${label} needs no authorization after all`),
      section(accountLine(connection), sorry),
      ...(pushed === '' ? [] : [section(pushed, ...held)]),
      ...(isRunning && facts.preview ? [previewBlock(facts.preview)] : []),
      actions(...pushingButtons(connection, facts.holds, isRunning), button('Details', DETAILS_ACTION, { value: connection.id })),
    ],
  }
}

function progress(catchUp: CatchUp | null): string {
  if (catchUp === null || catchUp.expected === 0) return ''
  if (catchUp.finishedAt !== null) return accountOf(catchUp)
  const done = catchUp.pushed + catchUp.superseded + catchUp.rejected
  return `Pushing what waited meanwhile: ${count(done)} / ${count(catchUp.expected)}.`
}
