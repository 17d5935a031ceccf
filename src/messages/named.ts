import type { Named } from '../domain/warnings/warning.ts'
import { escapeMrkdwn } from './mrkdwn.ts'
import { list } from './words.ts'

const NAMED = 8

/** "Acme, Contoso and 3 more", with formatting. */
export function names(connections: readonly Named[], more = 0): string {
  const shown = connections
    .slice(0, NAMED)
    .map(({ accountName, name }) => `*${escapeMrkdwn(accountName)}* (${escapeMrkdwn(name)})`)
  const others = connections.length - shown.length + more
  return list(others > 0 ? [...shown, `${others} more`] : shown)
}

/** The same for notifications and screen readers. */
export function plainNames(connections: readonly Named[], more = 0): string {
  return names(connections, more).replaceAll('*', '')
}
