import { expect, test } from 'vitest'
import { DAY_MS, HOUR_MS } from '../../src/clock.ts'
import { ANA, BEN, GENERAL, GUEST, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { BETA_TEAM, type TwoWorkspaces, twoWorkspaces } from '../support/two-workspaces.ts'

const salesforce = async ({ store }: TwoWorkspaces, teamId: string) => (await store.connections.byName(teamId, 'salesforce'))!

/** Both workspaces have Acme's org; its login dies, and every connection is checked. */
async function bothGoRed(world: TwoWorkspaces): Promise<void> {
  world.acme.revokeGrant()
  for (const teamId of ['T0ACME', BETA_TEAM]) {
    const { id } = await salesforce(world, teamId)
    await world.store.checks.reschedule(id, world.clock.now())
  }
  await world.beat(3)
}

async function uninstall(world: TwoWorkspaces, ...events: ('app_uninstalled' | 'tokens_revoked')[]): Promise<void> {
  world.beta.faults.revokeBotToken('account_inactive')
  for (const type of events) {
    await world.beta.sendEvent(type === 'app_uninstalled' ? { type } : { type, tokens: { oauth: [], bot: ['U0BETABOT'] } })
  }
}

const hasEnded = (world: TwoWorkspaces) =>
  expect.poll(async () => (await world.store.installations.find(BETA_TEAM))?.endedAt ?? null)

test('cards go to whoever installed the app until a channel is set, each workspace with its own token', async () => {
  await using world = await twoWorkspaces()
  await world.connect()
  await world.install()
  await world.connectBeta()
  expect(world.betaTexts()).toEqual([expect.stringContaining('connected')])

  expect(await world.askBeta('help')).toContain('settings channel #channel')
  expect(await world.askBeta('settings channel #marketing-ops')).toContain('come to <#C0MARKETINGOPS>')
  await bothGoRed(world)
  expect(world.betaTexts(MARKETING_OPS)).toEqual([expect.stringContaining('needs authorization')])
  expect(world.texts().filter((text) => text.includes('needs authorization'))).toHaveLength(1)
  expect(await world.store.installations.history(BETA_TEAM, 1)).toMatchObject([
    { action: 'channel_changed', actor: ANA, detail: MARKETING_OPS },
  ])
  expect(world.slack.calls.filter(({ answer }) => answer === 'invalid_auth')).toEqual([])
})

test('a channel is set by those who may, to where the app and they are; elsewhere the settings say it', async () => {
  await using world = await twoWorkspaces()
  await world.install(BEN)
  expect(await world.askBeta('settings channel #general', GUEST)).toContain('Guests can’t use Redkey')
  expect(await world.askBeta('settings channel nowhere', BEN)).toContain('Which channel?')
  world.beta.faults.removeBot(GENERAL)
  expect(await world.askBeta('settings channel #general', BEN)).toContain('/invite @redkey')
  world.beta.faults.httpError({ method: 'chat.postEphemeral' })
  expect(await world.askBeta(`settings channel ${MARKETING_OPS}`)).toContain('try again in a minute')
  expect((await world.store.installations.find(BETA_TEAM))?.channelId).toBeNull()
  expect(await world.askBeta(`settings channel ${MARKETING_OPS}`, BEN)).toContain('come to <#C0MARKETINGOPS>')

  await world.install(ANA)
  expect((await world.store.installations.find(BETA_TEAM))?.channelId).toBe(MARKETING_OPS)
  expect(await world.askBeta(`settings channel ${GENERAL}`, BEN)).toContain('takes a workspace admin')

  const before = world.slack.ephemerals(ANA).length
  await world.slack.command(ANA, MARKETING_OPS, 'settings channel #general')
  const said = await world.slack.eventually(() => world.slack.ephemerals(ANA)[before])
  expect(said.text).toContain('REDKEY_CHANNEL')
  await world.slack.command(ANA, MARKETING_OPS, 'help')
  const help = await world.slack.eventually(() => world.slack.ephemerals(ANA)[before + 1])
  expect(help.text).not.toContain('settings channel')
})

test('people of a workspace that has not installed the app are told so, and nothing is asked of Slack for them', async () => {
  await using world = await twoWorkspaces()
  const calls = world.slack.calls.length
  expect(await world.askBeta('list')).toContain('not installed in this workspace')
  expect(await world.askBeta('list')).toContain('/slack/install')
  expect(await world.beta.openHome(ANA)).toMatchObject({ acked: true })
  expect(world.beta.home(ANA)).toBeNull()
  expect(world.slack.calls.length).toBe(calls)
})

test.each([
  [['app_uninstalled']],
  [['tokens_revoked']],
  [['app_uninstalled', 'tokens_revoked']],
  [['tokens_revoked', 'app_uninstalled', 'tokens_revoked']],
] as const)(
  'told by %j that the app is gone, it goes on checking and tells nobody; a new install brings back what was to be told',
  async (events) => {
    await using world = await twoWorkspaces()
    await world.connect()
    await world.install()
    await world.connectBeta()
    world.turn(HOUR_MS)
    await uninstall(world, ...events)
    await hasEnded(world).not.toBeNull()
    expect((await world.store.installations.history(BETA_TEAM, 9)).map(({ action }) => action)).toEqual([
      'uninstalled',
      'installed',
    ])

    const posts = () => world.beta.calls.filter(({ method }) => method === 'chat.postMessage').length
    const before = posts()
    await bothGoRed(world)
    expect((await salesforce(world, BETA_TEAM)).health.status).toBe('authorization_required')
    expect(posts()).toBe(before)
    expect(await world.store.messages.failed()).toMatchObject([
      { message: { teamId: BETA_TEAM, uncertainSince: null }, reason: 'workspace_gone' },
    ])
    expect(world.texts().filter((text) => text.includes('needs authorization'))).toHaveLength(1)
    expect(await world.askBeta('list')).toContain('removed from this workspace')

    world.turn(DAY_MS)
    const page = await world.install()
    expect(page.text).toContain('The workspace has 1 connection already')
    await world.beat(3)
    expect(world.betaTexts().at(-1)).toContain('needs authorization')
    expect(await world.store.messages.failed()).toEqual([])
    expect(await world.askBeta('list')).toContain('Authorization Required')
  },
)

test('a window that was open is answered, too', async () => {
  await using world = await twoWorkspaces()
  await world.install()
  await world.connectIn(world.beta, { org: 'Acme Inc', username: 'lea@acme.example' }, 'linkedin', ['511000001'])
  await world.beta.command(ANA, MARKETING_OPS, 'settings linkedin')
  await world.beta.eventually(() => world.beta.view(ANA))
  world.turn(HOUR_MS)
  await uninstall(world, 'app_uninstalled')
  await hasEnded(world).not.toBeNull()
  expect(await world.beta.submitView(ANA)).toMatchObject({ acked: true, error: null })
  expect(JSON.stringify(world.beta.view(ANA)?.blocks)).toContain('removed from this workspace')
})

test('over HTTP it is the same', async () => {
  await using world = await twoWorkspaces({ delivery: 'http' })
  expect(await world.askBeta('list')).toContain('not installed in this workspace')
  await world.install()
  await world.connectBeta()
  expect(await world.askBeta('list')).toContain('Acme Inc')
  world.turn(HOUR_MS)
  await uninstall(world, 'tokens_revoked', 'app_uninstalled')
  await hasEnded(world).not.toBeNull()
  expect(await world.askBeta('list')).toContain('removed from this workspace')
})

test('where Slack never said so, the first post that is refused tells it', async () => {
  await using world = await twoWorkspaces()
  await world.connect()
  await world.install()
  await world.connectBeta()
  await uninstall(world)
  await bothGoRed(world)
  expect(await world.store.installations.find(BETA_TEAM)).toMatchObject({ endedHow: 'token_revoked', sealed: null })
  expect(await world.store.messages.failed()).toMatchObject([{ reason: 'workspace_gone' }])
})

test('what Slack says late of the installation before does not end the new one', async () => {
  await using world = await twoWorkspaces()
  await world.install()
  await world.beta.sendEvent({ type: 'app_uninstalled' })
  await world.beta.sendEvent({ type: 'tokens_revoked', tokens: { oauth: [ANA], bot: ['U0BETABOT'] } })
  world.turn(HOUR_MS)
  await world.beta.sendEvent({ type: 'tokens_revoked', tokens: { oauth: [ANA], bot: [] } })
  expect(await world.askBeta('list')).toContain('No connections')
  expect(await world.store.installations.find(BETA_TEAM)).toMatchObject({ endedAt: null })
})

test('the workspace of the settings is never taken for one that left', async () => {
  await using world = await twoWorkspaces()
  await world.install()
  world.turn(HOUR_MS)
  await world.slack.sendEvent({ type: 'app_uninstalled' })
  await world.connect()
  expect(world.texts()).toHaveLength(1)
  expect(await world.askBeta('list')).toContain('No connections')
})

test('a workspace that is no longer named is not served, and served again when it is', async () => {
  await using world = await twoWorkspaces()
  await world.connect()
  await world.install()
  await world.connectBeta()
  ;(world.config.workspaces as string[]).splice(0)
  expect(await world.askBeta('list')).toContain('no longer among those')
  await bothGoRed(world)
  expect(world.betaTexts()).toHaveLength(1)
  expect(await world.store.messages.failed()).toEqual([])
  ;(world.config.workspaces as string[]).push(BETA_TEAM)
  world.turn(HOUR_MS)
  await world.beat(2)
  expect(world.betaTexts().at(-1)).toContain('needs authorization')
})

test('a token that can’t be opened stops its own workspace only', async () => {
  await using world = await twoWorkspaces()
  await world.connect()
  await world.install()
  const seen = (await world.store.installations.find(BETA_TEAM))!
  await world.store.installations.reseal(seen, 'broken' as never)
  expect(await world.askBeta('list')).toContain('can’t open its access')
  await world.slack.command(ANA, MARKETING_OPS, 'list')
  await world.slack.eventually(() => world.slack.ephemerals(ANA).find(({ text }) => text.includes('salesforce')))
})

test('without a workspace in the settings the installed ones are served', async () => {
  const none = { SLACK_BOT_TOKEN: '', REDKEY_CHANNEL: '', REDKEY_API_TOKENS: '' }
  await using world = await twoWorkspaces({ env: none })
  await world.install()
  expect((await fetch(`${world.config.url}/readyz`)).status).toBe(200)
  await world.connectBeta()
  expect(world.betaTexts()).toEqual([expect.stringContaining('connected')])
  const before = world.slack.ephemerals(ANA).length
  await world.slack.command(ANA, MARKETING_OPS, 'list')
  const said = await world.slack.eventually(() => world.slack.ephemerals(ANA)[before])
  expect(said.text).toContain('not installed in this workspace')
})
