import type { BotToken } from '../domain/workspaces/bot-tokens.ts'
import { type Rendered, section } from './blocks.ts'
import { link } from './mrkdwn.ts'

/** For people of a workspace that Redkey does not serve. `installUrl`: where it is installed; null: nowhere. */
export function notServed(why: Exclude<BotToken, { readonly kind: 'token' }>, installUrl: string | null): Rendered {
  const text = textOf(why, installUrl)
  return { text, blocks: [section(text)] }
}

function textOf(why: Exclude<BotToken, { readonly kind: 'token' }>, installUrl: string | null): string {
  const where = installUrl === null ? '' : ` Somebody who may install apps does it at ${link(installUrl, 'this address')}.`
  if (why.kind === 'gone') return `Redkey was removed from this workspace, so it can’t do anything here.${where}`
  switch (why.reason) {
    case 'unknown_workspace':
      return `Redkey is not installed in this workspace, so it can’t do anything here.${where}`
    case 'not_in_redkey_workspaces':
      return 'This workspace is no longer among those that this Redkey serves. Please ask whoever runs it.'
    case 'seal_broken':
      return 'Redkey can’t open its access to this workspace. Please tell whoever runs it.'
    case 'storage_unavailable':
      return 'Redkey can’t reach its database right now. Please try again in a minute.'
    case 'slack_unreachable':
      return 'Slack does not answer Redkey right now. Please try again in a minute.'
    default:
      return why.reason satisfies never
  }
}
