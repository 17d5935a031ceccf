import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { examineStore } from '../../src/domain/doctor.ts'
import { openSqlite } from '../../src/outbound/store/sqlite.ts'
import { ANA, BEN, CHLOE, DEFAULT_CHANNELS, GENERAL, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { followReauthorizeLink } from '../../src/sandbox/story.ts'
import { check, goRed, lastCard, pass, press, repliesTo, reports, shownBy } from '../support/acts.ts'
import { ACME, aWorld, touchpoints, type World } from '../support/world.ts'

const MINUTE_MS = 60_000
const SALES = 'C0SALES'

const replies = (world: World) => repliesTo(world).map(({ text }) => text)

/** What this person gets from Redkey as direct messages. */
function directTo(world: World, userId: string) {
  const channel = world.slack.channels().find(({ id, name }) => id.startsWith('D') && name === userId)
  return channel ? world.slack.messages(channel.id) : []
}

/** The link on the newest card of a place. */
function linkIn(world: World, channel: string): string {
  const link = /http[^"]+\/reauthorize\/[\w.-]+/.exec(shownBy(lastCard(world, channel)))?.[0]
  if (!link) throw new Error('there is no link')
  return link
}

test('a card that turns red by an edit is told below it to the whole channel, with a mention', async () => {
  await using world = await aWorld()
  await world.connect()
  world.acme.switches.apiDisabled = true
  await check(world)
  expect(lastCard(world).text).toContain('refuses part of the work')
  expect(replies(world)).toEqual([])
  await press(world, CHLOE, '4 hours')
  await world.beat()
  world.acme.switches.apiDisabled = false
  await goRed(world)
  const [told] = repliesTo(world)
  expect(lastCard(world).text).toContain('needs authorization')
  expect(shownBy(lastCard(world))).not.toContain('Snoozed')
  expect(told).toMatchObject({ broadcast: true })
  expect(told?.text).toMatch(new RegExp(`needs authorization: \\*Acme Inc\\*.*<@${ANA}>, please press Reauthorize`, 's'))

  // The first card of an outage is told by itself; one that is used again is not.
  await world.reauthorize()
  await world.beat(4)
  await goRed(world)
  expect(repliesTo(world).filter(({ text, broadcast }) => broadcast && text.includes('please press Reauthorize'))).toHaveLength(2)
})

test('that a card turned red is not told after it is over', async () => {
  await using world = await aWorld()
  await world.connect()
  world.acme.switches.apiDisabled = true
  await check(world)
  world.slack.faults.httpError({ method: 'chat.postMessage', status: 503, times: 999 })
  world.acme.switches.apiDisabled = false
  const link = await goRed(world)
  await followReauthorizeLink(link, ACME)
  await world.beat(2)
  world.slack.faults.clear()
  await world.beat(65)
  expect(lastCard(world).text).toContain('authorized again')
  expect(replies(world).join()).not.toContain('needs authorization')
})

test('where editing is forbidden the thread says each change once, and what asks anew gets a card of its own', async () => {
  await using world = await aWorld()
  await world.connect()
  await goRed(world)
  world.slack.faults.forbidEditing('cant_update_message')
  const first = lastCard(world)
  await press(world, BEN, "I'm on it")
  await world.beat()
  await world.send(...touchpoints(3))
  await world.beat(40)
  expect(replies(world)).toHaveLength(1)
  expect(replies(world)[0]).toMatch(
    new RegExp(`does not let me edit the card above.*still needs authorization.*<@${BEN}> is on it`, 's'),
  )

  await world.reauthorize()
  await world.beat(10)
  expect(lastCard(world).text).toContain('needs authorization')
  expect(replies(world).filter((text) => text.includes('is authorized again'))).toHaveLength(1)
  expect(replies(world).filter((text) => text.includes('All 3 missed touchpoints accounted for'))).toHaveLength(1)

  // Its Reauthorize button is of what is over.
  const old = linkIn(world, MARKETING_OPS)
  await goRed(world)
  expect(lastCard(world).ts).not.toBe(first.ts)
  expect(linkIn(world, MARKETING_OPS)).not.toBe(old)
  expect(lastCard(world).text).toContain('needs authorization')
})

test('where editing is forbidden and nothing waits, a withdrawal is told as well', async () => {
  await using world = await aWorld()
  await world.connect()
  world.acme.setUserActive(ACME.username, false)
  await check(world)
  world.slack.faults.forbidEditing()
  world.acme.setUserActive(ACME.username, true)
  await pass(world, 6 * MINUTE_MS)
  expect(replies(world).filter((text) => text.includes('needs no authorization after all'))).toHaveLength(1)
})

test('while the default channel can’t be posted to the owner is told, and the card comes there as soon as it can', async () => {
  await using world = await aWorld()
  await world.connect()
  world.slack.faults.archive(MARKETING_OPS)
  world.acme.revokeGrant()
  await check(world)
  const [direct] = directTo(world, ANA)
  expect(direct?.text).toContain('Salesforce needs authorization')
  expect(shownBy(direct)).toContain(`I could not post to <#${MARKETING_OPS}>: it is archived.`)
  const { channel } = direct ?? { channel: '' }
  expect(await press(world, ANA, "I'm on it", lastCard(world, channel))).toContain("You're on it.")
  await pass(world, 6 * MINUTE_MS)
  expect(shownBy(lastCard(world, channel))).toContain(`<@${ANA}> is on it`)
  expect(JSON.stringify(await examineStore({ store: world.store }))).toContain('is_archived')

  world.slack.faults.archive(MARKETING_OPS, false)
  await pass(world, 6 * MINUTE_MS)
  expect(shownBy(lastCard(world))).toMatch(/needs authorization.*is on it/)
  expect(shownBy(lastCard(world))).not.toContain('could not post')
  expect(directTo(world, ANA).map(({ text }) => text)).toEqual([`This card is in <#${MARKETING_OPS}> now.`])
  await world.reauthorize()
  await world.beat(5)
  expect(lastCard(world).text).toContain('authorized again')
  expect(reports(world)).toHaveLength(1)
  expect(JSON.stringify(await examineStore({ store: world.store }))).not.toContain('is_archived')
})

test('a channel that is archived while a card is open: the owner gets the card, and what is said of it', async () => {
  await using world = await aWorld()
  await world.connect()
  await goRed(world)
  const link = world.reauthorizeUrl()
  world.slack.faults.archive(MARKETING_OPS)
  await pass(world, 61 * MINUTE_MS)
  const told = directTo(world, ANA)
  expect(told.map(({ text }) => text).join('\n')).toMatch(/still needs authorization after 1 h/)
  await world.send(...touchpoints(2))
  await world.beat(20)
  const { channel } = told[0] ?? { channel: '' }
  expect(shownBy(lastCard(world, channel))).toMatch(/could not post.*is archived.*2 are waiting/)
  await followReauthorizeLink(link, ACME)
  await world.beat(5)
  expect(lastCard(world, channel).text).toContain('authorized again')
  expect(repliesTo(world, lastCard(world, channel)).map(({ text }) => text)).toContainEqual(
    expect.stringContaining('All 2 missed touchpoints accounted for'),
  )
})

test('a channel of a connection’s own that is gone: the owner, then the default channel is told, and the next outage is back in it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'redkey-places-'))
  const file = join(folder, 'test.db')
  const channels = [...DEFAULT_CHANNELS, { id: SALES, name: 'sales' }]
  {
    await using world = await aWorld({ databaseUrl: `file:${file}`, slack: { channels } })
    await world.connect()
    const { queries, tables, close } = openSqlite(file, false)
    await queries.update(tables.connections).set({ channelId: SALES }).where(eq(tables.connections.name, 'salesforce'))
    await close()
    const { faults } = world.slack
    faults.removeBot(SALES)
    world.acme.revokeGrant()
    await check(world)
    const [direct] = directTo(world, ANA)
    expect(shownBy(direct)).toMatch(new RegExp(`I could not post to <#${SALES}>: I am not in it.*needs authorization`))
    faults.removeBot(SALES, true)
    await pass(world, 6 * MINUTE_MS)
    expect(world.slack.messages(SALES)).toEqual([])
    await followReauthorizeLink(linkIn(world, direct?.channel ?? ''), ACME)
    await world.beat(5)
    expect(lastCard(world, direct?.channel).text).toContain('authorized again')

    // The next one is where it belongs, also within half an hour.
    await pass(world, 5 * MINUTE_MS)
    world.acme.revokeGrant()
    await check(world)
    expect(lastCard(world, SALES).text).toContain('needs authorization')
    await followReauthorizeLink(linkIn(world, SALES), ACME)
    await world.beat(5)
    await pass(world, 40 * MINUTE_MS)

    // Nobody is left whom a direct message would reach.
    faults.archive(SALES)
    faults.deactivate(ANA)
    await pass(world, 6 * MINUTE_MS)
    world.acme.revokeGrant()
    await check(world)
    expect(shownBy(lastCard(world))).toContain(`I could not post to <#${SALES}>: it is archived.`)
    expect(world.slack.messages(GENERAL)).toEqual([])
  }
  rmSync(folder, { recursive: true, force: true })
})
