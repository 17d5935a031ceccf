import { expect, test } from 'vitest'
import type { Ad, CampaignCost, CostsStep, Tagging } from '../../../src/domain/ads.ts'
import { addDays, dayIn } from '../../../src/domain/day.ts'
import type { Asked, Tokens } from '../../../src/domain/provider.ts'
import { CM_FAULTS } from '../../../src/sandbox/providers/google/faults.ts'
import { ANA, aGoogle, logIn } from './a-google.ts'
import { type AdWorld, behavesAsAdPlatform, download, granted } from './ads-behaviour.ts'

const ACME = { id: '9001', via: '7001' }
const HOUR_MS = 3_600_000
const DAYS = { from: '2026-11-01', to: '2026-11-22' }
const REPORTING = 'https://www.googleapis.com/auth/dfareporting'
const TRAFFICKING = 'https://www.googleapis.com/auth/dfatrafficking'

async function aCm360(account = ACME) {
  const google = await aGoogle()
  const { cm, fake, clock } = google
  clock.turn(24 * HOUR_MS) // the first ads are from yesterday
  const first = await logIn(cm, ANA)
  const world: AdWorld = {
    platform: cm,
    account,
    library: fake.cm360.library(account.id),
    clock,
    tokens: async () => granted(await cm.refresh(first)),
    takeAccess: () => {
      fake.profile(account.via).seesAdvertisers = false
    },
  }
  return { ...google, world, account, acme: fake.cm360.account(account.id) }
}

behavesAsAdPlatform('Campaign Manager 360', async () => (await aCm360()).world)

type World = Awaited<ReturnType<typeof aCm360>>

function inherited({ cm }: World): Extract<Tagging, { kind: 'inherited' }> {
  if (cm.tagging.kind !== 'inherited') throw new Error('advertisers have suffixes')
  return cm.tagging
}

async function ask({ cm, account }: World, tokens: Tokens, job: string | null, rows: CampaignCost[] = []) {
  const take = async (some: readonly CampaignCost[]) => void rows.push(...some)
  return cm.costs(tokens, { account, days: DAYS, job, take })
}

/** Asks until the report is there or refused. */
async function askToTheEnd(world: World, rows: CampaignCost[] = []): Promise<Asked<CostsStep>> {
  let job: string | null = null
  for (let step = 0; step < 100; step++) {
    const asked = await ask(world, await world.world.tokens(), job, rows)
    if (asked.kind !== 'ok' || asked.value.kind === 'done') return asked
    job = asked.value.job
    world.clock.turn(asked.value.afterMs)
  }
  throw new Error('the report does not end')
}

async function adsOf({ cm, account, world }: World, since: Date): Promise<Map<string, Ad>> {
  const found = new Map<string, Ad>()
  const take = async (ads: readonly Ad[]) => {
    for (const ad of ads) found.set(ad.id, ad)
  }
  granted(await cm.adsSince(await world.tokens(), account, since, take))
  return found
}

test('a subaccount is counted in the money and the days of its account', async () => {
  const { cm, world } = await aCm360({ id: '9002/55', via: '7003' })
  expect(await cm.describeAccount(await world.tokens(), world.account)).toEqual({
    kind: 'ok',
    value: { currency: 'EUR', timeZone: 'Europe/Paris' },
  })
  const yesterday = addDays(dayIn('Europe/Paris', world.clock.now()), -1)
  expect((await download(world, { from: addDays(yesterday, -20), to: yesterday })).length).toBeGreaterThan(20)
})

test.each([
  [{ currencyId: '27' }, 'unknown_currency'],
  [{ timeZoneId: '14' }, 'unknown_time_zone'],
])('a currency or zone that nobody knows is told and not guessed', async (strange, code) => {
  const { cm, world, acme } = await aCm360()
  Object.assign(acme, strange)
  expect(await cm.describeAccount(await world.tokens(), ACME)).toMatchObject({ kind: 'rejected', code })
})

test('the same report is used each time, and what waits in between holds its numbers only', async () => {
  const world = await aCm360()
  const { fake, cm } = world
  const first = granted(await ask(world, await world.world.tokens(), null))
  expect(first).toMatchObject({ kind: 'later', afterMs: 10_000 })
  expect(JSON.parse(first.kind === 'later' ? first.job : '')).toEqual({
    report: expect.stringMatching(/^\d+$/),
    file: expect.stringMatching(/^\d+$/),
    asked: 0,
  })
  granted(await askToTheEnd(world))
  granted(await askToTheEnd(world))
  const puts = fake.calls.list().filter(({ method, path }) => method === 'POST' && path.endsWith('/reports'))
  expect(puts).toHaveLength(1)
  fake.calls.clear()
  const rows: CampaignCost[] = []
  granted(await askToTheEnd(world, rows))
  expect(rows.length).toBeGreaterThan(60)
  expect(fake.calls.list().filter(({ path }) => path.startsWith('/dfareporting')).length).toBeLessThanOrEqual(10)
  expect(granted(await cm.probe(await world.world.tokens(), ACME))).toBeNull()
})

test('a job that cannot be read begins anew', async () => {
  const world = await aCm360()
  for (const job of ['', 'nonsense', '{"report":"../x","file":"1","asked":0}', '{"report":"1"}']) {
    expect(granted(await ask(world, await world.world.tokens(), job))).toMatchObject({ kind: 'later' })
  }
})

test.each(['FAILED', 'CANCELLED'] as const)('a report that is %s is refused, and made anew the next time', async (end) => {
  const world = await aCm360()
  const { switches } = world.fake.cm360
  switches.reportEnds = end
  const rows: CampaignCost[] = []
  expect(await askToTheEnd(world, rows)).toMatchObject({ kind: 'transient', code: `report_${end}` })
  expect(rows).toEqual([])
  switches.reportEnds = 'REPORT_AVAILABLE'
  expect(await askToTheEnd(world)).toEqual({ kind: 'ok', value: { kind: 'done' } })
})

test('a report is not waited for without an end', async () => {
  const world = await aCm360()
  world.fake.cm360.switches.reportTakesMs = 1_000 * HOUR_MS
  const before = world.clock.now().getTime()
  expect(await askToTheEnd(world)).toMatchObject({ kind: 'transient', code: 'report_stuck' })
  const hours = (world.clock.now().getTime() - before) / HOUR_MS
  expect(hours).toBeGreaterThan(6)
  expect(hours).toBeLessThan(12)
})

test('a report that somebody set to other days meanwhile gives no rows', async () => {
  const world = await aCm360()
  const { fake, clock } = world
  const begun = granted(await ask(world, await world.world.tokens(), null))
  const job = begun.kind === 'later' ? begun.job : ''
  const report = fake.cm360.reports.at(-1)
  const file = fake.cm360.files.at(-1)
  if (!report || !file) throw new Error('no report ran')
  const dateRange = { startDate: '2026-10-01', endDate: '2026-10-02' }
  Object.assign(file, { body: { ...file.body, criteria: { ...file.body.criteria, dateRange } } })
  clock.turn(HOUR_MS / 2)
  const rows: CampaignCost[] = []
  expect(await ask(world, await world.world.tokens(), job, rows)).toMatchObject({ kind: 'transient', code: 'report_changed' })
  expect(rows).toEqual([])
})

test('a file that breaks off is no fewer rows but a refusal', async () => {
  const world = await aCm360()
  world.fake.cm360.switches.fileCutAfter = 2_000
  expect(await askToTheEnd(world)).toMatchObject({ kind: 'transient', code: 'report_broken_off' })
})

test('the reports of a day may be used up', async () => {
  const world = await aCm360()
  world.fake.cm360.switches.reportsPerDay = 0
  expect(await ask(world, await world.world.tokens(), null)).toMatchObject({ kind: 'rate_limited', usedUp: true })
})

test('a report that is gone when it is asked after is refused, and the next one is made', async () => {
  const world = await aCm360()
  const begun = granted(await ask(world, await world.world.tokens(), null))
  world.fake.cm360.reports.length = 0
  expect(await ask(world, await world.world.tokens(), begun.kind === 'later' ? begun.job : '')).toMatchObject({
    kind: 'rejected',
  })
  expect(await askToTheEnd(world)).toMatchObject({ kind: 'ok' })
})

test('without advertisers a report is empty and no refusal; the probe tells', async () => {
  const world = await aCm360()
  const rows: CampaignCost[] = []
  world.world.takeAccess()
  expect(await askToTheEnd(world, rows)).toEqual({ kind: 'ok', value: { kind: 'done' } })
  expect(rows).toEqual([])
  expect(granted(await inherited(world).templates(await world.world.tokens(), ACME))).toEqual([])
  expect((await adsOf(world, new Date(0))).size).toBe(0)
  expect(await world.cm.probe(await world.world.tokens(), ACME)).toMatchObject({
    kind: 'permission',
    cause: 'access_lost',
    code: 'no_advertisers',
  })
})

test('a token that grows stale between two steps is told as such, and the same job goes on', async () => {
  const world = await aCm360()
  const tokens = await world.world.tokens()
  const begun = granted(await ask(world, tokens, null))
  const job = begun.kind === 'later' ? begun.job : ''
  world.clock.turn(2 * HOUR_MS)
  expect(await ask(world, tokens, job)).toMatchObject({ kind: 'refresh' })
  expect(await ask(world, await world.world.tokens(), job)).toEqual({ kind: 'ok', value: { kind: 'done' } })
})

test.each(CM_FAULTS.map(({ id, label, answer }) => [label, id, answer] as const))(
  '%s: every question tells it',
  async (_label, id, answer) => {
    const world = await aCm360()
    const { cm, fake } = world
    const tokens = await world.world.tokens()
    fake.switches.cm360Fault = answer
    const expected: Readonly<Record<string, string>> = {
      stale: 'refresh',
      scope: 'authorization_required',
      'api-disabled': 'misconfigured',
      forbidden: 'permission',
      'profile-gone': 'permission',
      daily: 'rate_limited',
      'too-fast': 'rate_limited',
      backend: 'transient',
      unavailable: 'transient',
    }
    const tagging = inherited(world)
    const kinds = [
      await cm.describeAccount(tokens, ACME),
      await ask(world, tokens, null),
      await cm.adsSince(tokens, ACME, new Date(0), async () => undefined),
      await tagging.templates(tokens, ACME),
      await tagging.setTemplate(tokens, ACME, '1', 'a=b'),
      await tagging.overrides(tokens, ACME, 10),
    ].map(({ kind }) => kind)
    expect(new Set(kinds)).toEqual(new Set([expected[id]]))
  },
)

test.each([
  [REPORTING, 'costs'],
  [TRAFFICKING, 'tags'],
])('a box that was not ticked is told by what needs it: %s', async (scope, needs) => {
  const world = await aCm360()
  const tokens = await logIn(world.cm, { ...ANA, without: [scope] })
  const missing = { kind: 'authorization_required', cause: 'scope_missing' }
  expect(await ask(world, tokens, null)).toMatchObject(needs === 'costs' ? missing : { kind: 'ok' })
  expect(await inherited(world).templates(tokens, ACME)).toMatchObject(needs === 'tags' ? missing : { kind: 'ok' })
})

test('each advertiser is a template, and a new one has none', async () => {
  const world = await aCm360()
  const { acme, clock } = world
  const tagging = inherited(world)
  const tokens = await world.world.tokens()
  const [shoes] = granted(await tagging.templates(tokens, ACME))
  expect(shoes).toEqual({ id: acme.advertisers[0]?.id, name: 'Advertiser Acme Shoes', parameters: '' })
  granted(await tagging.setTemplate(tokens, ACME, shoes?.id ?? '', tagging.utm))
  const since = clock.now()
  clock.turn(HOUR_MS / 4)
  const outdoor = acme.createAdvertiser('Acme Outdoor', 'Tents')
  const tents = acme.library.campaigns.at(-1)
  const made = [acme.library.createAd(), acme.library.createAd({ campaignId: tents?.id ?? '' })]
  expect(granted(await tagging.templates(tokens, ACME))).toEqual([
    { id: shoes?.id, name: 'Advertiser Acme Shoes', parameters: tagging.utm },
    { id: outdoor.id, name: 'Advertiser Acme Outdoor', parameters: '' },
  ])
  const found = await adsOf(world, since)
  expect(made.map(({ id }) => found.get(id)?.setBy)).toEqual(['account', null])
  granted(await tagging.setTemplate(tokens, ACME, outdoor.id, 'utm_source=tents'))
  expect(acme.advertisers.map(({ suffix }) => suffix)).toEqual([tagging.utm, 'utm_source=tents'])
  expect((await adsOf(world, since)).get(made[1]?.id ?? '')).toMatchObject({ parameters: 'utm_source=tents', setBy: 'account' })
})

test('what an ad carries is what its clicks lead to, at every level', async () => {
  const world = await aCm360()
  const { acme, clock } = world
  const { library } = acme
  const [brand, carts, video] = library.campaigns
  if (!brand || !carts || !video) throw new Error('too few campaigns')
  library.parameters = 'utm_source=advertiser'
  carts.parameters = 'utm_source=campaign'
  acme.bareCampaigns.add(video.id)
  const since = clock.now()
  for (const campaignId of [brand.id, carts.id, video.id]) {
    for (const parameters of ['', 'utm_source=ad&x=%20y']) {
      for (const landingPage of ['https://acme.example/', 'https://acme.example/a?b=c&d#e?f']) {
        library.createAd({ campaignId, parameters, landingPage: landingPage.replace(/#.*/, '') })
      }
    }
  }
  const found = await adsOf(world, since)
  expect(found.size).toBe(12)
  for (const [id, { parameters }] of found) expect(acme.clickUrl(id).split('?')[1] ?? '').toBe(parameters)
  expect([...found.values()].map(({ setBy }) => setBy).sort()).toEqual(
    [...Array(6).fill('ad'), ...Array(2).fill('account'), ...Array(4).fill('campaign')].sort(),
  )
})

test('campaigns and ads that set their own are found on every page, campaigns first, and no more than asked for', async () => {
  const world = await aCm360()
  const { library, bareCampaigns } = world.acme
  const tagging = inherited(world)
  world.fake.cm360.switches.pageRows = 2
  const own = library.campaigns[3]
  const bare = library.campaigns[1]
  if (!own || !bare) throw new Error('too few campaigns')
  own.parameters = 'utm_source=newsletter'
  bareCampaigns.add(bare.id)
  const ads = Array.from({ length: 5 }, (_, place) => library.createAd({ parameters: place % 2 === 0 ? 'utm_source=ad' : '' }))
  const found = granted(await tagging.overrides(await world.world.tokens(), ACME, 100))
  expect(found.map(({ level, id, parameters }) => [level, id, parameters])).toEqual([
    ['campaign', own.id, 'utm_source=newsletter'],
    ['campaign', bare.id, ''],
    ...[4, 2, 0].map((place) => ['ad', ads[place]?.id, 'utm_source=ad']),
  ])
  expect(new Set(found.map(({ url }) => new URL(url).host))).toEqual(new Set(['campaignmanager.google.com']))
  expect(granted(await tagging.overrides(await world.world.tokens(), ACME, 2))).toHaveLength(2)
})

test('ads are read until a whole page is older', async () => {
  const world = await aCm360()
  const { library } = world.acme
  for (let place = 0; place < 60; place++) library.createAd()
  world.clock.turn(HOUR_MS)
  const since = world.clock.now()
  const made = Array.from({ length: 5 }, () => library.createAd().id)
  world.fake.cm360.switches.pageRows = 4
  world.fake.calls.clear()
  expect([...(await adsOf(world, since)).keys()].sort()).toEqual(made)
  expect(world.fake.calls.list().filter(({ path }) => path.endsWith('/ads'))).toHaveLength(3)
})

test('parameters that are too long are refused before anything is sent, and one that just fits is taken', async () => {
  const world = await aCm360()
  const tagging = inherited(world)
  const tokens = await world.world.tokens()
  const [template] = granted(await tagging.templates(tokens, ACME))
  const id = template?.id ?? ''
  world.fake.calls.clear()
  expect(await tagging.setTemplate(tokens, ACME, id, 'x'.repeat(129))).toMatchObject({
    kind: 'rejected',
    code: 'parameters_too_long',
  })
  expect(world.fake.calls.total).toBe(0)
  expect(granted(await tagging.setTemplate(tokens, ACME, id, 'x'.repeat(128)))).toBeNull()
})

test('a role that may not edit advertisers is a missing right and no lost account', async () => {
  const world = await aCm360()
  const tagging = inherited(world)
  world.fake.profile('7001').mayEditAdvertisers = false
  const tokens = await world.world.tokens()
  const [template] = granted(await tagging.templates(tokens, ACME))
  expect(await tagging.setTemplate(tokens, ACME, template?.id ?? '', 'a=b')).toMatchObject({
    kind: 'permission',
    cause: 'role_missing',
    explanation: expect.stringContaining('user role'),
  })
  expect(await world.cm.probe(tokens, ACME)).toMatchObject({ kind: 'ok' })
  expect(granted(await tagging.templates(tokens, ACME))[0]?.parameters).toBe('')
})

test('an advertiser that is gone is refused', async () => {
  const world = await aCm360()
  expect(await inherited(world).setTemplate(await world.world.tokens(), ACME, '404', 'a=b')).toMatchObject({ kind: 'rejected' })
})

test('the side panel makes ads and advertisers, and takes rights', async () => {
  const { fake, acme, cm, world } = await aCm360()
  const { ads, campaigns } = acme.library
  const counts = [ads.length, acme.advertisers.length]
  expect(await fake.cm360.run('cm9001-ad')).toContain('was created')
  expect(await fake.cm360.run('cm9001-own')).toContain(campaigns[0]?.name)
  expect(await fake.cm360.run('cm9001-advertiser')).toContain('was created')
  expect([ads.length, acme.advertisers.length]).toEqual(counts.map((count) => count + 1))
  await fake.cm360.run('cm9001-advertisers')
  expect(await cm.probe(await world.tokens(), ACME)).toMatchObject({ kind: 'permission' })
  const titles = fake.cm360.panelGroups().map(({ title }) => title)
  expect(titles).toEqual(
    expect.arrayContaining(['Acme Media: ads and costs', 'Acme Labs: ads and costs', 'Northwind Media: ads and costs']),
  )
})
