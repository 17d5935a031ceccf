import { and, desc, eq, gt, lt } from 'drizzle-orm'
import type { AdWindow, FromAds } from '../../domain/tags/untagged-touchpoints.ts'
import type { Dialect } from './dialect.ts'
import { zeroKey } from './keys.ts'
import { linesOf } from './segments.ts'

/** Reads what was accepted, newest first, until it is older than `since` or so many segments are read. */
export async function fromAds(
  { queries, tables: { bodies, segments } }: Dialect,
  connectionNo: number,
  ads: readonly AdWindow[],
  since: Date,
  beforeKey: number | null,
  limit: number,
): Promise<FromAds> {
  const bounds = and(gt(segments.key, zeroKey(connectionNo)), lt(segments.key, beforeKey ?? zeroKey(connectionNo + 1)))
  const found = await queries
    .select({ key: segments.key, acceptedAt: segments.acceptedAt, body: bodies.body })
    .from(segments)
    .leftJoin(bodies, eq(bodies.key, segments.key))
    .where(bounds)
    .orderBy(desc(segments.key))
    .limit(limit)
  const windows = new Map(ads.map((ad) => [ad.id, ad]))
  const young = found.filter(({ acceptedAt }) => acceptedAt >= since)
  const ids = young.flatMap(({ key, body }) => (body === null ? [] : idsWithin(key, body, windows)))
  const last = found.at(-1)
  return { ids, next: last && young.length === limit ? last.key : null }
}

function idsWithin(key: number, body: Uint8Array, windows: ReadonlyMap<string, AdWindow>): string[] {
  const ids: string[] = []
  for (const { id, payload } of linesOf(key, body)) {
    const { adId, occurredAt } = JSON.parse(payload) as { readonly adId?: string | null; readonly occurredAt: string }
    const window = typeof adId === 'string' ? windows.get(adId) : undefined
    if (window && isWithin(window, new Date(occurredAt))) ids.push(id)
  }
  return ids
}

function isWithin({ from, until }: AdWindow, at: Date): boolean {
  return at >= from && (until === null || at < until)
}
