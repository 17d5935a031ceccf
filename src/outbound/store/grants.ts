import { and, asc, eq, lt, notExists } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { GrantStore } from '../../domain/store.ts'
import { type Dialect, type Queries, rows, type Steps } from './dialect.ts'
import { plus, toConnection } from './records.ts'

export function grantStore({ queries, tables: { connections, grants } }: Dialect): GrantStore {
  return {
    find: async (id) => {
      const [grant] = await queries.select().from(grants).where(eq(grants.id, id))
      return grant
    },
    replaceTokens: async (seen, sealed, at, refreshExpiresAt) => {
      const [grant] = await queries
        .update(grants)
        .set({ sealed, refreshedAt: at, refreshExpiresAt, version: seen.version + 1 })
        .where(and(eq(grants.id, seen.id), eq(grants.version, seen.version)))
        .returning()
      return grant
    },
    reseal: async (seen, sealed) => {
      const resealed = await queries
        .update(grants)
        .set({ sealed })
        .where(and(eq(grants.id, seen.id), eq(grants.version, seen.version)))
        .returning({ id: grants.id })
      return resealed.length > 0
    },
    all: async () => queries.select().from(grants).orderBy(asc(grants.id)),
    endingBefore: async (before) => {
      const found = await queries
        .select({ grant: grants, connection: connections })
        .from(grants)
        .innerJoin(connections, eq(connections.grantId, grants.id))
        .where(lt(grants.refreshExpiresAt, before))
        .orderBy(asc(grants.id), asc(connections.name))
      const byGrant = Map.groupBy(found, ({ grant }) => grant.id)
      return [...byGrant.values()].flatMap((rows) => {
        const [first] = rows
        return first ? { grant: first.grant, connections: rows.map(({ connection }) => toConnection(connection)) } : []
      })
    },
  }
}

/** Deletes a grant that no connection uses any more. Its row is held first, so that of two that leave it the last one sees so. */
export function* forgetUnusedGrant(q: Queries, { connections, grants }: Tables, id: string): Steps<void> {
  yield* rows(
    q
      .update(grants)
      .set({ version: plus(grants.version, 0) })
      .where(eq(grants.id, id))
      .returning({ id: grants.id }),
  )
  const users = q.select({ id: connections.id }).from(connections).where(eq(connections.grantId, id))
  yield* rows(
    q
      .delete(grants)
      .where(and(eq(grants.id, id), notExists(users)))
      .returning({ id: grants.id }),
  )
}
