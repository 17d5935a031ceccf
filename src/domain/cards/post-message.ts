import { later, SECOND_MS } from '../../clock.ts'
import type { Deps } from '../deps.ts'
import type { Posting, PostPlace } from '../slack.ts'
import type { Message, MessageFacts } from './card.ts'
import { type FactsDeps, messageFacts } from './facts.ts'
import { homeOf, nextPlace, placeOf } from './places.ts'
import { SETTLING_MS, settlePosting } from './settle-posting.ts'

/** A post whose answer was lost is posted once more after this. */
export const UNCERTAIN_MS = 60 * SECOND_MS

type PostDeps = FactsDeps &
  Pick<Deps, 'random' | 'log'> & {
    /** Who has claimed the message. */
    readonly holder: string
  }

/**
 * The row says that the message may exist before Slack is asked to post it. So a post whose answer was lost, by the network or
 * by a crash, is looked for first, and where history can't be read it is posted once more after a minute: never lost.
 */
export async function postMessage(deps: PostDeps, message: Message, facts: MessageFacts): Promise<void> {
  const { store, slack, clock, holder: me } = deps
  const parent = message.threadOf === null ? undefined : await store.messages.find(message.threadOf)
  // Its card was deleted a moment ago, and is posted again first.
  if (parent?.ts === null)
    return store.messages.postpone(message, me, later(clock.now(), SECOND_MS), message.uncertainSince, 'thread_gone')
  const place = placeOf(message, facts, parent)
  if (message.uncertainSince !== null) {
    const lookup = await slack.find(message.teamId, place, message.id, message.uncertainSince)
    const now = clock.now()
    if (lookup.kind === 'found') return store.messages.shown(message, me, { ...lookup, version: 0, at: now, dueAt: now })
    const postAgainAt = later(message.uncertainSince, lookup.kind === 'absent' ? SETTLING_MS : UNCERTAIN_MS)
    if (now < postAgainAt) return store.messages.postpone(message, me, postAgainAt, message.uncertainSince, 'answer_lost')
  }
  if (!(await store.messages.sending(message, me, clock.now(), place.channelId))) return
  const posting = await slack.post(place, facts)
  if (posting.kind === 'unreachable') return redirect(deps, facts, place, parent, posting)
  await settlePosting(deps, facts, posting)
}

/** Somebody hears of it elsewhere, and why. When nobody can be told, it is tried again where it belongs. */
async function redirect(
  deps: PostDeps,
  facts: MessageFacts,
  refused: PostPlace,
  parent: Message | undefined,
  posting: Extract<Posting, { readonly kind: 'unreachable' }>,
): Promise<void> {
  const { store, log, holder } = deps
  const { message } = facts
  const home = message.detour?.channelId ?? homeOf(message, facts, parent).channelId
  const next = await nextPlace(deps, home, facts, refused.channelId)
  if (next === null) {
    await store.messages.redirect(message, holder, home, null)
    return settlePosting(deps, { ...facts, message: { ...message, uncertainSince: null } }, posting)
  }
  log.error('message.redirected', {
    messageId: message.id,
    kind: message.kind,
    channelId: refused.channelId,
    reason: posting.reason,
  })
  const detour = message.detour ?? { channelId: home, reason: posting.reason, at: deps.clock.now() }
  await store.messages.redirect(message, holder, next, detour)
  const redirected = { ...message, channelId: next, detour, uncertainSince: null }
  // Who sees it there decides what it may show.
  const there = await messageFacts(deps, redirected)
  if (there) await postMessage(deps, redirected, there)
}
