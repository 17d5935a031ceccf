import type { CardFacts } from '../domain/cards/card.ts'
import type { Outage } from '../domain/connections/outage.ts'
import { DETAILS_ACTION } from './action-ids.ts'
import { actions, button, context, header, type Rendered, section } from './blocks.ts'
import { accountLine } from './connection-words.ts'
import { impact, impactText } from './impact.ts'
import { date, escapeMrkdwn } from './mrkdwn.ts'
import { settingsAdvice } from './settings-advice.ts'

/** Our own app registration at the provider is wrong: one card for all connections of it, for whoever runs Redkey. */
export function misconfiguredCard(facts: CardFacts, outage: Outage): Rendered {
  const { connection, providerLabel: label } = facts
  const after = 'once it is fixed'
  const explanation = escapeMrkdwn(outage.explanation, 300)
  return {
    text: [
      `🔧 Redkey's ${label} set-up has a problem, noticed ${date(outage.openedAt)}, and every ${label} connection of this app is affected.`,
      `${explanation} Whoever runs Redkey has to fix it; logging in again does not help.`,
      impactText(facts, after),
    ].join(' '),
    blocks: [
      header(`🔧 Redkey's ${label} set-up has a problem`),
      section(
        `For whoever runs Redkey; noticed ${date(outage.openedAt)}. Logging in again does not help.`,
        `First noticed with ${accountLine(connection)}`,
      ),
      section(`*What ${label} says*\n${explanation}`),
      section(
        `*What to do*\n${settingsAdvice(outage.cause, outage.explanation, connection.provider, label)} Then restart Redkey; \`npm run redkey -- doctor\` checks it.`,
      ),
      section(`*What this means for ${escapeMrkdwn(connection.accountName)}*`, ...impact(facts, after)),
      actions(button('Details', DETAILS_ACTION, { value: connection.id })),
      context(`This one card stands for all ${label} connections that use the same app.`),
    ],
  }
}
