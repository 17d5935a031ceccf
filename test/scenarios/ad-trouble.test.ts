import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/clock.ts'
import { addDays, dayIn } from '../../src/domain/day.ts'
import { decimalOf } from '../../src/domain/micros.ts'
import { ANA, BEN, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import {
  type AdProvider,
  connectAds,
  connectionOf,
  costsOf,
  courseOf,
  loseLogin,
  openTagging,
  tagInSlack,
  truth,
  work,
} from '../support/ad-courses.ts'
import { aVisitor } from '../support/visitor.ts'
import { aWorld, type World } from '../support/world.ts'

/** What the details of a connection say and offer, as Ana sees them. */
async function details(world: World, provider: string): Promise<string> {
  const before = world.slack.ephemerals(ANA).length
  await world.slack.command(ANA, MARKETING_OPS, provider)
  return world.slack.eventually(() => {
    const said = world.slack.ephemerals(ANA).slice(before)
    return said.length > 0 && JSON.stringify(said)
  })
}

async function clickIn(world: World, userId: string, provider: string, actionId: string): Promise<string> {
  const before = world.slack.ephemerals(userId).length
  await world.slack.command(userId, MARKETING_OPS, provider)
  const shown = await world.slack.eventually(() => world.slack.ephemerals(userId)[before])
  // The newest comes first.
  const [, value = ''] = new RegExp(`"action_id":"${actionId}"[^}]*?"value":"([^"]+)"`).exec(JSON.stringify(shown.blocks)) ?? []
  await world.slack.click(userId, shown, actionId, { value })
  return world.slack.eventually(() => {
    const said = world.slack.ephemerals(userId).slice(before + 1)
    return said.length > 0 && JSON.stringify(said)
  })
}

function logInAgain(world: World, provider: AdProvider) {
  return aVisitor().login(world.reauthorizeUrl(), courseOf(provider).choice)
}

function reports(world: World): string[] {
  return world.threadTexts().filter((text) => text.includes('gap report'))
}

const ACCESS: Readonly<Record<'linkedin' | 'cm360', (world: World, has: boolean) => void>> = {
  linkedin: ({ sandbox: { fakes } }, has) => {
    const { roles } = fakes.linkedin.account('Acme Demand Gen')
    const { id } = fakes.linkedin.person('lea@acme.example')
    if (has) roles.set(id, 'ACCOUNT_MANAGER')
    else roles.delete(id)
  },
  cm360: ({ sandbox: { fakes } }, has) => {
    fakes.google.profile('7001').seesAdvertisers = has
  },
}

describe('an empty answer', () => {
  test.each(['linkedin', 'cm360'] as const)('of %s where access was lost never becomes zero spend', async (provider) => {
    await using world = await aWorld()
    const library = await connectAds(world, provider)
    const today = dayIn(library.timeZone, world.clock.now())
    const before = await costsOf(world, provider, addDays(today, -20), addDays(today, -1))

    ACCESS[provider](world, false)
    world.turn(2 * DAY_MS)
    for (let round = 0; round < 12; round++) {
      for (const job of ['costs', 'ads', 'checks', 'messages']) await world.run(job)
      world.turn(2 * MINUTE_MS)
    }
    expect((await connectionOf(world, provider)).health).toMatchObject({ status: 'permission_required', cause: 'access_lost' })
    const meanwhile = await costsOf(world, provider, addDays(today, -20), addDays(today, 1))
    expect(meanwhile.days.slice(0, 20)).toEqual(before.days)
    expect(meanwhile.days.slice(-1)).toEqual([{ day: addDays(today, 1), state: 'missing', amount: null }])

    ACCESS[provider](world, true)
    world.turn(HOUR_MS)
    await world.beat(2)
    await work(world, provider)
    const now = dayIn(library.timeZone, world.clock.now())
    const after = await costsOf(world, provider, addDays(today, -5), addDays(now, -1))
    const told = truth(library, addDays(today, -5), addDays(now, -1))
    expect(after.days.map(({ day, state, amount }) => [day, state, amount])).toEqual(
      after.days.map(({ day }) => [day, 'whole', decimalOf(told.get(day) ?? 0n)]),
    )
    expect(after.days.some(({ amount }) => amount !== '0.00')).toBe(true)
  })
})

test('days that lie further back than the platform tells are reported as lost, and are no zeros', async () => {
  await using world = await aWorld()
  const library = await connectAds(world, 'linkedin')
  const lastWhole = addDays(dayIn(library.timeZone, world.clock.now()), -1)
  await loseLogin(world, 'linkedin')
  for (let month = 0; month < 8; month++) {
    world.turn(24 * DAY_MS)
    await world.beat(2)
  }
  expect((await logInAgain(world, 'linkedin')).text).toContain('authorized again')
  await work(world, 'linkedin')
  const now = dayIn(library.timeZone, world.clock.now())
  const reach = addDays(now, -180)
  const lost = await costsOf(world, 'linkedin', addDays(lastWhole, 1), addDays(reach, -1))
  expect(lost.days.length).toBeGreaterThan(5)
  expect(lost.days.every(({ state, amount }) => state === 'lost' && amount === null)).toBe(true)
  expect(
    JSON.stringify(world.slack.messages(MARKETING_OPS).flatMap(({ ts }) => world.slack.thread(MARKETING_OPS, ts))),
  ).toContain(`*${lost.days.length} days lost*`)
})

describe('without auto-tagging', () => {
  test('the card of an ad platform speaks of costs and not of parameters, and the report claims nothing of ads', async () => {
    await using world = await aWorld()
    const library = await connectAds(world, 'google-ads')
    await loseLogin(world, 'google-ads')
    const red = world.texts().find((text) => text.startsWith('🔑'))
    expect(red).toMatch(/Cost data has not been downloaded since/)
    expect(red).not.toMatch(/UTM/)
    world.turn(2 * DAY_MS)
    library.createAd()
    await logInAgain(world, 'google-ads')
    await work(world, 'google-ads')
    expect(reports(world)).toHaveLength(1)
    expect(reports(world)[0]).not.toMatch(/\bads? (was|were)? ?created|UTM/)
  })
})

describe('auto-tagging', () => {
  test('that is switched on during an outage tags late what was created since, and says so', async () => {
    await using world = await aWorld()
    const library = await connectAds(world, 'google-ads')
    await loseLogin(world, 'google-ads')
    world.turn(HOUR_MS)
    library.createAd({ name: 'Before it was on' })
    world.turn(HOUR_MS)
    await tagInSlack(world, 'google-ads')
    world.turn(HOUR_MS)
    library.createAd({ name: 'Untagged at first' })
    world.turn(DAY_MS)
    await logInAgain(world, 'google-ads')
    await work(world, 'google-ads')
    expect(library.parameters).toMatch(/^utm_source=google&/)
    const [report = ''] = reports(world)
    expect(report).toContain('1 ad created meanwhile: 1 tagged late.')
  })

  test('keeps what stood there, shows what it set, and takes back that alone', async () => {
    await using world = await aWorld()
    const library = await connectAds(world, 'microsoft-ads')
    library.parameters = 'ref=partner&utm_source=mine'
    await tagInSlack(world, 'microsoft-ads')
    await work(world, 'microsoft-ads')
    expect(library.parameters).toMatch(/^ref=partner&utm_source=mine&utm_medium=/)
    expect(await details(world, 'microsoft-ads')).toMatch(/All of it is set at .*utm_medium=/)

    world.turn(MINUTE_MS)
    library.parameters += '&added=by-hand'
    expect(await clickIn(world, BEN, 'microsoft-ads', 'undo_tags')).toMatch(/That takes the owner of the connection/)
    expect(await clickIn(world, ANA, 'microsoft-ads', 'undo_tags')).toMatch(/is taken back at/)
    expect(library.parameters).toBe('ref=partner&utm_source=mine&added=by-hand')

    world.turn(2 * HOUR_MS)
    await work(world, 'microsoft-ads')
    expect(library.parameters).toBe('ref=partner&utm_source=mine&added=by-hand')
    expect(await details(world, 'microsoft-ads')).toMatch(/Somebody took them back here/)

    await tagInSlack(world, 'microsoft-ads')
    await work(world, 'microsoft-ads')
    expect(library.parameters).toMatch(/^ref=partner&utm_source=mine&added=by-hand&utm_medium=/)
    const { id } = await connectionOf(world, 'microsoft-ads')
    const history = (await world.store.history.of(id, 20)).map(({ action, actor }) => [action, actor])
    expect(history.slice(0, 5)).toEqual([
      ['tags_set', null],
      ['tagging_on', ANA],
      ['tags_undone', ANA],
      ['tags_set', null],
      ['tagging_on', ANA],
    ])
  })

  test('does not fight somebody who changes it at the platform: it says so, in the channel too, until it is saved again', async () => {
    await using world = await aWorld()
    const library = await connectAds(world, 'google-ads')
    await tagInSlack(world, 'google-ads')
    await work(world, 'google-ads')
    library.parameters = 'utm_source=mine'
    world.turn(7 * HOUR_MS)
    await work(world, 'google-ads')
    expect(library.parameters).toBe('utm_source=mine')
    await world.run('warnings')
    await world.run('messages')
    const notes = () => world.texts().filter((text) => text.includes('new ads may lack UTM parameters'))
    expect(notes()[0]).toMatch(/Somebody has changed it in Google Ads since/)
    await tagInSlack(world, 'google-ads')
    await work(world, 'google-ads')
    expect(library.parameters).toMatch(/^utm_source=mine&utm_medium=/)
    await world.run('warnings')
    await world.run('messages')
    expect(notes()).toEqual([])
    expect(world.texts().some((text) => text.includes('auto-tagging works again'))).toBe(true)
  })

  test('wants to be agreed to where it changes ads, leaves older ads alone, and gives an ad back what it showed', async () => {
    await using world = await aWorld()
    const library = await connectAds(world, 'meta')
    const old = library.createAd({ name: 'Old' })
    await openTagging(world, 'meta')
    await world.slack.submitView(ANA, { is_tagging: 'on' })
    expect(world.slack.view(ANA)?.errors).toEqual({ agreement: 'Tick it to switch auto-tagging on: it changes ads.' })
    await world.slack.submitView(ANA, { is_tagging: 'on', parameters: 'utm_source={{nonsense}}', agreement: ['yes'] })
    expect(world.slack.view(ANA)?.errors).toMatchObject({ parameters: expect.stringMatching(/nonsense.*is no placeholder/) })
    await world.slack.submitView(ANA, { is_tagging: 'on', parameters: 'utm_source=fb&utm_content={{ad.id}}', agreement: ['yes'] })
    world.turn(HOUR_MS)
    const fresh = library.createAd({ name: 'Fresh', parameters: 'own=1' })
    world.turn(2 * HOUR_MS)
    await work(world, 'meta')
    expect(fresh.parameters).toBe('own=1&utm_source=fb&utm_content={{ad.id}}')
    expect(old.parameters).toBe('')
    expect(await clickIn(world, ANA, 'meta', 'undo_tags')).toMatch(/is taken back at Fresh/)
    expect(fresh.parameters).toBe('own=1')
    world.turn(2 * HOUR_MS)
    await work(world, 'meta')
    expect(fresh.parameters).toBe('own=1')
  })

  test('that a login may not do holds up neither costs nor the report of an outage, and is told', async () => {
    await using world = await aWorld()
    const library = await connectAds(world, 'meta')
    await tagInSlack(world, 'meta')
    await work(world, 'meta')
    await loseLogin(world, 'meta')
    world.turn(DAY_MS)
    const ad = library.createAd({ name: 'Nobody may tag it' })
    world.turn(DAY_MS)
    const { choice } = courseOf('meta')
    const seen = await aVisitor().login(world.reauthorizeUrl(), { ...choice, without: ['ads_management'] })
    expect(seen.text).toContain('authorized again')
    for (let round = 0; round < 6; round++) {
      for (const job of ['renew', 'costs', 'ads', 'messages']) await world.run(job)
      world.turn(MINUTE_MS)
    }
    expect(ad.parameters).toBe('')
    expect(reports(world)[0]).toMatch(/1 ad created meanwhile: 1 never tagged/)
    expect((await connectionOf(world, 'meta')).health.status).toBe('connected')
    world.turn(25 * HOUR_MS)
    for (const job of ['costs', 'ads', 'warnings', 'messages']) await world.run(job)
    expect(world.texts().find((text) => text.includes('new ads may lack UTM parameters'))).toMatch(/ads_management|log in/i)
  })
})

test('costs that fail for a day although the connection works are told, and that they came again', async () => {
  await using world = await aWorld()
  const library = await connectAds(world, 'cm360')
  const { switches } = world.sandbox.fakes.google.cm360
  switches.reportEnds = 'FAILED'
  const lastWhole = addDays(dayIn(library.timeZone, world.clock.now()), -1)
  for (let hour = 0; hour < 60; hour++) {
    world.turn(HOUR_MS / 2)
    for (const job of ['checks', 'costs', 'warnings', 'messages']) await world.run(job)
  }
  const note = world.texts().find((text) => text.includes("costs can't be downloaded"))
  expect(note).toMatch(/Cost data has not been downloaded since/)
  expect(world.texts().filter((text) => text.startsWith('🔑'))).toEqual([])
  switches.reportEnds = 'REPORT_AVAILABLE'
  world.turn(2 * HOUR_MS)
  await work(world, 'cm360')
  await world.run('warnings')
  await world.run('messages')
  expect(world.texts().some((text) => text.includes('costs are downloaded again'))).toBe(true)
  const now = dayIn(library.timeZone, world.clock.now())
  const told = truth(library, addDays(lastWhole, 1), addDays(now, -1))
  const { days } = await costsOf(world, 'cm360', addDays(lastWhole, 1), addDays(now, -1))
  expect(days.map(({ amount }) => amount)).toEqual([...told.values()].map(decimalOf))
})
