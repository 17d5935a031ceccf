import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, later } from '../../../src/clock.ts'
import type { Ad, CampaignCost } from '../../../src/domain/ads.ts'
import { addDays, type Days } from '../../../src/domain/day.ts'
import type { Tokens } from '../../../src/domain/provider.ts'
import { ANA, aGoogle, KIM, logIn, TOM } from './a-google.ts'
import { type AdWorld, behavesAsAdPlatform, download, granted } from './ads-behaviour.ts'

const ACME_US = { id: '1234567890', via: null }

async function aWorld(choice = ANA, account: AdWorld['account'] = ACME_US) {
  const { ads, fake, clock } = await aGoogle()
  clock.turn(HOUR_MS) // the first ads were there before
  let tokens = await logIn(ads, choice)
  return {
    fake,
    clock,
    account,
    platform: ads,
    library: fake.library(account.id),
    async tokens(): Promise<Tokens> {
      tokens = granted(await ads.refresh(tokens))
      return tokens
    },
    takeAccess: () => fake.takeAccess(account.id),
  }
}

behavesAsAdPlatform('google-ads', aWorld)

type World = Awaited<ReturnType<typeof aWorld>>

async function costs(world: World, days: Days) {
  const rows: CampaignCost[] = []
  const take = async (some: readonly CampaignCost[]) => void rows.push(...some)
  const asked = await world.platform.costs(await world.tokens(), { account: world.account, days, job: null, take })
  return { asked, rows }
}

async function found(world: World, since: Date): Promise<Ad[]> {
  const ads: Ad[] = []
  const take = async (some: readonly Ad[]) => void ads.push(...some)
  granted(await world.platform.adsSince(await world.tokens(), world.account, since, take))
  return ads
}

const LAST_WEEK = { from: '2026-11-16', to: '2026-11-22' }

describe('costs', () => {
  test('a removed campaign still tells what it cost', async () => {
    const world = await aWorld()
    const [campaign] = world.library.campaigns
    world.fake.adsAccount('Acme US').removedCampaigns.add(campaign?.id ?? '')
    const rows = await download(world, LAST_WEEK)
    expect(rows.map(({ campaignId }) => campaignId)).toContain(campaign?.id)
  })

  test('cost one operation, however many batches they come in', async () => {
    const world = await aWorld()
    world.fake.switches.pageRows = 3
    const before = world.fake.operations.used
    const { rows } = await costs(world, LAST_WEEK)
    expect(rows.length).toBeGreaterThan(20)
    expect(world.fake.operations.used - before).toBe(1)
  })

  test('of an account that a manager reaches come through the manager, and directly when it was taken away', async () => {
    const world = await aWorld(KIM, { id: '2345678901', via: '1000000001' })
    const { rows } = await costs(world, LAST_WEEK)
    expect(rows.length).toBeGreaterThan(10)
    world.fake.customer('Acme EU').managerId = null
    expect((await costs(world, LAST_WEEK)).asked).toMatchObject({ kind: 'permission', cause: 'access_lost' })
    world.fake.customer('Acme EU').people.add('kim@northwind.example')
    expect((await costs(world, LAST_WEEK)).rows).toEqual(rows)
  })

  test('wait for another day when the operations of this one are used up', async () => {
    const world = await aWorld()
    world.fake.switches.dailyOperations = 0
    expect(await costs(world, LAST_WEEK)).toMatchObject({ asked: { kind: 'rate_limited', usedUp: true }, rows: [] })
  })

  test('of days that Google tells no more are refused, and none within reach', async () => {
    const world = await aWorld()
    const { reachDays } = world.platform.costReach
    const first = addDays('2026-11-23', -reachDays)
    expect((await costs(world, { from: first, to: first })).asked.kind).toBe('ok')
    expect((await costs(world, { from: '2023-10-01', to: '2023-10-02' })).asked).toMatchObject({
      kind: 'rejected',
      code: 'REQUESTED_DATE_GRANULARITY_NOT_SUPPORTED',
    })
  })
})

describe('new ads', () => {
  test('are found when somebody edits them afterwards, and once', async () => {
    const world = await aWorld()
    const since = world.clock.now()
    world.clock.turn(HOUR_MS)
    const ad = world.library.createAd()
    const createdAt = world.clock.now()
    world.clock.turn(HOUR_MS)
    world.fake.adsAccount('Acme US').edit(ad)
    expect(await found(world, since)).toMatchObject([{ id: ad.id, createdAt }])
  })

  test('are none that were only edited, nor removed ones', async () => {
    const world = await aWorld()
    const [old] = world.library.ads
    world.clock.turn(HOUR_MS)
    const since = world.clock.now()
    world.clock.turn(HOUR_MS)
    if (old) world.fake.adsAccount('Acme US').edit(old)
    world.fake.adsAccount('Acme US').remove(world.library.createAd())
    expect(await found(world, since)).toEqual([])
  })

  test('are looked for in two operations where there are none', async () => {
    const world = await aWorld()
    world.clock.turn(DAY_MS)
    const before = world.fake.operations.used
    expect(await found(world, world.clock.now())).toEqual([])
    expect(world.fake.operations.used - before).toBe(2)
  })

  test('of an outage that is older than the changes which Google keeps are found by the first day on which they were shown', async () => {
    const world = await aWorld()
    world.clock.turn(DAY_MS)
    const since = world.clock.now()
    world.clock.turn(HOUR_MS)
    const early = world.library.createAd()
    world.clock.turn(60 * DAY_MS)
    const edited = world.library.createAd()
    world.clock.turn(DAY_MS)
    world.fake.adsAccount('Acme US').edit(edited)
    world.clock.turn(40 * DAY_MS)
    const recent = world.library.createAd()
    const ads = await found(world, since)
    expect(ads.map(({ id }) => id).sort()).toEqual([early.id, edited.id, recent.id].sort())
    for (const { createdAt } of ads) {
      expect(createdAt > since).toBe(true)
      expect(createdAt <= world.clock.now()).toBe(true)
    }
  })

  test('more than a limit of changes are all found', async () => {
    const world = await aWorld()
    const since = world.clock.now()
    world.clock.turn(HOUR_MS)
    for (let place = 0; place < 3; place++) {
      for (let count = 0; count < 4_000; count++) world.library.createAd()
      world.clock.turn(1_000)
    }
    const ads = await found(world, since)
    expect(new Set(ads.map(({ id }) => id)).size).toBe(12_000)
    expect(ads).toHaveLength(12_000)
  }, 60_000)

  test('carry what the lowest level sets, and what a tracking template puts behind the landing page', async () => {
    const world = await aWorld()
    const account = world.fake.adsAccount('Acme US')
    const since = world.clock.now()
    world.clock.turn(HOUR_MS)
    const [first, second] = world.library.campaigns
    world.library.parameters = 'utm_source=google'
    account.adGroupSuffixes.set(first?.id ?? '', 'utm_source=group')
    account.trackingTemplate = '{lpurl}?s_kwcid={keyword}#x'
    world.library.createAd({ name: 'one', landingPage: 'https://acme.example/?a=1&b={_c}#top' })
    world.library.createAd({ name: 'two', parameters: 'utm_source=ad' })
    world.library.createAd({ name: 'three', campaignId: second?.id ?? '' })
    const told = async () =>
      new Map((await found(world, since)).map(({ name, parameters, setBy }) => [name, [parameters, setBy]]))
    expect(Object.fromEntries(await told())).toEqual({
      one: ['a=1&b={_c}&s_kwcid={keyword}&utm_source=group', 'ad_group'],
      two: ['s_kwcid={keyword}&utm_source=ad', 'ad'],
      three: ['s_kwcid={keyword}&utm_source=google', 'account'],
    })
    world.library.parameters = ''
    expect((await told()).get('three')).toEqual(['s_kwcid={keyword}', 'account'])
    account.trackingTemplate = 'https://tracker.example/?url={lpurl}&utm_source=x'
    expect((await told()).get('three')).toEqual(['', null])
  })
})

describe('tags', () => {
  test('of a campaign, an ad group and an ad are told as what they override, as many as are asked for', async () => {
    const world = await aWorld()
    const [first, second] = world.library.campaigns
    if (!first || !second) throw new Error('two campaigns are needed')
    first.parameters = 'utm_source=campaign'
    world.fake.adsAccount('Acme US').adGroupSuffixes.set(second.id, 'utm_source=group')
    const ad = world.library.createAd({ name: 'Spring', parameters: '?utm_source=ad' })
    const overrides = async (limit: number) =>
      granted(
        world.platform.tagging.kind === 'inherited'
          ? await world.platform.tagging.overrides(await world.tokens(), ACME_US, limit)
          : { kind: 'ok', value: [] },
      )
    expect(await overrides(10)).toMatchObject([
      { level: 'campaign', id: first.id, name: first.name, parameters: 'utm_source=campaign' },
      { level: 'ad_group', id: `1${second.id}`, name: `${second.name} group`, parameters: 'utm_source=group' },
      { level: 'ad', id: ad.id, name: 'Spring', parameters: 'utm_source=ad' },
    ])
    expect((await overrides(10)).map(({ url }) => url)).toEqual([
      `https://ads.google.com/aw/ads?campaignId=${first.id}&__e=1234567890`,
      `https://ads.google.com/aw/ads?campaignId=${second.id}&adGroupId=1${second.id}&__e=1234567890`,
      `https://ads.google.com/aw/ads?campaignId=${first.id}&adGroupId=1${first.id}&__e=1234567890`,
    ])
    expect(await overrides(2)).toHaveLength(2)
    world.fake.adsAccount('Acme US').removedCampaigns.add(first.id)
    expect((await overrides(10)).map(({ level }) => level)).toEqual(['ad_group'])
  })

  test('take nothing else of the account with them', async () => {
    const world = await aWorld()
    const { tagging } = world.platform
    if (tagging.kind !== 'inherited') throw new Error('no template')
    world.fake.adsAccount('Acme US').trackingTemplate = '{lpurl}?x=1'
    granted(await tagging.setTemplate(await world.tokens(), ACME_US, ACME_US.id, tagging.utm))
    expect(world.library.parameters).toBe(tagging.utm)
    expect(world.fake.adsAccount('Acme US').trackingTemplate).toBe('{lpurl}?x=1')
    expect(granted(await tagging.templates(await world.tokens(), ACME_US))).toEqual([
      { id: '1234567890', name: 'Account Acme US', parameters: tagging.utm },
    ])
  })

  test.each([
    ['a question mark before them', '?utm_source=google', 'FINAL_URL_SUFFIX_MALFORMED'],
    ['a tag that only templates have', 'page={lpurl}', 'INVALID_TAG_IN_FINAL_URL_SUFFIX'],
    ['more than there is room for', `a=${'x'.repeat(3_000)}`, 'TOO_LONG'],
  ])('are refused with %s, and stay as they were', async (_what, parameters, code) => {
    const world = await aWorld()
    const { tagging } = world.platform
    if (tagging.kind !== 'inherited') throw new Error('no template')
    world.library.parameters = 'old=1'
    expect(await tagging.setTemplate(await world.tokens(), ACME_US, ACME_US.id, parameters)).toMatchObject({
      kind: 'rejected',
      code,
    })
    expect(world.library.parameters).toBe('old=1')
  })

  test('are not set in another account than asked', async () => {
    const world = await aWorld()
    const { tagging } = world.platform
    if (tagging.kind !== 'inherited') throw new Error('no template')
    expect(await tagging.setTemplate(await world.tokens(), ACME_US, '2345678901', 'a=1')).toMatchObject({ kind: 'rejected' })
  })

  test('can be read but not set by somebody who may only read', async () => {
    const world = await aWorld(TOM)
    const { tagging } = world.platform
    if (tagging.kind !== 'inherited') throw new Error('no template')
    world.fake.adsAccount('Acme US').readers.add('tom@acme.example')
    expect(await tagging.templates(await world.tokens(), ACME_US)).toMatchObject({ kind: 'ok' })
    expect(await tagging.setTemplate(await world.tokens(), ACME_US, ACME_US.id, 'a=1')).toMatchObject({
      kind: 'permission',
      cause: 'role_missing',
      code: 'ACTION_NOT_PERMITTED',
    })
    expect((await costs(world, LAST_WEEK)).asked.kind).toBe('ok')
  })
})

test('a fault that begins while ads are read is told as what it is', async () => {
  const world = await aWorld()
  const since = world.clock.now()
  world.clock.turn(HOUR_MS)
  world.library.createAd()
  await world.fake.googleAds.run('ads-slow')
  const tokens = await world.tokens()
  const take = async () => undefined
  expect(await world.platform.adsSince(tokens, ACME_US, since, take)).toMatchObject({ kind: 'rate_limited' })
  expect(await world.platform.describeAccount(tokens, ACME_US)).toMatchObject({ kind: 'rate_limited' })
  await world.fake.googleAds.run('ads-slow')
  world.fake.expireAccessTokens()
  expect(await world.platform.adsSince(tokens, ACME_US, later(since, 0), take)).toMatchObject({ kind: 'refresh' })
})
