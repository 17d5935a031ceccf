import { and, eq, inArray, lt } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { CatchUp } from '../../domain/connections/outage.ts'
import type { RejectWindow, Run } from '../../domain/outbox/reject-window.ts'
import type { Settlement } from '../../domain/outbox/touchpoint.ts'
import { AppError } from '../../errors.ts'
import { countSettled, unfinishedCatchUp } from './catch-ups.ts'
import type { Dialect, Program, Queries, Steps } from './dialect.ts'
import { rows } from './dialect.ts'
import { closePlaces, fatesOf, near, readLines, type SegmentRow, type StrayRow } from './fates.ts'
import { noteRejects } from './note-rejects.ts'
import { plus } from './records.ts'

type Rejected = Extract<Settlement, { kind: 'rejected' }>
type Retry = Extract<Settlement, { kind: 'retry' }>

/** What is to be settled of one segment. All of it counts. */
interface SegmentPart {
  readonly segment: SegmentRow
  readonly settlements: Settlement[]
}

/**
 * A segment whose open places are all pushed is settled by one row. What is rejected or retried, and what is pushed while others
 * of its segment still wait, becomes a stray. Versions that were settled or replaced meanwhile are left alone.
 */
export function settleProgram(
  { tables }: Dialect,
  connectionId: string,
  settlements: readonly Settlement[],
  at: Date,
  job: Run | null,
): Program<{ finished: CatchUp | null; rejects: RejectWindow | null }> {
  const latest = [...new Map(settlements.map((settlement) => [settlement.key, settlement])).values()]
  return function* (q) {
    const { backlogs } = tables
    if (latest.some(({ kind }) => kind === 'pushed')) yield* noteProof(q, tables, connectionId, at)
    // This row's lock keeps accepts of the same connection out until the program ends.
    const [backlog] = yield* rows(
      q
        .update(backlogs)
        .set({ waiting: plus(backlogs.waiting, 0) })
        .where(eq(backlogs.connectionId, connectionId))
        .returning(),
    )
    if (!backlog) throw new AppError('NOT_FOUND', `There is no connection ${connectionId}.`)
    const keys = latest.map(({ key }) => key)
    const fate = yield* fatesOf(q, tables, keys, near(tables, keys))
    const parts = new Map<number, SegmentPart>()
    const again: Settlement[] = []
    for (const settlement of latest) {
      const known = fate(settlement.key)
      if (known.kind === 'stray' && known.state === 'waiting') again.push(settlement)
      else if (known.kind === 'open') addTo(parts, known.segment, settlement)
    }
    for (const part of parts.values()) yield* settlePart(q, tables, part, at)
    yield* settleStrays(q, tables, again, at)
    const settled = [...again, ...[...parts.values()].flatMap((part) => part.settlements)]
    const pushed = settled.flatMap((one) => (one.kind === 'pushed' ? one.key : []))
    const rejected = settled.filter((one) => one.kind === 'rejected')
    yield* count(q, tables, connectionId, pushed.length, rejected.length)
    const group = { pushed: pushed.length, pushedTotal: backlog.pushed + pushed.length, rejected, job, at }
    const rejects = yield* noteRejects(q, tables, connectionId, group)
    const rejectedKeys = rejected.map(({ key }) => key)
    return { finished: yield* countInCatchUp(q, tables, connectionId, pushed, rejectedKeys, at), rejects }
  }
}

function addTo(parts: Map<number, SegmentPart>, segment: SegmentRow, settlement: Settlement): void {
  const part = parts.get(segment.key)
  if (part) part.settlements.push(settlement)
  else parts.set(segment.key, { segment, settlements: [settlement] })
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

function* settlePart(q: Queries, tables: Tables, { segment, settlements }: SegmentPart, at: Date): Steps<void> {
  const isWhole = settlements.length === segment.open
  const apart = isWhole ? settlements.filter(({ kind }) => kind !== 'pushed') : settlements
  if (apart.length > 0) {
    const lines = yield* readLines(q, tables, segment.key)
    const made = apart.flatMap((settlement) => {
      const line = lines.get(settlement.key)
      if (!line) throw new Error(`touchpoint ${settlement.key} waits without a payload`)
      const { key, id, payload } = line
      const { connectionNo, acceptedAt } = segment
      return { key, connectionNo, id, acceptedAt, ...fateOf(settlement, payload, at) }
    })
    yield* rows(q.insert(tables.strays).values(made).returning({ key: tables.strays.key }))
  }
  const areStrays = apart.length === settlements.length
  yield* closePlaces(q, tables, segment, { count: settlements.length, areStrays, at })
}

type Fate = Pick<StrayRow, 'state' | 'attempts' | 'dueAt' | 'code' | 'message' | 'field' | 'settledAt' | 'payload'>

function fateOf(settlement: Settlement, payload: string, at: Date): Fate {
  const none = { attempts: 0, dueAt: null, code: null, message: null, field: null, settledAt: at, payload: null }
  switch (settlement.kind) {
    case 'pushed':
      return { ...none, state: 'pushed' }
    case 'rejected': {
      const { code, message, field } = settlement
      return { ...none, state: 'rejected', code, message, field, payload }
    }
    case 'retry':
      return { ...none, state: 'waiting', attempts: 1, dueAt: settlement.dueAt, settledAt: null, payload }
    default:
      return settlement satisfies never
  }
}

function* settleStrays(q: Queries, { strays }: Tables, settlements: readonly Settlement[], at: Date): Steps<void> {
  const change = (keys: readonly number[], set: object) =>
    rows(
      q
        .update(strays)
        .set(set)
        .where(inArray(strays.key, [...keys]))
        .returning({ key: strays.key }),
    )
  const pushed = settlements.flatMap((one) => (one.kind === 'pushed' ? one.key : []))
  const done = { settledAt: at, dueAt: null }
  if (pushed.length > 0)
    yield* change(pushed, { ...done, state: 'pushed', code: null, message: null, field: null, payload: null })
  const rejected = settlements.filter((one): one is Rejected => one.kind === 'rejected')
  // One statement per reason: a CRM gives many records the same one.
  for (const [first, keys] of grouped(rejected, ({ code, message, field }) => JSON.stringify([code, message, field]))) {
    const { code, message, field } = first
    yield* change(keys, { ...done, state: 'rejected', code, message, field })
  }
  const retries = settlements.filter((one): one is Retry => one.kind === 'retry')
  for (const [{ dueAt }, keys] of grouped(retries, (retry) => retry.dueAt.toISOString())) {
    yield* change(keys, { dueAt, attempts: plus(strays.attempts, 1) })
  }
}

/** The first of each group, and the keys of all. */
function grouped<S extends Settlement>(settlements: readonly S[], by: (settlement: S) => string): [S, number[]][] {
  return [...Map.groupBy(settlements, by).values()].flatMap((group): [S, number[]][] => {
    const [first] = group
    return first ? [[first, group.map(({ key }) => key)]] : []
  })
}

function* count(q: Queries, { backlogs }: Tables, connectionId: string, pushed: number, rejected: number): Steps<void> {
  if (pushed + rejected === 0) return
  yield* rows(
    q
      .update(backlogs)
      .set({
        waiting: plus(backlogs.waiting, -pushed - rejected),
        pushed: plus(backlogs.pushed, pushed),
        rejected: plus(backlogs.rejected, rejected),
        rejectedEver: plus(backlogs.rejectedEver, rejected),
      })
      .where(eq(backlogs.connectionId, connectionId))
      .returning({ no: backlogs.no }),
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
