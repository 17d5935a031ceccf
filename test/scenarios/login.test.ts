import { expect, test } from 'vitest'
import { signIn } from '../../src/sandbox/providers/sign-in.ts'
import { ANA, BEN, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { answerTo, cardsSaying, connectUrl, goRed, reports, STACK, shownBy, soon, statusOf } from '../support/acts.ts'
import { aVisitor } from '../support/visitor.ts'
import { ACME, aWorld, touchpoints, UAT, type World } from '../support/world.ts'

const TOM = { org: 'Acme Inc', username: 'ops@acme.example' }
const TEN_MINUTES = 10 * 60_000

/** A login that was refused has changed nothing: the key is as red as before, and the right login still mends it. */
async function expectStillRed(world: World): Promise<void> {
  await world.beat(2)
  expect(await statusOf(world)).toBe('authorization_required')
  expect(world.written().size).toBe(0)
}

test('an account that is connected already is not added again, which the page says; the login is used for it', async () => {
  await using world = await aWorld()
  await world.connect()
  const { text } = await aVisitor().login(await connectUrl(world), ACME, 'POST')
  expect(text).toContain('This account was connected already')
  expect(text).toMatch(/It is salesforce ?, so nothing was added/)
  expect((await world.api('/v1/connections')).body['connections']).toHaveLength(1)
})

test('a link that is forged, too old or used up starts no login', async () => {
  await using world = await aWorld()
  const first = await connectUrl(world)
  const visitor = aVisitor()
  expect(await visitor.visit(`${first.slice(0, -3)}xyz`)).toMatchObject({ status: 400, location: null })
  expect((await visitor.visit(`${world.config.url}/reauthorize/nonsense`)).text).toContain("This link doesn't work")
  // A Connect link is no Reauthorize link.
  expect(await visitor.visit(first.replace('/connect/', '/reauthorize/'))).toMatchObject({ status: 400, location: null })
  const { text } = await visitor.login(first, ACME, 'POST')
  expect(text).toContain('Salesforce is connected')
  expect(text).toContain('Open the channel in Slack')
  expect(await aVisitor().visit(first, { method: 'POST' })).toMatchObject({ status: 410, location: null })

  const second = await connectUrl(world)
  world.turn(TEN_MINUTES + 1000)
  const late = await visitor.visit(second, { method: 'POST' })
  expect(late).toMatchObject({ status: 410, location: null })
  expect(late.text).toContain('This link has expired')

  const card = await goRed(world)
  world.turn(31 * 24 * 60 * 60_000)
  expect(await visitor.visit(card)).toMatchObject({ status: 410, location: null })
  await world.beat(3)
  expect((await visitor.visit(world.reauthorizeUrl())).status).toBe(303) // the card has a fresh link by now
})

test('a callback that this browser did not set out for changes nothing', async () => {
  await using world = await aWorld()
  await world.connect()
  const link = await goRed(world)
  await world.send(...touchpoints(3))
  const visitor = aVisitor()
  const callback = await signIn(await visitor.depart(link), ACME)

  const stranger = await aVisitor().arrive(callback)
  expect(stranger).toMatchObject({ status: 403 })
  expect(stranger.text).toContain('another browser')
  const forged = new URL(callback)
  const state = forged.searchParams.get('state') ?? ''
  forged.searchParams.set('state', state.slice(0, 16) + state.slice(16).split('').reverse().join(''))
  expect(await visitor.arrive(forged.href)).toMatchObject({ status: 403 })
  await expectStillRed(world)

  // The forged return has cost the browser its cookie; the login is simply begun again.
  const again = await signIn(await visitor.depart(link), ACME)
  expect((await visitor.arrive(again)).text).toContain('authorized again')
  await world.beat(3)
  expect(world.written().size).toBe(3)
  // The same address once more: nothing is done twice.
  expect((await visitor.arrive(again)).status).toBeGreaterThanOrEqual(400)
  await world.beat(3)
  expect(reports(world)).toHaveLength(1)
})

test('a login that takes longer than ten minutes has to be begun again', async () => {
  await using world = await aWorld()
  await world.connect()
  const link = await goRed(world)
  const visitor = aVisitor()
  const callback = await signIn(await visitor.depart(link), ACME)
  world.turn(TEN_MINUTES + 1000)
  const late = await visitor.arrive(callback)
  expect(late).toMatchObject({ status: 410 })
  expect(late.text).toContain('took too long')
  await expectStillRed(world)
})

test('what goes wrong at Salesforce is told on the page and in the thread, and the old state survives it', async () => {
  await using world = await aWorld()
  await world.connect()
  const link = await goRed(world)
  await world.send(...touchpoints(3))
  const visitor = aVisitor()

  const denied = await visitor.login(link, { ...ACME, allow: false })
  expect(denied.text).toContain('cancelled')

  const other = await visitor.login(link, UAT)
  expect(other.status).toBe(409)
  expect(other.text).toContain('Acme UAT')
  expect(other.text).not.toContain('Acme Inc')
  await world.beat(2)
  expect(world.threadTexts().at(-1)).toMatch(/Acme UAT.*instead of \*Acme Inc\*/)

  const narrow = new URL(await visitor.depart(link))
  narrow.searchParams.set('scope', 'openid refresh_token')
  const scopes = await visitor.arrive(await signIn(narrow.href, ACME))
  expect(scopes.text).toMatch(/not given everything.*api/)
  await world.beat(2)
  expect(world.threadTexts().at(-1)).toContain('did not allow reading and writing records (`api`)')

  const stale = new URL(await signIn(await visitor.depart(link), ACME))
  stale.searchParams.set('code', 'aPrxUnknown')
  const notes = world.threadTexts().length
  const refused = await visitor.arrive(stale.href)
  expect(refused.text).toMatch(/started again.*open the link again/)
  await world.beat(2)
  expect(world.threadTexts()).toHaveLength(notes) // whoever tried can try again: nobody else needs to know

  const down = await signIn(await visitor.depart(link), ACME)
  world.sandbox.salesforce.switches.loginDown = true
  const page = await visitor.arrive(down)
  expect(page.text).toMatch(/in a minute or two.*Nothing was changed/)
  world.sandbox.salesforce.switches.loginDown = false

  const blocked = await signIn(await visitor.depart(link), ACME)
  world.acme.setIpRestricted(true)
  expect((await visitor.arrive(blocked)).text).toContain('IP ranges')
  world.acme.setIpRestricted(false)
  await world.beat(2)
  expect(world.threadTexts().at(-1)).toContain('IP ranges')

  await expectStillRed(world)
  for (const text of [denied, other, scopes, refused, page].map((seen) => seen.text)) expect(text).not.toMatch(STACK)
  expect((await visitor.login(link, ACME)).text).toMatch(/authorized again.*3 missed touchpoints/)
  await world.beat(3)
  expect(world.written().size).toBe(3)
})

test('a healthy login survives a failed attempt to renew it, and pushes on', async () => {
  await using world = await aWorld()
  await world.connect()
  const visitor = aVisitor()
  await world.slack.command(ANA, MARKETING_OPS, 'reauthorize salesforce')
  const link = await world.slack.eventually(
    () => /http[^"|>]+\/reauthorize\/[\w.-]+/.exec(JSON.stringify(world.slack.ephemerals(ANA).at(-1)?.blocks))?.[0],
  )
  const callback = await signIn(await visitor.depart(link), ACME)
  world.acme.switches.down = true
  expect((await visitor.arrive(callback)).text).toContain('in a minute or two')
  world.acme.switches.down = false
  expect((await visitor.login(link, UAT)).status).toBe(409)
  await world.send(...touchpoints(2, 'old'))
  await world.beat(2)
  expect(world.written().size).toBe(2)

  // Another user of the same org is fine, also without an outage, and is named.
  const renewed = await visitor.login(link, TOM)
  expect(renewed.text).toMatch(/authorized again.*ops@acme\.example/)
  await world.send(...touchpoints(2, 'new'))
  await world.beat(2)
  expect(world.written().size).toBe(4)
  expect(world.acme.calls.list().at(-1)?.username).toBe(TOM.username)
  expect(await statusOf(world)).toBe('connected')
  expect(reports(world)).toEqual([])
})

test('two people who log in at once and a third who comes later end with one connection, one catch-up, one report', async () => {
  await using world = await aWorld()
  await world.connect()
  const link = await goRed(world)
  await world.send(...touchpoints(4))
  const [ana, tom, late] = [aVisitor(), aVisitor(), aVisitor()]
  const callbacks = await Promise.all([
    ana.depart(link).then((login) => signIn(login, ACME)),
    tom.depart(link).then((login) => signIn(login, TOM)),
  ])
  const ends = await Promise.all([ana.arrive(callbacks[0]), tom.arrive(callbacks[1])])
  for (const { text } of ends) expect(text).toContain('authorized again')
  const third = await late.visit(link)
  expect(third).toMatchObject({ status: 200, location: null })
  expect(third.text).toMatch(/Already authorized.*(redkey|ops)@acme\.example logged in/)
  await world.beat(6)
  expect(world.written()).toEqual(new Map(touchpoints(4).map(({ id }) => [id, 1])))
  expect(reports(world)).toHaveLength(1)

  // `add salesforce` once more, to the same org, is a reauthorization too.
  expect((await aVisitor().login(await connectUrl(world, BEN), TOM, 'POST')).text).toContain('connected already')
  await world.beat(3)
  expect((await world.api('/v1/connections')).body['connections']).toHaveLength(1)
  expect(world.texts().filter((text) => text.includes('was connected'))).toHaveLength(1)
})

test('a login that does not come back is noted once in the thread, and one that came back is not waited for', async () => {
  await using world = await aWorld()
  await world.connect()
  const link = await goRed(world)
  const card = world.slack.messages(MARKETING_OPS).at(-1)
  if (!card) throw new Error('there is no card')
  const press = async () => {
    await world.slack.click(BEN, { channel: MARKETING_OPS, ts: card.ts }, 'reauthorize')
    await soon('the press is noted', async () => {
      const [overview] = await world.store.connections.overviews(world.slack.identity.teamId)
      return overview?.outage?.loginBegunAt
    })
  }
  const notes = () => world.threadTexts().filter((text) => text.includes('did not come back within 10 minutes'))
  const tenMinutesLater = async () => {
    world.turn(TEN_MINUTES)
    await world.beat(5)
  }
  await press()
  await tenMinutesLater()
  expect(notes()).toHaveLength(1)
  await tenMinutesLater()
  expect(notes()).toHaveLength(1)

  await press()
  await aVisitor().login(link, UAT)
  await tenMinutesLater()
  expect(notes()).toHaveLength(1)

  await press()
  await aVisitor().login(link, ACME)
  await tenMinutesLater()
  expect(notes()).toHaveLength(1)
  expect(await statusOf(world)).toBe('connected')
})

test('an app that an admin must install first is told step by step, on the page and in the thread', async () => {
  await using world = await aWorld()
  await world.connect()
  const link = await goRed(world)
  world.acme.setAppAccess('must_be_installed')
  const refused = await aVisitor().login(link, ACME)
  expect(refused.text).toContain('has to act first')
  expect(refused.text).toContain('find the app of Redkey and press Install')
  await expectStillRed(world)
  const told = world.threadTexts().at(-1) ?? ''
  expect(told).toContain('1. In Setup, open Apps')
  expect(told).toContain('5. Then log in once more from Slack.')

  world.acme.setAppAccess('allowed')
  expect((await aVisitor().login(link, ACME)).text).toContain('authorized again')
})

test('a login that newer ones of the same user may have ended says so on the card and in the details', async () => {
  await using world = await aWorld()
  await world.connect()
  await goRed(world)
  const shown = () => shownBy(cardsSaying(world, 'needs authorization').at(-1))
  expect(shown()).not.toContain('limit of Salesforce')
  // Five approvals by now, of which some were refused: Salesforce counts them all.
  const visitor = aVisitor()
  for (let attempt = 0; attempt < 3; attempt++) {
    const narrow = new URL(await visitor.depart(world.reauthorizeUrl()))
    narrow.searchParams.set('scope', 'openid refresh_token')
    await visitor.arrive(await signIn(narrow.href, ACME))
  }
  await visitor.login(world.reauthorizeUrl(), ACME)
  await world.beat(4)
  expect(await statusOf(world)).toBe('connected')
  await goRed(world)
  expect(shown()).toMatch(/\*may\* be a limit of Salesforce: it keeps 5 logins.*this user let the Redkey app in 5 times/)
  const details = await answerTo(world, ANA, () => world.slack.command(ANA, MARKETING_OPS, 'salesforce'))
  expect(details).toContain('Authorization Required')
  expect(JSON.stringify(world.slack.ephemerals(ANA).at(-1)?.blocks)).toContain('limit of Salesforce')
})
