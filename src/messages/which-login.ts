import type { Connection } from '../domain/connections/connection.ts'
import { escapeMrkdwn } from './mrkdwn.ts'

const NAME_SHOWN = 80

/**
 * Which login brings a connection back: to the same CRM account, or for ads any that reaches the ad account. `label` null: the provider
 * needs no naming.
 */
export function whichLogin({ kind, accountName }: Pick<Connection, 'kind' | 'accountName'>, label: string | null): string {
  const named = label === null ? '' : `${label} `
  return kind === 'ads'
    ? `Any ${named}login that reaches ${escapeMrkdwn(accountName, NAME_SHOWN)} will do; another account is refused.`
    : `Log in to the same ${named}account; another one is refused.`
}

/** The same for several connections of one provider. */
export function whichLogins({ kind }: Pick<Connection, 'kind'>, label: string): string {
  return kind === 'ads'
    ? `Any ${label} login that reaches these ad accounts will do; other accounts are refused.`
    : `Log in to the same ${label} accounts; others are refused.`
}
