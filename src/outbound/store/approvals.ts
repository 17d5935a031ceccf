import { and, count, eq, gte, inArray } from 'drizzle-orm'
import type { ApprovalStore } from '../../domain/access/approval.ts'
import type { Dialect } from './dialect.ts'

export function approvalStore({ queries, tables: { approvals, grants, outages } }: Dialect): ApprovalStore {
  return {
    note: async (approval) => {
      await queries.insert(approvals).values(approval)
    },
    counts: async ({ provider, clientId, providerUserId }, connectionId, since) => {
      const [approved] = await queries
        .select({ count: count() })
        .from(approvals)
        .where(
          and(
            eq(approvals.provider, provider),
            eq(approvals.clientId, clientId),
            eq(approvals.providerUserId, providerUserId),
            gte(approvals.at, since),
          ),
        )
      const [stored] = await queries
        .select({ count: count() })
        .from(grants)
        .where(and(eq(grants.provider, provider), eq(grants.clientId, clientId), eq(grants.providerUserId, providerUserId)))
      const [lost] = await queries
        .select({ count: count() })
        .from(outages)
        .where(
          and(
            eq(outages.connectionId, connectionId),
            gte(outages.closedAt, since),
            eq(outages.closedHow, 'reauthorized'),
            inArray(outages.cause, ['revoked', 'expired']),
          ),
        )
      return { approvals: approved?.count ?? 0, grants: stored?.count ?? 0, losses: lost?.count ?? 0 }
    },
  }
}
