import { expect, test } from 'vitest'
import { settingsOf } from '../../src/domain/connections/settings-store.ts'
import { ANA, BEN, GENERAL, GUEST, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { followConnectLink } from '../../src/sandbox/story.ts'
import { answerTo } from '../support/acts.ts'
import { aVisitor } from '../support/visitor.ts'
import { fieldsOf, shownIn, urlIn, windowOf } from '../support/windows.ts'
import { ACME, aWorld, type World } from '../support/world.ts'

const connections = async (world: World) => (await world.store.connections.overviews('T0ACME')).map((one) => one.connection)

/** Chooses a provider, which puts a name into the next field; answers that field. */
async function choose(world: World, provider: string, userId = ANA): Promise<string> {
  const before = world.slack.view(userId)
  await world.slack.click(userId, 'view', 'value', { blockId: 'provider', selected: [provider] })
  const form = await world.slack.eventually(() => {
    const now = world.slack.view(userId)
    return now?.hash === before?.hash ? null : now
  })
  return fieldsOf(form).find((field) => field.startsWith('name.')) ?? ''
}

test('add alone opens a form; what is typed there travels through the login to the new connection', async () => {
  await using world = await aWorld()
  await windowOf(world, ANA, 'add')
  const name = await choose(world, 'salesforce')
  expect(shownIn(world.slack.view(ANA))).toContain('"initial_value":"salesforce"')
  await world.slack.submitView(ANA, { provider: 'salesforce', [name]: 'acme-eu', channel: GENERAL, owner: BEN })
  const last = world.slack.view(ANA)
  expect(shownIn(last)).toContain('Now log in to Salesforce.')
  const page = await aVisitor().login(urlIn(last, 'connect'), ACME, 'POST')
  expect(page.text).toContain('connected')
  expect(await connections(world)).toMatchObject([{ name: 'acme-eu', channelId: GENERAL, ownerId: BEN, addedBy: ANA }])
  await world.beat(2)
  expect(world.slack.messages(GENERAL).map(({ text }) => text)).toEqual([expect.stringContaining('Salesforce was connected by')])
  expect(world.texts()).toEqual([])
})

test('the window of a Connect button that was pressed says where it goes on, and how to begin anew', async () => {
  await using world = await aWorld()
  await windowOf(world, ANA, 'add')
  await choose(world, 'salesforce')
  await world.slack.submitView(ANA, { provider: 'salesforce' })
  const link = urlIn(world.slack.view(ANA), 'connect')
  await world.slack.click(ANA, 'view', 'connect')
  const shown = await world.slack.eventually(() => {
    const now = shownIn(world.slack.view(ANA))
    return now.includes('Go on in your browser') ? now : null
  })
  expect(shown).toContain('Salesforce')
  expect(shown).toContain('`/connections add`')
  expect(shown).not.toContain('/connect/')
  expect((await aVisitor().login(link, ACME, 'POST')).text).toContain('connected')
})

test('left as it is, the connection is named after its provider and owned by who adds it', async () => {
  await using world = await aWorld()
  await world.connect()
  await windowOf(world, BEN, 'add')
  const name = await choose(world, 'salesforce', BEN)
  expect(shownIn(world.slack.view(BEN))).toContain('"initial_value":"salesforce-2"')
  await world.slack.submitView(BEN, { provider: 'salesforce', [name]: '' })
  await aVisitor().login(
    urlIn(world.slack.view(BEN), 'connect'),
    { org: 'Acme UAT', username: 'redkey@acme.example.uat' },
    'POST',
  )
  expect((await connections(world)).at(-1)).toMatchObject({ name: 'salesforce-2', channelId: null, ownerId: BEN })
})

test('a name that was taken while somebody logged in gets a number', async () => {
  await using world = await aWorld()
  await windowOf(world, ANA, 'add')
  const name = await choose(world, 'salesforce')
  await world.slack.submitView(ANA, { provider: 'salesforce', [name]: 'acme' })
  const link = urlIn(world.slack.view(ANA), 'connect')
  await world.connect({ org: 'Acme UAT', username: 'redkey@acme.example.uat' })
  const [uat] = await connections(world)
  await world.store.settings.change(uat!, { ...settingsOf(uat!), name: 'acme' }, world.clock.now(), [])
  await aVisitor().login(link, ACME, 'POST')
  expect((await connections(world)).map((one) => one.name).sort()).toEqual(['acme', 'acme-2'])
})

test('of a login to many accounts all that are ticked are named, placed and owned so', async () => {
  await using world = await aWorld()
  await windowOf(world, ANA, 'add')
  const name = await choose(world, 'google-ads')
  await world.slack.submitView(ANA, { provider: 'google-ads', [name]: 'ads', channel: GENERAL, owner: BEN })
  const choice = { org: 'Acme Inc', username: 'ana@acme.example', accounts: ['Acme'] }
  await followConnectLink(urlIn(world.slack.view(ANA), 'connect'), choice)
  const added = await connections(world)
  expect(added.length).toBeGreaterThan(1)
  expect(added.map((one) => one.name)).toEqual(added.map((_, index) => (index === 0 ? 'ads' : `ads-${index + 1}`)))
  expect(added.every(({ channelId, ownerId }) => channelId === GENERAL && ownerId === BEN)).toBe(true)
  await world.beat(2)
  expect(world.slack.messages(GENERAL)).toHaveLength(1)
  expect(world.texts()).toEqual([])
})

test.each([
  [{ name: 'remove' }, 'This word is a command'],
  [{ name: 'Big Name' }, 'How about big-name?'],
  [{ name: 'meta-2' }, 'another provider (meta)'],
  [{ name: 'salesforce' }, 'Another connection has this name'],
  [{ owner: GUEST }, 'Guests can’t use Redkey'],
])('%o is refused in the form', async (values: { name?: string; owner?: string }, words) => {
  await using world = await aWorld()
  await world.connect()
  await windowOf(world, ANA, 'add')
  const name = await choose(world, 'salesforce')
  const { name: typed, ...others } = values
  await world.slack.submitView(ANA, { provider: 'salesforce', ...(typed ? { [name]: typed } : {}), ...others })
  expect(Object.values(world.slack.view(ANA)?.errors ?? {}).join()).toContain(words)
})

test('what was chosen before the provider stays', async () => {
  await using world = await aWorld()
  await windowOf(world, ANA, 'add')
  const form = { owner: BEN, channel: GENERAL }
  await world.slack.click(ANA, 'view', 'value', { blockId: 'provider', selected: ['hubspot'], form })
  const shown = await world.slack.eventually(() => {
    const now = shownIn(world.slack.view(ANA))
    return now.includes('"initial_value":"hubspot"') ? now : null
  })
  expect(shown).toContain(`"initial_user":"${BEN}"`)
  expect(shown).toContain(`"initial_conversation":"${GENERAL}"`)
})

test('a name that somebody has typed stays when they choose another provider', async () => {
  await using world = await aWorld()
  await windowOf(world, ANA, 'add')
  await world.slack.click(ANA, 'view', 'value', { blockId: 'provider', selected: ['hubspot'], form: { 'name.0': 'mine' } })
  expect(fieldsOf(world.slack.view(ANA)!)).toContain('name.0')
})

test('who may not add sees why, and a guest gets nothing', async () => {
  await using world = await aWorld({ env: { REDKEY_ADMINS: ANA } })
  const answer = (userId: string) => answerTo(world, userId, () => world.slack.command(userId, MARKETING_OPS, 'add'))
  expect(await answer(BEN)).toContain('REDKEY_ADMINS')
  expect(await answer(GUEST)).toContain('Guests can’t use Redkey')
  expect(world.slack.view(BEN)).toBeNull()
})
