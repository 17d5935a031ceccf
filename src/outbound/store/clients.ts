import { and, asc, eq } from 'drizzle-orm'
import type { ClientStore } from '../../domain/access/clients.ts'
import { type Dialect, rows } from './dialect.ts'

export function clientStore(dialect: Dialect): ClientStore {
  const { queries, tables } = dialect
  const { clients, grants } = tables
  const isNamed = (provider: string, label: string) => and(eq(clients.provider, provider as never), eq(clients.label, label))

  return {
    all: async () => queries.select().from(clients).orderBy(asc(clients.provider), asc(clients.label)),
    put: (client) =>
      dialect.atomically(function* (q) {
        const { provider, label, clientId, tokenOrigin, sealed, addedAt } = client
        const [before] = yield* rows(q.select().from(clients).where(isNamed(provider, label)))
        const isSame = before?.clientId === clientId && before.tokenOrigin === tokenOrigin
        if (before && !isSame && (yield* hasGrants(q, before))) return 'in_use'
        if (!isSame) {
          const isIt = and(eq(clients.provider, provider), eq(clients.clientId, clientId), eq(clients.tokenOrigin, tokenOrigin))
          const [other] = yield* rows(q.select({ label: clients.label }).from(clients).where(isIt))
          if (other) return 'taken'
        }
        yield* rows(
          q
            .insert(clients)
            .values(client)
            .onConflictDoUpdate({
              target: [clients.provider, clients.label],
              set: { clientId, tokenOrigin, sealed, addedAt },
            })
            .returning({ label: clients.label }),
        )
        return before ? 'replaced' : 'added'
      }),
    remove: (provider, label) =>
      dialect.atomically(function* (q) {
        const [before] = yield* rows(q.select().from(clients).where(isNamed(provider, label)))
        if (!before) return 'unknown'
        if (yield* hasGrants(q, before)) return 'in_use'
        yield* rows(q.delete(clients).where(isNamed(provider, label)).returning({ label: clients.label }))
        return 'removed'
      }),
    reseal: async (seen, sealed) => {
      const resealed = await queries
        .update(clients)
        .set({ sealed })
        .where(and(isNamed(seen.provider, seen.label), eq(clients.sealed, seen.sealed)))
        .returning({ label: clients.label })
      return resealed.length > 0
    },
  }

  function* hasGrants(q: typeof queries, client: { clientId: string; tokenOrigin: string; provider: string }) {
    const [grant] = yield* rows(
      q
        .select({ id: grants.id })
        .from(grants)
        .where(
          and(
            eq(grants.provider, client.provider as never),
            eq(grants.clientId, client.clientId),
            eq(grants.tokenOrigin, client.tokenOrigin),
          ),
        )
        .limit(1),
    )
    return grant !== undefined
  }
}
