import { expect, test } from 'vitest'
import { settingsOf } from '../../src/domain/connections/settings-store.ts'
import { signIn } from '../../src/sandbox/providers/sign-in.ts'
import { ANA, BEN, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { answerTo, cardsSaying, goRed, shownBy } from '../support/acts.ts'
import { aVisitor } from '../support/visitor.ts'
import { clickInWindow, shownIn, urlIn, windowOf } from '../support/windows.ts'
import { ACME, aWorld, touchpoints, type World } from '../support/world.ts'

const typed = (world: World, text: string, userId = ANA) =>
  answerTo(world, userId, () => world.slack.command(userId, MARKETING_OPS, text))
const names = async (world: World) =>
  ((await world.api('/v1/connections')).body['connections'] as { name: string }[]).map(({ name }) => name)

test('a connection without a backlog is asked about once, and is gone; the channel has one line', async () => {
  await using world = await aWorld()
  await world.connect()
  const asked = shownIn(await windowOf(world, ANA, 'remove salesforce'))
  expect(asked).toContain('Remove `salesforce` for good?')
  expect(asked).toContain('Nothing changes in Salesforce')
  expect(await names(world)).toEqual(['salesforce'])
  await world.slack.submitView(ANA)
  expect(shownIn(world.slack.view(ANA))).toContain('is removed. The channel has been told.')
  expect(await names(world)).toEqual([])
  await world.run('removals')
  await world.beat(2)
  expect(world.texts().at(-1)).toBe(`:wastebasket: <@${ANA}> removed the connection \`salesforce\` (Salesforce, Acme Inc).`)
  expect(await world.store.grants.all()).toEqual([])
  expect(await typed(world, 'salesforce')).toContain('it is no command and no connection')
  expect((await world.api('/v1/connections/salesforce')).status).toBe(404)
  await world.connect()
  expect(await names(world)).toEqual(['salesforce'])
})

test('with a backlog it asks first and offers the file; the open card is closed with words', async () => {
  await using world = await aWorld()
  await world.connect()
  const link = await goRed(world)
  await world.send(...touchpoints(7))
  const asked = await windowOf(world, ANA, 'remove salesforce')
  expect(shownIn(asked)).toContain('*7 touchpoints wait to be pushed.*')
  const file = await fetch(urlIn(asked, 'export'))
  expect(file.headers.get('content-disposition')).toContain('salesforce-touchpoints.ndjson')
  const lines = (await file.text()).trim().split('\n')
  expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(touchpoints(7).map(({ id }) => id))

  expect(await world.slack.submitView(ANA)).toMatchObject({ error: 'field_errors' })
  expect(await names(world)).toEqual(['salesforce'])
  await world.slack.submitView(ANA, { agreed: ['yes'] })
  await world.beat(2)
  expect(world.texts().at(-1)).toContain('7 touchpoints that were not pushed went with it')
  const [card] = cardsSaying(world, /needs authorization/)
  expect(shownBy(card)).toContain('Salesforce connection removed')
  expect(shownBy(card)).not.toContain('action_id')
  await world.run('removals')

  expect(await (await fetch(urlIn(asked, 'export'))).text()).toContain('This connection was removed')
  expect(await (await fetch(link)).text()).toContain('removed')
  expect((await world.send(...touchpoints(1))).status).toBe(409)
  const old = await answerTo(world, BEN, () => world.slack.command(BEN, MARKETING_OPS, 'reauthorize salesforce'))
  expect(old).toContain('There is no connection')
})

test('what was refused counts, too, and is in the file', async () => {
  await using world = await aWorld()
  await world.connect()
  world.acme.rejectRecords({ every: 10, code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION' })
  await world.send(...touchpoints(20))
  await world.beat(3)
  const asked = await windowOf(world, ANA, 'remove salesforce')
  expect(shownIn(asked)).toContain('*2 touchpoints were refused by Salesforce.*')
  expect((await (await fetch(urlIn(asked, 'export'))).text()).trim().split('\n')).toHaveLength(2)
})

test('touchpoints that come in while somebody looks at the question are asked about', async () => {
  await using world = await aWorld()
  await world.connect()
  await windowOf(world, ANA, 'remove salesforce')
  world.acme.revokeGrant()
  await world.send(...touchpoints(2))
  await world.slack.submitView(ANA)
  const asked = shownIn(world.slack.view(ANA))
  expect(asked).toContain('Touchpoints have come in meanwhile')
  expect(asked).toContain('*2 touchpoints wait to be pushed.*')
  await world.slack.submitView(ANA, { agreed: ['yes'] })
  expect(await names(world)).toEqual([])
})

test('it takes the owner or an admin, also at the last step; two who remove it at once are both told', async () => {
  await using world = await aWorld()
  await world.connect()
  expect(await typed(world, 'remove salesforce', BEN)).toContain('the owner of the connection or a workspace admin')
  expect(await typed(world, 'remove')).toContain('Please say which connection: `/connections remove &lt;name&gt;`')
  expect(await typed(world, 'remove salesforec')).toContain('Did you mean `/connections remove salesforce`?')
  const seen = (await world.store.connections.byName('T0ACME', 'salesforce'))!
  await world.store.settings.change(seen, { ...settingsOf(seen), ownerId: BEN }, world.clock.now(), [])
  await windowOf(world, BEN, 'remove salesforce')
  await windowOf(world, ANA, 'remove salesforce')
  await world.slack.submitView(ANA)
  await world.slack.submitView(BEN)
  expect(shownIn(world.slack.view(BEN))).toContain('does not exist any more')
})

test('a login that is under way when the connection goes ends with a page that says so, and leaves nothing', async () => {
  await using world = await aWorld()
  await world.connect()
  const link = await goRed(world)
  const visitor = aVisitor()
  const login = await visitor.depart(link)
  await windowOf(world, ANA, 'remove salesforce')
  await world.slack.submitView(ANA)
  expect((await visitor.arrive(await signIn(login, ACME))).text).toContain('removed')
  await world.run('removals')
  expect(await world.store.grants.all()).toEqual([])
})

test('from the settings, Remove… asks in a window on top', async () => {
  await using world = await aWorld()
  await world.connect()
  await windowOf(world, ANA, 'settings salesforce')
  const asked = await clickInWindow(world, ANA, 'remove_connection')
  expect(shownIn(asked)).toContain('Remove `salesforce` for good?')
  expect(asked.previousId).not.toBeNull()
})

test('a large backlog goes in many steps, and nobody sees it half gone', async () => {
  await using world = await aWorld()
  await world.connect()
  await goRed(world)
  for (let part = 0; part < 3; part++) await world.send(...touchpoints(1500, `p${part}`))
  await windowOf(world, ANA, 'remove salesforce')
  await world.slack.submitView(ANA, { agreed: ['yes'] })
  expect(await world.store.removals.forget(1000)).toBe(true)
  expect(await names(world)).toEqual([])
  expect((await world.api('/v1/touchpoints/p0_1')).status).toBe(404)
  await world.connect()
  expect(await names(world)).toEqual(['salesforce'])
  await world.run('removals')
  expect(await world.store.removals.forget(1000)).toBe(false)
  await world.send(...touchpoints(3, 'p0'))
  await world.beat(3)
  expect(world.written().size).toBe(3)
})
