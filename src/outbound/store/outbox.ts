import { and, asc, count, desc, eq, gt, inArray, isNotNull, isNull, lte, sql } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { WaitingTouchpoint } from '../../domain/outbox/touchpoint.ts'
import type { OutboxStore } from '../../domain/store.ts'
import { AppError } from '../../errors.ts'
import { acceptProgram } from './accept.ts'
import type { Dialect } from './dialect.ts'
import { dropPayloadsProgram } from './drop-payloads.ts'
import { toBacklog, toConnection } from './records.ts'
import { settleProgram } from './settle.ts'

/** A CRM that quotes ids has a reason of its own for every record. */
const REASONS = 50

export function outboxStore(dialect: Dialect): OutboxStore {
  const { queries, tables } = dialect
  const { backlogs, connections, touchpoints } = tables

  async function backlogOf(connectionId: string): Promise<Tables['backlogs']['$inferSelect']> {
    const [backlog] = await queries.select().from(backlogs).where(eq(backlogs.connectionId, connectionId))
    if (!backlog) throw new AppError('NOT_FOUND', `There is no connection ${connectionId}.`)
    return backlog
  }

  return {
    accept: async (connectionId, accepted, at) =>
      accepted.length === 0 ? [] : dialect.atomically(acceptProgram(dialect, connectionId, accepted, at)),
    drainable: async () => {
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
          ),
        )
        .orderBy(asc(backlogs.no))
      return found.map(({ connection }) => toConnection(connection))
    },
    waiting: async (connectionId, afterKey, now, limit, maxBytes = Number.POSITIVE_INFINITY) => {
      const backlog = await backlogOf(connectionId)
      // Retries first: a row may become a retry between the two questions, but never the reverse.
      const retries = await dueRetries(dialect, backlog.no, afterKey, now, limit)
      const fresh = await freshRows(dialect, backlog, Math.max(afterKey, backlog.drainedTo), limit)
      const due = retries.length === 0 ? fresh : [...retries, ...fresh].sort((a, b) => a.key - b.key).slice(0, limit)
      return withPayloads(dialect, upToBytes(await inTurn(dialect, backlog.no, due, now), maxBytes))
    },
    settle: async (connectionId, settlements, at) =>
      settlements.length === 0 ? { finished: null } : dialect.atomically(settleProgram(dialect, connectionId, settlements, at)),
    backlog: async (connectionId) => toBacklog(await backlogOf(connectionId)),
    find: async (teamId, id) => {
      const { state, acceptedAt, settledAt, superseded, attempts, code, message } = touchpoints
      return queries
        .select({
          id: touchpoints.id,
          connectionId: connections.id,
          state,
          acceptedAt,
          settledAt,
          superseded,
          attempts,
          code,
          message,
        })
        .from(connections)
        .innerJoin(backlogs, eq(backlogs.connectionId, connections.id))
        .innerJoin(touchpoints, and(eq(touchpoints.connectionNo, backlogs.no), eq(touchpoints.id, id)))
        .where(and(eq(connections.teamId, teamId), eq(connections.kind, 'crm')))
        .orderBy(asc(touchpoints.key))
    },
    rejects: async (connectionId, limit = REASONS) => {
      const { no } = await backlogOf(connectionId)
      const { code, message, field } = touchpoints
      const groups = await queries
        .select({ code, message, field, count: count() })
        .from(touchpoints)
        .where(and(eq(touchpoints.connectionNo, no), eq(touchpoints.state, 'rejected')))
        .groupBy(code, message, field)
        .orderBy(desc(count()), asc(code), asc(message), asc(field))
        .limit(limit)
      return groups.map((group) => ({ ...group, code: group.code ?? '', message: group.message ?? '' }))
    },
    dropPayloads: async (connectionId, before, limit) =>
      dialect.atomically(dropPayloadsProgram(dialect, connectionId, before, limit)),
  }
}

/** A row that waits, without its payload, which may be large. */
type Sized = Omit<WaitingTouchpoint, 'payload'> & { readonly bytes: number }

function sizedColumns({ touchpoints: { key, id, attempts, payload } }: Tables) {
  return { key, id, attempts, bytes: sql<number>`octet_length(${payload})` }
}

async function dueRetries(
  { queries, tables }: Dialect,
  connectionNo: number,
  afterKey: number,
  now: Date,
  limit: number,
): Promise<Sized[]> {
  const { touchpoints } = tables
  const { key } = touchpoints
  const due = and(eq(touchpoints.connectionNo, connectionNo), isNotNull(touchpoints.dueAt), lte(touchpoints.dueAt, now))
  // The index by time tells that there are none; the index by key gives them in order.
  const [any] = await queries.select({ key }).from(touchpoints).where(due).orderBy(asc(touchpoints.dueAt)).limit(1)
  if (!any) return []
  return queries
    .select(sizedColumns(tables))
    .from(touchpoints)
    .where(and(due, gt(key, afterKey)))
    .orderBy(asc(touchpoints.connectionNo), asc(key))
    .limit(limit)
}

/**
 * Without those that a CRM may take for the same record as an earlier one that is to be tried again later (ids that differ in case
 * only): the older would be written over the newer.
 */
async function inTurn(
  { queries, tables: { touchpoints } }: Dialect,
  connectionNo: number,
  due: readonly Sized[],
  now: Date,
): Promise<readonly Sized[]> {
  const { key, id, dueAt } = touchpoints
  const postponed = and(eq(touchpoints.connectionNo, connectionNo), isNotNull(dueAt), gt(dueAt, now))
  const [any] = due.length === 0 ? [] : await queries.select({ key }).from(touchpoints).where(postponed).limit(1)
  if (!any) return due
  const alike = inArray(
    sql`lower(${id})`,
    due.map((row) => sql`lower(${row.id})`),
  )
  const earlier = await queries.select({ key, id }).from(touchpoints).where(and(postponed, alike)).orderBy(desc(key))
  const keys = new Map(earlier.map((row) => [row.id.toLowerCase(), row.key]))
  return due.filter((row) => row.key < (keys.get(row.id.toLowerCase()) ?? Number.POSITIVE_INFINITY))
}

/**
 * Walks the keys in bounded windows. Keys are dense, so the first is nearly always enough; and PostgreSQL, whose statistics lag
 * behind an outbox, never sorts the whole backlog for one claim (at 50,000 waiting: 14 ms instead of 0.1).
 */
async function freshRows(
  { queries, tables }: Dialect,
  { lastKey }: Tables['backlogs']['$inferSelect'],
  afterKey: number,
  limit: number,
): Promise<Sized[]> {
  const { key, state, dueAt } = tables.touchpoints
  const found: Sized[] = []
  for (let from = afterKey, width = limit * 2; from < lastKey && found.length < limit; from += width, width *= 4) {
    const inWindow = await queries
      .select(sizedColumns(tables))
      .from(tables.touchpoints)
      .where(and(gt(key, from), lte(key, from + width), eq(state, 'waiting'), isNull(dueAt)))
      .orderBy(asc(key))
      .limit(limit - found.length)
    found.push(...inWindow)
  }
  return found
}

function upToBytes(due: readonly Sized[], maxBytes: number): readonly Sized[] {
  let left = maxBytes
  return due.filter(({ bytes }) => {
    const fits = left > 0
    left -= bytes
    return fits
  })
}

/** Leaves out what was replaced since: its new version stands at the end of the line. */
async function withPayloads({ queries, tables: { touchpoints } }: Dialect, due: readonly Sized[]): Promise<WaitingTouchpoint[]> {
  if (due.length === 0) return []
  const { key, payload } = touchpoints
  const found = await queries
    .select({ key, payload })
    .from(touchpoints)
    .where(
      inArray(
        key,
        due.map((row) => row.key),
      ),
    )
  const payloads = new Map(found.map((row) => [row.key, row.payload]))
  return due.flatMap(({ key, id, attempts }) => {
    const payload = payloads.get(key)
    if (payload === undefined) return []
    // What waits has its payload: only what was pushed long ago has dropped it.
    if (payload === null) throw new Error(`touchpoint ${key} waits without a payload`)
    return { key, id, payload, attempts }
  })
}
