import type { CardFacts } from '../domain/cards/card.ts'
import type { CatchUp, Outage } from '../domain/connections/outage.ts'
import { accountOf } from './account-of.ts'
import { DETAILS_ACTION } from './action-ids.ts'
import { actions, button, context, header, type Rendered, section } from './blocks.ts'
import { closingLine } from './closing.ts'
import { accountLine, accountText } from './connection-words.ts'
import { costLines, tagLines } from './gap-lines.ts'
import { holdLines, plainWords } from './hold-lines.ts'
import { date, escapeMrkdwn } from './mrkdwn.ts'
import { pushingButtons } from './pushing-buttons.ts'

/** The outage is over and nothing is left to push. */
export function doneCard(facts: CardFacts, outage: Outage, catchUp: CatchUp | null): Rendered {
  const { connection, providerLabel: label } = facts
  const headline = outage.closedHow === 'reauthorized' ? `${label} is authorized again` : `${label} works again`
  const closing = closingLine(outage, facts.now)
  const byPeople = facts.holds.filter(({ reason }) => reason === 'paused' || reason === 'ask')
  const account = catchUp === null ? '' : accountOf(catchUp)
  const gap = gapWords(facts)
  return {
    text: `✅ ${headline}: ${accountText(connection)}. ${closing} ${account} ${plainWords([gap])}`.trim(),
    blocks: [
      header(`✅ ${headline}`),
      section(accountLine(connection), closing),
      ...(account === '' ? [] : [section(`*${account}*`)]),
      ...(gap === '' ? [] : [section(gap)]),
      ...(byPeople.length === 0 ? [] : [section(...holdLines(byPeople, label))]),
      actions(...pushingButtons(connection, byPeople, false), button('Details', DETAILS_ACTION, { value: connection.id })),
      context(
        `Last worked ${date(outage.lastProofAt)}, noticed ${date(outage.openedAt)}, back ${date(outage.closedAt ?? facts.now)}.`,
      ),
    ],
  }
}

/** Of an ad platform: whether what was missed is there. The report has the rest. */
function gapWords({ ads, providerLabel: label }: CardFacts): string {
  const gap = ads?.gap ?? null
  if (gap === null) return ''
  const costs = gap.costs === null ? [] : costLines(gap.costs, label).slice(0, 1)
  const tags = gap.tags === null ? [] : tagLines(gap.tags).slice(0, 1)
  if (gap.finishedAt !== null) return [...costs, ...tags].join(' ')
  const trouble = ads?.costsTrouble ?? null
  const slow = gap.costs === null && trouble !== null ? ` The last try failed: ${escapeMrkdwn(trouble, 200)}` : ''
  return `:hourglass_flowing_sand: Downloading what was missed.${slow}`
}
