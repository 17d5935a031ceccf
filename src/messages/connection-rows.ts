import type { OutageKind } from '../domain/connections/connection.ts'
import type { ConnectionOverview } from '../domain/connections/connection-store.ts'
import {
  CONFIRM_CONNECTION_ACTION,
  DETAILS_ACTION,
  REAUTHORIZE_ACTION,
  RESUME_ACTION,
  SETTINGS_ACTION,
  writeReauthorizeValue,
} from './action-ids.ts'
import { actions, type Block, type Button, button, section, sectionWith } from './blocks.ts'
import { isUnconfirmed, statusIcon, statusWords } from './connection-words.ts'
import { holdsText } from './hold-lines.ts'
import type { Look } from './look.ts'
import { date, escapeMrkdwn } from './mrkdwn.ts'
import { isCatchingUp, isExpiring } from './page.ts'
import { count, until } from './words.ts'

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
  const lines = linesOf(listed, look, now)
  const [first, ...more] = rowButtons(listed)
  return more.length === 0 ? [sectionWith(first ?? null, ...lines)] : [section(...lines), actions(...rowButtons(listed))]
}

/** The same in the Home tab, with the way to its settings. */
export function homeRow(listed: ListedConnection, look: Look, now: Date): Block[] {
  return [section(...linesOf(listed, look, now)), actions(...rowButtons(listed), settingsButton(listed.overview.connection.id))]
}

export function settingsButton(connectionId: string): Button {
  return button('Settings', SETTINGS_ACTION, { value: connectionId })
}

function linesOf(listed: ListedConnection, look: Look, now: Date): string[] {
  const { connection } = listed.overview
  const sandbox = connection.environment === 'sandbox' ? ':test_tube: sandbox' : ''
  const name = `*${escapeMrkdwn(connection.name)}*`
  const title = [name, listed.providerLabel, escapeMrkdwn(connection.accountName), sandbox].filter(Boolean).join(' · ')
  return [`${statusIcon(connection, look)} ${title}`, facts(listed.overview, now).join(' · ')]
}

export function rowButtons({ overview, reauthorizeUrl }: ListedConnection, withDetails = true): Button[] {
  const { connection, outage } = overview
  const isRed = connection.health.status === 'authorization_required'
  const value = writeReauthorizeValue({ outageId: isRed ? (outage?.id ?? null) : null, connectionName: connection.name })
  const url = reauthorizeUrl === null ? {} : { url: reauthorizeUrl }
  return [
    ...(isRed ? [button('Reauthorize', REAUTHORIZE_ACTION, { style: 'primary', value, ...url })] : []),
    ...(connection.health.status === 'paused' ? [button('Resume', RESUME_ACTION, { value: connection.id })] : []),
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

/** What was wrong with a connection when it was paused. */
const OUTAGE_WORDS: Readonly<Record<OutageKind, string>> = {
  authorization: ':key: needs authorization',
  permission: 'a right is missing',
  misconfigured: 'has a set-up problem',
}

function facts(overview: ConnectionOverview, now: Date): string[] {
  const { connection, backlog, catchUp, holds, refreshExpiresAt } = overview
  return [
    statusWords(connection),
    ...(connection.health.status === 'paused' && overview.outage !== null ? [OUTAGE_WORDS[overview.outage.kind]] : []),
    ...(isUnconfirmed(connection) ? [':warning: nothing is pushed until somebody presses Start pushing'] : []),
    `last worked ${date(connection.health.lastProofAt)}`,
    ...(connection.kind === 'crm' ? [`${count(backlog.waiting)} waiting`] : []),
    ...(catchUp !== null && isCatchingUp(overview)
      ? [`catching up ${count(catchUp.pushed + catchUp.superseded + catchUp.rejected)} / ${count(catchUp.expected)}`]
      : []),
    ...(holds.length > 0 ? [holdsText(holds)] : []),
    ...(backlog.rejected > 0 ? [`${count(backlog.rejected)} rejected`] : []),
    ...(refreshExpiresAt !== null && isExpiring(overview, now) ? [`:hourglass: ${expiry(refreshExpiresAt, now)}`] : []),
  ]
}
