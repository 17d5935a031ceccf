import { later, MINUTE_MS, SECOND_MS } from '../../clock.ts'
import type { Deps } from '../deps.ts'
import { isTooLate } from '../digest/digest-time.ts'
import { leaseUntil } from '../leases.ts'
import type { Message, MessageFacts } from './card.ts'
import { isAsking } from './card-group.ts'
import { isOver } from './card-state.ts'
import { comeBack } from './come-back.ts'
import { inForce } from './escalation.ts'
import { messageFacts } from './facts.ts'
import { postMessage, UNCERTAIN_MS } from './post-message.ts'
import { settlePosting } from './settle-posting.ts'

const CLAIM_AT_ONCE = 20
/** A card's numbers are edited at most this often. */
const EDIT_EVERY = { outageMs: 15 * SECOND_MS, catchUpMs: 3 * SECOND_MS }
/** Slack allows some 50 edits a minute over all cards; the last ones are kept for cards that end. */
const EDITS_A_MINUTE = 50
const KEPT_FOR_ENDS = 10

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
  if (!facts) return giveUpUnlessClosed(deps, message)
  if (isMoot(facts)) return store.messages.drop(message, holder)
  if (message.ts !== null && (await mustWait(deps, facts))) {
    const dueAt = later(deps.clock.now(), EDIT_EVERY.catchUpMs)
    return store.messages.postpone(message, holder, dueAt, null, 'edits_rationed')
  }
  if (message.ts === null) return postMessage(deps, message, facts)
  const still = await comeBack(deps, facts)
  if (still) await settlePosting(deps, still, await deps.slack.update({ channelId: message.channelId, ts: message.ts }, still))
}

/** Its connection was removed. A card that is to say so comes round again as what it is now. */
async function giveUpUnlessClosed({ store, clock, holder }: HolderDeps, message: Message): Promise<void> {
  const now = await store.messages.find(message.id)
  if (now?.connectionId === null)
    return store.messages.postpone(now, holder, clock.now(), now.uncertainSince, 'connection_removed')
  return store.messages.fail(message, holder, 'connection_removed')
}

/** Progress waits for its share of Slack's edits; what ends a card does not. */
async function mustWait({ store, clock }: DeliverDeps, facts: MessageFacts): Promise<boolean> {
  const used = await store.messages.updatesSince(facts.message.teamId, later(clock.now(), -MINUTE_MS))
  const ends = facts.connection === null || isOver(facts)
  return used >= EDITS_A_MINUTE - (ends ? 0 : KEPT_FOR_ENDS)
}

/**
 * What comes too late: the outage is over or its connection paused, somebody has snoozed the reminders, a newer one has been made, or
 * the day of a digest has passed.
 */
function isMoot(facts: MessageFacts): boolean {
  if (facts.message.ts !== null) return false
  if (facts.connection === null) return facts.digest !== null && isTooLate(facts.digest, facts.now)
  const { connection, escalation, message, outage, now } = facts
  switch (message.notice?.kind) {
    case 'asks_anew':
      return !isAsking({ connection, outage })
    case 'all_back':
      return outage?.closedAt === null
    case 'reminder':
      return escalation?.reminderId !== message.id || inForce(escalation.snooze, now) !== null
    default:
      return false
  }
}
