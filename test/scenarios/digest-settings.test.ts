import { describe, expect, test } from 'vitest'
import { later, MINUTE_MS, SECOND_MS } from '../../src/clock.ts'
import { ANA, BEN, DEFAULT_PEOPLE, GENERAL, GUEST, MARKETING_OPS, PARTNER } from '../../src/sandbox/slack/people.ts'
import type { View } from '../../src/sandbox/slack/view.ts'
import { answerTo } from '../support/acts.ts'
import { addConnection } from '../support/builders.ts'
import { BETA_TEAM, twoWorkspaces } from '../support/two-workspaces.ts'
import { shownIn } from '../support/windows.ts'
import { aWorld, type World } from '../support/world.ts'

const ask = (world: World, userId = ANA, channel = MARKETING_OPS) =>
  answerTo(world, userId, () => world.slack.command(userId, channel, 'digest'))
const lastSeen = (world: World, userId: string) => JSON.stringify(world.slack.ephemerals(userId).at(-1)?.blocks)
const digestsIn = (world: World, channel: string) =>
  world.slack.messages(channel).filter(({ text }) => /Weekly digest|worked (all week|since)/.test(text))
const saved = (world: World, channel: string) => world.store.digestSettings.find('T0ACME', channel)

/** Presses *Change…* in the last answer that this person got. */
async function openForm(world: World, userId = ANA, channel = MARKETING_OPS): Promise<View> {
  await ask(world, userId, channel)
  const ts = world.slack.ephemerals(userId).at(-1)?.ts ?? ''
  const before = world.slack.view(userId)
  await world.slack.click(userId, { channel, ts }, 'digest')
  return world.slack.eventually(() => (world.slack.view(userId) === before ? null : world.slack.view(userId)))
}

async function set(world: World, channel: string, isOn: 'on' | 'off', timeZone: string): Promise<void> {
  await openForm(world, ANA, channel)
  const version = (await saved(world, channel))?.version ?? 0
  await world.slack.submitView(ANA, { [`isOn.${version}`]: isOn, [`timeZone.${version}`]: timeZone })
  expect(shownIn(world.slack.view(ANA))).toContain('Saved.')
  await world.slack.closeView(ANA)
}

/** Makes and shows what is due at that time. */
async function at(world: World, time: string): Promise<void> {
  world.turn(new Date(time).getTime() - world.clock.now().getTime())
  for (let round = 0; round < 4; round++) {
    await world.run('digests')
    await world.run('messages')
    world.turn(2 * SECOND_MS)
  }
}

/** One connection in each of two channels, since long ago. */
async function twoChannels(env: Record<string, string> = {}): Promise<World> {
  const world = await aWorld({ env: { REDKEY_TIME_ZONE: 'UTC', REDKEY_CHECK_EVERY: '7d', ...env } })
  await world.connect()
  const { teamId } = world.slack.identity
  const since = { teamId, addedAt: world.clock.now() }
  await addConnection(world.store, { ...since, name: 'paid', provider: 'meta', kind: 'ads', channelId: GENERAL })
  return world
}

/** The Monday that is at least two days ahead, and days beside it: `monday(-1)` is Sunday. */
function calendar(now: Date): (days: number) => string {
  const first = later(now, 2 * 86_400_000)
  const ahead = (8 - first.getUTCDay()) % 7
  return (days) =>
    later(first, (ahead + days) * 86_400_000)
      .toISOString()
      .slice(0, 10)
}

describe('the form', () => {
  test('takes what an admin sets, tells what is wrong, and everybody sees what holds', async () => {
    await using world = await aWorld({ env: { REDKEY_TIME_ZONE: 'Europe/London' } })
    await world.connect()
    const usual = await ask(world)
    expect(usual).toBe(
      'Weekly digest of this channel: Mondays at 9:00 (Europe/London). Nobody has set it for this channel: it goes by the settings of Redkey.',
    )
    const form = await openForm(world)
    expect(shownIn(form)).toContain('"initial_value":"America/New_York"')
    expect(shownIn(form)).toContain('so it is Europe/London now')
    for (const [typed, words] of [
      ['Berlin', 'Did you mean Europe/Berlin?'],
      ['Mars/Phobos', 'There is no such time zone. One is like Europe/Berlin or America/New_York.'],
    ] as const) {
      await world.slack.submitView(ANA, { 'timeZone.0': typed })
      expect(world.slack.view(ANA)?.errors).toEqual({ 'timeZone.0': expect.stringContaining(words) })
    }
    expect(await saved(world, MARKETING_OPS)).toBeUndefined()
    await world.slack.submitView(ANA, { 'timeZone.0': 'europe/berlin' })
    expect(shownIn(world.slack.view(ANA))).toContain(`comes to <#${MARKETING_OPS}> on Mondays at 9:00 (Europe/Berlin)`)
    expect(await ask(world, BEN)).toBe('Weekly digest of this channel: Mondays at 9:00 (Europe/Berlin).')
    expect(await world.store.installations.history('T0ACME', 9)).toMatchObject([
      { action: 'digest_changed', actor: ANA, detail: `${MARKETING_OPS} on Europe/Berlin` },
    ])
    await set(world, MARKETING_OPS, 'off', 'Europe/Berlin')
    expect(await ask(world)).toBe('Weekly digest of this channel: off.')
  })

  test('saved as it is leaves no history the second time', async () => {
    await using world = await aWorld()
    await world.connect()
    for (let times = 0; times < 2; times++) await set(world, MARKETING_OPS, 'on', 'Asia/Tokyo')
    expect(await world.store.installations.history('T0ACME', 9)).toHaveLength(1)
    expect(await saved(world, MARKETING_OPS)).toMatchObject({ version: 1 })
  })

  test('takes a zone of the settings that nobody would type, as long as nobody changes it', async () => {
    const people = DEFAULT_PEOPLE.map((person) => ({ ...person, tz: 'CET' }))
    await using world = await aWorld({ env: { REDKEY_TIME_ZONE: 'CET' }, slack: { people } })
    await world.connect()
    expect(shownIn(await openForm(world))).toContain('"initial_value":"CET"')
    await world.slack.submitView(ANA, { 'isOn.0': 'off' })
    expect(await saved(world, MARKETING_OPS)).toMatchObject({ isOn: false, timeZone: 'CET' })
  })

  test('of two who save at once shows the second what the first has saved', async () => {
    await using world = await aWorld({ env: { REDKEY_ADMINS: `${ANA},${BEN}` } })
    await world.connect()
    await openForm(world, ANA)
    await openForm(world, BEN)
    await world.slack.submitView(BEN, { 'timeZone.0': 'Asia/Tokyo' })
    await world.slack.submitView(ANA, { 'isOn.0': 'off', 'timeZone.0': 'Europe/Paris' })
    const shown = shownIn(world.slack.view(ANA))
    expect(shown).toContain('Somebody else has saved this meanwhile')
    expect(shown).toContain('"initial_value":"Asia/Tokyo"')
    expect(await saved(world, MARKETING_OPS)).toMatchObject({ isOn: true, timeZone: 'Asia/Tokyo', changedBy: BEN })
    await world.slack.submitView(ANA, { 'isOn.1': 'off' })
    expect(await saved(world, MARKETING_OPS)).toMatchObject({ isOn: false, timeZone: 'Asia/Tokyo', version: 2 })
  })

  test('is for whoever may change settings; guests and people of other companies do nothing', async () => {
    await using world = await aWorld({ slack: { people: [...DEFAULT_PEOPLE, PARTNER] } })
    await world.connect()
    expect(await ask(world, BEN)).toContain('Mondays at 9:00')
    expect(lastSeen(world, BEN)).toContain('takes a workspace admin')
    expect(lastSeen(world, BEN)).not.toContain('Change…')
    for (const userId of [GUEST, PARTNER.id]) {
      expect(await ask(world, userId)).toMatch(/Guests can’t use Redkey|Only members of this workspace can use Redkey/)
      expect(lastSeen(world, userId)).not.toMatch(/Mondays|Change…/)
    }
    // The Home tab has the button for everybody.
    await world.slack.openHome(BEN)
    await world.slack.eventually(() => world.slack.home(BEN))
    expect(shownIn(world.slack.home(BEN))).toContain(`*Weekly digest* in <#${MARKETING_OPS}>`)
    await world.slack.click(BEN, 'home', 'digest')
    const refusal = await world.slack.eventually(() => world.slack.view(BEN))
    expect(shownIn(refusal)).toContain('takes a workspace admin')
  })

  test('whose sender may not change it any more changes nothing', async () => {
    const people = DEFAULT_PEOPLE.map((person) => ({ ...person }))
    await using world = await aWorld({ slack: { people } })
    await world.connect()
    await openForm(world)
    Object.assign(people.find(({ id }) => id === ANA) ?? {}, { isAdmin: false })
    world.turn(10 * MINUTE_MS)
    await world.slack.submitView(ANA, { 'isOn.0': 'off' })
    expect(shownIn(world.slack.view(ANA))).toContain('takes a workspace admin')
    expect(await saved(world, MARKETING_OPS)).toBeUndefined()
  })

  test('is shown anew in Home tabs that are open', async () => {
    await using world = await aWorld()
    await world.connect()
    await world.slack.openHome(BEN)
    await world.slack.eventually(() => world.slack.home(BEN))
    await set(world, MARKETING_OPS, 'on', 'Asia/Tokyo')
    world.turn(11 * SECOND_MS)
    await world.run('homes')
    expect(shownIn(world.slack.home(BEN))).toContain('Mondays at 9:00 (Asia/Tokyo)')
  })

  test('of a channel to which no cards come says where they do', async () => {
    await using world = await aWorld()
    await world.connect()
    expect(await ask(world, ANA, GENERAL)).toContain(`nothing to tell yet. Cards come to <#${MARKETING_OPS}>.`)
  })
})

describe('channels', () => {
  test('of two time zones get theirs at their own Monday, nine o’clock, of the week there', async () => {
    await using world = await twoChannels()
    const day = calendar(world.clock.now())
    await set(world, MARKETING_OPS, 'on', 'Asia/Tokyo')
    await set(world, GENERAL, 'on', 'America/New_York')
    const told = () => [digestsIn(world, MARKETING_OPS).length, digestsIn(world, GENERAL).length]
    for (const [time, expected] of [
      [`${day(-1)}T23:59:50Z`, [0, 0]],
      [`${day(0)}T00:00:00Z`, [1, 0]],
      [`${day(0)}T09:00:00Z`, [1, 0]],
      [`${day(0)}T13:59:50Z`, [1, 0]],
      [`${day(0)}T14:00:00Z`, [1, 1]],
      [`${day(6)}T23:59:50Z`, [1, 1]],
      [`${day(7)}T00:00:00Z`, [2, 1]],
      [`${day(7)}T14:00:00Z`, [2, 2]],
    ] as const) {
      await at(world, time)
      expect(told(), time).toEqual(expected)
    }
  })

  test('that switched it off get none; that switched it on get theirs although it is off for all others', async () => {
    await using world = await twoChannels({ REDKEY_DIGEST: 'off' })
    const day = calendar(world.clock.now())
    expect(await ask(world, ANA, GENERAL)).toContain('of this channel: off.')
    await set(world, GENERAL, 'on', 'UTC')
    await at(world, `${day(0)}T09:00:00Z`)
    expect([digestsIn(world, MARKETING_OPS).length, digestsIn(world, GENERAL).length]).toEqual([0, 1])
    await set(world, GENERAL, 'off', 'UTC')
    await at(world, `${day(7)}T09:00:00Z`)
    expect(digestsIn(world, GENERAL)).toHaveLength(1)
  })

  test('that switch it on on Monday get it the same day, and not on Tuesday', async () => {
    await using world = await twoChannels({ REDKEY_DIGEST: 'off' })
    const day = calendar(world.clock.now())
    await at(world, `${day(0)}T15:00:00Z`)
    await set(world, GENERAL, 'on', 'UTC')
    await at(world, `${day(0)}T15:02:00Z`)
    await at(world, `${day(1)}T10:00:00Z`)
    await set(world, MARKETING_OPS, 'on', 'UTC')
    await at(world, `${day(1)}T10:02:00Z`)
    expect([digestsIn(world, MARKETING_OPS).length, digestsIn(world, GENERAL).length]).toEqual([0, 1])
  })
})

describe('a workspace that installed the app by itself', () => {
  test('has digests of its own, at first in direct messages to whoever installed it', async () => {
    await using world = await twoWorkspaces({ env: { REDKEY_TIME_ZONE: 'UTC', REDKEY_CHECK_EVERY: '7d' } })
    await world.connect()
    await world.install()
    await world.connectBeta()
    const day = calendar(world.clock.now())
    const direct = world.beta.channels().find(({ id, members }) => id.startsWith('D') && members?.includes(ANA))?.id ?? ''
    expect(await world.askBeta('digest')).toContain(`Cards come to <@${ANA}>`)
    const before = world.beta.ephemerals(ANA).length
    await world.beta.command(ANA, direct, 'digest')
    const answer = await world.beta.eventually(() => world.beta.ephemerals(ANA)[before])
    expect(answer.text).toContain('Mondays at 9:00 (UTC)')
    await world.beta.click(ANA, { channel: direct, ts: answer.ts }, 'digest')
    await world.beta.eventually(() => world.beta.view(ANA))
    await world.beta.submitView(ANA, { 'timeZone.0': 'Asia/Tokyo' })
    expect(await world.store.digestSettings.all()).toMatchObject([{ teamId: BETA_TEAM, channelId: ANA, timeZone: 'Asia/Tokyo' }])
    const isDigest = (text: string) => text.includes('worked')
    await at(world, `${day(0)}T00:00:00Z`)
    expect([world.betaTexts().filter(isDigest).length, digestsIn(world, MARKETING_OPS).length]).toEqual([1, 0])
    await at(world, `${day(0)}T09:00:00Z`)
    expect([world.betaTexts().filter(isDigest).length, digestsIn(world, MARKETING_OPS).length]).toEqual([1, 1])

    // In a channel, from now on: by what is set there.
    expect(await world.askBeta(`settings channel ${MARKETING_OPS}`)).toContain('come to')
    expect(await world.askBeta('digest')).toContain('Mondays at 9:00 (UTC)')
    await at(world, `${day(7)}T00:00:00Z`)
    expect(world.betaTexts(MARKETING_OPS).filter(isDigest)).toHaveLength(0)
    await at(world, `${day(7)}T09:00:00Z`)
    expect(world.betaTexts(MARKETING_OPS).filter(isDigest)).toHaveLength(1)
  })

  test('and took it away gets none, while the others get theirs; back again, its setting still holds', async () => {
    await using world = await twoWorkspaces({ env: { REDKEY_TIME_ZONE: 'UTC', REDKEY_CHECK_EVERY: '7d' } })
    await world.connect()
    await world.install()
    await world.connectBeta()
    const day = calendar(world.clock.now())
    expect(await world.askBeta(`settings channel ${MARKETING_OPS}`)).toContain('come to')
    const before = world.beta.ephemerals(ANA).length
    await world.beta.command(ANA, MARKETING_OPS, 'digest')
    const { ts } = await world.beta.eventually(() => world.beta.ephemerals(ANA)[before])
    await world.beta.click(ANA, { channel: MARKETING_OPS, ts }, 'digest')
    await world.beta.eventually(() => world.beta.view(ANA))
    await world.beta.submitView(ANA, { 'timeZone.0': 'Asia/Tokyo' })
    world.beta.faults.revokeBotToken('account_inactive')
    await world.beta.sendEvent({ type: 'app_uninstalled' })
    await expect.poll(async () => (await world.store.installations.find(BETA_TEAM))?.endedAt ?? null).not.toBeNull()
    const isDigest = (text: string) => text.includes('worked')
    const told = () => [world.betaTexts(MARKETING_OPS).filter(isDigest).length, digestsIn(world, MARKETING_OPS).length]
    await at(world, `${day(0)}T09:00:00Z`)
    expect(told()).toEqual([0, 1])
    await at(world, `${day(2)}T09:00:00Z`)
    await world.install()
    await at(world, `${day(2)}T09:05:00Z`)
    expect(told()).toEqual([0, 1])
    await at(world, `${day(7)}T00:00:00Z`)
    expect(told()).toEqual([1, 1])
  })
})
