import { and, asc, eq, gt, inArray, isNull, type SQL } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { AuditEntry } from '../../domain/connections/audit-entry.ts'
import { REJECTS_AT_ONCE, type Reject, type RejectFilter, type RejectStore } from '../../domain/outbox/reject.ts'
import { AppError } from '../../errors.ts'
import { holdBacklog } from './catch-ups.ts'
import type { Dialect, Program, Queries, Steps } from './dialect.ts'
import { rows } from './dialect.ts'
import { record } from './history.ts'
import { plus } from './records.ts'

type BacklogRow = Tables['backlogs']['$inferSelect']
type StrayRow = Tables['strays']['$inferSelect']

export function rejectStore(dialect: Dialect): RejectStore {
  const { queries, tables } = dialect
  const { backlogs, strays } = tables
  return {
    page: async (connectionId, which, afterKey, limit) => {
      const [backlog] = await queries.select().from(backlogs).where(eq(backlogs.connectionId, connectionId))
      if (!backlog) return []
      const found = await queries
        .select()
        .from(strays)
        .where(and(rejectedOf(tables, backlog, which), gt(strays.key, afterKey)))
        .orderBy(asc(strays.key))
        .limit(limit)
      return found.map(toReject)
    },
    retry: (connectionId, which, audit) => dialect.atomically(retryProgram(dialect, connectionId, which, audit)),
    dismiss: (connectionId, which, at, audit) => dialect.atomically(dismissProgram(dialect, connectionId, which, at, audit)),
  }
}

/** Each gets a new key like a changed version, so that whatever is under way for its old one settles nothing. */
function retryProgram(dialect: Dialect, connectionId: string, which: RejectFilter, audit: AuditEntry | null): Program<number> {
  const { tables } = dialect
  const { backlogs, strays } = tables
  return function* (q) {
    const held = yield* hold(q, tables, connectionId)
    const oldest = yield* oldestRejects(q, tables, held, which)
    const count = oldest.length
    if (count === 0) return 0
    yield* rows(
      q
        .update(backlogs)
        .set({
          lastKey: plus(backlogs.lastKey, count),
          waiting: plus(backlogs.waiting, count),
          rejected: plus(backlogs.rejected, -count),
        })
        .where(eq(backlogs.connectionId, connectionId))
        .returning({ no: backlogs.no }),
    )
    // The old one stays, without its payload: its place in the segment, which may have others that wait, is not open again.
    const keys = oldest.map(({ key }) => key)
    const left = { state: 'superseded' as const, payload: null, code: null, message: null, field: null }
    yield* rows(q.update(strays).set(left).where(inArray(strays.key, keys)).returning({ key: strays.key }))
    const again = oldest.map((row, index) => ({
      ...row,
      ...NEVER_TRIED,
      key: held.lastKey + 1 + index,
    }))
    yield* rows(q.insert(strays).values(again).returning({ key: strays.key }))
    yield* moveIds(q, dialect, held, again)
    if (audit) yield* record(q, tables, audit)
    return count
  }
}

const NEVER_TRIED = {
  state: 'waiting' as const,
  attempts: 0,
  dueAt: new Date(0),
  code: null,
  message: null,
  field: null,
  settledAt: null,
}

function* moveIds(q: Queries, dialect: Dialect, { no }: BacklogRow, again: readonly StrayRow[]): Steps<void> {
  const { touchpointIds } = dialect.tables
  const keys = new Map(again.map(({ id, key }) => [id, key]))
  const taken = yield* rows(
    q
      .delete(touchpointIds)
      .where(and(eq(touchpointIds.connectionNo, no), inArray(touchpointIds.id, [...keys.keys()])))
      .returning(),
  )
  const moved = taken.map((row) => ({ ...row, key: keys.get(row.id) ?? row.key }))
  yield* rows(
    dialect.insertIds(
      q,
      moved.map((row) => ({ ...row, segment: row.key })),
    ),
  )
}

function dismissProgram(
  { tables }: Dialect,
  connectionId: string,
  which: RejectFilter,
  at: Date,
  audit: AuditEntry | null,
): Program<number> {
  const { backlogs, strays } = tables
  return function* (q) {
    const held = yield* hold(q, tables, connectionId)
    const oldest = yield* oldestRejects(q, tables, held, which)
    if (oldest.length === 0) return 0
    yield* rows(
      q
        .update(backlogs)
        .set({ rejected: plus(backlogs.rejected, -oldest.length) })
        .where(eq(backlogs.connectionId, connectionId))
        .returning({ no: backlogs.no }),
    )
    const keys = oldest.map(({ key }) => key)
    yield* rows(
      q
        .update(strays)
        .set({ state: 'dismissed', payload: null, settledAt: at })
        .where(inArray(strays.key, keys))
        .returning({ key: strays.key }),
    )
    if (audit) yield* record(q, tables, audit)
    return oldest.length
  }
}

function* hold(q: Queries, tables: Tables, connectionId: string): Steps<BacklogRow> {
  const held = yield* holdBacklog(q, tables, connectionId)
  if (!held) throw new AppError('NOT_FOUND', `There is no connection ${connectionId}.`)
  return held
}

function* oldestRejects(q: Queries, tables: Tables, backlog: BacklogRow, which: RejectFilter): Steps<StrayRow[]> {
  const { strays } = tables
  return yield* rows(
    q
      .select()
      .from(strays)
      .where(rejectedOf(tables, backlog, which))
      .orderBy(asc(strays.key))
      .limit(REJECTS_AT_ONCE),
  )
}

function rejectedOf({ strays }: Tables, { no }: BacklogRow, { code, message, field }: RejectFilter): SQL | undefined {
  return and(
    eq(strays.connectionNo, no),
    eq(strays.state, 'rejected'),
    code === undefined ? undefined : eq(strays.code, code),
    message === undefined ? undefined : eq(strays.message, message),
    field === undefined ? undefined : field === null ? isNull(strays.field) : eq(strays.field, field),
  )
}

function toReject({ key, id, code, message, field, acceptedAt, settledAt, attempts, payload }: StrayRow): Reject {
  if (payload === null) throw new Error(`touchpoint ${key} was rejected and has no payload`)
  return {
    key,
    id,
    code: code ?? '',
    message: message ?? '',
    field,
    acceptedAt,
    settledAt: settledAt ?? acceptedAt,
    attempts,
    payload,
  }
}
