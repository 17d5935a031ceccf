import type { Clock } from '../../../clock.ts'
import type { Account, AccountRef, Asked, Identity, Provider, Tokens } from '../../../domain/provider.ts'
import { type EntraConfig, entraLogin } from '../entra/login.ts'
import type { Http } from '../http.ts'
import { asList, asRecord, asText, type JsonRecord } from '../json.ts'
import { verdictOf } from '../meaning.ts'
import { type Api, createApi, LABEL } from './api.ts'
import { CLOSED_ACCOUNT, NO_ACCOUNT } from './api-refusals.ts'

/** https://learn.microsoft.com/advertising/guides/authentication-oauth-consent (2026-11); `offline_access` gives the refresh token. */
export const MICROSOFT_ADS_SCOPES = ['https://ads.microsoft.com/msads.manage', 'offline_access'] as const

/** The most of one page of SearchAccounts: https://learn.microsoft.com/advertising/customer-management-service/paging (2026-11). */
const PAGE_SIZE = 1000
/** Nobody's agency is larger; an answer that never ends must. */
const MOST_PAGES = 20

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
}

export function microsoftAds(config: MicrosoftAdsConfig, { http, clock }: MicrosoftAdsDeps): Provider {
  const api = createApi({ http, clock, apiUrl: config.apiUrl, developerToken: config.developerToken })
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
    identify: (tokens) => identify(api, tokens),
    probe: (tokens, account) => probe(api, tokens, account),
    async probeLogin(tokens) {
      const user = await api.ask(tokens, '/User/Query', { UserId: null })
      return user.kind === 'ok' ? { kind: 'ok', value: null } : user
    },
  }
}

/**
 * GetUser, then SearchAccounts by the user: https://learn.microsoft.com/advertising/guides/get-started#get-ids (2026-11). `via` is the
 * customer that owns the account, "if you manage an account of another customer, you should use that customer ID".
 */
async function identify(api: Api, tokens: Tokens): Promise<Asked<Identity>> {
  const asked = await api.ask(tokens, '/User/Query', { UserId: null })
  if (asked.kind !== 'ok') return asked
  const user = asRecord(asRecord(asked.value.json).User)
  const userId = idOf(user.Id)
  if (userId === null) return unreadableIdentity()
  const accounts = await accountsOf(api, tokens, userId)
  if (accounts.kind !== 'ok') return accounts
  if (accounts.value.length === 0) return verdictOf(NO_ACCOUNT, 'no_accounts', null)
  return { kind: 'ok', value: { userId, username: asText(user.UserName) ?? userId, accounts: accounts.value } }
}

async function accountsOf(api: Api, tokens: Tokens, userId: string): Promise<Asked<readonly Account[]>> {
  const found = new Map<string, Account>()
  for (let index = 0; index < MOST_PAGES; index++) {
    const asked = await api.ask(tokens, '/Accounts/Search', {
      Predicates: [{ Field: 'UserId', Operator: 'Equals', Value: userId }],
      PageInfo: { Index: index, Size: PAGE_SIZE },
    })
    if (asked.kind !== 'ok') return asked
    const page = asList(asRecord(asked.value.json).Accounts)
    for (const account of page.flatMap((entry) => accountOf(asRecord(entry), api.origin))) found.set(account.id, account)
    if (page.length < PAGE_SIZE) break
  }
  return { kind: 'ok', value: [...found.values()] }
}

function accountOf(entry: JsonRecord, origin: string): readonly Account[] {
  const id = idOf(entry.Id)
  if (id === null) return []
  const name = asText(entry.Name) ?? asText(entry.Number) ?? id
  const environment = new URL(origin).hostname.includes('.sandbox.') ? 'sandbox' : 'production'
  return [{ id, via: idOf(entry.ParentCustomerId), name, environment }]
}

/**
 * GetAccount. A suspended account can be read, one that is inactive was deactivated after 15 months without traffic:
 * https://learn.microsoft.com/advertising/customer-management-service/accountlifecyclestatus (2026-11).
 */
async function probe(api: Api, tokens: Tokens, account: AccountRef): Promise<Asked<null>> {
  const asked = await api.ask(tokens, '/Account/Query', { AccountId: account.id }, account)
  if (asked.kind !== 'ok') return asked
  const found = asRecord(asRecord(asked.value.json).Account)
  if (idOf(found.Id) !== account.id) return verdictOf(NO_ACCOUNT, 'account_not_returned', null)
  if (found.AccountLifeCycleStatus === 'Inactive') return verdictOf(CLOSED_ACCOUNT, 'account_inactive', null)
  return { kind: 'ok', value: null }
}

/** Long values come as numbers or as text ("LongValueHere"); both are exact below 2^53. */
function idOf(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? String(value) : null
  return asText(value)
}

function unreadableIdentity(): Asked<never> {
  return {
    kind: 'transient',
    retryAfterMs: null,
    code: 'unreadable_identity',
    explanation: 'Microsoft Advertising did not say who logged in.',
  }
}
