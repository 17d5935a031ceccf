import type { Confirmation } from '../domain/connections/confirm.ts'
import { type Rendered, section } from './blocks.ts'
import { accountLine } from './connection-words.ts'
import { date, personOr } from './mrkdwn.ts'

/** What became of pressing Start pushing. */
export function confirmReply(outcome: Confirmation): Rendered {
  const text = words(outcome)
  return { text, blocks: [section(text)] }
}

function words(outcome: Confirmation): string {
  switch (outcome.kind) {
    case 'confirmed':
      return `:white_check_mark: Pushing to ${accountLine(outcome.connection)} begins now.`
    case 'already': {
      const { confirmedBy, confirmedAt } = outcome.connection
      const when = confirmedAt === null ? '' : ` ${date(confirmedAt)}`
      return `${accountLine(outcome.connection)} was confirmed already by ${personOr(confirmedBy, 'somebody')}${when}.`
    }
    case 'not_allowed':
      return ':lock: Starting takes a workspace admin, unless whoever runs Redkey has named other people for it (`REDKEY_ADMINS`). Please ask one of them.'
    case 'gone':
      return 'This connection does not exist any more.'
    default:
      return outcome satisfies never
  }
}
