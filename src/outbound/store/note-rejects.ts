import { and, eq, gt } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import { later } from '../../clock.ts'
import { isOf, TELL_AGAIN_MS } from '../../domain/outbox/reject-alarm.ts'
import { emptyWindow, type RejectWindow, type SettledGroup, withGroup } from '../../domain/outbox/reject-window.ts'
import { type Queries, rows, type Steps } from './dialect.ts'

/**
 * Counts what one settlement had refused, in the connection's window and on the cards of the day. Part of the settlement, whose lock
 * of the backlog keeps others out. Nothing is written where nothing was refused.
 */
export function* noteRejects(q: Queries, tables: Tables, connectionId: string, group: SettledGroup): Steps<RejectWindow | null> {
  if (group.rejected.length === 0) return null
  const { rejectWindows } = tables
  const [known] = yield* rows(
    q.select({ window: rejectWindows.window }).from(rejectWindows).where(eq(rejectWindows.connectionId, connectionId)),
  )
  const before = group.pushedTotal - group.pushed
  const window = withGroup(known?.window ?? emptyWindow(connectionId, before), group)
  yield* writeWindow(q, tables, window, group.at)
  yield* countOnCards(q, tables, connectionId, group)
  return window
}

export function* writeWindow(q: Queries, { rejectWindows }: Tables, window: RejectWindow, at: Date): Steps<void> {
  const { connectionId } = window
  yield* rows(
    q
      .insert(rejectWindows)
      .values({ connectionId, window, writtenAt: at })
      .onConflictDoUpdate({ target: rejectWindows.connectionId, set: { window, writtenAt: at } })
      .returning({ connectionId: rejectWindows.connectionId }),
  )
}

function* countOnCards(q: Queries, { rejectAlarms }: Tables, connectionId: string, group: SettledGroup): Steps<void> {
  const ofToday = and(eq(rejectAlarms.connectionId, connectionId), gt(rejectAlarms.since, later(group.at, -TELL_AGAIN_MS)))
  for (const alarm of yield* rows(q.select().from(rejectAlarms).where(ofToday))) {
    const reasons = alarm.reasons.map((reason) => {
      const more = group.rejected.filter((answer) => isOf(reason, answer)).length
      return more === 0 ? reason : { ...reason, count: reason.count + more }
    })
    const counted = reasons.reduce((sum, { count }) => sum + count, 0)
    if (counted === alarm.counted) continue
    yield* rows(
      q
        .update(rejectAlarms)
        .set({ reasons, counted })
        .where(eq(rejectAlarms.messageId, alarm.messageId))
        .returning({ messageId: rejectAlarms.messageId }),
    )
  }
}
