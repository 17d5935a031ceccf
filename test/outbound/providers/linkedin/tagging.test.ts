import { expect, test } from 'vitest'
import { mapsIn, textOf, unknownMacros } from '../../../../src/outbound/providers/linkedin/tracking-text.ts'
import { account, aLinkedIn, json } from './a-linkedin.ts'

const ACCOUNT = '/rest/adAccounts/5'
const CAMPAIGNS = '/rest/adAccounts/5/adCampaigns'
const KEY = '/rest/adTrackingParameters/(adEntity:(sponsoredAccount:urn%3Ali%3AsponsoredAccount%3A5))'
const keyOf = (campaign: number) =>
  `/rest/adTrackingParameters/(adEntity:(sponsoredCampaign:urn%3Ali%3AsponsoredCampaign%3A${campaign}))`

async function aTagging(answers: Parameters<typeof aLinkedIn>[0]) {
  const { provider, tokens, requests } = await aLinkedIn(answers)
  if (provider.tagging.kind !== 'inherited') throw new Error('LinkedIn has a template')
  const { setTemplate, templates, overrides } = provider.tagging
  return {
    requests,
    set: (parameters: string, templateId = '5') => setTemplate(tokens, account, templateId, parameters),
    templates: () => templates(tokens, account),
    overrides: (limit: number) => overrides(tokens, account, limit),
  }
}

test('parameters are put as two maps, with the entity in the key and in the body', async () => {
  const { set, requests } = await aTagging({ [KEY]: json(201, {}) })
  expect(await set('utm_source=linkedin&utm_campaign={CAMPAIGN_ID}')).toEqual({ kind: 'ok', value: null })
  expect(requests).toHaveLength(1)
  const [put] = requests
  expect(put?.method).toBe('PUT')
  expect(put?.url).toMatch(/\)\)\?idempotencyToken=[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(put?.headers).toMatchObject({ 'content-type': 'application/json', 'linkedin-version': '202608' })
  expect(JSON.parse(put?.body ?? '')).toEqual({
    adEntity: { sponsoredAccount: 'urn:li:sponsoredAccount:5' },
    dynamicValueParameters: { utm_campaign: 'CAMPAIGN_ID' },
    customValueParameters: { utm_source: 'linkedin' },
  })
})

test('no parameters take the setting away, also where there is none', async () => {
  for (const answer of [json(204, undefined), json(404, { status: 404, message: 'Could not find entity' })]) {
    const { set, requests } = await aTagging({ [KEY]: answer })
    expect(await set('')).toEqual({ kind: 'ok', value: null })
    expect(requests.map(({ method, url }) => [method, url])).toEqual([['DELETE', KEY]])
  }
})

test.each<[string, string, string]>([
  ['more than it may have', `a=${'x'.repeat(1000)}`, 'parameters_too_long'],
  ['a name twice', 'a=1&a=2', 'parameters_refused'],
  ['a name without a value', 'utm_source', 'parameters_refused'],
  ['a value without a name', '=linkedin', 'parameters_refused'],
])('a template with %s is refused before anything is sent', async (_words, parameters, code) => {
  const { set, requests } = await aTagging({})
  expect(await set(parameters)).toMatchObject({ kind: 'rejected', code })
  expect(requests).toEqual([])
})

test('another template than the account’s is none', async () => {
  expect(await (await aTagging({})).set('a=1', '6')).toMatchObject({ kind: 'rejected', code: 'unknown_template' })
})

test.each<[number, object, object]>([
  [403, { status: 403, serviceErrorCode: 100, message: 'Access Denied' }, { kind: 'permission', cause: 'role_missing' }],
  [
    403,
    { status: 403, serviceErrorCode: 100, message: 'Not enough permissions to access: adTrackingParameters.UPDATE.20260801' },
    { kind: 'permission', cause: 'role_missing', explanation: expect.stringContaining('Advertising API') },
  ],
  [
    403,
    { status: 403, message: 'Development tier: the ad account is not on the allow list' },
    { kind: 'permission', cause: 'admin_blocked' },
  ],
  [422, { status: 422, message: 'ERROR :: /dynamicValueParameters/a :: is not an enum symbol' }, { kind: 'rejected' }],
  [500, { status: 500, message: 'Internal Server Error' }, { kind: 'transient' }],
])('a refusal to change with %i %o is told', async (status, body, verdict) => {
  expect(await (await aTagging({ [KEY]: json(status, body) })).set('a={NEW_MACRO}')).toMatchObject(verdict)
})

test('the template of an account that can’t be seen is not told as empty', async () => {
  const denied = json(403, { status: 403, serviceErrorCode: 100, message: 'Access Denied' })
  expect(await (await aTagging({ [ACCOUNT]: denied })).templates()).toMatchObject({ kind: 'permission', cause: 'access_lost' })
})

test('a part of the API that is gone is not told as a setting that is empty', async () => {
  const gone = json(404, { status: 404, message: 'Resource adTrackingParameters does not exist' })
  const { templates } = await aTagging({ [ACCOUNT]: json(200, { id: 5, name: 'Acme' }), [KEY]: gone })
  expect(await templates()).toMatchObject({ kind: 'misconfigured' })
})

test('campaigns that can show no ads are not asked for parameters of their own', async () => {
  const rows = [
    { id: 1, name: 'Brand', status: 'ACTIVE', type: 'SPONSORED_UPDATES' },
    { id: 2, name: 'Old', status: 'COMPLETED', type: 'SPONSORED_UPDATES' },
    { id: 3, name: 'Mails', status: 'ACTIVE', type: 'SPONSORED_INMAILS' },
    { id: 4, name: 'Plan', status: 'DRAFT', type: 'TEXT_AD' },
  ]
  const set = json(200, { customValueParameters: { utm_source: 'x' } })
  const { overrides, requests } = await aTagging({
    [CAMPAIGNS]: json(200, { elements: rows }),
    [keyOf(1)]: set,
    [keyOf(2)]: set,
    [keyOf(3)]: set,
  })
  expect(await overrides(10)).toEqual({
    kind: 'ok',
    value: [
      {
        level: 'campaign',
        id: '1',
        name: 'Brand',
        parameters: 'utm_source=x',
        url: 'https://www.linkedin.com/campaignmanager/accounts/5/campaigns/1',
      },
    ],
  })
  expect(requests).toHaveLength(3)
})

test('an override that can’t be read is told, not left out', async () => {
  const rows = [1, 2, 3].map((id) => ({ id, name: `C${id}`, status: 'ACTIVE' }))
  const { overrides } = await aTagging({
    [CAMPAIGNS]: json(200, { elements: rows }),
    [keyOf(2)]: json(429, { status: 429, message: 'Too many requests' }),
  })
  expect(await overrides(10)).toMatchObject({ kind: 'rate_limited' })
})

test.each<[object, object, string]>([
  [{}, {}, ''],
  [
    { utm_campaign: 'CAMPAIGN_ID' },
    { utm_source: 'linkedin', utm_medium: 'paid' },
    'utm_source=linkedin&utm_medium=paid&utm_campaign={CAMPAIGN_ID}',
  ],
  [{}, { zeta: '1', alpha: '2', utm_term: '3' }, 'utm_term=3&alpha=2&zeta=1'],
  [{ a: 'AD_FORMAT_OF_2028' }, {}, 'a={AD_FORMAT_OF_2028}'],
  [{}, { a: '{CAMPAIGN_ID}' }, 'a=%7BCAMPAIGN_ID%7D'],
  [{}, { a: 'x-{CAMPAIGN_ID}', b: '{{campaignId}}' }, 'a=x-{CAMPAIGN_ID}&b={{campaignId}}'],
  [{}, { a: '1&b=2#c', 'd=e&': '' }, 'a=1%26b=2%23c&d%3De%26='],
  [{}, { a: 'paid social', b: '50%', c: 'a+b', d: 'Übung', e: '%20' }, 'a=paid%20social&b=50%25&c=a+b&d=%C3%9Cbung&e=%2520'],
  [{ a: 'CREATIVE_ID' }, { a: 'x' }, 'a=x&a={CREATIVE_ID}'],
])('the maps %o and %o are a query string that loses nothing', (dynamicValueParameters, customValueParameters, text) => {
  const maps = { dynamicValueParameters, customValueParameters }
  expect(textOf(maps)).toBe(text)
  expect(mapsIn(text)).toEqual({ kind: 'maps', maps })
})

test.each<[string, readonly string[]]>([
  ['a={CAMPAIGN_ID}&b={CREATIVE_NAME}&c=plain', []],
  ['a={CAMPAIN_ID}', ['{CAMPAIN_ID}']],
  ['a={campaign_id}', ['{campaign_id}']],
  ['a={{CAMPAIGN_ID}}', ['{{CAMPAIGN_ID}}']],
  ['a=x-{CAMPAIGN_ID}', ['{CAMPAIGN_ID}']],
  ['a=CAMPAIGN_ID', ['CAMPAIGN_ID']],
  ['{lpurl}=1&a={keyword}&b={keyword}', ['{lpurl}', '{keyword}']],
])('in %s LinkedIn would not fill in %o', (parameters, unknown) => {
  expect(unknownMacros(parameters)).toEqual(unknown)
})
