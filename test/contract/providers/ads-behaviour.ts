import { describe, expect, test } from 'vitest'
import type { Ad, AdPlatform, CampaignCost, CostsOrder, CostsStep } from '../../../src/domain/ads.ts'
import { addDays, type Days, dayIn } from '../../../src/domain/day.ts'
import { decimalOf } from '../../../src/domain/micros.ts'
import type { AccountRef, Asked, Tokens } from '../../../src/domain/provider.ts'
import type { AdLibrary } from '../../../src/sandbox/providers/ads/ad-library.ts'
import type { HandClock } from '../../support/hand-clock.ts'

/** One adapter, logged in at its fake. */
export interface AdWorld {
  readonly platform: AdPlatform
  readonly account: AccountRef
  /** What the fake says of that account. */
  readonly library: AdLibrary
  readonly clock: HandClock
  /** Of a login that works now: made or refreshed when asked. */
  tokens(): Promise<Tokens>
  /** The person who logged in may see the account no more. */
  takeAccess(): void
}

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const MOST_STEPS = 40

export function granted<T>(asked: Asked<T>): T {
  if (asked.kind !== 'ok') throw new Error(`refused: ${asked.kind} ${asked.code} ${asked.explanation}`)
  return asked.value
}

/** Downloads these days to the end, however often the provider says "later". The last count of a row counts. */
export async function download(world: AdWorld, days: Days): Promise<CampaignCost[]> {
  const rows = new Map<string, CampaignCost>()
  let job: string | null = null
  for (let step = 0; step < MOST_STEPS; step++) {
    const order: CostsOrder = {
      account: world.account,
      days,
      job,
      take: async (told: readonly CampaignCost[]) => {
        for (const row of told) rows.set(`${row.day} ${row.campaignId}`, row)
      },
    }
    const done: CostsStep = granted(await world.platform.costs(await world.tokens(), order))
    if (done.kind === 'done') return [...rows.values()]
    job = done.job
    world.clock.turn(done.afterMs)
  }
  throw new Error(`the report was not done after ${MOST_STEPS} steps`)
}

async function adsSince(world: AdWorld, since: Date): Promise<Map<string, Ad>> {
  const found = new Map<string, Ad>()
  const take = async (ads: readonly Ad[]) => {
    for (const ad of ads) found.set(ad.id, ad)
  }
  granted(await world.platform.adsSince(await world.tokens(), world.account, since, take))
  return found
}

/** What every ad platform must do, whatever its API looks like. */
export function behavesAsAdPlatform(name: string, aWorld: () => Promise<AdWorld>): void {
  const told = (rows: readonly CampaignCost[]) =>
    rows
      .filter(({ micros }) => micros !== 0n)
      .map(({ day, campaignId, campaignName, micros, clicks, impressions }) =>
        [day, campaignId, campaignName, decimalOf(micros), clicks, impressions].join(' | '),
      )
      .sort()
  const known = (library: AdLibrary, { from, to }: Days) =>
    [...library.costs(from, to)]
      .map(({ day, campaign, cents, clicks, impressions }) =>
        [day, campaign.id, campaign.name, decimalOf(BigInt(cents) * 10_000n), clicks, impressions].join(' | '),
      )
      .sort()

  describe(`${name}, as an ad platform`, () => {
    test('tells in which money and whose days an account is counted', async () => {
      const world = await aWorld()
      const { library, platform } = world
      expect(granted(await platform.describeAccount(await world.tokens(), world.account))).toEqual({
        currency: library.currency,
        timeZone: library.timeZone,
      })
    })

    test('tells what every campaign cost on every day, to the cent', async () => {
      const world = await aWorld()
      const to = dayIn(world.library.timeZone, world.clock.now())
      const days = { from: addDays(to, -45), to: addDays(to, -1) }
      const rows = await download(world, days)
      expect(told(rows)).toEqual(known(world.library, days))
      expect(rows.length).toBeGreaterThan(60)
    })

    test('tells amounts anew that the platform has changed since', async () => {
      const world = await aWorld()
      const yesterday = addDays(dayIn(world.library.timeZone, world.clock.now()), -1)
      const days = { from: addDays(yesterday, -2), to: yesterday }
      const before = told(await download(world, days))
      world.clock.turn(6 * DAY_MS)
      const after = told(await download(world, days))
      expect(after).toEqual(known(world.library, days))
      expect(after).not.toEqual(before)
    })

    test('tells nothing of costs to somebody whose access was taken: it refuses, or its probe does', async () => {
      const world = await aWorld()
      const tokens = await world.tokens()
      world.takeAccess()
      const today = dayIn(world.library.timeZone, world.clock.now())
      const rows: CampaignCost[] = []
      const order = {
        account: world.account,
        days: { from: addDays(today, -5), to: today },
        job: null,
        take: async (some: readonly CampaignCost[]) => void rows.push(...some),
      }
      const asked = await world.platform.costs(tokens, order)
      const probed = await world.platform.probe(tokens, world.account)
      expect(rows).toEqual([])
      expect([asked.kind, probed.kind]).toContain('permission')
      expect(probed.kind).toBe('permission')
    })

    test('finds the ads that were created since, with where to look at them', async () => {
      const world = await aWorld()
      const { library, clock } = world
      clock.turn(HOUR_MS)
      const since = clock.now()
      clock.turn(HOUR_MS)
      const made = [library.createAd({ name: 'Spring <1> & "co"' }), library.createAd()]
      const found = await adsSince(world, since)
      for (const { id, name: called, campaignId } of made) {
        const ad = found.get(id)
        expect(ad).toMatchObject({ name: called, campaignId })
        expect(ad?.campaignName).toBe(library.campaigns.find((one) => one.id === campaignId)?.name)
        expect(ad?.url).toMatch(/^https:\/\//)
        expect(ad?.createdAt.getTime()).toBeGreaterThanOrEqual(since.getTime())
        expect(ad?.createdAt.getTime()).toBeLessThanOrEqual(clock.now().getTime())
      }
      expect(found.size).toBe(2)
    })

    test('finds ads on every page', async () => {
      const world = await aWorld()
      const since = world.clock.now()
      world.clock.turn(HOUR_MS)
      const made = Array.from({ length: 230 }, () => world.library.createAd().id)
      const found = await adsSince(world, since)
      expect([...found.keys()].sort()).toEqual([...made].sort())
    })

    test('tells which parameters an ad carries, and what a mistyped macro is', async () => {
      const world = await aWorld()
      const { library, platform, clock } = world
      const since = clock.now()
      clock.turn(HOUR_MS)
      const { id } = library.createAd({ landingPage: 'https://acme.example/demo?ref=x' })
      expect((await adsSince(world, since)).get(id)?.parameters).toContain('ref=x')
      const { utm, maxLength, unknownMacros } = platform.tagging
      expect(utm.length).toBeLessThanOrEqual(maxLength)
      expect(utm).toMatch(/^utm_source=[^&]+&utm_medium=[^&]+&utm_campaign=/)
      expect(unknownMacros(utm)).toEqual([])
    })

    test('tags ads, takes nothing of what was there, and can take the tags back', async () => {
      const world = await aWorld()
      await (world.platform.tagging.kind === 'inherited' ? tagsByTemplate(world) : tagsEachAd(world))
    })
  })
}

async function tagsByTemplate(world: AdWorld): Promise<void> {
  const { account, clock, library, platform } = world
  const { tagging } = platform
  if (tagging.kind !== 'inherited') throw new Error('no template to set')
  const since = clock.now()
  clock.turn(HOUR_MS)
  const plain = library.createAd()
  const [, second] = library.campaigns
  if (!second) throw new Error('the account has one campaign only')
  const tokens = await world.tokens()
  const [template] = granted(await tagging.templates(tokens, account))
  if (!template) throw new Error('the account has no template')
  expect(template.parameters).toBe('')
  expect(granted(await tagging.setTemplate(tokens, account, template.id, tagging.utm))).toBeNull()
  expect(granted(await tagging.templates(tokens, account)).map(({ parameters }) => parameters)).toContain(tagging.utm)
  expect((await adsSince(world, since)).get(plain.id)).toMatchObject({ parameters: tagging.utm, setBy: 'account' })
  expect(granted(await tagging.overrides(tokens, account, 10))).toEqual([])

  second.parameters = 'utm_source=newsletter'
  const lower = library.createAd({ campaignId: second.id })
  expect((await adsSince(world, since)).get(lower.id)).toMatchObject({ parameters: 'utm_source=newsletter', setBy: 'campaign' })
  const [override] = granted(await tagging.overrides(tokens, account, 10))
  expect(override).toMatchObject({ level: 'campaign', id: second.id, name: second.name, parameters: 'utm_source=newsletter' })

  expect(granted(await tagging.setTemplate(tokens, account, template.id, ''))).toBeNull()
  expect((await adsSince(world, since)).get(plain.id)).toMatchObject({ parameters: '', setBy: null })
}

async function tagsEachAd(world: AdWorld): Promise<void> {
  const { account, clock, library, platform } = world
  const { tagging } = platform
  if (tagging.kind !== 'each_ad') throw new Error('no ad to tag')
  const since = clock.now()
  clock.turn(HOUR_MS)
  const { id } = library.createAd({ parameters: 'own=1' })
  const tokens = await world.tokens()
  const wanted = `own=1&${tagging.utm}`
  const { before, after } = granted(await tagging.tagAd(tokens, account, id, wanted))
  expect(before).not.toBe(after)
  expect((await adsSince(world, since)).get(id)).toMatchObject({ parameters: wanted, setBy: 'ad' })
  expect(granted(await tagging.untagAd(tokens, account, id, before, after))).toBe(true)
  expect((await adsSince(world, since)).get(id)?.parameters).toBe('own=1')
  expect(granted(await tagging.untagAd(tokens, account, id, before, after))).toBe(false)
}
