import { createHash } from 'node:crypto'
import { onTestFinished } from 'vitest'
import type { AdPlatform } from '../../../src/domain/ads.ts'
import type { Tokens } from '../../../src/domain/provider.ts'
import { createHttp } from '../../../src/outbound/providers/http.ts'
import { microsoftAds } from '../../../src/outbound/providers/microsoft-ads/microsoft-ads.ts'
import { type FakeMicrosoftAds, startFakeMicrosoftAds } from '../../../src/sandbox/providers/microsoft-ads/fake-microsoft-ads.ts'
import { signIn } from '../../../src/sandbox/providers/sign-in.ts'
import { aClock, type TurnedClock } from '../../outbound/providers/a-server.ts'
import { type AdWorld, granted } from './ads-behaviour.ts'

export const REDIRECT_URI = 'http://localhost:3000/oauth/callback/microsoft-ads'
export const VERIFIER = 'v'.repeat(43)
const MINUTE_MS = 60_000

export interface MicrosoftAdsWorld extends AdWorld {
  readonly fake: FakeMicrosoftAds
  readonly clock: TurnedClock
}

/** The adapter and the fake, which know nothing of each other but what Microsoft's documentation says. Waiting turns the clock. */
export async function aMicrosoft() {
  const clock = aClock()
  const fake = await startFakeMicrosoftAds({
    port: 0,
    clientId: 'client',
    clientSecret: 'secret',
    redirectUris: [REDIRECT_URI],
    now: clock.now,
  })
  const http = createHttp(clock)
  onTestFinished(async () => {
    http.close()
    await fake.close()
  })
  const { env } = fake
  const ads = microsoftAds(
    {
      clientId: env.MICROSOFT_ADS_CLIENT_ID ?? '',
      clientSecret: env.MICROSOFT_ADS_CLIENT_SECRET ?? '',
      developerToken: env.MICROSOFT_ADS_DEVELOPER_TOKEN ?? '',
      loginUrl: env.MICROSOFT_LOGIN_URL ?? '',
      apiUrl: env.MICROSOFT_ADS_API_URL ?? '',
    },
    { http, clock, wait: async (ms) => clock.turn(ms) },
  )
  return { fake, ads, clock }
}

/** Ana, logged in at the fake and connected with Acme Search EU, an hour after its first ads were made. */
export async function aMicrosoftAds(): Promise<MicrosoftAdsWorld> {
  const { fake, ads: platform, clock } = await aMicrosoft()
  clock.turn(60 * MINUTE_MS)
  let tokens = await logIn(platform)
  const eu = fake.account('Acme Search EU')
  return {
    fake,
    clock,
    platform,
    account: { id: eu.id, via: eu.customerId },
    library: fake.library(eu.id),
    async tokens() {
      const left = (tokens.accessExpiresAt?.getTime() ?? 0) - clock.now().getTime()
      if (left < MINUTE_MS) tokens = granted(await platform.refresh(tokens))
      return tokens
    },
    takeAccess: () => void fake.user('ana@acme.example').access.delete(eu.id),
  }
}

async function logIn(platform: AdPlatform): Promise<Tokens> {
  const codeChallenge = createHash('sha256').update(VERIFIER).digest('base64url')
  const username = 'ana@acme.example'
  const url = platform.authorizationUrl({ redirectUri: REDIRECT_URI, state: 's', codeChallenge, loginHint: username })
  const code = new URL(await signIn(url, { org: 'Acme Inc', username })).searchParams.get('code') ?? ''
  return granted(await platform.exchangeCode({ code, codeVerifier: VERIFIER, redirectUri: REDIRECT_URI }))
}
