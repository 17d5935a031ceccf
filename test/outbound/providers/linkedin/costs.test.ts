import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import type { AdPlatform, CampaignCost } from '../../../../src/domain/ads.ts'
import { addDays, countDays, type Days, eachDay } from '../../../../src/domain/day.ts'
import type { Tokens } from '../../../../src/domain/provider.ts'
import { answerJson, type SeenRequest } from '../a-server.ts'
import { account, aLinkedIn, json } from './a-linkedin.ts'

const REPORT = '/rest/adAnalytics'
const CAMPAIGNS = '/rest/adAccounts/5/adCampaigns'
const NAMES = json(200, { elements: [{ id: 7, name: 'Brand', status: 'ACTIVE' }], metadata: {} })
const NOVEMBER: Days = { from: '2026-11-01', to: '2026-11-22' }
const TWO_MONTHS: Days = { from: '2026-10-01', to: '2026-11-22' }

function dateOf(day: string): object {
  const [year, month, date] = day.split('-').map(Number)
  return { year, month, day: date }
}

function aRow(over: object = {}, day = '2026-11-02'): object {
  const dateRange = { start: dateOf(day), end: dateOf(day) }
  const pivotValues = ['urn:li:sponsoredCampaign:7']
  return { dateRange, pivotValues, costInLocalCurrency: '12.345678', clicks: 3, impressions: 40, ...over }
}

/** The days that a report was asked for. */
function askedDays({ url }: SeenRequest): Days {
  const dates = [...url.matchAll(/year:(\d+),month:(\d+),day:(\d+)/g)].map(([, year, month, day]) =>
    [year, month?.padStart(2, '0'), day?.padStart(2, '0')].join('-'),
  )
  return { from: dates[0] ?? '', to: dates[1] ?? '' }
}

async function costsOf({ provider, tokens }: { provider: AdPlatform; tokens: Tokens }, days = NOVEMBER) {
  const rows: CampaignCost[] = []
  const sizes: number[] = []
  const take = async (some: readonly CampaignCost[]) => {
    rows.push(...some)
    sizes.push(some.length)
  }
  return { asked: await provider.costs(tokens, { account, days, job: null, take }), rows, sizes }
}

const report = (...elements: object[]) => json(200, { elements, paging: { start: 0, count: 10, links: [] } })

test('the report is asked for as Rest.li writes it, and joined with the names of campaigns', async () => {
  const linkedin = await aLinkedIn({ [REPORT]: report(aRow()), [CAMPAIGNS]: NAMES })
  const { asked, rows } = await costsOf(linkedin)
  expect(asked).toEqual({ kind: 'ok', value: { kind: 'done' } })
  expect(rows).toEqual([
    { day: '2026-11-02', campaignId: '7', campaignName: 'Brand', micros: 12_345_678n, clicks: 3, impressions: 40 },
  ])
  expect(linkedin.requests.map(({ url }) => url)).toEqual([
    `${REPORT}?q=analytics&pivot=CAMPAIGN&timeGranularity=DAILY&dateRange=(start:(year:2026,month:11,day:1),end:(year:2026,month:11,day:22))&accounts=List(urn%3Ali%3AsponsoredAccount%3A5)&fields=dateRange,pivotValues,costInLocalCurrency,impressions,clicks`,
    `${CAMPAIGNS}?q=search&pageSize=1000&fields=id,name,status,type`,
  ])
})

test('a month is asked for at a time, names only once and only for rows', async () => {
  const linkedin = await aLinkedIn({
    [REPORT]: (request, response) =>
      askedDays(request).from === '2026-10-01'
        ? answerJson(response, 200, { elements: [] })
        : answerJson(response, 200, { elements: [aRow({}, '2026-11-02'), aRow({}, '2026-11-22')] }),
    [CAMPAIGNS]: NAMES,
  })
  expect((await costsOf(linkedin, TWO_MONTHS)).rows.map(({ day }) => day)).toEqual(['2026-11-02', '2026-11-22'])
  const paths = linkedin.requests.map(({ url }) => url.split('?')[0])
  expect(paths).toEqual([REPORT, REPORT, CAMPAIGNS])
  expect(linkedin.requests.slice(0, 2).map(askedDays)).toEqual([
    { from: '2026-10-01', to: '2026-10-31' },
    { from: '2026-11-01', to: '2026-11-22' },
  ])
})

test('a campaign that LinkedIn does not list any more keeps its costs', async () => {
  const linkedin = await aLinkedIn({ [REPORT]: report(aRow()), [CAMPAIGNS]: json(200, { elements: [] }) })
  expect((await costsOf(linkedin)).rows).toMatchObject([{ campaignId: '7', campaignName: '' }])
})

test('a row in which nothing was counted costs nothing', async () => {
  const nothing = { costInLocalCurrency: undefined, clicks: undefined, impressions: undefined }
  const linkedin = await aLinkedIn({ [REPORT]: report(aRow(nothing)), [CAMPAIGNS]: NAMES })
  expect((await costsOf(linkedin)).rows).toMatchObject([{ micros: 0n, clicks: 0, impressions: 0 }])
})

test.each<[string, object]>([
  ['an amount that is none', aRow({ costInLocalCurrency: '1,234.50' })],
  ['clicks without an amount', aRow({ costInLocalCurrency: undefined })],
  ['clicks that are no number', aRow({ clicks: '3' })],
  ['a day that nobody asked for', aRow({}, '2026-12-24')],
  ['no campaign', aRow({ pivotValues: [] })],
  ['no day', aRow({ dateRange: {} })],
])('%s makes the whole report unreadable, and nothing of it is taken', async (_words, row) => {
  const linkedin = await aLinkedIn({ [REPORT]: report(aRow(), row), [CAMPAIGNS]: NAMES })
  const { asked, rows } = await costsOf(linkedin)
  expect(asked).toMatchObject({ kind: 'transient', code: 'unreadable_answer' })
  expect(rows).toEqual([])
})

test.each<[string, (response: ServerResponse) => void]>([
  [
    'ends in the middle',
    (response) => response.writeHead(200, { 'content-length': 500 }).write('{"elements":[', () => response.destroy()),
  ],
  ['is half a text', (response) => response.end('{"elements":[{"dateRange":')],
  ['has no list in it', (response) => answerJson(response, 200, {})],
  ['is a page', (response) => response.end('<html>')],
])('a report that %s is no report', async (_words, answer) => {
  const linkedin = await aLinkedIn({ [REPORT]: (_request, response) => void answer(response) })
  const { asked, rows } = await costsOf(linkedin)
  expect(asked).toMatchObject({ kind: 'transient' })
  expect(rows).toEqual([])
})

const DAY_LIMIT = {
  status: 429,
  serviceErrorCode: 101,
  message: 'Resource level throttle APPLICATION_AND_MEMBER DAY limit for calls to this resource is reached.',
}
const EXPIRED = { status: 401, serviceErrorCode: 65602, message: 'The token used in the request has expired' }

test.each<[string, number, object, object]>([
  ['the calls of the day are used up', 429, DAY_LIMIT, { kind: 'rate_limited', usedUp: true }],
  ['the access token ends', 401, EXPIRED, { kind: 'refresh' }],
  ['LinkedIn breaks', 500, { status: 500, message: 'Internal Server Error' }, { kind: 'transient' }],
])('when %s at the second month, the first is taken and the trouble is told', async (_words, status, body, verdict) => {
  const linkedin = await aLinkedIn({
    [REPORT]: (request, response) =>
      askedDays(request).from === '2026-10-01'
        ? answerJson(response, 200, { elements: [aRow({}, '2026-10-05')] })
        : answerJson(response, status, body),
    [CAMPAIGNS]: NAMES,
  })
  const { asked, rows } = await costsOf(linkedin, TWO_MONTHS)
  expect(asked).toMatchObject(verdict)
  expect(rows.map(({ day }) => day)).toEqual(['2026-10-05'])
})

test('names that can’t be read are told, since costs without names would be stored', async () => {
  const second = json(429, DAY_LIMIT)
  const first = json(200, { elements: [{ id: 7, name: 'Brand' }], metadata: { nextPageToken: 'a' } })
  const names = (request: SeenRequest, response: ServerResponse) =>
    (request.url.includes('pageToken=a') ? second : first)(request, response)
  const linkedin = await aLinkedIn({ [REPORT]: report(aRow()), [CAMPAIGNS]: names })
  const { asked, rows } = await costsOf(linkedin)
  expect(asked).toMatchObject({ kind: 'rate_limited', usedUp: true })
  expect(rows).toEqual([])
})

test('pages that go in a circle end', async () => {
  const circle = json(200, { elements: [], metadata: { nextPageToken: 'again' } })
  const linkedin = await aLinkedIn({ [REPORT]: report(aRow()), [CAMPAIGNS]: circle })
  expect((await costsOf(linkedin)).asked).toMatchObject({ kind: 'transient', code: 'unreadable_answer' })
  expect(linkedin.requests.length).toBe(3)
})

test('no token goes to another host for costs', async () => {
  const { provider, tokens, requests } = await aLinkedIn({})
  const elsewhere = { ...tokens, apiOrigin: 'https://evil.example' }
  expect((await costsOf({ provider, tokens: elsewhere })).asked).toMatchObject({ code: 'api_host_refused' })
  expect(requests).toEqual([])
})

const MOST = 15_000

/** As LinkedIn answers: of many campaigns on many days the first 15,000 rows, without a word about the others. */
function manyRows(campaigns: number) {
  return (request: SeenRequest, response: ServerResponse) => {
    const elements: object[] = []
    for (const day of eachDay(askedDays(request))) {
      for (let place = 0; place < campaigns && elements.length < MOST; place++) {
        elements.push(aRow({ pivotValues: [`urn:li:sponsoredCampaign:${1000 + place}`] }, day))
      }
    }
    answerJson(response, 200, { elements })
  }
}

test('200,000 rows are read in parts that LinkedIn does not cut, and taken in pieces while more is on its way', async () => {
  const days = { from: '2026-05-26', to: '2026-11-23' }
  const perDay = 1_100
  const linkedin = await aLinkedIn({ [REPORT]: manyRows(perDay), [CAMPAIGNS]: NAMES })
  const seen = new Set<string>()
  let largest = 0
  let askedAtFirst = 0
  const take = async (rows: readonly CampaignCost[]) => {
    askedAtFirst ||= linkedin.requests.length
    largest = Math.max(largest, rows.length)
    for (const { day, campaignId } of rows) seen.add(`${day} ${campaignId}`)
  }
  const asked = await linkedin.provider.costs(linkedin.tokens, { account, days, job: null, take })
  expect(asked).toEqual({ kind: 'ok', value: { kind: 'done' } })
  expect(seen.size).toBe(countDays(days) * perDay)
  expect(seen.size).toBeGreaterThan(200_000)
  expect(largest).toBeLessThanOrEqual(2_000)
  expect(askedAtFirst).toBe(4) // two that were cut, one that was not, and the names
  expect(linkedin.requests.length).toBeGreaterThan(20)
})

test('an answer that says it goes on is asked for in smaller parts', async () => {
  const linkedin = await aLinkedIn({
    [REPORT]: (request, response) => {
      const days = askedDays(request)
      const links = countDays(days) > 8 ? [{ rel: 'next', href: '/rest/adAnalytics?start=10', type: 'application/json' }] : []
      answerJson(response, 200, { elements: eachDay(days).map((day) => aRow({}, day)), paging: { links } })
    },
    [CAMPAIGNS]: NAMES,
  })
  const { rows } = await costsOf(linkedin)
  expect(rows.map(({ day }) => day)).toEqual(eachDay(NOVEMBER))
})

test('an answer that is too large to be read is asked for in smaller parts', async () => {
  const linkedin = await aLinkedIn({
    [REPORT]: (request, response) => {
      const days = askedDays(request)
      const elements = eachDay(days).map((day) => aRow({}, day))
      answerJson(response, 200, { elements, more: countDays(days) > 11 ? 'x'.repeat(11 * 1024 * 1024) : '' })
    },
    [CAMPAIGNS]: NAMES,
  })
  expect((await costsOf(linkedin)).rows.map(({ day }) => day)).toEqual(eachDay(NOVEMBER))
})

test('a single day that is cut is refused, not taken in part', async () => {
  const linkedin = await aLinkedIn({ [REPORT]: manyRows(MOST + 1), [CAMPAIGNS]: NAMES })
  const { asked, rows } = await costsOf(linkedin, { from: '2026-11-20', to: addDays('2026-11-20', 2) })
  expect(asked).toMatchObject({ kind: 'rejected', code: 'too_many_rows' })
  expect(rows).toEqual([])
})

test('what taking rows throws goes on', async () => {
  const { provider, tokens } = await aLinkedIn({ [REPORT]: report(aRow()), [CAMPAIGNS]: NAMES })
  const take = () => Promise.reject(new Error('stopped'))
  await expect(provider.costs(tokens, { account, days: NOVEMBER, job: null, take })).rejects.toThrow('stopped')
})
