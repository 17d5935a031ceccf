import { and, asc, count, eq, inArray, isNotNull, isNull, lte, ne, type SQL } from 'drizzle-orm'
import type { ConnectionStore } from '../../domain/connections/connection-store.ts'
import { addProgram } from './add-connection.ts'
import { bump } from './card-queue.ts'
import { changeMark } from './change-mark.ts'
import { type Dialect, rows } from './dialect.ts'
import { changeHealthProgram } from './health-change.ts'
import { record } from './history.ts'
import { overviews } from './overviews.ts'
import { reauthorizeProgram } from './reauthorize.ts'
import { laterOf, plus, toConnection } from './records.ts'
import { NO_TEAM } from './removals.ts'

export function connectionStore(dialect: Dialect): ConnectionStore {
  const { queries, tables } = dialect
  const { connections, mappings, messages } = tables

  return {
    find: async (id) => {
      const [row] = await queries
        .select()
        .from(connections)
        .where(and(eq(connections.id, id), ne(connections.teamId, NO_TEAM)))
      return row && toConnection(row)
    },
    byName: async (teamId, name) => {
      const [row] = await queries
        .select()
        .from(connections)
        .where(and(eq(connections.teamId, teamId), eq(connections.name, name)))
      return row && toConnection(row)
    },
    byAccount: async (teamId, provider, accountId) => {
      const [row] = await queries
        .select()
        .from(connections)
        .where(and(eq(connections.teamId, teamId), eq(connections.provider, provider), eq(connections.accountId, accountId)))
      return row && toConnection(row)
    },
    silentSince: async (before) => {
      const { status, unreachableSince, name } = connections
      const found = await queries
        .select()
        .from(connections)
        .where(and(isNotNull(unreachableSince), lte(unreachableSince, before), eq(status, 'connected')))
        .orderBy(asc(unreachableSince), asc(name))
      return found.map(toConnection)
    },
    answering: async (teamId) => {
      const [found] = await queries
        .select({ count: count() })
        .from(connections)
        .where(and(eq(connections.teamId, teamId), eq(connections.status, 'connected'), isNull(connections.unreachableSince)))
      return found?.count ?? 0
    },
    changeMark: (teamId) => changeMark(dialect, teamId),
    overviews: (teamId) => overviews(dialect, eq(connections.teamId, teamId)),
    overview: async (id) => (await overviews(dialect, eq(connections.id, id)))[0], // a removed one has no backlog
    crms: async (teamId, names, limit) => {
      const { id, name, provider, kind } = connections
      const isCrm = and(eq(connections.teamId, teamId), eq(kind, 'crm'))
      const found = (which: SQL | undefined) =>
        queries
          .select({ id, name, provider, mapping: mappings.mapping })
          .from(connections)
          .leftJoin(mappings, eq(mappings.connectionId, id))
          .where(which)
          .orderBy(asc(name))
      const first = await found(isCrm).limit(limit)
      if (first.length < limit) return { count: first.length, targets: first }
      const [all] = await queries.select({ count: count() }).from(connections).where(isCrm)
      const others = names.filter((one) => !first.some((target) => target.name === one))
      const named = others.length === 0 ? [] : await found(and(isCrm, inArray(name, others)))
      return { count: all?.count ?? 0, targets: [...first, ...named] }
    },
    add: (connection, grant, mapping, welcome, firstCheckAt, audit) =>
      dialect.atomically(addProgram(dialect, connection, grant, mapping, welcome, firstCheckAt, audit)),
    reauthorize: (change) => dialect.atomically(reauthorizeProgram(dialect, change)),
    changeHealth: (change) => dialect.atomically(changeHealthProgram(dialect, change)),
    prove: async (id, at) => {
      await queries
        .update(connections)
        .set({ lastProofAt: laterOf(connections.lastProofAt, at) })
        .where(eq(connections.id, id))
    },
    confirm: (id, by, at, audit) =>
      dialect.atomically(function* (q) {
        const [row] = yield* rows(
          q
            .update(connections)
            .set({ confirmedAt: at, confirmedBy: by, version: plus(connections.version, 1) })
            .where(and(eq(connections.id, id), isNull(connections.confirmedAt)))
            .returning(),
        )
        if (!row) return undefined
        yield* bump(q, tables, and(eq(messages.connectionId, id), eq(messages.kind, 'welcome')), at)
        yield* record(q, tables, audit)
        return toConnection(row)
      }),
    mapping: async (id) => {
      const [row] = await queries.select().from(mappings).where(eq(mappings.connectionId, id))
      return row?.mapping
    },
    setMapping: (id, mapping, audit) =>
      dialect.atomically(function* (q) {
        yield* rows(
          q
            .insert(mappings)
            .values({ connectionId: id, mapping })
            .onConflictDoUpdate({ target: mappings.connectionId, set: { mapping } })
            .returning({ id: mappings.connectionId }),
        )
        yield* record(q, tables, audit)
      }),
  }
}
