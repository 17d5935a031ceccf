import { type CardMember, isOpen, isPaused } from '../domain/cards/card-group.ts'
import type { Outage } from '../domain/connections/outage.ts'
import { shortDay } from './days.ts'
import { code, escapeMrkdwn } from './mrkdwn.ts'
import { count, duration } from './words.ts'

/** What is asked for instead of a login. */
const OF_KIND = {
  authorization: '',
  permission: ':no_entry: a right is missing',
  misconfigured: ':wrench: a problem of the set-up',
} as const
const NAMED = 12
/** Of all lines together, so that a card stays readable, whatever connections are called. */
const MOST_CHARACTERS = 1_100

/** One line for each connection that a card tells of: those that are open, then those that are over. */
export function memberLines(members: readonly CardMember[], command: string, now: Date): string[] {
  const lines: string[] = []
  let characters = 0
  for (const member of members.slice(0, NAMED)) {
    const line = `• ${memberLine(member, now)}`
    characters += line.length
    if (characters > MOST_CHARACTERS) break
    lines.push(line)
  }
  const left = members.length - lines.length
  return left === 0 ? lines : [...lines, `• and ${count(left)} more: \`${command}\` shows all`]
}

/** "*Acme EU* `google-ads` · 1,284 waiting"; one that is over is struck. */
function memberLine(member: CardMember, now: Date): string {
  const { connection, outage } = member
  const account = escapeMrkdwn(connection.accountName, 40)
  const name = code(connection.name, 30)
  if (isPaused(member)) return `~${account}~ ${name} · :double_vertical_bar: paused`
  if (!isOpen(member)) return `~${account}~ ${name} · ${endWords(outage, now)}`
  const sandbox = connection.environment === 'sandbox' ? 'sandbox' : ''
  return [`*${account}* ${name}`, sandbox, OF_KIND[outage.kind], stakeWords(member)].filter(Boolean).join(' · ')
}

/** What is missed while it is down, in a few words. */
function stakeWords({ connection, waiting, costsAt }: CardMember): string {
  if (connection.kind === 'crm') return waiting === 0 ? 'nothing waits yet' : `${count(waiting)} waiting`
  return costsAt === null ? 'no costs yet' : `costs until ${shortDay(costsAt.toISOString().slice(0, 10))}`
}

/** "withdrawn: the login works after all". */
function endWords({ closedHow, closedAt, lastProofAt }: Outage, now: Date): string {
  const after = duration((closedAt ?? now).getTime() - lastProofAt.getTime())
  switch (closedHow) {
    case 'reauthorized':
      return `authorized again after ${after}`
    case 'withdrawn':
      return 'withdrawn: the login works after all'
    case 'recovered':
      return `works again after ${after}`
    case null:
      return 'not connected any more'
    default:
      return closedHow satisfies never
  }
}

/** The provider's name, where all are of one; else null. */
export function onlyLabel(members: readonly CardMember[], labels: ReadonlyMap<string, string>): string | null {
  const names = new Set(members.map(({ connection }) => labels.get(connection.provider) ?? connection.provider))
  const [only = null] = names.size === 1 ? names : []
  return only
}
