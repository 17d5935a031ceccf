import type { ChannelChange } from '../domain/workspaces/default-channel.ts'
import { type Rendered, section } from './blocks.ts'
import { refused } from './refused.ts'

/** What whoever sets a channel sees there, as proof that Redkey can write in it. */
export function channelTried(): string {
  return 'Redkey can write here. Only you see this.'
}

/** What became of `settings channel`. */
export function channelReply(change: ChannelChange, command: string): Rendered {
  switch (change.kind) {
    case 'done':
      return said(
        `:white_check_mark: Cards and reports of this workspace come to <#${change.channelId}> from now on. Those that are shown already stay where they are.`,
      )
    case 'of_settings':
      return said(
        'The channel of this workspace is in the settings of Redkey (`REDKEY_CHANNEL`). Whoever runs Redkey can change it.',
      )
    case 'not_allowed':
      return refused(change.reason)
    case 'not_there':
      return said(
        `I can’t write in <#${change.channelId}>, or you are not in it. Invite me there (\`/invite @redkey\`), and type \`${command} settings channel\` again. Nothing was changed.`,
      )
    case 'try_later':
      return said('Slack can’t tell right now whether I can write there. Nothing was changed; please try again in a minute.')
    default:
      return change satisfies never
  }
}

/** `settings channel` without a channel that Slack knows. */
export function channelNotNamed(command: string): Rendered {
  return said(
    `Which channel? Type \`${command} settings channel #the-channel\` and pick it from the list that Slack shows, or give its id (channel name › About, at the bottom).`,
  )
}

function said(text: string): Rendered {
  return { text, blocks: [section(text)] }
}
