import { and, asc, desc, eq, exists, lt, notExists } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { GrantStore } from '../../domain/access/grant.ts'
import { type Dialect, type Queries, rows, type Steps } from './dialect.ts'
import { plus, toConnection } from './records.ts'

export function grantStore({ queries, tables: { connections, grants } }: Dialect): GrantStore {
  return {
    find: async (id) => {
      const [grant] = await queries.select().from(grants).where(eq(grants.id, id))
      return grant
    },
    working: async (teamId, provider) => {
      const { id, grantId, status } = connections
      const inUse = queries
        .select({ id })
        .from(connections)
        .where(and(eq(grantId, grants.id), eq(status, 'connected')))
      const found = await queries
        .select()
        .from(grants)
        .where(and(eq(grants.teamId, teamId), eq(grants.provider, provider), exists(inUse)))
        .orderBy(asc(grants.username), desc(grants.authorizedAt), asc(grants.id))
      const seen = new Set<string>()
      return found.filter(({ providerUserId }) => !seen.has(providerUserId) && seen.add(providerUserId))
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
        .where(and(lt(grants.refreshExpiresAt, before), eq(connections.teamId, grants.teamId))) // none that is removed
        .orderBy(asc(grants.id), asc(connections.name))
      const byGrant = Map.groupBy(found, ({ grant }) => grant.id)
      return [...byGrant.values()].flatMap((rows) => {
        const [first] = rows
        return first ? { grant: first.grant, connections: rows.map(({ connection }) => toConnection(connection)) } : []
      })
    },
  }
}

/** Holds the row of a grant, so that it stays until the program ends. False: there is none. */
export function* holdGrant(q: Queries, { grants }: Tables, id: string): Steps<boolean> {
  const held = yield* rows(
    q
      .update(grants)
      .set({ version: plus(grants.version, 0) })
      .where(eq(grants.id, id))
      .returning({ id: grants.id }),
  )
  return held.length > 0
}

/**
 * Deletes a grant that no connection uses any more and no choice waits with. Its row is held first, so that of two that leave it the
 * last one sees so.
 */
export function* forgetUnusedGrant(q: Queries, tables: Tables, id: string): Steps<void> {
  const { choices, connections, grants } = tables
  yield* holdGrant(q, tables, id)
  const users = q.select({ id: connections.id }).from(connections).where(eq(connections.grantId, id))
  const waiting = q.select({ id: choices.id }).from(choices).where(eq(choices.grantId, id))
  yield* rows(
    q
      .delete(grants)
      .where(and(eq(grants.id, id), notExists(users), notExists(waiting)))
      .returning({ id: grants.id }),
  )
}
