import { type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { Tables } from '../../../db/schema.ts'
import type { Detour, Message } from '../../domain/cards/card.ts'
import type { Connection } from '../../domain/connections/connection.ts'
import type { Backlog } from '../../domain/outbox/touchpoint.ts'

type Row<Name extends keyof Tables> = Tables[Name]['$inferSelect']

export function toConnection(row: Row<'connections'>): Connection {
  const { status, since, cause, explanation, suspectSince, unreachableSince, lastProofAt, ...rest } = row
  return { ...rest, health: { status, since, cause, explanation, suspectSince, unreachableSince, lastProofAt } }
}

export function fromConnection({ health, ...rest }: Connection): Row<'connections'> {
  return { ...rest, ...health }
}

export function toMessage(row: Row<'messages'>): Message {
  const { dueAt, leasedBy, leasedUntil, shownAt, claimedWaiting, claimedSettled, trouble, gaveUp, ...rest } = row
  const { detourFrom, detourReason, detourAt, ...message } = rest
  return { ...message, detour: toDetour({ detourFrom, detourReason, detourAt }) }
}

/** A new message. `dueAt` null: it waits until something makes it due. */
export function fromMessage({ detour, ...message }: Message, dueAt: Date | null): Row<'messages'> {
  return {
    ...message,
    ...detourColumns(detour),
    dueAt,
    leasedBy: null,
    leasedUntil: null,
    shownAt: null,
    claimedWaiting: 0,
    claimedSettled: 0,
    trouble: null,
    gaveUp: false,
  }
}

export function detourColumns(detour: Detour | null) {
  return { detourFrom: detour?.channelId ?? null, detourReason: detour?.reason ?? null, detourAt: detour?.at ?? null }
}

export function toDetour(row: Pick<Row<'messages'>, 'detourFrom' | 'detourReason' | 'detourAt'>): Detour | null {
  const { detourFrom: channelId, detourReason: reason, detourAt: at } = row
  return channelId === null || reason === null || at === null ? null : { channelId, reason, at }
}

export function toBacklog({ waiting, pushed, superseded, rejected }: Row<'backlogs'>): Backlog {
  return { waiting, pushed, superseded, rejected }
}

export function plus(column: SQLiteColumn, by: number): SQL {
  return sql`${column} + ${by}`
}

/** The column's time or `at`, whichever is later. */
export function laterOf(column: SQLiteColumn, at: Date): SQL {
  const value = sql.param(at, column)
  return sql`case when ${column} < ${value} then ${value} else ${column} end`
}
