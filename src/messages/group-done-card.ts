import type { CardFacts } from '../domain/cards/card.ts'
import { type CardGroup, type CardMember, type HeldMember, isDone, isPaused } from '../domain/cards/card-group.ts'
import { accountOf } from './account-of.ts'
import { SHOW_CONNECTIONS_ACTION } from './action-ids.ts'
import { actions, type Block, button, context, header, type Rendered, section, sectionWith } from './blocks.ts'
import { progressBar } from './catch-up-card.ts'
import { closingLine } from './closing.ts'
import { memberLines, onlyLabel } from './group-lines.ts'
import { caughtUp, costSums, tagSums } from './group-sums.ts'
import { holdsText, plainWords } from './hold-lines.ts'
import type { Look } from './look.ts'
import { code, date, escapeMrkdwn } from './mrkdwn.ts'
import { pushingButtons } from './pushing-buttons.ts'
import { count, list, plural } from './words.ts'

/** No connection of the card asks for anything any more: how that came, and what became of what they missed, added up. */
export function groupDoneCard(facts: CardFacts, group: CardGroup, look: Look): Rendered {
  const { members } = group
  const state = stateOf(members)
  const label = onlyLabel(members, group.labels)
  const headline = headlineOf(members, label)
  const ended = endedWords(facts, members)
  const sums = sumLines(members)
  return {
    text: `${state} ${headline}. ${plainWords([ended, ...sums])}`.trim(),
    blocks: [
      header(`${state} ${headline}`),
      ...(ended === '' ? [] : [section(ended)]),
      ...(sums.length === 0 ? [] : [section(...sums)]),
      section(...memberLines(members, look.command, facts.now)),
      ...group.held.map(heldBlock),
      actions(button('All connections', SHOW_CONNECTIONS_ACTION)),
      context(downFrom(members, facts.now), 'What each of them missed is told in the thread.'),
    ],
  }
}

/** Below the card, for the channel. */
export function allBackWords(facts: CardFacts, group: CardGroup, mentions: string): string {
  const headline = headlineOf(group.members, onlyLabel(group.members, group.labels))
  return [
    `:white_check_mark: *${headline}.* ${endedWords(facts, group.members)} ${mentions}`.trim(),
    ...sumLines(group.members),
  ].join('\n')
}

function stateOf(members: readonly CardMember[]): string {
  if (members.some(isPaused)) return '⏸️'
  if (members.every(({ outage }) => outage.closedHow === 'withdrawn')) return '↩️'
  return members.every(isDone) ? '✅' : '🟢'
}

function headlineOf(members: readonly CardMember[], label: string | null): string {
  const whose = label === null ? '' : `${label}: `
  const paused = members.filter(isPaused).length
  const all = members.length === 1 ? 'the connection is' : `all ${count(members.length)} connections are`
  const some = `${plural(members.length - paused, 'connection is', 'connections are')} back, ${count(paused)} paused`
  const text = whose + (paused === 0 ? `${all} back` : paused === members.length ? `${all} paused` : some)
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** "Reauthorized by @ben as ana@acme.example after 3 h 12 min." where that is true of all; else how many ended how. */
function endedWords({ now }: CardFacts, all: readonly CardMember[]): string {
  const members = all.filter(({ outage }) => outage.closedAt !== null)
  const ways = new Set(members.map(({ outage }) => closingLine(outage, now)))
  const isWithdrawn = members.some(({ outage }) => outage.closedHow === 'withdrawn')
  const [only] = ways
  if (ways.size === 1 && only !== undefined && !isWithdrawn) return only
  const how = (closedHow: string) => members.filter(({ outage }) => outage.closedHow === closedHow).length
  const parts = [
    [how('reauthorized'), 'authorized again'],
    [how('recovered'), 'working again by themselves'],
    [how('withdrawn'), 'withdrawn: the login works after all, sorry for the alarm'],
  ] as const
  const words = list(parts.flatMap(([n, what]) => (n === 0 ? [] : [`${count(n)} ${what}`])))
  return words === '' ? '' : `${words}.`
}

function sumLines(members: readonly CardMember[]): string[] {
  const catchUp = caughtUp(members)
  const isPushing = catchUp !== null && catchUp.finishedAt === null
  const left = members.filter(({ gap }) => gap?.finishedAt === null).length
  return [
    ...(catchUp === null || catchUp.expected === 0
      ? []
      : isPushing
        ? [`*Pushing what was missed*`, progressBar(catchUp)]
        : [`*${accountOf(catchUp)}*`]),
    ...costSums(members),
    ...tagSums(members),
    ...(left === 0 ? [] : [`:hourglass_flowing_sand: Downloading what was missed: ${plural(left, 'account')} to go.`]),
  ]
}

/** A catch-up that waits for somebody. */
function heldBlock({ connection, holds }: HeldMember): Block {
  const [action = null] = pushingButtons(connection, holds, true)
  return sectionWith(action, `*${escapeMrkdwn(connection.accountName, 40)}* ${code(connection.name, 30)}: ${holdsText(holds)}`)
}

function downFrom(members: readonly CardMember[], now: Date): string {
  const from = Math.min(...members.map(({ outage }) => outage.lastProofAt.getTime()))
  const to = Math.max(...members.map(({ outage }) => (outage.closedAt ?? now).getTime()))
  const noticed = Math.min(...members.map(({ outage }) => outage.openedAt.getTime()))
  return `All of them last worked ${date(new Date(from))}, first noticed ${date(new Date(noticed))}, over ${date(new Date(to))}.`
}
