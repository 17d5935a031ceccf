import { expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/clock.ts'
import { ANA, BEN, CHLOE, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { cardsSaying, shownBy } from '../support/acts.ts'
import { addConnection, aGrant, aReauthorization } from '../support/builders.ts'
import { aWorld, UAT, type World } from '../support/world.ts'

/** So many days pass, with a look each hour or so. */
async function days(world: World, count: number): Promise<void> {
  for (let hours = 0; hours < count * 24; hours += 6) {
    world.turn(6 * HOUR_MS)
    await look(world)
  }
}

async function look(world: World): Promise<void> {
  world.turn(MINUTE_MS)
  await world.run('leavers')
  await world.run('messages')
}

const cards = (world: World) => cardsSaying(world, /deactivated in Slack/)

/** Ben has connected production; Ana a sandbox, which Ben owns. */
async function twoOfBen(): Promise<World> {
  const world = await aWorld()
  const { teamId } = world.slack.identity
  await addConnection(world.store, { teamId, name: 'salesforce', accountName: 'Acme Inc', ownerId: BEN }, { authorizedBy: BEN })
  await addConnection(
    world.store,
    { teamId, name: 'hubspot', provider: 'hubspot', accountName: 'Acme Web', ownerId: BEN, deputyId: CHLOE },
    { provider: 'hubspot', authorizedBy: ANA },
  )
  await look(world)
  return world
}

test('somebody who leaves is told once, with what depends on them and what to do, and never mentioned', async () => {
  await using world = await twoOfBen()
  expect(cards(world)).toEqual([])
  world.slack.faults.deactivate(BEN)
  await days(world, 2)
  const [card, ...others] = cards(world)
  expect(others).toEqual([])
  expect(card?.text).toMatch(/^🟡 2 connections depend on Ben Okafor, who is deactivated in Slack: hubspot and salesforce\./)
  const shown = shownBy(card)
  expect(shown).toContain('• HubSpot: *Acme Web* (hubspot): they own it')
  expect(shown).toContain('• Salesforce: *Acme Inc* (salesforce): they own it and it uses their login')
  expect(shown).toContain('When they lose their user at Salesforce as well, the login dies and the connection stops.')
  expect(shown).toContain('`/connections reauthorize salesforce`')
  expect(shown).not.toContain(BEN)
  await days(world, 5)
  expect(cards(world)).toHaveLength(1)
  expect(world.slack.timeline(MARKETING_OPS).filter(({ text }) => text.includes('Ben Okafor'))).toHaveLength(1)
})

test('its button gives a personal link to log in as somebody else', async () => {
  await using world = await twoOfBen()
  world.slack.faults.deactivate(BEN)
  await days(world, 2)
  const [card] = cards(world)
  await world.slack.click(ANA, { channel: MARKETING_OPS, ts: card?.ts ?? '' }, 'reauthorize')
  const answer = await world.slack.eventually(() => world.slack.ephemerals(ANA)[0])
  expect(JSON.stringify(answer.blocks)).toMatch(/\/reauthorize\/[\w.-]+/)
})

test('the card follows what is mended, and ends when nothing depends on them any more', async () => {
  await using world = await twoOfBen()
  const { teamId } = world.slack.identity
  world.slack.faults.deactivate(BEN)
  await days(world, 2)
  const take = async (name: string) => {
    const seen = await world.store.connections.byName(teamId, name)
    const grant = aGrant({ teamId, provider: seen!.provider, authorizedBy: CHLOE })
    await world.store.connections.reauthorize(aReauthorization(seen!, { grant, byUser: CHLOE, at: world.clock.now() }))
    await look(world)
  }
  await take('salesforce')
  expect(cards(world)[0]?.text).toMatch(/1 connection depends on Ben Okafor\b.*: hubspot\. Cards that ask them reach nobody\./)
  expect(shownBy(cards(world)[0])).not.toContain('"reauthorize"')
  await take('hubspot')
  expect(cards(world)[0]?.text).toBe(
    '✅ Nothing depends on somebody who left any more: Others own what depended on Ben Okafor, and have logged in.',
  )
  await days(world, 3)
  expect(cards(world)).toHaveLength(1)
})

test('somebody who comes back ends their card, and is told anew when they leave again', async () => {
  await using world = await twoOfBen()
  world.slack.faults.deactivate(BEN)
  await days(world, 2)
  world.slack.faults.deactivate(BEN, false)
  await days(world, 2)
  expect(cards(world)[0]?.text).toBe(
    '✅ Somebody who had left is back: Ben Okafor is active in Slack again. Nothing has to be done.',
  )
  world.slack.faults.deactivate(BEN)
  await days(world, 2)
  expect(cards(world)).toHaveLength(2)
})

test('whom Slack can’t tell of has not left, and is asked for again before a day is over', async () => {
  await using world = await twoOfBen()
  world.slack.faults.deactivate(BEN)
  world.slack.faults.refuse('internal_error', { method: 'users.info', times: 8 })
  world.turn(DAY_MS)
  await look(world)
  await look(world)
  expect(cards(world)).toEqual([])
  world.turn(61 * MINUTE_MS)
  world.slack.faults.clear()
  await look(world)
  expect(cards(world)).toHaveLength(1)
})

test('whoever is unknown to Slack has not left', async () => {
  await using world = await aWorld()
  const { teamId } = world.slack.identity
  await addConnection(world.store, { teamId, name: 'salesforce', ownerId: 'U0NOBODY' }, { authorizedBy: null })
  await days(world, 3)
  expect(cards(world)).toEqual([])
})

test('two processes tell of somebody once', async () => {
  await using world = await aWorld()
  await world.connect()
  await world.connect(UAT)
  world.slack.faults.deactivate(ANA)
  world.turn(DAY_MS)
  await Promise.all([world.run('leavers'), world.run('leavers')])
  await look(world)
  expect(cards(world)).toHaveLength(1)
})
