import { and, asc, eq, inArray, isNotNull, isNull, or, type SQL } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { AuditEntry } from '../../domain/connections/audit-entry.ts'
import type { Connection } from '../../domain/connections/connection.ts'
import type { ConnectionSettings, PauseChange, SettingsStore } from '../../domain/connections/settings-store.ts'
import { takeTurn } from './card-places.ts'
import { bump } from './card-queue.ts'
import { scheduleCheck } from './checks.ts'
import { type Dialect, type Program, type Queries, rows, type Steps } from './dialect.ts'
import { readAgain } from './gaps.ts'
import { record } from './history.ts'
import { isAskingBeside } from './outages.ts'
import { plus, toConnection } from './records.ts'

export function settingsStore(dialect: Dialect): SettingsStore {
  const { queries, tables } = dialect
  const { connections, formerNames } = tables
  return {
    change: (seen, wanted, at, audit) => dialect.atomically(changeProgram(tables, seen, wanted, at, audit)),
    pause: (change) => dialect.atomically(pauseProgram(tables, change)),
    formerNames: async (teamId) =>
      queries
        .select({ name: formerNames.name, connectionId: connections.id, nowNamed: connections.name })
        .from(formerNames)
        .innerJoin(connections, eq(connections.id, formerNames.connectionId))
        .where(eq(formerNames.teamId, teamId))
        .orderBy(asc(formerNames.name)),
  }
}

function changeProgram(
  tables: Tables,
  seen: Connection,
  wanted: ConnectionSettings,
  at: Date,
  audit: readonly AuditEntry[],
): Program<Connection | 'taken' | undefined> {
  const { connections } = tables
  const isRenaming = wanted.name !== seen.name
  return function* (q) {
    const claim = isRenaming ? yield* claimName(q, tables, seen, wanted.name) : 'ours'
    if (claim === 'taken') return 'taken'
    const [row] = yield* rows(
      q
        .update(connections)
        .set({ ...wanted, version: seen.version + 1 })
        .where(and(eq(connections.id, seen.id), eq(connections.version, seen.version)))
        .returning(),
    )
    if (!row) {
      if (claim === 'new') yield* forgetName(q, tables, seen.teamId, wanted.name)
      return undefined
    }
    if (isRenaming) yield* keepFormerName(q, tables, seen, wanted.name)
    yield* bumpOpenCards(q, tables, seen.id, at)
    for (const entry of audit) yield* record(q, tables, entry)
    return toConnection(row)
  }
}

/** Puts the name among the former ones until the program ends, so that of two that want it the second sees who was first. */
function* claimName(q: Queries, tables: Tables, { id, teamId }: Connection, name: string): Steps<'new' | 'ours' | 'taken'> {
  const { connections, formerNames } = tables
  const claim = { teamId, name, connectionId: id }
  const [claimed] = yield* rows(q.insert(formerNames).values(claim).onConflictDoNothing().returning({ name: formerNames.name }))
  const [former] = yield* rows(
    q
      .select({ id: formerNames.connectionId })
      .from(formerNames)
      .where(and(eq(formerNames.teamId, teamId), eq(formerNames.name, name))),
  )
  const [other] = yield* rows(
    q
      .select({ id: connections.id })
      .from(connections)
      .where(and(eq(connections.teamId, teamId), eq(connections.name, name))),
  )
  if (former?.id === id && !other) return claimed ? 'new' : 'ours'
  if (claimed) yield* forgetName(q, tables, teamId, name)
  return 'taken'
}

function* keepFormerName(q: Queries, tables: Tables, { id, teamId, name }: Connection, wanted: string): Steps<void> {
  const { formerNames } = tables
  const kept = { teamId, name, connectionId: id }
  yield* rows(q.insert(formerNames).values(kept).onConflictDoNothing().returning({ name: formerNames.name }))
  yield* forgetName(q, tables, teamId, wanted)
}

function* forgetName(q: Queries, { formerNames }: Tables, teamId: string, name: string): Steps<void> {
  yield* rows(
    q
      .delete(formerNames)
      .where(and(eq(formerNames.teamId, teamId), eq(formerNames.name, name)))
      .returning({ name: formerNames.name }),
  )
}

function pauseProgram(
  tables: Tables,
  { seen, next, pausedBy, at, nextCheckAt, remindAt, audit }: PauseChange,
): Program<Connection | undefined> {
  const { connections } = tables
  return function* (q) {
    const { lastProofAt, ...health } = next // a push that ends just now may have proved it later
    const [row] = yield* rows(
      q
        .update(connections)
        .set({ ...health, pausedBy, version: seen.version + 1 })
        .where(and(eq(connections.id, seen.id), eq(connections.version, seen.version)))
        .returning(),
    )
    if (!row) return undefined
    if (pausedBy === null && seen.kind === 'ads') yield* readAgain(q, tables, seen.id, at)
    yield* scheduleCheck(q, tables, seen.id, nextCheckAt)
    yield* remindOf(q, tables, seen, remindAt)
    yield* bumpOpenCards(q, tables, seen.id, at)
    yield* record(q, tables, audit)
    return toConnection(row)
  }
}

/** Nobody is reminded of what is paused, nor ever of what is wrong with the app's set-up; of what shares its card people are. */
function* remindOf(
  q: Queries,
  tables: Tables,
  { id: connectionId, teamId }: Pick<Connection, 'id' | 'teamId'>,
  remindAt: Date | null,
): Steps<void> {
  const { escalations, outages } = tables
  const isDown = and(eq(outages.connectionId, connectionId), isNull(outages.closedAt))
  const [outage] = yield* rows(q.select().from(outages).where(isDown))
  if (!outage?.cardId || outage.kind === 'misconfigured') return
  yield* takeTurn(q, tables, teamId) // what shares the card may be paused just now, too
  if (yield* isAskingBeside(q, tables, outage.cardId, outage.id)) return
  yield* rows(
    q
      .update(escalations)
      .set({ remindAt, version: plus(escalations.version, 1), leasedBy: null, leasedUntil: null })
      .where(and(eq(escalations.messageId, outage.cardId), isNull(escalations.endedAt)))
      .returning({ messageId: escalations.messageId }),
  )
}

function* bumpOpenCards(q: Queries, tables: Tables, connectionId: string, at: Date): Steps<void> {
  yield* bump(q, tables, openCards(q, tables, connectionId), at)
}

/** The cards that stand for how the connection is now. */
function openCards(q: Queries, { catchUps, messages, outages }: Tables, connectionId: string): SQL | undefined {
  const open = q
    .select({ id: outages.cardId })
    .from(outages)
    .where(and(eq(outages.connectionId, connectionId), isNull(outages.closedAt), isNotNull(outages.cardId)))
  const isRunning = and(eq(catchUps.connectionId, connectionId), isNull(catchUps.finishedAt))
  const running = q.select({ id: catchUps.id }).from(catchUps).where(isRunning)
  const catchingUp = q
    .select({ id: outages.cardId })
    .from(catchUps)
    .innerJoin(outages, eq(outages.id, catchUps.outageId))
    .where(and(isRunning, isNotNull(outages.cardId)))
  const isOpen = or(inArray(messages.id, open), inArray(messages.id, catchingUp), inArray(messages.catchUpId, running))
  return and(eq(messages.kind, 'outage'), isOpen)
}
