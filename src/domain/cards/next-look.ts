import { later, MINUTE_MS } from '../../clock.ts'
import { RENEW_CARD_MS } from '../access/links.ts'
import type { MessageFacts } from './card.ts'
import { inForce } from './escalation.ts'
import { asksDeputyAt, asksOnCallAt } from './reminders.ts'

/** The default channel is tried again this often. */
const TRY_AGAIN_MS = 5 * MINUTE_MS

/** When a card changes although nothing happens: its link is to be renewed, what somebody said runs out, more people are asked, or its channel is tried again. */
export function nextLook(facts: MessageFacts, now: Date): Date | null {
  if (facts.connection === null || facts.message.kind === 'notice') return null
  const { escalation, reauthorizeUrl } = facts
  const times = [
    inForce(escalation?.claim ?? null, now)?.until ?? null,
    inForce(escalation?.snooze ?? null, now)?.until ?? null,
    ...(escalation === null
      ? []
      : [asksDeputyAt(escalation.openedAt), asksOnCallAt(escalation.openedAt)].filter((at) => at > now)),
    comesBackAt(facts),
    reauthorizeUrl === null ? null : later(now, RENEW_CARD_MS),
  ]
  return times.reduce((first, time) => (time === null ? first : earlier(time, first)), null)
}

/** When a card is tried again where it belongs; null: not at all. */
export function comesBackAt(facts: MessageFacts): Date | null {
  if (facts.connection === null || facts.message.kind !== 'outage' || facts.message.detour === null) return null
  const { connection, outage, defaultChannelId } = facts
  const isForAll = (connection.channelId ?? defaultChannelId) === defaultChannelId
  return isForAll && outage?.closedAt === null ? later(facts.message.detour.at, TRY_AGAIN_MS) : null
}

export function earlier(one: Date, other: Date | null): Date {
  return other !== null && other < one ? other : one
}
