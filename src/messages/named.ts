import type { Named } from '../domain/warnings/warning.ts'
import { escapeMrkdwn } from './mrkdwn.ts'
import { list } from './words.ts'

const NAMED = 5

/** `*Acme Corp* (salesforce)`. Short, since many stand together. */
export function named({ accountName, name }: Pick<Named, 'accountName' | 'name'>): string {
  return `*${escapeMrkdwn(accountName, 40)}* (${escapeMrkdwn(name, 30)})`
}

/** "Acme, Contoso and 3 more", with formatting. */
export function names(connections: readonly Named[], more = 0): string {
  const shown = connections.slice(0, NAMED).map(named)
  const others = connections.length - shown.length + more
  return list(others > 0 ? [...shown, `${others} more`] : shown)
}

/** The same for notifications and screen readers. */
export function plainNames(connections: readonly Named[], more = 0): string {
  return names(connections, more).replaceAll('*', '')
}
