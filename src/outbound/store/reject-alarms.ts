import { and, asc, desc, eq, gt, inArray, isNull, lte, ne } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import { later } from '../../clock.ts'
import type { Message } from '../../domain/cards/card.ts'
import type { AuditEntry } from '../../domain/connections/audit-entry.ts'
import type { Hold } from '../../domain/outbox/hold.ts'
import { type RejectAlarm, type RejectAlarmStore, TELL_AGAIN_MS, untold } from '../../domain/outbox/reject-alarm.ts'
import { emptyWindow } from '../../domain/outbox/reject-window.ts'
import { bump } from './card-queue.ts'
import { holdBacklog } from './catch-ups.ts'
import { type Dialect, type Program, type Queries, rows, type Steps } from './dialect.ts'
import { liftProgram, putProgram } from './holds.ts'
import { writeWindow } from './note-rejects.ts'
import { fromMessage } from './records.ts'

type Row = Tables['rejectAlarms']['$inferSelect']

export function rejectAlarmStore(dialect: Dialect): RejectAlarmStore {
  const { queries, tables } = dialect
  const { rejectAlarms, rejectWindows } = tables
  return {
    windows: async (since) => {
      const found = await queries
        .select({ window: rejectWindows.window })
        .from(rejectWindows)
        .where(gt(rejectWindows.writtenAt, since))
        .orderBy(asc(rejectWindows.connectionId))
      return found.map(({ window }) => window)
    },
    since: async (connectionId, since) => {
      const found = await queries
        .select()
        .from(rejectAlarms)
        .where(and(eq(rejectAlarms.connectionId, connectionId), gt(rejectAlarms.since, since)))
        .orderBy(desc(rejectAlarms.since))
      return found.map(toAlarm)
    },
    ofMessage: async (messageId) => {
      const [row] = await queries.select().from(rejectAlarms).where(eq(rejectAlarms.messageId, messageId))
      return row && toAlarm(row)
    },
    raise: (alarm, message, hold, at) => dialect.atomically(raiseProgram(tables, alarm, message, hold, at)),
    pushOn: (connectionId, by, at, audit) => dialect.atomically(pushOnProgram(tables, connectionId, by, at, audit)),
    lastStop: async (connectionId) => {
      const [row] = await queries
        .select()
        .from(rejectAlarms)
        .where(and(eq(rejectAlarms.connectionId, connectionId), eq(rejectAlarms.kind, 'stopped')))
        .orderBy(desc(rejectAlarms.since))
        .limit(1)
      return row && toAlarm(row)
    },
    touch: (now, everyMs) => dialect.atomically(touchProgram(dialect, now, everyMs)),
  }
}

function raiseProgram(tables: Tables, alarm: RejectAlarm, message: Message, hold: Hold | null, at: Date): Program<boolean> {
  const { messages, rejectAlarms, rejectWindows } = tables
  const { connectionId } = alarm
  return function* (q) {
    // Its lock keeps settlements out, which count on the cards.
    const backlog = yield* holdBacklog(q, tables, connectionId)
    if (!backlog) return false
    if (hold) {
      const [known] = yield* rows(q.select().from(rejectWindows).where(eq(rejectWindows.connectionId, connectionId)))
      if (known) yield* writeWindow(q, tables, { ...known.window, refusedRun: null }, known.writtenAt)
      if (!(yield* putProgram(tables, hold, at, null)(q))) return false
    } else if ((yield* stillUntold(q, tables, alarm, at)).length === 0) return false
    yield* rows(q.insert(messages).values(fromMessage(message, at)).returning({ id: messages.id }))
    yield* rows(
      q
        .insert(rejectAlarms)
        .values({ ...alarm, ...sumOf(alarm), toldAt: at })
        .returning({ messageId: rejectAlarms.messageId }),
    )
    return true
  }
}

function* stillUntold(q: Queries, { rejectAlarms }: Tables, alarm: RejectAlarm, at: Date): Steps<RejectAlarm['reasons']> {
  const ofToday = and(eq(rejectAlarms.connectionId, alarm.connectionId), gt(rejectAlarms.since, later(at, -TELL_AGAIN_MS)))
  return untold(alarm.reasons, (yield* rows(q.select().from(rejectAlarms).where(ofToday))).map(toAlarm), at)
}

function sumOf({ reasons }: RejectAlarm): Pick<Row, 'counted' | 'told'> {
  const counted = reasons.reduce((sum, { count }) => sum + count, 0)
  return { counted, told: counted }
}

function pushOnProgram(tables: Tables, connectionId: string, by: string, at: Date, audit: AuditEntry): Program<boolean> {
  const { messages, rejectAlarms, rejectWindows } = tables
  return function* (q) {
    const backlog = yield* holdBacklog(q, tables, connectionId)
    if (!backlog || !(yield* liftProgram(tables, connectionId, 'rejects', at, audit)(q))) return false
    const [known] = yield* rows(q.select().from(rejectWindows).where(eq(rejectWindows.connectionId, connectionId)))
    if (known) {
      const { run, refusedRun } = emptyWindow(connectionId, backlog.pushed)
      yield* writeWindow(q, tables, { ...known.window, run, refusedRun }, known.writtenAt)
    }
    const lifted = yield* rows(
      q
        .update(rejectAlarms)
        .set({ liftedBy: by, liftedAt: at })
        .where(and(eq(rejectAlarms.connectionId, connectionId), eq(rejectAlarms.kind, 'stopped'), isNull(rejectAlarms.liftedAt)))
        .returning({ id: rejectAlarms.messageId }),
    )
    yield* bump(
      q,
      tables,
      inArray(
        messages.id,
        lifted.map(({ id }) => id),
      ),
      at,
    )
    return true
  }
}

function touchProgram(dialect: Dialect, now: Date, everyMs: number): Program<number> {
  const { messages, rejectAlarms } = dialect.tables
  const { messageId, counted, told, toldAt } = rejectAlarms
  return function* (q) {
    const moved = yield* rows(
      dialect.skipLocked(
        q
          .select({ id: messageId })
          .from(rejectAlarms)
          .where(and(gt(rejectAlarms.since, later(now, -TELL_AGAIN_MS)), ne(counted, told), lte(toldAt, later(now, -everyMs)))),
      ),
    )
    if (moved.length === 0) return 0
    const ids = moved.map(({ id }) => id)
    yield* rows(
      q.update(rejectAlarms).set({ told: counted, toldAt: now }).where(inArray(messageId, ids)).returning({ id: messageId }),
    )
    return yield* bump(q, dialect.tables, inArray(messages.id, ids), now)
  }
}

function toAlarm({ counted, told, toldAt, ...alarm }: Row): RejectAlarm {
  return alarm
}
