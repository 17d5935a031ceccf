import type { CardFacts } from '../domain/cards/card.ts'
import { type CardGroup, type CardMember, isOpen } from '../domain/cards/card-group.ts'
import type { OutageKind } from '../domain/connections/connection.ts'
import type { Outage } from '../domain/connections/outage.ts'
import { SHOW_CONNECTIONS_ACTION } from './action-ids.ts'
import { actionsOf, button, context, fields, header, type Rendered, section } from './blocks.ts'
import { authorizationAdvice, crowdedOutWords, permissionAdvice } from './causes.ts'
import { escalationBlockId, escalationButtons, escalationLines, isClaimed } from './escalation-lines.ts'
import { groupImpact } from './group-impact.ts'
import { memberLines } from './group-lines.ts'
import { loginButtons, loginWords } from './group-logins.ts'
import { plainWords } from './hold-lines.ts'
import type { Look } from './look.ts'
import { date, escapeMrkdwn, mentionAll } from './mrkdwn.ts'
import { whichLogins } from './which-login.ts'
import { count, plural } from './words.ts'

/** Connections that broke together, for one cause: which, since when, why, what it costs, and what fixes all of them. */
export function groupCard(facts: CardFacts, group: CardGroup, outage: Outage, look: Look): Rendered {
  const { providerLabel: label } = facts
  const open = group.members.filter(isOpen)
  const isRed = outage.kind === 'authorization'
  const after = isRed ? 'after reauthorization' : 'once the right is there'
  const ofKind = (kind: OutageKind) => open.filter((one) => one.outage.kind === kind).length
  const red = ofKind('authorization')
  const lacking = plural(ofKind('permission'), 'connection lacks', 'connections lack')
  const headline = isRed
    ? `🔑 ${label}: ${plural(red, 'connection needs', 'connections need')} authorization`
    : `⛔ ${label}: ${lacking} a right`
  const status = isRed ? `${look.redKey} *Authorization Required*` : '*Permission missing*'
  const whom = mentionAll(facts.mentions)
  const ask = isRed ? 'please log in again.' : 'please see that the right is given back.'
  const logins = loginWords(group, label)
  const advice = isRed ? authorizationAdvice(outage.cause, label) : permissionAdvice(outage.cause, label)
  const impact = groupImpact(open, after)
  const noticed = `first noticed ${date(first(open).openedAt)}`
  const back = group.members.filter((one) => one.outage.closedAt !== null).length
  return {
    text: [
      isRed && whom !== '' ? `${headline.replace('🔑', `🔑 ${whom}`)}, ${noticed}.` : `${headline}, ${noticed}.`,
      plainWords([logins, ...impact, ...escalationLines(facts)]),
      isRed ? 'Press Reauthorize to log in again.' : '',
    ]
      .filter(Boolean)
      .join(' '),
    blocks: [
      header(headline),
      section(
        `${status}, ${noticed}${back === 0 ? '' : ` · ${count(back)} of ${count(group.members.length)} back`}`,
        isRed && ofKind('permission') > 0 ? `:no_entry: ${lacking} a right.` : '',
        setUpWords(ofKind('misconfigured'), label),
        logins,
        !isRed || isClaimed(facts) || whom === '' ? '' : `${whom}, ${ask}`,
        ...escalationLines(facts),
      ),
      fields([
        ['Last time all of them worked', date(first(open).lastProofAt)],
        ...(group.logins.length > 1 ? [] : [['Logged in as', escapeMrkdwn(facts.username) || 'unknown'] as const]),
      ]),
      section(
        `*Why*\n${escapeMrkdwn(outage.explanation, 200)} ${advice}`,
        group.logins.length > 1 ? '' : crowdedOutWords(facts.crowdedOut, label),
      ),
      section('*Connections*', ...memberLines(group.members, look.command, facts.now)),
      section('*What this means*', ...impact),
      actionsOf(
        escalationBlockId(facts),
        ...loginButtons(group, label),
        ...escalationButtons(facts),
        button('All connections', SHOW_CONNECTIONS_ACTION),
      ),
      ...(isRed ? [context(begun(outage) ?? whichLogins(facts.connection, label))] : []),
    ],
  }
}

function setUpWords(connections: number, label: string): string {
  if (connections === 0) return ''
  return `:wrench: For ${plural(connections, 'connection', 'connections')} the ${label} set-up of Redkey has to be fixed, by whoever runs it.`
}

function begun({ loginBegunAt }: Outage): string | null {
  return loginBegunAt === null ? null : `:hourglass_flowing_sand: Somebody opened the login ${date(loginBegunAt)}.`
}

/** When the first of them broke, and when it last worked. */
function first(open: readonly CardMember[]): Pick<Outage, 'openedAt' | 'lastProofAt'> {
  const earliest = (times: Date[]) => new Date(Math.min(...times.map((time) => time.getTime())))
  return {
    openedAt: earliest(open.map(({ outage }) => outage.openedAt)),
    lastProofAt: earliest(open.map(({ outage }) => outage.lastProofAt)),
  }
}
