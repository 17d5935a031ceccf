import { expect, test } from 'vitest'
import { allowInstall } from '../../src/sandbox/slack/app-installs.ts'
import { ANA, BEN } from '../../src/sandbox/slack/people.ts'
import { BETA_TEAM, twoWorkspaces } from '../support/two-workspaces.ts'
import { aVisitor } from '../support/visitor.ts'
import { aWorld } from '../support/world.ts'

test('a workspace installs the app: the page says what is next, the token is sealed, and the command answers there', async () => {
  await using world = await twoWorkspaces()
  const page = await world.install(BEN)
  expect(page).toMatchObject({ status: 200 })
  for (const words of ['Redkey is installed', 'Beta', '/invite @redkey', '/connections settings channel', '/connections add'])
    expect(page.text).toContain(words)
  const installed = await world.store.installations.find(BETA_TEAM)
  expect(installed).toMatchObject({
    botUserId: 'U0BETABOT',
    scopes: ['chat:write', 'commands', 'users:read'],
    installedBy: BEN,
    installedAt: world.clock.now(),
    channelId: null,
    endedAt: null,
  })
  expect(JSON.stringify(installed)).not.toContain('xoxb-')
  expect(await world.store.workspaces.all()).toContainEqual(expect.objectContaining({ teamId: BETA_TEAM, name: 'Beta' }))
  expect(await world.store.installations.history(BETA_TEAM, 9)).toMatchObject([{ action: 'installed', actor: BEN }])
  expect(await world.askBeta('list')).toContain('No connections')
  expect(world.beta.calls.filter(({ method, answer }) => method === 'users.info' && answer === 'ok')).not.toEqual([])
})

test('without workspaces that may install there is no way to', async () => {
  await using world = await aWorld()
  for (const path of ['/slack/install', '/slack/oauth_redirect?code=1&state=2']) {
    const answer = await aVisitor().visit(`${world.config.url}${path}`)
    expect(answer).toMatchObject({ status: 404, location: null })
  }
})

test('opening the address does nothing, and HEAD not even that', async () => {
  await using world = await twoWorkspaces()
  const url = `${world.config.url}/slack/install`
  const head = await fetch(url, { method: 'HEAD', redirect: 'manual' })
  expect([head.status, head.headers.get('location'), head.headers.getSetCookie()]).toEqual([200, null, []])
  const get = await fetch(url, { redirect: 'manual' })
  expect(get.status).toBe(303)
  const slack = new URL(get.headers.get('location') ?? '')
  expect(slack.pathname).toBe('/oauth/v2/authorize')
  expect(slack.searchParams.get('scope')).toBe('chat:write,commands,users:read')
  expect(get.headers.getSetCookie()).toEqual([expect.stringMatching(/HttpOnly.*SameSite=Lax/)])
  expect(await world.store.installations.all()).toEqual([])
})

test('the way back works once, in the browser that set out, for ten minutes', async () => {
  await using world = await twoWorkspaces()
  const [visitor, stranger] = [aVisitor(), aVisitor()]
  const back = await world.approve(BETA_TEAM, ANA, visitor)
  expect((await stranger.arrive(back)).text).toContain('Start here to install Redkey')
  const other = new URL(back)
  other.searchParams.set('state', 'x'.repeat(43))
  expect((await visitor.arrive(other.href)).text).toContain('Start here to install Redkey')
  expect((await aVisitor().arrive(`${world.config.url}/slack/oauth_redirect?code=1`)).text).toContain('Start here')
  expect(await world.store.installations.all()).toEqual([])

  const departure = await fetch(`${world.config.url}/slack/install`, { redirect: 'manual' })
  const cookie = departure.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const mine = await allowInstall(departure.headers.get('location') ?? '', BETA_TEAM)
  const replays = await Promise.all([0, 1, 2].map(() => replay(mine, cookie)))
  expect(replays.map(({ text }) => /Redkey is installed|This was done already/.exec(text)?.[0]).sort()).toEqual([
    'Redkey is installed',
    'This was done already',
    'This was done already',
  ])

  const slow = aVisitor()
  const late = await world.approve(BETA_TEAM, ANA, slow)
  world.turn(11 * 60_000)
  expect((await slow.arrive(late)).text).toContain('That took too long')
})

/** Comes back with a cookie that may have been copied, and looks at the page at the end. */
async function replay(callback: string, cookie: string): Promise<{ text: string }> {
  const answer = await fetch(callback, { headers: { cookie }, redirect: 'manual' })
  const done = answer.headers.getSetCookie().find((line) => line.includes('done.')) ?? ''
  const page = await fetch(answer.headers.get('location') ?? '', { headers: { cookie: done.split(';')[0] ?? '' } })
  return { text: await page.text() }
}

test('a workspace that is not named is refused: Slack takes the token back, and nothing is kept', async () => {
  await using world = await twoWorkspaces({ env: { REDKEY_WORKSPACES: 'T0ELSEWHERE' } })
  const page = await world.install()
  expect(page).toMatchObject({ status: 403 })
  expect(page.text).toContain('Beta')
  expect(page.text).toContain(BETA_TEAM)
  expect(world.beta.calls.map(({ method, answer }) => [method, answer])).toEqual([['auth.revoke', 'ok']])
  expect(await world.store.installations.all()).toEqual([])
  expect((await world.store.workspaces.all()).map(({ teamId }) => teamId)).toEqual(['T0ACME'])
})

test.each([
  ['org_wide', 400, 'workspace by workspace'],
  ['rotating', 503, 'token rotation'],
  ['without_users_read', 403, 'users:read'],
] as const)('an install that is %s is refused, and given back', async (fault, status, words) => {
  await using world = await twoWorkspaces()
  world.slack.installs.fail(fault)
  const page = await world.install()
  expect(page.status).toBe(status)
  expect(page.text).toContain(words)
  expect(world.beta.calls.at(-1)).toMatchObject({ method: 'auth.revoke', answer: 'ok' })
  expect(await world.store.installations.all()).toEqual([])
})

test('a code that Slack refuses, a person who cancels, and a Slack that fails are told, and can start again', async () => {
  await using world = await twoWorkspaces()
  world.slack.installs.fail('expired_code')
  expect((await world.install()).text).toContain('Slack did not go through with it')
  const visitor = aVisitor()
  expect((await visitor.arrive(await world.approve(null, ANA, visitor))).text).toContain('You cancelled it in Slack')
  world.slack.faults.httpError({ method: 'oauth.v2.access' })
  expect((await world.install()).text).toContain('Slack gave no usable answer')
  world.slack.faults.refuse('bad_client_secret', { method: 'oauth.v2.access' })
  expect((await world.install()).text).toContain('The Slack app is not set up right')
  world.beta.faults.httpError({ method: 'auth.test' })
  expect((await world.install()).text).toContain('Slack gave no usable answer')
  expect(await world.store.installations.all()).toEqual([])
  expect((await world.install()).text).toContain('Redkey is installed')
})

test('a workspace whose scopes have shrunk keeps the token that it has', async () => {
  await using world = await twoWorkspaces()
  await world.install()
  world.slack.installs.fail('without_users_read')
  expect((await world.install()).status).toBe(403)
  expect(world.beta.calls.some(({ method }) => method === 'auth.revoke')).toBe(false)
  world.beta.faults.setScopes(['chat:write', 'commands', 'users:read'])
  expect(await world.askBeta('list')).toContain('No connections')
})

test('the workspace of the settings goes on with its token, which is not given back', async () => {
  await using world = await twoWorkspaces({ env: { REDKEY_WORKSPACES: 'T0BETA,T0ACME' } })
  const visitor = aVisitor()
  const page = await visitor.arrive(await world.approve('T0ACME', ANA, visitor))
  expect(page).toMatchObject({ status: 200 })
  expect(page.text).toContain('This workspace has Redkey already')
  expect(await world.store.installations.all()).toEqual([])
  await world.connect()
  expect(world.texts()).toHaveLength(1)
})

test('nothing of an install stands in the log', async () => {
  const lines: string[] = []
  const keep = (event: string, fields: object = {}, cause?: unknown) =>
    void lines.push(`${event} ${JSON.stringify(fields)} ${cause instanceof Error ? cause.stack : ''}`)
  await using world = await twoWorkspaces({ log: { info: keep, warn: keep, error: keep } })
  const visitor = aVisitor()
  const back = await world.approve(BETA_TEAM, ANA, visitor)
  await visitor.arrive(back)
  const { searchParams } = new URL(back)
  const log = lines.join('\n')
  for (const secret of [searchParams.get('code'), searchParams.get('state'), 'xoxb-', world.config.slack.signIn?.clientSecret])
    expect(log).not.toContain(secret)
  expect(log).toContain('workspace.installed')
})
