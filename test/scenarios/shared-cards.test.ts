import { expect, test } from 'vitest'
import { later, MINUTE_MS } from '../../src/clock.ts'
import { deliverMessages } from '../../src/domain/cards/deliver.ts'
import type { Connection } from '../../src/domain/connections/connection.ts'
import { observe } from '../../src/domain/connections/observe.ts'
import { createRounds } from '../../src/domain/leases.ts'
import type { AuthorizationCause, Verdict } from '../../src/domain/provider.ts'
import { ANA, BEN, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { answerTo, lastCard, pass, press, repliesTo, shownBy } from '../support/acts.ts'
import { aConnection, aGrant, aMessage, anAuditEntry, anId, touchpoints } from '../support/builders.ts'
import { aWorld, type World } from '../support/world.ts'

const dead = (cause: AuthorizationCause = 'revoked'): Verdict => ({
  kind: 'authorization_required',
  cause,
  certain: true,
  code: 'invalid_grant',
  explanation: 'Salesforce says that the access was revoked.',
})

const SET_UP: Verdict = { kind: 'misconfigured', code: 'invalid_client', explanation: 'Salesforce refuses the client secret.' }

/** A CRM with the login `grantId` to the app `clientId`; nobody checks it by itself, and no welcome is posted. */
async function crm(
  { store, clock, slack }: World,
  name: string,
  grantId: string,
  clientId = 'app',
  ownerId = ANA,
): Promise<Connection> {
  const { teamId } = slack.identity
  const health = { status: 'connected' as const, since: clock.now(), cause: null, explanation: null }
  const proven = { ...health, suspectSince: null, unreachableSince: null, lastProofAt: clock.now() }
  const connection = aConnection({ teamId, name, grantId, accountName: `Acme ${name}`, ownerId, health: proven })
  const grant = aGrant({ id: grantId, teamId, clientId, username: `${grantId}@acme.example` })
  const never = later(clock.now(), 1e10)
  const welcome = aMessage({ teamId, connectionId: connection.id, kind: 'welcome', createdAt: never })
  await store.connections.add(connection, grant, null, welcome, never, anAuditEntry({ teamId, connectionId: connection.id }))
  return connection
}

async function see(world: World, { id }: Connection, seen: Verdict | { kind: 'proof' }): Promise<void> {
  const connection = await world.store.connections.find(id)
  if (connection) await observe(world.app.deps, connection, seen)
  await world.store.checks.reschedule(id, later(world.clock.now(), 1e10))
}

/** Six CRMs of one login, and all of them red on one card. */
async function sixDown(world: World) {
  const grantId = anId('kim')
  const six: Connection[] = []
  for (const name of ['eu', 'us', 'uk', 'fr', 'de', 'jp']) six.push(await crm(world, name, grantId))
  for (const one of six) await see(world, one, dead())
  await world.beat(4)
  return six
}

test('a login that breaks six connections makes one card with one Reauthorize', async () => {
  await using world = await aWorld()
  const six = await sixDown(world)
  const [card, ...others] = world.texts()
  expect(others).toEqual([])
  expect(card).toMatch(/^🔑 <@U0ANARUIZ> Salesforce: 6 connections need authorization, first noticed/)
  const shown = shownBy(lastCard(world))
  expect(shown).toContain('One Salesforce login broke 6 connections: *one reconnect fixes all.*')
  for (const { name } of six) expect(shown).toContain(`*Acme ${name}* \`${name}\` · nothing waits yet`)
  expect(shown.match(/"action_id":"reauthorize/g)).toHaveLength(1)
  expect(shown.match(/\/reauthorize\//g)).toHaveLength(1)
})

test('one that recovers by itself is struck, and what people did about the card stays', async () => {
  await using world = await aWorld()
  const six = await sixDown(world)
  const [eu, us, ...rest] = six
  if (!eu || !us) throw new Error('nobody is there')
  expect(await press(world, BEN, "I'm on it")).toContain("You're on it")
  await world.store.outbox.accept(us.id, touchpoints(7), world.clock.now())
  await see(world, eu, { kind: 'proof' })
  await world.beat(6)
  const shown = shownBy(lastCard(world))
  expect(shown).toContain('~Acme eu~ `eu` · withdrawn: the login works after all')
  expect(shown).toContain('5 connections need authorization')
  expect(shown).toContain('*7 are waiting* and will be pushed after reauthorization.')
  expect(shown).toContain('is on it since')
  // The button that Ben sees was made for the one that is back: it is for the others, too.
  expect(await press(world, BEN, 'Release')).toContain("You're not on it any more")

  for (const one of rest) await see(world, one, { kind: 'proof' })
  await world.beat(6)
  expect(world.texts()).toEqual([expect.stringContaining('Salesforce: 1 connection needs authorization')])
})

test('all that is said at the end comes once to the channel, and each report stays in the thread', async () => {
  await using world = await aWorld()
  const six = await sixDown(world)
  for (const one of six) await see(world, one, { kind: 'proof' })
  await world.beat(20)
  const replies = repliesTo(world)
  expect(shownBy(lastCard(world))).not.toContain('Reauthorize')
  const loud = replies.filter(({ broadcast }) => broadcast)
  expect(loud.map(({ text }) => text)).toEqual([expect.stringMatching(/Salesforce: all 6 connections are back\..*<@U0ANARUIZ>/)])
  expect(replies.filter(({ text }) => text.includes('catch-up report'))).toHaveLength(6)
})

test('logins of one app that die for one cause within five minutes share a card with a button for each', async () => {
  await using world = await aWorld()
  const [ana, ben, cem, dan] = [
    await crm(world, 'a', 'ana'),
    await crm(world, 'b', 'ben'),
    await crm(world, 'c', 'cem'),
    await crm(world, 'd', 'dan'),
  ]
  await see(world, ana, dead())
  await world.beat(2)
  world.turn(4 * MINUTE_MS)
  await see(world, ben, dead())
  await world.beat(6)
  const shown = shownBy(lastCard(world))
  expect(world.texts()).toHaveLength(1)
  expect(shown).toContain('2 logins of one app broke: *each of them is needed once.*')
  expect(shown).toContain('Reauthorize ana@acme.example')
  expect(shown).toContain('Reauthorize ben@acme.example')
  expect(repliesTo(world)).toEqual([])

  world.turn(2 * MINUTE_MS)
  await see(world, cem, dead())
  await see(world, dan, dead('password_changed'))
  await world.beat(6)
  expect(world.texts()).toHaveLength(3)
})

test('a storm of thirty different troubles is nine cards and a digest, and ends with numbers', async () => {
  await using world = await aWorld()
  const all: Connection[] = []
  for (let n = 0; n < 30; n++) all.push(await crm(world, `org-${n}`, anId('grant'), `app-${n}`))
  for (const [n, one] of all.entries()) {
    await see(world, one, dead(n % 2 ? 'revoked' : 'expired'))
    await world.beat(1)
  }
  await world.beat(15)
  expect(world.texts()).toHaveLength(10)
  const digest = shownBy(lastCard(world))
  expect(digest).toContain('21 more connections need attention')
  expect(digest).toMatch(/\*Salesforce: access was revoked\* · 11/)
  expect(digest).toMatch(/\*Salesforce: the login has expired\* · 10/)
  expect(digest).not.toContain('"action_id":"reauthorize')
  const { channel, ts } = lastCard(world)
  const listed = await answerTo(world, BEN, () => world.slack.click(BEN, { channel, ts }, 'show_connections'))
  expect(listed).toContain('30 of 30 connections need authorization.')

  await see(world, all[0] as Connection, { kind: 'proof' })
  for (const one of all.slice(20)) await see(world, one, { kind: 'proof' })
  await world.beat(8)
  expect(shownBy(lastCard(world))).toContain('11 more connections need attention')
  for (const one of all.slice(1, 20)) await see(world, one, { kind: 'proof' })
  await world.beat(40)
  expect(world.texts().filter((text) => text.startsWith('↩️'))).toHaveLength(10)
  expect(shownBy(lastCard(world))).toContain('all 21 connections are back')
})

test('a card that somebody deletes is posted again, with all that it shows', async () => {
  await using world = await aWorld()
  const [eu] = await sixDown(world)
  const { channel, ts } = lastCard(world)
  world.slack.faults.deleteMessage(channel, ts)
  await see(world, eu as Connection, { kind: 'proof' })
  await world.beat(8)
  expect(world.texts()).toEqual([expect.stringContaining('5 connections need authorization')])
})

test('a reminder speaks of all that are still down', async () => {
  await using world = await aWorld()
  const [eu] = await sixDown(world)
  await see(world, eu as Connection, { kind: 'proof' })
  await pass(world, 61 * MINUTE_MS)
  await world.beat(4)
  expect(repliesTo(world).map(({ text }) => text)).toContainEqual(expect.stringContaining('still needs authorization after 1 h'))
  expect(
    repliesTo(world)
      .map(({ text }) => text)
      .join(),
  ).toContain('5 of 6 connections')
})

test('a set-up problem that outlasts what took its card over asks nobody for anything', async () => {
  await using world = await aWorld()
  const first = await crm(world, 'eu', 'ana', 'app', ANA)
  const second = await crm(world, 'us', 'ben', 'app', BEN)
  for (const one of [first, second]) await see(world, one, SET_UP)
  await see(world, second, dead())
  await world.beat(4)
  expect(world.texts()).toEqual([expect.stringMatching(/^🔑 <@U0BEN\w*> Salesforce: 1 connection needs authorization/)])
  expect(shownBy(lastCard(world))).not.toContain(`<@${ANA}>`)
  expect(repliesTo(world).at(-1)?.text).toMatch(/needs authorization: .*Acme us/)

  await see(world, second, { kind: 'proof' })
  expect(await press(world, BEN, "I'm on it")).toContain('This outage is over: it works again')
  await world.beat(6)
  expect(world.texts()).toEqual([expect.stringContaining("Redkey's Salesforce set-up has a problem")])
  const before = repliesTo(world).length
  await pass(world, 61 * MINUTE_MS)
  await world.beat(6)
  expect(repliesTo(world).slice(before)).toEqual([])

  await answerTo(world, ANA, () => world.slack.command(ANA, MARKETING_OPS, 'pause eu'))
  await world.beat(6)
  expect(world.texts()).toEqual([expect.stringContaining("Redkey's Salesforce set-up has a problem")])
})

for (const end of ['proof', 'pause'] as const) {
  test(`an alert that comes too late for a ${end} is not posted on the card of a set-up problem`, async () => {
    await using world = await aWorld()
    const first = await crm(world, 'eu', 'ana')
    const second = await crm(world, 'us', 'ben')
    for (const one of [first, second]) await see(world, one, SET_UP)
    await world.beat(4)
    await see(world, second, dead())
    if (end === 'proof') await see(world, second, { kind: 'proof' })
    else await answerTo(world, ANA, () => world.slack.command(ANA, MARKETING_OPS, 'pause us'))
    await world.beat(6)
    expect(repliesTo(world).map(({ text }) => text)).not.toContainEqual(expect.stringContaining('needs authorization'))
    expect(world.texts()).toEqual([expect.stringContaining("Redkey's Salesforce set-up has a problem")])
  })
}

test('two processes that see one login die at the same moment post one card, and edit it in turns', async () => {
  await using world = await aWorld()
  const grantId = anId('kim')
  const twelve: Connection[] = []
  for (let n = 0; n < 12; n++) twelve.push(await crm(world, `shop-${n}`, grantId))
  const second = { ...world.app.deps, rounds: createRounds(() => anId('holder')) }
  const both = [world.app.deps, second]
  await Promise.all(twelve.map((one, n) => observe(both[n % 2] ?? second, one, dead())))
  for (let round = 0; round < 6; round++) {
    world.turn(1000)
    await Promise.all(both.map((deps) => deliverMessages(deps)))
  }
  expect(world.texts()).toEqual([expect.stringContaining('12 connections need authorization')])
})
