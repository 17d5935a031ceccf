import type { CardFacts } from '../domain/cards/card.ts'
import type { CatchUp, Outage } from '../domain/connections/outage.ts'
import { reasonsOf } from '../domain/outbox/reject.ts'
import { accountOf } from './account-of.ts'
import { DETAILS_ACTION } from './action-ids.ts'
import { actions, type Block, button, context, fields, type Rendered, section, sectionWith } from './blocks.ts'
import { closingLine } from './closing.ts'
import { accountLine, accountText } from './connection-words.ts'
import { mentionAll } from './mrkdwn.ts'
import { downloadButton, retryButton } from './reject-buttons.ts'
import { rejectLine, topRejects } from './reject-lines.ts'
import { count, duration, plural, rate } from './words.ts'

/** The final report of a catch-up: every missed touchpoint accounted for. Goes to the thread and to the channel. */
export function report(facts: CardFacts, outage: Outage | null, catchUp: CatchUp): Rendered {
  const { connection, providerLabel: label } = facts
  const whom = mentionAll(facts.mentions)
  const account = accountOf(catchUp)
  const closing = outage === null ? '' : closingLine(outage, facts.now)
  const advice =
    catchUp.rejected === 0 ? '' : `${label} refused ${plural(catchUp.rejected, 'touchpoint')}; the reasons are below.`
  return {
    text: [`📋 ${label} catch-up report for ${accountText(connection)}:`, account, closing, advice, whom]
      .filter(Boolean)
      .join(' '),
    blocks: [
      section(`:clipboard: *${label} catch-up report* ${whom}`.trim(), accountLine(connection), closing),
      section(`*${account}*`),
      ...(catchUp.expected === 0 ? [] : [numbers(catchUp, facts.now)]),
      ...reasons(facts, catchUp),
      actions(
        ...(hasRejects(facts, catchUp) ? [downloadButton(connection.id, null)] : []),
        button('Details', DETAILS_ACTION, { value: connection.id }),
      ),
      ...(catchUp.superseded === 0
        ? []
        : [context('Superseded: a newer version of the same touchpoint came in while it waited, and stands in its place.')]),
    ],
  }
}

function numbers(catchUp: CatchUp, now: Date): Block {
  const tookMs = (catchUp.finishedAt ?? now).getTime() - catchUp.startedAt.getTime()
  const sum = [catchUp.pushed, catchUp.superseded, catchUp.rejected].map(count).join(' + ')
  return fields([
    ['Missed', count(catchUp.expected)],
    ['Pushed + superseded + rejected', sum],
    ['Pushing took', duration(tookMs)],
    ['Speed', rate(catchUp.expected, tookMs)],
  ])
}

function reasons(facts: CardFacts, catchUp: CatchUp): Block[] {
  if (!hasRejects(facts, catchUp)) return []
  const { connection, providerLabel: label } = facts
  const total = facts.backlog.rejected
  const earlier = total > catchUp.rejected ? ` (with ${count(total - catchUp.rejected)} from other times)` : ''
  const { shown, rest } = topRejects(reasonsOf(facts.rejects))
  return [
    section(`*Why ${label} rejected them*${earlier}`),
    ...shown.map((group) => sectionWith(retryButton(connection.id, label, group), rejectLine(group))),
    ...(rest.length === 0 ? [] : [section(...rest)]),
  ]
}

function hasRejects({ rejects }: CardFacts, catchUp: CatchUp): boolean {
  return catchUp.rejected > 0 && rejects.length > 0
}
