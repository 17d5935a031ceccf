import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOUR_MS } from '../../src/clock.ts'
import type { CampaignCost } from '../../src/domain/ads.ts'
import { costHistory, readCosts } from '../../src/domain/costs/read-costs.ts'
import { addDays, eachDay } from '../../src/domain/day.ts'
import type { Store } from '../../src/domain/store.ts'
import { readCostsCommand, tellCosts } from '../../src/inbound/cli/costs.ts'
import { openStore } from '../../src/outbound/store/store.ts'
import { aWeb, BEARER } from '../inbound/web/a-web.ts'
import { addConnection, at, aWorkspace } from '../support/builders.ts'

const TEAM = 'T1'
/** In the account's time zone it is 2026-11-23 in all tests. */
const TODAY = '2026-11-23'
const clock = { now: () => at(0) }
const ROWS: readonly CampaignCost[] = [
  {
    day: '2026-11-20',
    campaignId: '7',
    campaignName: '=HYPERLINK("http://evil.example")',
    micros: 1_234_560_000n,
    clicks: 9,
    impressions: 400,
  },
  { day: '2026-11-20', campaignId: '8', campaignName: 'Brand, EU', micros: 50_000n, clicks: 0, impressions: 3 },
  {
    day: '2026-11-22',
    campaignId: '7',
    campaignName: '=HYPERLINK("http://evil.example")',
    micros: -2_500_000n,
    clicks: 1,
    impressions: 1,
  },
  { day: '2026-11-23', campaignId: '8', campaignName: 'Brand, EU', micros: 1n, clicks: 1, impressions: 1 },
]

let store: Store
beforeAll(async () => {
  store = await openStore(':memory:', { stamp: 'live' })
  await store.workspaces.save(aWorkspace({ teamId: TEAM }), at(0))
  await addConnection(store, { name: 'salesforce' })
  const { id } = await addConnection(store, { name: 'google-ads', provider: 'google-ads', kind: 'ads' })
  await addConnection(store, { name: 'meta', provider: 'meta', kind: 'ads' })
  const due = await store.costs.claim(at(0), at(10_000), 'me', 10)
  const seen = due.find(({ connection }) => connection.id === id)!.download
  const days = { from: '2026-11-20', to: TODAY }
  const begun = (await store.costs.begin(seen, 'me', { currency: 'EUR', timeZone: 'Europe/Berlin' }, days))!
  await store.costs.take(begun, ROWS)
  const lost = { from: '2026-11-18', to: '2026-11-19' }
  await store.costs.complete(begun, 'me', { lost, restatedAt: at(0), at: at(0), dueAt: at(HOUR_MS) })
})
afterAll(() => store.close())

function get(path: string, headers: Record<string, string> = {}) {
  const web = aWeb({
    actions: { readCosts: (team, name, days) => readCosts({ store, clock }, team, name, days) },
    deps: { teamId: () => TEAM },
  })
  return web.fastify.inject({ url: `/v1/connections/${path}`, headers: { ...BEARER, ...headers } })
}

describe('over HTTP', () => {
  test('thirty days up to today, in the time zone and currency of the account', async () => {
    const answer = await get('google-ads/costs')
    expect(answer.statusCode).toBe(200)
    const body = answer.json()
    expect(body).toMatchObject({
      connection: 'google-ads',
      provider: 'google-ads',
      currency: 'EUR',
      timeZone: 'Europe/Berlin',
      from: '2026-10-25',
      to: TODAY,
      lastDownloadAt: at(0).toISOString(),
      trouble: null,
      complete: false,
      total: '1232.110001',
      next: null,
    })
    expect(body.days).toHaveLength(30)
    expect(body.days.slice(-6)).toEqual([
      { day: '2026-11-18', state: 'lost', amount: null },
      { day: '2026-11-19', state: 'lost', amount: null },
      { day: '2026-11-20', state: 'whole', amount: '1234.61' },
      { day: '2026-11-21', state: 'whole', amount: '0.00' },
      { day: '2026-11-22', state: 'whole', amount: '-2.50' },
      { day: '2026-11-23', state: 'open', amount: '0.000001' },
    ])
    expect(body.days[0]).toEqual({ day: '2026-10-25', state: 'missing', amount: null })
    expect(body.costs[0]).toEqual({
      day: '2026-11-20',
      campaignId: '7',
      campaignName: '=HYPERLINK("http://evil.example")',
      amount: '1234.56',
      clicks: 9,
      impressions: 400,
    })
  })

  test('a span whose days are all whole is complete', async () => {
    expect((await get('google-ads/costs?from=2026-11-20&to=2026-11-22')).json()).toMatchObject({
      complete: true,
      total: '1232.11',
    })
    expect((await get('google-ads/costs?from=2026-11-20&to=2026-11-23')).json()).toMatchObject({ complete: false })
  })

  test('a page begins after the cursor of the one before', async () => {
    const body = (await get('google-ads/costs?after=2026-11-20%3A7')).json()
    expect(body.costs.map((row: { campaignId: string; day: string }) => `${row.day} ${row.campaignId}`)).toEqual([
      '2026-11-20 8',
      '2026-11-22 7',
      '2026-11-23 8',
    ])
  })

  test('CSV has every row, and no cell that a spreadsheet would run', async () => {
    const answer = await get('google-ads/costs?from=2026-11-20', { accept: 'text/csv' })
    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="google-ads-costs-2026-11-20-2026-11-23.csv"',
    })
    expect(answer.body.trimEnd().split('\r\n')).toEqual([
      'day,campaignId,campaignName,amount,currency,clicks,impressions',
      `2026-11-20,7,"'=HYPERLINK(""http://evil.example"")",1234.56,EUR,9,400`,
      '2026-11-20,8,"Brand, EU",0.05,EUR,0,3',
      `2026-11-22,7,"'=HYPERLINK(""http://evil.example"")",-2.50,EUR,1,1`,
      '2026-11-23,8,"Brand, EU",0.000001,EUR,1,1',
    ])
  })

  test('an account that was never downloaded has no amounts, and no zeros either', async () => {
    const body = (await get('meta/costs')).json()
    expect(body).toMatchObject({ currency: null, lastDownloadAt: null, complete: false, days: [], costs: [] })
  })

  test.each([
    ['googel-ads/costs', 404, 'unknown_connection', 'google-ads'],
    ['salesforce/costs', 409, 'not_an_ad_platform', 'is a CRM'],
    ['google-ads/costs?from=2026-02-30', 400, 'bad_request', 'There is no day 2026-02-30'],
    ['google-ads/costs?to=yesterday', 400, 'bad_request', 'write days as 2026-11-24'],
    ['google-ads/costs?from=2026-11-02&to=2026-11-01', 400, 'bad_request', '2026-11-02 is after 2026-11-01'],
    ['google-ads/costs?from=2025-01-01', 400, 'bad_request', 'ask for 400 at most'],
    ['google-ads/costs?after=7', 400, 'bad_request', '"after" is the "next"'],
  ])('%s: %i %s', async (path, status, code, detail) => {
    const answer = await get(path)
    expect(answer.statusCode).toBe(status)
    expect(answer.json()).toMatchObject({ code })
    expect(answer.json().detail).toContain(detail)
  })
})

test('many rows come in pages, as JSON and as CSV, and each once', async () => {
  const { id } = await addConnection(store, { name: 'linkedin', provider: 'linkedin', kind: 'ads' })
  const due = await store.costs.claim(at(1), at(10_001), 'you', 10)
  const seen = due.find(({ connection }) => connection.id === id)!.download
  const begun = (await store.costs.begin(seen, 'you', { currency: 'USD', timeZone: 'UTC' }, { from: '2026-11-22', to: TODAY }))!
  const rows = Array.from({ length: 2_345 }, (_, n) => ({
    day: '2026-11-22',
    campaignId: `c${String(n).padStart(5, '0')}`,
    campaignName: `Campaign ${n}`,
    micros: 10_000n,
    clicks: 1,
    impressions: 1,
  }))
  await store.costs.take(begun, rows)
  const ids: string[] = []
  let pages = 0
  for (let after: string | null = ''; after !== null; pages++) {
    const { costs, next }: { costs: { campaignId: string }[]; next: string | null } = (
      await get(`linkedin/costs${after === '' ? '' : `?after=${encodeURIComponent(after)}`}`)
    ).json()
    ids.push(...costs.map(({ campaignId }) => campaignId))
    after = next
  }
  expect([pages, ids]).toEqual([3, rows.map(({ campaignId }) => campaignId)])
  const csv = (await get('linkedin/costs', { accept: 'text/csv' })).body.trimEnd().split('\r\n')
  expect(csv.slice(1).map((line) => line.split(',')[1])).toEqual(ids)
})

describe('on the terminal', () => {
  async function run(...args: string[]) {
    const command = readCostsCommand(args)
    if (!command) return { code: 'usage', out: '', err: '' }
    let [out, err] = ['', '']
    const paper = { output: { write: (text: string) => (out += text) }, errors: { write: (text: string) => (err += text) } }
    const code = await tellCosts({ store, clock }, command, paper)
    return { code, out, err }
  }

  test('a line a day, the campaigns that cost most, and how complete it is', async () => {
    const { code, out } = await run('google-ads', '--from', '2026-11-18')
    expect(code).toBe(0)
    expect(out).toMatch(/^Acme Inc \(google-ads\), EUR, days in Europe\/Berlin\n/)
    expect(out).toMatch(/^2026-11-18 +- {2}LOST/m)
    expect(out).toMatch(/^2026-11-20 +1234\.61$/m)
    expect(out).toMatch(/^2026-11-21 +0\.00$/m)
    expect(out).toMatch(/^2026-11-23 +0\.000001 {2}so far$/m)
    expect(out).toMatch(/^TOTAL +1232\.110001$/m)
    expect(out).toContain('3 of 6 days are whole.')
    expect(out).toMatch(/CAMPAIGN[\s\S]*HYPERLINK[\s\S]*1232\.06[\s\S]*Brand, EU/)
  })

  test('--csv is the same as over HTTP', async () => {
    const { out } = await run('google-ads', '--from', '2026-11-20', '--csv')
    expect(out).toBe((await get('google-ads/costs?from=2026-11-20', { accept: 'text/csv' })).body)
  })

  test.each([
    [['gogle-ads'], 1, 'There is no connection gogle-ads. Did you mean google-ads?'],
    [['salesforce'], 1, 'only ad platforms have costs'],
    [['google-ads', '--from', 'monday'], 64, 'There is no day monday'],
    [[], 'usage', ''],
    [['google-ads', '--since', '2026-11-01'], 'usage', ''],
    [['google-ads', 'meta'], 'usage', ''],
  ])('%j', async (args, code, says) => {
    const answer = await run(...args)
    expect(answer).toMatchObject({ code, out: '' })
    expect(answer.err).toContain(says)
  })

  test('nothing downloaded yet is said', async () =>
    expect((await run('meta')).out).toContain('No costs of meta have been downloaded yet.'))
})

test('a chart gets a row for each day, and nothing for what has no costs', async () => {
  const [ads, crm] = await Promise.all(['google-ads', 'salesforce'].map((name) => store.connections.byName(TEAM, name)))
  const history = await costHistory({ store, clock }, ads!.id, 30)
  expect(history?.days.map(({ day }) => day)).toEqual(eachDay({ from: addDays(TODAY, -29), to: TODAY }))
  expect(await costHistory({ store, clock }, crm!.id, 30)).toBeNull()
})
