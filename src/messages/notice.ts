import type { CardFacts, LooseFacts, LooseNotice, Notice } from '../domain/cards/card.ts'
import { type Rendered, section } from './blocks.ts'
import { asksAnewWords, cardFrozenWords, noticeButtons, reminderWords } from './card-notices.ts'
import { connectionRemoved } from './connection-removed.ts'
import { allBackWords } from './group-done-card.ts'
import { code, date, escapeMrkdwn, mention, mentionAll, personOr } from './mrkdwn.ts'
import { names } from './named.ts'
import { recordsRefused } from './records-refused.ts'
import { scopeWords } from './scopes.ts'
import { broughtBack, connectionsAdded } from './several.ts'
import { list, plural } from './words.ts'

/** A line in the thread of a card, or what programs send in vain. */
export function noticeMessage(facts: CardFacts, notice: Notice): Rendered {
  if (notice.kind === 'records_refused') return recordsRefused(facts, notice)
  if (notice.kind === 'connections_added') return connectionsAdded(notice)
  if (notice.kind === 'connection_removed') return connectionRemoved(notice)
  const text = words(facts, notice)
  return { text, blocks: [section(text), ...noticeButtons(facts)] }
}

/** A notice that is about no connection. */
export function looseNotice(facts: LooseFacts, notice: Notice): Rendered {
  if (notice.kind === 'records_refused') return recordsRefused(facts, notice)
  if (notice.kind === 'connections_added') return connectionsAdded(notice)
  if (notice.kind === 'connection_removed') return connectionRemoved(notice)
  if (notice.kind !== 'secret_ends') throw new Error(`A ${notice.kind} notice lacks its connection (message ${facts.message.id})`)
  const text = secretEnds(notice, facts.providerLabel)
  return { text, blocks: [section(text)] }
}

function words(
  facts: CardFacts,
  notice: Exclude<Notice, { kind: 'records_refused' | 'connections_added' | 'connection_removed' }>,
): string {
  const { providerLabel: label } = facts
  switch (notice.kind) {
    case 'wrong_account':
      return (
        `:warning: Nothing changed: ${escapeMrkdwn(notice.username)} logged in to ${label}, but to *${escapeMrkdwn(notice.came)}* ` +
        `instead of *${escapeMrkdwn(notice.expected)}*. Log out of ${label} in the browser, then press Reauthorize and choose *${escapeMrkdwn(notice.expected)}*.`
      )
    case 'scope_missing':
      return (
        `:warning: Nothing changed: ${escapeMrkdwn(notice.username) || 'somebody'} logged in to ${label}, but did not allow ${scopes(notice.missing)}. ` +
        'Press Reauthorize again and allow everything that Redkey asks for.'
      )
    case 'login_not_finished':
      return (
        `:hourglass: Somebody opened the ${escapeMrkdwn(notice.provider)} login and did not come back within 10 minutes. ` +
        'Usual reasons: a second factor that only somebody else has, an admin who must approve the app first, or a closed tab. Reauthorize still works.'
      )
    case 'login_refused':
      return `:warning: The ${label} login did not go through: ${escapeMrkdwn(notice.explanation, 300)}${adminSteps(notice.steps, label)}`
    case 'invited':
      return (
        `:envelope: ${personOr(notice.by, 'Somebody')} invited somebody outside the workspace to log in to ${label}. ` +
        `The link works once, until ${date(new Date(notice.until))}, and can bring back this account only.`
      )
    case 'invitation_withdrawn':
      return `:envelope: ${personOr(notice.by, 'Somebody')} withdrew the invitation to log in: its link does not work any more.`
    case 'invitation_used':
      return `:envelope: The invitation of ${personOr(notice.by, 'somebody')} was used: ${escapeMrkdwn(notice.username) || 'somebody'} logged in to ${label}.`
    case 'brought_back':
      return broughtBack(notice, label)
    case 'login_ends': {
      const whom = mention(notice.ownerId)
      return (
        `:large_yellow_circle: :key: ${whom === '' ? '' : `${whom}, `}the ${label} login of ${names(notice.connections)} ends in ` +
        `*${plural(notice.days, 'day')}* (${date(new Date(notice.endsAt))}). Press Renew on the card above and log in again, so that nothing stops.`
      )
    }
    case 'reminder':
      return reminderWords(facts, notice)
    case 'asks_anew':
      return asksAnewWords(facts)
    case 'card_frozen':
      return cardFrozenWords(facts)
    case 'all_back':
      return facts.group === null ? '' : allBackWords(facts, facts.group, mentionAll(facts.mentions))
    case 'card_moved':
      return `This card is in <#${notice.to}> now.`
    case 'secret_ends':
      return secretEnds(notice, label)
    default:
      return notice satisfies never
  }
}

function adminSteps(steps: readonly string[] | undefined, label: string): string {
  if (!steps?.length) return ' Reauthorize still works.'
  const lines = steps.map((step, place) => `${place + 1}. ${escapeMrkdwn(step, 300)}`)
  return `\nAn administrator of ${label} has to act first:\n${lines.join('\n')}`
}

function scopeShown(scope: string): string {
  const { isName, meaning } = scopeWords(scope)
  if (!isName) return `*${escapeMrkdwn(scope)}*`
  return meaning === null ? code(scope) : `${meaning} (${code(scope)})`
}

function secretEnds({ days, endsAt }: Extract<LooseNotice, { kind: 'secret_ends' }>, label: string): string {
  if (days === 0) return `:wrench: The client secret of the ${label} app has ended: its logins can't be refreshed any more.`
  return `:large_yellow_circle: :wrench: The client secret of the ${label} app ends in *${plural(days, 'day')}* (${date(new Date(endsAt))}). Whoever runs Redkey has to make a new one.`
}

function scopes(missing: readonly string[]): string {
  const shown = missing.slice(0, 5).map(scopeShown)
  return list(missing.length > 5 ? [...shown, `${missing.length - 5} more`] : shown) || 'everything'
}
