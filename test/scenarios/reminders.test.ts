import { expect, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { type ConnectionSettings, settingsOf } from '../../src/domain/connections/settings-store.ts'
import { silentLog } from '../../src/log.ts'
import { ANA, BEN, CHLOE } from '../../src/sandbox/slack/people.ts'
import { goRed, lastCard, pass, press, repliesTo } from '../support/acts.ts'
import { aWorld, touchpoints, type World } from '../support/world.ts'

const [MINUTE_MS, HOUR_MS, DAY_MS] = [60_000, 3_600_000, 86_400_000]
const GROUP = 'S0ONCALL'

/** Red since a moment ago; Ana owns it, Ben is her deputy, a group is on call. */
async function aRedWorld(over: Partial<ConnectionSettings> = {}): Promise<World> {
  const world = await aWorld({ env: { REDKEY_ONCALL: GROUP } })
  await world.connect()
  const connection = await world.store.connections.byName('T0ACME', 'salesforce')
  if (!connection) throw new Error('there is no connection')
  await world.store.settings.change(connection, { ...settingsOf(connection), ...over, deputyId: BEN }, world.clock.now(), [])
  await goRed(world)
  return world
}

const reminders = (world: World) => repliesTo(world).filter(({ text }) => text.includes('still needs authorization'))
const mentioned = (text = '') => text.match(/<@\w+>|<!subteam\^\w+>/g) ?? []

test('reminders come below the card after 1, 4 and 24 hours and then daily, to more and more people, and once to the whole channel', async () => {
  await using world = await aRedWorld()
  await world.send(...touchpoints(3))
  await pass(world, HOUR_MS - MINUTE_MS)
  expect(reminders(world)).toEqual([])
  const at: [number, string[], boolean][] = [
    [2 * MINUTE_MS, [`<@${ANA}>`], false],
    [3 * HOUR_MS, [`<@${ANA}>`, `<@${BEN}>`], false],
    [20 * HOUR_MS, [`<@${ANA}>`, `<@${BEN}>`, `<!subteam^${GROUP}>`], true],
    [DAY_MS, [`<@${ANA}>`, `<@${BEN}>`, `<!subteam^${GROUP}>`], false],
    [DAY_MS, [`<@${ANA}>`, `<@${BEN}>`, `<!subteam^${GROUP}>`], false],
  ]
  for (const [index, [ms, people, isLoud]] of at.entries()) {
    await pass(world, ms)
    expect(reminders(world)).toHaveLength(index + 1)
    const reminder = reminders(world).at(-1)
    expect(mentioned(reminder?.text)).toEqual(people)
    expect(reminder?.broadcast).toBe(isLoud)
    expect(reminder?.text).toMatch(/Acme Inc.*3 touchpoints are waiting/)
    await pass(world, MINUTE_MS)
    expect(reminders(world)).toHaveLength(index + 1)
  }
  await world.reauthorize()
  await pass(world, 2 * DAY_MS)
  expect(reminders(world)).toHaveLength(at.length)
})

test('a deactivated owner is not asked, on the card and by reminders; the deputy is', async () => {
  await using world = await aRedWorld()
  expect(mentioned(lastCard(world).text)).toEqual([`<@${ANA}>`])
  await world.reauthorize()
  await pass(world, 40 * MINUTE_MS)
  world.slack.faults.deactivate(ANA)
  await pass(world, 6 * MINUTE_MS)
  await goRed(world)
  expect(mentioned(lastCard(world).text)).toEqual([`<@${BEN}>`])
  await pass(world, HOUR_MS)
  expect(mentioned(reminders(world).at(-1)?.text)).toEqual([`<@${BEN}>`])
  world.slack.faults.deactivate(BEN)
  await pass(world, 3 * HOUR_MS)
  expect(mentioned(reminders(world).at(-1)?.text)).toEqual([`<!subteam^${GROUP}>`])
})

test('whom Slack can’t tell of is asked', async () => {
  await using world = await aRedWorld()
  await pass(world, 10 * MINUTE_MS)
  world.slack.faults.refuse('fatal_error', { method: 'users.info', times: 99 })
  await pass(world, HOUR_MS)
  expect(mentioned(reminders(world).at(-1)?.text)).toEqual([`<@${ANA}>`])
})

test('reminders go to whoever is on it, and say that a claim has run out', async () => {
  await using world = await aRedWorld()
  await press(world, CHLOE, "I'm on it")
  await pass(world, HOUR_MS)
  expect(mentioned(reminders(world)[0]?.text)).toEqual([`<@${CHLOE}>`])
  expect(reminders(world)[0]?.text).toContain('you are on it since')
  await pass(world, 3 * HOUR_MS)
  expect(reminders(world)[1]?.text).toMatch(
    new RegExp(`<@${CHLOE}>'s claim ran out <!date.*nobody is on it now.*<@${ANA}> <@${BEN}>, please press Reauthorize`, 's'),
  )
  await pass(world, 20 * HOUR_MS)
  expect(reminders(world)[2]?.text).not.toContain('ran out')
})

test('a snooze holds the reminders, and one comes when it ends, however many were held', async () => {
  await using world = await aRedWorld()
  await pass(world, 50 * MINUTE_MS)
  await press(world, CHLOE, '4 hours')
  await pass(world, 3 * HOUR_MS + 30 * MINUTE_MS)
  expect(reminders(world)).toEqual([])
  await pass(world, 31 * MINUTE_MS)
  expect(reminders(world)).toHaveLength(1)
  expect(reminders(world)[0]?.text).toContain(`The snooze by <@${CHLOE}> is over.`)
  expect(mentioned(reminders(world)[0]?.text)).toEqual([`<@${CHLOE}>`, `<@${ANA}>`, `<@${BEN}>`])

  // Ended by a word, the next one comes when it would have.
  await world.beat()
  await press(world, CHLOE, 'Until tomorrow, 9:00')
  await world.beat()
  await press(world, CHLOE, 'End the snooze')
  await pass(world, MINUTE_MS)
  expect(reminders(world)).toHaveLength(1)
  await pass(world, 20 * HOUR_MS)
  expect(reminders(world)).toHaveLength(2)
  expect(reminders(world)[1]?.broadcast).toBe(true)
})

test('after a long stop only the newest reminder comes, and the channel hears of it once', async () => {
  await using world = await aRedWorld()
  await pass(world, 50 * HOUR_MS)
  expect(reminders(world)).toHaveLength(1)
  expect(reminders(world)[0]?.broadcast).toBe(true)
  await pass(world, DAY_MS)
  expect(reminders(world).map(({ broadcast }) => broadcast)).toEqual([true, false])
})

test('while Slack is down no reminders pile up: the newest one comes when it is back, and none of an outage that is over', async () => {
  await using world = await aRedWorld()
  await world.beat(2)
  const { faults } = world.slack
  faults.httpError({ method: 'chat.postMessage', status: 503, times: 999 })
  for (const ms of [HOUR_MS, 3 * HOUR_MS, 20 * HOUR_MS, DAY_MS]) await pass(world, ms)
  faults.clear()
  await world.beat(65)
  expect(reminders(world)).toHaveLength(1)
  expect(reminders(world)[0]?.broadcast).toBe(true)

  faults.httpError({ method: 'chat.postMessage', status: 503, times: 999 })
  await pass(world, DAY_MS)
  await world.reauthorize()
  await world.beat(2)
  faults.clear()
  await world.beat(65)
  expect(reminders(world)).toHaveLength(1)
  expect(await world.store.messages.failed()).toEqual([])
})

test('two processes remind once', async () => {
  await using world = await aRedWorld()
  const parts = { store: world.store, clock: world.clock, log: silentLog, keys: world.config.keys ?? [] }
  const second = createApp(world.config, parts)
  const job = (name: string) => second.jobs.find((one) => one.name === name)?.run()
  for (const ms of [HOUR_MS, 3 * HOUR_MS]) {
    world.turn(ms)
    await Promise.all([world.run('reminders'), job('reminders')])
    await Promise.all([world.run('messages'), job('messages')])
    await world.beat(2)
  }
  expect(reminders(world)).toHaveLength(2)
})

test('the card of a missing right reminds as well', async () => {
  await using world = await aWorld()
  await world.connect()
  world.acme.switches.apiDisabled = true
  await world.beat(310)
  await pass(world, HOUR_MS)
  const [reminder] = repliesTo(world)
  expect(reminder?.text).toMatch(/still lacks a right after 1 h.*please see that the right is given back/s)
})

test.each([
  ['daily', 1],
  ['none', 0],
] as const)('a connection that wants %s gets so many reminders in a day and a half', async (wanted, count) => {
  await using world = await aRedWorld({ reminders: wanted })
  for (let hour = 0; hour < 36; hour++) {
    world.turn(HOUR_MS)
    await world.run('reminders')
    await world.beat(1)
  }
  expect(reminders(world)).toHaveLength(count)
})
