import type { CardFacts } from '../domain/cards/card.ts'
import type { Outage } from '../domain/connections/outage.ts'
import { DETAILS_ACTION, REAUTHORIZE_ACTION, writeReauthorizeValue } from './action-ids.ts'
import { actionsOf, button, fields, header, type Rendered, section } from './blocks.ts'
import { permissionAdvice } from './causes.ts'
import { accountLine, accountText } from './connection-words.ts'
import { escalationBlockId, escalationButtons, escalationLines } from './escalation-lines.ts'
import { plainWords } from './hold-lines.ts'
import { impact, impactText } from './impact.ts'
import type { Look } from './look.ts'
import { date, escapeMrkdwn } from './mrkdwn.ts'

/** The login lives, but a right is missing: no red key, since logging in again as the same person does not help. */
export function permissionCard(facts: CardFacts, outage: Outage, look: Look): Rendered {
  const { connection, providerLabel: label } = facts
  const after = 'once the right is there'
  const explanation = escapeMrkdwn(outage.explanation, 300)
  const advice = permissionAdvice(outage.cause, label)
  return {
    text: [
      `⛔ ${label} refuses part of the work: ${accountText(connection)}, noticed ${date(outage.openedAt)}. ${explanation} ${advice}`,
      impactText(facts, after),
      plainWords(escalationLines(facts)),
    ]
      .filter(Boolean)
      .join(' '),
    blocks: [
      header(`⛔ ${label}: a right is missing`),
      section(`*Permission missing*, noticed ${date(outage.openedAt)}`, accountLine(connection), ...escalationLines(facts)),
      fields([
        ['User without the right', escapeMrkdwn(facts.username) || 'unknown'],
        ['Last time it worked', date(outage.lastProofAt)],
      ]),
      section(`*What is missing*\n${explanation}`),
      section(`*Who can fix it*\n${advice} Redkey notices by itself.`, otherLogin(facts, outage, look)),
      section(`*What this means*`, ...impact(facts, after)),
      actionsOf(
        escalationBlockId(facts),
        ...(facts.reauthorizeUrl === null
          ? []
          : [
              button('Reauthorize as somebody else', REAUTHORIZE_ACTION, {
                value: writeReauthorizeValue({ outageId: outage.id, connectionName: connection.name }),
                url: facts.reauthorizeUrl,
              }),
            ]),
        ...escalationButtons(facts),
        button('Details', DETAILS_ACTION, { value: connection.id }),
      ),
    ],
  }
}

/** The same login again does not help; another one does, by the button or, where there is none, by the command. */
function otherLogin({ connection, reauthorizeUrl }: CardFacts, { cause }: Outage, look: Look): string {
  if (cause === 'admin_blocked') return 'Logging in again does not help before that, whoever does it.'
  const how = reauthorizeUrl === null ? `: \`${look.command} reauthorize ${escapeMrkdwn(connection.name)}\`.` : '.'
  return `Logging in again as the same user does not help. Somebody who has the right can log in instead${how}`
}
