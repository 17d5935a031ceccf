import { expect, test } from 'vitest'
import type { Ad } from '../../../../src/domain/ads.ts'
import { type Answer, aMicrosoftServer, FILE, json, zipped } from './a-microsoft-server.ts'

const SINCE = new Date('2026-11-20T00:00:00Z')
const AFTER = '11/21/2026 10:00:00.250'
const COLUMNS = [
  'Type',
  'Status',
  'Id',
  'Parent Id',
  'Campaign',
  'Ad Group',
  'Asset Group',
  'Modified Time',
  'Final Url',
  'Final Url Suffix',
  'Headline',
  'Title Part 1',
  'Title',
  'Text',
] as const
type Cells = Partial<Record<(typeof COLUMNS)[number], string>>

const AD: Cells = {
  Type: 'Responsive Search Ad',
  Status: 'Active',
  Id: '7001',
  'Parent Id': '12',
  Campaign: 'Brand',
  'Modified Time': AFTER,
  'Final Url': 'https://acme.example/',
}

function file(...rows: readonly Cells[]): Answer {
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`
  const lines = [COLUMNS, ...rows.map((cells) => COLUMNS.map((column) => cells[column] ?? ''))]
  return zipped(`\uFEFF${lines.map((line) => `${line.map(cell).join(',')}\r\n`).join('')}`)
}

async function found(bulk: Answer, others: Readonly<Record<string, Answer>> = {}, since = SINCE) {
  const { ads, tokens, account, requests } = await aMicrosoftServer({ [FILE]: bulk, ...others })
  const told: Ad[] = []
  const asked = await ads.adsSince(tokens, account, since, async (page) => void told.push(...page))
  return { asked, told, requests }
}

test('the list that is asked for begins a little before, since clocks differ', async () => {
  const { asked, told, requests } = await found(file())
  expect([asked, told]).toEqual([{ kind: 'ok', value: null }, []])
  const submit = requests.find(({ url }) => url.endsWith('/DownloadByAccountIds'))
  expect(JSON.parse(submit?.body ?? '')).toEqual({
    AccountIds: ['18'],
    CompressionType: 'Zip',
    DataScope: 'EntityData',
    DownloadEntities: ['Ads', 'AssetGroups'],
    DownloadFileType: 'Csv',
    FormatVersion: '6.0',
    LastSyncTimeInUTC: '2026-11-19T23:50:00.000Z',
  })
  // Nobody needs to know what is above ads that there are none of.
  expect(requests.some(({ url }) => url.startsWith('/CampaignManagement/'))).toBe(false)
})

test('whatever is no ad, is deleted, or is older, is left out', async () => {
  const { told } = await found(
    file(
      { Type: 'Format Version' },
      { Type: 'Account', Status: 'Active', Id: '18' },
      { ...AD, Type: 'Campaign' },
      { ...AD, Type: 'Ad Group' },
      { ...AD, Type: 'Responsive Search Ad Label' },
      { ...AD, Type: 'Campaign Sitelink Ad Extension' },
      { ...AD, Id: '7002', Status: 'Deleted' },
      { ...AD, Id: '7003', 'Modified Time': '11/19/2026 23:55:00.000' },
      { ...AD, Id: '7004', Status: 'Paused' },
      { ...AD, Id: '7005', Type: 'Hologram Ad' },
    ),
  )
  expect(told.map(({ id }) => id)).toEqual(['7004', '7005'])
})

test('ads are called by what people see of them first', async () => {
  const { told } = await found(
    file(
      { ...AD, Headline: '[{"id":3,"text":"Contoso, \\"the\\" shop","pinnedField":"Headline1"},{"text":"Quick"}]' },
      { ...AD, Type: 'Responsive Ad', Headline: 'Short headline' },
      { ...AD, Type: 'Expanded Text Ad', 'Title Part 1': 'Part one', Title: '', Text: 'Long' },
      { ...AD, Type: 'Text Ad', Title: 'A title', Text: 'Long' },
      { ...AD, Type: 'Dynamic Search Ad', Text: 'Only a text' },
      { ...AD, Type: 'Responsive Search Ad', Headline: '[{"broken' },
    ),
  )
  expect(told.map(({ name }) => name)).toEqual([
    'Contoso, "the" shop',
    'Short headline',
    'Part one',
    'A title',
    'Only a text',
    'Responsive Search Ad 7001',
  ])
})

test('asset groups of Performance Max count as ads, without an ad group above them', async () => {
  const { told, requests } = await found(
    file({
      ...AD,
      Type: 'Asset Group',
      Id: '8001',
      'Parent Id': '390',
      'Asset Group': 'Bikes',
      'Final Url': 'https://acme.example/bikes?a=1; https://acme.example/other',
    }),
    {
      '/CampaignManagement/v13/Campaigns/QueryByAccountId': json({
        Campaigns: [{ Id: '390', Name: 'BRAND', FinalUrlSuffix: 'c=1' }],
      }),
    },
  )
  expect(told).toEqual([
    {
      id: '8001',
      name: 'Bikes',
      campaignId: '390',
      campaignName: 'BRAND',
      createdAt: new Date('2026-11-21T10:00:00.250Z'),
      url: 'https://ui.ads.microsoft.com/campaign/vnext/campaigns?aid=18&cid=25',
      parameters: 'a=1&c=1',
      setBy: 'campaign',
      untaggable: null,
    },
  ])
  expect(requests.some(({ url }) => url.endsWith('/AdGroups/QueryByIds'))).toBe(false)
  const campaigns = requests.find(({ url }) => url.endsWith('/Campaigns/QueryByAccountId'))
  expect(JSON.parse(campaigns?.body ?? '')).toEqual({
    AccountId: '18',
    CampaignType: 'Search, Shopping, Audience, Hotel, PerformanceMax, App',
  })
})

test('a change without a time is as old as the question; among everything it says nothing', async () => {
  const rows = file({ ...AD, 'Modified Time': '' }, { ...AD, Id: '7002' })
  expect((await found(rows)).told.map(({ id, createdAt }) => [id, createdAt])).toEqual([
    ['7001', SINCE],
    ['7002', new Date('2026-11-21T10:00:00.250Z')],
  ])
  expect((await found(rows, {}, new Date('2026-09-01T00:00:00Z'))).told.map(({ id }) => id)).toEqual(['7002'])
})

test.each([
  ['a time in another form', { ...AD, 'Modified Time': '2026-11-21T10:00:00Z' }],
  ['a day that there is not', { ...AD, 'Modified Time': '13/41/2026 10:00:00.000' }],
  ['no id', { ...AD, Id: '' }],
])('%s makes the whole list count for nothing', async (_what, row) => {
  const { asked, told } = await found(file(AD, row))
  expect(asked).toMatchObject({ kind: 'transient', code: 'unreadable_row' })
  expect(told).toEqual([])
})

test('an ad whose campaign is not there any more is asked for again, since it may only be called otherwise', async () => {
  const { asked, told } = await found(file({ ...AD, Campaign: 'Renamed' }))
  expect(asked).toMatchObject({ kind: 'transient', code: 'ad_without_campaign' })
  expect(told).toEqual([])
})

test('an ad whose ad group was deleted is gone with it, and other trouble with ad groups is trouble', async () => {
  const path = '/CampaignManagement/v13/AdGroups/QueryByIds'
  const partly = (...errors: readonly object[]) => ({
    [path]: json({ AdGroups: [null, { Id: '13', FinalUrlSuffix: null }], PartialErrors: errors }),
  })
  const rows = file(AD, { ...AD, Id: '7002', 'Parent Id': '13' })
  const gone = { Code: 1201, ErrorCode: 'CampaignServiceInvalidAdGroupId', Index: 0, Message: 'The ad group ID is invalid.' }
  expect((await found(rows, partly(gone))).told.map(({ id }) => id)).toEqual(['7002'])
  const broken = { Code: 0, ErrorCode: 'InternalError', Index: 0, Message: 'An internal error has occurred.' }
  const { asked, told } = await found(rows, partly(broken))
  expect(asked).toMatchObject({ kind: 'transient', code: 'InternalError' })
  expect(told).toEqual([])
})

test('more ads than one page, of more ad groups than one question may name, are told in pages', async () => {
  const many = Array.from({ length: 2500 }, (_, place) => ({
    ...AD,
    Id: String(10_000 + place),
    'Parent Id': String(100 + place),
  }))
  const sizes: number[] = []
  const { told, requests } = await found(file(...many), {
    '/CampaignManagement/v13/AdGroups/QueryByIds': (request, response) => {
      const { AdGroupIds: ids } = JSON.parse(request.body) as { AdGroupIds: string[] }
      sizes.push(ids.length)
      response.end(JSON.stringify({ AdGroups: ids.map((id) => ({ Id: id, FinalUrlSuffix: null })), PartialErrors: [] }))
    },
  })
  expect(told).toHaveLength(2500)
  expect(sizes).toEqual([1000, 1000, 500])
  expect(requests.filter(({ url }) => url.endsWith('/Campaigns/QueryByAccountId'))).toHaveLength(1)
})

test.each([
  ['fails', { RequestStatus: 'Failed', Errors: [], ResultFileUrl: null }, 'bulk_failed'],
  ['has a state that is not known', { RequestStatus: 'Queued' }, 'unreadable_answer'],
  ['is told without an address', { RequestStatus: 'Completed', ResultFileUrl: null }, 'unreadable_answer'],
  ['lies elsewhere', { RequestStatus: 'Completed', ResultFileUrl: 'https://files.example/f.zip' }, 'file_host_refused'],
])('a list that %s is no empty one', async (_what, answer, code) => {
  const { asked } = await found(file(AD), { '/Bulk/v13/BulkDownloadStatus/Query': json(answer) })
  expect(asked).toMatchObject({ code })
})

test('an account that was moved is refused with a code, too, and then asked for everything', async () => {
  const { told, requests } = await found(file(AD), {
    '/Bulk/v13/Campaigns/DownloadByAccountIds': (request, response) =>
      JSON.parse(request.body).LastSyncTimeInUTC === null
        ? json({ DownloadRequestId: '704' })(request, response)
        : json({ OperationErrors: [{ Code: 3603, ErrorCode: 'CampaignServiceFullSyncRequired', Message: 'must be null' }] }, 400)(
            request,
            response,
          ),
  })
  expect(told.map(({ id }) => id)).toEqual(['7001'])
  expect(requests.filter(({ url }) => url.endsWith('/DownloadByAccountIds'))).toHaveLength(2)
})
