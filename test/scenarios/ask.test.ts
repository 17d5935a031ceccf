import { expect, test } from 'vitest'
import { ANA, BEN, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { answerTo, backlogOf, cardsSaying, check, goRed, reports, shownBy } from '../support/acts.ts'
import { aLiveRedkey } from '../support/live.ts'
import { aWorld, TOUCHPOINT_OBJECT, touchpoints, type World } from '../support/world.ts'

const ASK = { REDKEY_CATCHUP: 'ask' }
const card = (world: World) => cardsSaying(world, /needs authorization/)[0]
const click = (world: World, userId: string, action: string) =>
  answerTo(world, userId, () => world.slack.click(userId, { channel: MARKETING_OPS, ts: card(world)?.ts ?? '' }, action))

test('with REDKEY_CATCHUP=ask the card shows what would be pushed, and nothing is until Push now', async () => {
  await using world = await aWorld({ env: ASK })
  await world.connect()
  await world.send(...touchpoints(2, 'before'))
  await world.beat(2)
  expect(world.written().size).toBe(2)
  world.acme.apiUsage.limit = 1000
  await goRed(world)
  await world.send(...touchpoints(450))
  await world.reauthorize()
  await world.beat(5)
  expect(shownBy(card(world))).toContain('450 touchpoints')
  await world.send(...touchpoints(3, 'live'))
  await world.beat(20)
  expect(world.written().size).toBe(2)
  expect(await backlogOf(world)).toMatchObject({ waiting: 453 })
  const shown = shownBy(card(world))
  expect(shown).toContain('Nothing is pushed until somebody presses Push now')
  expect(shown).toContain('453 touchpoints')
  expect(shown).toContain(TOUCHPOINT_OBJECT)
  expect(shown).toContain('`tp_0`, `tp_1`, `tp_2`')
  expect(shown).toMatch(/about 3; the budget has room for 7\d\d now/)
  expect([...shown.matchAll(/"action_id":"(\w+)"/g)].map(([, id]) => id)).toEqual(['push_now', 'details'])

  expect(await click(world, BEN, 'push_now')).toContain('the owner of the connection or a workspace admin')
  expect(await click(world, ANA, 'push_now')).toContain('goes on now')
  expect(await click(world, ANA, 'push_now')).toMatch(new RegExp(`already released by <@${ANA}> <!date`))
  await world.beat(6)
  expect(world.written().size).toBe(455)
  expect(new Set(world.written().values())).toEqual(new Set([1]))
  expect(reports(world)).toHaveLength(1)
  expect(reports(world)[0]).toContain('All 450 missed touchpoints accounted for: 450 pushed, 0 superseded, 0 rejected')
  expect((await world.api('/v1/connections/salesforce')).body['holds']).toEqual([])
})

test('an outage in which nothing came in asks nobody, and what comes in later is pushed', async () => {
  await using world = await aWorld({ env: ASK })
  await world.connect()
  await goRed(world)
  await world.reauthorize()
  await world.send(...touchpoints(2))
  await world.beat(4)
  expect(world.written().size).toBe(2)
  expect(reports(world)).toHaveLength(1)
})

test('an outage that ends by itself asks as well', async () => {
  await using world = await aWorld({ env: ASK })
  await world.connect()
  world.acme.switches.apiDisabled = true
  await check(world)
  await world.send(...touchpoints(20))
  world.acme.switches.apiDisabled = false
  await check(world)
  await world.beat(4)
  expect(world.written().size).toBe(0)
  const recovered = world.slack.messages(MARKETING_OPS).at(-1)
  expect(shownBy(recovered)).toContain('"action_id":"push_now"')
  await answerTo(world, ANA, () => world.slack.click(ANA, { channel: MARKETING_OPS, ts: recovered?.ts ?? '' }, 'push_now'))
  await world.beat(4)
  expect(world.written().size).toBe(20)
  expect(reports(world)[0]).toContain('All 20 missed touchpoints accounted for: 20 pushed')
})

test('a crash right after the login pushes nothing; Push now afterwards pushes all of it, and the report is exact', {
  timeout: 90_000,
}, async () => {
  await using live = await aLiveRedkey(ASK)
  await live.start()
  await live.connect()
  live.acme.revokeGrant()
  await live.deliver(touchpoints(600, 'missed'))
  await live.reauthorize()
  await live.crash()
  await live.deliver(touchpoints(50, 'live'))
  const asking = await live.slack.eventually(
    () => live.slack.messages(MARKETING_OPS).find(({ blocks }) => JSON.stringify(blocks).includes('push_now')),
    20_000,
  )
  expect(live.written().size).toBe(0)
  expect((await live.api('/v1/connections/salesforce'))['holds']).toMatchObject([{ reason: 'ask', until: null }])
  await live.slack.click(ANA, { channel: MARKETING_OPS, ts: asking.ts }, 'push_now')
  const report = await live.slack.eventually(
    () => live.slack.timeline(MARKETING_OPS).find(({ text }) => text.includes('catch-up report')),
    30_000,
  )
  expect(report.text).toContain('All 600 missed touchpoints accounted for: 600 pushed, 0 superseded, 0 rejected')
  await live.slack.eventually(() => live.written().size === 650, 20_000)
})
