import type {
  AllMiddlewareArgs,
  SlackActionMiddlewareArgs,
  SlackShortcutMiddlewareArgs,
  SlackViewMiddlewareArgs,
} from '@slack/bolt'
import { nothingToDo } from '../../messages/problem.ts'
import { answer } from './answer.ts'
import { isReply } from './click.ts'
import type { Inbound } from './inbound.ts'

/** A button that no listener of ours knows any more: old messages keep theirs for ever. */
export function unknownButtonClicked({ look, log }: Inbound, known: ReadonlySet<string>) {
  return async ({ action, body, client, respond }: SlackActionMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    if ('action_id' in action && known.has(action.action_id)) return
    const triggerId = 'trigger_id' in body ? body.trigger_id : undefined
    const isInReply = isReply(body)
    await answer(
      { client, respond, triggerId, channelId: body.channel?.id, userId: body.user.id, isInReply },
      nothingToDo(look.command),
      log,
    )
  }
}

export function unknownShortcutUsed({ look, log }: Inbound) {
  return async ({ shortcut, client, ...args }: SlackShortcutMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const respond = shortcut.type === 'message_action' ? args.respond : undefined
    await answer({ client, respond, triggerId: shortcut.trigger_id, userId: shortcut.user.id }, nothingToDo(look.command), log)
  }
}

/** A window of an older version: it closes. */
export function unknownViewSubmitted(known: ReadonlySet<string>) {
  return async ({ ack, view }: SlackViewMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    if (!known.has(view.callback_id)) await ack()
  }
}
