import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { AcceptedTouchpoint } from '../../domain/outbox/touchpoint.ts'
import type { AcceptResult } from '../../domain/store.ts'
import { AppError } from '../../errors.ts'
import { countSettled, unfinishedCatchUp } from './catch-ups.ts'
import type { Dialect, NewVersion, Program, Queries, Steps } from './dialect.ts'
import { rows } from './dialect.ts'
import { plus } from './records.ts'

type BacklogRow = Tables['backlogs']['$inferSelect']
/** A version of an id, stored or about to be. */
type Version = Pick<Tables['touchpoints']['$inferSelect'], 'key' | 'id' | 'hash' | 'state' | 'superseded'>
type Fresh = NewVersion & Version

export function acceptProgram(
  dialect: Dialect,
  connectionId: string,
  touchpoints: readonly AcceptedTouchpoint[],
  at: Date,
): Program<AcceptResult[]> {
  return function* (q) {
    const { backlogs } = dialect.tables
    const count = touchpoints.length
    // Counts every touchpoint as new, which they nearly always are; this row's lock puts the batches of a connection in order.
    const [backlog] = yield* rows(
      q
        .update(backlogs)
        .set({ lastKey: plus(backlogs.lastKey, count), waiting: plus(backlogs.waiting, count) })
        .where(eq(backlogs.connectionId, connectionId))
        .returning(),
    )
    if (!backlog) throw new AppError('NOT_FOUND', `There is no connection ${connectionId}.`)
    const fresh = touchpoints.map((touchpoint, index) => newRow(backlog, touchpoint, backlog.lastKey - count + 1 + index, at))
    const inserted = new Set(yield* rows(dialect.insertNew(q, fresh)))
    if (inserted.size === count) return fresh.map(() => 'accepted')
    return yield* acceptKnown(q, dialect, backlog, fresh, inserted, at)
  }
}

function newRow(backlog: BacklogRow, { id, hash, payload }: AcceptedTouchpoint, key: number, acceptedAt: Date): Fresh {
  return { key, connectionNo: backlog.no, id, hash, payload, state: 'waiting', superseded: 0, acceptedAt }
}

/** Some ids are known: tells duplicates from new versions, and stores those at the end of the line. */
function* acceptKnown(
  q: Queries,
  dialect: Dialect,
  backlog: BacklogRow,
  fresh: readonly Fresh[],
  inserted: ReadonlySet<number>,
  at: Date,
): Steps<AcceptResult[]> {
  const { tables } = dialect
  const known = yield* findVersions(
    q,
    tables,
    backlog.no,
    fresh.filter(({ key }) => !inserted.has(key)).map(({ id }) => id),
  )
  const replacing = new Map<string, Fresh>()
  const replaced: Version[] = []
  const results = fresh.map((version): AcceptResult => {
    if (inserted.has(version.key)) return 'accepted'
    const before = replacing.get(version.id) ?? known.get(version.id)
    if (!before || before.hash === version.hash) return 'duplicate'
    const superseded = before.superseded + (before.state === 'waiting' ? 1 : 0)
    replacing.set(version.id, { ...version, superseded })
    replaced.push(before)
    return 'updated'
  })
  if (replaced.length > 0) yield* replaceVersions(q, dialect, [...replacing.values()], known)
  yield* countReplaced(q, tables, backlog, results, replaced, at)
  return results
}

function* findVersions(
  q: Queries,
  { touchpoints }: Tables,
  connectionNo: number,
  ids: readonly string[],
): Steps<Map<string, Version>> {
  const { key, id, hash, state, superseded } = touchpoints
  const found = yield* rows(
    q
      .select({ key, id, hash, state, superseded })
      .from(touchpoints)
      .where(and(eq(touchpoints.connectionNo, connectionNo), inArray(touchpoints.id, [...new Set(ids)]))),
  )
  return new Map(found.map((version) => [version.id, version]))
}

/** The old rows go, so that whoever is pushing one of them settles nothing. */
function* replaceVersions(
  q: Queries,
  dialect: Dialect,
  replacing: readonly Fresh[],
  known: ReadonlyMap<string, Version>,
): Steps<void> {
  const { touchpoints } = dialect.tables
  const keys = replacing.flatMap(({ id }) => known.get(id)?.key ?? [])
  yield* rows(q.delete(touchpoints).where(inArray(touchpoints.key, keys)).returning({ key: touchpoints.key }))
  yield* rows(dialect.insertNew(q, replacing))
}

function* countReplaced(
  q: Queries,
  tables: Tables,
  { connectionId }: BacklogRow,
  results: readonly AcceptResult[],
  replaced: readonly Version[],
  at: Date,
): Steps<void> {
  const { backlogs } = tables
  const superseded = replaced.filter(({ state }) => state === 'waiting')
  const duplicates = results.filter((result) => result === 'duplicate').length
  yield* rows(
    q
      .update(backlogs)
      .set({
        waiting: plus(backlogs.waiting, -duplicates - superseded.length),
        superseded: plus(backlogs.superseded, superseded.length),
        rejected: plus(backlogs.rejected, -replaced.filter(({ state }) => state === 'rejected').length),
      })
      .where(eq(backlogs.connectionId, connectionId))
      .returning({ waiting: backlogs.waiting }),
  )
  if (superseded.length > 0) yield* countSuperseded(q, tables, connectionId, superseded, at)
}

/** What a running catch-up covers counts there; the rest counts in the open outage, whose catch-up takes it over. */
function* countSuperseded(
  q: Queries,
  tables: Tables,
  connectionId: string,
  superseded: readonly Version[],
  at: Date,
): Steps<void> {
  const { outages } = tables
  const catchUp = yield* unfinishedCatchUp(q, tables, connectionId)
  const covered = catchUp ? superseded.filter(({ key }) => key <= catchUp.upToKey).length : 0
  const others = superseded.length - covered
  if (others > 0) {
    yield* rows(
      q
        .update(outages)
        .set({ superseded: plus(outages.superseded, others) })
        .where(and(eq(outages.connectionId, connectionId), isNull(outages.closedAt)))
        .returning({ id: outages.id }),
    )
  }
  if (catchUp && covered > 0) yield* countSettled(q, tables, catchUp, { pushed: 0, superseded: covered, rejected: 0 }, at)
}
