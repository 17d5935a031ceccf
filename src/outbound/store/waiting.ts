import { and, asc, between, eq, gt, inArray, lte, sql } from 'drizzle-orm'
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

/**
 * What may be pushed now, in the order of keys. Four short questions instead of one transaction: the caller is the only one who
 * drains, and what is accepted meanwhile only adds rows at the end or takes some away, which settle nothing.
 */
export async function waitingRows(dialect: Dialect, connectionNo: number, asked: Asked): Promise<WaitingTouchpoint[]> {
  // Retries first: a row may become a retry between the two questions, but never the reverse.
  const retries = await dueRetries(dialect, connectionNo, asked)
  const fresh = await freshRows(dialect, connectionNo, asked)
  const due = retries.length === 0 ? fresh : [...retries, ...fresh].sort((a, b) => a.key - b.key).slice(0, asked.limit)
  return upToBytes(due, asked.maxBytes)
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

async function freshRows(
  dialect: Dialect,
  connectionNo: number,
  { afterKey, limit, maxBytes }: Asked,
): Promise<WaitingTouchpoint[]> {
  const chosen = enough(await openSegments(dialect, connectionNo, afterKey, limit), limit, maxBytes)
  const last = chosen.at(-1)
  const first = chosen[0]
  if (!first || !last) return []
  const { queries, tables } = dialect
  const { bodies, strays } = tables
  const found = await queries
    .select()
    .from(bodies)
    .where(
      inArray(
        bodies.key,
        chosen.map(({ key }) => key),
      ),
    )
    .orderBy(asc(bodies.key))
  const apart = await queries
    .select({ key: strays.key })
    .from(strays)
    .where(between(strays.key, first.key, last.key + last.places))
  const leftOut = new Set(apart.map(({ key }) => key))
  const fresh: WaitingTouchpoint[] = []
  for (const { key: firstKey, body } of found) {
    for (const { key, id, payload } of linesOf(firstKey, body)) {
      if (key > afterKey && !leftOut.has(key)) fresh.push({ key, id, payload, attempts: 0 })
    }
  }
  return fresh.length > limit ? fresh.slice(0, limit) : fresh
}

type SegmentHead = Pick<Tables['segments']['$inferSelect'], 'key' | 'places' | 'open' | 'bytes'>

/** Those with places after `afterKey`. */
function openSegments(
  { queries, tables }: Dialect,
  connectionNo: number,
  afterKey: number,
  limit: number,
): Promise<SegmentHead[]> {
  const { segments } = tables
  const { key, places, open, bytes } = segments
  return queries
    .select({ key, places, open, bytes })
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
    if (count >= limit + PLACES || sum >= maxBytes + (found[0]?.bytes ?? 0)) break
    chosen.push(segment)
    count += segment.open
    sum += segment.bytes
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
