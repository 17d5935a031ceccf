import { once } from 'node:events'
import { Zip, ZipDeflate } from 'fflate'
import { expect, test } from 'vitest'
import type { CampaignCost } from '../../../../src/domain/ads.ts'
import { type Answer, aMicrosoftServer, FILE, json, zipped } from './a-microsoft-server.ts'

const DAYS = { from: '2026-11-01', to: '2026-11-20' }
const HEADER = '\uFEFF"TimePeriod","CampaignId","CampaignName","Spend","Clicks","Impressions"\r\n'

/** Takes a finished report. */
async function taken(file: Answer, job: string | null = '300 0', others: Readonly<Record<string, Answer>> = {}) {
  const { ads, tokens, account, requests } = await aMicrosoftServer({ [FILE]: file, ...others })
  const rows: CampaignCost[] = []
  const sizes: number[] = []
  const asked = await ads.costs(tokens, {
    account,
    days: DAYS,
    job,
    async take(page) {
      rows.push(...page)
      sizes.push(page.length)
    },
  })
  return { asked, rows, sizes, requests }
}

test('the report that is asked for names columns, days and the zone that the days are of', async () => {
  const { asked, requests } = await taken(zipped(''), null)
  expect(asked).toEqual({ kind: 'ok', value: { kind: 'later', job: '300 0', afterMs: 10_000 } })
  const submit = requests.find(({ url }) => url.endsWith('/GenerateReport/Submit'))
  expect(submit?.headers).toMatchObject({ customeraccountid: '18', customerid: '25', developertoken: 'dev' })
  expect(JSON.parse(submit?.body ?? '')).toEqual({
    ReportRequest: {
      Type: 'CampaignPerformanceReportRequest',
      ReportName: 'Costs',
      Format: 'Csv',
      FormatVersion: '2.0',
      ExcludeReportHeader: true,
      ExcludeReportFooter: true,
      ExcludeColumnHeaders: false,
      ReturnOnlyCompleteData: false,
      Aggregation: 'Daily',
      Columns: ['TimePeriod', 'CampaignId', 'CampaignName', 'Spend', 'Clicks', 'Impressions'],
      Scope: { AccountIds: ['18'] },
      Time: {
        CustomDateRangeStart: { Day: 1, Month: 11, Year: 2026 },
        CustomDateRangeEnd: { Day: 20, Month: 11, Year: 2026 },
        ReportTimeZone: 'PacificTimeUSCanadaTijuana', // what an account without one has
      },
    },
  })
})

test('rows are read to the hundredth, whatever stands in a name, and no login goes to where the file lies', async () => {
  const { asked, rows, requests } = await taken(
    zipped(
      `${HEADER}"2026-11-01","390000001","EU, ""Brand""\r\n2026","1234.50","9","333"\r\n"2026-11-20","90071992547409931","Ünïcode 🚲","-0.07","0","0"\r\n\r\n`,
    ),
  )
  expect(asked).toEqual({ kind: 'ok', value: { kind: 'done' } })
  expect(rows).toEqual([
    {
      day: '2026-11-01',
      campaignId: '390000001',
      campaignName: 'EU, "Brand"\r\n2026',
      micros: 1_234_500_000n,
      clicks: 9,
      impressions: 333,
    },
    {
      day: '2026-11-20',
      campaignId: '90071992547409931',
      campaignName: 'Ünïcode 🚲',
      micros: -70_000n,
      clicks: 0,
      impressions: 0,
    },
  ])
  const file = requests.find(({ url }) => url === FILE)
  expect(file?.method).toBe('GET')
  expect(Object.keys(file?.headers ?? {}).sort()).toEqual(['connection', 'host'])
})

test.each([
  ['an amount with thousands', '"2026-11-02","390","Brand","1,234.50","9","333"'],
  ['an amount that is none', '"2026-11-02","390","Brand","--","9","333"'],
  ['no amount', '"2026-11-02","390","Brand","","9","333"'],
  ['half a click', '"2026-11-02","390","Brand","1.00","0.5","333"'],
  ['no campaign', '"2026-11-02","","Brand","1.00","1","333"'],
  ['a day in another form', '"11/2/2026","390","Brand","1.00","1","333"'],
  ['a day that was not asked for', '"2026-10-31","390","Brand","1.00","1","333"'],
])('%s makes the whole report count for nothing', async (_what, row) => {
  const { asked, rows } = await taken(zipped(`${HEADER}"2026-11-01","390","Brand","1.00","1","1"\r\n${row}\r\n`))
  expect(asked).toMatchObject({ kind: 'transient', code: 'unreadable_row' })
  expect(rows).toEqual([])
})

test.each([
  ['is no ZIP', (_request, response) => response.end('<html>hello</html>')],
  ['is empty', (_request, response) => response.end()],
  ['has no header', zipped('')],
  ['has a row that is too short', zipped(`${HEADER}"2026-11-01","390"\r\n`)],
  ['has a row that is cut', zipped(`${HEADER}"2026-11-01","390","Bra`)],
] as [string, Answer][])('a file that %s is no report', async (_what, file) => {
  expect((await taken(file)).asked).toMatchObject({ kind: 'transient', code: 'file_broken_off' })
})

test.each([403, 404, 500, 302])('storage that answers %i says nothing of the login', async (status) => {
  const { asked } = await taken((_request, response) => response.writeHead(status, { location: 'https://x.example' }).end())
  expect(asked).toMatchObject({ kind: 'transient', code: `file_http_${status}` })
})

test.each([
  ['an error', { ReportRequestStatus: { Status: 'Error', ReportDownloadUrl: null } }, 'ReportRequestStatus_Error'],
  ['a state that is not known', { ReportRequestStatus: { Status: 'Archived' } }, 'unreadable_answer'],
  ['no state', {}, 'unreadable_answer'],
])('%s of a report is no zero', async (_what, answer, code) => {
  const { asked } = await taken(zipped(HEADER), '300 0', { '/Reporting/v13/GenerateReport/Poll': json(answer) })
  expect(asked).toMatchObject({ kind: 'transient', code })
})

test('200,000 rows are taken a thousand at a time, the first of them long before the last is sent', {
  timeout: 60_000,
}, async () => {
  const firstTaken = Promise.withResolvers<void>()
  const order: string[] = []
  const { ads, tokens, account } = await aMicrosoftServer({
    [FILE]: (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/zip' })
      const zip = new Zip((error, data, final) => {
        if (error) throw error
        response.write(data)
        if (final) response.end()
      })
      const file = new ZipDeflate('Costs.csv', { level: 1 })
      zip.add(file)
      const part = (from: number, to: number) => {
        const rows = Array.from({ length: to - from }, (_, place) => {
          const campaign = from + place
          return `"2026-11-${String(1 + (campaign % 20)).padStart(2, '0')}","${390_000_000 + campaign}","Campaign ${campaign}","${campaign}.25","1","2"\r\n`
        })
        return Buffer.from(rows.join(''))
      }
      file.push(Buffer.from(HEADER), false)
      file.push(part(0, 100_000), false)
      void firstTaken.promise.then(async () => {
        order.push('the rest was sent')
        file.push(part(100_000, 200_000), true)
        zip.end()
        await once(response, 'close')
      })
    },
  })
  const sizes: number[] = []
  let micros = 0n
  const asked = await ads.costs(tokens, {
    account,
    days: DAYS,
    job: '300 0',
    async take(rows) {
      if (sizes.length === 0) order.push('rows were taken')
      sizes.push(rows.length)
      for (const row of rows) micros += row.micros
      firstTaken.resolve()
    },
  })
  expect(asked).toEqual({ kind: 'ok', value: { kind: 'done' } })
  expect(order).toEqual(['rows were taken', 'the rest was sent'])
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(200_000)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(1000)
  expect(micros).toBe(199_999n * 100_000n * 1_000_000n + 200_000n * 250_000n)
})
