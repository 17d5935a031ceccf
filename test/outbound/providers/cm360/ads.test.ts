import { expect, test } from 'vitest'
import type { Ad } from '../../../../src/domain/ads.ts'
import { answerJson } from '../a-server.ts'
import { ACCOUNT, aCm360, anError } from './a-cm360.ts'

const SINCE = new Date('2026-11-23T00:00:00Z')
const NEW = { createInfo: { time: String(SINCE.getTime() + 1) }, campaignId: '31', advertiserId: '81' }
const page = (url: string) => ({ clickThroughUrl: { computedClickThroughUrl: url } })

function anAccount(ads: readonly object[], more: { readonly campaign?: object; readonly advertiser?: object } = {}) {
  return aCm360(({ url }, response) => {
    if (url.includes('/campaigns?')) answerJson(response, 200, { campaigns: [{ id: '31', name: 'Brand', ...more.campaign }] })
    else if (url.includes('/advertisers?')) answerJson(response, 200, { advertisers: [{ id: '81', ...more.advertiser }] })
    else answerJson(response, 200, { ads })
  })
}

async function adsOf(cm: Awaited<ReturnType<typeof aCm360>>) {
  const ads: Ad[] = []
  const asked = await cm.adsSince(cm.tokens, ACCOUNT, SINCE, async (some) => void ads.push(...some))
  return { asked, ads }
}

test.each([
  ['a click tracker', page('https://a.example/?x=1#y'), 'x=1'],
  ['one creative', { creativeRotation: { creativeAssignments: [page('https://a.example/p?x=1&y=?2')] } }, 'x=1&y=?2'],
  [
    'several creatives: what all of them carry',
    { creativeRotation: { creativeAssignments: [page('https://a.example/?x=1&y=2'), page('https://b.example/?y=2&z=3')] } },
    'y=2',
  ],
  [
    'a creative that does not show',
    {
      creativeRotation: {
        creativeAssignments: [page('https://a.example/?x=1'), { active: false, ...page('https://b.example/') }],
      },
    },
    'x=1',
  ],
  ['no landing page', {}, ''],
])('the parameters of the landing page: %s', async (_name, ad, parameters) => {
  expect((await adsOf(await anAccount([{ id: '1', ...NEW, ...ad }]))).ads).toMatchObject([{ id: '1', parameters, setBy: null }])
})

test.each([
  ['an inherited suffix', {}, { clickThroughUrlSuffix: '&a=1' }, {}, 'a=1', 'account'],
  [
    'a suffix that is kept but does not override',
    { clickThroughUrlSuffixProperties: { clickThroughUrlSuffix: 'c=1' } },
    {},
    {},
    '',
    null,
  ],
  [
    'a campaign that takes the suffix away',
    { clickThroughUrlSuffixProperties: { overrideInheritedSuffix: true } },
    { clickThroughUrlSuffix: 'a=1' },
    {},
    '',
    'campaign',
  ],
  [
    'an ad that overrides both',
    { clickThroughUrlSuffixProperties: { overrideInheritedSuffix: true, clickThroughUrlSuffix: 'c=1' } },
    { clickThroughUrlSuffix: 'a=1' },
    { clickThroughUrlSuffixProperties: { overrideInheritedSuffix: true, clickThroughUrlSuffix: '?d=1' } },
    'd=1',
    'ad',
  ],
])('who sets the suffix: %s', async (_name, campaign, advertiser, ad, parameters, setBy) => {
  const cm = await anAccount([{ id: '1', name: 'A <b>', ...NEW, ...ad }], { campaign, advertiser })
  const { ads } = await adsOf(cm)
  expect(ads).toEqual([
    {
      id: '1',
      name: 'A <b>',
      campaignId: '31',
      campaignName: 'Brand',
      createdAt: new Date(SINCE.getTime() + 1),
      url: 'https://campaignmanager.google.com/trafficking/#/accounts/9001/campaigns/31/explorer',
      parameters,
      setBy,
      untaggable: null,
    },
  ])
})

test('old ads may lack the time at which they were made; if all do, nothing is told', async () => {
  expect((await adsOf(await anAccount([{ id: '2', ...NEW }, { id: '1' }]))).ads.map(({ id }) => id)).toEqual(['2'])
  expect(await adsOf(await anAccount([{ id: '1' }]))).toMatchObject({ asked: { kind: 'transient' }, ads: [] })
})

test('campaigns and advertisers are asked for once each, a hundred at a time', async () => {
  const ads = Array.from({ length: 250 }, (_, place) => ({
    id: String(place + 1),
    ...NEW,
    campaignId: String((place % 150) + 1),
  }))
  const cm = await aCm360(({ url }, response) => {
    const ids = new URL(url, 'http://x').searchParams.getAll('ids')
    if (url.includes('/campaigns?')) answerJson(response, 200, { campaigns: ids.map((id) => ({ id, name: `Campaign ${id}` })) })
    else if (url.includes('/advertisers?')) answerJson(response, 200, { advertisers: ids.map((id) => ({ id })) })
    else answerJson(response, 200, { ads })
  })
  const found = (await adsOf(cm)).ads
  expect(found).toHaveLength(250)
  expect(found.every(({ campaignId, campaignName }) => campaignName === `Campaign ${campaignId}`)).toBe(true)
  expect(cm.requests).toHaveLength(1 + 2 + 1)
})

test.each([
  ['a quota', 403, anError(403, 'userRateLimitExceeded', 'User Rate Limit Exceeded'), 'rate_limited'],
  ['a stale token', 401, anError(401, 'authError', 'Invalid Credentials'), 'refresh'],
  ['a missing right', 403, anError(403, 'forbidden', 'Forbidden'), 'permission'],
])('%s on a later page is told, and what came before stays', async (_name, status, json, kind) => {
  const cm = await aCm360(({ url }, response) => {
    if (url.includes('pageToken=next')) answerJson(response, status, json)
    else if (url.includes('/ads?')) answerJson(response, 200, { ads: [{ id: '2', ...NEW }], nextPageToken: 'next' })
    else answerJson(response, 200, {})
  })
  expect(await adsOf(cm)).toMatchObject({ asked: { kind }, ads: [{ id: '2', campaignName: '' }] })
  expect(await cm.tagging.overrides(cm.tokens, ACCOUNT, 10)).toMatchObject({ kind })
})

test('a page that is cut off passes', async () => {
  const cm = await aCm360((_request, response) => void response.end('{"ads":[{"id":"1",'))
  expect((await adsOf(cm)).asked).toMatchObject({ kind: 'transient' })
})

test('a token for a page that is empty ends the list', async () => {
  const cm = await aCm360(({ url }, response) =>
    answerJson(
      response,
      200,
      url.includes('pageToken') ? { nextPageToken: 'again' } : { advertisers: [{ id: '81' }], nextPageToken: 'next' },
    ),
  )
  expect(await cm.tagging.templates(cm.tokens, ACCOUNT)).toMatchObject({
    value: [{ id: '81', name: 'Advertiser 81', parameters: '' }],
  })
  expect(cm.requests).toHaveLength(2)
})

test('of very many ads the newest are looked at for parameters of their own', async () => {
  const own = { clickThroughUrlSuffixProperties: { overrideInheritedSuffix: true, clickThroughUrlSuffix: 'a=1' } }
  const cm = await aCm360(({ url }, response, place) =>
    answerJson(
      response,
      200,
      url.includes('/ads?') ? { ads: [{ id: String(place), ...own }], nextPageToken: String(place) } : {},
    ),
  )
  expect(await cm.tagging.overrides(cm.tokens, ACCOUNT, 1_000)).toMatchObject({ kind: 'ok', value: { length: 20 } })
  expect(cm.requests).toHaveLength(1 + 20)
  expect(new URL(cm.requests[1]?.url ?? '', cm.origin).searchParams.get('sortOrder')).toBe('DESCENDING')
})

test('only the suffix of one advertiser is sent, and it is told when another one was kept', async () => {
  const cm = await aCm360((request, response) =>
    answerJson(response, 200, { id: '81', clickThroughUrlSuffix: request.body.includes('keep') ? 'old=1' : '?a=%20b' }),
  )
  expect(await cm.tagging.setTemplate(cm.tokens, ACCOUNT, '8&1', 'a=%20b')).toEqual({ kind: 'ok', value: null })
  expect(await cm.tagging.setTemplate(cm.tokens, ACCOUNT, '81', 'keep=1')).toMatchObject({
    kind: 'rejected',
    code: 'parameters_not_taken',
  })
  expect(cm.requests[0]).toMatchObject({
    method: 'PATCH',
    url: '/dfareporting/v5/userprofiles/7001/advertisers?id=8%261',
    body: '{"clickThroughUrlSuffix":"a=%20b"}',
  })
})

test.each([
  ['utm_source=cm360&utm_campaign=%ebuy!&n=%n&m=%m&k=%k&g=%g&s=%s&p=%pkey=!;&c=%ecid!&v=%eadv!', []],
  ['q=caf%c3%a9%20bar&b=%E4%B8%AD', []],
  ['a=%ebuy&b=%eaid!', ['%ebuy']],
  ['a=%ecampaign!', ['%ecampaign!']],
  ['a=%EBUY!', ['%EBUY!']],
  ['a=%name%', ['%name%']],
  ['a={campaignid}&b={{ad.name}}&d=[CREATIVE]', ['{campaignid}', '{{ad.name}}', '[CREATIVE]']],
  [`a=$\{GCLID}`, [`$\{GCLID}`]],
  ['a=%%CAMPAIGN_ID%%', ['%%CAMPAIGN_ID%%']],
  ['a=%ebuy&b=%ebuy', ['%ebuy']],
  ['a=100%', []],
])('macros that would be sent as they stand: %s', async (parameters, found) => {
  const { tagging } = await aCm360((_request, response) => void response.end())
  expect(tagging.unknownMacros(parameters)).toEqual(found)
})
