import type { CardFacts } from '../domain/cards/card.ts'
import { alikeId } from '../domain/outbox/reject.ts'
import type { AlarmedReason, RejectAlarm } from '../domain/outbox/reject-alarm.ts'
import { PUSH_ON_ACTION, SHOW_REJECTS_ACTION } from './action-ids.ts'
import { actions, type Block, button, context, fields, header, type Rendered, section, sectionWith } from './blocks.ts'
import { accountLine, accountText } from './connection-words.ts'
import { code, date, escapeMrkdwn, personOr } from './mrkdwn.ts'
import { retryAlikeButton } from './reject-buttons.ts'
import { count, plural } from './words.ts'

/** In characters, of foreign text. */
const WORDS_CAP = 200
const VALUE_CAP = 80
const ID_CAP = 40
/** Where several reasons are told: ids of each, and how long they may be. */
const FEW_IDS = 2
const SHORT_CAP = 24

/** A CRM refuses many touchpoints alike, or nearly all of them. */
export function rejectsCard(facts: CardFacts, alarm: RejectAlarm): Rendered {
  if (alarm.kind === 'alike') return alikeCard(facts, alarm)
  return alarm.liftedAt === null ? stoppedCard(facts, alarm) : pushedOnCard(facts, alarm, alarm.liftedAt)
}

function alikeCard({ connection, providerLabel: label }: CardFacts, alarm: RejectAlarm): Rendered {
  const [reason] = alarm.reasons
  const headline = `${label} refuses touchpoints alike`
  const share = `${count(alarm.rejected)} of ${plural(alarm.settled, 'touchpoint')} were refused for one reason`
  const more = reason && reason.count > alarm.rejected ? `, *${count(reason.count)} by now*` : ''
  return {
    text: `🟡 ${headline}: ${accountText(connection)}. ${share}${reason ? `: ${inWords(reason)}` : ''}. The others are pushed.`,
    blocks: [
      header(`🟡 ${headline}`),
      section(accountLine(connection), `*${share}* since ${date(alarm.settledFrom)}${more}`),
      ...(reason ? explained(reason, label) : []),
      section(
        `Correct it in ${label} or where the touchpoints come from, then press *Retry these*. They are kept until then; the others are pushed.`,
      ),
      actions(
        button('Details', SHOW_REJECTS_ACTION, { value: connection.id }),
        ...(reason ? [retryAlikeButton(connection.id, label, reason.code, alikeId(reason))] : []),
      ),
    ],
  }
}

function explained(reason: AlarmedReason, label: string): Block[] {
  const ids = reason.examples.map((id) => code(id, ID_CAP)).join(', ')
  return [
    fields([
      ['Field', reason.field === null ? 'none named' : code(reason.field, ID_CAP)],
      ...(reason.field === null ? [] : [['Value, for example', shownValue(reason, VALUE_CAP)] as const]),
    ]),
    section(
      `*What ${label} says*`,
      `${escapeMrkdwn(reason.message, WORDS_CAP) || 'No words'} (${code(reason.code, ID_CAP)})`,
      ids === '' ? '' : `For example ${ids}`,
    ),
  ]
}

function stoppedCard({ connection, providerLabel: label, backlog }: CardFacts, alarm: RejectAlarm): Rendered {
  const headline = `Pushing to ${label} has stopped`
  const why = `${count(alarm.rejected)} of ${plural(alarm.settled, 'touchpoint')} in a row were refused`
  const [most] = alarm.reasons
  const waiting = `${plural(backlog.waiting, 'touchpoint')} ${backlog.waiting === 1 ? 'waits' : 'wait'}, and new ones are kept.`
  return {
    text: `🛑 ${headline}: ${accountText(connection)}. ${why}${most ? `, most of them for: ${inWords(most)}` : ''}. ${waiting} Somebody has to look.`,
    blocks: [
      header(`🛑 ${headline}`),
      section(accountLine(connection), `*${why}*, so pushing stopped ${date(alarm.since)}. ${waiting}`),
      section(`*What ${label} refused in the last hour*`),
      ...reasons(alarm, connection.id, label),
      section(
        '*What to do*',
        `Correct it in ${label}, in the mapping, or where the touchpoints come from. Then press *Push on*, and *Retry these* for what was refused.`,
      ),
      actions(
        button('Push on', PUSH_ON_ACTION, { style: 'primary', value: connection.id }),
        button('Details', SHOW_REJECTS_ACTION, { value: connection.id }),
      ),
      context('Push on takes the owner of the connection, or somebody who may change settings.'),
    ],
  }
}

function pushedOnCard({ connection, providerLabel: label }: CardFacts, alarm: RejectAlarm, liftedAt: Date): Rendered {
  const headline = `Pushing to ${label} goes on`
  const who = `${personOr(alarm.liftedBy, 'Somebody')} let it go on ${date(liftedAt)}.`
  const why = `It had stopped ${date(alarm.since)}, when ${count(alarm.rejected)} of ${plural(alarm.settled, 'touchpoint')} in a row were refused.`
  return {
    text: `🟢 ${headline}: ${accountText(connection)}. ${who} ${why}`,
    blocks: [
      header(`🟢 ${headline}`),
      section(accountLine(connection), who, why),
      ...reasons(alarm, connection.id, label),
      actions(button('Details', SHOW_REJECTS_ACTION, { value: connection.id })),
    ],
  }
}

/** The fewer there are, the more of the CRM's words. */
function reasons(alarm: RejectAlarm, connectionId: string, label: string): Block[] {
  const cap = Math.floor(WORDS_CAP / Math.max(alarm.reasons.length, 1))
  return alarm.reasons.map((reason) =>
    sectionWith(retryAlikeButton(connectionId, label, reason.code, alikeId(reason)), ...reasonLines(reason, cap)),
  )
}

function reasonLines(reason: AlarmedReason, cap: number): string[] {
  const where = reason.field === null ? [] : [`Field ${code(reason.field, ID_CAP)}`, `value ${shownValue(reason, SHORT_CAP)}`]
  const ids = reason.examples.slice(0, FEW_IDS).map((id) => code(id, SHORT_CAP))
  return [
    `• ${count(reason.count)} × ${escapeMrkdwn(reason.message, cap) || 'no words'} (${code(reason.code, ID_CAP)})`,
    [...where, ...(ids.length === 0 ? [] : [`${where.length === 0 ? 'For' : 'for'} example ${ids.join(', ')}`])].join(' · '),
  ]
}

/** "Email__c: invalid email address (INVALID_EMAIL_ADDRESS)". */
function inWords({ field, message, code: name }: AlarmedReason): string {
  const where = field === null ? '' : `${escapeMrkdwn(field, ID_CAP)}: `
  return `${where}${escapeMrkdwn(message, VALUE_CAP)} (${escapeMrkdwn(name, ID_CAP)})`
}

function shownValue({ value }: AlarmedReason, cap: number): string {
  return value === null || value === '' ? 'nothing' : code(value, cap)
}
