import type { Connection } from '../domain/connections/connection.ts'
import type { Look } from './look.ts'
import { code, date, escapeMrkdwn, personOr } from './mrkdwn.ts'

/** `*Acme Corp* · connection `salesforce` · sandbox org`. */
export function accountLine(connection: Connection): string {
  return [`*${escapeMrkdwn(connection.accountName)}*`, `connection ${code(connection.name)}`, ...environmentOf(connection)].join(
    ' · ',
  )
}

/** The same without formatting, for notifications. */
export function accountText(connection: Connection): string {
  const sandbox = connection.environment === 'sandbox' ? ', sandbox' : ''
  return `${escapeMrkdwn(connection.accountName)} (connection ${escapeMrkdwn(connection.name)}${sandbox})`
}

function environmentOf(connection: Connection): string[] {
  return connection.environment === 'sandbox' ? [':test_tube: *sandbox*'] : []
}

/** An icon and words: ":red_circle: :key: *Authorization Required* since 09:12". */
export function statusLine(connection: Connection, look: Look): string {
  return `${statusIcon(connection, look)} ${statusWords(connection)}`
}

export function statusIcon({ health }: Connection, look: Look): string {
  switch (health.status) {
    case 'authorization_required':
      return look.redKey
    case 'permission_required':
      return ':no_entry:'
    case 'misconfigured':
      return ':wrench:'
    case 'paused':
      return ':double_vertical_bar:'
    case 'connected':
      return health.unreachableSince === null ? ':white_check_mark:' : ':large_yellow_circle:'
    default:
      return health.status satisfies never
  }
}

/** The status as people read it, and since when unless all is well. */
export function statusWords({ health, pausedBy }: Connection): string {
  const since = `since ${date(health.since)}`
  switch (health.status) {
    case 'authorization_required':
      return `*Authorization Required* ${since}`
    case 'permission_required':
      return `*Permission missing* ${since}`
    case 'misconfigured':
      return `*Set-up problem* ${since}`
    case 'paused':
      return `*Paused* ${since} by ${personOr(pausedBy, 'somebody')}`
    case 'connected':
      return health.unreachableSince === null ? 'Connected' : `No answer since ${date(health.unreachableSince)}`
    default:
      return health.status satisfies never
  }
}

/** Whether a CRM waits for somebody to confirm that it is the right one. */
export function isUnconfirmed(connection: Connection): boolean {
  return connection.kind === 'crm' && connection.confirmedAt === null
}

/** Whoever added it might confirm it, so nobody was asked. */
export function isConfirmedByAdding({ addedAt, confirmedAt }: Connection): boolean {
  return confirmedAt?.getTime() === addedAt.getTime()
}
