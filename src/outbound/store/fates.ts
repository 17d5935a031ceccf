import { and, between, eq, gt, inArray, lte, or, type SQL } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import { type Queries, rows, type Steps } from './dialect.ts'
import { linesOf, type NewVersion, PLACES } from './segments.ts'

export type SegmentRow = Tables['segments']['$inferSelect']
export type StrayRow = Tables['strays']['$inferSelect']

/** What became of a version so far. */
export type Fate =
  | { readonly kind: 'stray'; readonly state: StrayRow['state'] }
  /** It waits for its first attempt. */
  | { readonly kind: 'open'; readonly segment: SegmentRow }
  | { readonly kind: 'pushed' }

/** Tells the fate of each of these keys; the caller holds the backlog. */
export function* fatesOf(
  q: Queries,
  tables: Tables,
  keys: readonly number[],
  where: { readonly strays: SQL | undefined; readonly segments: SQL | undefined },
): Steps<(key: number) => Fate> {
  const { segments, strays } = tables
  if (keys.length === 0) return () => ({ kind: 'pushed' })
  const apart = yield* rows(q.select({ key: strays.key, state: strays.state }).from(strays).where(where.strays))
  const open = yield* rows(
    q
      .select()
      .from(segments)
      .where(and(where.segments, gt(segments.open, 0)))
      .orderBy(segments.key),
  )
  const states = new Map(apart.map(({ key, state }) => [key, state]))
  return (key) => {
    const state = states.get(key)
    if (state !== undefined) return { kind: 'stray', state }
    const segment = segmentAt(open, key)
    return segment ? { kind: 'open', segment } : { kind: 'pushed' }
  }
}

/** Segments don't overlap: only the last that begins at or before the key can hold it. */
function segmentAt(inOrder: readonly SegmentRow[], key: number): SegmentRow | undefined {
  let [low, high] = [0, inOrder.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((inOrder[middle] as SegmentRow).key <= key) low = middle + 1
    else high = middle
  }
  const last = inOrder[low - 1]
  return last && key < last.key + last.places ? last : undefined
}

/** Keys this near to each other are asked for in one range. */
const NEAR = 2 * PLACES
/** More ranges than this are one. */
const MOST_RANGES = 40

/** For keys that mostly lie next to each other. */
export function near({ segments, strays }: Tables, keys: readonly number[]) {
  const ranges = rangesOf(keys)
  return {
    strays: or(...ranges.map(([low, high]) => between(strays.key, low, high))),
    segments: or(...ranges.map(([low, high]) => and(gt(segments.key, low - PLACES), lte(segments.key, high)))),
  }
}

function rangesOf(keys: readonly number[]): [number, number][] {
  const ranges: [number, number][] = []
  for (const key of keys.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last && (key - last[1] <= NEAR || ranges.length === MOST_RANGES)) last[1] = key
    else ranges.push([key, key])
  }
  return ranges
}

/** For keys from anywhere whose segments are known. */
export function anywhere({ segments, strays }: Tables, versions: readonly { readonly key: number; readonly segment: number }[]) {
  return {
    strays: inArray(
      strays.key,
      versions.map(({ key }) => key),
    ),
    segments: inArray(segments.key, [...new Set(versions.map(({ segment }) => segment))]),
  }
}

/**
 * These places wait no more; a segment is settled when none of its places does. When all of it are strays, which have their
 * payloads themselves, its body goes.
 */
export function* closePlaces(
  q: Queries,
  { bodies, segments }: Tables,
  { key, ...segment }: SegmentRow,
  closed: { readonly count: number; readonly areStrays: boolean; readonly at: Date },
): Steps<void> {
  const open = segment.open - closed.count
  const isDone = open === 0
  const isEmpty = isDone && closed.areStrays
  yield* rows(
    q
      .update(segments)
      .set({ open, ...(isDone && { settledAt: closed.at }), ...(isEmpty && { payloadBytes: 0 }) })
      .where(eq(segments.key, key))
      .returning({ key: segments.key }),
  )
  if (isEmpty) yield* rows(q.delete(bodies).where(eq(bodies.key, key)).returning({ key: bodies.key }))
}

/** The lines of a segment, by key. */
export function* readLines(q: Queries, { bodies }: Tables, segmentKey: number): Steps<Map<number, NewVersion>> {
  const [found] = yield* rows(q.select().from(bodies).where(eq(bodies.key, segmentKey)))
  const lines = new Map<number, NewVersion>()
  for (const line of found ? linesOf(segmentKey, found.body) : []) lines.set(line.key, line)
  return lines
}
