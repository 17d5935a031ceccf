import { expect, test } from 'vitest'
import { MINUTE_MS } from '../../src/clock.ts'
import { backlogOf, cardsSaying, check, goRed, reports, shownBy } from '../support/acts.ts'
import { aWorld, touchpoints, type World } from '../support/world.ts'

const shown = (world: World) => shownBy(cardsSaying(world, /needs authorization/)[0])
const holds = async (world: World) => (await world.api('/v1/connections/salesforce')).body['holds']
const sinceOf = async (world: World) => ((await holds(world)) as { since: string }[])[0]?.since
const BUDGET = [{ reason: 'budget', since: expect.any(String), until: expect.any(String) }]

/** An outage with that many touchpoints, just before somebody logs in. */
async function anOutage(world: World, count: number): Promise<void> {
  await world.connect()
  await goRed(world)
  for (let from = 0; from < count; from += 5000) await world.send(...touchpoints(Math.min(5000, count - from), `from${from}`))
}

test('a catch-up stops at the budget, never crosses it, says when it looks again, and goes on by itself when calls are free', async () => {
  await using world = await aWorld({ env: { REDKEY_CHECK_EVERY: '24h' } })
  await anOutage(world, 6000)
  world.acme.apiUsage.limit = 100
  world.acme.apiUsage.used = 60
  world.acme.switches.latencyMs = 15
  await world.reauthorize()
  await world.run('drain')
  world.acme.switches.latencyMs = 0
  expect(world.acme.apiUsage.used).toBe(80)
  expect(await backlogOf(world)).toMatchObject({ pushed: world.written().size, waiting: 6000 - world.written().size })
  expect(await holds(world)).toEqual(BUDGET)
  await world.beat(4)
  expect(shown(world)).toMatch(
    /Pushing waits until <!date[^>]+>\*: 80 % of the 100 API requests that Salesforce allows in 24 hours are used/,
  )
  expect(shown(world)).toContain('goes on by itself')

  const since = await sinceOf(world)

  // Nothing is sent and nothing is asked until then: the check of the login apart, not one call.
  const used = world.acme.apiUsage.used
  const first = shown(world)
  await world.beat(60)
  expect(world.acme.apiUsage.used).toBe(used)

  // It looks, sees that there is still no room, and says anew when it looks again.
  world.turn(30 * MINUTE_MS)
  await world.beat(4)
  expect(world.acme.apiUsage.used).toBe(used + 1)
  expect(shown(world)).not.toBe(first)
  expect(shown(world)).toContain('Pushing waits until')
  expect(await sinceOf(world)).toBe(since)

  // Yesterday's calls have grown old.
  world.acme.apiUsage.used = 10
  world.turn(30 * MINUTE_MS)
  await world.beat(6)
  expect(world.written().size).toBe(6000)
  expect(new Set(world.written().values())).toEqual(new Set([1]))
  expect(await holds(world)).toEqual([])
  expect(reports(world)).toHaveLength(1)
  expect(reports(world)[0]).toContain('All 6,000 missed touchpoints accounted for: 6,000 pushed, 0 superseded, 0 rejected')
})

test('a budget that others have used up before the push is left alone: the login tells', async () => {
  await using world = await aWorld({ env: { REDKEY_CHECK_EVERY: '24h', REDKEY_API_BUDGET: '0.5' } })
  await anOutage(world, 400)
  world.acme.apiUsage.limit = 100
  world.acme.apiUsage.used = 70
  await world.reauthorize()
  await world.beat(5)
  expect(world.written().size).toBe(0)
  expect(await holds(world)).toEqual(BUDGET)
  expect((await world.send(...touchpoints(5, 'live'))).body).toMatchObject({ accepted: 5 })
})

test('when Salesforce itself says that the calls of the day are used up, the same happens without numbers', async () => {
  await using world = await aWorld({ env: { REDKEY_CHECK_EVERY: '24h' } })
  await anOutage(world, 400)
  await world.reauthorize()
  await world.run('drain')
  await world.send(...touchpoints(300, 'live'))
  world.acme.switches.rateLimited = true
  await world.beat(3)
  expect(await holds(world)).toEqual(BUDGET)
  const waiting = await backlogOf(world)
  const calls = world.acme.calls.list().length
  await world.beat(30)
  expect(world.acme.calls.list()).toHaveLength(calls)
  world.turn(30 * MINUTE_MS)
  await world.beat(2)
  expect(await holds(world)).toEqual(BUDGET)
  expect(await backlogOf(world)).toEqual(waiting)
  world.acme.switches.rateLimited = false
  world.turn(30 * MINUTE_MS)
  await world.beat(3)
  expect(await holds(world)).toEqual([])
  expect(await backlogOf(world)).toMatchObject({ waiting: 0, pushed: 700 })
})

test('a check that finds much room ends the pause early, and one that finds hardly any does not', async () => {
  await using world = await aWorld({ env: { REDKEY_CHECK_EVERY: '24h' } })
  await anOutage(world, 400)
  world.acme.apiUsage.limit = 1000
  world.acme.apiUsage.used = 900
  await world.reauthorize()
  await world.beat(2)
  expect(await holds(world)).toEqual(BUDGET)
  world.acme.apiUsage.used = 790
  await check(world)
  expect(await holds(world)).toEqual(BUDGET)
  expect(world.written().size).toBe(0)
  world.acme.apiUsage.used = 300
  await check(world)
  expect(await holds(world)).toEqual([])
  expect(world.written().size).toBe(400)
})
