import { describe, expect, test } from 'vitest'
import type { CampaignCost, CostsStep } from '../../../src/domain/ads.ts'
import { addDays, type Days, dayIn } from '../../../src/domain/day.ts'
import type { Asked, Tokens } from '../../../src/domain/provider.ts'
import { aMeta, logIn, MIA } from './a-meta.ts'
import { type AdWorld, behavesAsAdPlatform, download, granted } from './ads-behaviour.ts'

const HOUR_MS = 3_600_000

async function aWorld() {
  const { fake, provider: platform, clock, europe: account } = await aMeta()
  let tokens: Promise<Tokens> | null = null
  const world: AdWorld = {
    platform,
    account,
    library: fake.library('Acme Europe'),
    clock,
    tokens: () => {
      tokens ??= logIn(platform)
      return tokens
    },
    takeAccess: () => void fake.account(account.id).people.delete(fake.person(MIA).id),
  }
  return { ...world, fake, logIn: (without: readonly string[]) => logIn(platform, MIA, without) }
}

type World = Awaited<ReturnType<typeof aWorld>>

behavesAsAdPlatform('Meta', aWorld)

/** So many, up to yesterday: what today costs grows while it is asked. */
function daysBack(world: World, count: number): Days {
  const yesterday = addDays(dayIn(world.library.timeZone, world.clock.now()), -1)
  return { from: addDays(yesterday, 1 - count), to: yesterday }
}

/** One step; the rows that it took. */
async function step(world: World, days: Days, job: string | null = null) {
  const rows: CampaignCost[] = []
  const take = async (some: readonly CampaignCost[]) => void rows.push(...some)
  const asked: Asked<CostsStep> = await world.platform.costs(await world.tokens(), { account: world.account, days, job, take })
  return { asked, rows }
}

/** Until it is done or refused. */
async function toTheEnd(world: World, days: Days): Promise<Asked<CostsStep>> {
  let asked = (await step(world, days)).asked
  while (asked.kind === 'ok' && asked.value.kind === 'later') {
    world.clock.turn(asked.value.afterMs)
    asked = (await step(world, days, asked.value.job)).asked
  }
  return asked
}

describe('costs', () => {
  test('few days are answered at once, many by a report that is waited for', async () => {
    const world = await aWorld()
    expect((await step(world, daysBack(world, 3))).asked).toEqual({ kind: 'ok', value: { kind: 'done' } })
    const many = await step(world, daysBack(world, 30))
    expect(many).toMatchObject({ asked: { kind: 'ok', value: { kind: 'later', afterMs: 10_000 } }, rows: [] })
    const paths = world.fake.calls.list().map(({ method, path }) => `${method} ${path.replace(/\d+\/insights/, 'ID/insights')}`)
    expect(paths.at(-1)).toBe('POST /v26.0/act_ID/insights')
  })

  test('what deleted campaigns cost is told like that of others', async () => {
    const world = await aWorld()
    const days = daysBack(world, 20)
    const before = await download(world, days)
    const [campaign] = world.library.campaigns
    world.fake.account('Acme Europe').removedCampaigns.add(campaign!.id)
    expect(await download(world, days)).toEqual(before)
    expect(before.some(({ campaignId }) => campaignId === campaign!.id)).toBe(true)
  })

  test('every row comes, however small the pages are', async () => {
    const world = await aWorld()
    const days = daysBack(world, 6)
    const all = await download(world, days)
    world.fake.limits.rowsPerPage = 4
    const { asked, rows } = await step(world, days)
    expect(asked.kind).toBe('ok')
    expect(rows).toEqual(all)
    expect(rows.length).toBeGreaterThan(12)
  })

  test('three years come as several reports, each with a job that holds no secret', async () => {
    const world = await aWorld()
    const days = daysBack(world, world.platform.costReach.reachDays - 1)
    const { asked } = await step(world, days)
    const job = asked.kind === 'ok' && asked.value.kind === 'later' ? asked.value.job : ''
    expect(job).not.toContain((await world.tokens()).accessToken)
    const rows = await download(world, { ...days, from: addDays(days.to, -299) })
    expect(new Set(rows.map(({ day }) => day)).size).toBeGreaterThan(280)
  })

  test('a question that is too large is asked as a report, and a report that is too large by halves', async () => {
    const world = await aWorld()
    const days = daysBack(world, 40)
    const all = await download(world, days)
    world.fake.switches.tooMuchData = true
    const short = await step(world, daysBack(world, 7))
    expect(short.asked).toMatchObject({ kind: 'ok', value: { kind: 'later' } })
    expect(await download(world, daysBack(world, 7))).toEqual(all.filter(({ day }) => day >= addDays(days.to, -6)))
    expect(await download(world, days)).toEqual(all)
  })

  test('a report that fails even for one day is said to have failed', async () => {
    const world = await aWorld()
    world.fake.switches.reportsFail = true
    expect(await toTheEnd(world, daysBack(world, 30))).toMatchObject({ kind: 'transient', code: 'job_failed' })
  })

  test('a report that is never ready is given up after hours', async () => {
    const world = await aWorld()
    world.fake.switches.reportsStick = true
    const startedAt = world.clock.now().getTime()
    expect(await toTheEnd(world, daysBack(world, 30))).toMatchObject({ kind: 'transient', code: 'job_endless' })
    expect(world.clock.now().getTime() - startedAt).toBeLessThan(4 * HOUR_MS)
  })

  test('a report that was dropped meanwhile is no loss of access', async () => {
    const world = await aWorld()
    const days = daysBack(world, 30)
    const { asked } = await step(world, days)
    const job = asked.kind === 'ok' && asked.value.kind === 'later' ? asked.value.job : null
    world.clock.turn(31 * 24 * HOUR_MS)
    expect((await step(world, days, job)).asked).toMatchObject({ kind: 'transient' })
  })

  test('a job that nobody can read begins anew', async () => {
    const world = await aWorld()
    const { asked, rows } = await step(world, daysBack(world, 2), '{"run":"../me"}')
    expect(asked).toEqual({ kind: 'ok', value: { kind: 'done' } })
    expect(rows.length).toBeGreaterThan(0)
  })

  test('access that is lost while a report is made is told as that', async () => {
    const world = await aWorld()
    const days = daysBack(world, 30)
    const { asked } = await step(world, days)
    const job = asked.kind === 'ok' && asked.value.kind === 'later' ? asked.value.job : null
    world.takeAccess()
    world.clock.turn(HOUR_MS)
    expect(await step(world, days, job)).toMatchObject({ asked: { kind: 'permission', cause: 'access_lost' }, rows: [] })
  })

  test.each([
    ['tooManyCalls', { kind: 'rate_limited', retryAfterMs: 7 * 60_000 }],
    ['serviceDown', { kind: 'transient' }],
    ['down', { kind: 'transient' }],
  ] as const)('Meta being %s leaves the login alone', async (trouble, verdict) => {
    const world = await aWorld()
    await world.tokens()
    world.fake.switches[trouble] = true
    expect((await step(world, daysBack(world, 3))).asked).toMatchObject(verdict)
    expect((await step(world, daysBack(world, 30))).asked).toMatchObject(verdict)
  })
})

describe('ads', () => {
  async function adsOf(world: World, since: Date) {
    const found: Record<string, { parameters: string; untaggable: string | null }> = {}
    const asked = await world.platform.adsSince(await world.tokens(), world.account, since, async (ads) => {
      for (const { id, parameters, untaggable } of ads) found[id] = { parameters, untaggable }
    })
    granted(asked)
    return found
  }

  test('ads that were only changed since are not new', async () => {
    const world = await aWorld()
    const old = world.library.createAd()
    world.clock.turn(HOUR_MS)
    const since = world.clock.now()
    world.clock.turn(HOUR_MS)
    granted(await tag(world, old.id, 'a=1'))
    const young = world.library.createAd()
    expect(Object.keys(await adsOf(world, since))).toEqual([young.id])
  })

  test('ads in review, rejected ones and dynamic ones say why they are left alone', async () => {
    const world = await aWorld()
    const since = world.clock.now()
    const [review, rejected, dynamic, plain, archived] = Array.from({ length: 5 }, () => world.library.createAd())
    const { ads } = world.fake.account('Acme Europe')
    ads.find(review!.id)!.reviewedUntilMs = world.clock.now().getTime() + HOUR_MS
    ads.find(rejected!.id)!.status = 'DISAPPROVED'
    ads.find(archived!.id)!.status = 'ARCHIVED'
    const link_urls = [{ website_url: 'https://acme.example/?a=1' }, { website_url: 'https://acme.example/x?b=2&a=1' }]
    const images = [{ hash: 'h', url_tags: 'utm_content=1' }]
    Object.assign(ads.find(dynamic!.id)!.creative.fields, {
      object_story_spec: { page_id: '1' },
      asset_feed_spec: { link_urls, images },
    })
    expect(await adsOf(world, since)).toEqual({
      [review!.id]: { parameters: '', untaggable: 'Meta is still reviewing it.' },
      [rejected!.id]: { parameters: '', untaggable: expect.stringContaining('rejected') },
      [dynamic!.id]: { parameters: 'a=1&utm_content=1', untaggable: expect.stringContaining('several texts and pictures') },
      [plain!.id]: { parameters: '', untaggable: null },
    })
  })

  test('fewer at a time are asked for where Meta can not gather so many', async () => {
    const world = await aWorld()
    const since = world.clock.now()
    const made = Array.from({ length: 45 }, () => world.library.createAd().id)
    world.fake.switches.tooMuchData = true
    expect(Object.keys(await adsOf(world, since)).sort()).toEqual(made.sort())
  })
})

function tagging({ platform }: World) {
  if (platform.tagging.kind !== 'each_ad') throw new Error('Meta tags each ad')
  return platform.tagging
}

async function tag(world: World, adId: string, parameters: string, tokens?: Tokens) {
  return tagging(world).tagAd(tokens ?? (await world.tokens()), world.account, adId, parameters)
}

async function untag(world: World, adId: string, { before, after }: { before: string; after: string }) {
  return tagging(world).untagAd(await world.tokens(), world.account, adId, before, after)
}

describe('tagging', () => {
  const shownBy = (world: World, adId: string) => world.fake.account('Acme Europe').ads.find(adId)!.creative
  const changes = (world: World) =>
    world.fake.calls.list().filter(({ method, path }) => method === 'POST' && /(adcreatives|\/\d+)$/.test(path))

  test('the copy shows the same post, and what the address has already is not set again', async () => {
    const world = await aWorld()
    const { id } = world.library.createAd({ landingPage: 'https://acme.example/?ref=x#top', parameters: 'own=1' })
    const first = shownBy(world, id)
    const { before, after } = granted(await tag(world, id, 'ref=x&own=1&utm_source=facebook'))
    expect([before, after]).toEqual([first.id, shownBy(world, id).id])
    const { fields } = shownBy(world, id)
    expect(fields['url_tags']).toBe('own=1&utm_source=facebook')
    expect(fields['effective_object_story_id']).toBe(first.fields['effective_object_story_id'])
    expect(fields['object_story_spec']).toBeUndefined()
  })

  test('what the address of a tagged ad carries is still told', async () => {
    const world = await aWorld()
    const since = world.clock.now()
    const { id } = world.library.createAd({ landingPage: 'https://acme.example/?utm_source=x' })
    granted(await tag(world, id, 'utm_source=x&a=1'))
    const calls: number[] = []
    for (const _scan of [1, 2]) {
      world.fake.calls.clear()
      const told: string[] = []
      const take = async (ads: readonly { parameters: string }[]) => void told.push(...ads.map(({ parameters }) => parameters))
      granted(await world.platform.adsSince(await world.tokens(), world.account, since, take))
      expect(told).toEqual(['utm_source=x&a=1'])
      calls.push(world.fake.calls.total)
    }
    // What it is a copy of was asked for by the tagging already, or once.
    expect(calls).toEqual([expect.any(Number), 1])
  })

  test('who tags again changes nothing and hears the same', async () => {
    const world = await aWorld()
    const { id } = world.library.createAd({ landingPage: 'https://acme.example/?ref=x' })
    const first = granted(await tag(world, id, 'ref=x&a=1'))
    const before = changes(world).length
    world.clock.turn(HOUR_MS)
    expect(granted(await tag(world, id, 'ref=x&a=1'))).toEqual(first)
    expect(changes(world)).toHaveLength(before)
    granted(await tag(world, id, 'ref=x&a=2'))
    expect(shownBy(world, id).fields['url_tags']).toBe('a=2')
  })

  test('two processes at once leave one creative that counts, and either may take it back', async () => {
    const world = await aWorld()
    const { id } = world.library.createAd()
    const count = () => world.fake.creatives.count(world.account.id)
    const had = world.fake.account('Acme Europe').ads.all() && count()
    const [one, other] = (await Promise.all([tag(world, id, 'a=1'), tag(world, id, 'a=1')])).map(granted)
    expect(one).toEqual(other)
    expect(count()).toBe(had + 1)
    expect(granted(await untag(world, id, other!))).toBe(true)
    expect(shownBy(world, id).id).toBe(one!.before)
  })

  test('a copy that another process made counts as the own one', async () => {
    const world = await aWorld()
    const { id } = world.library.createAd()
    const shown = world.fake.account('Acme Europe').ads.find(id)!
    const { before, after } = granted(await tag(world, id, 'a=1'))
    const alike = { ...shown.creative.fields, title: 'made at the same time' }
    world.fake.account('Acme Europe').ads.show(shown, world.fake.creatives.create(world.account.id, alike))
    expect(granted(await untag(world, id, { before, after }))).toBe(true)
    expect(shown.creative.id).toBe(before)
  })

  test('what somebody has set by hand since is not taken back', async () => {
    const world = await aWorld()
    const { id } = world.library.createAd()
    const first = granted(await tag(world, id, 'a=1'))
    world.clock.turn(HOUR_MS)
    const second = granted(await tag(world, id, 'a=2'))
    expect(second.before).toBe(first.after)
    expect(granted(await untag(world, id, first))).toBe(false)
    expect(shownBy(world, id).id).toBe(second.after)
  })

  test('an ad that carries them by hand is left as it is', async () => {
    const world = await aWorld()
    const { id } = world.library.createAd({ parameters: 'a=1' })
    const shown = shownBy(world, id).id
    expect(granted(await tag(world, id, 'a=1'))).toEqual({ before: shown, after: shown })
    expect(granted(await untag(world, id, { before: shown, after: shown }))).toBe(true)
    expect(changes(world)).toEqual([])
  })

  test('Meta reviews the ad anew, and until then nothing else is set', async () => {
    const world = await aWorld()
    const { id } = world.library.createAd()
    granted(await tag(world, id, 'a=1'))
    expect(await tag(world, id, 'b=2')).toMatchObject({ kind: 'rejected', explanation: expect.stringContaining('reviewing') })
    world.clock.turn(HOUR_MS)
    expect((await tag(world, id, 'b=2')).kind).toBe('ok')
  })

  test('an ad that can not be tagged is not touched', async () => {
    const world = await aWorld()
    const { id } = world.library.createAd()
    world.fake.account('Acme Europe').ads.find(id)!.status = 'DISAPPROVED'
    expect(await tag(world, id, 'a=1')).toMatchObject({ kind: 'rejected', code: 'ad_untaggable' })
    expect(await tag(world, id, `a=${'1'.repeat(1000)}`)).toMatchObject({ kind: 'rejected', code: 'url_tags_too_long' })
    const elsewhere = world.fake.library('Acme US').createAd().id
    expect(await tag(world, elsewhere, 'a=1')).toMatchObject({ kind: 'rejected', code: 'ad_of_other_account' })
    expect(await tag(world, '120299', 'a=1')).toMatchObject({ kind: 'rejected', code: '100/33' })
    expect(changes(world)).toEqual([])
  })

  test('who may only look is told which right is missing', async () => {
    const world = await aWorld()
    const { id } = world.library.createAd()
    world.fake.account('Acme Europe').viewers.add(world.fake.person(MIA).id)
    const lacks = { kind: 'permission', cause: 'role_missing', explanation: expect.stringContaining('manage campaigns') }
    expect(await tag(world, id, 'a=1')).toMatchObject(lacks)
    expect(await world.platform.probe(await world.tokens(), world.account)).toEqual({ kind: 'ok', value: null })
  })

  test('a login without the permission reads everything, and is asked to log in again for a change', async () => {
    const world = await aWorld()
    const { id } = world.library.createAd()
    const tokens = await world.logIn(['ads_management'])
    expect(world.platform.missingScopes(tokens)).toEqual([])
    expect((await world.platform.probe(tokens, world.account)).kind).toBe('ok')
    const missing = { kind: 'authorization_required', cause: 'scope_missing', code: 'ads_management', certain: true }
    expect(await tag(world, id, 'a=1', tokens)).toMatchObject(missing)
    // Taken from a login that had it.
    expect(await tag(world, id, 'a=1', { ...tokens, scopes: ['ads_read', 'ads_management'] })).toMatchObject(missing)
  })
})
