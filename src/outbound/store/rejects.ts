import { and, asc, eq, gt, inArray, isNull, type SQL } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import { REJECTS_AT_ONCE, type Reject, type RejectFilter, type RejectStore } from '../../domain/outbox/reject.ts'
import type { AuditEntry } from '../../domain/store.ts'
import { AppError } from '../../errors.ts'
import { holdBacklog } from './catch-ups.ts'
import type { Dialect, Program, Queries, Steps } from './dialect.ts'
import { rows } from './dialect.ts'
import { record } from './history.ts'
import { plus } from './records.ts'

type BacklogRow = Tables['backlogs']['$inferSelect']
type TouchpointRow = Tables['touchpoints']['$inferSelect']

export function rejectStore(dialect: Dialect): RejectStore {
  const { queries, tables } = dialect
  const { backlogs, touchpoints } = tables
  return {
    page: async (connectionId, which, afterKey, limit) => {
      const [backlog] = await queries.select().from(backlogs).where(eq(backlogs.connectionId, connectionId))
      if (!backlog) return []
      const found = await queries
        .select()
        .from(touchpoints)
        .where(and(rejectedOf(tables, backlog, which), gt(touchpoints.key, afterKey)))
        .orderBy(asc(touchpoints.key))
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
  const { backlogs, touchpoints } = tables
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
    const keys = oldest.map(({ key }) => key)
    yield* rows(q.delete(touchpoints).where(inArray(touchpoints.key, keys)).returning({ key: touchpoints.key }))
    yield* rows(
      dialect.insertNew(
        q,
        oldest.map((row, index) => ({ ...toVersion(row), key: held.lastKey + 1 + index })),
      ),
    )
    if (audit) yield* record(q, tables, audit)
    return count
  }
}

function dismissProgram(
  { tables }: Dialect,
  connectionId: string,
  which: RejectFilter,
  at: Date,
  audit: AuditEntry | null,
): Program<number> {
  const { backlogs, touchpoints } = tables
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
        .update(touchpoints)
        .set({ state: 'dismissed', payload: null, settledAt: at })
        .where(inArray(touchpoints.key, keys))
        .returning({ key: touchpoints.key }),
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

function* oldestRejects(q: Queries, tables: Tables, backlog: BacklogRow, which: RejectFilter): Steps<TouchpointRow[]> {
  const { touchpoints } = tables
  return yield* rows(
    q
      .select()
      .from(touchpoints)
      .where(rejectedOf(tables, backlog, which))
      .orderBy(asc(touchpoints.key))
      .limit(REJECTS_AT_ONCE),
  )
}

function rejectedOf({ touchpoints }: Tables, { no }: BacklogRow, { code, message, field }: RejectFilter): SQL | undefined {
  return and(
    eq(touchpoints.connectionNo, no),
    eq(touchpoints.state, 'rejected'),
    code === undefined ? undefined : eq(touchpoints.code, code),
    message === undefined ? undefined : eq(touchpoints.message, message),
    field === undefined ? undefined : field === null ? isNull(touchpoints.field) : eq(touchpoints.field, field),
  )
}

function toReject({ key, id, code, message, field, acceptedAt, settledAt, attempts, ...row }: TouchpointRow): Reject {
  const { payload } = toVersion({ key, id, acceptedAt, ...row })
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

type VersionRow = Pick<TouchpointRow, 'key' | 'connectionNo' | 'id' | 'hash' | 'payload' | 'superseded' | 'acceptedAt'>

/** A reject has its payload: only what was pushed long ago or dismissed has dropped it. */
function toVersion({ key, connectionNo, id, hash, payload, superseded, acceptedAt }: VersionRow) {
  if (payload === null) throw new Error(`touchpoint ${key} was rejected and has no payload`)
  return { key, connectionNo, id, hash, payload, superseded, acceptedAt }
}
