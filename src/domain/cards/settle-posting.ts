import { DAY_MS, later, MINUTE_MS, SECOND_MS } from '../../clock.ts'
import type { Deps } from '../deps.ts'
import { backoffMs } from '../outbox/backoff.ts'
import type { Posting } from '../slack.ts'
import { endIfDead } from '../workspaces/end-installation.ts'
import { WORKSPACE_GONE } from '../workspaces/installation.ts'
import type { Message, MessageFacts } from './card.ts'
import { frozenCard, isNewlyDone, stateOf } from './card-state.ts'
import { newNotice } from './new-message.ts'
import { earlier, nextLook } from './next-look.ts'

/** Slack's history may lag behind a post by this much. */
export const SETTLING_MS = 5 * SECOND_MS
/** A channel or a token that a person must mend is tried again this often. */
const MEND_MS = 5 * MINUTE_MS

type SettleDeps = Pick<Deps, 'store' | 'slack' | 'clock' | 'random' | 'newId' | 'log' | 'settings'> & {
  /** Who has claimed the message. */
  readonly holder: string
}

/** Notes what became of a post or an edit. */
export async function settlePosting(deps: SettleDeps, facts: MessageFacts, posting: Posting): Promise<void> {
  const { store, clock, random, log, holder: me } = deps
  const { message } = facts
  const now = clock.now()
  const tryAgain = (ms: number, uncertainSince: Date | null, reason: string) =>
    store.messages.postpone(message, me, later(now, ms), uncertainSince, reason)
  const mend = (trouble: Extract<Posting, { readonly kind: 'unreachable' | 'token_refused' }>) => {
    const { id: messageId, kind, channelId } = message
    log.error(`message.${trouble.kind}`, { messageId, kind, channelId, reason: trouble.reason })
    return tryAgain(MEND_MS, message.uncertainSince, trouble.reason)
  }
  switch (posting.kind) {
    case 'shown': {
      const all = allBack(deps, facts)
      log.info(message.ts === null ? 'message.posted' : 'message.edited', {
        messageId: message.id,
        kind: message.kind,
        connectionId: message.connectionId,
      })
      return store.messages.shown(message, me, {
        ts: posting.ts,
        channelId: posting.channelId,
        version: message.wanted,
        at: now,
        dueAt: nextLook(facts, now),
        told: stateOf(facts),
        ...(all && { reply: all }),
      })
    }
    case 'later':
      return tryAgain(
        posting.afterMs ?? Math.min(backoffMs(message.attempts + 1, random(), null), MINUTE_MS),
        message.uncertainSince,
        posting.reason,
      )
    case 'uncertain':
      log.warn('message.uncertain', { messageId: message.id, kind: message.kind, reason: posting.reason })
      return tryAgain(SETTLING_MS, now, posting.reason)
    case 'gone':
      log.warn('message.gone', { messageId: message.id, kind: message.kind })
      return store.messages.lost(message, me, now)
    case 'edit_forbidden':
      log.warn('message.edit_forbidden', { messageId: message.id, kind: message.kind })
      return keepFrozen(deps, facts, now)
    case 'unreachable':
      // A card that can't be brought up to date is posted anew, where somebody sees it.
      if (message.kind === 'outage' && message.ts !== null) return store.messages.lost(message, me, now)
      return mend(posting)
    case 'workspace_gone':
      return giveUp(deps, message)
    case 'token_refused':
      return (await endIfDead(deps, message.teamId)) ? giveUp(deps, message) : mend(posting)
    case 'unacceptable':
      log.error('message.unacceptable', { messageId: message.id, kind: message.kind, reason: posting.reason })
      return store.messages.fail(message, me, posting.reason)
    default:
      return posting satisfies never
  }
}

/** An edit notifies nobody: that all are back is said below the card, once. */
function allBack(deps: SettleDeps, facts: MessageFacts): Message | null {
  if (facts.connection === null || facts.message.kind !== 'outage' || !isNewlyDone(facts)) return null
  return { ...newNotice(deps, facts.connection, facts.message, { kind: 'all_back' }), broadcast: true }
}

/** Nobody can be told in a workspace that has the app no more. A new install there makes it due again. */
async function giveUp({ store, log, holder }: SettleDeps, message: Message): Promise<void> {
  log.warn('message.workspace_gone', { messageId: message.id, kind: message.kind, teamId: message.teamId })
  await store.messages.fail(message, holder, WORKSPACE_GONE)
}

/** It stays as it was, and its thread says what has changed: once for each change. */
async function keepFrozen(deps: SettleDeps, facts: MessageFacts, now: Date): Promise<void> {
  const { store, holder } = deps
  const { message, connection } = facts
  const what = connection === null || message.kind !== 'outage' ? 'known' : frozenCard(facts)
  if (what === 'new_card') return store.messages.lost(message, holder, now)
  const dueAt = earlier(later(now, DAY_MS), nextLook(facts, now))
  const kept = { ts: message.ts ?? '', channelId: message.channelId, version: message.wanted, at: now, dueAt }
  if (what === 'known' || connection === null) return store.messages.shown(message, holder, kept)
  const reply = newNotice(deps, connection, message, { kind: 'card_frozen' })
  return store.messages.shown(message, holder, { ...kept, told: stateOf(facts), reply })
}
