import type { PushPreview } from '../domain/outbox/push-preview.ts'
import { type Block, fields } from './blocks.ts'
import { code, date } from './mrkdwn.ts'
import { count, list } from './words.ts'

/** What would be pushed, for whoever decides. */
export function previewBlock(preview: PushPreview): Block {
  const { waiting, firstAcceptedAt, lastAcceptedAt, objects, requests, requestsLeft, exampleIds } = preview
  const first = date(firstAcceptedAt)
  const last = date(lastAcceptedAt)
  const left = requestsLeft === null ? '' : `; the budget has room for ${count(requestsLeft)} now`
  return fields([
    ['Waiting', `${count(waiting)} ${waiting === 1 ? 'touchpoint' : 'touchpoints'}`],
    ['Came in', first === last ? first : `${first} to ${last}`],
    [
      'Goes to',
      list(
        objects.map((object) => code(object)),
        'or',
      ),
    ],
    ['API requests', `about ${count(requests)}${left}`],
    ['For example', exampleIds.map((id) => code(id, 40)).join(', ')],
  ])
}
