import type { CardFacts } from '../domain/cards/card.ts'
import type { Connection } from '../domain/connections/connection.ts'
import { CONFIRM_CONNECTION_ACTION, DETAILS_ACTION } from './action-ids.ts'
import { actions, type Button, button, fields, header, type Rendered, section } from './blocks.ts'
import { isConfirmedByAdding, isUnconfirmed } from './connection-words.ts'
import { code, date, escapeMrkdwn, personOr } from './mrkdwn.ts'

/** A connection was added: which account, whose login, who added it. A CRM pushes nothing until somebody has confirmed it here. */
export function welcome(facts: CardFacts): Rendered {
  const { connection, providerLabel: label } = facts
  const environment = connection.environment === 'sandbox' ? 'Sandbox' : 'Production'
  const who = personOr(connection.addedBy, 'somebody')
  const next = whatNext(connection, label)
  const org = `${escapeMrkdwn(connection.accountName)} (${environment.toLowerCase()})`
  return {
    text: `🔌 ${label} was connected by ${who}: ${org}, logged in as ${escapeMrkdwn(facts.username)}. ${next}`,
    blocks: [
      header(`🔌 ${label} connected`),
      fields([
        ['Account', escapeMrkdwn(connection.accountName) || 'unknown'],
        ['Environment', connection.environment === 'sandbox' ? ':test_tube: Sandbox' : ':office: Production'],
        ['Logged in as', escapeMrkdwn(facts.username) || 'unknown'],
        ['Added by', `${who}, ${date(connection.addedAt)}`],
        ['Connection', code(connection.name)],
      ]),
      section(next),
      actions(...buttons(connection)),
    ],
  }
}

function whatNext(connection: Connection, label: string): string {
  if (connection.kind === 'ads') return 'Redkey looks after this login and tells this channel when it needs authorization.'
  if (connection.confirmedAt === null) {
    return (
      `:warning: *Nothing is pushed yet.* Check that this is the right ${label} account, then press *Start pushing*. ` +
      'That takes a workspace admin, unless whoever runs Redkey has named other people for it.'
    )
  }
  if (isConfirmedByAdding(connection)) return ':white_check_mark: Touchpoints are pushed to it from now on.'
  return `:white_check_mark: Pushing touchpoints to it, confirmed by ${personOr(connection.confirmedBy, 'somebody')} ${date(connection.confirmedAt)}.`
}

function buttons(connection: Connection): Button[] {
  const details = button('Details', DETAILS_ACTION, { value: connection.id })
  if (!isUnconfirmed(connection)) return [details]
  return [button('Start pushing', CONFIRM_CONNECTION_ACTION, { style: 'primary', value: connection.id }), details]
}
