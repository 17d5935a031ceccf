import { expect, test } from 'vitest'
import { ANA, BEN, GUEST } from '../../src/sandbox/slack/people.ts'
import { connectAccount } from '../../src/sandbox/story.ts'
import { check, goRed } from '../support/acts.ts'
import { shownIn } from '../support/windows.ts'
import { aTouchpoint, aWorld, type World } from '../support/world.ts'

const home = (world: World, userId = ANA) => shownIn(world.slack.home(userId))
const published = (world: World) => world.slack.calls.filter(({ method }) => method === 'views.publish').length

/** Somebody opens the tab, and sees it. */
async function open(world: World, userId = ANA): Promise<string> {
  const before = world.slack.home(userId)?.hash
  await world.slack.openHome(userId)
  await world.slack.eventually(() => world.slack.home(userId)?.hash !== before)
  return home(world, userId)
}

/** Turns the clock and lets tabs be shown anew. */
async function refresh(world: World, seconds = 11): Promise<void> {
  world.turn(seconds * 1000)
  await world.run('homes')
}

test('begins with one button, and shows each connection as soon as it is there', async () => {
  await using world = await aWorld()
  expect(await open(world)).toContain('Nothing is connected yet')
  await world.slack.click(ANA, 'home', 'add_connection')
  const form = await world.slack.eventually(() => world.slack.view(ANA))
  expect(form.title).toBe('Add a connection')
  await world.connect()
  await refresh(world)
  expect(home(world)).toContain('All is well')
  expect(home(world)).toContain('*salesforce*')
})

test('tells a change to whoever has it open, and nothing for what does not change', async () => {
  await using world = await aWorld()
  await world.connect()
  expect(await open(world)).toContain('All is well')
  const before = published(world)
  await check(world)
  await world.send(aTouchpoint())
  await world.beat(30)
  await refresh(world)
  expect(published(world)).toBe(before)

  await goRed(world)
  await refresh(world)
  expect(home(world)).toContain('1 connection needs authorization')
  expect(home(world)).toContain('/reauthorize/')
  expect(published(world)).toBe(before + 1)
  await world.reauthorize()
  await refresh(world)
  expect(home(world)).toContain('All is well')
})

test('many changes are one; nobody’s tab moves more often than every ten seconds', async () => {
  await using world = await aWorld()
  await world.connect()
  await open(world)
  await goRed(world)
  await refresh(world)
  const before = published(world)
  await world.reauthorize()
  await refresh(world, 5)
  expect(published(world)).toBe(before)
  await goRed(world)
  await refresh(world, 6)
  expect(published(world)).toBe(before + 1)
  expect(home(world)).toContain('needs authorization')
})

test('a tab that nobody has opened for an hour is left alone', async () => {
  await using world = await aWorld()
  await world.connect()
  await open(world)
  const before = published(world)
  world.turn(61 * 60_000)
  await goRed(world)
  await refresh(world)
  expect(published(world)).toBe(before)
})

test('Slack that refuses for now is tried again', async () => {
  await using world = await aWorld()
  await world.connect()
  await open(world)
  await goRed(world)
  world.slack.faults.rateLimit({ method: 'views.publish' })
  await refresh(world)
  expect(home(world)).toContain('All is well')
  await refresh(world)
  expect(home(world)).toContain('needs authorization')
})

test('filters, and keeps the choice when something changes', async () => {
  await using world = await aWorld()
  await world.connect()
  await connectAccount(world.slack, { provider: 'meta', org: 'Acme Inc', username: 'mia@acme.example' })
  await world.beat(2)
  await open(world)
  const choose = async (selected: string) => {
    const before = world.slack.home(ANA)?.hash
    await world.slack.click(ANA, 'home', 'home_filter', { selected: [selected] })
    await world.slack.eventually(() => world.slack.home(ANA)?.hash !== before)
    return home(world)
  }
  expect(await choose('ads')).not.toContain('*salesforce*')
  expect(home(world)).toContain('*meta*')
  expect(await choose('attention')).toContain('There is none of these.')
  expect(await choose('crm')).toContain('*salesforce*')
  await goRed(world)
  await refresh(world)
  expect(home(world)).toContain('needs authorization')
  expect(home(world)).not.toContain('*meta*')
})

test('Details, Settings and Resume answer in a window; settings on top of details', async () => {
  await using world = await aWorld()
  await world.connect()
  const { id } = (await world.store.connections.byName('T0ACME', 'salesforce'))!
  await open(world)
  await world.slack.click(ANA, 'home', 'details', { value: id })
  expect(shownIn(await world.slack.eventually(() => world.slack.view(ANA)))).toContain('Salesforce: Acme Inc')
  await world.slack.click(ANA, 'view', 'settings')
  const settings = await world.slack.eventually(() =>
    world.slack.view(ANA)?.title === 'Settings' ? world.slack.view(ANA) : null,
  )
  expect(settings.previousId).not.toBeNull()
  await open(world, BEN)
  await world.slack.click(BEN, 'home', 'settings', { value: id })
  expect(shownIn(await world.slack.eventually(() => world.slack.view(BEN)))).toContain('the owner of the connection')
})

test('a guest sees why there is nothing, and is not remembered', async () => {
  await using world = await aWorld()
  await world.connect()
  expect(await open(world, GUEST)).toContain('Guests can’t use Redkey')
  const before = published(world)
  await goRed(world)
  await refresh(world)
  expect(published(world)).toBe(before)
})
