import type { ServerResponse } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import type { CampaignCost } from '../../../../src/domain/ads.ts'
import type { Tokens } from '../../../../src/domain/provider.ts'
import { googleAds } from '../../../../src/outbound/providers/google-ads/google-ads.ts'
import { createHttp } from '../../../../src/outbound/providers/http.ts'
import { type Answering, aClock, answerJson, aServer } from '../a-server.ts'

const ACCOUNT = { id: '123-456-7890', via: '9876543210' }
const DAYS = { from: '2026-11-01', to: '2026-11-22' }

async function aPlatform(answering: Answering) {
  const server = await aServer(answering)
  const clock = aClock()
  const http = createHttp(clock)
  onTestFinished(() => http.close())
  const config = { clientId: 'c', clientSecret: 's', loginUrl: server.origin, tokenUrl: server.origin, apiUrl: server.origin }
  const tokens: Tokens = {
    accessToken: 'ya29.token',
    refreshToken: '1//r',
    apiOrigin: server.origin,
    identityUrl: null,
    scopes: [],
    accessExpiresAt: null,
    refreshExpiresAt: null,
  }
  return { platform: googleAds(config, { http, clock }), server, tokens }
}

async function costs(answering: Answering, over: Partial<Tokens> = {}) {
  const { platform, server, tokens } = await aPlatform(answering)
  const taken: (readonly CampaignCost[])[] = []
  const take = async (rows: readonly CampaignCost[]) => void taken.push(rows)
  const asked = await platform.costs({ ...tokens, ...over }, { account: ACCOUNT, days: DAYS, job: null, take })
  return { asked, rows: taken.flat(), taken, server }
}

function row(place: number, over: object = {}) {
  return {
    campaign: { resourceName: `customers/1234567890/campaigns/${place}`, id: String(place), name: `Brand [${place}] "{x}"\\` },
    metrics: { clicks: '9', costMicros: '12340001', impressions: '400' },
    segments: { date: '2026-11-21' },
    ...over,
  }
}

function batch(rows: readonly object[]): string {
  return JSON.stringify({ results: rows, fieldMask: 'segments.date,campaign.id', requestId: 'r' }, null, 2)
}

const sends =
  (text: string): Answering =>
  (_request, response) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(text)

test('asks for all days and campaigns in one query, through the manager account', async () => {
  const { asked, server, rows } = await costs(sends(`[${batch([row(1)])},\n${batch([row(2)])}\n]\n`))
  expect(asked).toEqual({ kind: 'ok', value: { kind: 'done' } })
  const [request] = server.requests
  expect(request).toMatchObject({ method: 'POST', url: '/v26/customers/1234567890/googleAds:searchStream' })
  expect(request?.headers).toMatchObject({ authorization: 'Bearer ya29.token', 'login-customer-id': '9876543210' })
  expect(JSON.parse(request?.body ?? '').query).toContain("WHERE segments.date BETWEEN '2026-11-01' AND '2026-11-22'")
  expect(rows).toEqual(
    [1, 2].map((place) => ({
      day: '2026-11-21',
      campaignId: String(place),
      campaignName: `Brand [${place}] "{x}"\\`,
      micros: 12_340_001n,
      clicks: 9,
      impressions: 400,
    })),
  )
})

test('a count that is zero and left out is zero, and so is an answer without rows', async () => {
  const { rows } = await costs(sends(`[${batch([row(1, { metrics: { costMicros: '5' } })])}]`))
  expect(rows).toMatchObject([{ micros: 5n, clicks: 0, impressions: 0 }])
  expect(await costs(sends('[{"fieldMask":"segments.date","requestId":"r"}]'))).toMatchObject({ asked: { kind: 'ok' }, rows: [] })
  expect(await costs(sends('[]'))).toMatchObject({ asked: { kind: 'ok' }, rows: [] })
})

test('200,000 rows are handed on in small pieces, the first of them before the last are sent', async () => {
  const COUNT = 200_000
  const SIZE = 10_000
  let goOn = (): void => undefined
  const began = new Promise<void>((resolve) => {
    goOn = resolve
  })
  const sizes: number[] = []
  const { platform, tokens } = await aPlatform((_request, response) => {
    void sendBatches(response, COUNT / SIZE, SIZE, began)
  })
  let sum = 0n
  const take = async (rows: readonly CampaignCost[]) => {
    goOn()
    sizes.push(rows.length)
    sum += rows.reduce((part, { micros }) => part + micros, 0n)
  }
  const asked = await platform.costs(tokens, { account: ACCOUNT, days: DAYS, job: null, take })
  expect(asked.kind).toBe('ok')
  expect(sizes.reduce((all, size) => all + size, 0)).toBe(COUNT)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(2_000)
  expect(sum).toBe(12_340_001n * BigInt(COUNT))
}, 30_000)

/** The second batch goes out only when rows of the first were taken. */
async function sendBatches(response: ServerResponse, count: number, size: number, began: Promise<void>): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.write('[')
  for (let place = 0; place < count; place++) {
    if (place === 1) await began
    const rows = Array.from({ length: size }, (_, within) => row(place * size + within))
    const isRoom = response.write(`${place === 0 ? '' : ','}${batch(rows)}`)
    if (!isRoom) await new Promise((resolve) => response.once('drain', resolve))
  }
  response.end(']')
}

const LONG = `[${batch(Array.from({ length: 5_000 }, (_, place) => row(place)))}`

test.each<[string, Answering]>([
  ['breaks off', (_request, response) => void response.writeHead(200).write(`${LONG.slice(0, -40)}`, () => response.destroy())],
  ['ends early', sends(LONG)],
  ['ends in the middle of a row', sends(LONG.slice(0, 200))],
  ['is empty', sends('')],
  ['is a page', sends('<!DOCTYPE html><title>Sign in</title>')],
  ['is no list', sends('{"results":[]}')],
  ['is no JSON', sends('[{"results":[{"campaign":{"id":nothing}}]}]')],
])('an answer that %s passes, and is never taken for all there is', async (_what, answering) => {
  expect((await costs(answering)).asked).toMatchObject({ kind: 'transient', code: 'answer_broken_off' })
})

test.each([
  ['an amount', { metrics: { costMicros: '12.34' } }],
  ['a negative count', { metrics: { costMicros: '1', clicks: '-1' } }],
  ['a day', { segments: { date: '2026-02-30' } }],
  ['no day', { segments: {} }],
  ['no campaign', { campaign: {} }],
])('%s that can not be read is not left out', async (_what, over) => {
  const { asked, rows } = await costs(sends(`[${batch([row(1), row(2, over), row(3)])}]`))
  expect(asked).toMatchObject({ kind: 'transient', code: 'unreadable_row' })
  expect(rows).toEqual([])
})

function error(code: number, status: string, group: string, name: string, details: object = {}) {
  const failure = {
    '@type': 'type.googleapis.com/google.ads.googleads.v26.errors.GoogleAdsFailure',
    errors: [{ errorCode: { [group]: name }, message: 'A text.', details }],
  }
  return { error: { code, message: 'A text.', status, details: [failure] } }
}

const SLOW = error(429, 'RESOURCE_EXHAUSTED', 'quotaError', 'RESOURCE_TEMPORARILY_EXHAUSTED', {
  quotaErrorDetails: { rateScope: 'ACCOUNT', rateName: 'Get requests', retryDelay: '30s' },
})
const STALE = error(401, 'UNAUTHENTICATED', 'authenticationError', 'OAUTH_TOKEN_EXPIRED')
const TROUBLE = error(500, 'INTERNAL', 'internalError', 'INTERNAL_ERROR')

test.each([
  ['to slow down', SLOW, { kind: 'rate_limited', retryAfterMs: 30_000 }],
  ['for a new token', STALE, { kind: 'refresh' }],
  ['for patience', TROUBLE, { kind: 'transient' }],
])('what asks %s in the middle of the rows is heard', async (_what, said, verdict) => {
  const text = `[${batch(Array.from({ length: 2_500 }, (_, place) => row(place)))},${JSON.stringify(said)}]`
  const { asked, taken } = await costs(sends(text))
  expect(asked).toMatchObject(verdict)
  expect(taken.every((rows) => rows.length <= 2_000)).toBe(true)
  const atOnce = await costs((_request, response) => answerJson(response, said.error.code, [said]))
  expect(atOnce).toMatchObject({ asked: verdict, rows: [] })
})

test('a token goes to no host but those of Google and the configured one', async () => {
  for (const apiOrigin of ['https://googleads.googleapis.com.example', 'http://googleads.googleapis.com', 'https://10.0.0.1']) {
    const { asked, server } = await costs(sends('[]'), { apiOrigin })
    expect(asked).toMatchObject({ kind: 'misconfigured', code: 'api_host_refused' })
    expect(server.requests).toEqual([])
  }
})

test('what goes wrong where rows are stored goes on, and ends the download', async () => {
  let closed = (): void => undefined
  const ended = new Promise<void>((resolve) => {
    closed = resolve
  })
  const { platform, tokens } = await aPlatform((_request, response) => {
    response.once('close', closed)
    response.writeHead(200).write(LONG) // and never ends
  })
  const take = () => Promise.reject(new Error('the disk is full'))
  await expect(platform.costs(tokens, { account: ACCOUNT, days: DAYS, job: null, take })).rejects.toThrow('the disk is full')
  await ended
})
