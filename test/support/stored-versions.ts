import type { Dialect } from '../../src/outbound/store/dialect.ts'

export interface StoredVersion {
  readonly connectionNo: number
  readonly id: string
  readonly key: number
  readonly state: 'waiting' | 'pushed' | 'rejected' | 'dismissed' | 'superseded'
  /** Versions of the id that it superseded. */
  readonly superseded: number
  readonly payload: string | null
}

/** The newest version of each id as the tables have it, put together without the store's own queries; in the order of keys. */
export async function storedVersions({ queries, tables }: Dialect): Promise<StoredVersion[]> {
  const strays = new Map((await queries.select().from(tables.strays)).map((stray) => [stray.key, stray]))
  const bodies = new Map((await queries.select().from(tables.bodies)).map(({ key, body }) => [key, body.split('\n')]))
  const segments = new Map((await queries.select().from(tables.segments)).map((segment) => [segment.key, segment]))
  const newest = await queries.select().from(tables.touchpointIds)
  const versions = newest.map(({ connectionNo, id, key, segment, superseded }): StoredVersion => {
    const stray = strays.get(key)
    if (stray) return { connectionNo, id, key, superseded, state: stray.state, payload: stray.payload }
    const line = bodies.get(segment)?.[key - segment] ?? null
    const state = segments.get(segment)?.open === 0 ? 'pushed' : 'waiting'
    return { connectionNo, id, key, superseded, state, payload: line === null ? null : line.slice(line.indexOf('\t') + 1) }
  })
  for (const { key, places, open } of segments.values()) {
    const lines = bodies.get(key)
    if (!lines) continue
    const left = lines.filter((line, place) => line !== '' && !strays.has(key + place)).length
    if (lines.length !== places || (open > 0 && left !== open))
      throw new Error(`segment ${key} says ${open} open, and ${left} are`)
  }
  return versions.sort((a, b) => a.key - b.key)
}
