import { and, eq, inArray, isNotNull, isNull, ne, or } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { Notice } from '../../domain/cards/card.ts'
import type { Removal, RemovalStore } from '../../domain/connections/removal-store.ts'
import type { WarningDetail } from '../../domain/warnings/warning.ts'
import { type Dialect, type Program, type Queries, rows, type Steps } from './dialect.ts'
import { forgetProgram } from './forget-removed.ts'
import { record } from './history.ts'
import { leaveToOthers } from './leave-to-others.ts'
import { fromMessage, plus } from './records.ts'

type RemovalRow = Tables['removals']['$inferSelect']

/** Of connections that are removed: they belong to no workspace, so that nothing which asks for one finds them. */
export const NO_TEAM = ''

export function removalStore(dialect: Dialect): RemovalStore {
  return {
    remove: (removal) => dialect.atomically(removeProgram(dialect, removal)),
    forget: (limit) => dialect.atomically(forgetProgram(dialect, limit), limit),
  }
}

/** The row stays for now, since others point to it: what makes it a connection is taken from it, and its name and account are free. */
function removeProgram({ tables }: Dialect, { seen, at, closing, line, audit }: Removal): Program<boolean> {
  const { backlogs, connections, messages, removals } = tables
  const connectionId = seen.id
  const nobodys = { teamId: NO_TEAM, name: seen.id, accountId: seen.id, status: 'paused' as const, pausedBy: null }
  return function* (q) {
    const removed = yield* rows(
      q
        .update(connections)
        .set({ ...nobodys, suspectSince: null, unreachableSince: null, version: seen.version + 1 })
        .where(and(eq(connections.id, connectionId), eq(connections.version, seen.version), ne(connections.teamId, NO_TEAM)))
        .returning({ id: connections.id }),
    )
    if (removed.length === 0) return false
    const [backlog] = yield* rows(
      q.delete(backlogs).where(eq(backlogs.connectionId, connectionId)).returning({ no: backlogs.no }),
    )
    if (!backlog) throw new Error(`connection ${connectionId} has no backlog`)
    const removal = { connectionId, connectionNo: backlog.no, removedAt: at }
    yield* rows(q.insert(removals).values(removal).returning({ no: removals.connectionNo }))
    yield* endWork(q, tables, connectionId)
    yield* leaveToOthers(q, tables, removal, seen.teamId)
    const ended = yield* endOutages(q, tables, connectionId, at)
    yield* handOverWarnings(q, tables, removal, seen, closing)
    yield* closeCards(q, tables, removal, seen, closing, ended)
    yield* rows(q.insert(messages).values(fromMessage(line, at)).returning({ id: messages.id }))
    yield* record(q, tables, audit)
    return true
  }
}

/** What comes round for a connection: a row or a few of each. */
function* endWork(q: Queries, tables: Tables, id: string): Steps<void> {
  const { adScans, bulkJobs, checks, costDownloads, formerNames, invitations, mappings, refusals, rejectWindows } = tables
  yield* rows(q.delete(checks).where(eq(checks.connectionId, id)).returning({ id: checks.connectionId }))
  yield* rows(q.delete(mappings).where(eq(mappings.connectionId, id)).returning({ id: mappings.connectionId }))
  yield* rows(q.delete(bulkJobs).where(eq(bulkJobs.connectionId, id)).returning({ id: bulkJobs.connectionId }))
  yield* rows(q.delete(refusals).where(eq(refusals.connectionId, id)).returning({ id: refusals.connectionId }))
  yield* rows(q.delete(rejectWindows).where(eq(rejectWindows.connectionId, id)).returning({ id: rejectWindows.connectionId }))
  yield* rows(q.delete(costDownloads).where(eq(costDownloads.connectionId, id)).returning({ id: costDownloads.connectionId }))
  yield* rows(q.delete(adScans).where(eq(adScans.connectionId, id)).returning({ id: adScans.connectionId }))
  yield* rows(q.delete(invitations).where(eq(invitations.connectionId, id)).returning({ id: invitations.id }))
  yield* rows(q.delete(formerNames).where(eq(formerNames.connectionId, id)).returning({ name: formerNames.name }))
}

/** Ids of the outage and the catch-up that were under way. */
interface Ended {
  readonly outages: readonly string[]
  readonly catchUps: readonly string[]
}

function* endOutages(q: Queries, { catchUps, gaps, holds, outages }: Tables, id: string, at: Date): Steps<Ended> {
  const ofOutages = yield* rows(
    q
      .update(outages)
      .set({ closedAt: at, loginBegunAt: null })
      .where(and(eq(outages.connectionId, id), isNull(outages.closedAt)))
      .returning({ id: outages.id }),
  )
  yield* rows(q.delete(holds).where(eq(holds.connectionId, id)).returning({ id: holds.connectionId }))
  const ofCatchUps = yield* rows(
    q
      .update(catchUps)
      .set({ finishedAt: at })
      .where(and(eq(catchUps.connectionId, id), isNull(catchUps.finishedAt)))
      .returning({ id: catchUps.id }),
  )
  yield* rows(
    q
      .update(gaps)
      .set({ finishedAt: at })
      .where(and(eq(gaps.connectionId, id), isNull(gaps.finishedAt)))
      .returning({ id: gaps.outageId }),
  )
  return { outages: ofOutages.map((one) => one.id), catchUps: ofCatchUps.map((one) => one.id) }
}

/**
 * Cards that ask somebody for something say that there is nothing left to do, also one that is on its way to Slack just now. What
 * was not posted yet never is.
 */
function* closeCards(
  q: Queries,
  tables: Tables,
  { connectionId, removedAt }: RemovalRow,
  { confirmedAt }: Removal['seen'],
  closing: Notice,
  ended: Ended,
): Steps<void> {
  const { escalations, messages } = tables
  const isOurs = eq(messages.connectionId, connectionId)
  const cards = q.select({ id: messages.id }).from(messages).where(isOurs)
  const isAsking = and(inArray(escalations.messageId, cards), isNull(escalations.endedAt))
  yield* rows(q.delete(escalations).where(isAsking).returning({ id: escalations.messageId }))
  const isUnsent = and(isNull(messages.ts), isNull(messages.uncertainSince))
  yield* rows(q.delete(messages).where(and(isOurs, isUnsent)).returning({ id: messages.id }))
  const isUnderWay = or(inArray(messages.outageId, [...ended.outages]), inArray(messages.catchUpId, [...ended.catchUps]))
  const isCard = and(eq(messages.kind, 'outage'), isUnderWay)
  const asks = confirmedAt === null ? or(isCard, eq(messages.kind, 'welcome')) : isCard
  const said = closedBy(tables, closing, removedAt)
  yield* rows(q.update(messages).set(said).where(and(isOurs, asks)).returning({ id: messages.id }))
  const isDue = and(isOurs, isNotNull(messages.dueAt))
  yield* rows(q.update(messages).set({ dueAt: null }).where(isDue).returning({ id: messages.id }))
}

/** It is about no connection any more, and due. */
function closedBy({ messages }: Tables, notice: Notice, at: Date) {
  const loose = { connectionId: null, outageId: null, catchUpId: null, kind: 'notice' as const, notice }
  return { ...loose, wanted: plus(messages.wanted, 1), dueAt: at, attempts: 0, trouble: null, gaveUp: false }
}

/** A warning that is about others, too, goes on as theirs. */
function* handOverWarnings(
  q: Queries,
  tables: Tables,
  { connectionId, removedAt }: RemovalRow,
  { teamId, provider }: Removal['seen'],
  closing: Notice,
): Steps<void> {
  const { connections, messages, warnings } = tables
  const open = yield* rows(
    q
      .select({ messageId: warnings.messageId, detail: warnings.detail })
      .from(warnings)
      .innerJoin(messages, eq(messages.id, warnings.messageId))
      .where(and(eq(messages.connectionId, connectionId), isNull(warnings.closedAt))),
  )
  for (const { messageId, detail } of open) {
    const others = otherIds(detail, connectionId)
    // Whoever has left has left all of them.
    const isAlike = detail.kind === 'leaver' ? undefined : eq(connections.provider, provider)
    const [heir] = yield* rows(
      q
        .select({ id: connections.id })
        .from(connections)
        .where(and(eq(connections.teamId, teamId), isAlike, inArray(connections.id, others)))
        .limit(1),
    )
    const told = heir ? { connectionId: heir.id } : closedBy(tables, closing, removedAt)
    const isSent = or(isNotNull(messages.ts), isNotNull(messages.uncertainSince))
    const which = heir ? eq(messages.id, messageId) : and(eq(messages.id, messageId), isSent)
    if (!heir) {
      const over = { closedAt: removedAt }
      yield* rows(q.update(warnings).set(over).where(eq(warnings.messageId, messageId)).returning({ id: warnings.messageId }))
    }
    yield* rows(q.update(messages).set(told).where(which).returning({ id: messages.id }))
  }
}

function otherIds(detail: WarningDetail, id: string): string[] {
  const named =
    detail.kind === 'login_ends' || detail.kind === 'leaver'
      ? detail.connections
      : detail.kind === 'silence'
        ? [...detail.silent, ...detail.back]
        : []
  return named.map((one) => one.id).filter((one) => one !== id)
}
