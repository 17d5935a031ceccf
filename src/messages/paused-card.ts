import type { CardFacts } from '../domain/cards/card.ts'
import type { Outage } from '../domain/connections/outage.ts'
import { DETAILS_ACTION, REAUTHORIZE_ACTION, RESUME_ACTION, writeReauthorizeValue } from './action-ids.ts'
import { actions, type Button, button, header, type Rendered, section } from './blocks.ts'
import { accountLine, accountText } from './connection-words.ts'
import { date, escapeMrkdwn, personOr } from './mrkdwn.ts'
import { count } from './words.ts'

/** A connection that was down already when a person paused it: nobody is asked for anything until somebody lets it go on. */
export function pausedCard(facts: CardFacts, outage: Outage): Rendered {
  const { connection, providerLabel: label } = facts
  const paused = `*Paused* by ${personOr(connection.pausedBy, 'somebody')} ${date(connection.health.since)}`
  const before =
    outage.kind === 'authorization'
      ? `It has needed authorization since ${date(outage.openedAt)}`
      : `A right has been missing since ${date(outage.openedAt)}`
  const why = `${before}: ${escapeMrkdwn(outage.explanation, 200)}`
  return {
    text: `⏸️ ${label} is paused: ${accountText(connection)}. ${paused.replaceAll('*', '')}. ${meaning(facts)} ${why}`,
    blocks: [
      header(`⏸️ ${label} is paused`),
      section(accountLine(connection), `:double_vertical_bar: ${paused}. ${meaning(facts)}`),
      section(why),
      actions(
        button('Resume', RESUME_ACTION, { style: 'primary', value: connection.id }),
        ...reauthorizeButton(facts, outage),
        button('Details', DETAILS_ACTION, { value: connection.id }),
      ),
    ],
  }
}

/** Without an address it asks for a personal link. */
function reauthorizeButton({ connection, providerLabel, reauthorizeUrl: url }: CardFacts, { id, kind }: Outage): Button[] {
  if (kind !== 'authorization' && url === null) return []
  const value = writeReauthorizeValue({ outageId: id, connectionName: connection.name })
  const label = `Reauthorize: opens the ${providerLabel} login`
  return [button('Reauthorize', REAUTHORIZE_ACTION, { value, accessibility_label: label, ...(url === null ? {} : { url }) })]
}

function meaning({ connection, backlog }: CardFacts): string {
  if (connection.kind === 'ads') return 'No costs are downloaded and no ads are tagged until somebody resumes it.'
  const { waiting } = backlog
  const kept =
    waiting === 0
      ? 'what comes in is kept'
      : `*${count(waiting)} ${waiting === 1 ? 'is' : 'are'} waiting*, and what comes in is kept`
  return `Nothing is pushed until somebody resumes it; ${kept}.`
}
