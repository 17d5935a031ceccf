import { eq, gt } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../clock.ts'
import type { RefusalReason, RefusalStore, Refusals, RefusedMinute } from '../../domain/outbox/refusal.ts'
import { type Dialect, type Program, type Queries, rows, type Steps } from './dialect.ts'
import { fromMessage } from './records.ts'

type Row = Tables['refusals']['$inferSelect']
type Noted = Parameters<RefusalStore['note']>

/** More different reasons than this are counted by their code alone, so that a row stays small whatever is sent. */
const REASONS = 20
/** Ids that are kept of a reason. */
const EXAMPLES = 5

export function refusalStore(dialect: Dialect): RefusalStore {
  const { queries, tables } = dialect
  const { backlogs, messages, refusals } = tables
  return {
    note: (from, reasons, taken, at) =>
      reasons.length === 0 ? Promise.resolve() : dialect.atomically(noteProgram(dialect, from, reasons, taken, at)),
    untold: async () => {
      const found = await queries
        .select({ refusals, lastKey: backlogs.lastKey })
        .from(refusals)
        .leftJoin(backlogs, eq(backlogs.connectionId, refusals.connectionId))
        .where(gt(refusals.refused, 0))
      return found.map((row) => toRefusals(row.refusals, row.lastKey))
    },
    tell: (seen, message, at) =>
      dialect.atomically(function* (q) {
        const source = sourceOf(seen)
        const lastKey = yield* lastKeyOf(q, tables, seen.connectionId)
        const [held] = yield* rows(q.update(refusals).set({ source }).where(eq(refusals.source, source)).returning())
        if (!held || held.refused === 0 || held.toldAt?.getTime() !== seen.toldAt?.getTime()) return false
        const { refused, reasons, since } = held
        const sent = held.keyBefore === null || lastKey === null ? null : lastKey - held.keyBefore + refused
        const notice = { kind: 'records_refused' as const, refused, sent, since: since.toISOString(), reasons }
        yield* rows(
          q
            .update(refusals)
            .set({ refused: 0, reasons: [], toldAt: at })
            .where(eq(refusals.source, source))
            .returning({ source: refusals.source }),
        )
        yield* rows(
          q
            .insert(messages)
            .values(fromMessage({ ...message, notice }, at))
            .returning({ id: messages.id }),
        )
        return true
      }),
  }
}

function noteProgram(dialect: Dialect, ...[from, reasons, taken, at]: Noted): Program<void> {
  const { tables } = dialect
  const { refusals } = tables
  const source = sourceOf(from)
  return function* (q) {
    const lastKey = yield* lastKeyOf(q, tables, from.connectionId)
    const keyBefore = lastKey === null ? null : lastKey - taken
    const first = { source, ...from, refused: 0, reasons: [], since: at, keyBefore, minutes: [], toldAt: null }
    // Holds the row: requests come on many links and from several processes.
    const [row] = yield* rows(
      q.insert(refusals).values(first).onConflictDoUpdate({ target: refusals.source, set: { source } }).returning(),
    )
    if (!row) throw new Error(`the refusals of ${source} vanished`)
    yield* rows(
      q
        .update(refusals)
        .set(noted(row, reasons, keyBefore, at))
        .where(eq(refusals.source, source))
        .returning({ source: refusals.source }),
    )
  }
}

function* lastKeyOf(q: Queries, { backlogs }: Tables, connectionId: string | null): Steps<number | null> {
  if (connectionId === null) return null
  const [backlog] = yield* rows(
    q.select({ lastKey: backlogs.lastKey }).from(backlogs).where(eq(backlogs.connectionId, connectionId)),
  )
  return backlog?.lastKey ?? null
}

function noted(row: Row, reasons: readonly RefusalReason[], keyBefore: number | null, at: Date) {
  const isNew = row.refused === 0 || at.getTime() - row.since.getTime() > DAY_MS
  const count = reasons.reduce((sum, reason) => sum + reason.count, 0)
  return {
    refused: (isNew ? 0 : row.refused) + count,
    reasons: reasons.reduce(withReason, isNew ? [] : row.reasons),
    since: isNew ? at : row.since,
    keyBefore: isNew ? keyBefore : row.keyBefore,
    minutes: withMinute(row.minutes, count, keyBefore, at),
  }
}

function withReason(known: readonly RefusalReason[], added: RefusalReason): readonly RefusalReason[] {
  const isAlike = (one: RefusalReason) => one.code === added.code && one.about === added.about && one.sender === added.sender
  const index = known.findIndex(isAlike)
  const before = known[index]
  if (before) {
    const examples = [...new Set([...before.examples, ...added.examples])].slice(0, EXAMPLES)
    return known.with(index, { ...before, count: before.count + added.count, examples })
  }
  if (known.length < REASONS || (added.about === '' && added.sender === null)) return [...known, added]
  return withReason(known, { ...added, about: '', sender: null })
}

function withMinute(minutes: readonly RefusedMinute[], refused: number, keyBefore: number | null, at: Date): RefusedMinute[] {
  const minute = Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS
  const recent = minutes.filter((one) => one.at > minute - HOUR_MS && one.at < minute)
  const same = minutes.find((one) => one.at >= minute)
  return [...recent, same ? { ...same, refused: same.refused + refused } : { at: minute, refused, keyBefore }]
}

function sourceOf({ teamId, connectionId }: Pick<Row, 'teamId' | 'connectionId'>): string {
  return connectionId ?? teamId
}

function toRefusals({ source, ...row }: Row, lastKey: number | null): Refusals {
  return { ...row, lastKey }
}
