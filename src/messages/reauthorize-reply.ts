import type { ReauthorizeLink } from '../domain/access/links.ts'
import { REAUTHORIZE_ACTION, writeReauthorizeValue } from './action-ids.ts'
import { button, context, type Rendered, section, sectionWith } from './blocks.ts'
import { accountLine, accountText } from './connection-words.ts'
import { overWords } from './escalation-reply.ts'
import type { Look } from './look.ts'
import { refused } from './refused.ts'
import { unknownConnection } from './unknown-command.ts'
import { whichLogin } from './which-login.ts'
import { duration } from './words.ts'

/** A personal link with which somebody logs in again. */
export function reauthorizeReply(link: ReauthorizeLink, typed: string, look: Look): Rendered {
  switch (link.kind) {
    case 'link':
      return personalLink(link)
    case 'unknown':
      return unknownConnection(typed, link.nearest, 'reauthorize', look)
    case 'over': {
      const text = overWords(link.outage)
      return { text, blocks: [section(text)] }
    }
    case 'not_allowed':
      return refused(link.reason)
    default:
      return link satisfies never
  }
}

function personalLink({ url, connection, outageId, expiresInMs }: Extract<ReauthorizeLink, { kind: 'link' }>): Rendered {
  const value = writeReauthorizeValue({ outageId, connectionName: connection.name })
  const life = `The link works for ${duration(expiresInMs)}.`
  return {
    text: `Log in again to ${accountText(connection)} with the Reauthorize button. ${life}`,
    blocks: [
      sectionWith(
        button('Reauthorize', REAUTHORIZE_ACTION, { style: 'primary', url, value }),
        `Log in again to ${accountLine(connection)}.`,
      ),
      context(`${life} ${whichLogin(connection, null)}`),
    ],
  }
}
