import type { CardFacts } from '../domain/cards/card.ts'
import { type CardGroup, type CardMember, isOpen } from '../domain/cards/card-group.ts'
import type { OutageKind } from '../domain/connections/connection.ts'
import { SHOW_CONNECTIONS_ACTION } from './action-ids.ts'
import { actionsOf, button, context, header, type Rendered, section } from './blocks.ts'
import { causeWords } from './causes.ts'
import { escalationBlockId, escalationButtons, escalationLines, isClaimed } from './escalation-lines.ts'
import { groupImpact } from './group-impact.ts'
import { plainWords } from './hold-lines.ts'
import type { Look } from './look.ts'
import { code, date, escapeMrkdwn, mentionAll } from './mrkdwn.ts'
import { count, list, plural } from './words.ts'

const GROUPS_SHOWN = 8
const NAMED = 3

/** What breaks in a storm, on one card: how many of which provider for which cause, the most to lose first. */
export function stormCard(facts: CardFacts, group: CardGroup, look: Look): Rendered {
  const { members, labels } = group
  const open = members.filter(isOpen)
  const ofKind = (kind: OutageKind) => open.filter(({ outage }) => outage.kind === kind).length
  const red = ofKind('authorization')
  const back = members.filter(({ outage }) => outage.closedAt !== null).length
  const sign = red > 0 ? '🔑' : '⛔'
  const headline = `${sign} ${plural(open.length, 'more connection needs', 'more connections need')} attention`
  const whom = mentionAll(facts.mentions)
  const since = date(facts.message.stormSince ?? facts.message.createdAt)
  const counts = [
    ...(red === 0 ? [] : [`${look.redKey} *Authorization Required*: ${count(red)}`]),
    ...(ofKind('permission') === 0 ? [] : [`:no_entry: *Permission missing*: ${count(ofKind('permission'))}`]),
    ...(ofKind('misconfigured') === 0 ? [] : [`:wrench: *Problem of the set-up*: ${count(ofKind('misconfigured'))}`]),
    ...(back === 0 ? [] : [`:white_check_mark: back: ${count(back)}`]),
  ]
  const kinds = kindsOf(open, labels)
  const shown = kinds.slice(0, GROUPS_SHOWN)
  const rest = kinds.slice(GROUPS_SHOWN)
  const impact = groupImpact(open, 'once they are back')
  return {
    text: [
      `${whom === '' ? headline : headline.replace(sign, `${sign} ${whom}`)} since ${since}: ${list(shown.slice(0, 3).map(({ what, of }) => `${what} (${count(of.length)})`))}.`,
      plainWords([...impact, ...escalationLines(facts)]),
      `Type ${look.command} for all of them.`,
    ].join(' '),
    blocks: [
      header(headline),
      section(
        counts.join(' · '),
        `Much breaks in this channel since ${since}, so what came after the first cards is here.`,
        isClaimed(facts) || whom === '' ? '' : `${whom}, please look into it.`,
        ...escalationLines(facts),
      ),
      section(
        ...shown.map(line),
        ...(rest.length === 0
          ? []
          : [
              `• and ${count(rest.reduce((sum, { of }) => sum + of.length, 0))} more, for ${plural(rest.length, 'other reason')}`,
            ]),
      ),
      section('*What this means*', ...impact),
      actionsOf(
        escalationBlockId(facts),
        button('All connections', SHOW_CONNECTIONS_ACTION, { style: 'primary' }),
        ...escalationButtons(facts),
      ),
      context(`*All connections* has Reauthorize and Details for each; so has \`${look.command}\`.`),
    ],
  }
}

interface Kind {
  /** "Google Ads: access revoked" */
  readonly what: string
  readonly of: readonly CardMember[]
  readonly waiting: number
}

function kindsOf(open: readonly CardMember[], labels: ReadonlyMap<string, string>): Kind[] {
  const byKind = Map.groupBy(
    open,
    ({ connection, outage }) =>
      `${labels.get(connection.provider) ?? connection.provider}: ${causeWords(outage.kind, outage.cause)}`,
  )
  return [...byKind]
    .map(([what, of]) => ({ what, of, waiting: of.reduce((sum, one) => sum + one.waiting, 0) }))
    .toSorted((a, b) => b.waiting - a.waiting || b.of.length - a.of.length)
}

function line({ what, of, waiting }: Kind): string {
  const named = of
    .slice(0, NAMED)
    .map(({ connection }) => `${escapeMrkdwn(connection.accountName, 20)} ${code(connection.name, 20)}`)
  const others = of.length - named.length
  const stake = waiting === 0 ? '' : `, ${count(waiting)} waiting`
  return `• *${what}* · ${count(of.length)}${stake}\n   ${list(others === 0 ? named : [...named, `${count(others)} more`])}`
}
