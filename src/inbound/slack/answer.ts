import { type AllMiddlewareArgs, RespondError, type RespondFn } from '@slack/bolt'
import { SECOND_MS } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { Rendered } from '../../messages/blocks.ts'
import { within } from './bounded.ts'
import { type Illustrated, type Illustration, tryToShow } from './illustrated.ts'

const RESPOND_TIMEOUT_MS = 5 * SECOND_MS
/** A response address takes five answers, and refused ones may count: one is left for the message without its picture. */
const ANSWER_WAITS_MS = [0, 300, 700]
/** A window is there already, and only gets better. */
const WINDOW_WAITS_MS = [0, 1_000, 2_000, 4_000]

/** What Bolt gives a listener to answer with. */
export interface Means {
  readonly client: AllMiddlewareArgs['client']
  readonly respond?: RespondFn | undefined
  readonly triggerId?: string | undefined
  readonly channelId?: string | null | undefined
  readonly userId?: string | undefined
}

type How = 'beside' | 'in_place'

/**
 * Answers one person, so that nobody else sees it: through the response address, or as a window where there is none (Home tab,
 * global shortcuts). `in_place` replaces the message that was clicked. Never throws: an answer that can't be given is logged.
 */
export async function answer(means: Means, message: Illustrated, log: Log, how: How = 'beside'): Promise<void> {
  const { respond } = means
  try {
    if (respond === undefined) return await openWindow(means, message)
    const send = ({ text, blocks }: Rendered) => sendTo(respond, { text, blocks }, how, log)
    if (message.illustration && (await showPicture(message.illustration, send))) return
    await send(message)
  } catch (error) {
    if (error instanceof RespondError && (await postEphemeral(means, message))) return
    log.warn('slack.answer_lost', { reason: error instanceof Error ? error.name : 'unknown' })
  }
}

async function sendTo(respond: RespondFn, { text, blocks }: Rendered, how: How, log: Log): Promise<void> {
  const sent = respond({ response_type: 'ephemeral', replace_original: how === 'in_place', text, blocks: [...blocks] })
  if ((await within(sent, RESPOND_TIMEOUT_MS)) === 'late') log.warn('slack.answer_late')
}

/** False: the message has to be shown without it. */
async function showPicture(
  { fileId, patienceMs, render, refused }: Illustration,
  send: (message: Rendered) => Promise<void>,
): Promise<boolean> {
  const id = await within(fileId, patienceMs)
  if (id === null || id === 'late') return false
  const isShown = await tryToShow(
    () => send(render(id)),
    ANSWER_WAITS_MS,
    (error) => error instanceof RespondError,
  )
  if (!isShown) refused()
  return isShown
}

/** The window is opened at once, since Slack lets us do so for three seconds only, and gets its picture afterwards. */
async function openWindow({ client, triggerId }: Means, message: Illustrated): Promise<void> {
  if (triggerId === undefined) return
  const { view } = await client.views.open({ trigger_id: triggerId, view: windowOf(message) })
  if (message.illustration && view?.id !== undefined) await illustrateWindow(client, view.id, message.illustration)
}

async function illustrateWindow(client: Means['client'], viewId: string, illustration: Illustration): Promise<void> {
  const id = await illustration.fileId
  if (id === null) return
  const view = windowOf(illustration.render(id))
  try {
    const isShown = await tryToShow(() => client.views.update({ view_id: viewId, view }), WINDOW_WAITS_MS, isAboutBlocks)
    if (!isShown) illustration.refused()
  } catch {
    // It was closed meanwhile, or Slack is not there: what it says is complete.
  }
}

function isAboutBlocks(error: unknown): boolean {
  const data = error instanceof Error && 'data' in error ? error.data : null
  const code = typeof data === 'object' && data !== null && 'error' in data ? data.error : null
  return code === 'invalid_arguments' || code === 'invalid_blocks'
}

function windowOf({ blocks }: Rendered) {
  return {
    type: 'modal' as const,
    title: { type: 'plain_text' as const, text: 'Redkey' },
    close: { type: 'plain_text' as const, text: 'Close' },
    blocks: [...blocks],
  }
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
