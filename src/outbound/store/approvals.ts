import { and, count, eq, gte } from 'drizzle-orm'
import type { ApprovalStore } from '../../domain/access/approval.ts'
import type { Dialect } from './dialect.ts'

export function approvalStore({ queries, tables: { approvals, grants } }: Dialect): ApprovalStore {
  return {
    note: async (approval) => {
      await queries.insert(approvals).values(approval)
    },
    counts: async ({ provider, clientId, providerUserId }, since) => {
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
      return { approvals: approved?.count ?? 0, grants: stored?.count ?? 0 }
    },
  }
}
