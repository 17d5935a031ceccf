import { and, asc, eq, gte, isNull, ne } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { Message } from '../../domain/cards/card.ts'
import type { Outage } from '../../domain/connections/outage.ts'
import { type Gap, type GapCosts, type GapTags, isWorthTelling } from '../../domain/gaps/gap.ts'
import type { GapStore } from '../../domain/gaps/gap-store.ts'
import { bump, bumpCardOf } from './card-queue.ts'
import { type Dialect, type Queries, rows, type Steps } from './dialect.ts'
import { fromMessage, plus } from './records.ts'

export function gapStore(dialect: Dialect): GapStore {
  const { queries, tables } = dialect
  const { gaps } = tables
  return {
    ofOutage: async (outageId) => {
      const [gap] = await queries.select().from(gaps).where(eq(gaps.outageId, outageId))
      return gap
    },
    unfinished: (connectionId) => dialect.atomically((q) => unfinishedGap(q, tables, connectionId)),
  }
}

export function* unfinishedGap(q: Queries, { gaps }: Tables, connectionId: string): Steps<Gap | undefined> {
  const [gap] = yield* rows(
    q
      .select()
      .from(gaps)
      .where(and(eq(gaps.connectionId, connectionId), isNull(gaps.finishedAt))),
  )
  return gap
}

/** What was told of the gaps that became part of this one, the oldest first. They are finished, and lack a part for good. */
export function* costsOfItsPast(q: Queries, { gaps }: Tables, { connectionId, since, outageId }: Gap): Steps<GapCosts[]> {
  const found = yield* rows(
    q
      .select({ costs: gaps.costs, tags: gaps.tags })
      .from(gaps)
      .where(and(eq(gaps.connectionId, connectionId), gte(gaps.since, since), ne(gaps.outageId, outageId)))
      .orderBy(asc(gaps.until)),
  )
  return found.flatMap(({ costs, tags }) => (costs !== null && tags === null ? [costs] : []))
}

/** What is under way belongs to the time before: it begins again now, and sees the whole outage. */
export function* readAgain(q: Queries, { adScans, costDownloads }: Tables, connectionId: string, at: Date): Steps<void> {
  const now = { dueAt: at, leasedBy: null, leasedUntil: null, failures: 0 }
  yield* rows(
    q
      .update(costDownloads)
      .set({ ...now, job: null, run: plus(costDownloads.run, 1) })
      .where(eq(costDownloads.connectionId, connectionId))
      .returning({ id: costDownloads.connectionId }),
  )
  yield* rows(
    q
      .update(adScans)
      .set({ ...now, version: plus(adScans.version, 1) })
      .where(eq(adScans.connectionId, connectionId))
      .returning({ id: adScans.connectionId }),
  )
}

/** Begins to look for what an outage left out. A gap that is not finished becomes part of it, and is told with it. */
export function* beginGap(q: Queries, tables: Tables, closed: Outage, report: Message | null, at: Date): Steps<void> {
  const { gaps, messages } = tables
  const { connectionId } = closed
  const [before] = yield* rows(
    q
      .update(gaps)
      .set({ finishedAt: at })
      .where(and(eq(gaps.connectionId, connectionId), isNull(gaps.finishedAt)))
      .returning(),
  )
  if (before) {
    const itsReport = and(eq(messages.outageId, before.outageId), eq(messages.kind, 'gap'), eq(messages.wanted, 0))
    yield* rows(q.delete(messages).where(itsReport).returning({ id: messages.id }))
    yield* bumpCardOf(q, tables, before.outageId, at)
  }
  const since = before && before.since < closed.lastProofAt ? before.since : closed.lastProofAt
  const gap = { outageId: closed.id, connectionId, since, until: at, costs: null, tags: null, finishedAt: null }
  yield* rows(q.insert(gaps).values(gap).returning({ outageId: gaps.outageId }))
  if (!report) return
  const message = fromMessage({ ...report, outageId: closed.id }, null)
  yield* rows(q.insert(messages).values(message).returning({ id: messages.id }))
}

/** One part of an unfinished gap is known; with the other, the gap is finished, and its report and card are due. */
export function* fillGap(
  q: Queries,
  tables: Tables,
  seen: Pick<Gap, 'outageId'>,
  part: { readonly costs: GapCosts } | { readonly tags: GapTags },
  at: Date,
): Steps<void> {
  const { gaps, messages, outages } = tables
  const [filled] = yield* rows(
    q
      .update(gaps)
      .set(part)
      .where(and(eq(gaps.outageId, seen.outageId), isNull(gaps.finishedAt)))
      .returning(),
  )
  if (!filled) return
  const { outageId } = filled
  yield* bumpCardOf(q, tables, outageId, at)
  if (filled.costs === null || filled.tags === null) return
  yield* rows(q.update(gaps).set({ finishedAt: at }).where(eq(gaps.outageId, outageId)).returning({ id: gaps.outageId }))
  const [outage] = yield* rows(q.select().from(outages).where(eq(outages.id, outageId)))
  // Somebody who logged in waits for the report; nobody waits for one that has nothing to tell.
  if (outage?.closedHow !== 'reauthorized' && !isWorthTelling(filled)) return
  yield* bump(q, tables, and(eq(messages.outageId, outageId), eq(messages.kind, 'gap')), at)
}
