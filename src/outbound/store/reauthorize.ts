import { and, eq } from 'drizzle-orm'
import type { Connection } from '../../domain/connections/connection.ts'
import type { Reauthorization } from '../../domain/connections/connection-store.ts'
import type { CatchUp } from '../../domain/connections/outage.ts'
import { scheduleCheck } from './checks.ts'
import { type Dialect, type Program, rows } from './dialect.ts'
import { endOutage } from './end-outage.ts'
import { forgetUnusedGrant } from './grants.ts'
import { record } from './history.ts'
import { endInvitations, isUsable } from './invitations.ts'
import { laterOf, toConnection } from './records.ts'

type Reauthorized = { readonly connection: Connection; readonly catchUp: CatchUp | null }

export function reauthorizeProgram({ tables }: Dialect, change: Reauthorization): Program<Reauthorized | undefined> {
  const { connections, grants } = tables
  const { seen, grant, at, byUser } = change
  // What a person has paused stays so, with the new login.
  const isKept = seen.health.status === 'connected' || seen.health.status === 'paused'
  const healthy = {
    status: seen.health.status === 'paused' ? ('paused' as const) : ('connected' as const),
    since: isKept ? seen.health.since : at,
    cause: null,
    explanation: null,
    suspectSince: null,
    unreachableSince: null,
    lastProofAt: laterOf(connections.lastProofAt, at),
  }
  return function* (q) {
    if (change.invitationId !== null && !(yield* isUsable(q, tables, change.invitationId))) return undefined
    const won = yield* rows(
      q
        .update(connections)
        .set({
          ...healthy,
          accountName: change.account.name,
          accountVia: change.account.via,
          ownerId: byUser ?? seen.ownerId,
          version: seen.version + 1,
        })
        .where(and(eq(connections.id, seen.id), eq(connections.version, seen.version)))
        .returning({ id: connections.id }),
    )
    if (won.length === 0) return undefined
    yield* rows(q.insert(grants).values(grant).onConflictDoNothing({ target: grants.id }).returning({ id: grants.id }))
    const [row] = yield* rows(q.update(connections).set({ grantId: grant.id }).where(eq(connections.id, seen.id)).returning())
    if (!row) throw new Error(`connection ${seen.id} vanished`)
    if (seen.grantId !== grant.id) yield* forgetUnusedGrant(q, tables, seen.grantId)
    const closing = { closedHow: 'reauthorized' as const, closedBy: byUser, closedByUsername: grant.username }
    const catchUp = yield* endOutage(q, tables, seen, closing, change)
    yield* endInvitations(q, tables, seen.id, at, change.invitationId)
    yield* scheduleCheck(q, tables, seen.id, change.nextCheckAt)
    yield* record(q, tables, change.audit)
    return { connection: toConnection(row), catchUp }
  }
}
