import { and, asc, count, desc, eq, gt, isNotNull, notExists, type SQL } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { OutboxStore } from '../../domain/outbox/outbox-store.ts'
import type { Span } from '../../domain/outbox/touchpoint.ts'
import { AppError } from '../../errors.ts'
import { acceptProgram } from './accept.ts'
import type { Dialect } from './dialect.ts'
import { dropPayloadsProgram } from './drop-payloads.ts'
import { findTouchpoint } from './find-touchpoint.ts'
import { fromAds } from './from-ads.ts'
import { groupAccept } from './group-accept.ts'
import { inEffectAt } from './holds.ts'
import { toBacklog, toConnection } from './records.ts'
import { settleProgram } from './settle.ts'
import { type WaitingBodies, waitingBodies, waitingRows } from './waiting.ts'

/** A CRM that quotes ids has a reason of its own for every record. */
const REASONS = 50

/** `waitingBodies` is `waiting` before the rows are made: `threadedStore` makes them on its side. */
export function outboxStore(
  dialect: Dialect,
): OutboxStore & { waitingBodies: (...asked: Parameters<OutboxStore['waiting']>) => Promise<WaitingBodies> } {
  const { queries, tables } = dialect
  const { backlogs, connections, strays } = tables

  async function backlogOf(connectionId: string): Promise<Tables['backlogs']['$inferSelect']> {
    const [backlog] = await queries.select().from(backlogs).where(eq(backlogs.connectionId, connectionId))
    if (!backlog) throw new AppError('NOT_FOUND', `There is no connection ${connectionId}.`)
    return backlog
  }

  async function bodies(connectionId: string, afterKey: number, now: Date, limit: number, maxBytes = Number.POSITIVE_INFINITY) {
    return waitingBodies(dialect, (await backlogOf(connectionId)).no, { afterKey, now, limit, maxBytes })
  }

  const accept = groupAccept((connectionId, accepted, at) =>
    dialect.atomically(acceptProgram(dialect, connectionId, accepted, at), accepted.length),
  )

  return {
    accept: async (connectionId, accepted, at) => (accepted.length === 0 ? [] : accept(connectionId, accepted, at)),
    drainable: async (now) => {
      const held = queries.select({ reason: tables.holds.reason }).from(tables.holds).where(inEffectAt(tables, now))
      const found = await queries
        .select({ connection: connections })
        .from(backlogs)
        .innerJoin(connections, eq(connections.id, backlogs.connectionId))
        .where(
          and(
            gt(backlogs.waiting, 0),
            eq(connections.kind, 'crm'),
            eq(connections.status, 'connected'),
            isNotNull(connections.confirmedAt),
            notExists(held),
          ),
        )
        .orderBy(asc(backlogs.no))
      return found.map(({ connection }) => toConnection(connection))
    },
    waiting: async (...asked) => waitingRows(await bodies(...asked)),
    waitingBodies: bodies,
    settle: async (connectionId, settlements, at, job) =>
      settlements.length === 0
        ? { finished: null, rejects: null }
        : dialect.atomically(settleProgram(dialect, connectionId, settlements, at, job ?? null), settlements.length),
    backlog: async (connectionId) => toBacklog(await backlogOf(connectionId)),
    span: async (connectionId) => spanOf(dialect, (await backlogOf(connectionId)).no),
    fromAds: async (connectionId, ...asked) => fromAds(dialect, (await backlogOf(connectionId)).no, ...asked),
    find: (teamId, id) => findTouchpoint(dialect, teamId, id),
    rejects: async (connectionId, limit = REASONS) => {
      const { no } = await backlogOf(connectionId)
      const { code, message, field } = strays
      const groups = await queries
        .select({ code, message, field, count: count() })
        .from(strays)
        .where(and(eq(strays.connectionNo, no), eq(strays.state, 'rejected')))
        .groupBy(code, message, field)
        .orderBy(desc(count()), asc(code), asc(message), asc(field))
        .limit(limit)
      return groups.map((group) => ({ ...group, code: group.code ?? '', message: group.message ?? '' }))
    },
    dropPayloads: async (connectionId, before, limit) =>
      dialect.atomically(dropPayloadsProgram(dialect, connectionId, before, limit)),
  }
}

/** The first and the last of those that wait for their first attempt, and of those that wait for another. */
async function spanOf({ queries, tables: { segments, strays } }: Dialect, connectionNo: number): Promise<Span | null> {
  const inSegments = (order: SQL) =>
    queries
      .select({ acceptedAt: segments.acceptedAt })
      .from(segments)
      .where(and(eq(segments.connectionNo, connectionNo), gt(segments.open, 0)))
      .orderBy(order)
      .limit(1)
  const apart = (order: SQL) =>
    queries
      .select({ acceptedAt: strays.acceptedAt })
      .from(strays)
      .where(and(eq(strays.connectionNo, connectionNo), eq(strays.state, 'waiting')))
      .orderBy(order)
      .limit(1)
  const ends = [inSegments(asc(segments.key)), inSegments(desc(segments.key)), apart(asc(strays.key)), apart(desc(strays.key))]
  const times = (await Promise.all(ends)).flat().map(({ acceptedAt }) => acceptedAt.getTime())
  if (times.length === 0) return null
  return { firstAcceptedAt: new Date(Math.min(...times)), lastAcceptedAt: new Date(Math.max(...times)) }
}
