import { expect, test } from 'vitest'
import { signIn } from '../../src/sandbox/providers/sign-in.ts'
import { ANA, BEN, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { answerTo, connectUrl, goRed, statusOf } from '../support/acts.ts'
import { aVisitor } from '../support/visitor.ts'
import { ACME, aTouchpoint, aWorld, UAT, type World } from '../support/world.ts'

const typed = (world: World, text: string, userId = ANA) =>
  answerTo(world, userId, () => world.slack.command(userId, MARKETING_OPS, text))

test('a new name counts at once; the old one leads there, for people and for programs', async () => {
  await using world = await aWorld()
  await world.connect()
  expect(await typed(world, 'rename salesforce acme-eu')).toContain('`salesforce` is now called `acme-eu`')
  expect(await typed(world, 'acme-eu')).toContain('acme-eu (Salesforce')
  expect(await typed(world, 'salesforce')).toContain('Did you mean `/connections acme-eu`?')
  expect(await typed(world, 'check salesforce')).toContain('Did you mean `/connections check acme-eu`?')
  expect((await world.api('/v1/connections/salesforce')).body).toMatchObject({ name: 'acme-eu' })
  expect((await world.api('/v1/connections/acme-eu')).body).toMatchObject({ name: 'acme-eu' })
  expect((await world.send(aTouchpoint({ connection: 'salesforce' }), aTouchpoint({ connection: 'acme-eu' }))).body).toEqual({
    accepted: 2,
    duplicates: 0,
    rejected: [],
  })
  expect((await world.send(aTouchpoint({ connection: 'hubspot' }))).body).toMatchObject({
    rejected: [{ code: 'unknown_connection', message: expect.stringContaining('there is: acme-eu.') }],
  })
  const [entry] = await world.store.history.of((await world.store.connections.byName('T0ACME', 'acme-eu'))!.id, 1)
  expect(entry).toMatchObject({ action: 'renamed', actor: ANA, detail: 'salesforce to acme-eu' })
})

test('the next account is never given a name that programs may still use', async () => {
  await using world = await aWorld()
  await world.connect()
  await typed(world, 'rename salesforce acme-eu')
  await world.connect(UAT)
  expect((await world.api('/v1/connections')).body['connections']).toMatchObject([{ name: 'acme-eu' }, { name: 'salesforce-2' }])
})

test.each([
  ['rename salesforce Acme EU', 'can’t be called `acme eu`', 'Type `/connections rename salesforce acme-eu`'],
  ['rename salesforce list', 'This word is a command', ''],
  ['rename salesforce invite', 'This word is a command', ''],
  ['rename salesforce hubspot-2', 'a connection of another provider (hubspot)', ''],
  [`rename salesforce ${'x'.repeat(41)}`, 'at most 40', ''],
  ['rename salesforce', 'Please say what it shall be called', ''],
  ['rename', 'Please say what it shall be called', ''],
  ['rename nobody new-name', 'There is no connection `nobody`', ''],
  ['rename salesforce salesforce', 'is called so already', ''],
])('%s says what is wrong and changes nothing', async (text, words, next) => {
  await using world = await aWorld()
  await world.connect()
  const answer = await typed(world, text)
  expect(answer).toContain(words)
  expect(answer).toContain(next)
  expect(await statusOf(world)).toBe('connected')
  expect((await world.api('/v1/connections')).body['connections']).toMatchObject([{ name: 'salesforce' }])
})

test('a name that another one has or had is refused; it takes the owner or an admin', async () => {
  await using world = await aWorld()
  await world.connect()
  await world.connect(UAT)
  expect(await typed(world, 'rename salesforce-2 salesforce')).toContain('Another connection has this name')
  await typed(world, 'rename salesforce acme')
  expect(await typed(world, 'rename salesforce-2 salesforce')).toContain('or had it')
  expect(await typed(world, 'rename acme mine', BEN)).toContain('the owner of the connection or a workspace admin')
  expect(await typed(world, 'rename acme salesforce')).toContain('`acme` is now called `salesforce`')
})

test('renamed while a login is under way, the connection gets that login; its card and its buttons go on working', async () => {
  await using world = await aWorld()
  await world.connect()
  const link = await goRed(world)
  const [old] = world.slack.messages(MARKETING_OPS).filter(({ text }) => text.includes('needs authorization'))
  const visitor = aVisitor()
  const login = await visitor.depart(link)
  await typed(world, 'rename salesforce acme-eu')
  await world.beat(2)
  const card = world.slack.messages(MARKETING_OPS).find(({ ts }) => ts === old?.ts)
  expect(JSON.stringify(card?.blocks)).toContain('acme-eu')
  const seen = await world.slack.click(ANA, { channel: MARKETING_OPS, ts: old?.ts ?? '' }, 'reauthorize')
  expect(seen).toMatchObject({ acked: true, error: null })
  expect((await visitor.arrive(await signIn(login, ACME))).text).toContain('Salesforce is authorized again')
  expect(await statusOf(world, 'acme-eu')).toBe('connected')
})

test('two who rename it at once: one name counts, and both are told something', async () => {
  await using world = await aWorld()
  await world.connect()
  const before = world.slack.ephemerals(ANA).length
  await Promise.all(['one', 'two'].map((name) => world.slack.command(ANA, MARKETING_OPS, `rename salesforce ${name}`)))
  await world.slack.eventually(() => world.slack.ephemerals(ANA).length === before + 2)
  const [{ name } = { name: '' }] = (await world.api('/v1/connections')).body['connections'] as { name: string }[]
  expect(['one', 'two']).toContain(name)
  expect(await connectUrl(world)).toContain('/connect/')
})
