import type { ConnectionRemoved } from '../domain/cards/card.ts'
import { header, type Rendered, section } from './blocks.ts'
import { code, escapeMrkdwn, personOr } from './mrkdwn.ts'
import { count } from './words.ts'

/** Somebody took a connection away: one line in the channel, and what its open card says from then on. */
export function connectionRemoved(removed: ConnectionRemoved): Rendered {
  const { isCard, provider, account } = removed
  const who = personOr(removed.by, 'Somebody')
  const which = `${code(removed.name)} (${provider}, ${escapeMrkdwn(account)})`
  if (!isCard) {
    const text = `:wastebasket: ${who} removed the connection ${which}. ${lost(removed)}`.trim()
    return { text, blocks: [section(text)] }
  }
  const text = `${who} removed the connection ${which}. There is nothing left to do here. ${lost(removed)}`.trim()
  return { text: `🗑️ ${text}`, blocks: [header(`🗑️ ${provider} connection removed`), section(text)] }
}

function lost({ waiting, rejected }: ConnectionRemoved): string {
  const n = waiting + rejected
  if (n === 0) return ''
  return n === 1
    ? 'One touchpoint that was not pushed went with it.'
    : `${count(n)} touchpoints that were not pushed went with it.`
}
