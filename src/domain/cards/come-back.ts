import type { Deps } from '../deps.ts'
import type { MessageFacts } from './card.ts'
import { stateOf } from './card-state.ts'
import { type FactsDeps, messageFacts } from './facts.ts'
import { newNotice } from './new-message.ts'
import { comesBackAt, nextLook } from './next-look.ts'
import { homeOf } from './places.ts'

type ComeBackDeps = FactsDeps & Pick<Deps, 'log'> & { readonly holder: string }

/**
 * A card that only one person sees, since the default channel could not be posted to, moves there once that works again. Null: it has
 * moved. What is for another channel waits for the next outage.
 */
export async function comeBack(deps: ComeBackDeps, facts: MessageFacts): Promise<MessageFacts | null> {
  const { store, slack, clock, log, holder } = deps
  const at = comesBackAt(facts)
  const now = clock.now()
  if (at === null || at > now || facts.connection === null) return facts
  const { message, connection } = facts
  const home = homeOf({ ...message, uncertainSince: null }, facts, undefined)
  // Who sees it there decides what it may show.
  const there = await messageFacts(deps, { ...message, ts: null, detour: null })
  if (!there) return facts
  const posting = await slack.post(home, there)
  if (posting.kind === 'shown') {
    log.info('message.came_back', { messageId: message.id, channelId: posting.channelId })
    const { ts, channelId } = message
    const moved = {
      ...newNotice(deps, connection, message, { kind: 'card_moved', to: posting.channelId }),
      threadOf: null,
      ts,
      channelId,
    }
    const shown = {
      ts: posting.ts,
      channelId: posting.channelId,
      version: message.wanted,
      at: now,
      dueAt: nextLook(there, now),
    }
    await store.messages.shown(message, holder, { ...shown, told: stateOf(there), detour: null, reply: moved })
    return null
  }
  const reason = posting.kind === 'unreachable' ? posting.reason : (message.detour?.reason ?? posting.kind)
  const detour = { channelId: home.channelId, reason, at: now }
  await store.messages.redirect(message, holder, message.channelId, detour)
  return { ...facts, message: { ...message, detour } }
}
