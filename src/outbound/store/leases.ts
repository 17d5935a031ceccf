import { and, eq, gt, isNotNull, lte, sql } from 'drizzle-orm'
import type { LeaseStore } from '../../domain/leases.ts'
import { type Dialect, rows } from './dialect.ts'

export function leaseStore(dialect: Dialect): LeaseStore {
  const { queries, tables } = dialect
  const { adScans, checks, costDownloads, escalations, leases, messages } = tables
  return {
    take: async (name, by, now, until) => {
      const taken = await queries
        .insert(leases)
        .values({ name, leasedBy: by, leasedUntil: until })
        .onConflictDoUpdate({
          target: leases.name,
          set: { leasedBy: by, leasedUntil: until },
          setWhere: sql`${eq(leases.leasedBy, by)} or ${lte(leases.leasedUntil, now)}`,
        })
        .returning({ name: leases.name })
      return taken.length > 0
    },
    release: async (name, by) => {
      await queries.delete(leases).where(and(eq(leases.name, name), eq(leases.leasedBy, by)))
    },
    renew: async (by, now, until) => {
      await queries
        .update(leases)
        .set({ leasedUntil: until })
        .where(and(eq(leases.leasedBy, by), gt(leases.leasedUntil, now)))
    },
    releaseAll: () =>
      dialect.atomically(function* (q) {
        const free = { leasedBy: null, leasedUntil: null }
        yield* rows(q.delete(leases).returning({ name: leases.name }))
        yield* rows(q.update(checks).set(free).where(isNotNull(checks.leasedBy)).returning({ id: checks.connectionId }))
        yield* rows(
          q
            .update(costDownloads)
            .set(free)
            .where(isNotNull(costDownloads.leasedBy))
            .returning({ id: costDownloads.connectionId }),
        )
        yield* rows(q.update(adScans).set(free).where(isNotNull(adScans.leasedBy)).returning({ id: adScans.connectionId }))
        yield* rows(
          q.update(escalations).set(free).where(isNotNull(escalations.leasedBy)).returning({ id: escalations.messageId }),
        )
        yield* rows(q.update(messages).set(free).where(isNotNull(messages.leasedBy)).returning({ id: messages.id }))
      }),
  }
}
