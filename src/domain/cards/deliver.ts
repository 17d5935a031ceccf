import { DAY_MS, later, MINUTE_MS, SECOND_MS } from '../../clock.ts'
import { RENEW_CARD_MS } from '../access/links.ts'
import type { Deps } from '../deps.ts'
import { leaseUntil } from '../leases.ts'
import { backoffMs } from '../outbox/backoff.ts'
import type { Posting } from '../slack.ts'
import { defaultChannel } from '../workspaces/default-channel.ts'
import { endIfDead } from '../workspaces/end-installation.ts'
import { WORKSPACE_GONE } from '../workspaces/installation.ts'
import type { Message, MessageFacts } from './card.ts'
import { messageFacts } from './facts.ts'

const CLAIM_AT_ONCE = 20
/** A card's numbers are edited at most this often. */
const EDIT_EVERY = { outageMs: 15 * SECOND_MS, catchUpMs: 3 * SECOND_MS }
/** Slack allows some 50 edits a minute over all cards; the last ones are kept for cards that end. */
const EDITS_A_MINUTE = 50
const KEPT_FOR_ENDS = 10
/** A post whose answer was lost is posted once more after this. */
const UNCERTAIN_MS = 60 * SECOND_MS
/** Slack's history may lag behind a post by this much. */
const SETTLING_MS = 5 * SECOND_MS
/** A channel or a token that a person must mend is tried again this often. */
const MEND_MS = 5 * MINUTE_MS

type DeliverDeps = Pick<
  Deps,
  'store' | 'providers' | 'tickets' | 'slack' | 'signIn' | 'clock' | 'random' | 'newId' | 'log' | 'settings' | 'meters'
>
/** Who has claimed the messages at hand. */
type HolderDeps = DeliverDeps & { readonly holder: string }

/** Shows what is due in Slack. Only a leased row is posted or edited, so no message is lost, and none doubled but by a lost answer. */
export async function deliverMessages(deps: DeliverDeps & Pick<Deps, 'rounds'>): Promise<number> {
  const { store, clock, rounds } = deps
  await store.messages.touchMoved(clock.now(), EDIT_EVERY)
  return rounds.run(async (holder) => {
    const now = clock.now()
    const due = await store.messages.claim(now, leaseUntil(now), holder, CLAIM_AT_ONCE)
    for (const message of due) {
      try {
        await deliver({ ...deps, holder }, message)
      } catch (cause) {
        deps.log.error('message.failed', { messageId: message.id, kind: message.kind }, cause)
        // It may have been posted just before: that is looked into before it is posted again.
        const uncertainSince = message.ts === null ? (message.uncertainSince ?? clock.now()) : null
        await store.messages.postpone(message, holder, later(clock.now(), UNCERTAIN_MS), uncertainSince, 'internal_error')
      }
    }
    return due.length
  })
}

async function deliver(deps: HolderDeps, message: Message): Promise<void> {
  const { store, holder } = deps
  const facts = await messageFacts(deps, message)
  if (!facts) return store.messages.fail(message, holder, 'connection_removed')
  if (message.ts !== null && (await mustWait(deps, facts))) {
    const dueAt = later(deps.clock.now(), EDIT_EVERY.catchUpMs)
    return store.messages.postpone(message, holder, dueAt, null, 'edits_rationed')
  }
  if (message.ts === null) return post(deps, message, facts)
  await settle(deps, facts, await deps.slack.update({ channelId: message.channelId, ts: message.ts }, facts))
}

/**
 * The row says that the message may exist before Slack is asked to post it. So a post whose answer was lost, by the network or
 * by a crash, is looked for first, and where history can't be read it is posted once more after a minute: never lost.
 */
async function post(deps: HolderDeps, message: Message, facts: MessageFacts): Promise<void> {
  const { store, slack, clock, holder: me } = deps
  const parent = message.threadOf === null ? undefined : await store.messages.find(message.threadOf)
  // Its card was deleted a moment ago, and is posted again first.
  if (parent?.ts === null)
    return store.messages.postpone(message, me, later(clock.now(), SECOND_MS), message.uncertainSince, 'thread_gone')
  const channelId = parent?.channelId ?? (await channelOf(deps, message, facts))
  const place = { channelId, threadTs: parent?.ts ?? null, broadcast: message.broadcast }
  if (message.uncertainSince !== null) {
    const lookup = await slack.find(message.teamId, place, message.id, message.uncertainSince)
    const now = clock.now()
    if (lookup.kind === 'found') return store.messages.shown(message, me, { ...lookup, version: 0, at: now, dueAt: now })
    const postAgainAt = later(message.uncertainSince, lookup.kind === 'absent' ? SETTLING_MS : UNCERTAIN_MS)
    if (now < postAgainAt) return store.messages.postpone(message, me, postAgainAt, message.uncertainSince, 'answer_lost')
  }
  if (!(await store.messages.sending(message, me, clock.now(), channelId))) return
  await settle(deps, facts, await slack.post(place, facts))
}

/** The channel may have been set anew since the message was made; one that may be there already stays where it is. */
async function channelOf(deps: HolderDeps, message: Message, { connection }: MessageFacts): Promise<string> {
  if (message.uncertainSince !== null) return message.channelId
  return connection?.channelId ?? defaultChannel(deps, message.teamId)
}

/** Progress waits for its share of Slack's edits; what ends a card does not. */
async function mustWait({ store, clock }: DeliverDeps, facts: MessageFacts): Promise<boolean> {
  const used = await store.messages.updatesSince(facts.message.teamId, later(clock.now(), -MINUTE_MS))
  const ends =
    facts.connection === null ||
    (facts.outage?.closedAt !== null && (facts.catchUp === null || facts.catchUp.finishedAt !== null))
  return used >= EDITS_A_MINUTE - (ends ? 0 : KEPT_FOR_ENDS)
}

async function settle(deps: HolderDeps, facts: MessageFacts, posting: Posting): Promise<void> {
  const { store, clock, random, log, holder: me } = deps
  const { message } = facts
  const now = clock.now()
  const tryAgain = (ms: number, uncertainSince: Date | null, reason: string) =>
    store.messages.postpone(message, me, later(now, ms), uncertainSince, reason)
  switch (posting.kind) {
    case 'shown':
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
        dueAt: facts.connection === null || facts.reauthorizeUrl === null ? null : later(now, RENEW_CARD_MS),
      })
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
      // It stays as it was; reports and notices in its thread go on.
      log.warn('message.edit_forbidden', { messageId: message.id, kind: message.kind })
      return store.messages.shown(message, me, {
        ts: message.ts ?? '',
        channelId: message.channelId,
        version: message.wanted,
        at: now,
        dueAt: later(now, DAY_MS),
      })
    case 'workspace_gone':
      return giveUp(deps, message)
    case 'unreachable':
    case 'token_refused':
      if (posting.kind === 'token_refused' && (await endIfDead(deps, message.teamId))) return giveUp(deps, message)
      log.error(`message.${posting.kind}`, {
        messageId: message.id,
        kind: message.kind,
        channelId: message.channelId,
        reason: posting.reason,
      })
      return tryAgain(MEND_MS, message.uncertainSince, posting.reason)
    case 'unacceptable':
      log.error('message.unacceptable', { messageId: message.id, kind: message.kind, reason: posting.reason })
      return store.messages.fail(message, me, posting.reason)
    default:
      return posting satisfies never
  }
}

/** Nobody can be told in a workspace that has the app no more. A new install there makes it due again. */
async function giveUp({ store, log, holder }: HolderDeps, message: Message): Promise<void> {
  log.warn('message.workspace_gone', { messageId: message.id, kind: message.kind, teamId: message.teamId })
  await store.messages.fail(message, holder, WORKSPACE_GONE)
}
