import { and, asc, between, desc, eq, gt, inArray, lte, type SQL, sql } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { WaitingTouchpoint } from '../../domain/outbox/touchpoint.ts'
import type { Dialect } from './dialect.ts'
import { linesOf, PLACES } from './segments.ts'

interface Asked {
  readonly afterKey: number
  readonly now: Date
  readonly limit: number
  readonly maxBytes: number
}

/** Rows that wait, as the tables have them: to be read where they are needed, which may be another thread. */
export interface WaitingBodies {
  readonly asked: Omit<Asked, 'now'>
  readonly retries: readonly WaitingTouchpoint[]
  readonly bodies: readonly { readonly key: number; readonly body: Uint8Array }[]
  /** Keys within the bodies that do not wait there any more. */
  readonly strays: readonly number[]
}

/**
 * What may be pushed now. Short questions instead of one transaction: the caller is the only one who drains, and what is accepted
 * meanwhile only adds rows at the end or takes some away, which settle nothing.
 */
export async function waitingBodies(dialect: Dialect, connectionNo: number, asked: Asked): Promise<WaitingBodies> {
  // Retries first: a row may become a retry between the two questions, but never the reverse.
  const retries = await dueRetries(dialect, connectionNo, asked)
  const claim = { asked, retries, ...(await openBodies(dialect, connectionNo, asked)) }
  return inTurn(dialect, connectionNo, claim, gt(dialect.tables.strays.dueAt, asked.now))
}

/**
 * Without those that a CRM may take for the same record as an earlier one that is to be tried again later (ids that differ in case
 * only): the older would be written over the newer.
 */
export async function inTurn(
  { queries, tables: { strays } }: Dialect,
  connectionNo: number,
  claim: WaitingBodies,
  isLater: SQL | undefined,
): Promise<WaitingBodies> {
  const { key, id } = strays
  const postponed = and(eq(strays.connectionNo, connectionNo), eq(strays.state, 'waiting'), isLater)
  const [any] = await queries.select({ key }).from(strays).where(postponed).limit(1)
  const due = any ? waitingRows(claim) : []
  if (due.length === 0) return claim
  const alike = inArray(
    sql`lower(${id})`,
    due.map((row) => sql`lower(${row.id})`),
  )
  const earlier = await queries.select({ key, id }).from(strays).where(and(postponed, alike)).orderBy(desc(key))
  const firstOf = new Map(earlier.map((row) => [row.id.toLowerCase(), row.key]))
  const isEarly = (row: WaitingTouchpoint) => row.key > (firstOf.get(row.id.toLowerCase()) ?? Number.POSITIVE_INFINITY)
  const early = due.filter(isEarly).map((row) => row.key)
  return { ...claim, retries: claim.retries.filter((row) => !isEarly(row)), strays: [...claim.strays, ...early] }
}

/** In the order of keys. */
export function waitingRows({ asked, retries, bodies, strays }: WaitingBodies): WaitingTouchpoint[] {
  const { afterKey, limit, maxBytes } = asked
  const leftOut = new Set(strays)
  const fresh: WaitingTouchpoint[] = []
  for (const { key: firstKey, body } of bodies) {
    for (const { key, id, payload } of linesOf(firstKey, body)) {
      if (key > afterKey && !leftOut.has(key)) fresh.push({ key, id, payload, attempts: 0 })
    }
  }
  const due = retries.length === 0 ? fresh : [...retries, ...fresh].sort((a, b) => a.key - b.key)
  return upToBytes(due.length > limit ? due.slice(0, limit) : due, maxBytes)
}

async function dueRetries({ queries, tables }: Dialect, connectionNo: number, asked: Asked): Promise<WaitingTouchpoint[]> {
  const { strays } = tables
  const { key, id, attempts, payload, dueAt } = strays
  const due = and(eq(strays.connectionNo, connectionNo), eq(strays.state, 'waiting'), lte(dueAt, asked.now))
  // The index by time tells that there are none; the index by key gives them in order.
  const [any] = await queries.select({ key }).from(strays).where(due).orderBy(asc(dueAt)).limit(1)
  if (!any) return []
  const found = await queries
    .select({ key, id, attempts, payload })
    .from(strays)
    .where(and(due, gt(key, asked.afterKey)))
    .orderBy(asc(strays.connectionNo), asc(key))
    .limit(asked.limit)
  return found.map((row) => ({ ...row, payload: row.payload ?? missing(row.key) }))
}

/** What waits has its payload: only what was settled has dropped it. */
function missing(key: number): never {
  throw new Error(`touchpoint ${key} waits without a payload`)
}

/** Bodies with places that wait for their first attempt. */
export async function openBodies(
  dialect: Dialect,
  connectionNo: number,
  { afterKey, limit, maxBytes }: Omit<Asked, 'now'>,
): Promise<Pick<WaitingBodies, 'bodies' | 'strays'>> {
  const chosen = enough(await openSegments(dialect, connectionNo, afterKey, limit), limit, maxBytes)
  const last = chosen.at(-1)
  const first = chosen[0]
  if (!first || !last) return { bodies: [], strays: [] }
  const { queries, tables } = dialect
  const { bodies, strays } = tables
  const keys = chosen.map(({ key }) => key)
  const found = await queries.select().from(bodies).where(inArray(bodies.key, keys)).orderBy(asc(bodies.key))
  const within = between(strays.key, first.key, last.key + last.places)
  const apart = await queries.select({ key: strays.key }).from(strays).where(within)
  return { bodies: found, strays: apart.map(({ key }) => key) }
}

type SegmentHead = Pick<Tables['segments']['$inferSelect'], 'key' | 'places' | 'open' | 'payloadBytes'>

/** Those with places after `afterKey`. */
function openSegments(
  { queries, tables }: Dialect,
  connectionNo: number,
  afterKey: number,
  limit: number,
): Promise<SegmentHead[]> {
  const { segments } = tables
  const { key, places, open, payloadBytes } = segments
  return queries
    .select({ key, places, open, payloadBytes })
    .from(segments)
    .where(
      and(
        eq(segments.connectionNo, connectionNo),
        gt(open, 0),
        gt(key, afterKey - PLACES),
        sql`${key} + ${places} > ${afterKey + 1}`,
      ),
    )
    .orderBy(asc(segments.connectionNo), asc(key))
    .limit(limit + 1) // of the first some places may lie before
}

/** The first ones whose rows come to `limit` or whose payloads come to `maxBytes`. */
function enough(found: readonly SegmentHead[], limit: number, maxBytes: number): SegmentHead[] {
  const chosen: SegmentHead[] = []
  let count = 0
  let sum = 0
  for (const segment of found) {
    if (count >= limit + PLACES || sum >= maxBytes + (found[0]?.payloadBytes ?? 0)) break
    chosen.push(segment)
    count += segment.open
    sum += segment.payloadBytes
  }
  return chosen
}

function upToBytes(due: WaitingTouchpoint[], maxBytes: number): WaitingTouchpoint[] {
  if (maxBytes === Number.POSITIVE_INFINITY) return due
  let left = maxBytes
  const end = due.findIndex(({ payload }) => {
    const isOver = left <= 0
    left -= Buffer.byteLength(payload)
    return isOver
  })
  return end === -1 ? due : due.slice(0, end)
}
