import { test } from 'vitest'
import { BEN, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { goRed } from '../support/acts.ts'
import { aWorld } from '../support/world.ts'
test('dbg', async () => {
  await using world = await aWorld()
  await world.connect()
  await goRed(world)
  const card = world.slack.messages(MARKETING_OPS).at(-1)
  console.log(card?.text, card?.ts)
  const seen = await world.slack.click(BEN, { channel: MARKETING_OPS, ts: card!.ts }, 'reauthorize')
  console.log(seen)
  await new Promise((r) => setTimeout(r, 300))
  const o = await world.store.connections.overviews('T0ACME')
  console.log(o[0]?.outage, world.clock.now())
  await world.beat(3)
  world.turn(600_000)
  await world.beat(5)
  console.log(await world.store.connections.overviews('T0ACME').then((x) => x[0]?.outage), world.threadTexts())
})
