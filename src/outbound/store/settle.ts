import { and, asc, eq, gt, inArray, isNull, lt, lte, type SQL, sql } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { CatchUp } from '../../domain/connections/outage.ts'
import type { RejectWindow } from '../../domain/outbox/reject-window.ts'
import type { Settlement } from '../../domain/outbox/touchpoint.ts'
import { AppError } from '../../errors.ts'
import { countSettled, unfinishedCatchUp } from './catch-ups.ts'
import type { Dialect, Program, Queries, Steps } from './dialect.ts'
import { rows } from './dialect.ts'
import { noteRejects } from './note-rejects.ts'
import { plus } from './records.ts'

type BacklogRow = Tables['backlogs']['$inferSelect']
type Rejected = Extract<Settlement, { kind: 'rejected' }>
type Retry = Extract<Settlement, { kind: 'retry' }>

export function settleProgram(
  dialect: Dialect,
  connectionId: string,
  settlements: readonly Settlement[],
  at: Date,
): Program<{ finished: CatchUp | null; rejects: RejectWindow | null }> {
  const { tables } = dialect
  const latest = [...new Map(settlements.map((settlement) => [settlement.key, settlement])).values()]
  const keys = latest.map(({ key }) => key)
  const pushed = latest.flatMap((one) => (one.kind === 'pushed' ? one.key : []))
  const rejected = latest.filter((one) => one.kind === 'rejected')
  const retries = latest.filter((one) => one.kind === 'retry')
  return function* (q) {
    if (pushed.length > 0) yield* noteProof(q, tables, connectionId, at)
    // Counts every settlement as good, which it is unless a version was replaced meanwhile.
    const held = yield* count(q, tables, connectionId, { pushed: pushed.length, rejected: rejected.length }, keys)
    const pushedKeys = pushed.length === 0 ? [] : yield* rows(dialect.settlePushed(q, pushed, at))
    const rejectedKeys = yield* settleRejected(q, tables, rejected, at)
    yield* postpone(q, tables, retries)
    const late = { pushed: pushedKeys.length - pushed.length, rejected: rejectedKeys.length - rejected.length }
    const backlog = late.pushed + late.rejected < 0 ? yield* count(q, tables, connectionId, late, []) : held
    yield* noteDrained(q, tables, backlog, Math.max(...keys))
    const refused = new Set(rejectedKeys)
    const group = {
      pushed: pushedKeys.length,
      pushedTotal: backlog.pushed,
      rejected: rejected.filter(({ key }) => refused.has(key)),
      at,
    }
    const rejects = yield* noteRejects(q, tables, connectionId, group)
    return { finished: yield* countInCatchUp(q, tables, connectionId, pushedKeys, rejectedKeys, at), rejects }
  }
}

function* noteProof(q: Queries, { connections }: Tables, connectionId: string, at: Date): Steps<void> {
  yield* rows(
    q
      .update(connections)
      .set({ lastProofAt: at })
      .where(and(eq(connections.id, connectionId), lt(connections.lastProofAt, at)))
      .returning({ id: connections.id }),
  )
}

/** This row's lock keeps accepts of the same connection out until the program ends. */
function* count(
  q: Queries,
  { backlogs }: Tables,
  connectionId: string,
  settled: { readonly pushed: number; readonly rejected: number },
  keys: readonly number[],
): Steps<BacklogRow> {
  const [backlog] = yield* rows(
    q
      .update(backlogs)
      .set({
        waiting: plus(backlogs.waiting, -settled.pushed - settled.rejected),
        pushed: plus(backlogs.pushed, settled.pushed),
        rejected: plus(backlogs.rejected, settled.rejected),
        ...drainedBy(backlogs, keys),
      })
      .where(eq(backlogs.connectionId, connectionId))
      .returning(),
  )
  if (!backlog) throw new AppError('NOT_FOUND', `There is no connection ${connectionId}.`)
  return backlog
}

/** None of these keys waits for its first attempt any more: the mark moves over those that are next in line without a gap. */
function drainedBy({ drainedTo }: Tables['backlogs'], keys: readonly number[]): { drainedTo?: SQL } {
  if (keys.length === 0) return {}
  const all = new Set(keys)
  const before = Math.min(...keys) - 1
  let to = before
  while (all.has(to + 1)) to++
  return { drainedTo: sql`case when ${drainedTo} >= ${before} and ${drainedTo} < ${to} then ${to} else ${drainedTo} end` }
}

/** One statement per reason: a CRM gives many records the same one. */
function* settleRejected(q: Queries, tables: Tables, rejected: readonly Rejected[], at: Date): Steps<number[]> {
  const { touchpoints } = tables
  const keys: number[] = []
  for (const [first, group] of grouped(rejected, ({ code, message, field }) => JSON.stringify([code, message, field]))) {
    const { code, message, field } = first
    const settled = yield* rows(
      q
        .update(touchpoints)
        .set({ state: 'rejected', settledAt: at, dueAt: null, code, message, field })
        .where(stillWaiting(tables, group))
        .returning({ key: touchpoints.key }),
    )
    keys.push(...settled.map(({ key }) => key))
  }
  return keys
}

function* postpone(q: Queries, tables: Tables, retries: readonly Retry[]): Steps<void> {
  const { touchpoints } = tables
  for (const [{ dueAt }, group] of grouped(retries, (retry) => retry.dueAt.toISOString())) {
    yield* rows(
      q
        .update(touchpoints)
        .set({ dueAt, attempts: plus(touchpoints.attempts, 1) })
        .where(stillWaiting(tables, group))
        .returning({ key: touchpoints.key }),
    )
  }
}

function stillWaiting({ touchpoints }: Tables, keys: readonly number[]): SQL | undefined {
  return and(inArray(touchpoints.key, [...keys]), eq(touchpoints.state, 'waiting'))
}

/** The first of each group, and the keys of all. */
function grouped<S extends Settlement>(settlements: readonly S[], by: (settlement: S) => string): [S, number[]][] {
  const groups = new Map<string, [S, number[]]>()
  for (const settlement of settlements) {
    const name = by(settlement)
    const group = groups.get(name)
    if (group) group[1].push(settlement.key)
    else groups.set(name, [settlement, [settlement.key]])
  }
  return [...groups.values()]
}

/** The low-water mark may lag so far behind what is settled: a claim that starts anew reads over so many rows. */
const LAG = 5000

/**
 * Moves the low-water mark, so that no claim walks over what is settled again. It has moved already if these keys came next in line;
 * now it also takes in what was settled out of order or replaced.
 */
function* noteDrained(q: Queries, { backlogs, touchpoints }: Tables, backlog: BacklogRow, highest: number): Steps<void> {
  if (backlog.waiting > 0 && highest - backlog.drainedTo <= LAG) return
  const { key, state, dueAt } = touchpoints
  const end = backlog.waiting === 0 ? backlog.lastKey : Math.min(backlog.drainedTo + 2 * LAG, backlog.lastKey)
  const [next] =
    backlog.waiting === 0
      ? []
      : yield* rows(
          q
            .select({ key })
            .from(touchpoints)
            .where(and(gt(key, backlog.drainedTo), lte(key, end), eq(state, 'waiting'), isNull(dueAt)))
            .orderBy(asc(key))
            .limit(1),
        )
  const drainedTo = next ? next.key - 1 : end
  if (drainedTo === backlog.drainedTo) return
  yield* rows(
    q.update(backlogs).set({ drainedTo }).where(eq(backlogs.connectionId, backlog.connectionId)).returning({ no: backlogs.no }),
  )
}

function* countInCatchUp(
  q: Queries,
  tables: Tables,
  connectionId: string,
  pushedKeys: readonly number[],
  rejectedKeys: readonly number[],
  at: Date,
): Steps<CatchUp | null> {
  if (pushedKeys.length + rejectedKeys.length === 0) return null
  const catchUp = yield* unfinishedCatchUp(q, tables, connectionId)
  if (!catchUp) return null
  const covered = (keys: readonly number[]) => keys.filter((key) => key <= catchUp.upToKey).length
  const settled = { pushed: covered(pushedKeys), superseded: 0, rejected: covered(rejectedKeys) }
  return settled.pushed + settled.rejected > 0 ? yield* countSettled(q, tables, catchUp, settled, at) : null
}
