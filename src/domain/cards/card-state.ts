import type { CardFacts, MessageFacts } from './card.ts'
import { type CardGroup, type CardMember, isDone, isOpen } from './card-group.ts'
import { inForce, type Said } from './escalation.ts'

/** Between what a card asks for and who is at it. */
const PART = ' | '

/**
 * What a card of an outage tells that people go by, in one text: which outage, how it is, who is on it, whether it is snoozed. Two
 * texts are the same as long as no such thing has changed; numbers that move are no part of it.
 */
export function cardState({
  outage,
  group,
  escalation,
  now,
}: Pick<CardFacts, 'outage' | 'group' | 'escalation' | 'now'>): string | null {
  if (outage === null) return null
  const said = (one: Said | null) => (one === null ? 'nobody' : `${one.by} ${one.at.getTime()} ${one.until.getTime()}`)
  const claim = inForce(escalation?.claim ?? null, now)
  const snooze = inForce(escalation?.snooze ?? null, now)
  const lead = `${outage.id} ${outage.kind} ${outage.closedHow ?? 'open'}`
  return [lead, said(claim), said(snooze), ...(group === null ? [] : [membersState(group)])].join(PART)
}

/** How many are open, how many there are, and whether everything is done. */
function membersState({ members }: CardGroup): string {
  const open = members.filter(isOpen).length
  return `${open} of ${members.length} ${members.every(isDone) ? 'done' : 'not done'}`
}

/** Nothing is open on the card, and nothing is being pushed: it will hardly change any more. */
export function isOver({ outage, catchUp, group }: Pick<CardFacts, 'outage' | 'catchUp' | 'group'>): boolean {
  const ends = (one: Pick<CardMember, 'outage' | 'catchUp'>) => one.outage.closedAt !== null && one.catchUp?.finishedAt !== null
  return group === null ? outage === null || ends({ outage, catchUp }) : group.members.every(ends)
}

/** All connections of the card are back, and people have not been told. */
export function isNewlyDone(facts: Pick<CardFacts, 'message' | 'outage' | 'group' | 'escalation' | 'now'>): boolean {
  return facts.group?.members.every(isDone) === true && facts.message.told !== cardState(facts)
}

/**
 * What becomes of a card that may not be edited any more. `new_card`: it asks for something else now, and its buttons are of what it
 * asked for before.
 */
export function frozenCard(
  facts: Pick<CardFacts, 'message' | 'outage' | 'group' | 'escalation' | 'now'>,
): 'known' | 'reply' | 'new_card' {
  const { told } = facts.message
  const state = cardState(facts)
  if (state === null || told === state) return 'known'
  const asks = (text: string) => text.split(PART)[0]
  return facts.outage?.closedAt === null && told !== null && asks(told) !== asks(state) ? 'new_card' : 'reply'
}

/** Null: it is no card of an outage. */
export function stateOf(facts: MessageFacts): string | null {
  return facts.connection !== null && facts.message.kind === 'outage' ? cardState(facts) : null
}
