import type { CardFacts, Notice } from '../domain/cards/card.ts'
import { isAsking, isOpen } from '../domain/cards/card-group.ts'
import { inForce } from '../domain/cards/escalation.ts'
import type { Outage } from '../domain/connections/outage.ts'
import { REAUTHORIZE_ACTION, writeReauthorizeValue } from './action-ids.ts'
import { actions, type Block, button } from './blocks.ts'
import { closingLine } from './closing.ts'
import { accountLine } from './connection-words.ts'
import { escalationLines, isClaimed } from './escalation-lines.ts'
import { allBackWords } from './group-done-card.ts'
import { loginButtons } from './group-logins.ts'
import { date, mention, mentionAll } from './mrkdwn.ts'
import { duration, plural } from './words.ts'

type Reminder = Extract<Notice, { kind: 'reminder' }>

/** Below a card that still asks for something: for how long, who is asked, and what has run out. */
export function reminderWords(facts: CardFacts, { ranOut, snoozed }: Reminder): string {
  const { outage, escalation, now } = facts
  const openedAt = escalation?.openedAt ?? outage?.openedAt ?? now
  const waits = waitingOf(facts)
  const waiting = waits > 0 ? ` ${plural(waits, 'touchpoint is', 'touchpoints are')} waiting.` : ''
  return [
    `${asks(facts)} after ${duration(now.getTime() - openedAt.getTime())}: ${subject(facts)}.${waiting}`,
    runOut(ranOut, snoozed),
    please(facts, inForce(escalation?.claim ?? null, now)?.at ?? null),
  ]
    .filter(Boolean)
    .join('\n')
}

function waitingOf({ group, connection, backlog }: CardFacts): number {
  if (group === null) return connection.kind === 'crm' ? backlog.waiting : 0
  return group.members.filter(isOpen).reduce((sum, { waiting }) => sum + waiting, 0)
}

/** The connection, or how many of how many. */
function subject({ group, connection }: CardFacts): string {
  if (group === null) return accountLine(connection)
  const asking = group.members.filter(isAsking)
  const [only] = asking
  if (asking.length === 1 && only) return accountLine(only.connection)
  return `${asking.length} of ${plural(group.members.length, 'connection')}`
}

/** Below a card that asks for something new. */
export function asksAnewWords(facts: CardFacts): string {
  const { providerLabel: label, outage } = facts
  const what =
    outage?.kind === 'permission'
      ? `:no_entry: ${label}: a right is missing now: ${subject(facts)}.`
      : `:red_circle: :key: ${label} needs authorization: ${subject(facts)}.`
  return [what, please(facts, null)].filter(Boolean).join('\n')
}

/** Below a card that stays as it was: how it is now. */
export function cardFrozenWords(facts: CardFacts): string {
  const { outage } = facts
  return [
    ':lock: Slack does not let me edit the card above any more. It is like this now:',
    ...(outage === null ? [] : stateLines(facts, outage)),
  ].join('\n')
}

function stateLines(facts: CardFacts, outage: Outage): string[] {
  const { providerLabel: label, connection, group, now } = facts
  if (group !== null && !group.members.some(isOpen)) return [allBackWords(facts, group, '')]
  const account = group === null ? accountLine(connection) : subject(facts)
  switch (outage.closedHow) {
    case null: {
      const lines = escalationLines(facts)
      return [`${asks(facts)}: ${account}.`, ...(isClaimed(facts) ? [] : ['Nobody is on it.']), ...lines]
    }
    case 'withdrawn':
      return [`:white_check_mark: ${label} needs no authorization after all: ${account}. Nobody needs to log in.`]
    case 'reauthorized':
      return [`:white_check_mark: ${label} is authorized again: ${account}. ${closingLine(outage, now)}`]
    case 'recovered':
      return [`:white_check_mark: ${label} works again: ${account}. ${closingLine(outage, now)}`]
    default:
      return outage.closedHow satisfies never
  }
}

function asks({ outage, group, providerLabel: label }: CardFacts): string {
  if (group?.isStorm) return ':key: Much still needs attention'
  return outage?.kind === 'permission' ? `:no_entry: ${label} still lacks a right` : `:key: ${label} still needs authorization`
}

function runOut(ranOut: Reminder['ranOut'], snoozed: Reminder['snoozed']): string {
  const words: string[] = []
  if (ranOut) {
    const whose = ranOut.by === null ? 'The' : `${mention(ranOut.by)}'s`
    words.push(`${whose} claim ran out ${date(new Date(ranOut.at))}, and nobody is on it now.`)
  }
  if (snoozed) words.push(snoozed.by === null ? 'The snooze is over.' : `The snooze by ${mention(snoozed.by)} is over.`)
  return words.join(' ')
}

function please(facts: CardFacts, claimedAt: Date | null): string {
  const { mentions, outage, group, message } = facts
  const whom = mentionAll(mentions)
  const where = message.detour === null && noticeButtons(facts).length === 0 ? ' on the card above' : ''
  if (whom === '') return ''
  if (claimedAt !== null) return `${whom}, you are on it since ${date(claimedAt)}.`
  if (group?.isStorm) return `${whom}, please look into it.`
  return outage?.kind === 'permission'
    ? `${whom}, please see that the right is given back.`
    : `${whom}, please press Reauthorize${where}.`
}

/**
 * The button itself, where the card is far above, or there is none above. Below a card it is there only as a link to what a login
 * mends; elsewhere, without an address, it asks for a personal one.
 */
export function noticeButtons(facts: CardFacts): Block[] {
  const { message, outage, group, reauthorizeUrl, providerLabel: label } = facts
  const kind = message.notice?.kind
  if (outage === null || (kind !== 'reminder' && kind !== 'asks_anew')) return []
  if (message.detour !== null)
    return outage.kind === 'authorization' || reauthorizeUrl !== null ? [loneButton(facts, outage)] : []
  if (kind !== 'asks_anew' || outage.kind !== 'authorization') return []
  if (group === null) return reauthorizeUrl === null ? [] : [loneButton(facts, outage)]
  const buttons = loginButtons({ ...group, offered: group.offered.filter(({ url }) => url !== null) }, label)
  return buttons.length === 0 ? [] : [actions(...buttons)]
}

function loneButton({ connection, reauthorizeUrl, providerLabel: label }: CardFacts, outage: Outage): Block {
  const value = writeReauthorizeValue({ outageId: outage.id, connectionName: connection.name })
  const how = { value, accessibility_label: `Reauthorize: opens the ${label} login` }
  const url = reauthorizeUrl === null ? {} : { url: reauthorizeUrl }
  return actions(button('Reauthorize', REAUTHORIZE_ACTION, { style: 'primary', ...how, ...url }))
}
