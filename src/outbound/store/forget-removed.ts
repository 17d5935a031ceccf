import { and, asc, eq, gt, inArray, lt, min, type SQL } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import { type Dialect, type Program, type Queries, rows, type Steps } from './dialect.ts'
import { forgetUnusedGrant } from './grants.ts'
import { zeroKey } from './keys.ts'

/** Segments carry up to 200 payloads each. */
const SEGMENTS_AT_ONCE = 100

interface Step {
  readonly q: Queries
  readonly tables: Tables
  readonly connectionId: string
  readonly no: number
  readonly limit: number
}

/** In this order: what hangs on others before them. Each answers how many rows it deleted. */
const STEPS: readonly ((step: Step) => Steps<number>)[] = [
  bodiesAndSegments,
  strays,
  touchpointIds,
  costs,
  costDays,
  campaigns,
  ads,
  tagChanges,
  messages,
  rejectAlarms,
  gaps,
  catchUps,
  outages,
]

/** One bounded step of deleting what a removed connection has left. */
export function forgetProgram({ tables, skipLocked }: Dialect, limit: number): Program<boolean> {
  const { connections, digestCounts, removals } = tables
  return function* (q) {
    const [removal] = yield* rows(skipLocked(q.select().from(removals).orderBy(asc(removals.removedAt)).limit(1)))
    if (!removal) return false
    const { connectionId, connectionNo: no } = removal
    for (const step of STEPS) if ((yield* step({ q, tables, connectionId, no, limit })) > 0) return true
    const isTheirs = eq(digestCounts.connectionId, connectionId)
    yield* rows(q.delete(digestCounts).where(isTheirs).returning({ id: digestCounts.connectionId }))
    yield* rows(q.delete(removals).where(eq(removals.connectionId, connectionId)).returning({ no: removals.connectionNo }))
    const [last] = yield* rows(
      q.delete(connections).where(eq(connections.id, connectionId)).returning({ grantId: connections.grantId }),
    )
    if (last) yield* forgetUnusedGrant(q, tables, last.grantId)
    return true
  }
}

/** Keys of one connection are one range. */
function ofConnection(key: Tables['segments']['key'] | Tables['strays']['key'], no: number): SQL | undefined {
  return and(gt(key, zeroKey(no)), lt(key, zeroKey(no + 1)))
}

function* bodiesAndSegments({ q, tables: { bodies, segments }, no, limit }: Step): Steps<number> {
  const some = yield* rows(
    q
      .select({ key: segments.key })
      .from(segments)
      .where(ofConnection(segments.key, no))
      .orderBy(asc(segments.key))
      .limit(Math.min(limit, SEGMENTS_AT_ONCE)),
  )
  if (some.length === 0) return 0
  const keys = some.map(({ key }) => key)
  yield* rows(q.delete(bodies).where(inArray(bodies.key, keys)).returning({ key: bodies.key }))
  return (yield* rows(q.delete(segments).where(inArray(segments.key, keys)).returning({ key: segments.key }))).length
}

function* strays({ q, tables: { strays }, no, limit }: Step): Steps<number> {
  const some = q
    .select({ key: strays.key })
    .from(strays)
    .where(ofConnection(strays.key, no))
    .orderBy(asc(strays.key))
    .limit(limit)
  return (yield* rows(q.delete(strays).where(inArray(strays.key, some)).returning({ key: strays.key }))).length
}

function* touchpointIds({ q, tables: { touchpointIds }, no, limit }: Step): Steps<number> {
  const { connectionNo, id, key } = touchpointIds
  const some = q.select({ id }).from(touchpointIds).where(eq(connectionNo, no)).orderBy(asc(id)).limit(limit)
  return (yield* rows(
    q
      .delete(touchpointIds)
      .where(and(eq(connectionNo, no), inArray(id, some)))
      .returning({ key }),
  )).length
}

/** Day by day, since a day alone may have very many campaigns. */
function* costs({ q, tables: { costs }, no, limit }: Step): Steps<number> {
  const { campaignId, connectionNo, day } = costs
  const [first] = yield* rows(
    q
      .select({ day: min(day) })
      .from(costs)
      .where(eq(connectionNo, no)),
  )
  if (!first?.day) return 0
  const ofDay = and(eq(connectionNo, no), eq(day, first.day))
  const some = q.select({ campaignId }).from(costs).where(ofDay).orderBy(asc(campaignId)).limit(limit)
  return (yield* rows(
    q
      .delete(costs)
      .where(and(ofDay, inArray(campaignId, some)))
      .returning({ day }),
  )).length
}

function* costDays({ q, tables: { costDays }, no, limit }: Step): Steps<number> {
  const { connectionNo, day } = costDays
  const some = q.select({ day }).from(costDays).where(eq(connectionNo, no)).orderBy(asc(day)).limit(limit)
  return (yield* rows(
    q
      .delete(costDays)
      .where(and(eq(connectionNo, no), inArray(day, some)))
      .returning({ day }),
  )).length
}

function* campaigns({ q, tables: { campaigns }, no, limit }: Step): Steps<number> {
  const { connectionNo, id } = campaigns
  const some = q.select({ id }).from(campaigns).where(eq(connectionNo, no)).orderBy(asc(id)).limit(limit)
  return (yield* rows(
    q
      .delete(campaigns)
      .where(and(eq(connectionNo, no), inArray(id, some)))
      .returning({ id }),
  )).length
}

function* ads({ q, tables: { ads }, connectionId, limit }: Step): Steps<number> {
  const isTheirs = eq(ads.connectionId, connectionId)
  const some = q.select({ id: ads.id }).from(ads).where(isTheirs).orderBy(asc(ads.id)).limit(limit)
  return (yield* rows(
    q
      .delete(ads)
      .where(and(isTheirs, inArray(ads.id, some)))
      .returning({ id: ads.id }),
  )).length
}

function* tagChanges({ q, tables: { tagChanges }, connectionId, limit }: Step): Steps<number> {
  const { id } = tagChanges
  const some = q.select({ id }).from(tagChanges).where(eq(tagChanges.connectionId, connectionId)).orderBy(asc(id)).limit(limit)
  return (yield* rows(q.delete(tagChanges).where(inArray(id, some)).returning({ id }))).length
}

/** With the warnings that they told, and how they were followed up. */
function* messages({ q, tables: { escalations, messages, warnings }, connectionId, limit }: Step): Steps<number> {
  const { id } = messages
  const some = yield* rows(
    q.select({ id }).from(messages).where(eq(messages.connectionId, connectionId)).orderBy(asc(id)).limit(limit),
  )
  if (some.length === 0) return 0
  const ids = some.map((one) => one.id)
  yield* rows(q.delete(escalations).where(inArray(escalations.messageId, ids)).returning({ id: escalations.messageId }))
  yield* rows(q.delete(warnings).where(inArray(warnings.messageId, ids)).returning({ id: warnings.messageId }))
  return (yield* rows(q.delete(messages).where(inArray(id, ids)).returning({ id }))).length
}

function* rejectAlarms({ q, tables: { rejectAlarms }, connectionId, limit }: Step): Steps<number> {
  const { messageId: id } = rejectAlarms
  const some = q
    .select({ id })
    .from(rejectAlarms)
    .where(eq(rejectAlarms.connectionId, connectionId))
    .orderBy(asc(id))
    .limit(limit)
  return (yield* rows(q.delete(rejectAlarms).where(inArray(id, some)).returning({ id }))).length
}

function* gaps({ q, tables: { gaps }, connectionId, limit }: Step): Steps<number> {
  const { outageId: id } = gaps
  const some = q.select({ id }).from(gaps).where(eq(gaps.connectionId, connectionId)).orderBy(asc(id)).limit(limit)
  return (yield* rows(q.delete(gaps).where(inArray(id, some)).returning({ id }))).length
}

function* catchUps({ q, tables: { catchUps }, connectionId, limit }: Step): Steps<number> {
  const { id } = catchUps
  const some = q.select({ id }).from(catchUps).where(eq(catchUps.connectionId, connectionId)).orderBy(asc(id)).limit(limit)
  return (yield* rows(q.delete(catchUps).where(inArray(id, some)).returning({ id }))).length
}

function* outages({ q, tables: { outages }, connectionId, limit }: Step): Steps<number> {
  const { id } = outages
  const some = q.select({ id }).from(outages).where(eq(outages.connectionId, connectionId)).orderBy(asc(id)).limit(limit)
  return (yield* rows(q.delete(outages).where(inArray(id, some)).returning({ id }))).length
}
