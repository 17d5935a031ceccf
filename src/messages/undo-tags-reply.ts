import type { Undoing } from '../domain/tags/undo-tags.ts'
import { type Rendered, section } from './blocks.ts'
import { accountLine } from './connection-words.ts'
import { code, date, escapeMrkdwn, personOr } from './mrkdwn.ts'
import { refused } from './refused.ts'

/** What became of pressing *Take back*. */
export function undoTagsReply(outcome: Undoing): Rendered {
  if (outcome.kind === 'not_allowed') return refused(outcome.reason)
  const text = words(outcome)
  return { text, blocks: [section(text)] }
}

function words(outcome: Exclude<Undoing, { kind: 'not_allowed' }>): string {
  switch (outcome.kind) {
    case 'undone':
      return `:leftwards_arrow_with_hook: ${code(outcome.change.added, 400)} is taken back at ${escapeMrkdwn(outcome.change.targetName)} (${accountLine(outcome.connection)}). Redkey does not set it there again until somebody saves the settings of auto-tagging.`
    case 'already': {
      const { undoneBy, undoneAt } = outcome.change
      return `That was taken back already, by ${personOr(undoneBy, 'somebody')}${undoneAt === null ? '' : ` ${date(undoneAt)}`}.`
    }
    case 'changed_since':
      return `:warning: ${escapeMrkdwn(outcome.change.targetName)} does not show any more what Redkey set, so there is nothing to take back. Please look at it there.`
    case 'provider_refused':
      return `:warning: It could not be taken back for ${accountLine(outcome.connection)}: ${escapeMrkdwn(outcome.verdict.explanation, 300)} Please try again later.`
    case 'gone':
      return 'This connection does not exist any more.'
    default:
      return outcome satisfies never
  }
}
