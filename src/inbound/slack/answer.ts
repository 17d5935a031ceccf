import { type AllMiddlewareArgs, RespondError, type RespondFn } from '@slack/bolt'
import { SECOND_MS } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { Rendered } from '../../messages/blocks.ts'
import { viewOf } from '../../messages/form.ts'
import { saidInWindow } from '../../messages/said-in-window.ts'
import { within } from './bounded.ts'
import { type Illustrated, type Illustration, tryToShow } from './illustrated.ts'
import { openView } from './open-view.ts'

const RESPOND_TIMEOUT_MS = 5 * SECOND_MS
/** With all that comes before, people have their answer within three seconds. */
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
  readonly threadTs?: string | null | undefined
  /** It was asked for in a window: the answer goes on top of that. */
  readonly isInModal?: boolean | undefined
  /** It was asked for on a reply, which the channel may see too: an answer in the thread would be missed. */
  readonly isInReply?: boolean | undefined
}

type How = 'beside' | 'in_place'

/**
 * Answers one person, so that nobody else sees it: through the response address, or as a window where there is none (Home tab,
 * global shortcuts) or it leads into a thread that may not be open. `in_place` replaces the message that was clicked. Never throws:
 * an answer that can't be given is logged.
 */
export async function answer(means: Means, message: Illustrated, log: Log, how: How = 'beside'): Promise<void> {
  const { respond } = means
  try {
    const isInWindow = respond === undefined || (means.isInReply === true && how === 'beside')
    if (isInWindow && (await openWindow(means, message))) return
    if (respond === undefined) return
    const send = ({ text, blocks }: Rendered) => sendTo(respond, { text, blocks }, how, log)
    if (message.illustration && how === 'beside' && (await showPicture(means, message.illustration, send))) return
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

/**
 * By the bot, whose file it is, since blocks may show what their author may see; where the bot may not write, through the response
 * address. False: the message has to be shown without its picture.
 */
async function showPicture(
  means: Means,
  illustration: Illustration,
  send: (message: Rendered) => Promise<void>,
): Promise<boolean> {
  const id = await within(illustration.fileId, illustration.patienceMs)
  if (id === null || id === 'late') return false
  const message = illustration.render(id)
  const how = await tryToShow(() => postAlone(means, message), ANSWER_WAITS_MS)
  if (how === 'shown') return true
  if (how === 'refused') illustration.refused()
  return how === 'failed' && (await isTaken(send(message)))
}

async function isTaken(sent: Promise<void>): Promise<boolean> {
  try {
    await sent
    return true
  } catch (error) {
    if (error instanceof RespondError) return false
    throw error
  }
}

/**
 * The window is opened at once, since Slack lets us do so for three seconds only, and gets its picture afterwards. False: it is too
 * late for one.
 */
async function openWindow({ client, triggerId, isInModal = false }: Means, message: Illustrated): Promise<boolean> {
  if (triggerId === undefined) return false
  const opened = await openView({ client, triggerId, isInModal }, saidInWindow(message))
  if (opened.kind !== 'shown') return false
  if (message.illustration) await illustrateWindow(client, opened.viewId, message.illustration)
  return true
}

async function illustrateWindow(client: Means['client'], viewId: string, illustration: Illustration): Promise<void> {
  const id = await illustration.fileId
  if (id === null) return
  const view = viewOf(saidInWindow(illustration.render(id)))
  const how = await tryToShow(() => client.views.update({ view_id: viewId, view }), WINDOW_WAITS_MS)
  if (how === 'refused') illustration.refused()
}

/** The response address was refused (used up, expired), so nothing has been shown yet. */
async function postEphemeral(means: Means, message: Rendered): Promise<boolean> {
  try {
    await postAlone(means, message)
    return true
  } catch {
    return false // the caller logs the first failure
  }
}

/** Throws also where it is not known whom to show it to, and where. */
async function postAlone({ client, channelId, userId, threadTs }: Means, { text, blocks }: Rendered): Promise<void> {
  if (typeof channelId !== 'string' || userId === undefined) throw new Error('There is no place to show it')
  const thread = threadTs ? { thread_ts: threadTs } : {}
  await client.chat.postEphemeral({ channel: channelId, user: userId, text, blocks: [...blocks], ...thread })
}
