import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { ANA, BEN, CHLOE, GUEST, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { answerTo, backlogOf, cardsSaying, goRed, reports, shownBy, soon } from '../support/acts.ts'
import { aWorld, touchpoints, type World } from '../support/world.ts'

const card = (world: World) => cardsSaying(world, /needs authorization/)[0]
const shown = (world: World) => shownBy(card(world))
const buttonsOf = (world: World) => [...shown(world).matchAll(/"action_id":"(\w+)"/g)].map(([, id]) => id)
const click = (world: World, userId: string, action: string) =>
  answerTo(world, userId, () => world.slack.click(userId, { channel: MARKETING_OPS, ts: card(world)?.ts ?? '' }, action))

/** Reauthorizes after an outage with that many touchpoints, and stops Salesforce in the middle of the push. */
async function midCatchUp(world: World, count: number): Promise<() => void> {
  await world.connect()
  await goRed(world)
  await world.send(...touchpoints(count))
  world.acme.switches.latencyMs = 100
  await world.reauthorize()
  await soon('the first records', async () => world.written().size > 0)
  const release = world.acme.hold()
  world.acme.switches.latencyMs = 0
  world.turn(4000)
  await world.run('messages')
  return release
}

/** A beat that begins while Salesforce still holds its answers back. */
async function beatDuring(world: World, release: () => void): Promise<void> {
  const drained = world.run('drain')
  for (let turn = 0; turn < 50; turn++) await setImmediate()
  release()
  await drained
}

test('a catch-up that is held stops soon, says who holds it, takes everything in, and ends exactly after Push on', async () => {
  await using world = await aWorld()
  const release = await midCatchUp(world, 4000)
  expect(buttonsOf(world)).toEqual(['pause_pushing', 'details'])
  expect(await click(world, ANA, 'pause_pushing')).toContain('is on hold: what is under way ends')
  await beatDuring(world, release)
  const written = world.written().size
  expect(written).toBeGreaterThan(0)
  expect(written).toBeLessThan(4000)
  // What was under way is settled: nothing is in flight, nothing is forgotten.
  expect(await backlogOf(world)).toMatchObject({ pushed: written, waiting: 4000 - written })

  await world.beat(5)
  expect(world.written().size).toBe(written)
  expect(shown(world)).toMatch(new RegExp(`\\*On hold\\* by <@${ANA}> <!date`))
  expect(buttonsOf(world)).toEqual(['resume_pushing', 'details'])
  expect((await world.api('/v1/connections/salesforce')).body['holds']).toEqual([
    { reason: 'paused', since: expect.any(String), until: null },
  ])
  const list = await answerTo(world, BEN, () => world.slack.command(BEN, MARKETING_OPS, ''))
  expect(list).toBeDefined()
  expect(JSON.stringify(world.slack.ephemerals(BEN).at(-1)?.blocks)).toContain(`pushing on hold by <@${ANA}>`)
  expect((await world.send(...touchpoints(3, 'live'))).body).toMatchObject({ accepted: 3 })
  await world.beat(2)
  expect(world.written().size).toBe(written)

  expect(await click(world, ANA, 'resume_pushing')).toContain('goes on now')
  await world.beat(12)
  expect(new Set(world.written().values())).toEqual(new Set([1]))
  expect(world.written().size).toBe(4003)
  expect(reports(world)).toHaveLength(1)
  expect(reports(world)[0]).toContain('All 4,000 missed touchpoints accounted for: 4,000 pushed, 0 superseded, 0 rejected')
  expect(buttonsOf(world)).toEqual(['details'])
  const connection = await world.store.connections.byName(world.slack.identity.teamId, 'salesforce')
  const history = await world.store.history.of(connection?.id ?? '', 2)
  expect(history).toMatchObject([
    { action: 'pushing_resumed', actor: ANA },
    { action: 'pushing_paused', actor: ANA },
  ])
})

test('whoever is second hears who was first; whoever may not is told whom to ask', async () => {
  await using world = await aWorld({ env: { REDKEY_ADMINS: `${ANA},${CHLOE}` } })
  const release = await midCatchUp(world, 2000)
  expect(await click(world, BEN, 'pause_pushing')).toContain('REDKEY_ADMINS')
  expect(await click(world, GUEST, 'pause_pushing')).toContain('Guests can’t use Redkey')
  expect((await world.api('/v1/connections/salesforce')).body['holds']).toEqual([])
  expect(await click(world, CHLOE, 'pause_pushing')).toContain('is on hold')
  expect(await click(world, ANA, 'pause_pushing')).toMatch(new RegExp(`already put on hold by <@${CHLOE}> <!date`))
  await beatDuring(world, release)
  await world.beat(4)
  expect(await click(world, BEN, 'resume_pushing')).toContain('REDKEY_ADMINS')
  expect(await click(world, GUEST, 'resume_pushing')).toContain('Guests can’t use Redkey')
  expect(await click(world, ANA, 'resume_pushing')).toContain('goes on now')
  expect(await click(world, CHLOE, 'resume_pushing')).toMatch(new RegExp(`already released by <@${ANA}> <!date`))
  await world.beat(8)
  expect(reports(world)[0]).toContain('All 2,000 missed touchpoints accounted for: 2,000 pushed')
})

test('without REDKEY_ADMINS the owner and workspace admins hold; an old card has nothing left to hold', async () => {
  await using world = await aWorld()
  const release = await midCatchUp(world, 1000)
  expect(await click(world, BEN, 'pause_pushing')).toContain('the owner of the connection or a workspace admin')
  await beatDuring(world, release)
  expect(await backlogOf(world)).toMatchObject({ waiting: 0, pushed: 1000 })
  expect(await click(world, ANA, 'pause_pushing')).toContain('There is nothing to hold')
  await world.beat(4)
  expect((await world.api('/v1/connections/salesforce')).body['holds']).toEqual([])
})

test('an outage while pushing is on hold goes red as ever; after the login it still is, and one report covers all of it', async () => {
  await using world = await aWorld()
  const release = await midCatchUp(world, 2000)
  await click(world, ANA, 'pause_pushing')
  await beatDuring(world, release)
  await world.beat(4)
  const before = world.written().size
  await goRed(world)
  expect(shown(world)).toContain('Authorization Required')
  await world.send(...touchpoints(100, 'more'))
  await world.reauthorize()
  await world.beat(5)
  expect(world.written().size).toBe(before)
  expect(shown(world)).toContain(`*On hold* by <@${ANA}>`)
  await click(world, ANA, 'resume_pushing')
  await world.beat(8)
  expect(world.written().size).toBe(2100)
  expect(reports(world)).toHaveLength(1)
  expect(reports(world)[0]).toContain('All 2,100 missed touchpoints accounted for: 2,100 pushed')
})

test('newer versions of all that a catch-up on hold has end it, and they stay held: the card still has Push on', async () => {
  await using world = await aWorld()
  const release = await midCatchUp(world, 3000)
  await click(world, ANA, 'pause_pushing')
  await beatDuring(world, release)
  const written = new Set(world.written().keys())
  const changed = touchpoints(3000)
    .filter(({ id }) => !written.has(String(id)))
    .map((touchpoint) => ({ ...touchpoint, medium: 'email' }))
  expect(changed.length).toBeGreaterThan(0)
  await world.send(...changed)
  await world.beat(4)
  expect(reports(world)).toHaveLength(1)
  expect(buttonsOf(world)).toEqual(['resume_pushing', 'details'])
  await click(world, ANA, 'resume_pushing')
  await world.beat(6)
  expect(world.written().size).toBe(3000)
  expect(buttonsOf(world)).toEqual(['details'])
})
