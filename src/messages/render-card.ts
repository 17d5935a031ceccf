import type { CardFacts, MessageFacts } from '../domain/cards/card.ts'
import { type CardGroup, isOpen } from '../domain/cards/card-group.ts'
import type { Outage } from '../domain/connections/outage.ts'
import type { Rendered } from './blocks.ts'
import { catchUpCard } from './catch-up-card.ts'
import { withDetour } from './detour.ts'
import { digestMessage } from './digest/digest-message.ts'
import { doneCard } from './done-card.ts'
import { gapReport } from './gap-report.ts'
import { groupCard } from './group-card.ts'
import { groupDoneCard } from './group-done-card.ts'
import type { Look } from './look.ts'
import { misconfiguredCard } from './misconfigured-card.ts'
import { looseNotice, noticeMessage } from './notice.ts'
import { pausedCard } from './paused-card.ts'
import { permissionCard } from './permission-card.ts'
import { redCard } from './red-card.ts'
import { rejectsCard } from './rejects-card.ts'
import { report } from './report.ts'
import { stormCard } from './storm-card.ts'
import { connectionWarning, looseWarning } from './warning-message.ts'
import { welcome } from './welcome.ts'
import { withdrawnCard } from './withdrawn-card.ts'

/**
 * The message that these facts call for.
 * @throws when the facts of its kind are not there (a message of an outage without an outage): a bug, not an outcome.
 */
export function renderCard(facts: MessageFacts, look: Look): Rendered {
  return withDetour(asItIs(facts, look), facts.message.detour)
}

function asItIs(facts: MessageFacts, look: Look): Rendered {
  const { message } = facts
  if (facts.connection === null) {
    if (message.kind === 'digest') return digestMessage(facts, there(facts.digest, facts), look)
    return message.kind === 'warning'
      ? looseWarning(facts, there(facts.warning, facts))
      : looseNotice(facts, there(message.notice, facts))
  }
  switch (message.kind) {
    case 'outage':
      return facts.group === null
        ? outageCard(facts, there(facts.outage, facts), look)
        : sharedCard(facts, facts.group, there(facts.outage, facts), look)
    case 'report':
      return report(facts, facts.outage, there(facts.catchUp, facts))
    case 'welcome':
      return welcome(facts)
    case 'notice':
      return noticeMessage(facts, there(message.notice, facts))
    case 'rejects':
      return rejectsCard(facts, there(facts.alarm, facts))
    case 'gap':
      return gapReport(facts, facts.outage, there(facts.ads?.gap ?? null, facts))
    case 'digest':
      throw new Error(`A digest is about no connection (message ${message.id})`)
    case 'warning':
      return connectionWarning(facts, there(facts.warning, facts), look)
    default:
      return message.kind satisfies never
  }
}

function outageCard(facts: CardFacts, outage: Outage, look: Look): Rendered {
  const { catchUp } = facts
  switch (outage.closedHow) {
    case null:
      return openCard(facts, outage, look)
    case 'withdrawn':
      return withdrawnCard(facts, outage, catchUp)
    case 'reauthorized':
    case 'recovered':
      return catchUp === null || catchUp.finishedAt !== null
        ? doneCard(facts, outage, catchUp)
        : catchUpCard(facts, outage, catchUp)
    default:
      return outage.closedHow satisfies never
  }
}

function sharedCard(facts: CardFacts, group: CardGroup, outage: Outage, look: Look): Rendered {
  const open = group.members.filter(isOpen)
  // The card of a set-up problem stands for other connections of the app as well, also while its own is paused.
  const isOfApp = outage.closedAt === null && outage.kind === 'misconfigured'
  if (open.length === 0 && !isOfApp) return groupDoneCard(facts, group, look)
  if (open.every((one) => one.outage.kind === 'misconfigured')) return misconfiguredCard(facts, outage)
  return group.isStorm ? stormCard(facts, group, look) : groupCard(facts, group, outage, look)
}

function openCard(facts: CardFacts, outage: Outage, look: Look): Rendered {
  // The card of a set-up problem stands for other connections of the app as well.
  if (facts.connection.health.status === 'paused' && outage.kind !== 'misconfigured') return pausedCard(facts, outage)
  switch (outage.kind) {
    case 'authorization':
      return redCard(facts, outage, look)
    case 'permission':
      return permissionCard(facts, outage, look)
    case 'misconfigured':
      return misconfiguredCard(facts, outage)
    default:
      return outage.kind satisfies never
  }
}

function there<T>(fact: T | null, facts: MessageFacts): T {
  if (fact === null) throw new Error(`A ${facts.message.kind} message lacks its facts (message ${facts.message.id})`)
  return fact
}
