import { type AllMiddlewareArgs, RespondError, type RespondFn } from '@slack/bolt'
import { SECOND_MS } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { Rendered } from '../../messages/blocks.ts'
import { saidInWindow } from '../../messages/said-in-window.ts'
import { within } from './bounded.ts'
import { openView } from './open-view.ts'

const RESPOND_TIMEOUT_MS = 5 * SECOND_MS

/** What Bolt gives a listener to answer with. */
export interface Means {
  readonly client: AllMiddlewareArgs['client']
  readonly respond?: RespondFn | undefined
  readonly triggerId?: string | undefined
  readonly channelId?: string | null | undefined
  readonly userId?: string | undefined
  /** It was asked for in a window: the answer goes on top of that. */
  readonly isInModal?: boolean | undefined
}

/**
 * Answers one person, so that nobody else sees it: through the response address, or as a window where there is none (Home tab,
 * global shortcuts). `in_place` replaces the message that was clicked. Never throws: an answer that can't be given is logged.
 */
export async function answer(means: Means, message: Rendered, log: Log, how: 'beside' | 'in_place' = 'beside'): Promise<void> {
  try {
    if (means.respond === undefined) return await openWindow(means, message)
    const blocks = [...message.blocks]
    const sent = means.respond({ response_type: 'ephemeral', replace_original: how === 'in_place', text: message.text, blocks })
    if ((await within(sent, RESPOND_TIMEOUT_MS)) === 'late') log.warn('slack.answer_late')
  } catch (error) {
    if (error instanceof RespondError && (await postEphemeral(means, message))) return
    log.warn('slack.answer_lost', { reason: error instanceof Error ? error.name : 'unknown' })
  }
}

async function openWindow({ client, triggerId, isInModal = false }: Means, message: Rendered): Promise<void> {
  if (triggerId !== undefined) await openView({ client, triggerId, isInModal }, saidInWindow(message))
}

/** The response address was refused (used up, expired), so nothing has been shown yet. */
async function postEphemeral({ client, channelId, userId }: Means, message: Rendered): Promise<boolean> {
  if (typeof channelId !== 'string' || userId === undefined) return false
  try {
    await client.chat.postEphemeral({ channel: channelId, user: userId, text: message.text, blocks: [...message.blocks] })
    return true
  } catch {
    return false // the caller logs the first failure
  }
}
