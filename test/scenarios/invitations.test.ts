import { expect, test } from 'vitest'
import { signIn } from '../../src/sandbox/providers/sign-in.ts'
import { ANA, BEN, CHLOE, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { connectAccount } from '../../src/sandbox/story.ts'
import { answerTo, goRed, reports, shownBy, statusOf } from '../support/acts.ts'
import { aVisitor } from '../support/visitor.ts'
import { ACME, aWorld, touchpoints, UAT, type World } from '../support/world.ts'

const HOUR = 60 * 60_000
const AGENCY = { org: 'Acme Inc', username: 'ops@acme.example' }

/** What this person is answered; the link in it, if there is one. */
async function say(world: World, userId: string, text: string): Promise<{ text: string; link: string }> {
  const answer = await answerTo(world, userId, () => world.slack.command(userId, MARKETING_OPS, text))
  return { text: answer, link: /https?:\/\/[^\s|>`]+\/invite\/[\w.-]+/.exec(answer)?.[0] ?? '' }
}

async function invited(world: World, userId = ANA): Promise<string> {
  const { link } = await say(world, userId, 'invite salesforce')
  expect(link).not.toBe('')
  return link
}

async function aRedWorld(): Promise<World> {
  const world = await aWorld()
  await world.connect()
  await goRed(world)
  await world.send(...touchpoints(3))
  return world
}

async function history(world: World): Promise<string[]> {
  const connection = await world.store.connections.byName(world.slack.identity.teamId, 'salesforce')
  const entries = await world.store.history.of(connection?.id ?? '', 20)
  return entries.map(({ action, actor, detail }) => [action, actor ?? '-', detail].join(' ').trim())
}

test('somebody outside the workspace brings the account back, once, and everybody reads who invited and who came', async () => {
  await using world = await aRedWorld()
  const link = await invited(world)
  await world.beat(2)
  expect(world.threadTexts().at(-1)).toMatch(new RegExp(`<@${ANA}> invited somebody outside the workspace .*works once`))

  const agency = aVisitor()
  const page = await agency.visit(link)
  expect(page.status).toBe(200)
  expect(page.text).toMatch(
    /Log in to Salesforce for Redkey\?.*Ana Ruiz of Acme asks you to log in to Salesforce.*Account Acme Inc/,
  )
  expect(page.text).not.toContain('redkey@acme.example') // who was logged in is not told outside
  const end = await agency.login(link, AGENCY, 'POST')
  expect([end.status, end.text]).toEqual([
    200,
    expect.stringMatching(/Thank you.*Account Acme Inc.*Logged in as ops@acme\.example/),
  ])
  expect(end.text).not.toMatch(/touchpoint|Slack card|missed/)
  await world.beat(4)

  expect(await statusOf(world)).toBe('connected')
  expect(world.written().size).toBe(3)
  expect(reports(world)).toHaveLength(1)
  expect(world.threadTexts().join('\n')).toContain(
    `The invitation of <@${ANA}> was used: ops@acme.example logged in to Salesforce`,
  )
  expect(world.texts().at(-1)).toContain('Reauthorized by the login ops@acme.example')
  expect((await history(world)).slice(0, 2)).toEqual(['reauthorized_by_invitation - ops@acme.example', `invited ${ANA}`])
  const owner = (await world.store.connections.byName(world.slack.identity.teamId, 'salesforce'))?.ownerId
  expect(owner).toBe(ANA)

  const again = await agency.visit(link)
  expect([again.status, again.text]).toEqual([410, expect.stringContaining('Somebody has logged in with it')])
  expect(await agency.visit(link, { method: 'POST' })).toMatchObject({ status: 410, location: null })
})

test('opening the page, by a person or a scanner, begins and uses up nothing', async () => {
  await using world = await aRedWorld()
  const link = await invited(world)
  for (const method of ['GET', 'HEAD'])
    for (let times = 0; times < 5; times++) {
      const seen = await fetch(link, { method, redirect: 'manual' })
      expect([seen.status, seen.headers.getSetCookie()]).toEqual([200, []])
    }
  const foreign = await fetch(link, { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' }, redirect: 'manual' })
  expect([foreign.status, foreign.headers.getSetCookie()]).toEqual([403, []])
  expect(await statusOf(world)).toBe('authorization_required')
  expect((await aVisitor().login(link, ACME, 'POST')).text).toContain('Thank you')
})

test('logins that fail use nothing up; another account is refused and named to both sides', async () => {
  await using world = await aRedWorld()
  const link = await invited(world)
  const agency = aVisitor()
  expect((await agency.login(link, { ...AGENCY, allow: false }, 'POST')).text).toContain('cancelled')
  const other = await agency.login(link, UAT, 'POST')
  expect([other.status, other.text]).toEqual([409, expect.stringContaining('Acme UAT')])
  expect(other.text).not.toMatch(/in Slack again/)
  await world.beat(2)
  expect(world.threadTexts().at(-1)).toMatch(/Acme UAT.*instead of \*Acme Inc\*/)
  expect(await statusOf(world)).toBe('authorization_required')
  expect((await agency.login(link, AGENCY, 'POST')).text).toContain('Thank you')
})

test('of two people with the same link only one gets in', async () => {
  await using world = await aRedWorld()
  const link = await invited(world)
  const [first, second] = [aVisitor(), aVisitor()]
  const callbacks = await Promise.all([
    signIn(await first.depart(link, 'POST'), ACME),
    signIn(await second.depart(link, 'POST'), AGENCY),
  ])
  const ends = await Promise.all([first.arrive(callbacks[0]), second.arrive(callbacks[1])])
  expect(ends.map(({ status }) => status).sort()).toEqual([200, 410])
  expect((await history(world)).filter((line) => line.startsWith('reauthorized'))).toHaveLength(1)
})

test('it is over when a colleague logs in first, also for a login that is under way', async () => {
  await using world = await aRedWorld()
  const link = await invited(world)
  const agency = aVisitor()
  const callback = await signIn(await agency.depart(link, 'POST'), AGENCY)
  await world.reauthorize()
  const late = await agency.arrive(callback)
  expect([late.status, late.text]).toEqual([410, expect.stringContaining('works again')])
  expect((await agency.visit(link)).status).toBe(410)
  // It stays over in the next outage: whoever was invited then is not invited now.
  await world.beat(3)
  await goRed(world)
  expect(await agency.visit(link, { method: 'POST' })).toMatchObject({ status: 410, location: null })
})

test('whoever may change settings withdraws it, also under somebody who is logging in', async () => {
  await using world = await aRedWorld()
  const [link, second] = [await invited(world), await invited(world)]
  const agency = aVisitor()
  const callback = await signIn(await agency.depart(link, 'POST'), AGENCY)
  expect((await say(world, ANA, 'invite salesforce off')).text).toContain('Withdrawn: 2 invitations')
  await world.beat(4)
  expect(world.threadTexts().at(-1)).toContain(`<@${ANA}> withdrew the invitation`)
  expect((await agency.arrive(callback)).text).toContain('withdrawn')
  expect((await agency.visit(second)).text).toContain('withdrawn')
  expect(await statusOf(world)).toBe('authorization_required')
  expect((await say(world, ANA, 'invite salesforce off')).text).toContain('no invitation')
  expect((await history(world)).filter((line) => line.startsWith('invitation_withdrawn'))).toHaveLength(1)
})

test('only the owner and those who may change settings invite and withdraw', async () => {
  await using world = await aWorld({ env: { REDKEY_ADMINS: BEN } })
  await world.connect(ACME, BEN)
  await goRed(world)
  for (const text of ['invite salesforce', 'invite salesforce off'])
    expect((await say(world, CHLOE, text)).text).toContain('REDKEY_ADMINS')
  expect((await say(world, ANA, 'invite salesforce')).text).toContain('REDKEY_ADMINS') // a workspace admin, but not named
  await world.reauthorize() // by the card, which proves nobody: Ben stays the owner
  await invited(world, BEN)
})

test('it ends after three days, and with whoever made it', async () => {
  await using world = await aRedWorld()
  const link = await invited(world)
  world.turn(71 * HOUR)
  const agency = aVisitor()
  expect((await agency.visit(link)).status).toBe(200)
  world.slack.faults.deactivate(ANA)
  world.turn(6 * 60_000)
  expect((await agency.visit(link)).text).toContain('withdrawn')
  world.slack.faults.deactivate(ANA, false)
  world.turn(HOUR)
  expect(await agency.visit(link)).toMatchObject({ status: 410, text: expect.stringContaining('has expired') })
})

test('a link that is changed, or of another kind, opens no invitation', async () => {
  await using world = await aRedWorld()
  const link = await invited(world)
  const visitor = aVisitor()
  expect(await visitor.visit(`${link.slice(0, -3)}xyz`)).toMatchObject({ status: 400 })
  expect(await visitor.visit(world.reauthorizeUrl().replace('/reauthorize/', '/invite/'))).toMatchObject({ status: 400 })
  for (const path of ['/reauthorize/', '/connect/'])
    expect(await visitor.visit(link.replace('/invite/', path))).toMatchObject({ status: 400, location: null })
})

test('with Sign in with Slack, whoever is invited needs no Slack', async () => {
  await using world = await aWorld({ signIn: true })
  const visitor = aVisitor()
  await world.slack.command(ANA, MARKETING_OPS, 'add salesforce')
  const shown = await world.slack.eventually(() => world.slack.ephemerals(ANA).at(-1))
  const connect = /https?:\/\/[^\s"<>|]+\/connect\/[\w.-]+/.exec(shownBy(shown as never))?.[0] ?? ''
  await visitor.identify(connect, ANA)
  await visitor.login(connect, ACME, 'POST')
  await world.beat(2)
  await goRed(world)
  expect((await aVisitor().login(await invited(world), AGENCY, 'POST')).text).toContain('Thank you')
})

test('an agency that reaches other red accounts too brings back only the one that it was asked for', async () => {
  await using world = await aWorld()
  const { google } = world.sandbox.fakes
  const kim = { org: 'Northwind Agency', username: 'kim@northwind.example' }
  await connectAccount(world.slack, { provider: 'google-ads', ...kim, accounts: ['Acme EU', 'Acme US'] })
  await world.beat(2)
  google.revoke(kim.username)
  google.expireAccessTokens()
  for (const name of ['google-ads', 'google-ads-2']) await world.api(`/v1/connections/${name}/check`, { method: 'POST' })
  await world.beat(3)
  const { link } = await say(world, ANA, 'invite google-ads-2')
  expect((await aVisitor().login(link, kim, 'POST')).text).toContain('Thank you')
  expect([await statusOf(world, 'google-ads'), await statusOf(world, 'google-ads-2')]).toEqual([
    'authorization_required',
    'connected',
  ])
})
