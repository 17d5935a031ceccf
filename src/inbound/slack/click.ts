import type { AllMiddlewareArgs, BlockAction, RespondFn, SlackActionMiddlewareArgs } from '@slack/bolt'
import type { Means } from './answer.ts'
import type { Asker } from './asker.ts'
import { payloadTeam } from './payload-team.ts'

export type ButtonArgs = SlackActionMiddlewareArgs<BlockAction>

/** One click on a button of ours. */
export interface Click extends Asker {
  readonly value: string
  /** The button opened a page by itself. */
  readonly hasUrl: boolean
  readonly triggerId: string
  readonly isInHome: boolean
  readonly isInModal: boolean
  /** Of the thread in which the button is; null: in none, or on the message that began it. */
  readonly threadTs: string | null
  /** The button is on a reply for everybody, which may be seen without its thread. */
  readonly isInReply: boolean
}

export function readClick({ action, body }: Pick<ButtonArgs, 'action' | 'body'>): Click {
  return {
    userId: body.user.id,
    userTeamId: body.user.team_id ?? null,
    teamId: payloadTeam(body) ?? '',
    channelId: body.channel?.id ?? null,
    value: carried(action),
    hasUrl: 'url' in action && typeof action.url === 'string' && action.url !== '',
    triggerId: body.trigger_id,
    isInHome: body.view?.type === 'home',
    isInModal: body.view?.type === 'modal',
    threadTs: threadOf(body),
    isInReply: isReply(body),
  }
}

/** How to answer a click where whoever clicked sees it. */
export function meansOf(
  { triggerId, channelId, userId, threadTs, isInModal, isInReply }: Click,
  { client, respond }: Pick<AllMiddlewareArgs, 'client'> & { readonly respond: RespondFn },
): Means {
  return { client, respond, triggerId, channelId, userId, threadTs, isInModal, isInReply }
}

/** Whether a payload is about a reply that everybody sees; what only one person sees comes without its message. */
export function isReply(body: object): boolean {
  const message: unknown = 'message' in body ? body.message : null
  if (typeof message !== 'object' || message === null || !('thread_ts' in message && 'ts' in message)) return false
  return typeof message.thread_ts === 'string' && message.thread_ts !== message.ts
}

function threadOf(body: BlockAction): string | null {
  const threadTs: unknown = 'thread_ts' in body.container ? body.container.thread_ts : body.message?.thread_ts
  return typeof threadTs === 'string' && threadTs !== body.message?.ts ? threadTs : null
}

/** Of a button, or of the choice that was made in a menu. */
function carried(action: ButtonArgs['action']): string {
  if ('value' in action && typeof action.value === 'string') return action.value
  return 'selected_option' in action ? (action.selected_option?.value ?? '') : ''
}
