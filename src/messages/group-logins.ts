import type { CardGroup, CardLogin } from '../domain/cards/card-group.ts'
import { REAUTHORIZE_ACTION, REAUTHORIZE_ACTIONS, writeReauthorizeValue } from './action-ids.ts'
import { type Button, button } from './blocks.ts'
import { plain } from './mrkdwn.ts'
import { count, plural } from './words.ts'

/** "One Google Ads login broke 6 connections: *one reconnect fixes all.*", or that each of several logins is needed. */
export function loginWords({ logins }: CardGroup, label: string): string {
  const needed = logins.reduce((sum, login) => sum + login.count, 0)
  if (logins.length === 0) return ''
  if (logins.length === 1 && needed === 1) return ''
  if (logins.length === 1) return `One ${label} login broke ${count(needed)} connections: *one reconnect fixes all.*`
  const offered = Math.min(logins.length, REAUTHORIZE_ACTIONS.length)
  const rest = logins.length - offered
  return (
    `${plural(logins.length, 'login')} of one app broke: *each of them is needed once.*` +
    (rest === 0
      ? ''
      : ` The buttons are for the ${offered} that bring back the most; *All connections* has the other ${count(rest)}.`)
  )
}

/** One button where one login fixes all, else one for each login. */
export function loginButtons({ logins, offered }: CardGroup, label: string): Button[] {
  const isOne = logins.length === 1
  return offered.flatMap((login, place) => {
    const actionId = REAUTHORIZE_ACTIONS[place]
    return actionId === undefined ? [] : [loginButton(login, isOne ? 'Reauthorize' : nameOf(login), actionId, label)]
  })
}

function loginButton(login: CardLogin, text: string, actionId: (typeof REAUTHORIZE_ACTIONS)[number], label: string): Button {
  return button(text, actionId, {
    ...(actionId === REAUTHORIZE_ACTION && { style: 'primary' as const }),
    value: writeReauthorizeValue({ outageId: login.outageId, connectionName: login.connection.name }),
    accessibility_label: `Reauthorize: opens the ${label} login`,
    ...(login.url === null ? {} : { url: login.url }),
  })
}

/** At most 75 characters. Plain text can't mention anybody; brackets would only look as if it did. */
function nameOf({ username, connection, count: connections }: CardLogin): string {
  const who = plain((username || connection.accountName).replace(/[<>]/g, ''), 40)
  return connections === 1 ? `Reauthorize ${who}` : `Reauthorize ${who} (${count(connections)})`
}
