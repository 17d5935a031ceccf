import { describe, expect, test } from 'vitest'
import type { Ad, CampaignCost, CostsStep } from '../../../src/domain/ads.ts'
import { addDays, dayIn } from '../../../src/domain/day.ts'
import { aMicrosoftAds, type MicrosoftAdsWorld } from './a-microsoft-ads.ts'
import { behavesAsAdPlatform, download, granted } from './ads-behaviour.ts'

const SECOND_MS = 1000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

behavesAsAdPlatform('Microsoft Advertising', aMicrosoftAds)

/** One step of a download of the last ten days. */
async function step(world: MicrosoftAdsWorld, job: string | null, rows: CampaignCost[] = []) {
  const to = dayIn(world.library.timeZone, world.clock.now())
  return world.platform.costs(await world.tokens(), {
    account: world.account,
    days: { from: addDays(to, -10), to },
    job,
    take: async (page) => void rows.push(...page),
  })
}

async function submitted(world: MicrosoftAdsWorld): Promise<string> {
  const begun = granted(await step(world, null))
  if (begun.kind !== 'later') throw new Error('the report was there at once')
  world.clock.turn(begun.afterMs)
  return begun.job
}

async function newAds(world: MicrosoftAdsWorld, since: Date): Promise<Ad[]> {
  const found: Ad[] = []
  const take = async (ads: readonly Ad[]) => void found.push(...ads)
  granted(await world.platform.adsSince(await world.tokens(), world.account, since, take))
  return found
}

describe('costs', () => {
  test('of an account in another country are in its own money and days', async () => {
    const world = await aMicrosoftAds()
    const { fake, clock } = world
    const us = fake.account('Acme Search US')
    const library = fake.library('Acme Search US')
    const there = { ...world, account: { id: us.id, via: us.customerId }, library }
    expect(granted(await world.platform.describeAccount(await world.tokens(), there.account))).toEqual({
      currency: 'USD',
      timeZone: 'America/New_York',
    })
    clock.turn(14 * HOUR_MS) // 4 o'clock of the next day in Berlin, and still yesterday in New York
    const today = dayIn('America/New_York', clock.now())
    expect(today).not.toBe(dayIn('Europe/Berlin', clock.now()))
    const rows = await download(there, { from: today, to: today })
    expect(rows.map(({ campaignId }) => campaignId)).toEqual([...library.costs(today, today)].map(({ campaign }) => campaign.id))
    expect(rows.length).toBeGreaterThan(0)
  })

  test('wait for the report, at longer and longer intervals, with a job that holds nothing but its id', async () => {
    const world = await aMicrosoftAds()
    world.fake.switches.reportTakesMs = 10 * 60 * SECOND_MS
    const waits: number[] = []
    let job: string | null = null
    for (;;) {
      const rows: CampaignCost[] = []
      const done: CostsStep = granted(await step(world, job, rows))
      if (done.kind === 'done') {
        expect(rows.length).toBeGreaterThan(20)
        break
      }
      job = done.job
      expect(job).toMatch(/^\d+ \d+$/)
      waits.push(done.afterMs / SECOND_MS)
      world.clock.turn(done.afterMs)
    }
    expect(waits).toEqual([10, 20, 40, 80, 120, 120, 120, 120])
  })

  test('are none when nothing was shown: there is no file then', async () => {
    const world = await aMicrosoftAds()
    world.library.campaigns.length = 0
    expect(await download(world, { from: '2026-11-01', to: '2026-11-20' })).toEqual([])
    expect(world.fake.calls.list().some(({ method }) => method === 'GET')).toBe(false)
  })

  test('are asked for anew when the report failed, was lost, or never came', async () => {
    const world = await aMicrosoftAds()
    const job = await submitted(world)
    world.fake.switches.filesFail = true
    expect(await step(world, job)).toMatchObject({ kind: 'transient' })
    world.fake.switches.filesFail = false
    expect(await step(world, '30000009999999999 2')).toMatchObject({ kind: 'transient', code: 'ReportingServiceReportNotFound' })
    const [id] = job.split(' ')
    world.fake.switches.reportTakesMs = 30 * DAY_MS
    const another = await submitted(world)
    expect(await step(world, `${another.split(' ')[0]} 119`)).toMatchObject({ kind: 'transient', code: 'report_never_ready' })
    expect(granted(await step(world, `${id} 0`))).toEqual({ kind: 'done' })
  })

  test('are not complete when the file breaks off', async () => {
    const world = await aMicrosoftAds()
    const job = await submitted(world)
    for (const cut of [10, 400]) {
      world.fake.switches.cutFilesAfter = cut
      expect(await step(world, job)).toMatchObject({ kind: 'transient', code: 'file_broken_off' })
    }
    world.fake.switches.cutFilesAfter = null
    expect(granted(await step(world, job))).toEqual({ kind: 'done' })
  })

  test('are not fetched from an address that is not Microsoft’s', async () => {
    const world = await aMicrosoftAds()
    const job = await submitted(world)
    for (const where of [
      'https://files.example',
      'http://files.windows.net',
      'https://10.0.0.1',
      'https://windows.net.example',
    ]) {
      world.fake.switches.filesAt = where
      expect(await step(world, job), where).toMatchObject({ kind: 'misconfigured', code: 'file_host_refused' })
    }
  })

  test('wait while earlier reports are made, and while calls are too many', async () => {
    const world = await aMicrosoftAds()
    const { refusesPath } = world.fake.switches
    refusesPath.set('/Reporting/v13/GenerateReport/Submit', 'reportsUnderWay')
    expect(await step(world, null)).toMatchObject({ kind: 'rate_limited' })
    refusesPath.clear()
    const job = await submitted(world)
    refusesPath.set('/Reporting/v13/GenerateReport/Poll', 'callRate')
    expect(await step(world, job)).toMatchObject({ kind: 'rate_limited', retryAfterMs: 60 * SECOND_MS })
    refusesPath.set('/Reporting/v13/GenerateReport/Poll', 'tokenExpired')
    expect(await step(world, job)).toMatchObject({ kind: 'refresh' })
  })

  test('what stops their taking is not the platform’s refusal', async () => {
    const world = await aMicrosoftAds()
    const job = await submitted(world)
    const order = {
      account: world.account,
      days: { from: '2026-11-01', to: '2026-11-23' },
      job,
      take: async () => {
        throw new Error('the disk is full')
      },
    }
    await expect(world.platform.costs(await world.tokens(), order)).rejects.toThrow('the disk is full')
  })

  test('of a time zone that is not known can’t be told apart by day', async () => {
    const world = await aMicrosoftAds()
    Object.assign(world.fake.account('Acme Search EU'), { timeZone: { name: 'OlympusMons', iana: 'Europe/Berlin' } })
    expect(await world.platform.describeAccount(await world.tokens(), world.account)).toMatchObject({ code: 'unknown_time_zone' })
    expect(await step(world, null)).toMatchObject({ kind: 'rejected', code: 'unknown_time_zone' })
  })
})

describe('new ads', () => {
  test('carry what their clicks carry, and say at which level it is set', async () => {
    const world = await aMicrosoftAds()
    const { fake, library, clock, account } = world
    const since = clock.now()
    clock.turn(HOUR_MS)
    const [first, second, third] = library.campaigns
    library.parameters = 'utm_source=account'
    second!.parameters = 'utm_source=campaign'
    third!.parameters = 'utm_source=campaign'
    fake.adGroup(account.id, third!.id).parameters = 'utm_source=group'
    const landingPage = 'https://acme.example/{_city}?ref=x#top'
    const made = [
      ['account', library.createAd({ campaignId: first!.id, landingPage: 'https://acme.example/demo?ref=x' })],
      ['campaign', library.createAd({ campaignId: second!.id })],
      ['ad_group', library.createAd({ campaignId: third!.id })],
      ['ad', library.createAd({ campaignId: third!.id, parameters: 'utm_source=ad' })],
    ] as const
    const found = new Map((await newAds(world, since)).map((ad) => [ad.id, ad]))
    for (const [level, { id }] of made) {
      expect(found.get(id)).toMatchObject({ setBy: level })
      expect(fake.clickUrl(account.id, id).split('?')[1] ?? '').toBe(found.get(id)?.parameters)
    }
    expect(found.get(made[3][1].id)?.url).toBe(
      'https://ui.ads.microsoft.com/campaign/vnext/campaigns?aid=180000001&cid=250000001',
    )
    const withHash = library.createAd({ campaignId: first!.id, landingPage })
    const again = new Map((await newAds(world, since)).map((ad) => [ad.id, ad]))
    expect(again.get(withHash.id)?.parameters).toBe('ref=x&utm_source=account')
  })

  test('of longer ago than changes are told are found among all', async () => {
    const world = await aMicrosoftAds()
    const { library, clock } = world
    clock.turn(DAY_MS)
    const since = clock.now()
    const { id } = library.createAd()
    clock.turn(60 * DAY_MS)
    expect((await newAds(world, since)).map((ad) => ad.id)).toEqual([id])
  })

  test('of an account that was moved are found among all', async () => {
    const world = await aMicrosoftAds()
    world.fake.switches.bulkNeedsFull = true
    const since = world.clock.now()
    world.clock.turn(HOUR_MS)
    const { id } = world.library.createAd()
    expect((await newAds(world, since)).map((ad) => ad.id)).toEqual([id])
  })

  test('are waited for a little while, and asked for again with the same request', async () => {
    const world = await aMicrosoftAds()
    const { fake, clock, library, platform, account } = world
    const since = clock.now()
    clock.turn(HOUR_MS)
    const { id } = library.createAd()
    fake.switches.bulkTakesMs = 8 * SECOND_MS
    expect((await newAds(world, since)).map((ad) => ad.id)).toEqual([id])

    fake.switches.bulkTakesMs = 90 * SECOND_MS
    const asked = await platform.adsSince(await world.tokens(), account, since, async () => {})
    expect(asked).toMatchObject({ kind: 'transient', code: 'bulk_in_progress', retryAfterMs: 60 * SECOND_MS })
    clock.turn(60 * SECOND_MS)
    const submits = () => fake.calls.list().filter(({ path }) => path.endsWith('/DownloadByAccountIds')).length
    const before = submits()
    expect((await newAds(world, since)).map((ad) => ad.id)).toEqual([id])
    expect(submits()).toBe(before)
  })

  test('that could not be listed are a refusal, and none is taken for there being none', async () => {
    const world = await aMicrosoftAds()
    const { fake, clock, library, platform, account } = world
    const since = clock.now()
    clock.turn(HOUR_MS)
    library.createAd()
    const asked = async () => {
      const taken: Ad[] = []
      const answer = await platform.adsSince(await world.tokens(), account, since, async (ads) => void taken.push(...ads))
      expect(taken).toEqual([])
      return answer
    }
    fake.switches.filesFail = true
    expect(await asked()).toMatchObject({ kind: 'transient', code: 'bulk_failed' })
    fake.switches.filesFail = false
    fake.switches.cutFilesAfter = 100
    expect(await asked()).toMatchObject({ kind: 'transient', code: 'file_broken_off' })
    fake.switches.cutFilesAfter = null
    const { refusesPath } = fake.switches
    refusesPath.set('/Bulk/v13/Campaigns/DownloadByAccountIds', 'noMoreDownloads')
    expect(await asked()).toMatchObject({ kind: 'rate_limited', retryAfterMs: 15 * 60 * SECOND_MS })
    refusesPath.clear()
    for (const path of ['AccountProperties/Query', 'Campaigns/QueryByAccountId', 'AdGroups/QueryByIds']) {
      refusesPath.set(`/CampaignManagement/v13/${path}`, 'callRate')
      expect(await asked(), path).toMatchObject({ kind: 'rate_limited', retryAfterMs: 60 * SECOND_MS })
      refusesPath.set(`/CampaignManagement/v13/${path}`, 'tokenExpired')
      expect(await asked(), path).toMatchObject({ kind: 'refresh' })
      refusesPath.clear()
    }
    fake.user('ana@acme.example').access.delete(account.id)
    expect(await asked()).toMatchObject({ kind: 'permission', cause: 'access_lost' })
  })
})

describe('URL parameters', () => {
  test('of one account are one template, which is called like it', async () => {
    const world = await aMicrosoftAds()
    const { tagging } = world.platform
    if (tagging.kind !== 'inherited') throw new Error('not inherited')
    expect(granted(await tagging.templates(await world.tokens(), world.account))).toEqual([
      { id: world.account.id, name: 'Account Acme Search EU', parameters: '' },
    ])
    expect(await tagging.setTemplate(await world.tokens(), world.account, 'another', 'a=1')).toMatchObject({ kind: 'rejected' })
  })

  test('may be read by a Viewer, but not set: the role is what lacks', async () => {
    const world = await aMicrosoftAds()
    const { tagging } = world.platform
    if (tagging.kind !== 'inherited') throw new Error('not inherited')
    const set = async () => tagging.setTemplate(await world.tokens(), world.account, world.account.id, tagging.utm)
    world.fake.user('ana@acme.example').role = 'viewer'
    expect(await set()).toMatchObject({ kind: 'permission', cause: 'role_missing' })
    expect(world.library.parameters).toBe('')
    world.takeAccess()
    expect(await set()).toMatchObject({ kind: 'permission', cause: 'access_lost' })
  })

  test('that the platform does not take are rejected in words, and nothing is changed', async () => {
    const world = await aMicrosoftAds()
    const { tagging } = world.platform
    if (tagging.kind !== 'inherited') throw new Error('not inherited')
    world.library.parameters = 'kept=1'
    const set = async (text: string) => tagging.setTemplate(await world.tokens(), world.account, world.account.id, text)
    expect(await set(`a=${'x'.repeat(tagging.maxLength)}`)).toMatchObject({ kind: 'rejected', explanation: /too long/ as never })
    for (const text of ['?a=1', '&a=1', 'u={lpurl}']) expect(await set(text), text).toMatchObject({ kind: 'rejected' })
    expect(world.library.parameters).toBe('kept=1')
  })

  test('below the account are found at every level, as many as are wanted', async () => {
    const world = await aMicrosoftAds()
    const { fake, library, account } = world
    const { tagging } = world.platform
    if (tagging.kind !== 'inherited') throw new Error('not inherited')
    const [first, second] = library.campaigns
    first!.parameters = 'a=campaign'
    fake.adGroup(account.id, second!.id).parameters = 'a=group'
    const ad = library.createAd({ name: 'Own', parameters: 'a=ad' })
    const found = granted(await tagging.overrides(await world.tokens(), account, 10))
    expect(found.map(({ level, id, name, parameters }) => [level, id, name, parameters])).toEqual([
      ['campaign', first!.id, first!.name, 'a=campaign'],
      ['ad_group', fake.adGroup(account.id, second!.id).id, `${second!.name}, all`, 'a=group'],
      ['ad', ad.id, 'Own', 'a=ad'],
    ])
    expect(granted(await tagging.overrides(await world.tokens(), account, 2))).toHaveLength(2)
    fake.switches.cutFilesAfter = 60
    expect(await tagging.overrides(await world.tokens(), account, 10)).toMatchObject({ kind: 'transient' })
  })
})
