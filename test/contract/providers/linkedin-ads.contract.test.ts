import { expect, onTestFinished, test } from 'vitest'
import type { Ad, CampaignCost } from '../../../src/domain/ads.ts'
import type { Tokens } from '../../../src/domain/provider.ts'
import { createHttp } from '../../../src/outbound/providers/http.ts'
import { linkedin } from '../../../src/outbound/providers/linkedin/linkedin.ts'
import { startFakeLinkedIn } from '../../../src/sandbox/providers/linkedin/fake-linkedin.ts'
import { signIn } from '../../../src/sandbox/providers/sign-in.ts'
import { handClock } from '../../support/hand-clock.ts'
import { type AdWorld, behavesAsAdPlatform, download, granted } from './ads-behaviour.ts'

const REDIRECT_URI = 'http://localhost:3000/oauth/callback/linkedin'
const LEA = 'lea@acme.example'
const SAM = 'sam@agency.example'
const HOUR_MS = 3_600_000

interface LinkedInWorld extends AdWorld {
  readonly fake: Awaited<ReturnType<typeof startFakeLinkedIn>>
}

async function aWorld(username = LEA, accountName = 'Acme Demand Gen'): Promise<LinkedInWorld> {
  const clock = handClock(new Date('2026-11-23T12:00:00Z'))
  const now = () => clock.now()
  const fake = await startFakeLinkedIn({ port: 0, clientId: 'client', clientSecret: 'secret', redirectUris: [REDIRECT_URI], now })
  clock.turn(HOUR_MS) // its first ads are older than whatever a test waits for
  const http = createHttp(clock)
  onTestFinished(async () => {
    http.close()
    await fake.close()
  })
  const config = { clientId: 'client', clientSecret: 'secret', loginUrl: fake.origin, apiUrl: fake.origin }
  const platform = linkedin(config, { http, clock })
  let tokens: Tokens | undefined
  return {
    fake,
    platform,
    account: { id: String(fake.account(accountName).id), via: null },
    library: fake.library(accountName),
    clock,
    async tokens() {
      const url = platform.authorizationUrl({ redirectUri: REDIRECT_URI, state: 's', codeChallenge: 'c', loginHint: null })
      if (tokens === undefined) {
        const code = new URL(await signIn(url, { org: 'Acme Inc', username })).searchParams.get('code') ?? ''
        tokens = granted(await platform.exchangeCode({ code, codeVerifier: '', redirectUri: REDIRECT_URI }))
      }
      return tokens
    },
    takeAccess: () => void fake.account(accountName).roles.delete(fake.person(username).id),
  }
}

behavesAsAdPlatform('LinkedIn', aWorld)

function inherited({ platform }: AdWorld) {
  if (platform.tagging.kind !== 'inherited') throw new Error('LinkedIn has a template')
  return platform.tagging
}

async function adsOf({ platform, tokens, account }: AdWorld, since: Date): Promise<readonly Ad[]> {
  const ads: Ad[] = []
  granted(await platform.adsSince(await tokens(), account, since, async (some) => void ads.push(...some)))
  return ads
}

test('to who may not read, a report is an empty list, and only the probe tells', async () => {
  const world = await aWorld()
  const tokens = await world.tokens()
  world.takeAccess()
  const taken: CampaignCost[] = []
  const days = { from: '2026-11-01', to: '2026-11-22' }
  const order = {
    account: world.account,
    days,
    job: null,
    take: async (rows: readonly CampaignCost[]) => void taken.push(...rows),
  }
  expect(await world.platform.costs(tokens, order)).toEqual({ kind: 'ok', value: { kind: 'done' } })
  expect(taken).toEqual([])
  expect(await world.platform.probe(tokens, world.account)).toMatchObject({ kind: 'permission', cause: 'access_lost' })
  expect(await world.platform.describeAccount(tokens, world.account)).toMatchObject({ kind: 'permission' })
})

test('names of campaigns come from every page of them', async () => {
  const world = await aWorld()
  world.fake.switches.pageCap = 3
  const rows = await download(world, { from: '2026-11-01', to: '2026-11-22' })
  expect(new Set(rows.map(({ campaignName }) => campaignName))).toEqual(new Set(world.library.campaigns.map(({ name }) => name)))
})

test('a viewer sees costs, but is told which role may change URL parameters', async () => {
  const world = await aWorld(SAM, 'Another Brand')
  const tokens = await world.tokens()
  expect((await download(world, { from: '2026-11-20', to: '2026-11-21' })).length).toBeGreaterThan(0)
  expect(await inherited(world).setTemplate(tokens, world.account, world.account.id, 'a=1')).toMatchObject({
    kind: 'permission',
    cause: 'role_missing',
    explanation: expect.stringContaining('Campaign manager'),
  })
  expect(world.library.parameters).toBe('')
})

test('a login of an app without the right to write is told so before anything is sent', async () => {
  const world = await aWorld()
  const tokens = { ...(await world.tokens()), scopes: ['r_ads', 'r_ads_reporting'] }
  const before = world.fake.calls.list().length
  expect(await inherited(world).setTemplate(tokens, world.account, world.account.id, 'a=1')).toMatchObject({
    kind: 'authorization_required',
    cause: 'scope_missing',
  })
  expect(world.fake.calls.list().length).toBe(before)
})

test('ads are told with what they inherit where the app can’t read their posts', async () => {
  const world = await aWorld()
  const since = world.clock.now()
  world.clock.turn(HOUR_MS)
  world.library.createAd({ landingPage: 'https://acme.example/?ref=x' })
  world.library.parameters = 'utm_source=linkedin'
  expect((await adsOf(world, since)).map(({ parameters }) => parameters)).toEqual(['ref=x&utm_source=linkedin'])
  world.fake.switches.noPosts = true
  expect((await adsOf(world, since)).map(({ parameters }) => parameters)).toEqual(['utm_source=linkedin'])
})

test('only as many pages of ads are read as there are new ones', async () => {
  const world = await aWorld()
  for (let place = 0; place < 250; place++) world.library.createAd()
  world.clock.turn(HOUR_MS)
  const since = world.clock.now()
  world.library.createAd()
  await world.tokens()
  const before = world.fake.calls.list().length
  expect(await adsOf(world, since)).toHaveLength(1)
  const paths = world.fake.calls
    .list()
    .slice(before)
    .map(({ path }) => path.replace(/\d{6,}/, '').split('/(')[0])
  const pages = (path: string) => paths.filter((one) => one === path).length
  expect([pages('/rest/adAccounts//creatives'), pages('/rest/posts'), paths.length]).toEqual([1, 1, 5])
})

test('everything that a template can hold comes back as it was set', async () => {
  const world = await aWorld()
  const tokens = await world.tokens()
  const { setTemplate, templates } = inherited(world)
  const set = 'utm_source=linkedin&utm_medium=paid%20social&utm_campaign={CAMPAIGN_NAME}&a%3D=1%262&utm_id={CAMPAIGN_ID}&z=50%25'
  granted(await setTemplate(tokens, world.account, world.account.id, set))
  expect(granted(await templates(tokens, world.account))).toEqual([
    { id: world.account.id, name: 'Account Acme Demand Gen', parameters: set },
  ])
  granted(await setTemplate(tokens, world.account, world.account.id, ''))
  granted(await setTemplate(tokens, world.account, world.account.id, ''))
  expect(granted(await templates(tokens, world.account))[0]?.parameters).toBe('')
})

test('overrides are told up to the limit', async () => {
  const world = await aWorld()
  const tokens = await world.tokens()
  for (const campaign of world.library.campaigns) campaign.parameters = `utm_source=${campaign.id}`
  const { overrides } = inherited(world)
  expect(granted(await overrides(tokens, world.account, 2))).toHaveLength(2)
  expect(granted(await overrides(tokens, world.account, 10)).map(({ id }) => id)).toEqual(
    world.library.campaigns.map(({ id }) => id),
  )
})
