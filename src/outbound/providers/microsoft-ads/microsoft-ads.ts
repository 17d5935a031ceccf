import { type Clock, pause } from '../../../clock.ts'
import type { AdPlatform } from '../../../domain/ads.ts'
import { type EntraConfig, entraLogin } from '../entra/login.ts'
import type { Http } from '../http.ts'
import { describeAccount, identify, readAccount } from './accounts.ts'
import { adsSince } from './ads.ts'
import { createApi, LABEL } from './api.ts'
import { bulkFiles } from './bulk-files.ts'
import { COST_REACH, costs } from './costs.ts'
import { tagging } from './tagging.ts'

/** https://learn.microsoft.com/advertising/guides/authentication-oauth-consent (2026-11); `offline_access` gives the refresh token. */
export const MICROSOFT_ADS_SCOPES = ['https://ads.microsoft.com/msads.manage', 'offline_access'] as const

export interface MicrosoftAdsConfig extends EntraConfig {
  /**
   * Still wanted in every call, REST included, whoever logs in ("all API requests must include a valid Microsoft Advertising Developer
   * Token", https://learn.microsoft.com/advertising/guides/authentication-oauth-quick-start, 2026-11).
   */
  readonly developerToken: string
  readonly apiUrl: string | null
}

interface MicrosoftAdsDeps {
  readonly http: Http
  readonly clock: Clock
  /** Between two looks at a file that is being made. */
  readonly wait?: (ms: number) => Promise<void>
}

export function microsoftAds(config: MicrosoftAdsConfig, { http, clock, wait = pause }: MicrosoftAdsDeps): AdPlatform {
  const api = createApi({ http, clock, apiUrl: config.apiUrl, developerToken: config.developerToken })
  const bulk = bulkFiles(api, { clock, wait })
  // Work and personal accounts alike: authentication-oauth-consent (2026-11) says `common`.
  const login = entraLogin(config, {
    http,
    clock,
    label: LABEL,
    scope: MICROSOFT_ADS_SCOPES[0],
    tenant: 'common',
    apiOrigin: api.origin,
  })
  return {
    name: 'microsoft-ads',
    kind: 'ads',
    label: LABEL,
    ...login,
    endsBecause: null,
    costReach: COST_REACH,
    tagging: tagging(api, bulk),
    identify: (tokens) => identify(api, tokens),
    async probe(tokens, account) {
      const found = await readAccount(api, tokens, account)
      return found.kind === 'ok' ? { kind: 'ok', value: null } : found
    },
    async probeLogin(tokens) {
      const user = await api.ask(tokens, 'clientcenter', '/User/Query', { UserId: null })
      return user.kind === 'ok' ? { kind: 'ok', value: null } : user
    },
    describeAccount: (tokens, account) => describeAccount(api, tokens, account),
    costs: (tokens, order) => costs(api, tokens, order),
    adsSince: (tokens, account, since, take) => adsSince(api, bulk, tokens, account, since, clock.now(), take),
  }
}
