import type { CardFacts } from '../domain/cards/card.ts'
import type { Outage } from '../domain/connections/outage.ts'
import { DETAILS_ACTION, REAUTHORIZE_ACTION, writeReauthorizeValue } from './action-ids.ts'
import { actionsOf, button, context, fields, header, type Rendered, section } from './blocks.ts'
import { authorizationAdvice, crowdedOutWords } from './causes.ts'
import { accountLine, accountText } from './connection-words.ts'
import { escalationBlockId, escalationButtons, escalationLines, isClaimed } from './escalation-lines.ts'
import { plainWords } from './hold-lines.ts'
import { impact, impactText } from './impact.ts'
import type { Look } from './look.ts'
import { date, escapeMrkdwn, mentionAll } from './mrkdwn.ts'
import { whichLogin } from './which-login.ts'

/** A connection whose login is dead: what, since when, why, what it costs, and the button that fixes it. */
export function redCard(facts: CardFacts, outage: Outage, look: Look): Rendered {
  const { connection, providerLabel: label } = facts
  const after = 'after reauthorization'
  const why = `${escapeMrkdwn(outage.explanation, 300)} ${authorizationAdvice(outage.cause, label)}`
  const whom = mentionAll(facts.mentions)
  return {
    text: [
      `🔑 ${whom} ${label} needs authorization: ${accountText(connection)}, Authorization Required, noticed ${date(outage.openedAt)}.`,
      impactText(facts, after),
      plainWords(escalationLines(facts)),
      'Press Reauthorize to log in again.',
    ]
      .filter(Boolean)
      .join(' '),
    blocks: [
      header(`🔑 ${label} needs authorization`),
      section(
        `${look.redKey} *Authorization Required*, noticed ${date(outage.openedAt)}`,
        accountLine(connection),
        isClaimed(facts) || whom === '' ? '' : `${whom}, please log in again.`,
        ...escalationLines(facts),
      ),
      fields([
        ['Last time it worked', date(outage.lastProofAt)],
        ['Logged in as', escapeMrkdwn(facts.username) || 'unknown'],
      ]),
      section(`*Why*\n${why}`, crowdedOutWords(facts.crowdedOut, label)),
      section(`*What this means*`, ...impact(facts, after)),
      actionsOf(
        escalationBlockId(facts),
        button('Reauthorize', REAUTHORIZE_ACTION, {
          style: 'primary',
          value: writeReauthorizeValue({ outageId: outage.id, connectionName: connection.name }),
          accessibility_label: `Reauthorize: opens the ${label} login`,
          ...(facts.reauthorizeUrl === null ? {} : { url: facts.reauthorizeUrl }),
        }),
        ...escalationButtons(facts),
        button('Details', DETAILS_ACTION, { value: connection.id }),
      ),
      context(
        outage.loginBegunAt === null
          ? whichLogin(connection, label)
          : `:hourglass_flowing_sand: Somebody opened the login ${date(outage.loginBegunAt)}.`,
      ),
    ],
  }
}
