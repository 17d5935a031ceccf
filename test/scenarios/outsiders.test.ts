import { expect, test } from 'vitest'
import { ANA, BEN, DEFAULT_PEOPLE, GUEST, MARKETING_OPS, PARTNER } from '../../src/sandbox/slack/people.ts'
import { answerTo, cardsSaying, goRed, shownBy } from '../support/acts.ts'
import { aVisitor } from '../support/visitor.ts'
import { ACME, aWorld, touchpoints, type World, type WorldOptions } from '../support/world.ts'

const READING = ['chat:write', 'commands', 'users:read', 'channels:read', 'groups:read']
const MEMBERS_ONLY = DEFAULT_PEOPLE.filter(({ id }) => id !== GUEST)

function redCard(world: World) {
  const card = cardsSaying(world, 'Salesforce needs authorization').at(-1)
  if (!card) throw new Error('there is no red card')
  return card
}

const hasLink = (world: World) => shownBy(redCard(world)).includes('/reauthorize/')

async function aRedWorld(options: WorldOptions = {}): Promise<World> {
  const world = await aWorld(options)
  if (options.signIn) {
    const visitor = aVisitor()
    const answer = await answerTo(world, ANA, () => world.slack.command(ANA, MARKETING_OPS, 'add salesforce'))
    expect(answer).toContain('Connect')
    const link = linkFor(world, ANA, 'connect')
    await visitor.identify(link, ANA)
    await visitor.login(link, ACME, 'POST')
    await world.beat(2)
  } else await world.connect()
  world.acme.revokeGrant()
  await world.api('/v1/connections/salesforce/check', { method: 'POST' })
  await world.beat(2)
  return world
}

/** In the last thing that this person was told alone. */
function linkFor(world: World, userId: string, path: 'connect' | 'reauthorize'): string {
  const told = JSON.stringify(world.slack.ephemerals(userId).at(-1)?.blocks)
  return new RegExp(`https?://[^\\s"<>|]+/${path}/[\\w.-]+`).exec(told)?.[0] ?? ''
}

test.each<[string, WorldOptions['slack']]>([
  ['a guest', { scopes: READING }],
  ['another company', { scopes: READING, people: [...MEMBERS_ONLY, PARTNER], channels: [shared()] }],
])('in a channel with %s the card has no link; a member who presses the button gets a personal one', async (_who, slack) => {
  await using world = await aRedWorld({ slack: slack ?? {} })
  await world.send(...touchpoints(2))
  expect(hasLink(world)).toBe(false)
  const card = { channel: MARKETING_OPS, ts: redCard(world).ts }
  const answer = await answerTo(world, BEN, () => world.slack.click(BEN, card, 'reauthorize'))
  expect(answer).toContain('Log in again to Acme Inc')
  const link = linkFor(world, BEN, 'reauthorize')
  expect((await aVisitor().login(link, ACME)).text).toMatch(/authorized again/)
  await world.beat(4)
  expect(world.texts().at(-1)).toContain(`Reauthorized by <@${BEN}>`)
  expect((await aVisitor().visit(link)).text).toContain('Already authorized')
})

test('guests and people of other companies get no link by the button, nor those whom REDKEY_MEMBERS leaves out', async () => {
  const people = [...DEFAULT_PEOPLE, PARTNER]
  await using world = await aRedWorld({
    slack: { scopes: READING, people, channels: [shared()] },
    env: { REDKEY_MEMBERS: ANA },
  })
  const card = { channel: MARKETING_OPS, ts: redCard(world).ts }
  for (const [userId, words] of [
    [GUEST, 'Guests can’t use Redkey'],
    [PARTNER.id, 'Only members of this workspace'],
    [BEN, 'REDKEY_MEMBERS'],
  ] as const) {
    expect(await answerTo(world, userId, () => world.slack.click(userId, card, 'reauthorize'))).toContain(words)
    expect(linkFor(world, userId, 'reauthorize')).toBe('')
  }
})

test('where Slack does not tell, a guest who presses a button shows that there are some, and the card loses its link', async () => {
  await using world = await aRedWorld()
  expect(hasLink(world)).toBe(true)
  const card = { channel: MARKETING_OPS, ts: redCard(world).ts }
  await answerTo(world, GUEST, () => world.slack.click(GUEST, card, 'details'))
  await world.beat(2)
  expect(hasLink(world)).toBe(false)
  expect(redCard(world).ts).toBe(card.ts)
  expect(world.threadTexts()).toEqual([]) // nobody has opened a login
  // The next card has none from the start, also for another process.
  const answer = await answerTo(world, BEN, () => world.slack.click(BEN, card, 'reauthorize'))
  expect(answer).toContain('Log in again')
  await aVisitor().login(linkFor(world, BEN, 'reauthorize'), ACME)
  await world.beat(3)
  world.turn(31 * 60_000)
  world.acme.revokeGrant()
  await world.api('/v1/connections/salesforce/check', { method: 'POST' })
  await world.beat(2)
  expect(hasLink(world)).toBe(false)
})

test('a channel that is shared later loses the links of its open cards', async () => {
  await using world = await aRedWorld({ slack: { scopes: READING, people: MEMBERS_ONLY } })
  expect(hasLink(world)).toBe(true)
  world.slack.faults.share(MARKETING_OPS)
  world.turn(11 * 60_000)
  await world.run('outsiders') // Slack is asked in the background
  await expect.poll(() => world.app.deps.slack.hasOutsiders(world.slack.identity.teamId, MARKETING_OPS)).toBe(true)
  await world.run('outsiders')
  await world.beat(2)
  expect(hasLink(world)).toBe(false)
})

test('what asks anew below a card has no link there either, and loses the one that it has', async () => {
  await using world = await aRedWorld({ slack: { scopes: READING, people: MEMBERS_ONLY } })
  await world.reauthorize()
  await world.beat(4)
  await goRed(world)
  const told = () =>
    shownBy(world.slack.timeline(MARKETING_OPS).findLast(({ text }) => text.includes('please press Reauthorize')))
  expect(told()).toContain('/reauthorize/')
  world.slack.faults.share(MARKETING_OPS)
  world.turn(11 * 60_000)
  await world.run('outsiders')
  await expect.poll(() => world.app.deps.slack.hasOutsiders(world.slack.identity.teamId, MARKETING_OPS)).toBe(true)
  await world.run('outsiders')
  await world.beat(2)
  expect(told()).toContain('please press Reauthorize on the card above.')
  expect(told()).not.toContain('/reauthorize/')

  const card = { channel: MARKETING_OPS, ts: redCard(world).ts }
  await answerTo(world, BEN, () => world.slack.click(BEN, card, 'reauthorize'))
  await aVisitor().login(linkFor(world, BEN, 'reauthorize'), ACME)
  await world.beat(4)
  const before = world.slack.timeline(MARKETING_OPS).length
  world.acme.revokeGrant()
  await world.api('/v1/connections/salesforce/check', { method: 'POST' })
  await world.beat(2)
  expect(world.slack.timeline(MARKETING_OPS)).toHaveLength(before + 1)
  expect(told()).toContain('on the card above.')
  expect(told()).not.toContain('"reauthorize"')
})

test('with Sign in with Slack the link may stand anywhere: whoever opens it says who they are', async () => {
  await using world = await aRedWorld({ signIn: true, slack: { scopes: READING } })
  const card = { channel: MARKETING_OPS, ts: redCard(world).ts }
  await answerTo(world, GUEST, () => world.slack.click(GUEST, card, 'details'))
  await world.beat(2)
  expect(hasLink(world)).toBe(true)
  expect((await aVisitor().identify(world.reauthorizeUrl(), GUEST)).status).toBe(403)
})

test('a login by a personal link that came back is not waited for', async () => {
  await using world = await aRedWorld({ slack: { scopes: READING } })
  const card = { channel: MARKETING_OPS, ts: redCard(world).ts }
  await answerTo(world, BEN, () => world.slack.click(BEN, card, 'reauthorize'))
  const told = world.slack.ephemerals(BEN).at(-1)
  const own = { channel: MARKETING_OPS, ts: told?.ts ?? '' }
  await world.slack.click(BEN, own, 'reauthorize') // now he opens it
  await aVisitor().login(linkFor(world, BEN, 'reauthorize'), { ...ACME, allow: false })
  world.turn(11 * 60_000)
  await world.beat(3)
  expect(world.threadTexts().join()).not.toContain('did not come back')
})

function shared() {
  return { id: MARKETING_OPS, name: 'marketing-ops', isExtShared: true }
}
