import type { PushOn } from '../domain/outbox/push-on.ts'
import { type Rendered, section } from './blocks.ts'
import { accountLine } from './connection-words.ts'
import { date, personOr } from './mrkdwn.ts'

/** What became of pressing Push on. */
export function pushOnReply(outcome: PushOn): Rendered {
  const text = words(outcome)
  return { text, blocks: [section(text)] }
}

function words(outcome: PushOn): string {
  switch (outcome.kind) {
    case 'pushing':
      return `:arrow_forward: Pushing to ${accountLine(outcome.connection)} goes on. What was refused is pushed once somebody presses *Retry these*.`
    case 'already': {
      const { liftedBy, liftedAt } = outcome.stop ?? { liftedBy: null, liftedAt: null }
      const who = liftedAt === null ? '' : `: ${personOr(liftedBy, 'somebody')} let it go on ${date(liftedAt)}`
      return `Pushing to ${accountLine(outcome.connection)} isn’t stopped any more${who}.`
    }
    case 'not_allowed':
      return ':lock: That takes the owner of the connection, a workspace admin, or somebody of `REDKEY_ADMINS`. Please ask one of them.'
    case 'gone':
      return 'This connection does not exist any more.'
    default:
      return outcome satisfies never
  }
}
