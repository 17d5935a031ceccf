import { expect, test } from 'vitest'
import { ANA, BEN, CHLOE, DEFAULT_PEOPLE, GUEST, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { followReauthorizeLink } from '../../src/sandbox/story.ts'
import { answerTo, goRed, lastCard, pass, press, shownBy } from '../support/acts.ts'
import { ACME, aWorld, type World } from '../support/world.ts'

const [MINUTE_MS, HOUR_MS] = [60_000, 3_600_000]
const STRANGER = 'U0STRANGER'

async function aRedWorld(options: Parameters<typeof aWorld>[0] = {}): Promise<World> {
  const world = await aWorld(options)
  await world.connect()
  await goRed(world)
  return world
}

const history = async (world: World) => {
  await answerTo(world, ANA, () => world.slack.command(ANA, MARKETING_OPS, 'salesforce'))
  return JSON.stringify(world.slack.ephemerals(ANA).at(-1)?.blocks)
}

test('whoever presses I’m on it is shown on the card for four hours, unless they give it back or somebody takes over', async () => {
  await using world = await aRedWorld()
  expect(await press(world, BEN, "I'm on it")).toMatch(/You're on it.*Reminders go to you alone until <!date\^/)
  await world.beat()
  expect(shownBy(lastCard(world))).toMatch(new RegExp(`<@${BEN}> is on it since <!date`))
  expect(shownBy(lastCard(world))).not.toContain('please log in')

  expect(await press(world, CHLOE, 'Release')).toContain(`<@${BEN}> is already on it, since`)
  expect(await press(world, CHLOE, 'Take over')).toContain(`You're on it. <@${BEN}> was on it before.`)
  await world.beat()
  expect(shownBy(lastCard(world))).toContain(`<@${CHLOE}> is on it since`)
  expect(shownBy(lastCard(world))).not.toContain(`<@${BEN}>`)

  expect(await press(world, CHLOE, 'Release')).toContain('not on it any more')
  expect(await press(world, CHLOE, 'Release')).toContain(`Nobody is on it. It was released already by <@${CHLOE}> <!date^`)
  await world.beat()
  expect(shownBy(lastCard(world))).toContain("I'm on it")

  await pass(world, 30 * MINUTE_MS)
  await press(world, BEN, "I'm on it")
  await world.beat()
  await pass(world, 4 * HOUR_MS - 3 * MINUTE_MS)
  expect(shownBy(lastCard(world))).toContain(`<@${BEN}> is on it since`)
  const card = lastCard(world)
  await pass(world, 4 * MINUTE_MS)
  expect(shownBy(lastCard(world))).not.toContain('is on it since')
  expect(await press(world, BEN, 'Release', card).catch(() => 'gone')).toBe('gone')
  expect(await history(world)).toMatch(/taken on by .*released by .*taken on by .*taken on by /s)
})

test('whoever is on it already is told until when, and neither the card nor the history changes', async () => {
  await using world = await aRedWorld()
  await press(world, BEN, "I'm on it")
  await world.beat()
  const [shown, edits, told] = [shownBy(lastCard(world)), lastCard(world).versions.length, await history(world)]
  await pass(world, HOUR_MS)
  const answer = await press(world, BEN, 'Take over')
  const until = Number(/^You are on it already, until <!date\^(\d+)/.exec(answer)?.[1]) * 1000
  expect(until - world.clock.now().getTime()).toBeLessThanOrEqual(3 * HOUR_MS)
  await world.beat(2)
  expect(lastCard(world).versions).toHaveLength(edits)
  expect(shownBy(lastCard(world))).toBe(shown)
  expect((await history(world)).split('taken on by')).toHaveLength(told.split('taken on by').length)
})

test('of two who press on the same card the first wins, and the other is told who was first', async () => {
  await using world = await aRedWorld()
  const answers = await Promise.all([press(world, BEN, "I'm on it"), press(world, CHLOE, "I'm on it")])
  const won = answers.filter((text) => text.includes("You're on it."))
  const lost = answers.filter((text) => /<@U0\w+> is already on it, since <!date/.test(text))
  expect([won.length, lost.length]).toEqual([1, 1])
  await world.beat()
  expect(shownBy(lastCard(world))).toContain('is on it since')

  const card = lastCard(world)
  expect(await press(world, BEN, '1 hour', card)).toContain('Snoozed until')
  expect(await press(world, CHLOE, '4 hours', card)).toContain(`Snoozed already by <@${BEN}>`)
  // On the card as it is now, the same choice counts.
  await world.beat()
  expect(await press(world, CHLOE, '4 hours')).toContain('Snoozed until')
})

test('a snooze is on the card with its end in the clicker’s morning, and ends by itself or by a word', async () => {
  await using world = await aRedWorld()
  await press(world, BEN, 'Until tomorrow, 9:00')
  await world.beat()
  const until = Number(/Snoozed until <!date\^(\d+)/.exec(shownBy(lastCard(world)))?.[1]) * 1000
  const inLondon = new Date(until).toLocaleTimeString('en-GB', { timeZone: 'Europe/London', hour: '2-digit', minute: '2-digit' })
  expect(inLondon).toBe('09:00')
  expect(until).toBeGreaterThan(world.clock.now().getTime())
  expect(shownBy(lastCard(world))).toContain(`by <@${BEN}>.`)
  expect(shownBy(lastCard(world))).toContain('Authorization Required')

  expect(await press(world, CHLOE, 'End the snooze')).toContain('The snooze is over')
  expect(await press(world, BEN, 'End the snooze')).toContain(`The snooze was ended already by <@${CHLOE}>`)
  await world.beat()
  expect(shownBy(lastCard(world))).not.toContain('Snoozed')

  await press(world, CHLOE, '1 hour')
  await world.beat()
  await pass(world, 61 * MINUTE_MS)
  expect(shownBy(lastCard(world))).not.toContain('Snoozed')
  expect(await history(world)).toMatch(/reminders snoozed by .* UTC>\).*snooze ended by /s)
})

test('the card of a missing right can be claimed and snoozed as well', async () => {
  await using world = await aWorld()
  await world.connect()
  world.acme.switches.apiDisabled = true
  await world.beat(310)
  expect(lastCard(world).text).toContain('refuses part of the work')
  await press(world, BEN, "I'm on it")
  await press(world, BEN, '4 hours')
  await world.beat()
  expect(shownBy(lastCard(world))).toMatch(/is on it since .*Snoozed until/)
})

test('guests and people of other companies change nothing, and are told why', async () => {
  const stranger = { id: STRANGER, name: 'sam', realName: 'Sam Other', tz: 'UTC', teamId: 'T0OTHER' }
  await using world = await aRedWorld({ slack: { people: [...DEFAULT_PEOPLE, stranger] } })
  const before = lastCard(world).text
  for (const what of ["I'm on it", '1 hour']) {
    expect(await press(world, GUEST, what)).toContain('Guests can’t use Redkey')
    expect(await press(world, STRANGER, what)).toContain('Only members of this workspace')
  }
  await world.beat()
  expect(lastCard(world).text).toBe(before)
  expect(shownBy(lastCard(world))).not.toMatch(/is on it since|Snoozed/)
})

test('what is pressed on a card whose outage is over is answered with how it ended', async () => {
  await using world = await aRedWorld()
  await press(world, BEN, "I'm on it")
  await world.beat()
  await world.reauthorize()
  // The card still shows what it showed before.
  for (const what of ['Take over', 'Release', '1 hour']) {
    const answer = await press(world, CHLOE, what)
    expect(answer).toMatch(/This outage is over: reauthorized by the login redkey@acme\.example <!date/)
  }
  await world.beat(3)
  expect(lastCard(world).text).toContain('authorized again')
  expect(shownBy(lastCard(world))).not.toMatch(/on it|Snooze/)
})

test('breaking again begins anew: nobody is on it and nothing is snoozed, and what the card showed before is over', async () => {
  await using world = await aRedWorld()
  await press(world, BEN, "I'm on it")
  await press(world, BEN, '4 hours')
  await world.beat()
  const old = lastCard(world)
  await world.reauthorize()
  await world.beat(4)
  await goRed(world)
  const [card] = [lastCard(world)]
  expect(card.ts).toBe(old.ts)
  expect(shownBy(card)).toContain('needs authorization')
  expect(shownBy(card)).not.toMatch(/is on it since|Snoozed/)
  expect(await press(world, CHLOE, "I'm on it")).toContain("You're on it.")
})

test('Reauthorize without an address says so when the outage of its card is over', async () => {
  const GUESTS = { scopes: ['chat:write', 'commands', 'users:read', 'channels:read'] }
  await using world = await aWorld({ slack: GUESTS })
  await world.connect()
  world.acme.revokeGrant()
  await world.beat(310)
  const card = lastCard(world)
  expect(shownBy(card)).not.toContain('/reauthorize/')
  const { channel, ts } = card
  const link = await answerTo(world, BEN, () => world.slack.click(BEN, { channel, ts }, 'reauthorize'))
  expect(link).toContain('Log in again to Acme Inc')
  const url = /http[^"]+\/reauthorize\/[\w.-]+/.exec(JSON.stringify(world.slack.ephemerals(BEN).at(-1)?.blocks))?.[0] ?? ''
  await followReauthorizeLink(url, ACME)
  const late = await answerTo(world, CHLOE, () => world.slack.click(CHLOE, { channel, ts }, 'reauthorize'))
  expect(late).toContain(`This outage is over: reauthorized by <@${BEN}>`)
})
