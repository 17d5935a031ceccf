import { expect, test } from 'vitest'
import { BEN, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { followReauthorizeLink } from '../../src/sandbox/story.ts'
import { backlogOf, cardsSaying, check, goRed, reports, shownBy, statusOf } from '../support/acts.ts'
import { ACME, aTouchpoint, aWorld, touchpoints, type World } from '../support/world.ts'

const MINUTE_MS = 60_000

const lastCard = (world: World) => cardsSaying(world, /needs authorization/).at(-1)

test('an outage in the middle of a catch-up pauses it; after the second login all is counted once and reported once', async () => {
  await using world = await aWorld()
  await world.connect()
  await goRed(world)
  await world.send(...touchpoints(2500))
  await world.send(aTouchpoint({ id: 'tp_7', medium: 'email' }), aTouchpoint({ id: 'tp_8', medium: 'email' }))
  world.acme.lockRows({ rows: 300, times: 1 })
  await world.reauthorize()
  await world.beat()
  const pushedBefore = world.written().size
  expect(pushedBefore).toBe(2200)
  world.acme.revokeGrant()
  await world.beat(12)
  expect(await statusOf(world)).toBe('authorization_required')
  expect(reports(world)).toEqual([])
  expect(shownBy(lastCard(world))).toContain('*300 are waiting*')

  await world.send(...touchpoints(100, 'more'))
  await world.send(aTouchpoint({ id: 'more_1', medium: 'email' }))
  await world.beat(20)
  expect(world.written().size).toBe(pushedBefore)
  await world.reauthorize()
  await world.beat(8)
  expect(reports(world)).toHaveLength(1)
  expect(reports(world)[0]).toContain('All 2,603 missed touchpoints accounted for: 2,600 pushed, 3 superseded, 0 rejected')
  expect(await backlogOf(world)).toEqual({ waiting: 0, pushed: 2600, superseded: 3, rejected: 0 })
  expect(new Set(world.written().values())).toEqual(new Set([1]))
  expect(cardsSaying(world, /needs authorization/)).toHaveLength(1)
})

test('breaking again within 30 minutes reuses the card, later a new one is posted', async () => {
  await using world = await aWorld()
  await world.connect()
  await goRed(world)
  await world.reauthorize()
  await world.beat(4)
  const [first] = cardsSaying(world, /needs authorization/)
  expect(first?.text).toContain('authorized again')

  world.turn(29 * MINUTE_MS)
  const link = await goRed(world)
  expect(cardsSaying(world, /needs authorization/).map(({ ts }) => ts)).toEqual([first?.ts])
  expect(lastCard(world)?.text).toContain('needs authorization')
  expect(link).toContain('/reauthorize/')
  await world.reauthorize()
  await world.beat(4)

  world.turn(31 * MINUTE_MS)
  await goRed(world)
  const cards = cardsSaying(world, /needs authorization/)
  expect(cards).toHaveLength(2)
  expect(cards[0]?.text).toContain('authorized again')
  expect(cards[1]?.text).toContain('needs authorization')
  await world.reauthorize()
  await world.beat(4)
  expect(cardsSaying(world, /needs authorization/).map(({ text }) => text.includes('authorized again'))).toEqual([true, true])
})

test('what breaks again tells the channel with a Reauthorize of its own, which is one click', async () => {
  await using world = await aWorld()
  await world.connect()
  await goRed(world)
  await world.reauthorize()
  await world.beat(4)
  await goRed(world)
  const told = world.slack.timeline(MARKETING_OPS).at(-1)
  expect(told).toMatchObject({ broadcast: true, text: expect.stringMatching(/please press Reauthorize\.$/) })
  const { opened } = await world.slack.click(BEN, { channel: MARKETING_OPS, ts: told?.ts ?? '' }, 'reauthorize')
  await followReauthorizeLink(opened ?? '', ACME)
  await world.beat(4)
  expect(lastCard(world)?.text).toContain('authorized again')
})

test('a red card that turns out wrong is withdrawn visibly, and what waited is pushed and accounted for', async () => {
  await using world = await aWorld()
  await world.connect()
  world.acme.setUserActive(ACME.username, false)
  await check(world)
  await world.send(...touchpoints(3))
  await world.beat(16)
  expect(shownBy(lastCard(world))).toContain('*3 are waiting*')
  world.acme.setUserActive(ACME.username, true)
  await world.beat(305)
  expect(await statusOf(world)).toBe('connected')
  expect(lastCard(world)?.text).toMatch(/Withdrawn.*Nobody needs to log in.*All 3 missed touchpoints accounted for/)
  expect(shownBy(lastCard(world))).not.toContain('"Reauthorize"')
  expect(reports(world)).toHaveLength(1)
  expect(world.written().size).toBe(3)
})

test('a catch-up of nothing says so at once', async () => {
  await using world = await aWorld()
  await world.connect()
  await goRed(world)
  await world.reauthorize()
  await world.beat(3)
  expect(lastCard(world)?.text).toMatch(/Reauthorized by the login redkey@acme\.example.*No touchpoint was missed\./)
  expect(reports(world).join('\n')).not.toMatch(/0 pushed/)
})

test('the red card and the progress keep up with the numbers, with separators, and not more often than they may', async () => {
  await using world = await aWorld()
  await world.connect()
  await goRed(world)
  expect(shownBy(lastCard(world))).toContain('None is waiting yet')
  for (let minute = 0; minute < 3; minute++) {
    for (let second = 0; second < 60; second++) {
      await world.send(...touchpoints(7, `${minute}_${second}`))
      await world.beat()
    }
  }
  await world.beat(16)
  expect(shownBy(lastCard(world))).toContain('*1,260 are waiting*')
  const editsWhileRed = lastCard(world)?.versions.length ?? 0
  expect(editsWhileRed).toBeLessThanOrEqual(1 + 196 / 15)

  world.acme.lockRows({ times: 1, rows: 200 })
  await world.reauthorize()
  await world.beat(1)
  await world.beat(1)
  expect(shownBy(lastCard(world))).toMatch(/\*1,060 \/ 1,260\*/)
  await world.beat(12)
  expect(reports(world)).toHaveLength(1)
  expect(lastCard(world)?.text).toContain('All 1,260 missed touchpoints accounted for: 1,260 pushed')
  expect(world.slack.messages(MARKETING_OPS).filter(({ byBot }) => byBot)).toHaveLength(2)
})
