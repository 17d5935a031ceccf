import { expect, test } from 'vitest'
import { ANA, BEN, CHLOE, GENERAL, GUEST, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { connectAccount, followReauthorizeLink } from '../../src/sandbox/story.ts'
import { answerTo, cardsSaying, check, goRed } from '../support/acts.ts'
import { clickInWindow, fieldsOf, shownIn, windowOf } from '../support/windows.ts'
import { aWorld, touchpoints, type World } from '../support/world.ts'

const SCOPES = ['chat:write', 'commands', 'users:read', 'channels:read', 'groups:read']
const connection = async (world: World, name = 'salesforce') => (await world.store.connections.byName('T0ACME', name))!
const errors = (world: World, userId = ANA) => Object.values(world.slack.view(userId)?.errors ?? {}).join(' ')

test('the form shows how things are, takes all of it at once, and says what is set', async () => {
  await using world = await aWorld()
  await world.connect()
  const form = await windowOf(world, ANA, 'settings salesforce')
  expect(fieldsOf(form)).toEqual(['name.0', 'channelId.0', 'ownerId.0', 'deputyId.0', 'reminders.0', 'catchUp.0'])
  expect(shownIn(form)).toContain('bizible2__Bizible_Touchpoint__c')
  const values = { 'name.0': 'acme', 'channelId.0': GENERAL, 'ownerId.0': BEN, 'deputyId.0': CHLOE, 'catchUp.0': 'ask' }
  expect(await world.slack.submitView(ANA, values)).toMatchObject({ error: null })
  expect(shownIn(world.slack.view(ANA))).toContain(`Cards go to <#${GENERAL}>. Owner: <@${BEN}>. Deputy: <@${CHLOE}>.`)
  const saved = await connection(world, 'acme')
  expect(saved).toMatchObject({ channelId: GENERAL, ownerId: BEN, deputyId: CHLOE, catchUp: 'ask' })
  const history = await world.store.history.of(saved.id, 2)
  expect(history.map(({ action, detail }) => [action, detail])).toEqual(
    expect.arrayContaining([
      ['renamed', 'salesforce to acme'],
      ['settings_changed', 'channel, owner, deputy, catch-up'],
    ]),
  )
})

test('cards go to the channel that was set, and what waited in an outage waits for a word where that was set', async () => {
  await using world = await aWorld()
  await world.connect()
  await windowOf(world, ANA, 'settings salesforce')
  await world.slack.submitView(ANA, { 'channelId.0': GENERAL, 'catchUp.0': 'ask' })
  world.acme.revokeGrant()
  await check(world)
  expect(cardsSaying(world, /needs authorization/)).toEqual([])
  expect(world.slack.messages(GENERAL).map(({ text }) => text)).toEqual([expect.stringContaining('needs authorization')])
  await world.send(...touchpoints(3))
  await world.beat(2)
  const link = /http[^"]+\/reauthorize\/[\w.-]+/.exec(JSON.stringify(world.slack.messages(GENERAL)[0]?.blocks))?.[0] ?? ''
  await followReauthorizeLink(link, { org: 'Acme Inc', username: 'redkey@acme.example' })
  await world.beat(5)
  expect(world.written().size).toBe(0)
  expect(JSON.stringify(world.slack.messages(GENERAL)[0]?.blocks)).toContain('push_now')
})

test.each([
  [{ 'name.0': 'list' }, 'This word is a command'],
  [{ 'name.0': 'Acme EU' }, 'How about acme-eu?'],
  [{ 'name.0': 'hubspot' }, 'another provider (hubspot)'],
  [{ 'ownerId.0': GUEST }, 'Guests can’t use Redkey'],
  [{ 'deputyId.0': ANA }, 'That is the owner already'],
  [{ 'channelId.0': 'C0ELSEWHERE' }, 'Redkey is not in this channel. Type /invite @redkey'],
  [{ 'channelId.0': 'C0OLD' }, 'This channel is archived'],
  [{ 'channelId.0': 'C0SECRET' }, 'Redkey can’t see this channel'],
])('%o is refused in the form, and nothing is saved', async (values, words) => {
  const channels = [
    { id: MARKETING_OPS, name: 'marketing-ops' },
    { id: 'C0ELSEWHERE', name: 'elsewhere', hasBot: false },
    { id: 'C0OLD', name: 'old', isArchived: true },
    { id: 'C0SECRET', name: 'secret', isPrivate: true, hasBot: false },
  ]
  await using world = await aWorld({ slack: { scopes: SCOPES, channels } })
  await world.connect()
  const before = await connection(world)
  await windowOf(world, ANA, 'settings salesforce')
  await world.slack.submitView(ANA, values)
  expect(errors(world)).toContain(words)
  expect(await connection(world)).toEqual(before)
})

test('several mistakes are told at once', async () => {
  await using world = await aWorld()
  await world.connect()
  await windowOf(world, ANA, 'settings salesforce')
  await world.slack.submitView(ANA, { 'name.0': 'help', 'deputyId.0': GUEST })
  expect(Object.keys(world.slack.view(ANA)?.errors ?? {})).toEqual(['name.0', 'deputyId.0'])
})

test('without the right to look at channels, or an answer of Slack’s, the channel is taken', async () => {
  await using world = await aWorld({ slack: { scopes: SCOPES } })
  await world.connect()
  world.slack.faults.commitThenHang({ method: 'conversations.info' })
  await windowOf(world, ANA, 'settings salesforce')
  expect(await world.slack.submitView(ANA, { 'channelId.0': GENERAL })).toMatchObject({ acked: true, error: null })
  expect(await connection(world)).toMatchObject({ channelId: GENERAL })
})

test('of two who save, the second is shown what the first has saved, in fresh fields, and can save then', async () => {
  await using world = await aWorld({ env: { REDKEY_ADMINS: `${ANA},${BEN}` } })
  await world.connect()
  await windowOf(world, ANA, 'settings salesforce')
  await windowOf(world, BEN, 'settings salesforce')
  await world.slack.submitView(ANA, { 'deputyId.0': CHLOE })
  await world.slack.submitView(BEN, { 'ownerId.0': BEN })
  const again = world.slack.view(BEN)!
  expect(shownIn(again)).toContain('Somebody else has saved these settings meanwhile')
  expect(fieldsOf(again)).toContain('deputyId.1')
  expect(await connection(world)).toMatchObject({ ownerId: ANA, deputyId: CHLOE })
  await world.slack.submitView(BEN, { 'ownerId.1': BEN })
  expect(await connection(world)).toMatchObject({ ownerId: BEN, deputyId: CHLOE })
})

test('a connection that turns red while the form is open is no reason to ask again', async () => {
  await using world = await aWorld()
  await world.connect()
  await windowOf(world, ANA, 'settings salesforce')
  await goRed(world)
  await world.slack.submitView(ANA, { 'deputyId.0': CHLOE })
  expect(await connection(world)).toMatchObject({ deputyId: CHLOE, health: { status: 'authorization_required' } })
})

test('who may not change it sees why, also when the right was lost meanwhile; a guest gets nothing', async () => {
  await using world = await aWorld()
  await world.connect()
  const answer = (userId: string) =>
    answerTo(world, userId, () => world.slack.command(userId, MARKETING_OPS, 'settings salesforce'))
  expect(await answer(BEN)).toContain('the owner of the connection or a workspace admin')
  expect(await answer(GUEST)).toContain('Guests can’t use Redkey')
  expect(world.slack.view(BEN)).toBeNull()
  await windowOf(world, ANA, 'settings salesforce')
  await world.slack.submitView(ANA, { 'ownerId.0': BEN })
  await windowOf(world, BEN, 'settings salesforce')
  await windowOf(world, ANA, 'settings salesforce')
  await world.slack.submitView(ANA, { 'ownerId.0': CHLOE })
  await world.slack.submitView(BEN, { 'name.0': 'mine' })
  expect(shownIn(world.slack.view(BEN))).toContain('the owner of the connection or a workspace admin')
  expect((await connection(world)).name).toBe('salesforce')
})

test('without a name it asks which; the choice opens them', async () => {
  await using world = await aWorld()
  await world.connect()
  expect(await answerTo(world, ANA, () => world.slack.command(ANA, MARKETING_OPS, 'settings'))).toContain(
    'Settings of which connection?',
  )
  const { ts } = world.slack.ephemerals(ANA).at(-1)!
  const { id } = await connection(world)
  await world.slack.click(ANA, { channel: MARKETING_OPS, ts }, 'pick_settings', { selected: [id] })
  const form = await world.slack.eventually(() => world.slack.view(ANA))
  expect(shownIn(form)).toContain('Asked first when something needs doing')
})

test('of an ad platform the form leads to auto-tagging, on top of it, and back', async () => {
  await using world = await aWorld()
  await connectAccount(world.slack, { provider: 'google-ads', org: 'Acme Inc', username: 'ana@acme.example' })
  await world.beat(2)
  const form = await windowOf(world, ANA, 'settings google-ads')
  expect(shownIn(form)).toContain('Off: new ads are left as they are.')
  const tagging = await clickInWindow(world, ANA, 'tagging')
  expect(tagging.title).toBe('Auto-tagging')
  await world.slack.submitView(ANA, { is_tagging: 'on' })
  expect(shownIn(world.slack.view(ANA))).toContain('Auto-tagging is on')
  await world.slack.closeView(ANA)
  expect(world.slack.view(ANA)?.title).toBe('Settings')
})

test('pausing in the form answers on top of it; the form stays', async () => {
  await using world = await aWorld()
  await world.connect()
  await windowOf(world, ANA, 'settings salesforce')
  expect(shownIn(await clickInWindow(world, ANA, 'pause_connection'))).toContain('Nothing is pushed and no alarm is raised')
  await world.slack.closeView(ANA)
  expect(await world.slack.submitView(ANA, { 'deputyId.0': CHLOE })).toMatchObject({ error: null })
  expect(await connection(world)).toMatchObject({ deputyId: CHLOE, health: { status: 'paused' } })
})

test('a window that Slack does not open any more is told in words', async () => {
  await using world = await aWorld()
  await world.connect()
  world.slack.faults.refuse('trigger_expired', { method: 'views.open' })
  const answer = await answerTo(world, ANA, () => world.slack.command(ANA, MARKETING_OPS, 'settings salesforce'))
  expect(answer).toContain('longer than Slack waits for a window. Please try again.')
})
