import { expect, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { silentLog } from '../../src/log.ts'
import { signIn } from '../../src/sandbox/providers/sign-in.ts'
import { ANA, GENERAL, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { answerTo, cardsSaying, check, goRed, reports, soon, statusOf } from '../support/acts.ts'
import { aVisitor } from '../support/visitor.ts'
import { ACME, aWorld, TOUCHPOINT_OBJECT, touchpoints, UAT } from '../support/world.ts'

test('what the old login was refused while the new one came in does not turn the key red again', async () => {
  await using world = await aWorld()
  await world.connect()
  await goRed(world)
  await world.send(...touchpoints(5))
  const release = world.sandbox.salesforce.holdRefreshes()
  world.turn(10 * 60_000)
  const checking = world.run('checks')
  await world.reauthorize()
  release()
  await checking
  expect(await statusOf(world)).toBe('connected')
  await world.beat(6)
  expect(world.written().size).toBe(5)
  const card = cardsSaying(world, /needs authorization/)
  expect(card).toHaveLength(1)
  expect(card[0]?.text).toContain('authorized again')
  // Once red and once green: it never said anything else on the way.
  const kinds = card[0]?.versions.map(({ text }) => text.slice(0, 2)) ?? []
  expect(kinds.lastIndexOf('🔑')).toBeLessThan(kinds.findIndex((kind) => kind !== '🔑'))
})

test('a push that is refused for the old login while the new one comes in is sent again with the new one', async () => {
  await using world = await aWorld()
  await world.connect()
  await world.send(...touchpoints(900))
  const release = world.acme.hold()
  const draining = world.run('drain')
  world.acme.revokeGrant()
  await world.slack.command(ANA, MARKETING_OPS, 'reauthorize salesforce')
  const link = await world.slack.eventually(
    () => /http[^"|>]+\/reauthorize\/[\w.-]+/.exec(JSON.stringify(world.slack.ephemerals(ANA).at(-1)?.blocks))?.[0],
  )
  const login = aVisitor().login(link, ACME)
  release()
  await login
  await draining
  await world.beat(10)
  expect(await statusOf(world)).toBe('connected')
  expect(world.acme.records(TOUCHPOINT_OBJECT).size).toBe(900)
  expect(new Set(world.written().values())).toEqual(new Set([1]))
})

test('the wrong org is named in the thread also when the login came from the command, and a second login tells what is under way', async () => {
  await using world = await aWorld()
  await world.connect()
  const card = await goRed(world)
  await world.send(...touchpoints(4))
  await answerTo(world, ANA, () => world.slack.command(ANA, MARKETING_OPS, 'reauthorize salesforce'))
  const link = /http[^"|>]+\/reauthorize\/[\w.-]+/.exec(JSON.stringify(world.slack.ephemerals(ANA).at(-1)?.blocks))?.[0] ?? ''
  expect((await aVisitor().login(link, UAT)).status).toBe(409)
  await world.beat(2)
  expect(world.threadTexts().at(-1)).toMatch(/Acme UAT.*instead of \*Acme Inc\*/)

  const [first, second] = [aVisitor(), aVisitor()]
  const back = [await signIn(await first.depart(card), ACME), await signIn(await second.depart(link), ACME)]
  world.acme.lockRows({ times: 3, rows: 4 }) // so that pushing takes a while
  expect((await first.arrive(back[0] ?? '')).text).toContain('4 missed touchpoints')
  expect((await second.arrive(back[1] ?? '')).text).toContain('4 missed touchpoints')
  await world.beat(60)
  expect(reports(world)).toHaveLength(1)
  expect(reports(world)[0]).toContain('All 4 missed touchpoints accounted for: 4 pushed')
})

test('a card that waits for its channel appears in the other channel that the operator sets', async () => {
  await using world = await aWorld()
  await world.connect()
  world.slack.faults.archive(MARKETING_OPS)
  world.acme.revokeGrant()
  await check(world)
  await world.beat(5)
  expect(cardsSaying(world, /needs authorization/)).toHaveLength(0)
  const parts = { store: world.store, clock: world.clock, log: silentLog, keys: world.config.keys ?? [] }
  const restarted = createApp({ ...world.config, channelId: GENERAL }, parts)
  world.turn(6 * 60_000)
  await restarted.jobs.find(({ name }) => name === 'messages')?.run()
  await soon('the card', async () => world.slack.messages(GENERAL).some(({ text }) => text.includes('needs authorization')))
})
