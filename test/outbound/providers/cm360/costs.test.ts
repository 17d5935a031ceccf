import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import type { CampaignCost } from '../../../../src/domain/ads.ts'
import { answerJson, aServer, type SeenRequest } from '../a-server.ts'
import { ACCOUNT, aCm360 } from './a-cm360.ts'

const DAYS = { from: '2026-11-01', to: '2026-11-22' }
const JOB = '{"report":"11","file":"22","asked":3}'
const READY = { id: '22', status: 'REPORT_AVAILABLE', dateRange: { startDate: DAYS.from, endDate: DAYS.to } }
const HEAD =
  'Redkey\nDate/Time Generated,11/23/26\nMRC Accredited Metrics,"Clicks, Impressions"\n\nReport Fields\nDate,Campaign ID,Campaign,Impressions,Clicks,Media Cost\n'
const TOTAL = 'Grand Total:,---,---,3,2,1.00\n'

/** A report that is ready; its file is sent by `send`. */
function aReport(send: (response: ServerResponse, request: SeenRequest) => void) {
  return aCm360((request, response) => {
    if (request.url.includes('alt=media')) send(response, request)
    else answerJson(response, 200, READY)
  })
}

async function costsOf(cm: Awaited<ReturnType<typeof aReport>>, take?: (rows: readonly CampaignCost[]) => Promise<void>) {
  const rows: CampaignCost[] = []
  const keep = async (some: readonly CampaignCost[]) => void rows.push(...some)
  const asked = await cm.costs(cm.tokens, { account: ACCOUNT, days: DAYS, job: JOB, take: take ?? keep })
  return { asked, rows }
}

const DONE = { kind: 'ok', value: { kind: 'done' } }

test('the rows between the heads and the total are taken, exactly', async () => {
  const cm = await aReport((response) =>
    response.end(
      `${HEAD}2026-11-01,31,"Brand, ""spring""",1000,20,12.345678\r\n2026-11-02,32,Caf\u00e9,1,0,0.0000\n${TOTAL}2026-11-03,33,after,1,1,1\n`,
    ),
  )
  const { asked, rows } = await costsOf(cm)
  expect(asked).toEqual(DONE)
  expect(rows).toEqual([
    { day: '2026-11-01', campaignId: '31', campaignName: 'Brand, "spring"', impressions: 1000, clicks: 20, micros: 12_345_678n },
    { day: '2026-11-02', campaignId: '32', campaignName: 'Caf\u00e9', impressions: 1, clicks: 0, micros: 0n },
  ])
  expect(cm.requests.map(({ url }) => url)).toEqual([
    '/dfareporting/v5/userprofiles/7001/reports/11/files/22',
    '/dfareporting/v5/reports/11/files/22?alt=media',
  ])
})

test('columns are known by their heads, wherever they stand', async () => {
  const text =
    'Report Fields\nMedia Cost,Clicks,Impressions,Campaign,Campaign ID,Date\n1.5,2,3,Brand,31,2026-11-01\nGrand Total:\n'
  const { rows } = await costsOf(await aReport((response) => response.end(text)))
  expect(rows).toEqual([
    { day: '2026-11-01', campaignId: '31', campaignName: 'Brand', impressions: 3, clicks: 2, micros: 1_500_000n },
  ])
})

test.each([
  ['a total only', `${HEAD}${TOTAL}`],
  ['the words that there is nothing', `${HEAD}No data returned by the reporting service.\n`],
])('no rows is no refusal: %s', async (_name, text) => {
  expect(await costsOf(await aReport((response) => response.end(text)))).toEqual({ asked: DONE, rows: [] })
})

test.each([
  ['no total', `${HEAD}2026-11-01,31,Brand,3,2,1.00\n`],
  ['nothing at all', ''],
  ['a record that does not end', `${HEAD}2026-11-01,31,"Brand,3,2,1.00\n`],
  ['a part of a row', `${HEAD}2026-11-01,31,Bra`],
])('a file that is not whole passes: %s', async (_name, text) => {
  const { asked, rows } = await costsOf(await aReport((response) => response.end(text)))
  expect(asked).toMatchObject({ kind: 'transient', code: 'report_broken_off' })
  expect(rows).toEqual([])
})

test('a connection that breaks in the middle passes, and so does one in the middle of a later page', async () => {
  const rows = Array.from({ length: 2_500 }, (_, place) => `2026-11-01,${place},Brand,3,2,1.00\n`).join('')
  const cm = await aReport((response) => {
    response.writeHead(200, { 'content-length': 1_000_000 })
    response.write(`${HEAD}${rows}`, () => response.destroy())
  })
  const { asked, rows: taken } = await costsOf(cm)
  expect(asked).toMatchObject({ kind: 'transient', code: 'report_broken_off' })
  expect(taken.length).toBeLessThan(2_500)
})

test.each([
  ['an amount', '2026-11-01,31,Brand,3,2,"1,000.00"'],
  ['no amount', '2026-11-01,31,Brand,3,2,-'],
  ['a day', '2026-02-30,31,Brand,3,2,1.00'],
  ['a count', '2026-11-01,31,Brand,3.5,2,1.00'],
  ['no campaign', '2026-11-01,,Brand,3,2,1.00'],
  ['too few cells', '2026-11-01,31,Brand'],
  ['quotes', '2026-11-01,31,Br"and,3,2,1.00"'],
])('a row that cannot be read is never left out: %s', async (_name, row) => {
  const text = `${HEAD}2026-11-01,30,Fine,3,2,1.00\n${row}\n${TOTAL}`
  const { asked } = await costsOf(await aReport((response) => response.end(text)))
  expect(asked).toMatchObject({ kind: 'rejected', code: 'unreadable_row' })
})

test('a report with other columns is told', async () => {
  const text = 'Report Fields\nDatum,Kampagnen-ID,Kampagne,Impressionen,Klicks,Mediakosten\n2026-11-01,31,Brand,3,2,1.00\n'
  const { asked } = await costsOf(await aReport((response) => response.end(text)))
  expect(asked).toMatchObject({ kind: 'rejected', code: 'unknown_columns', explanation: expect.stringContaining('Mediakosten') })
})

test('200,000 rows are taken in small pieces, the first before the last has been sent', async () => {
  const total = 200_000
  let sendRest = () => {}
  let sentAll = false
  const cm = await aReport((response) => {
    response.write(HEAD)
    const line = (place: number) => `2026-11-${String((place % 22) + 1).padStart(2, '0')},${place},Campaign ${place},37,1,0.01\n`
    const block = (from: number) => Array.from({ length: 2_000 }, (_, place) => line(from + place)).join('')
    response.write(block(0))
    sendRest = () => {
      void (async () => {
        for (let from = 2_000; from < total; from += 2_000) {
          if (!response.write(block(from))) await new Promise((resolve) => response.once('drain', resolve))
        }
        sentAll = true
        response.end(TOTAL)
      })()
    }
  })
  const sizes: number[] = []
  let firstBeforeEnd = false
  const { asked } = await costsOf(cm, async (rows) => {
    if (sizes.length === 0) {
      firstBeforeEnd = !sentAll
      sendRest()
    }
    sizes.push(rows.length)
  })
  expect(asked).toEqual(DONE)
  expect(firstBeforeEnd).toBe(true)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(2_000)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(total)
})

test('what the taker throws goes on', async () => {
  const cm = await aReport((response) => response.end(`${HEAD}2026-11-01,31,Brand,3,2,1.00\n${TOTAL}`))
  await expect(
    costsOf(cm, async () => {
      throw new Error('the store is full')
    }),
  ).rejects.toThrow('the store is full')
})

test('a file that lies elsewhere is fetched without credentials', async () => {
  const elsewhere = await aServer((_request, response) => void response.end(`${HEAD}2026-11-01,31,Brand,3,2,1.00\n${TOTAL}`))
  const cm = await aReport((response) => void response.writeHead(302, { location: `${elsewhere.origin}/file?signed=1` }).end())
  const { asked, rows } = await costsOf(cm)
  expect([asked, rows.length]).toEqual([DONE, 1])
  expect(elsewhere.requests).toMatchObject([{ url: '/file?signed=1' }])
  expect(elsewhere.requests[0]?.headers).not.toHaveProperty('authorization')
  expect(cm.requests[1]?.headers).toHaveProperty('authorization', 'Bearer the-token')
})

test.each(['https://files.example/report.csv', 'http://storage.googleapis.com/x', 'https://10.0.0.1/x', 'file:///etc/passwd'])(
  'a file that is said to lie at %s is not fetched',
  async (location) => {
    const cm = await aReport((response) => void response.writeHead(302, { location }).end())
    expect((await costsOf(cm)).asked).toMatchObject({ kind: 'misconfigured', code: 'api_host_refused' })
  },
)

test('a file that is sent round in circles is given up', async () => {
  const cm = await aReport((response, { url }) => void response.writeHead(302, { location: url }).end())
  expect((await costsOf(cm)).asked).toMatchObject({ kind: 'transient' })
  expect(cm.requests.length).toBeLessThan(8)
})

test('no token goes to a host that is none of Google', async () => {
  const cm = await aReport((response) => response.end())
  const tokens = { ...cm.tokens, apiOrigin: 'https://dfareporting.example' }
  const order = { account: ACCOUNT, days: DAYS, job: null, take: async () => undefined }
  expect(await cm.costs(tokens, order)).toMatchObject({ kind: 'misconfigured' })
  expect(cm.requests).toEqual([])
})

test.each([
  ['a state that nobody knows', { ...READY, status: 'DONE' }, 'transient'],
  ['no state', {}, 'transient'],
  ['other days', { ...READY, dateRange: { startDate: DAYS.from, endDate: '2026-11-21' } }, 'transient'],
])('a file with %s is not read', async (_name, file, kind) => {
  const cm = await aCm360((_request, response) => answerJson(response, 200, file))
  expect((await costsOf(cm)).asked).toMatchObject({ kind })
  expect(cm.requests).toHaveLength(1)
})

test('a quota or a stale token in the middle of the steps is told as such', async () => {
  const answers = [
    [
      403,
      {
        error: {
          code: 403,
          errors: [{ reason: 'quotaExceeded', message: 'This account has exceeded its quota of 700 reports per day.' }],
        },
      },
    ],
    [403, { error: { code: 403, errors: [{ reason: 'userRateLimitExceeded', message: 'User Rate Limit Exceeded' }] } }],
    [401, { error: { code: 401, errors: [{ reason: 'authError', message: 'Invalid Credentials' }] } }],
  ] as const
  const expected = [{ kind: 'rate_limited', usedUp: true }, { kind: 'rate_limited' }, { kind: 'refresh' }]
  for (const [place, [status, json]] of answers.entries()) {
    const cm = await aCm360(({ url }, response) => {
      if (url.endsWith('/run')) answerJson(response, status, json)
      else answerJson(response, 200, url.includes('scope=MINE') ? { items: [] } : { id: '11' })
    })
    const order = { account: ACCOUNT, days: DAYS, job: null, take: async () => undefined }
    expect(await cm.costs(cm.tokens, order)).toMatchObject(expected[place] ?? {})
    expect(cm.requests.map(({ method }) => method)).toEqual(['GET', 'POST', 'POST'])
    expect(JSON.parse(cm.requests[1]?.body ?? '')).toMatchObject({
      type: 'STANDARD',
      format: 'CSV',
      criteria: { dateRange: { startDate: DAYS.from, endDate: DAYS.to } },
    })
  }
})
