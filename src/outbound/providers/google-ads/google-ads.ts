import type { AdPlatform } from '../../../domain/ads.ts'
import type { AccountRef, ApiUsage, Asked, Tokens } from '../../../domain/provider.ts'
import { ENDS_BECAUSE, type GoogleConfig, type GoogleDeps, type GoogleScope, googleLogin } from '../google/google-login.ts'
import { readCallback } from '../google/verdicts.ts'
import { reachableAccounts } from './accounts.ts'
import { describeAds } from './ads.ts'
import { type AdsApi, createAdsApi } from './api.ts'
import { COST_REACH, campaignCosts } from './costs.ts'
import { describeAccount } from './describe-account.ts'
import { createdSince } from './new-ads.ts'
import { adsTagging } from './tagging.ts'

/** developers.google.com/google-ads/api/docs/oauth/overview (2026-11) */
export const GOOGLE_ADS_SCOPES: readonly GoogleScope[] = [
  {
    scope: 'https://www.googleapis.com/auth/adwords',
    box: 'See, edit, create, and delete your Google Ads accounts and data',
  },
]

/** Of "Explorer", the smallest access level that reaches real accounts: developers.google.com/google-ads/api/docs/api-policy/access-levels (2026-11) */
const EXPLORER_CALLS = 2_880

export function googleAds(config: GoogleConfig, deps: GoogleDeps): AdPlatform {
  const login = googleLogin('Google Ads', config, GOOGLE_ADS_SCOPES, deps)
  const api = createAdsApi(config.apiUrl, deps.http)
  return {
    name: 'google-ads',
    kind: 'ads',
    label: 'Google Ads',
    client: login.client,
    endsBecause: ENDS_BECAUSE,
    authorizationUrl: login.authorizationUrl,
    readCallback: (error, description) => readCallback('Google Ads', error, description),
    exchangeCode: login.exchangeCode,
    refresh: login.refresh,
    missingScopes: login.missingScopes,
    async identify(tokens) {
      const user = await login.user(tokens)
      if (user.kind !== 'ok') return user
      const accounts = await reachableAccounts(api, tokens)
      return accounts.kind === 'ok' ? { kind: 'ok', value: { ...user.value, accounts: accounts.value } } : accounts
    },
    probe: (tokens, account) => probe(api, tokens, account),
    probeLogin: login.probeLogin,
    dailyCalls: EXPLORER_CALLS,
    costReach: COST_REACH,
    tagging: adsTagging(api),
    describeAccount: (tokens, account) => describeAccount(api, tokens, account),
    costs: (tokens, order) => campaignCosts(api, tokens, order),
    async adsSince(tokens, account, since, take) {
      const created = await createdSince({ api, tokens, account, since, now: deps.clock.now() })
      return created.kind === 'ok' ? describeAds(api, tokens, account, created.value, take) : created
    },
  }
}

/** One operation of the day's quota, and no metrics. The answer tells nothing of what is left of the quota. */
async function probe(api: AdsApi, tokens: Tokens, account: AccountRef): Promise<Asked<ApiUsage | null>> {
  const asked = await api.search(tokens, account, 'SELECT customer.id FROM customer LIMIT 1')
  return asked.kind === 'ok' ? { kind: 'ok', value: null } : asked
}
