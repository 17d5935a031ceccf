import type { EscalationChanged } from '../domain/cards/change-escalation.ts'
import type { Ended } from '../domain/cards/decide-escalation.ts'
import type { Outage } from '../domain/connections/outage.ts'
import { type Rendered, section } from './blocks.ts'
import { date, escapeMrkdwn, mention, personOr } from './mrkdwn.ts'
import { nothingToDo } from './problem.ts'
import { refused } from './refused.ts'

/** What became of pressing *I'm on it*, *Take over*, *Release* or *Snooze*, for whoever pressed it. */
export function escalationReply(outcome: EscalationChanged, userId: string, command: string): Rendered {
  if (outcome.kind === 'not_allowed') return refused(outcome.reason)
  if (outcome.kind === 'gone') return nothingToDo(command)
  const text = words(outcome, userId)
  return { text, blocks: [section(text)] }
}

function words(outcome: Exclude<EscalationChanged, { kind: 'not_allowed' | 'gone' }>, userId: string): string {
  switch (outcome.kind) {
    case 'claim': {
      const from = outcome.from === null ? '' : ` ${mention(outcome.from)} was on it before.`
      return `:eyes: You're on it.${from} Reminders go to you alone until ${date(outcome.claim.until)}.`
    }
    case 'release':
      return "You're not on it any more. Reminders go to everybody who was asked before."
    case 'snooze':
      return `:zzz: Snoozed until ${date(outcome.snooze.until)}: no reminders before, and one then. The card stays as it is.`
    case 'wake':
      return 'The snooze is over. Reminders come again.'
    case 'already_claimed': {
      const { by, at, until } = outcome.claim
      return by === userId
        ? `You are on it already, until ${date(until)}.`
        : `${mention(by)} is already on it, since ${date(at)}. *Take over* on the card makes it yours.`
    }
    case 'not_claimed':
      return `Nobody is on it. ${ended(outcome.ended, 'It was released already', 'The claim ran out')}`.trim()
    case 'already_snoozed': {
      const { by, at, until } = outcome.snooze
      return `Snoozed already by ${mention(by)} ${date(at)}, until ${date(until)}. Choose again on the card to change that.`
    }
    case 'not_snoozed':
      return `It is not snoozed. ${ended(outcome.ended, 'The snooze was ended already', 'The snooze was over')}`.trim()
    case 'over':
      return overWords(outcome.outage)
    case 'busy':
      return 'Several people pressed at the same moment, so nothing was changed for you. Please look at the card and press again.'
    default:
      return outcome satisfies never
  }
}

function ended(how: Ended | null, done: string, ranOut: string): string {
  if (how === null) return ''
  return how.by === null ? `${ranOut} ${date(how.at)}.` : `${done} by ${mention(how.by)} ${date(how.at)}.`
}

/** "This outage is over: reauthorized by @ben today 9:14 AM." */
export function overWords({ closedHow, closedAt, closedBy, closedByUsername }: Outage): string {
  const when = closedAt === null ? '' : ` ${date(closedAt)}`
  if (closedHow !== 'reauthorized')
    return `:white_check_mark: This outage is over: it works again${closedAt === null ? '' : ` since${when}`}, and nobody had to log in.`
  const username = closedByUsername === null ? '' : `the login ${escapeMrkdwn(closedByUsername)}`
  return `:white_check_mark: This outage is over: reauthorized by ${personOr(closedBy, username || 'somebody')}${when}.`
}
