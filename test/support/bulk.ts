import { expect } from 'vitest'
import { backlogOf, goRed, reports } from './acts.ts'
import { aWorld, touchpoints, type World, type WorldOptions } from './world.ts'

const COLLECTIONS = '/composite/sobjects/'

/** Acme is connected, its login is revoked, and so many touchpoints wait. From 100 on they go in bulk. */
export async function aBacklog(count: number, { env, ...options }: WorldOptions = {}): Promise<World> {
  const world = await aWorld({ ...options, env: { REDKEY_BULK_FROM: '100', ...env } })
  await world.connect()
  await goRed(world)
  if (count > 0) await world.send(...touchpoints(count))
  return world
}

/** How often each kind of bulk call came to Acme. */
export function bulkCalls(world: World): Record<string, number> {
  return Object.fromEntries(world.acme.bulk.calls)
}

/** Ordinary pushes to Acme. */
export function pushes(world: World): number {
  return world.acme.calls.list().filter(({ method, path }) => method === 'PATCH' && path.includes(COLLECTIONS)).length
}

/** Where the jobs at Acme are, oldest first. */
export function jobStates(world: World): string[] {
  return world.acme.bulk.jobs.map(({ state }) => state)
}

/** Turns the clock, a beat a second, until the backlog is empty. */
export async function untilDrained(world: World, mostSeconds = 120): Promise<void> {
  for (let seconds = 0; seconds < mostSeconds; seconds++) {
    await world.beat()
    const [connection] = (await world.store.outbox.drainable(new Date(8.64e15))).slice(0, 1)
    if (!connection) return world.beat(3)
  }
  throw new Error(`still not drained: ${JSON.stringify(await backlogOf(world))}`)
}

/** Every one arrived once, and the books and the report say so. */
export async function expectAllOnce(world: World, count: number): Promise<void> {
  expect(world.written().size).toBe(count)
  expect(new Set(world.written().values())).toEqual(new Set([1]))
  expect(await backlogOf(world)).toEqual({ waiting: 0, pushed: count, superseded: 0, rejected: 0 })
  expect(reports(world).at(-1)).toContain(`All ${count} missed touchpoints accounted for: ${count} pushed`)
}
