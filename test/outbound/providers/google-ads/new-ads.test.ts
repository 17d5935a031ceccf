import { expect, onTestFinished, test } from 'vitest'
import type { Ad } from '../../../../src/domain/ads.ts'
import { googleAds } from '../../../../src/outbound/providers/google-ads/google-ads.ts'
import { createHttp } from '../../../../src/outbound/providers/http.ts'
import { aClock, answerJson, aServer } from '../a-server.ts'

const ACCOUNT = { id: '1234567890', via: null }
const AD = 'customers/1234567890/adGroupAds/11~22'
const CUSTOMER = { customer: { currencyCode: 'USD', timeZone: 'America/New_York' } }

type Answers = Readonly<Record<string, readonly object[] | { readonly error: object }>>

/** Answers by the resource that is asked for. */
async function adsSince(since: string, answers: Answers) {
  const server = await aServer((request, response) => {
    const query: string = JSON.parse(request.body).query
    const told = answers[/FROM (\w+)/.exec(query)?.[1] ?? ''] ?? []
    if ('error' in told) answerJson(response, 400, [told])
    else answerJson(response, 200, request.url.endsWith('Stream') ? [{ results: told }] : { results: told })
  })
  const clock = aClock('2026-11-23T12:00:00Z')
  const http = createHttp(clock)
  onTestFinished(() => http.close())
  const config = { clientId: 'c', clientSecret: 's', loginUrl: server.origin, tokenUrl: server.origin, apiUrl: server.origin }
  const tokens = {
    accessToken: 't',
    refreshToken: 'r',
    apiOrigin: server.origin,
    identityUrl: null,
    scopes: [],
    accessExpiresAt: null,
    refreshExpiresAt: null,
  }
  const ads: Ad[] = []
  const take = async (some: readonly Ad[]) => void ads.push(...some)
  const asked = await googleAds(config, { http, clock }).adsSince(tokens, ACCOUNT, new Date(since), take)
  const queries = server.requests.map(({ body }): string => JSON.parse(body).query)
  return { asked, ads, queries }
}

function added(at: string, name = AD) {
  return { changeStatus: { adGroupAd: name, lastChangeDateTime: at, resourceStatus: 'ADDED' } }
}

function described(over: object = {}) {
  const ad = { id: '22', finalUrls: ['https://acme.example/'], ...over }
  return {
    adGroupAd: { resourceName: AD, ad },
    adGroup: { id: '11' },
    campaign: { id: '7', name: 'Brand' },
    customer: { id: '1234567890' },
  }
}

test('times are those of the account: what was created in New York before is not new', async () => {
  const answers = (at: string) => ({ change_status: [added(at)], customer: [CUSTOMER], ad_group_ad: [described()] })
  const since = '2026-11-23T08:00:00Z' // 03:00 in New York
  expect((await adsSince(since, answers('2026-11-23 02:59:59.999999'))).ads).toEqual([])
  const { ads } = await adsSince(since, answers('2026-11-23 03:00:01.5'))
  expect(ads).toMatchObject([{ id: '22', name: 'Ad 22', createdAt: new Date('2026-11-23T08:00:01.500Z') }])
})

test('an ad is called by its name, or by its first headline', async () => {
  const named = async (ad: object) =>
    (
      await adsSince('2026-11-23T08:00:00Z', {
        change_status: [added('2026-11-23 05:00:00')],
        customer: [CUSTOMER],
        ad_group_ad: [described(ad)],
      })
    ).ads.map(({ name }) => name)
  expect(await named({ name: 'Video 1' })).toEqual(['Video 1'])
  expect(await named({ responsiveSearchAd: { headlines: [{ text: 'Buy now' }, { text: 'Free' }] } })).toEqual(['Buy now'])
  expect(await named({ responsiveDisplayAd: { headlines: [{ text: 'Shoes' }] } })).toEqual(['Shoes'])
  expect(await named({ expandedTextAd: { headlinePart1: 'Old style' } })).toEqual(['Old style'])
})

test('both ends of the time are named, and nothing older is asked for than Google keeps', async () => {
  const { queries } = await adsSince('2026-11-23T08:00:00Z', {})
  expect(queries).toHaveLength(2)
  for (const query of queries) expect(query).toMatch(/BETWEEN '2026-11-22 17:00:00' AND '2026-11-24 03:00:00' .* LIMIT 10000$/)
  const old = await adsSince('2026-01-01T00:00:00Z', { customer: [CUSTOMER] })
  expect(old.queries[0]).toContain("BETWEEN '2026-08-26 12:00:00' AND")
  expect(old.queries[1]).toContain("BETWEEN '2026-10-25 12:00:00' AND")
  expect(old.queries[3]).toContain("segments.date BETWEEN '2025-12-31' AND '2026-11-23'")
})

test('where Google keeps changes for a shorter time, the first day of being shown tells', async () => {
  const error = {
    code: 400,
    status: 'INVALID_ARGUMENT',
    message: 'x',
    details: [{ errors: [{ errorCode: { changeStatusError: 'START_DATE_TOO_OLD' }, message: 'x' }] }],
  }
  const { asked, queries } = await adsSince('2026-11-20T00:00:00Z', { change_status: { error }, customer: [CUSTOMER] })
  expect(asked).toEqual({ kind: 'ok', value: null })
  expect(queries.filter((query) => query.includes('metrics.impressions > 0'))).toHaveLength(1)
})

test.each<[string, Answers]>([
  ['a change', { change_status: [added('yesterday')], customer: [CUSTOMER] }],
  ['a name', { change_status: [added('2026-11-23 05:00:00', "customers/1/adGroupAds/1~2' OR '1")], customer: [CUSTOMER] }],
  ['an ad', { change_status: [added('2026-11-23 05:00:00')], customer: [CUSTOMER], ad_group_ad: [{ adGroupAd: {} }] }],
  ['a time zone', { change_status: [added('2026-11-23 05:00:00')], customer: [{ customer: { timeZone: 'Nowhere/Else' } }] }],
])('%s that can not be read is not left out', async (_what, answers) => {
  const { asked, ads } = await adsSince('2026-11-23T08:00:00Z', answers)
  expect(asked).toMatchObject({ kind: 'transient', code: 'unreadable_row' })
  expect(ads).toEqual([])
})

test('near the end of what changes are kept for, no zone is left out', async () => {
  const { queries } = await adsSince('2026-10-25T20:00:00Z', { customer: [CUSTOMER] })
  expect(queries.some((query) => query.includes('metrics.impressions > 0'))).toBe(true)
})
