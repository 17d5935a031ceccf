import type { ConnectionOverview } from '../../domain/store.ts'
import { textTable } from './text-table.ts'

const WORDS = {
  connected: 'connected',
  authorization_required: 'AUTHORIZATION REQUIRED',
  permission_required: 'permission required',
  misconfigured: 'misconfigured',
  paused: 'paused',
} as const

/** The list for a terminal: one line a connection, those that need somebody first. */
export function printConnections(overviews: readonly ConnectionOverview[]): string {
  if (overviews.length === 0) return 'No connections yet. In Slack: /connections add\n'
  const head = ['NAME', 'ACCOUNT', 'STATUS', 'LAST PROOF', 'WAITING', 'REJECTED']
  const rows = overviews.map(({ connection, backlog }) => [
    connection.name,
    `${connection.accountName}${connection.environment === 'sandbox' ? ' (sandbox)' : ''}`,
    WORDS[connection.health.status],
    connection.health.lastProofAt.toISOString(),
    String(backlog.waiting),
    String(backlog.rejected),
  ])
  return textTable([head, ...rows])
}
