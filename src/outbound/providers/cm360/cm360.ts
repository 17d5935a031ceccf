import type { AdPlatform } from '../../../domain/ads.ts'
import type { AccountRef, ApiUsage, Asked, Tokens } from '../../../domain/provider.ts'
import { ENDS_BECAUSE, type GoogleConfig, type GoogleDeps, type GoogleScope, googleLogin } from '../google/google-login.ts'
import { readCallback } from '../google/verdicts.ts'
import { asList } from '../json.ts'
import { describeAccount } from './ad-account.ts'
import { adsSince } from './ads.ts'
import { type Cm360Api, createCm360Api } from './api.ts'
import { COST_REACH, costs } from './costs.ts'
import { profileOf, reachableAccounts } from './profiles.ts'
import { createTagging } from './tagging.ts'

const TRAFFICKING = 'https://www.googleapis.com/auth/dfatrafficking'

/** The first reads costs, the second sets what is added to the URLs of ads. developers.google.com/doubleclick-advertisers (2026-11) */
export const CM360_SCOPES: readonly GoogleScope[] = [
  {
    scope: 'https://www.googleapis.com/auth/dfareporting',
    box: 'View and manage DoubleClick for Advertisers reports',
  },
  {
    scope: TRAFFICKING,
    box: "View and manage your DoubleClick Campaign Manager's (DCM) display ad campaigns",
  },
]

/** Of a project in a day, and 60 a minute (developers.google.com/doubleclick-advertisers/quotas, read 2026-11-29). */
const PROJECT_CALLS = 50_000

export function cm360(config: GoogleConfig, deps: GoogleDeps): AdPlatform {
  const login = googleLogin('Campaign Manager 360', config, CM360_SCOPES, deps)
  const api = createCm360Api(config.apiUrl, deps.http)
  return {
    name: 'cm360',
    kind: 'ads',
    label: 'Campaign Manager 360',
    client: login.client,
    endsBecause: ENDS_BECAUSE,
    authorizationUrl: login.authorizationUrl,
    readCallback: (error, description) => readCallback('Campaign Manager 360', error, description),
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
    dailyCalls: PROJECT_CALLS,
    costReach: COST_REACH,
    tagging: createTagging(api),
    describeAccount: (tokens, account) => describeAccount(api, tokens, account),
    costs: (tokens, order) => costs(api, tokens, order),
    adsSince: (tokens, account, since, take) => adsSince(api, tokens, account, since, take),
  }
}

/**
 * A real read with the right that downloads of costs need, and one advertiser: a profile from which the advertisers were taken still
 * may read, and gets nothing (`advertiserFilter` of a profile, googleapis 188.0.0), which must not count as costs of zero.
 */
async function probe(api: Cm360Api, tokens: Tokens, account: AccountRef): Promise<Asked<ApiUsage | null>> {
  const profile = await profileOf(api, tokens, account)
  if (profile.kind !== 'ok') return profile
  const path = `userprofiles/${profile.value}`
  const reports = await api.read(tokens, `${path}/reports`, { maxResults: '1' })
  if (reports.kind !== 'ok') return reports
  if (!tokens.scopes.includes(TRAFFICKING)) return { kind: 'ok', value: null }
  const advertisers = await api.read(tokens, `${path}/advertisers`, { maxResults: '1', fields: 'advertisers/id' })
  if (advertisers.kind !== 'ok') return advertisers
  return asList(advertisers.value.advertisers).length > 0 ? { kind: 'ok', value: null } : NO_ADVERTISERS
}

const NO_ADVERTISERS: Asked<never> = {
  kind: 'permission',
  cause: 'access_lost',
  code: 'no_advertisers',
  explanation:
    'The user profile of the person who logged in sees no advertiser of this Campaign Manager 360 account. An admin of the account there has to give it advertisers.',
}
