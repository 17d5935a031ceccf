import type { ServerResponse } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import type { CampaignCost } from '../../../../src/domain/ads.ts'
import type { Tokens } from '../../../../src/domain/provider.ts'
import { createHttp } from '../../../../src/outbound/providers/http.ts'
import { meta } from '../../../../src/outbound/providers/meta/meta.ts'
import { type Answering, aClock, answerJson, aServer, type SeenRequest } from '../a-server.ts'

const ACCOUNT = { id: 'act_1', via: null }
const DAYS = { from: '2026-11-21', to: '2026-11-22' }
const ROW = {
  campaign_id: '12021',
  campaign_name: 'Spring',
  spend: '12.34',
  clicks: '9',
  impressions: '400',
  date_start: '2026-11-21',
  date_stop: '2026-11-21',
}

async function aMeta(answering: Answering, scopes = ['ads_read', 'ads_management']) {
  const server = await aServer(answering)
  const clock = aClock()
  const http = createHttp(clock, { timeoutMs: 1000 })
  onTestFinished(() => http.close())
  const urls = { loginUrl: server.origin, apiUrl: server.origin }
  const provider = meta({ clientId: 'client', clientSecret: 'secret', ...urls }, { http, clock })
  const tokens: Tokens = {
    accessToken: 'EAAB',
    refreshToken: null,
    apiOrigin: server.origin,
    identityUrl: null,
    scopes,
    accessExpiresAt: null,
    refreshExpiresAt: null,
  }
  const taken: CampaignCost[][] = []
  const take = async (rows: readonly CampaignCost[]) => void taken.push([...rows])
  const costs = (days = DAYS, job: string | null = null) => provider.costs(tokens, { account: ACCOUNT, days, job, take })
  return { ...server, provider, tokens, taken, costs }
}

const paged = (rows: readonly object[], after: string | null) => ({
  data: rows,
  paging: { cursors: { after: after ?? 'end' }, ...(after !== null && { next: 'https://elsewhere.example/?access_token=EAAB' }) },
})

function askedFor({ url }: SeenRequest): URLSearchParams {
  return new URL(url, 'http://x').searchParams
}

test('costs are asked for by day and campaign, with the proof and deleted campaigns, and never where a page says', async () => {
  const { costs, requests, taken } = await aMeta((request, response) =>
    answerJson(response, 200, paged([ROW], askedFor(request).has('after') ? null : 'two')),
  )
  expect(await costs()).toEqual({ kind: 'ok', value: { kind: 'done' } })
  expect(requests.map(({ url }) => url.replace(/\?.*/, ''))).toEqual(['/v26.0/act_1/insights', '/v26.0/act_1/insights'])
  const [first, second] = requests.map(askedFor)
  expect(first?.get('time_range')).toBe('{"since":"2026-11-21","until":"2026-11-22"}')
  expect(first?.get('filtering')).toContain('"DELETED"')
  expect(second?.get('after')).toBe('two')
  expect(requests.every(({ url }) => !url.includes('EAAB') && url.includes('appsecret_proof='))).toBe(true)
  const cost = {
    day: '2026-11-21',
    campaignId: '12021',
    campaignName: 'Spring',
    micros: 12_340_000n,
    clicks: 9,
    impressions: 400,
  }
  expect(taken).toEqual([[cost], [cost]])
})

test.each([
  ['no amount', { spend: undefined }],
  ['an amount with a comma', { spend: '1,234.50' }],
  ['a number that lost its digits', { spend: 12.34 }],
  ['clicks that are no number', { clicks: 'many' }],
  ['several days in one', { date_stop: '2026-11-22' }],
  ['a day that there is not', { date_start: '2026-11-31', date_stop: '2026-11-31' }],
  ['no campaign', { campaign_id: undefined }],
])('a row with %s ends the download, and is not left out', async (_what, wrong) => {
  const { costs, taken } = await aMeta((_request, response) =>
    answerJson(response, 200, paged([ROW, { ...ROW, ...wrong }], null)),
  )
  expect(await costs()).toMatchObject({ kind: 'transient', code: 'unreadable_row' })
  expect(taken).toEqual([])
})

test.each<[string, (response: ServerResponse) => void, object]>([
  ['slows down', (response) => answerJson(response, 400, { error: { code: 80000, message: 'x' } }), { kind: 'rate_limited' }],
  [
    'ends the login',
    (response) => answerJson(response, 400, { error: { code: 190, error_subcode: 463, message: 'expired' } }),
    { kind: 'authorization_required', cause: 'expired' },
  ],
  [
    'breaks off',
    (response) => response.writeHead(200, { 'content-length': 9000 }).end('{"data":[') && response.destroy(),
    { kind: 'transient' },
  ],
  ['cuts its answer', (response) => response.writeHead(200).end('{"data":[{"spend":"1.00",'), { kind: 'transient' }],
  ['answers a page', (response) => response.writeHead(200).end('<html>Sorry</html>'), { kind: 'transient' }],
  ['gives no cursor', (response) => answerJson(response, 200, { data: [ROW], paging: { next: 'x' } }), { kind: 'transient' }],
  ['gives the same cursor', (response) => answerJson(response, 200, paged([ROW], 'two')), { kind: 'transient' }],
])('a later page that %s is told, never fewer rows in silence', async (_what, wrong, verdict) => {
  const { costs } = await aMeta((request, response) => {
    if (askedFor(request).has('after')) wrong(response)
    else answerJson(response, 200, paged([ROW], 'two'))
  })
  expect(await costs()).toMatchObject(verdict)
})

test('200,000 rows are taken page by page, before the last page is asked for', async () => {
  const pages = 400
  const { costs, requests, taken } = await aMeta((request, response) => {
    const place = Number(askedFor(request).get('after') ?? 0)
    const rows = Array.from({ length: Number(askedFor(request).get('limit')) }, (_, row) => ({
      ...ROW,
      campaign_id: `${place}${row}`,
    }))
    answerJson(response, 200, paged(rows, place + 1 < pages ? String(place + 1) : null))
    // What came with the page before was taken by now.
    expect(taken.length).toBe(place)
  })
  expect(await costs()).toEqual({ kind: 'ok', value: { kind: 'done' } })
  expect(requests).toHaveLength(pages)
  expect(taken.map((rows) => rows.length)).toEqual(Array.from({ length: pages }, () => 500))
})

test('a failing store ends the download at once', async () => {
  const { provider, tokens, requests } = await aMeta((_request, response) => answerJson(response, 200, paged([ROW], 'two')))
  const take = () => Promise.reject(new Error('disk full'))
  await expect(provider.costs(tokens, { account: ACCOUNT, days: DAYS, job: null, take })).rejects.toThrow('disk full')
  expect(requests).toHaveLength(1)
})

test('a question that times out is asked as a report', async () => {
  const { costs } = await aMeta((request, response) => {
    if (request.method === 'POST') answerJson(response, 200, { report_run_id: '77' })
  })
  expect(await costs()).toMatchObject({ kind: 'ok', value: { kind: 'later' } })
})

const JOB = JSON.stringify({ run: '77', from: '2026-10-01', to: '2026-10-01', orderedAtMs: 0, asked: 3 })
const ONE_DAY = { from: '2026-10-01', to: '2026-10-01' }

test.each([
  [
    { async_status: 'Job Running', async_percent_completion: 100 },
    { kind: 'transient', code: 'job_endless' },
  ],
  [{ async_status: 'Job Skipped' }, { kind: 'transient', code: 'job_skipped' }],
  [
    { async_status: 'Job Failed', async_percent_completion: 80 },
    { kind: 'transient', code: 'job_failed' },
  ],
  [
    { async_status: 'Job Failed', error_code: 2, error_message: 'Service temporarily unavailable' },
    { kind: 'transient', code: '2' },
  ],
  [
    { async_status: 'Job Failed', error_code: 100, error_message: '(#100) Invalid parameter' },
    { kind: 'rejected', code: '100' },
  ],
  [{ id: '77' }, { kind: 'transient', code: 'unreadable_answer' }],
])('a report that says %o is told so', async (state, verdict) => {
  const { costs, requests } = await aMeta((_request, response) => answerJson(response, 200, state))
  expect(await costs(ONE_DAY, JOB)).toMatchObject(verdict)
  expect(requests).toHaveLength(1)
})

test('a report that is complete but can not be read yet is a passing trouble', async () => {
  const { costs } = await aMeta((request, response) => {
    if (request.url.includes('/insights'))
      answerJson(response, 400, { error: { code: 2601, error_subcode: 1815107, message: 'Error accessing adreport job.' } })
    else answerJson(response, 200, { async_status: 'Job Completed' })
  })
  expect(await costs(ONE_DAY, JOB)).toMatchObject({ kind: 'transient' })
})

test('an account without a known time zone is not guessed', async () => {
  const { provider, tokens } = await aMeta((_request, response) =>
    answerJson(response, 200, { id: 'act_1', currency: 'EUR', timezone_name: 'Mars/Olympus' }),
  )
  expect(await provider.describeAccount(tokens, ACCOUNT)).toMatchObject({ kind: 'transient' })
})

const CREATIVE = {
  id: '5',
  name: 'Spring',
  object_story_spec: { page_id: '9', link_data: { link: 'https://acme.example/', image_hash: 'h', picture: 'https://x/p.png' } },
  degrees_of_freedom_spec: {
    creative_features_spec: { standard_enhancements: { enroll_status: 'OPT_IN' }, image_touchups: { enroll_status: 'OPT_IN' } },
  },
  instagram_user_id: '17',
}

/** One ad whose creative is what was set last; `answers` may take over a change. */
async function anAd(creative: object, change: (request: SeenRequest, response: ServerResponse, set: () => void) => void) {
  let shown: object = creative
  return aMeta((request, response) => {
    if (request.method === 'GET')
      answerJson(response, 200, { id: '3', account_id: '1', effective_status: 'ACTIVE', creative: shown })
    else
      change(request, response, () => {
        shown = { ...creative, id: '6', name: 'Spring (Redkey copy of 5)', url_tags: 'a=1' }
      })
  })
}

function tagging({ provider, tokens }: Awaited<ReturnType<typeof aMeta>>) {
  if (provider.tagging.kind !== 'each_ad') throw new Error('Meta tags each ad')
  const { tagAd, untagAd } = provider.tagging
  return {
    tag: (adId = '3') => tagAd(tokens, ACCOUNT, adId, 'a=1'),
    untag: () => untagAd(tokens, ACCOUNT, '3', '5', '6'),
  }
}

const well = (request: SeenRequest, response: ServerResponse, set: () => void) => {
  if (request.url.endsWith('/adcreatives')) answerJson(response, 200, { id: '6' })
  else {
    set()
    answerJson(response, 200, { success: true })
  }
}

test('a copy takes the post and the settings along; the ad is given its id', async () => {
  const world = await anAd({ ...CREATIVE, effective_object_story_id: '9_8' }, well)
  expect(await tagging(world).tag()).toEqual({ kind: 'ok', value: { before: '5', after: '6' } })
  const [made, pointed] = world.requests.filter(({ method }) => method === 'POST')
  const { appsecret_proof: _proof, ...sent } = Object.fromEntries(new URLSearchParams(made?.body))
  expect(sent).toEqual({
    name: 'Spring (Redkey copy of 5)',
    object_story_id: '9_8',
    url_tags: 'a=1',
    instagram_user_id: '17',
    degrees_of_freedom_spec: '{"creative_features_spec":{"image_touchups":{"enroll_status":"OPT_IN"}}}',
  })
  expect([pointed?.url, new URLSearchParams(pointed?.body).get('creative')]).toEqual(['/v26.0/3', '{"creative_id":"6"}'])
})

test('without a post the copy is made from the same parts, each picture told once', async () => {
  const world = await anAd(CREATIVE, well)
  expect((await tagging(world).tag()).kind).toBe('ok')
  const made = new URLSearchParams(world.requests.find(({ method }) => method === 'POST')?.body)
  expect(JSON.parse(made.get('object_story_spec') ?? '')).toEqual({
    page_id: '9',
    link_data: { link: 'https://acme.example/', image_hash: 'h' },
  })
})

test('a change whose answer was lost is found at the ad', async () => {
  const world = await anAd({ ...CREATIVE, effective_object_story_id: '9_8' }, (request, response, set) => {
    if (request.url.endsWith('/adcreatives')) answerJson(response, 200, { id: '6' })
    else {
      set()
      response.destroy()
    }
  })
  expect(await tagging(world).tag()).toEqual({ kind: 'ok', value: { before: '5', after: '6' } })
  expect(await tagging(world).tag()).toEqual({ kind: 'ok', value: { before: '5', after: '6' } })
})

test('what was lost before it reached Meta is tried again by whoever asks again', async () => {
  let lost = true
  const world = await anAd({ ...CREATIVE, effective_object_story_id: '9_8' }, (request, response, set) => {
    if (lost) response.destroy()
    else well(request, response, set)
  })
  expect(await tagging(world).tag()).toMatchObject({ kind: 'transient' })
  expect(world.requests.filter(({ method }) => method === 'POST')).toHaveLength(1)
  lost = false
  expect((await tagging(world).tag()).kind).toBe('ok')
})

test('a change that somebody made while the copy was made stays', async () => {
  let reads = 0
  const world = await aMeta((request, response) => {
    if (request.method === 'POST') answerJson(response, 200, { id: '6' })
    else {
      const creative = { ...CREATIVE, id: ++reads === 1 ? '5' : '99', effective_object_story_id: '9_8' }
      answerJson(response, 200, { id: '3', account_id: '1', effective_status: 'ACTIVE', creative })
    }
  })
  expect(await tagging(world).tag()).toMatchObject({ kind: 'transient', code: 'ad_changed' })
  expect(await tagging(world).untag()).toEqual({ kind: 'ok', value: false })
  expect(world.requests.filter(({ method }) => method === 'POST')).toHaveLength(1)
})

const button = (type: string, value: object = {}) => ({
  object_story_spec: { page_id: '9', video_data: { call_to_action: { type, value } } },
})

test.each<[string, object, object, RegExp]>([
  ['flexible', {}, { creative_asset_groups_spec: { groups: [{}] } }, /several texts and pictures/],
  ['of a catalog', { product_set_id: '4' }, {}, /catalog/],
  ['for a form', button('SIGN_UP', { lead_gen_form_id: '2' }), {}, /no website/],
  ['for a chat', button('WHATSAPP_MESSAGE'), {}, /no website/],
  ['of a partner', { branded_content: { ui_version: 2 } }, {}, /would lose/],
  ['of an Instagram post', { source_instagram_media_id: '1', object_story_spec: undefined }, {}, /would lose/],
  ['without a post', { object_story_spec: undefined }, {}, /no Facebook post/],
  ['with trouble', {}, { effective_status: 'WITH_ISSUES' }, /problem/],
])('an ad %s is not touched', async (_what, creative, ad, why) => {
  const world = await aMeta((_request, response) =>
    answerJson(response, 200, {
      id: '3',
      account_id: '1',
      effective_status: 'ACTIVE',
      creative: { ...CREATIVE, ...creative },
      ...ad,
    }),
  )
  expect(await tagging(world).tag()).toMatchObject({ kind: 'rejected', explanation: expect.stringMatching(why) })
  expect(world.requests).toHaveLength(1)
})

test('only what every card of a carousel carries counts as carried', async () => {
  const cards = ['https://acme.example/a?utm_source=x&p={{placement}}#one', 'https://acme.example/b?p={{placement}}'].map(
    (link) => ({ link }),
  )
  const creative = {
    ...CREATIVE,
    url_tags: '?a=1&p={{placement}}',
    object_story_spec: { page_id: '9', link_data: { child_attachments: cards } },
  }
  const row = { id: '3', name: 'Cards', created_time: '2026-11-23T13:00:00+0100', campaign: { id: '2', name: 'C' }, creative }
  const { provider, tokens } = await aMeta((_request, response) => answerJson(response, 200, { data: [row] }))
  const found: unknown[] = []
  const since = new Date('2026-11-23T12:00:00.700Z')
  expect((await provider.adsSince(tokens, ACCOUNT, since, async (ads) => void found.push(...ads))).kind).toBe('ok')
  expect(found).toEqual([
    {
      id: '3',
      name: 'Cards',
      campaignId: '2',
      campaignName: 'C',
      createdAt: new Date('2026-11-23T12:00:00Z'),
      url: 'https://adsmanager.facebook.com/adsmanager/manage/ads?act=1&selected_ad_ids=3',
      parameters: 'p={{placement}}&a=1',
      setBy: 'ad',
      untaggable: null,
    },
  ])
})

test('what looks like a macro and is none of Meta’s is found', async () => {
  const { provider } = await aMeta((_request, response) => void response.end())
  const { unknownMacros } = provider.tagging
  expect(
    unknownMacros('a={{ad.name}}&b={{ad.title}}&c={campaign.id}&d=%7B%7Bad.id%7D%7D&e=__CAMPAIGN_ID__&f=x_y&g={{Ad.Id}}'),
  ).toEqual(['{{ad.title}}', '{campaign.id}', '%7B%7Bad.id%7D%7D', '__CAMPAIGN_ID__', '{{Ad.Id}}'])
})
