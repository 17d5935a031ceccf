import type { Connection } from '../domain/connections/connection.ts'
import type { GroupRetry } from '../domain/outbox/move-rejects.ts'
import { type Rendered, section } from './blocks.ts'
import { accountLine, isUnconfirmed } from './connection-words.ts'
import type { Look } from './look.ts'
import { escapeMrkdwn } from './mrkdwn.ts'
import { refused } from './refused.ts'
import { plural } from './words.ts'

/** What became of pressing *Retry these*. */
export function retryReply(outcome: GroupRetry, look: Look): Rendered {
  if (outcome.kind === 'not_allowed') return refused(outcome.reason)
  const text = words(outcome, look)
  return { text, blocks: [section(text)] }
}

function words(outcome: Exclude<GroupRetry, { kind: 'not_allowed' }>, look: Look): string {
  switch (outcome.kind) {
    case 'retried': {
      const { connection, count } = outcome
      const wait = `${plural(count, 'touchpoint')} ${count === 1 ? 'waits' : 'wait'} again for ${accountLine(connection)}`
      return `:arrows_counterclockwise: ${wait}. ${whenPushed(connection, outcome.isHeld)} What is still refused comes back to ${list(connection, look)}.`
    }
    case 'none':
      return `Nothing is rejected for that reason any more. ${list(outcome.connection, look)} shows what is.`
    case 'gone':
      return 'This connection does not exist any more.'
    default:
      return outcome satisfies never
  }
}

function whenPushed(connection: Connection, isHeld: boolean): string {
  if (connection.health.status === 'paused') return 'They are pushed once somebody resumes the connection.'
  if (connection.health.status !== 'connected') return 'They are pushed once the connection works again.'
  if (isHeld) return 'They are pushed once pushing goes on; *Details* on the card says when.'
  return isUnconfirmed(connection) ? 'They are pushed once somebody presses Start pushing.' : 'They are pushed now.'
}

function list(connection: Connection, look: Look): string {
  return `\`${look.command} rejects ${escapeMrkdwn(connection.name)}\``
}
