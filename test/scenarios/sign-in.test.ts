import { describe, expect, test } from 'vitest'
import { signIn } from '../../src/sandbox/providers/sign-in.ts'
import type { OpenIdFault } from '../../src/sandbox/slack/open-id.ts'
import { ANA, BEN, CHLOE, DEFAULT_PEOPLE, GUEST, MARKETING_OPS, PARTNER } from '../../src/sandbox/slack/people.ts'
import { connectUrl, goRed, shownBy, statusOf } from '../support/acts.ts'
import { answerSlack, aVisitor, type Visitor } from '../support/visitor.ts'
import { ACME, aWorld, touchpoints, type World, type WorldOptions } from '../support/world.ts'

const TEN_MINUTES = 10 * 60_000
const SCOPES = ['chat:write', 'commands', 'users:read', 'usergroups:read']

/** Redkey asks Slack who opens a link; Ana has connected Acme's org. */
async function aSignInWorld(options: WorldOptions = {}): Promise<World> {
  const world = await aWorld({ signIn: true, slack: { people: [...DEFAULT_PEOPLE, PARTNER] }, ...options })
  const link = await connectUrl(world)
  const ana = aVisitor()
  await ana.identify(link, ANA)
  expect((await ana.login(link, ACME, 'POST')).text).toContain('Salesforce is connected')
  await world.beat(2)
  return world
}

/** What is at the end of the link for this person. */
async function comeAs(link: string, userId: string, visitor: Visitor = aVisitor()) {
  const seen = await visitor.identify(link, userId)
  return seen.location === null ? seen : visitor.arrive(await signIn(seen.location, ACME))
}

test('whoever reauthorizes says to Slack who they are, and card, report and history name them', async () => {
  await using world = await aSignInWorld()
  const link = await goRed(world)
  await world.send(...touchpoints(3))
  const ben = aVisitor()
  const departure = await ben.visit(link)
  const asked = new URL(departure.location ?? '')
  expect([departure.status, asked.origin, asked.pathname]).toEqual([303, world.slack.url, '/openid/connect/authorize'])
  expect(Object.fromEntries(asked.searchParams)).toEqual({
    response_type: 'code',
    scope: 'openid',
    client_id: 'redkey-slack',
    redirect_uri: `${world.config.url}/identity/slack/callback`,
    state: expect.stringMatching(/^[\w-]{43}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
    team: world.slack.identity.teamId,
  })
  expect((await comeAs(link, BEN, ben)).text).toMatch(/authorized again.*3 missed touchpoints/)
  await world.beat(4)
  expect(world.texts().at(-1)).toMatch(new RegExp(`Reauthorized by <@${BEN}> as redkey@acme\\.example`))
  const described = await world.store.connections.byName(world.slack.identity.teamId, 'salesforce')
  expect(described?.ownerId).toBe(BEN)
  expect((await world.store.history.of(described?.id ?? '', 1))[0]).toMatchObject({ action: 'reauthorized', actor: BEN })
})

test('for ten minutes the browser need not be asked again; then it is', async () => {
  await using world = await aSignInWorld()
  const ben = aVisitor()
  expect((await comeAs(await goRed(world), BEN, ben)).text).toContain('authorized again')
  await world.beat(3)
  const second = await goRed(world)
  expect(await ben.depart(second)).toContain(salesforceOf(world))
  world.turn(TEN_MINUTES + 1000)
  expect(await ben.depart(second)).toContain('/openid/connect/authorize')
})

test.each<[string, string, RegExp]>([
  ['a guest', GUEST, /Guests can't use this link.*\/connections invite/],
  ['somebody of another company', PARTNER.id, /another Slack workspace/],
])('%s is told why the link leads no further, and nothing happens', async (_who, userId, words) => {
  await using world = await aSignInWorld()
  const seen = await comeAs(await goRed(world), userId)
  expect(seen.status).toBe(403)
  expect(seen.text).toMatch(words)
  expect(await statusOf(world)).toBe('authorization_required')
})

test('who is deactivated meanwhile gets no further with what the browser still keeps', async () => {
  await using world = await aSignInWorld()
  const link = await goRed(world)
  const ben = aVisitor()
  await ben.identify(link, BEN)
  world.slack.faults.deactivate(BEN)
  world.turn(6 * 60_000) // Slack is asked anew every five minutes
  const refused = await ben.visit(link)
  expect(refused).toMatchObject({ status: 403, location: null })
  expect(refused.text).toContain('deactivated')
  // Another person in the same browser is asked who they are.
  expect((await comeAs(link, CHLOE, ben)).text).toContain('authorized again')
})

test('while Slack can not say more about somebody, nobody is let through', async () => {
  await using world = await aSignInWorld()
  const link = await goRed(world)
  world.turn(6 * 60_000)
  world.slack.faults.internalError({ method: 'users.info' })
  const unknown = await comeAs(link, BEN)
  expect([unknown.status, unknown.text]).toEqual([503, expect.stringContaining("can't tell who you are")])
  expect((await comeAs(link, BEN)).text).toContain('authorized again')
})

test('REDKEY_MEMBERS names who logs in, by person or by group', async () => {
  const groups = [{ id: 'S0OPS', handle: 'ops', users: [CHLOE] }]
  await using world = await aSignInWorld({
    env: { REDKEY_MEMBERS: `${ANA},S0OPS` },
    slack: { scopes: SCOPES, groups },
  })
  const link = await goRed(world)
  const refused = await comeAs(link, BEN)
  expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('REDKEY_MEMBERS')])
  await world.slack.command(BEN, MARKETING_OPS, 'reauthorize salesforce')
  const answer = await world.slack.eventually(() => world.slack.ephemerals(BEN).at(-1))
  expect(shownBy(answer as never)).not.toContain('/reauthorize/')
  expect((await comeAs(link, CHLOE)).text).toContain('authorized again')
})

test('a Connect link is for the person who asked for it only', async () => {
  await using world = await aSignInWorld()
  const link = await connectUrl(world, BEN)
  const chloe = aVisitor()
  const refused = await chloe.identify(link, CHLOE)
  expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('made for somebody else')])
  // Neither does the form lead on for a browser that Slack knows nothing of, or somebody else of.
  expect((await aVisitor().visit(link, { method: 'POST' })).location).toContain('/openid/connect/authorize')
  const personal = await personalLink(world, BEN)
  await chloe.identify(await goRed(world), CHLOE)
  expect(await chloe.visit(link, { method: 'POST' })).toMatchObject({ status: 403, location: null })
  await chloe.identify(await world.reauthorizeUrl(), CHLOE)
  expect(await chloe.visit(personal)).toMatchObject({ status: 403, location: null })
  const ben = aVisitor()
  expect((await ben.identify(link, BEN)).text).toContain('Connect Salesforce to Redkey?')
  expect((await ben.visit(link, { method: 'POST' })).location).toContain(salesforceOf(world))
})

describe('an answer of Slack that proves nobody', () => {
  test.each<[OpenIdFault, number, RegExp]>([
    ['wrong_nonce', 400, /did not confirm/],
    ['no_nonce', 400, /did not confirm/],
    ['wrong_team', 403, /another Slack workspace/],
    ['wrong_audience', 400, /did not confirm/],
    ['wrong_issuer', 400, /did not confirm/],
    ['expired_token', 400, /did not confirm/],
    ['foreign_key', 400, /did not confirm/],
    ['unsigned', 400, /did not confirm/],
    ['expired_code', 400, /did not confirm/],
  ])('%s: is refused on a page, and the next try works', async (fault, status, words) => {
    await using world = await aSignInWorld()
    const link = await goRed(world)
    world.slack.openId.fail(fault)
    const ben = aVisitor()
    const refused = await comeAs(link, BEN, ben)
    expect([refused.status, refused.text]).toEqual([status, expect.stringMatching(words)])
    expect(await ben.depart(link)).toContain('/openid/connect/authorize') // nothing of it was kept
    expect((await comeAs(link, BEN, ben)).text).toContain('authorized again')
  })

  test('a code that Slack has given to somebody else is worth nothing here', async () => {
    await using world = await aSignInWorld()
    const link = await goRed(world)
    const mallory = new URL(await aVisitor().signInAs(link, CHLOE))
    const ben = aVisitor()
    const own = new URL(await ben.signInAs(link, BEN))
    own.searchParams.set('code', mallory.searchParams.get('code') ?? '')
    expect((await ben.arrive(own.href)).text).toContain('did not confirm') // its nonce is another one
  })

  test('keys that Slack has changed are read anew', async () => {
    await using world = await aSignInWorld()
    const link = await goRed(world)
    world.slack.openId.rotateKeys()
    world.turn(5 * 60_000)
    expect((await comeAs(link, BEN)).text).toContain('authorized again')
  })
})

test('the callback works once, in the browser that set out, within ten minutes, and with its own state', async () => {
  await using world = await aSignInWorld()
  const link = await goRed(world)
  const ben = aVisitor()
  const callback = await ben.signInAs(link, BEN)
  const stranger = await aVisitor().arrive(callback)
  expect([stranger.status, stranger.text]).toEqual([403, expect.stringContaining('another browser')])
  // The browser of somebody who is under way oneself: a cookie, but not of this state.
  const chloe = aVisitor()
  await chloe.depart(link)
  expect(await chloe.arrive(callback)).toMatchObject({ status: 403 })

  const { location } = await ben.visit(callback)
  expect(location).toBe(link) // an address without anything of Slack's
  const again = await ben.visit(callback)
  expect((await ben.visit(new URL(again.location ?? '', link).href)).text).toContain('another browser')

  const slow = aVisitor()
  const late = await slow.signInAs(link, BEN)
  world.turn(TEN_MINUTES + 1000)
  expect(await slow.arrive(late)).toMatchObject({ status: 410, text: expect.stringContaining('took too long') })
  const cancelled = await aVisitor().identify(link, null)
  expect(cancelled.text).toContain('You did not sign in with Slack')
  expect(await statusOf(world)).toBe('authorization_required')
})

test("a provider's login and Slack's are never taken for each other", async () => {
  await using world = await aSignInWorld()
  const link = await goRed(world)
  const ben = aVisitor()
  const fromSlack = new URL(await ben.signInAs(link, BEN))
  expect(await ben.arrive(`${world.config.url}/oauth/callback/salesforce${fromSlack.search}`)).toMatchObject({ status: 403 })
  await ben.identify(link, BEN)
  const fromSalesforce = new URL(await signIn(await ben.depart(link), ACME))
  const mixed = await ben.visit(`${world.config.url}/identity/slack/callback${fromSalesforce.search}`)
  expect((await ben.visit(new URL(mixed.location ?? '', link).href)).status).toBe(403)
  expect(await statusOf(world)).toBe('authorization_required')
})

test('a replayed cookie proves nobody once its state was used', async () => {
  await using world = await aSignInWorld()
  const link = await goRed(world)
  const departure = await fetch(link, { redirect: 'manual' })
  const cookie = departure.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const callback = await answerSlack(departure.headers.get('location') ?? '', BEN)
  const first = await fetch(callback, { headers: { cookie }, redirect: 'manual' })
  expect(first.headers.get('location')).toBe(link)
  expect(first.headers.getSetCookie().join()).toMatch(/redkey-who\.slack=[\w.-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax/)
  const second = await fetch(callback, { headers: { cookie }, redirect: 'manual' })
  expect(second.headers.get('location')).toContain('/done/')
  expect(second.headers.getSetCookie().join()).not.toMatch(/redkey-who\.slack=[\w.-]+;/)
})

test('what looks at links without opening them begins and learns nothing', async () => {
  await using world = await aSignInWorld()
  const link = await goRed(world)
  const calls = world.slack.calls.length
  const head = await fetch(link, { method: 'HEAD', redirect: 'manual' })
  expect([head.status, head.headers.getSetCookie(), head.headers.get('location')]).toEqual([200, [], null])
  const scanner = await fetch(link, { redirect: 'manual', headers: { 'sec-purpose': 'prefetch' } })
  expect(scanner.status).toBe(303)
  const callback = `${world.config.url}/identity/slack/callback?code=x&state=${'s'.repeat(43)}`
  expect(await aVisitor().arrive(callback)).toMatchObject({ status: 403, text: expect.stringContaining('another browser') })
  const bare = await fetch(`${world.config.url}/identity/slack/callback`, { method: 'HEAD' })
  expect(bare.status).toBe(405)
  expect(world.slack.calls.slice(calls).map(({ method }) => method)).toEqual([])
  expect(await statusOf(world)).toBe('authorization_required')
})

test('a client that Slack does not know is told to whoever runs Redkey, not blamed on the visitor', async () => {
  const lines: string[] = []
  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: (event: string, fields?: object) => void lines.push(`${event} ${JSON.stringify(fields)}`),
  }
  await using world = await aWorld({ signIn: true, log, env: { SLACK_CLIENT_SECRET: 'a wrong one' } })
  const link = await connectUrl(world)
  const refused = await aVisitor().identify(link, ANA)
  expect([refused.status, refused.text]).toEqual([503, expect.stringContaining('doctor')])
  expect(lines).toEqual(['identity.not_told {"outcome":"misconfigured","reason":"bad_client_secret"}'])
})

function salesforceOf({ sandbox }: World): string {
  return sandbox.env['SALESFORCE_LOGIN_URL'] ?? 'none'
}

async function personalLink(world: World, userId: string): Promise<string> {
  const before = world.slack.ephemerals(userId).length
  await world.slack.command(userId, MARKETING_OPS, 'reauthorize salesforce')
  return world.slack.eventually(() =>
    world.slack
      .ephemerals(userId)
      .slice(before)
      .map(({ blocks }) => /https?:\/\/[^\s"<>|]+\/reauthorize\/[\w.-]+/.exec(JSON.stringify(blocks))?.[0])
      .find((url) => url !== undefined),
  )
}
