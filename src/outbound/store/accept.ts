import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { AcceptResult } from '../../domain/outbox/outbox-store.ts'
import type { AcceptedTouchpoint } from '../../domain/outbox/touchpoint.ts'
import { AppError } from '../../errors.ts'
import { countSettled, unfinishedCatchUp } from './catch-ups.ts'
import type { Dialect, Program, Queries, Steps } from './dialect.ts'
import { rows } from './dialect.ts'
import { anywhere, closePlaces, type Fate, fatesOf, type SegmentRow } from './fates.ts'
import { plus } from './records.ts'
import { bodyOf, type Cut, cut, type NewSegment, type NewVersion } from './segments.ts'

type BacklogRow = Tables['backlogs']['$inferSelect']
type IdRow = Tables['touchpointIds']['$inferSelect']
type Fresh = IdRow & NewVersion
/** A version that a later one takes the place of. */
interface Replaced {
  readonly key: number
  readonly id: string
  readonly acceptedAt: Date
  readonly fate: Fate
}

export function acceptProgram(
  dialect: Dialect,
  connectionId: string,
  touchpoints: readonly AcceptedTouchpoint[],
  at: Date,
): Program<AcceptResult[]> {
  const cuts = cut(touchpoints)
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
    const fresh = freshVersions(backlog, touchpoints, cuts, at)
    const inserted = yield* rows(dialect.insertIds(q, fresh))
    const isKnown = inserted.length < count
    const { results, empty } = isKnown
      ? yield* acceptKnown(q, dialect, backlog, fresh, new Set(inserted), at)
      : { results: fresh.map((): AcceptResult => 'accepted'), empty: new Set<number>() }
    yield* rows(dialect.insertSegments(q, segmentsOf(fresh, cuts, empty)))
    return results
  }
}

function freshVersions(
  { no, lastKey }: BacklogRow,
  touchpoints: readonly AcceptedTouchpoint[],
  cuts: readonly Cut[],
  acceptedAt: Date,
): Fresh[] {
  const first = lastKey - touchpoints.length + 1
  const fresh: Fresh[] = []
  for (const { from, to } of cuts) {
    for (let index = from; index < to; index++) {
      const { id, hash, payload } = touchpoints[index] as AcceptedTouchpoint
      fresh.push({ connectionNo: no, id, key: first + index, segment: first + from, hash, superseded: 0, acceptedAt, payload })
    }
  }
  return fresh
}

/** The places of `empty` stay empty: of duplicates, and of versions that were replaced within the batch. */
function segmentsOf(fresh: readonly Fresh[], cuts: readonly Cut[], empty: ReadonlySet<number>): NewSegment[] {
  return cuts.flatMap(({ from, to, bytes }) => {
    const all = fresh.slice(from, to)
    const [first] = all
    const kept = empty.size === 0 ? all : all.map((version) => (empty.has(version.key) ? null : version))
    const open = empty.size === 0 ? all.length : kept.filter((version) => version !== null).length
    if (!first || open === 0) return []
    const { key, connectionNo, acceptedAt } = first
    return [{ key, connectionNo, places: all.length, open, payloadBytes: Math.max(1, bytes), acceptedAt, body: bodyOf(kept) }]
  })
}

/** Some ids are known: tells duplicates from new versions, which take the places of the old ones. */
function* acceptKnown(
  q: Queries,
  dialect: Dialect,
  backlog: BacklogRow,
  fresh: readonly Fresh[],
  inserted: ReadonlySet<number>,
  at: Date,
): Steps<{ readonly results: AcceptResult[]; readonly empty: ReadonlySet<number> }> {
  const { tables } = dialect
  const missed = fresh.filter(({ key }) => !inserted.has(key)).map(({ id }) => id)
  const known = yield* findVersions(q, tables, backlog.no, missed)
  const { lowest, fate } = yield* knownFates(q, tables, known, fresh)
  const newest = new Map<string, Fresh>()
  const replaced: Replaced[] = []
  const empty = new Set<number>()
  const results = fresh.map((version): AcceptResult => {
    if (inserted.has(version.key)) return 'accepted'
    const before = newest.get(version.id) ?? known.get(version.id)
    if (!before || before.hash === version.hash) {
      empty.add(version.key)
      return 'duplicate'
    }
    // One of this very batch has waited for nothing yet, and leaves no trace but the count.
    const isOfBatch = before.key >= lowest
    if (isOfBatch) empty.add(before.key)
    else replaced.push({ key: before.key, id: before.id, acceptedAt: before.acceptedAt, fate: fate(before.key) })
    newest.set(version.id, { ...version, superseded: before.superseded + (isOfBatch || waits(fate(before.key)) ? 1 : 0) })
    return 'updated'
  })
  const replacedInBatch = results.filter((result) => result === 'updated').length - replaced.length
  if (newest.size > 0) yield* replaceIds(q, dialect, backlog.no, [...newest.values()])
  if (replaced.length > 0) yield* leavePlaces(q, tables, backlog.no, replaced, at)
  yield* countReplaced(q, tables, backlog, results, replaced, replacedInBatch, at)
  return { results, empty }
}

function waits(fate: Fate): boolean {
  return fate.kind === 'open' || (fate.kind === 'stray' && fate.state === 'waiting')
}

function* findVersions(
  q: Queries,
  { touchpointIds }: Tables,
  connectionNo: number,
  ids: readonly string[],
): Steps<Map<string, IdRow>> {
  const found = yield* rows(
    q
      .select()
      .from(touchpointIds)
      .where(and(eq(touchpointIds.connectionNo, connectionNo), inArray(touchpointIds.id, [...new Set(ids)]))),
  )
  return new Map(found.map((version) => [version.id, version]))
}

function* knownFates(q: Queries, tables: Tables, known: ReadonlyMap<string, IdRow>, fresh: readonly Fresh[]) {
  const lowest = fresh[0]?.key ?? 0
  const changed = fresh.flatMap(({ id, hash }) => {
    const before = known.get(id)
    return before && before.hash !== hash && before.key < lowest ? [before] : []
  })
  const keys = changed.map(({ key }) => key)
  return { lowest, fate: yield* fatesOf(q, tables, keys, anywhere(tables, changed)) }
}

function* replaceIds(q: Queries, dialect: Dialect, connectionNo: number, newest: readonly Fresh[]): Steps<void> {
  const { touchpointIds } = dialect.tables
  const ids = newest.map(({ id }) => id)
  yield* rows(
    q
      .delete(touchpointIds)
      .where(and(eq(touchpointIds.connectionNo, connectionNo), inArray(touchpointIds.id, ids)))
      .returning({ key: touchpointIds.key }),
  )
  yield* rows(dialect.insertIds(q, newest))
}

/** Whoever is pushing one of the old versions settles nothing. */
function* leavePlaces(q: Queries, tables: Tables, connectionNo: number, replaced: readonly Replaced[], at: Date): Steps<void> {
  const { strays } = tables
  const unsettled = replaced.filter(
    ({ fate }) => fate.kind === 'stray' && (fate.state === 'waiting' || fate.state === 'rejected'),
  )
  const gone = { state: 'superseded' as const, dueAt: null, payload: null, settledAt: at, code: null, message: null, field: null }
  if (unsettled.length > 0) {
    const keys = unsettled.map(({ key }) => key)
    yield* rows(q.update(strays).set(gone).where(inArray(strays.key, keys)).returning({ key: strays.key }))
  }
  const bySegment = new Map<SegmentRow, Replaced[]>()
  for (const version of replaced) {
    if (version.fate.kind !== 'open') continue
    const others = bySegment.get(version.fate.segment)
    if (others) others.push(version)
    else bySegment.set(version.fate.segment, [version])
  }
  for (const [segment, versions] of bySegment) {
    const apart = versions.map(({ key, id, acceptedAt }) => ({ ...gone, key, connectionNo, id, attempts: 0, acceptedAt }))
    yield* rows(q.insert(strays).values(apart).returning({ key: strays.key }))
    yield* closePlaces(q, tables, segment, { count: versions.length, areStrays: true, at })
  }
}

function* countReplaced(
  q: Queries,
  tables: Tables,
  { connectionId }: BacklogRow,
  results: readonly AcceptResult[],
  replaced: readonly Replaced[],
  replacedInBatch: number,
  at: Date,
): Steps<void> {
  const { backlogs } = tables
  const waited = replaced.filter(({ fate }) => waits(fate))
  const superseded = waited.length + replacedInBatch
  const duplicates = results.filter((result) => result === 'duplicate').length
  const rejected = replaced.filter(({ fate }) => fate.kind === 'stray' && fate.state === 'rejected').length
  yield* rows(
    q
      .update(backlogs)
      .set({
        waiting: plus(backlogs.waiting, -duplicates - superseded),
        superseded: plus(backlogs.superseded, superseded),
        rejected: plus(backlogs.rejected, -rejected),
      })
      .where(eq(backlogs.connectionId, connectionId))
      .returning({ waiting: backlogs.waiting }),
  )
  if (superseded === 0) return
  const keys = waited.map(({ key }) => key)
  yield* countSuperseded(q, tables, connectionId, { keys, ofBatch: replacedInBatch }, at)
}

/** What a running catch-up covers counts there; the rest counts in the open outage, whose catch-up takes it over. */
function* countSuperseded(
  q: Queries,
  tables: Tables,
  connectionId: string,
  { keys, ofBatch }: { readonly keys: readonly number[]; readonly ofBatch: number },
  at: Date,
): Steps<void> {
  const { outages } = tables
  const catchUp = yield* unfinishedCatchUp(q, tables, connectionId)
  const covered = catchUp ? keys.filter((key) => key <= catchUp.upToKey).length : 0
  const others = keys.length + ofBatch - covered
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
