import type { CardFacts } from '../domain/cards/card.ts'
import type { Outage } from '../domain/connections/outage.ts'
import type { Gap } from '../domain/gaps/gap.ts'
import { DETAILS_ACTION } from './action-ids.ts'
import { actions, button, context, type Rendered, section } from './blocks.ts'
import { closingLine } from './closing.ts'
import { accountLine, accountText } from './connection-words.ts'
import { costLines, tagLines } from './gap-lines.ts'
import { plainWords } from './hold-lines.ts'
import { mentionAll } from './mrkdwn.ts'

/** What an outage of an ad platform left out, and what was filled. Goes to the thread and to the channel. */
export function gapReport(facts: CardFacts, outage: Outage | null, gap: Gap): Rendered {
  const { connection, providerLabel: label } = facts
  const whom = mentionAll(facts.mentions)
  const closing = outage === null ? '' : closingLine(outage, facts.now)
  const costs = gap.costs === null ? [] : costLines(gap.costs, label)
  const tags = gap.tags === null ? [] : tagLines(gap.tags)
  return {
    text: [
      `📊 ${label} gap report for ${accountText(connection)}:`,
      plainWords([...costs.slice(0, 1), ...tags.slice(0, 1)]),
      whom,
    ]
      .filter(Boolean)
      .join(' '),
    blocks: [
      section(`:bar_chart: *${label} gap report* ${whom}`.trim(), accountLine(connection), closing),
      ...(costs.length === 0 ? [] : [section('*Costs*', ...costs)]),
      ...(tags.length === 0 ? [] : [section('*Ads*', ...tags)]),
      actions(button('Details', DETAILS_ACTION, { value: connection.id })),
      ...(gap.costs === null || gap.costs.restated.length === 0
        ? []
        : [
            context(`Restated: ${label} has changed amounts that it had told before, by taking back invalid clicks for example.`),
          ]),
    ],
  }
}
