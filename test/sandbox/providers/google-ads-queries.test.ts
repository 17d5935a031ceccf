import { expect, onTestFinished, test } from 'vitest'
import { startFakeGoogle } from '../../../src/sandbox/providers/google/fake-google.ts'
import { signIn } from '../../../src/sandbox/providers/sign-in.ts'

const REDIRECT_URI = 'http://localhost:3000/oauth/callback/google-ads'
const NOW = new Date('2026-11-23T12:00:00Z')

async function aFake() {
  const client = { client_id: 'client', client_secret: 'secret' }
  const redirect = { redirect_uri: REDIRECT_URI }
  const fake = await startFakeGoogle({
    port: 0,
    clientId: 'client',
    clientSecret: 'secret',
    redirectUris: [REDIRECT_URI],
    now: () => NOW,
  })
  onTestFinished(fake.close)
  const scope = 'openid email https://www.googleapis.com/auth/adwords'
  const asked = new URLSearchParams({ response_type: 'code', client_id: 'client', ...redirect, scope, state: 's' })
  const login = `${fake.url}/o/oauth2/v2/auth?${asked}`
  const callback = new URL(await signIn(login, { org: 'Acme Inc', username: 'ana@acme.example' }))
  const form = { ...client, ...redirect, grant_type: 'authorization_code', code: callback.searchParams.get('code') ?? '' }
  const token = await fetch(`${fake.url}/token`, { method: 'POST', body: new URLSearchParams(form) })
  const { access_token } = (await token.json()) as { access_token: string }
  const post = async (path: string, body: object) => {
    const headers = { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' }
    const url = `${fake.url}/v26/customers/1234567890${path}`
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
    return { status: answer.status, json: (await answer.json()) as never }
  }
  return { fake, post, search: (query: string) => post('/googleAds:search', { query }) }
}

const CHANGES = 'SELECT change_status.ad_group_ad, change_status.last_change_date_time FROM change_status'
const RANGE = "change_status.last_change_date_time BETWEEN '2026-11-01' AND '2026-11-24'"

test.each([
  ['an unknown field', 'SELECT campaign.creation_time FROM campaign', 'UNRECOGNIZED_FIELD'],
  ['an unknown resource', 'SELECT ad.id FROM ad', 'BAD_RESOURCE_TYPE_IN_FROM_CLAUSE'],
  ['no query', 'campaigns please', 'QUERY_ERROR'],
  ['a condition that is none', 'SELECT campaign.id FROM campaign WHERE campaign.id IS BIG', 'UNEXPECTED_INPUT'],
  [
    'an order by what is not selected',
    'SELECT campaign.id FROM campaign ORDER BY campaign.name',
    'EXPECTED_REFERENCED_FIELD_IN_SELECT_CLAUSE',
  ],
  ['metrics of all times', 'SELECT campaign.id, metrics.clicks FROM campaign', 'EXPECTED_FILTERS_ON_DATE_RANGE'],
  ['changes without a limit', `${CHANGES} WHERE ${RANGE}`, 'LIMIT_NOT_SPECIFIED'],
  ['changes with too high a limit', `${CHANGES} WHERE ${RANGE} LIMIT 10001`, 'INVALID_LIMIT_CLAUSE'],
  ['changes of all times', `${CHANGES} LIMIT 10`, 'CHANGE_DATE_RANGE_INFINITE'],
  ['changes of last summer', `${CHANGES} WHERE ${RANGE.replace('2026-11-01', '2026-07-01')} LIMIT 10`, 'START_DATE_TOO_OLD'],
])('%s is refused as Google refuses it', async (_what, query, code) => {
  const { search } = await aFake()
  const { status, json } = await search(query)
  expect([status, JSON.stringify(json)]).toEqual([400, expect.stringContaining(`"${code}"`)])
})

test('a stream is a list of batches, and a list with one error where it is refused', async () => {
  const { fake, post } = await aFake()
  fake.switches.pageRows = 3
  const query = 'SELECT campaign.id, campaign.name FROM campaign'
  expect(await post('/googleAds:searchStream', { query })).toMatchObject({
    status: 200,
    json: [
      { results: [{}, {}, { campaign: { resourceName: expect.stringMatching(/^customers\/1234567890\/campaigns\//) } }] },
      { results: [{}], fieldMask: 'campaign.id,campaign.name' },
    ],
  })
  expect(await post('/googleAds:searchStream', { query: 'x' })).toMatchObject({ status: 400, json: [{ error: { code: 400 } }] })
})

test('a report counts as one operation, whatever its pages', async () => {
  const { fake, post } = await aFake()
  fake.switches.pageRows = 3
  const query = 'SELECT campaign.id FROM campaign'
  const first = await post('/googleAds:search', { query })
  expect(first.json).toMatchObject({ results: [{}, {}, {}], nextPageToken: '3' })
  expect((await post('/googleAds:search', { query, pageToken: '3' })).json).toMatchObject({ results: [{}] })
  expect(fake.operations.used).toBe(1)
})

test('counts and amounts are texts, and what is not set is left out', async () => {
  const { search } = await aFake()
  const { json } = await search(
    "SELECT segments.date, campaign.final_url_suffix, metrics.cost_micros FROM campaign WHERE segments.date BETWEEN '2026-11-20' AND '2026-11-20' LIMIT 1",
  )
  expect(json).toMatchObject({
    results: [{ segments: { date: '2026-11-20' }, metrics: { costMicros: expect.stringMatching(/^\d+0000$/) } }],
  })
  expect(JSON.stringify(json)).not.toContain('"finalUrlSuffix":')
})

test('a change without a mask, with another mask, or of another account is refused', async () => {
  const { post, fake } = await aFake()
  const update = { resourceName: 'customers/1234567890', finalUrlSuffix: 'a=1' }
  const mutate = async (operation: object) => JSON.stringify((await post(':mutate', { operation })).json)
  expect(await mutate({ update })).toContain('FIELD_MASK_MISSING')
  expect(await mutate({ update, updateMask: 'descriptiveNames' })).toContain('FIELD_NOT_FOUND')
  expect(await mutate({ update: { ...update, resourceName: 'customers/1' }, updateMask: 'finalUrlSuffix' })).toContain(
    'MALFORMED',
  )
  expect(fake.library('Acme US').parameters).toBe('')
  expect(await mutate({ update, updateMask: 'final_url_suffix' })).toBe('{"result":{"resourceName":"customers/1234567890"}}')
  expect(fake.library('1234567890').parameters).toBe('a=1')
})
