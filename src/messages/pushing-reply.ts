import type { PushingChange, PushingChanged } from '../domain/outbox/change-pushing.ts'
import { type Rendered, section } from './blocks.ts'
import { accountLine, isUnconfirmed } from './connection-words.ts'
import { holdsText } from './hold-lines.ts'
import { date, personOr } from './mrkdwn.ts'
import { refused } from './refused.ts'

/** What became of pressing *Hold pushing*, *Push on* or *Push now*. */
export function pushingReply(what: PushingChange, outcome: PushingChanged): Rendered {
  if (outcome.kind === 'not_allowed') return refused(outcome.reason)
  const text = words(what, outcome)
  return { text, blocks: [section(text)] }
}

const ALREADY = { pause: 'put on hold', resume: 'released', push_now: 'released' } as const

function words(what: PushingChange, outcome: Exclude<PushingChanged, { kind: 'not_allowed' }>): string {
  switch (outcome.kind) {
    case 'done':
      return done(what, outcome)
    case 'already': {
      const who = outcome.by === null ? '' : ` by ${personOr(outcome.by, 'somebody')}`
      const when = outcome.at === null ? '' : ` ${date(outcome.at)}`
      return `Pushing to ${accountLine(outcome.connection)} was already ${ALREADY[what]}${who}${when}.`
    }
    case 'nothing_waits':
      return `There is nothing to hold: nothing waits for ${accountLine(outcome.connection)}.`
    case 'gone':
      return 'This connection does not exist any more.'
    default:
      return outcome satisfies never
  }
}

function done(what: PushingChange, { connection, holds }: Extract<PushingChanged, { kind: 'done' }>): string {
  const account = accountLine(connection)
  if (what === 'pause') {
    return `:raised_hand: Pushing to ${account} is on hold: what is under way ends, and nothing more is sent. Everything that comes in is kept.`
  }
  if (holds.length > 0) return `Noted for ${account}, but nothing is pushed yet: ${holdsText(holds)}.`
  if (connection.health.status !== 'connected') return `:arrow_forward: What waits for ${account} is pushed once it works again.`
  return isUnconfirmed(connection)
    ? `:arrow_forward: What waits for ${account} is pushed once somebody presses Start pushing.`
    : `:arrow_forward: Pushing to ${account} goes on now.`
}
