import { expect, test } from 'vitest'
import { ANA, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { backlogOf, cardsSaying, check, goRed, reports, shownBy, soon, statusOf } from '../support/acts.ts'
import { pickyProxy } from '../support/picky-proxy.ts'
import { aVisitor } from '../support/visitor.ts'
import { ACME, aWorld, TOUCHPOINT_OBJECT, touchpoints, UAT, type World } from '../support/world.ts'

const KEYWORD = 'bizible2__Keyword_Text__c'
const TOKEN_PATH = '/services/oauth2/token'

const refreshes = (world: World): number => world.sandbox.salesforce.calls.list().filter(({ path }) => path === TOKEN_PATH).length

function redKeys(world: World): number {
  return cardsSaying(world, /needs authorization/).length
}

test('while Salesforce is down, failing or out of calls there is no card, and what waits is pushed when it is back', async () => {
  await using world = await aWorld()
  await world.connect()
  const before = world.texts()
  const { switches } = world.acme
  let sent = 0
  for (const trouble of ['down', 'serverError', 'rateLimited'] as const) {
    switches[trouble] = true
    await world.send(...touchpoints(5, trouble))
    sent += 5
    await world.beat(400)
    expect(await statusOf(world)).toBe('connected')
    expect(await backlogOf(world)).toMatchObject({ waiting: 5, rejected: 0 })
    switches[trouble] = false
    // What is proved to be up goes on at once; a used-up allowance is asked for again at the latest an hour later.
    if (trouble === 'rateLimited') world.turn(72 * 60_000)
    await world.beat(305)
    expect(world.written().size, `after ${trouble}`).toBe(sent)
  }
  expect(world.texts()).toEqual(before)
})

test('an ended session is renewed once for all pushes in flight and each connection, also when refresh tokens rotate', async () => {
  await using world = await aWorld()
  await world.connect()
  await world.connect(UAT)
  const uat = world.sandbox.salesforce.org('Acme UAT')
  world.sandbox.salesforce.switches.rotateRefreshTokens = true
  world.sandbox.salesforce.switches.latencyMs = 50
  for (const round of [1, 2, 3]) {
    const both = ['salesforce', 'salesforce-2'].flatMap((connection) =>
      touchpoints(2000, `${round}`).map((touchpoint) => ({ ...touchpoint, connection })),
    )
    await world.send(...both)
    world.acme.expireAccessTokens()
    uat.expireAccessTokens()
    const before = refreshes(world)
    await world.beat(2)
    expect(refreshes(world) - before).toBe(2)
    expect(world.written().size).toBe(round * 2000)
    expect(uat.records(TOUCHPOINT_OBJECT).size).toBe(round * 2000)
  }
  // Another refresh of the same login is under way somewhere: that passes.
  world.sandbox.salesforce.switches.concurrentRefreshes = 1
  world.acme.expireAccessTokens()
  await world.send(...touchpoints(5, 'later').map((touchpoint) => ({ ...touchpoint, connection: 'salesforce' })))
  await world.beat(10)
  expect(world.written().size).toBe(6005)
  expect(redKeys(world)).toBe(0)
  for (const times of world.written().values()) expect(times).toBe(1)
})

test('a changed password needs a second proof a minute later before the key turns red', async () => {
  await using world = await aWorld()
  await world.connect()
  world.acme.changePassword(ACME.username)
  await check(world)
  await world.beat(50)
  expect([await statusOf(world), redKeys(world)]).toEqual(['connected', 0])
  await world.beat(20)
  expect([await statusOf(world), redKeys(world)]).toEqual(['authorization_required', 1])
  expect(shownBy(cardsSaying(world, /needs authorization/)[0])).toContain('new password')
})

test('a deactivated user needs another one to log in, which Redkey says and accepts', async () => {
  await using world = await aWorld()
  await world.connect()
  world.acme.setUserActive(ACME.username, false)
  await check(world)
  const [card] = cardsSaying(world, /needs authorization/)
  expect(shownBy(card)).toContain('somebody else who can use this account has to log in')
  const end = await aVisitor().login(world.reauthorizeUrl(), { org: 'Acme Inc', username: 'ops@acme.example' })
  expect(end.text).toContain('authorized again')
  await world.beat(3)
  expect(await statusOf(world)).toBe('connected')
})

test('a missing right of app or network is told without a red key or a Reauthorize button, and mends itself', async () => {
  await using world = await aWorld()
  await world.connect()
  const breaks: [string, (on: boolean) => unknown][] = [
    ['IP ranges', (on) => world.acme.setIpRestricted(on)],
    ['allow the app', (on) => world.acme.setAppAccess(on ? 'blocked' : 'allowed')],
    ['API Enabled', (on) => Object.assign(world.acme.switches, { apiDisabled: on })],
  ]
  for (const [words, turn] of breaks) {
    turn(true)
    await world.send(...touchpoints(3, words))
    await world.beat(10)
    expect(await statusOf(world)).toBe('permission_required')
    const [card] = cardsSaying(world, 'a right is missing')
    expect(shownBy(card)).toContain(words)
    expect(shownBy(card)).not.toMatch(/red_circle|:key:|"Reauthorize"/)
    turn(false)
    await world.beat(305)
    expect(await statusOf(world)).toBe('connected')
    expect(await backlogOf(world)).toMatchObject({ waiting: 0, rejected: 0 })
  }
  expect(redKeys(world)).toBe(0)
  expect(cardsSaying(world, 'a right is missing')).toHaveLength(1) // broken again within half an hour: the same card
})

test('a rotated client secret is one card for the operator, whatever hangs on it, and no red key', async () => {
  await using world = await aWorld()
  await world.connect()
  await world.connect(UAT)
  const uat = world.sandbox.salesforce.org('Acme UAT')
  const { salesforce } = world.sandbox
  const secret = salesforce.clientSecret
  salesforce.rotateClientSecret({ revokesTokens: false })
  world.acme.expireAccessTokens()
  uat.expireAccessTokens()
  await world.slack.command(ANA, MARKETING_OPS, 'check') // both at the same moment
  await soon('both are checked', async () => (await statusOf(world, 'salesforce-2')) === 'misconfigured')
  await world.beat(5)
  expect([await statusOf(world), await statusOf(world, 'salesforce-2')]).toEqual(['misconfigured', 'misconfigured'])
  expect(cardsSaying(world, 'set-up has a problem')).toHaveLength(1)
  expect(redKeys(world)).toBe(0)
  await world.send(...touchpoints(3).map((touchpoint) => ({ ...touchpoint, connection: 'salesforce-2' })))

  salesforce.rotateClientSecret({ secret, revokesTokens: false })
  await world.beat(305)
  expect([await statusOf(world), await statusOf(world, 'salesforce-2')]).toEqual(['connected', 'connected'])
  expect(uat.records(TOUCHPOINT_OBJECT).size).toBe(3)

  // An administrator who applies a rotation ends every login with it: that shows as soon as the secret is right again, at each.
  salesforce.rotateClientSecret({ revokesTokens: true })
  world.turn(60 * 60_000)
  await world.beat(5)
  expect(redKeys(world)).toBe(0)
  salesforce.rotateClientSecret({ secret, revokesTokens: true })
  await world.beat(305)
  expect([await statusOf(world), await statusOf(world, 'salesforce-2')]).toEqual([
    'authorization_required',
    'authorization_required',
  ])
  const [red, ...more] = cardsSaying(world, /need(s)? authorization/)
  expect(more).toEqual([])
  for (const account of ['Acme Inc', 'Acme UAT']) expect(JSON.stringify(red?.blocks)).toContain(account)
})

for (const first of ['salesforce', 'salesforce-2']) {
  test(`logins that a rotated secret ended are asked for on one card, also where ${first} shows it first`, async () => {
    await using world = await aWorld()
    await world.connect()
    await world.connect(UAT)
    const { salesforce } = world.sandbox
    const secret = salesforce.clientSecret
    salesforce.rotateClientSecret({ revokesTokens: true })
    for (const name of ['salesforce', 'salesforce-2']) await world.api(`/v1/connections/${name}/check`, { method: 'POST' })
    await world.beat(2)
    expect(cardsSaying(world, 'set-up has a problem')).toHaveLength(1)

    salesforce.rotateClientSecret({ secret, revokesTokens: true })
    await world.api(`/v1/connections/${first}/check`, { method: 'POST' })
    await world.beat(2)
    const asking = cardsSaying(world, /needs? authorization/)
    expect(asking).toHaveLength(1)
    // Below it, since nobody is notified of an edit.
    expect(world.threadTexts().filter((text) => text.includes('needs authorization'))).toHaveLength(1)
    await world.beat(305)
    const [red, ...more] = cardsSaying(world, /needs? authorization/)
    expect(more).toEqual([])
    expect(world.texts().join('\n')).not.toContain('set-up has a problem')
    expect(red?.text).toContain('2 connections need authorization')
    expect(world.threadTexts().filter((text) => text.includes('authorization'))).toHaveLength(1)
  })
}

test('a hidden field and a right taken away hold the outbox with a card that stays until it is mended; nothing is rejected', async () => {
  await using world = await aWorld()
  await world.connect()
  const breaks: [string, () => void, () => void][] = [
    ['field', () => world.acme.hideField(TOUCHPOINT_OBJECT, KEYWORD), () => world.acme.showField(TOUCHPOINT_OBJECT, KEYWORD)],
    ...(['read_only', 'no_create', 'hidden', 'refused'] as const).map((access): [string, () => void, () => void] => [
      access,
      () => world.acme.setObjectAccess(TOUCHPOINT_OBJECT, access),
      () => world.acme.setObjectAccess(TOUCHPOINT_OBJECT, 'full'),
    ]),
  ]
  let sent = 0
  for (const [name, take, give] of breaks) {
    take()
    await world.send(...touchpoints(3, name).map((touchpoint) => ({ ...touchpoint, keyword: 'crm' })))
    await world.beat(5)
    expect(await statusOf(world), name).toBe('permission_required')
    const card = cardsSaying(world, 'a right is missing').at(-1)
    const versions = card?.versions.length
    // The login itself works, which checks see: the card must not turn green and back with each of them.
    await world.beat(320)
    expect(await statusOf(world), name).toBe('permission_required')
    expect(cardsSaying(world, 'a right is missing').at(-1)?.versions, name).toHaveLength(versions ?? 0)
    expect(await backlogOf(world)).toMatchObject({ waiting: 3, rejected: 0 })
    give()
    await world.beat(310)
    sent += 3
    expect(await statusOf(world), name).toBe('connected')
    expect(world.written().size, name).toBe(sent)
    expect(reports(world).at(-1)).toMatch(/3 pushed, 0 superseded, 0 rejected/)
    world.turn(31 * 60_000)
  }
})

test('after an outage every tenth record that a rule refuses is reported by its reason, and the others are there', async () => {
  await using world = await aWorld()
  await world.connect()
  await goRed(world)
  await world.send(...touchpoints(1230))
  world.acme.rejectRecords({ every: 10, code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION' })
  await world.reauthorize()
  await world.beat(8)
  expect(reports(world)).toHaveLength(1)
  expect(reports(world)[0]).toMatch(/All 1,230 missed touchpoints accounted for: 1,107 pushed, 0 superseded, 123 rejected/)
  expect(world.threadTexts().length).toBeGreaterThan(0)
  const report = world.slack.timeline(MARKETING_OPS).find(({ text }) => text.includes('catch-up report'))
  expect(shownBy(report)).toContain('123 × A touchpoint must belong to an open marketing campaign.')
  expect(world.written().size).toBe(1107)
  expect((await world.api('/v1/touchpoints/tp_9')).body).toMatchObject({
    records: [{ state: 'rejected', code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION' }],
  })
})

test('when Salesforce says how long to wait, nothing is pushed before', async () => {
  await using world = await aWorld()
  let busy = false
  const asked: Date[] = []
  await using proxy = await pickyProxy(world.acme.instanceUrl, (body) => {
    if (body === '') return null
    asked.push(world.clock.now())
    const said = [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'ConcurrentRequests Limit exceeded.' }]
    return busy ? { status: 429, headers: { 'retry-after': '90' }, said } : null
  })
  Object.assign(world.acme, { instanceUrl: proxy.url })
  await world.connect()
  busy = true
  await world.send(...touchpoints(5))
  await world.beat(2)
  busy = false
  expect(asked).toHaveLength(1)
  await world.beat(86)
  expect(asked).toHaveLength(1)
  await world.beat(5)
  expect(world.written().size).toBe(5)
})
