import { setImmediate } from 'node:timers/promises'
import type { Deps } from '../deps.ts'
import type { SeenAd } from './ad-scan.ts'

/** While an ad did not carry the wanted parameters; `until` null: it still does not. */
export interface AdWindow {
  readonly id: string
  readonly from: Date
  readonly until: Date | null
}

/** Ids of touchpoints; `next`: where to read on, null: there are no more. */
export interface FromAds {
  readonly ids: readonly string[]
  readonly next: number | null
}

/** Each of up to 200 touchpoints: a step of some 30 ms. */
const SEGMENTS_AT_ONCE = 25

/**
 * How many touchpoints of our own outbox came from ads while those were untagged, by their ad id; each once, however many versions
 * of it were sent. What was pushed long ago and has lost its payload is not among them.
 */
export async function countUntagged(
  { store, stopping }: Pick<Deps, 'store' | 'stopping'>,
  teamId: string,
  ads: readonly SeenAd[],
  since: Date,
): Promise<number> {
  const windows = ads.flatMap(({ id, createdAt, coveredAt }) =>
    coveredAt !== null && coveredAt <= createdAt ? [] : [{ id, from: createdAt, until: coveredAt }],
  )
  if (windows.length === 0) return 0
  let count = 0
  for (const { connection } of await store.connections.overviews(teamId)) {
    if (connection.kind !== 'crm') continue
    const ids = new Set<string>()
    let before: number | null = null
    do {
      stopping.throwIfAborted()
      const page: FromAds = await store.outbox.fromAds(connection.id, windows, since, before, SEGMENTS_AT_ONCE)
      for (const id of page.ids) ids.add(id)
      before = page.next
      await setImmediate()
    } while (before !== null)
    count += ids.size
  }
  return count
}
