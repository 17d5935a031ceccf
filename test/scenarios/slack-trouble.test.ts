import { expect, test } from 'vitest'
import { BEN, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { followReauthorizeLink } from '../../src/sandbox/story.ts'
import { cardsSaying, check, goRed, reports, shownBy, soon, statusOf } from '../support/acts.ts'
import { ACME, aWorld, touchpoints, type World } from '../support/world.ts'

const MINUTE_MS = 60_000
const HISTORY = ['chat:write', 'commands', 'users:read', 'channels:history']

const redCards = (world: World) => cardsSaying(world, /needs authorization/)
const callsOf = (world: World, method: string) => world.slack.calls.filter((call) => call.method === method).length

/** Breaks the grant while Slack is in trouble; nothing is shown yet. */
async function breakUnseen(world: World): Promise<void> {
  world.acme.revokeGrant()
  await check(world)
}

test('a refused post is tried again, as late as Slack wants it, until there is exactly one card', async () => {
  await using world = await aWorld()
  await world.connect()
  const { faults } = world.slack
  faults.rateLimit({ method: 'chat.postMessage', retryAfterSeconds: 40 })
  await breakUnseen(world)
  const tries = callsOf(world, 'chat.postMessage')
  await world.beat(37)
  expect([redCards(world).length, callsOf(world, 'chat.postMessage')]).toEqual([0, tries])
  await world.beat(5)
  expect(redCards(world)).toHaveLength(1)

  // Edits keep Slack's pace too, however fast the numbers move.
  await world.send(...touchpoints(1, 'first'))
  await world.beat(16)
  faults.rateLimit({ method: 'chat.update', retryAfterSeconds: 60 })
  const edits = () => callsOf(world, 'chat.update')
  await world.send(...touchpoints(1, 'next'))
  await world.beat(16)
  const edited = edits()
  for (let second = 0; second < 40; second++) {
    await world.send(...touchpoints(1, `s${second}`))
    await world.beat()
  }
  expect(edits()).toBe(edited)
  await world.beat(40)
  expect(shownBy(redCards(world)[0])).toContain('*42 are waiting*')

  faults.httpError({ method: 'chat.update', status: 500, times: 3 })
  faults.reset({ method: 'chat.update', times: 2 })
  await world.reauthorize()
  await world.beat(180)
  expect(redCards(world)).toHaveLength(1)
  expect(redCards(world)[0]?.text).toContain('authorized again')
  expect(reports(world)).toHaveLength(1)
})

test('a post whose answer is lost is looked for where history can be read, so it is never doubled', async () => {
  await using world = await aWorld({ slack: { scopes: HISTORY } })
  await world.connect()
  const { faults } = world.slack
  faults.commitThenReset({ method: 'chat.postMessage' })
  await breakUnseen(world)
  await world.beat(70)
  expect(redCards(world)).toHaveLength(1)
  faults.commitThenReset({ method: 'chat.postMessage' })
  await world.reauthorize()
  await world.beat(70)
  expect(reports(world)).toHaveLength(1)
  world.turn(40 * MINUTE_MS)

  // Nothing was posted before the line broke: it is posted soon, and once.
  faults.reset({ method: 'chat.postMessage' })
  await breakUnseen(world)
  await world.beat(10)
  expect(redCards(world)).toHaveLength(2)
  await world.reauthorize()
  await world.beat(5)
  world.turn(40 * MINUTE_MS)
  faults.internalError({ method: 'chat.postMessage' })
  await breakUnseen(world)
  await world.beat(10)
  expect(redCards(world)).toHaveLength(3)
})

test('where history can not be read, a post whose answer is lost comes once more after a minute, and is never missing', async () => {
  await using world = await aWorld()
  await world.connect()
  world.slack.faults.commitThenReset({ method: 'chat.postMessage' })
  await breakUnseen(world)
  await world.beat(50)
  expect(redCards(world)).toHaveLength(1)
  await world.beat(20)
  expect(redCards(world)).toHaveLength(2)
  await world.reauthorize()
  await world.beat(5)
  expect(redCards(world).at(-1)?.text).toContain('authorized again')

  world.turn(40 * MINUTE_MS)
  world.slack.faults.reset({ method: 'chat.postMessage' })
  await breakUnseen(world)
  await world.beat(70)
  expect(redCards(world)).toHaveLength(3)
})

test('a channel or token that somebody must mend delays cards and loses none', async () => {
  await using world = await aWorld()
  await world.connect()
  const { faults } = world.slack
  const troubles: [string, (on: boolean) => void][] = [
    ['not in the channel', (on) => faults.removeBot(MARKETING_OPS, !on)],
    ['archived', (on) => faults.archive(MARKETING_OPS, on)],
    [
      'no such channel',
      (on) => (on ? faults.refuse('channel_not_found', { times: 99, method: 'chat.postMessage' }) : faults.clear()),
    ],
    ['token revoked', (on) => faults.revokeBotToken(on ? 'token_revoked' : null)],
  ]
  let cards = 0
  for (const [name, turn] of troubles) {
    turn(true)
    await breakUnseen(world)
    await world.send(...touchpoints(2, name))
    await world.beat(20)
    expect(redCards(world), name).toHaveLength(cards)
    expect(await statusOf(world)).toBe('authorization_required')
    turn(false)
    await world.beat(310)
    cards += 1
    expect(redCards(world), name).toHaveLength(cards)
    await world.reauthorize()
    await world.beat(5)
    expect(reports(world).at(-1), name).toContain('All 2 missed touchpoints accounted for: 2 pushed')
    world.turn(31 * MINUTE_MS)
  }
})

test('a card that a person deletes is posted again, and its thread goes on below the new one', async () => {
  await using world = await aWorld()
  await world.connect()
  await goRed(world)
  const [first] = redCards(world)
  if (!first) throw new Error('there is no card')
  world.slack.faults.deleteMessage(MARKETING_OPS, first.ts)
  await world.send(...touchpoints(3))
  await world.beat(20)
  const [second] = redCards(world)
  expect(second?.ts).not.toBe(first.ts)
  expect(shownBy(second)).toContain('*3 are waiting*')

  // Deleted again at the very moment in which the report is due: it still finds the thread.
  const link = world.reauthorizeUrl()
  world.slack.faults.deleteMessage(MARKETING_OPS, second?.ts ?? '')
  await followReauthorizeLink(link, ACME)
  await world.beat(10)
  const [third, ...others] = cardsSaying(world, 'authorized again')
  expect(others).toEqual([])
  expect(third?.ts).not.toBe(second?.ts)
  const report = world.slack.timeline(MARKETING_OPS).filter(({ text }) => text.includes('catch-up report'))
  expect(report.map(({ threadTs }) => threadTs)).toEqual([third?.ts])
})

test('where editing is forbidden the card stays as it was and the thread tells how it ended', async () => {
  await using world = await aWorld()
  await world.connect()
  await goRed(world)
  await world.send(...touchpoints(3))
  world.slack.faults.forbidEditing()
  await world.reauthorize()
  await world.beat(10)
  const [card] = redCards(world)
  expect(card?.text).toContain('needs authorization')
  const thread = world.slack.thread(MARKETING_OPS, card?.ts ?? '').map(({ text }) => text)
  expect(thread.join('\n')).toMatch(/All 3 missed touchpoints accounted for.*Reauthorized by/)
  const tries = callsOf(world, 'chat.update')
  await world.beat(60)
  expect(callsOf(world, 'chat.update')).toBe(tries)
  // Its button is still there; it starts no login.
  const page = await fetch(world.reauthorizeUrl(), { redirect: 'manual' })
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('Already authorized')
})

test('dropped links come back by themselves, and what was typed afterwards is answered', async () => {
  await using world = await aWorld()
  await world.connect()
  const { slack } = world
  for (const breakLinks of [
    () => slack.dropSockets(),
    () => slack.disconnect('refresh_requested'),
    () => slack.disconnect('warning', 'oldest'),
  ]) {
    const opened = callsOf(world, 'apps.connections.open')
    breakLinks()
    await soon('a new link', async () => callsOf(world, 'apps.connections.open') > opened && slack.links() > 0, 15_000)
    const seen = await soon('an answer', async () => {
      const { acked } = await slack.command(BEN, MARKETING_OPS, 'list')
      return acked
    })
    expect(seen).toBe(true)
  }
})
