import { expect, test } from 'vitest'
import { ANA, BEN, GUEST, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { connectAccount } from '../../src/sandbox/story.ts'
import {
  answerTo,
  backlogOf,
  cardsSaying,
  check,
  goRed,
  pass,
  repliesTo,
  reports,
  shownBy,
  soon,
  statusOf,
} from '../support/acts.ts'
import { aVisitor } from '../support/visitor.ts'
import { ACME, aWorld, touchpoints, type World } from '../support/world.ts'

const typed = (world: World, text: string, userId = ANA) =>
  answerTo(world, userId, () => world.slack.command(userId, MARKETING_OPS, text))
const card = (world: World) => cardsSaying(world, /needs authorization/).at(-1)
const actionsOn = (world: World) => [...shownBy(card(world)).matchAll(/"action_id":"(\w+)"/g)].map(([, id]) => id)

test('while a CRM is paused nothing is pushed and no alarm is raised; what comes in is kept, and pushed after Resume', async () => {
  await using world = await aWorld()
  await world.connect()
  await world.send(...touchpoints(2, 'before'))
  await world.beat(2)
  expect(await typed(world, 'pause salesforce')).toContain('Nothing is pushed and no alarm is raised')
  expect((await world.send(...touchpoints(5))).body).toMatchObject({ accepted: 5 })
  await world.beat(5)
  expect(world.written().size).toBe(2)
  expect(await statusOf(world)).toBe('paused')
  expect(await backlogOf(world)).toMatchObject({ waiting: 5 })

  const list = await typed(world, '', BEN)
  expect(list).toContain('Paused')
  expect(JSON.stringify(world.slack.ephemerals(BEN).at(-1)?.blocks)).toContain(`by <@${ANA}>`)
  expect(await typed(world, 'check')).toContain('since somebody has paused it')
  expect((await world.api('/v1/connections/salesforce/check', { method: 'POST' })).body).toMatchObject({ verdict: 'paused' })

  expect(await typed(world, 'resume salesforce')).toContain('it works')
  await world.beat(3)
  expect(world.written().size).toBe(7)
  expect(await statusOf(world)).toBe('connected')
  const history = await world.store.history.of((await world.store.connections.byName('T0ACME', 'salesforce'))!.id, 2)
  expect(history.map(({ action, actor }) => [action, actor])).toEqual([
    ['resumed', ANA],
    ['paused', ANA],
  ])
})

test('a login that dies in a pause turns nobody red until it is resumed; then at once', async () => {
  await using world = await aWorld()
  await world.connect()
  await typed(world, 'pause salesforce')
  world.acme.revokeGrant()
  await check(world)
  await world.beat(400)
  expect(cardsSaying(world, /needs authorization/)).toEqual([])
  expect(await typed(world, 'resume salesforce')).toContain('Authorization Required')
  await world.beat(2)
  expect(cardsSaying(world, /needs authorization/)).toHaveLength(1)
})

test('the card of an open outage says that it is paused, and has Resume; it goes on as what it was', async () => {
  await using world = await aWorld()
  await world.connect()
  await goRed(world)
  await world.send(...touchpoints(3))
  await typed(world, 'pause salesforce')
  await world.beat(2)
  expect(shownBy(card(world))).toContain('Salesforce is paused')
  expect(shownBy(card(world))).toContain(`by <@${ANA}>`)
  expect(shownBy(card(world))).toContain('*3 are waiting*')
  expect(actionsOn(world)).toEqual(['resume_connection', 'reauthorize', 'details'])

  const resume = () => world.slack.click(ANA, { channel: MARKETING_OPS, ts: card(world)?.ts ?? '' }, 'resume_connection')
  expect(await answerTo(world, ANA, resume)).toContain('Authorization Required')
  await world.beat(2)
  expect(shownBy(card(world))).toContain('Salesforce needs authorization')
  expect(cardsSaying(world, /needs authorization/)).toHaveLength(1)
  await world.reauthorize()
  await world.beat(4)
  expect(reports(world)[0]).toContain('All 3 missed touchpoints accounted for: 3 pushed')
})

test('a login in a pause is kept, and pushes nothing before Resume; then one catch-up covers what waited', async () => {
  await using world = await aWorld()
  await world.connect()
  const link = await goRed(world)
  await world.send(...touchpoints(4))
  await typed(world, 'pause salesforce')
  await world.beat(2)
  const page = await aVisitor().login(link, ACME)
  expect(page.text).toContain('Salesforce is authorized again')
  expect(page.text).toContain('4 missed touchpoints wait')
  await world.send(...touchpoints(2, 'later'))
  await world.beat(5)
  expect(await statusOf(world)).toBe('paused')
  expect(world.written().size).toBe(0)
  expect(shownBy(card(world))).toContain('somebody has paused the connection')
  expect(actionsOn(world)).toEqual(['resume_connection', 'details'])
  await typed(world, 'resume salesforce')
  await world.beat(5)
  expect(world.written().size).toBe(6)
  expect(reports(world)).toHaveLength(1)
  expect(reports(world)[0]).toContain('All 4 missed touchpoints accounted for')
})

test('it takes the owner or an admin; whoever is late is told who was first; nobody gets silence', async () => {
  await using world = await aWorld()
  await world.connect()
  expect(await typed(world, 'pause salesforce', BEN)).toContain('the owner of the connection or a workspace admin')
  expect(await typed(world, 'pause salesforce', GUEST)).toContain('Guests can’t use Redkey')
  expect(await typed(world, 'pause')).toContain('Please say which connection: `/connections pause &lt;name&gt;`')
  expect(await typed(world, 'pause salesfroce')).toContain('Did you mean `/connections pause salesforce`?')
  expect(await typed(world, 'resume salesforce')).toContain('is not paused')
  await typed(world, 'pause `salesforce`.')
  expect(await typed(world, 'PAUSE salesforce')).toContain(`is paused already, by <@${ANA}>`)
})

test('an ad platform that is paused downloads no costs and scans no ads; after Resume the missed days are there', async () => {
  await using world = await aWorld()
  await connectAccount(world.slack, { provider: 'meta', org: 'Acme Inc', username: 'mia@acme.example' }, ANA)
  await world.beat(2)
  expect(await typed(world, 'pause meta')).toContain('No costs are downloaded')
  await world.run('costs')
  await world.run('ads')
  const meta = (await world.store.connections.byName('T0ACME', 'meta'))!
  expect((await world.store.costs.find(meta.id))?.lastAt ?? null).toBeNull()
  expect(await typed(world, 'resume meta')).toContain('What was missed is downloaded now')
  await soon('the costs', async () => {
    world.turn(60_000)
    await world.run('costs')
    return (await world.store.costs.find(meta.id))?.lastAt
  })
})

test('nobody is reminded of what is paused; after Resume reminders begin anew', async () => {
  await using world = await aWorld()
  await world.connect()
  await goRed(world)
  const reminders = () => repliesTo(world).filter(({ text }) => text.includes('still needs authorization'))
  await typed(world, 'pause salesforce')
  await pass(world, 5 * 3_600_000)
  expect(reminders()).toEqual([])
  await typed(world, 'resume salesforce')
  await world.beat(2)
  expect(reminders()).toEqual([])
  await pass(world, 3_700_000)
  expect(reminders()).toHaveLength(1)
})
