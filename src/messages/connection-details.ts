import type { AuditEntry } from '../domain/connections/audit-entry.ts'
import type { ConnectionOverview } from '../domain/connections/connection-store.ts'
import type { Description } from '../domain/connections/list.ts'
import { actions, type Block, fields, header, type Rendered, section } from './blocks.ts'
import { authorizationAdvice, crowdedOutWords, permissionAdvice } from './causes.ts'
import { connectionText, expiry, type ListedConnection, rowButtons, settingsButton } from './connection-rows.ts'
import { isConfirmedByAdding, statusLine } from './connection-words.ts'
import { costBlocks, type ShownChart } from './cost-blocks.ts'
import { costText } from './cost-words.ts'
import { shortHistoryLine } from './history-words.ts'
import { holdLines } from './hold-lines.ts'
import type { Look } from './look.ts'
import { code, date, escapeMrkdwn, personOr, plain } from './mrkdwn.ts'
import { pushingButtons } from './pushing-buttons.ts'
import { rejectLines } from './reject-lines.ts'
import { tagBlocks, taggingButton } from './tag-lines.ts'
import { count } from './words.ts'

/** What is known of a connection beside what lists show. */
export type Known = Omit<Extract<Description, { readonly kind: 'found' }>, 'kind' | 'overview'>

/** Everything about one connection: status and why, account, login, numbers, what happened lately. */
export function connectionDetails(
  listed: ListedConnection,
  { history, rejects, crowdedOut, costs, tags }: Known,
  look: Look,
  now: Date,
  chart: ShownChart | null = null,
): Rendered {
  const { overview, providerLabel: label } = listed
  const { connection } = overview
  const { holds, catchUp } = overview
  const buttons = [
    ...rowButtons(listed, false),
    ...pushingButtons(connection, holds, catchUp !== null),
    ...(tags === null ? [] : [taggingButton(connection.id)]),
    settingsButton(connection.id),
  ]
  return {
    text: `${connectionText(listed)}. ${why(overview, label)} ${costs === null ? '' : costText(costs)}`
      .replace(/ +/g, ' ')
      .trim(),
    blocks: [
      header(`${label}: ${plain(connection.accountName)}`),
      section(statusLine(connection, look), why(overview, label), crowdedOutWords(crowdedOut, label), ...holdLines(holds, label)),
      fields(facts(overview, now)),
      ...(costs === null ? [] : costBlocks(costs, label, chart)),
      ...(rejects.length === 0
        ? []
        : [section('*Rejected touchpoints, by reason*', ...rejectLines(rejects), howToRetry(connection.name, look))]),
      ...(tags === null ? [] : tagBlocks(tags, label)),
      ...historyBlocks(history),
      actions(...buttons),
    ],
  }
}

function howToRetry(name: string, look: Look): string {
  return `\`${look.command} rejects ${escapeMrkdwn(name)}\` tries them again.`
}

function why({ connection, outage }: ConnectionOverview, label: string): string {
  const { health } = connection
  const explanation = outage?.explanation ?? health.explanation
  if (health.status === 'connected' || explanation === null) return ''
  const cause = outage?.cause ?? health.cause ?? ''
  const advice =
    health.status === 'authorization_required'
      ? authorizationAdvice(cause, label)
      : health.status === 'permission_required'
        ? permissionAdvice(cause, label)
        : ''
  return `${escapeMrkdwn(explanation, 300)} ${advice}`.trim()
}

function facts(
  { connection, username, backlog, refreshExpiresAt }: ConnectionOverview,
  now: Date,
): (readonly [string, string])[] {
  return [
    ['Connection', code(connection.name)],
    ['Account id', code(connection.accountId)],
    ['Environment', connection.environment === 'sandbox' ? ':test_tube: Sandbox' : 'Production'],
    ['Logged in as', escapeMrkdwn(username) || 'unknown'],
    ['Owner', ownerWords(connection)],
    ['Last time it worked', date(connection.health.lastProofAt)],
    ['Added', `${date(connection.addedAt)} by ${personOr(connection.addedBy, 'somebody')}`],
    ...(connection.kind === 'crm' ? [numbers(backlog), confirmation(connection)] : []),
    ...(refreshExpiresAt === null ? [] : [['Login', `${expiry(refreshExpiresAt, now)} (${date(refreshExpiresAt)})`] as const]),
  ]
}

function ownerWords({ ownerId, deputyId }: ConnectionOverview['connection']): string {
  const owner = personOr(ownerId, 'nobody yet')
  return deputyId === null ? owner : `${owner}, then ${personOr(deputyId, 'nobody')}`
}

function numbers(backlog: ConnectionOverview['backlog']): readonly [string, string] {
  const parts = [
    `*${count(backlog.waiting)} waiting*`,
    `${count(backlog.pushed)} pushed`,
    `${count(backlog.superseded)} superseded`,
    `${count(backlog.rejected)} rejected`,
  ]
  return ['Touchpoints', parts.join(', ')]
}

function confirmation(connection: ConnectionOverview['connection']): readonly [string, string] {
  const { confirmedAt, confirmedBy } = connection
  if (confirmedAt === null) return ['Pushing', ':warning: not yet: somebody has to press Start pushing']
  if (isConfirmedByAdding(connection)) return ['Pushing', `since ${date(confirmedAt)}`]
  return ['Pushing', `since ${date(confirmedAt)}, confirmed by ${personOr(confirmedBy, 'somebody')}`]
}

function historyBlocks(history: readonly AuditEntry[]): Block[] {
  if (history.length === 0) return []
  return [section('*What happened lately*', ...history.slice(0, 5).map(shortHistoryLine))]
}
