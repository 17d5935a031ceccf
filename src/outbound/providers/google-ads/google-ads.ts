import type { AccountRef, ApiUsage, Asked, Provider, Tokens } from '../../../domain/provider.ts'
import { ENDS_BECAUSE, type GoogleConfig, type GoogleDeps, type GoogleScope, googleLogin } from '../google/google-login.ts'
import { readCallback } from '../google/verdicts.ts'
import { reachableAccounts } from './accounts.ts'
import { type AdsApi, createAdsApi } from './api.ts'

/** developers.google.com/google-ads/api/docs/oauth/overview (2026-11) */
export const GOOGLE_ADS_SCOPES: readonly GoogleScope[] = [
  {
    scope: 'https://www.googleapis.com/auth/adwords',
    box: 'See, edit, create, and delete your Google Ads accounts and data',
  },
]

export function googleAds(config: GoogleConfig, deps: GoogleDeps): Provider {
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
  }
}

/** One operation of the day's quota, and no metrics. The answer tells nothing of what is left of the quota. */
async function probe(api: AdsApi, tokens: Tokens, account: AccountRef): Promise<Asked<ApiUsage | null>> {
  const asked = await api.search(tokens, account, 'SELECT customer.id FROM customer LIMIT 1')
  return asked.kind === 'ok' ? { kind: 'ok', value: null } : asked
}
