import type { Account, AccountRef, ApiUsage, Asked, Provider, Tokens, Verdict } from '../../../domain/provider.ts'
import {
  ENDS_BECAUSE,
  type GoogleConfig,
  type GoogleDeps,
  type GoogleScope,
  googleLogin,
  TOKEN_DOMAINS,
} from '../google/google-login.ts'
import { apiReader, readCallback } from '../google/verdicts.ts'
import type { Http } from '../http.ts'
import { asList, asRecord, asText, type JsonRecord } from '../json.ts'
import { lacks } from '../meaning.ts'
import { refusedHost, silenceOf } from '../refusals.ts'
import { allowedOrigin, tokenHosts } from '../token-hosts.ts'

/** v4 ended on 2026-02-26; v5 is the only one (developers.google.com/doubleclick-advertisers/deprecation, read 2026-11-23). */
const API = 'dfareporting/v5'

/** The first reads costs, the second sets what is added to the URLs of ads. developers.google.com/doubleclick-advertisers (2026-11) */
export const CM360_SCOPES: readonly GoogleScope[] = [
  {
    scope: 'https://www.googleapis.com/auth/dfareporting',
    box: 'View and manage DoubleClick for Advertisers reports',
  },
  {
    scope: 'https://www.googleapis.com/auth/dfatrafficking',
    box: "View and manage your DoubleClick Campaign Manager's (DCM) display ad campaigns",
  },
]

const NO_PROFILE = lacks(
  'access_lost',
  'The Google account that logged in has no user profile in this Campaign Manager 360 account any more. An admin of that account has to make or activate one.',
)

/** A profile that is gone is told as something that was not found. */
export const cm360Reader = apiReader(({ kind, code, message }) =>
  /^not_?found$/i.test(code) && kind !== 'ads' && /profile/i.test(message) ? NO_PROFILE : null,
)

export function cm360(config: GoogleConfig, deps: GoogleDeps): Provider {
  const login = googleLogin('Campaign Manager 360', config, CM360_SCOPES, deps)
  const get = caller(config.apiUrl, deps.http)
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
      const accounts = await reachableAccounts(get, tokens)
      return accounts.kind === 'ok' ? { kind: 'ok', value: { ...user.value, accounts: accounts.value } } : accounts
    },
    probe: (tokens, account) => probe(get, tokens, account),
    probeLogin: login.probeLogin,
  }
}

type Get = (tokens: Tokens, path: string) => Promise<Asked<JsonRecord>>

function caller(apiUrl: string, http: Http): Get {
  const hosts = tokenHosts(TOKEN_DOMAINS, apiUrl)
  return async (tokens, path) => {
    const origin = allowedOrigin(hosts, tokens.apiOrigin)
    if (origin === null) return refusedHost('Campaign Manager 360')
    const headers = { authorization: `Bearer ${tokens.accessToken}` }
    const answer = await http.send({ method: 'GET', url: `${origin}/${API}/${path}`, headers })
    if (answer.kind === 'no_answer') return silenceOf('Campaign Manager 360', answer)
    const refusal = answer.json === undefined ? cm360Reader.readRefusal(answer) : cm360Reader.readAnswer(answer)
    return refusal ?? { kind: 'ok', value: asRecord(answer.json) }
  }
}

/**
 * Every profile of the person: `{"items":[{"profileId","accountId","accountName","subAccountId","subAccountName","userName"}]}`, not
 * paged (googleapis, dfareporting v5, userProfiles.list, read 2026-11-24). A profile of a subaccount sees a part of the account.
 */
async function reachableAccounts(get: Get, tokens: Tokens): Promise<Asked<readonly Account[]>> {
  const asked = await get(tokens, 'userprofiles')
  if (asked.kind !== 'ok') return asked
  const byId = new Map<string, Account>()
  for (const account of asList(asked.value.items).flatMap((item) => accountOf(asRecord(item)))) {
    if (!byId.has(account.id)) byId.set(account.id, account)
  }
  return byId.size > 0 ? { kind: 'ok', value: [...byId.values()] } : noProfiles()
}

function accountOf(profile: JsonRecord): Account[] {
  const [via, account, part] = [profile.profileId, profile.accountId, profile.subAccountId].map(idOf)
  if (via == null || account == null) return []
  const names = [profile.accountName, profile.subAccountName].map(asText).filter((name) => name !== null)
  const id = part == null ? account : `${account}/${part}`
  return [{ id, via, name: names.length === 0 ? id : names.join(' / '), environment: 'production' }]
}

/** int64: a text in JSON. `0` is no subaccount. */
function idOf(value: unknown): string | null {
  const id = typeof value === 'number' ? String(value) : asText(value)
  return id === '0' ? null : id
}

/** A real read with the right that downloads of costs need. */
async function probe(get: Get, tokens: Tokens, account: AccountRef): Promise<Asked<ApiUsage | null>> {
  const profile = account.via === null ? await profileOf(get, tokens, account) : { kind: 'ok' as const, value: account.via }
  if (profile.kind !== 'ok') return profile
  const asked = await get(tokens, `userprofiles/${encodeURIComponent(profile.value)}/reports?maxResults=1`)
  return asked.kind === 'ok' ? { kind: 'ok', value: null } : asked
}

async function profileOf(get: Get, tokens: Tokens, { id }: AccountRef): Promise<Asked<string>> {
  const reached = await reachableAccounts(get, tokens)
  if (reached.kind !== 'ok') return reached
  const via = reached.value.find((account) => account.id === id)?.via
  return via == null ? noProfiles() : { kind: 'ok', value: via }
}

function noProfiles(): Verdict {
  return {
    kind: 'permission',
    cause: 'access_lost',
    code: 'no_profiles',
    explanation:
      'The Google account that logged in has no user profile in Campaign Manager 360. An admin of the account there has to make one.',
  }
}
