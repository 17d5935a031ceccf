import { type RejectReason, reasonId } from '../domain/outbox/reject.ts'
import { DOWNLOAD_REJECTS_ACTION, RETRY_REJECTS_ACTION, writeRetryRejectsValue } from './action-ids.ts'
import { type Button, button } from './blocks.ts'
import { plain } from './mrkdwn.ts'
import { count } from './words.ts'

/** Above so many a click is asked back. */
const MANY = 100

/** *Retry these*, for the rejects of one reason. */
export function retryButton(connectionId: string, providerLabel: string, group: RejectReason): Button {
  const many = count(group.count)
  return button('Retry these', RETRY_REJECTS_ACTION, {
    value: writeRetryRejectsValue({ connectionId, groupId: reasonId(group) }),
    accessibility_label: `Retry ${many} rejected for ${plain(group.code, 40)}`,
    ...(group.count > MANY
      ? {
          confirm: {
            title: { type: 'plain_text', text: `Retry ${many} touchpoints?`, emoji: true },
            text: {
              type: 'plain_text',
              text: `They are pushed to ${providerLabel} once more. What it still refuses comes back to the list.`,
              emoji: true,
            },
            confirm: { type: 'plain_text', text: 'Retry them', emoji: true },
            deny: { type: 'plain_text', text: 'Not now', emoji: true },
          },
        }
      : {}),
  })
}

/** The same for all that are alike, however many there are when it is pressed. */
export function retryAlikeButton(connectionId: string, providerLabel: string, reasonCode: string, groupId: string): Button {
  return button('Retry these', RETRY_REJECTS_ACTION, {
    value: writeRetryRejectsValue({ connectionId, groupId }),
    accessibility_label: `Retry what was rejected for ${plain(reasonCode, 40)}`,
    confirm: {
      title: { type: 'plain_text', text: 'Retry them?', emoji: true },
      text: {
        type: 'plain_text',
        text: `All touchpoints that were refused for this are pushed to ${providerLabel} once more. What it still refuses comes back to the list.`,
        emoji: true,
      },
      confirm: { type: 'plain_text', text: 'Retry them', emoji: true },
      deny: { type: 'plain_text', text: 'Not now', emoji: true },
    },
  })
}

/** Without a personal link (in a channel, where everybody sees it) the click asks for one. */
export function downloadButton(connectionId: string, url: string | null): Button {
  return button('Download CSV', DOWNLOAD_REJECTS_ACTION, { value: connectionId, ...(url === null ? {} : { url }) })
}
