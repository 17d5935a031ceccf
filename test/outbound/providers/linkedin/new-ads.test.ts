import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import type { Ad } from '../../../../src/domain/ads.ts'
import { answerJson, type SeenRequest } from '../a-server.ts'
import { account, aLinkedIn, json } from './a-linkedin.ts'

const CREATIVES = '/rest/adAccounts/5/creatives'
const CAMPAIGNS = '/rest/adAccounts/5/adCampaigns'
const POSTS = '/rest/posts'
const OF_ACCOUNT = '/rest/adTrackingParameters/(adEntity:(sponsoredAccount:urn%3Ali%3AsponsoredAccount%3A5))'
const SINCE = new Date('2026-11-23T10:00:00Z')
const SOURCE = json(200, { customValueParameters: { utm_source: 'linkedin' }, dynamicValueParameters: {} })

function aCreative(id: number, over: object = {}): object {
  return {
    id: `urn:li:sponsoredCreative:${id}`,
    name: `Ad ${id}`,
    campaign: 'urn:li:sponsoredCampaign:7',
    createdAt: Date.parse('2026-11-23T11:00:00Z'),
    intendedStatus: 'ACTIVE',
    content: { reference: `urn:li:share:${id}` },
    ...over,
  }
}

const pageOf = (...elements: object[]) => json(200, { elements, metadata: {} })
const campaign = (over: object = {}) => pageOf({ id: 7, name: 'Brand', status: 'ACTIVE', type: 'SPONSORED_UPDATES', ...over })

async function adsOf(answers: Parameters<typeof aLinkedIn>[0]) {
  const linkedin = await aLinkedIn({ [CAMPAIGNS]: campaign(), ...answers })
  const ads: Ad[] = []
  const take = async (some: readonly Ad[]) => void ads.push(...some)
  const asked = await linkedin.provider.adsSince(linkedin.tokens, account, SINCE, take)
  return { asked, ads, requests: linkedin.requests }
}

test('new ads are asked for newest first, and read until one is older', async () => {
  const older = { createdAt: Date.parse('2026-11-23T09:59:59.999Z') }
  const { ads, requests } = await adsOf({
    [CREATIVES]: json(200, { elements: [aCreative(2), aCreative(1, older)], metadata: { nextPageToken: 'more' } }),
    [POSTS]: json(200, { results: {} }),
    [OF_ACCOUNT]: SOURCE,
  })
  expect(ads).toEqual([
    {
      id: '2',
      name: 'Ad 2',
      campaignId: '7',
      campaignName: 'Brand',
      createdAt: new Date('2026-11-23T11:00:00Z'),
      url: 'https://www.linkedin.com/campaignmanager/accounts/5/campaigns/7',
      parameters: 'utm_source=linkedin',
      setBy: 'account',
      untaggable: null,
    },
  ])
  expect(requests[0]?.url).toBe(
    `${CREATIVES}?q=criteria&sortOrder=DESCENDING&pageSize=100&fields=id,name,campaign,createdAt,intendedStatus,content`,
  )
  expect(requests[0]?.headers).toMatchObject({ 'x-restli-method': 'FINDER' })
  expect(requests.filter(({ url }) => url.startsWith(CREATIVES))).toHaveLength(1)
})

test('an hour without new ads costs one call', async () => {
  const { asked, ads, requests } = await adsOf({ [CREATIVES]: pageOf(aCreative(1, { createdAt: 1 })) })
  expect([asked.kind, ads.length, requests.length]).toEqual(['ok', 0, 1])
})

test('removed ads are not told, nor are those without a campaign', async () => {
  const removed = ['REMOVED', 'PENDING_DELETION', 'CANCELED'].map((intendedStatus, place) => aCreative(place, { intendedStatus }))
  const alone = aCreative(9, { campaign: undefined })
  expect(await adsOf({ [CREATIVES]: pageOf(...removed, alone) })).toMatchObject({ asked: { kind: 'ok' }, ads: [] })
})

test('the parameters of a landing page stand wherever the ad holds it', async () => {
  const results = {
    'urn:li:share:1': {
      content: { article: { source: 'https://a.example/?from=article#x?y=1' } },
      contentLandingPage: 'https://b.example',
    },
    'urn:li:ugcPost:2': { contentLandingPage: 'https://a.example/?from=image' },
    'urn:li:share:3': { content: { carousel: { cards: [{ landingPage: 'https://a.example/?from=card' }] } } },
    'urn:li:share:5': { contentLandingPage: 'https://a.example/plain#no?query' },
  }
  const { ads, requests } = await adsOf({
    [CREATIVES]: pageOf(
      aCreative(1),
      aCreative(2, { content: { reference: 'urn:li:ugcPost:2' } }),
      aCreative(3),
      aCreative(4, { content: { textAd: { headline: 'x', landingPage: 'https://a.example/?from=text' } } }),
      aCreative(5),
      aCreative(6),
    ),
    [POSTS]: json(200, { results, errors: { 'urn:li:share:6': { status: 403, message: 'Not enough permissions' } } }),
  })
  expect(ads.map(({ parameters }) => parameters)).toEqual(['from=article', 'from=image', 'from=card', 'from=text', '', ''])
  const posts = requests.filter(({ url }) => url.startsWith(POSTS))
  expect(posts).toHaveLength(1)
  expect(posts[0]?.headers).toMatchObject({ 'x-restli-method': 'BATCH_GET' })
  expect(posts[0]?.url).toMatch(/^\/rest\/posts\?ids=List\(urn%3Ali%3Ashare%3A1,urn%3Ali%3AugcPost%3A2,/)
})

test('message ads inherit nothing, whatever is set', async () => {
  const { ads } = await adsOf({
    [CREATIVES]: pageOf(aCreative(1, { content: { reference: 'urn:li:adInMailContent:9' } })),
    [CAMPAIGNS]: campaign({ type: 'SPONSORED_INMAILS' }),
    [OF_ACCOUNT]: SOURCE,
  })
  expect(ads).toMatchObject([{ parameters: '', setBy: null, campaignName: 'Brand' }])
})

const slow = json(429, { status: 429, message: 'Too many requests' })
const expired = json(401, { status: 401, serviceErrorCode: 65602, message: 'The token used in the request has expired' })

test.each<[string, Parameters<typeof aLinkedIn>[0], object]>([
  ['a creative has no date', { [CREATIVES]: pageOf(aCreative(1, { createdAt: undefined })) }, { code: 'unreadable_answer' }],
  [
    'a campaign has no id',
    { [CREATIVES]: pageOf(aCreative(1)), [CAMPAIGNS]: pageOf({ name: 'Brand' }) },
    { code: 'unreadable_answer' },
  ],
  ['posts are throttled', { [CREATIVES]: pageOf(aCreative(1)), [POSTS]: slow }, { kind: 'rate_limited' }],
  [
    'a single post fails for now',
    {
      [CREATIVES]: pageOf(aCreative(1)),
      [POSTS]: json(200, { results: {}, errors: { 'urn:li:share:1': { status: 500, message: 'Internal Server Error' } } }),
    },
    { kind: 'transient' },
  ],
  ['the token ends at the parameters', { [CREATIVES]: pageOf(aCreative(1)), [OF_ACCOUNT]: expired }, { kind: 'refresh' }],
  [
    'parameters are none',
    { [CREATIVES]: pageOf(aCreative(1)), [OF_ACCOUNT]: json(200, { customValueParameters: { a: 1 } }) },
    { code: 'unreadable_answer' },
  ],
])('when %s, that is told and no ad is', async (_words, answers, verdict) => {
  const { asked, ads } = await adsOf(answers)
  expect(asked).toMatchObject(verdict)
  expect(ads).toEqual([])
})

test('a page that fails is told, and the ads before it were taken', async () => {
  const pages = (request: SeenRequest, response: ServerResponse) =>
    request.url.includes('pageToken')
      ? slow(request, response)
      : answerJson(response, 200, { elements: [aCreative(1)], metadata: { nextPageToken: 'a b' } })
  const { asked, ads, requests } = await adsOf({ [CREATIVES]: pages, [POSTS]: json(200, { results: {} }) })
  expect(asked).toMatchObject({ kind: 'rate_limited' })
  expect(ads).toHaveLength(1)
  expect(requests.at(-1)?.url).toContain('&pageToken=a%20b')
})
