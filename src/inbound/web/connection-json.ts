import type { z } from 'zod'
import type { Checked } from '../../domain/connections/check.ts'
import type { Health, Status } from '../../domain/connections/connection.ts'
import type { ConnectionOverview } from '../../domain/connections/connection-store.ts'
import type { CatchUp, Outage } from '../../domain/connections/outage.ts'
import type { checkSchema, connectionSchema } from './api-schemas.ts'

const STATUS_TEXTS: Readonly<Record<Status, string>> = {
  connected: 'Connected',
  authorization_required: 'Authorization Required',
  permission_required: 'Permission missing',
  misconfigured: 'Set-up problem',
  paused: 'Paused',
}

/** A connection as the API shows it. Nothing about the login but when it ends. */
export function connectionJson(overview: ConnectionOverview): z.infer<typeof connectionSchema> {
  const { connection, backlog, outage, catchUp, holds, refreshExpiresAt } = overview
  const { name, provider, kind, accountId, accountName, environment, health } = connection
  const { waiting, pushed, superseded, rejected } = backlog
  return {
    name,
    provider,
    kind,
    account: { id: accountId, name: accountName, environment },
    status: health.status,
    statusText: statusText(health),
    cause: health.cause,
    lastProofAt: health.lastProofAt.toISOString(),
    unreachableSince: iso(health.unreachableSince),
    backlog: { waiting, pushed, superseded, rejected },
    outage: outage && outageJson(outage),
    catchUp: catchUp && catchUpJson(catchUp),
    holds: holds.map(({ reason, since, until }) => ({ reason, since: since.toISOString(), until: iso(until) })),
    expiresAt: iso(refreshExpiresAt),
    confirmed: connection.confirmedAt !== null,
  }
}

export function checkJson({ connection, observed }: Checked): z.infer<typeof checkSchema> {
  const { name, health } = connection
  const refusal = typeof observed === 'string' ? null : observed
  return {
    name,
    verdict: typeof observed === 'string' ? observed : observed.kind,
    code: refusal?.code ?? null,
    explanation: refusal?.explanation ?? null,
    status: health.status,
    statusText: statusText(health),
    lastProofAt: health.lastProofAt.toISOString(),
  }
}

function statusText({ status, unreachableSince }: Health): string {
  return status === 'connected' && unreachableSince !== null ? 'No answer' : STATUS_TEXTS[status]
}

function outageJson({ id, kind, openedAt, lastProofAt, cause }: Outage) {
  return { id, kind, since: openedAt.toISOString(), lastProofAt: lastProofAt.toISOString(), cause }
}

function catchUpJson({ id, expected, pushed, superseded, rejected, startedAt, finishedAt }: CatchUp) {
  return { id, expected, pushed, superseded, rejected, startedAt: startedAt.toISOString(), finishedAt: iso(finishedAt) }
}

function iso(at: Date | null): string | null {
  return at?.toISOString() ?? null
}
