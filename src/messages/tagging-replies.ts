import type { TaggingFormRead } from '../domain/tags/change-tagging.ts'
import { type Rendered, section } from './blocks.ts'
import { accountLine } from './connection-words.ts'
import { refused } from './refused.ts'

/** Why there is no form of auto-tagging. */
export function noTaggingReply(read: Exclude<TaggingFormRead, { kind: 'found' }>): Rendered {
  switch (read.kind) {
    case 'not_allowed':
      return refused(read.reason)
    case 'gone':
      return said('This connection does not exist any more.')
    case 'no_ads':
      return said(
        `${accountLine(read.connection)} is no ad platform that can be tagged: only ads have URL parameters, and its provider must be set up.`,
      )
    default:
      return read satisfies never
  }
}

function said(text: string): Rendered {
  return { text, blocks: [section(text)] }
}
