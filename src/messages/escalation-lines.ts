import type { CardFacts } from '../domain/cards/card.ts'
import { inForce } from '../domain/cards/escalation.ts'
import { CLAIM_ACTION, RELEASE_ACTION, SNOOZE_ACTION, writePress } from './action-ids.ts'
import { type Action, button, type Option, option, select } from './blocks.ts'
import { date, mention } from './mrkdwn.ts'

type Facts = Pick<CardFacts, 'escalation' | 'now'>

/** Who is on it, and whether reminders are held; nothing where neither is so. */
export function escalationLines({ escalation, now }: Facts): string[] {
  const claim = inForce(escalation?.claim ?? null, now)
  const snooze = inForce(escalation?.snooze ?? null, now)
  return [
    ...(claim === null ? [] : [`:eyes: ${mention(claim.by)} is on it since ${date(claim.at)}.`]),
    ...(snooze === null ? [] : [`:zzz: Snoozed until ${date(snooze.until)}, by ${mention(snooze.by)}.`]),
  ]
}

export function isClaimed({ escalation, now }: Facts): boolean {
  return inForce(escalation?.claim ?? null, now) !== null
}

/** What people can do about a card that asks for something, beside logging in. */
export function escalationButtons({ escalation, outage, now }: Facts & Pick<CardFacts, 'outage'>): Action[] {
  if (escalation === null || outage === null) return []
  const { version } = escalation
  const isSnoozed = inForce(escalation.snooze, now) !== null
  const value = (what: Parameters<typeof writePress>[0]['what']) => writePress({ outageId: outage.id, version, what })
  const snoozes: Option[] = [
    option('1 hour', value('1h')),
    option('4 hours', value('4h')),
    option('Until tomorrow, 9:00', value('tomorrow')),
    ...(isSnoozed ? [option('End the snooze', value('wake'))] : []),
  ]
  return [
    ...(isClaimed({ escalation, now })
      ? [
          button('Take over', CLAIM_ACTION, { value: value('claim') }),
          button('Release', RELEASE_ACTION, {
            value: value('release'),
            accessibility_label: 'Release: you are not on it any more',
          }),
        ]
      : [button("I'm on it", CLAIM_ACTION, { value: value('claim') })]),
    select(isSnoozed ? 'Snoozed' : 'Snooze', SNOOZE_ACTION, snoozes),
  ]
}

/** Changes with whatever people do, so that Slack forgets what was chosen before. */
export function escalationBlockId({ escalation }: Pick<CardFacts, 'escalation'>): string | undefined {
  return escalation === null ? undefined : `actions_${escalation.version}`
}
