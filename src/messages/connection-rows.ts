import { DAY_MS } from '../clock.ts'
import type { ConnectionOverview } from '../domain/store.ts'
import { CONFIRM_CONNECTION_ACTION, DETAILS_ACTION, REAUTHORIZE_ACTION, writeReauthorizeValue } from './action-ids.ts'
import { actions, type Block, type Button, button, section, sectionWith } from './blocks.ts'
import { isUnconfirmed, statusIcon, statusWords } from './connection-words.ts'
import { holdsText } from './hold-lines.ts'
import type { Look } from './look.ts'
import { date, escapeMrkdwn } from './mrkdwn.ts'
import { count, until } from './words.ts'

/** A login that ends within this time is worth a word. */
const EXPIRY_SHOWN_MS = 30 * DAY_MS

/** One connection as lists show it. */
export interface ListedConnection {
  readonly overview: ConnectionOverview
  /** The provider's name as people write it. */
  readonly providerLabel: string
  /** A personal link, for a red connection; null where none could be made: the button then asks for one. */
  readonly reauthorizeUrl: string | null
}

/** Key or tick, name, provider, account; status, last proof, backlog; and the buttons. */
export function connectionRow(listed: ListedConnection, look: Look, now: Date): Block[] {
  const { connection } = listed.overview
  const sandbox = connection.environment === 'sandbox' ? ':test_tube: sandbox' : ''
  const name = `*${escapeMrkdwn(connection.name)}*`
  const title = [name, listed.providerLabel, escapeMrkdwn(connection.accountName), sandbox].filter(Boolean).join(' · ')
  const lines = [`${statusIcon(connection, look)} ${title}`, facts(listed.overview, now).join(' · ')]
  const [first, ...more] = rowButtons(listed)
  return more.length === 0 ? [sectionWith(first ?? null, ...lines)] : [section(...lines), actions(...rowButtons(listed))]
}

export function rowButtons({ overview, reauthorizeUrl }: ListedConnection, withDetails = true): Button[] {
  const { connection, outage } = overview
  const isRed = connection.health.status === 'authorization_required'
  const value = writeReauthorizeValue({ outageId: isRed ? (outage?.id ?? null) : null, connectionName: connection.name })
  const url = reauthorizeUrl === null ? {} : { url: reauthorizeUrl }
  return [
    ...(isRed ? [button('Reauthorize', REAUTHORIZE_ACTION, { style: 'primary', value, ...url })] : []),
    ...(isUnconfirmed(connection) ? [button('Start pushing', CONFIRM_CONNECTION_ACTION, { value: connection.id })] : []),
    ...(withDetails ? [button('Details', DETAILS_ACTION, { value: connection.id })] : []),
  ]
}

/** The row without formatting, for screen readers. */
export function connectionText({ overview, providerLabel }: ListedConnection): string {
  const { connection } = overview
  return `${escapeMrkdwn(connection.name)} (${providerLabel}, ${escapeMrkdwn(connection.accountName)}): ${statusWords(connection).replaceAll('*', '')}`
}

/** "expires in 12 days". */
export function expiry(endsAt: Date, now: Date): string {
  const ms = endsAt.getTime() - now.getTime()
  return ms <= 0 ? 'expired' : `expires ${until(ms)}`
}

function facts(overview: ConnectionOverview, now: Date): string[] {
  const { connection, backlog, catchUp, holds, refreshExpiresAt } = overview
  const isExpiring = refreshExpiresAt !== null && refreshExpiresAt.getTime() - now.getTime() < EXPIRY_SHOWN_MS
  const isCatchingUp = catchUp !== null && catchUp.finishedAt === null
  return [
    statusWords(connection),
    ...(isUnconfirmed(connection) ? [':warning: nothing is pushed until somebody presses Start pushing'] : []),
    `last worked ${date(connection.health.lastProofAt)}`,
    ...(connection.kind === 'crm' ? [`${count(backlog.waiting)} waiting`] : []),
    ...(isCatchingUp
      ? [`catching up ${count(catchUp.pushed + catchUp.superseded + catchUp.rejected)} / ${count(catchUp.expected)}`]
      : []),
    ...(holds.length > 0 ? [holdsText(holds)] : []),
    ...(backlog.rejected > 0 ? [`${count(backlog.rejected)} rejected`] : []),
    ...(isExpiring ? [`:hourglass: ${expiry(refreshExpiresAt, now)}`] : []),
  ]
}
