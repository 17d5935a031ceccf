import type { AdAccount } from '../../../domain/ads.ts'
import type { Account, AccountRef, Asked, Identity, Tokens } from '../../../domain/provider.ts'
import { asList, asRecord, asText, type JsonRecord } from '../json.ts'
import { rejected, verdictOf } from '../meaning.ts'
import { type Api, unreadable } from './api.ts'
import { CLOSED_ACCOUNT, NO_ACCOUNT } from './api-refusals.ts'
import { timeZoneOf } from './time-zones.ts'

/** The most of one page of SearchAccounts: https://learn.microsoft.com/advertising/customer-management-service/paging (2026-11). */
const PAGE_SIZE = 1000
/** Nobody's agency is larger; an answer that never ends must. */
const MOST_PAGES = 20

/**
 * GetUser, then SearchAccounts by the user: https://learn.microsoft.com/advertising/guides/get-started#get-ids (2026-11). `via` is the
 * customer that owns the account, "if you manage an account of another customer, you should use that customer ID".
 */
export async function identify(api: Api, tokens: Tokens): Promise<Asked<Identity>> {
  const asked = await api.ask(tokens, 'clientcenter', '/User/Query', { UserId: null })
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
    const asked = await api.ask(tokens, 'clientcenter', '/Accounts/Search', {
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
  const name = nameOf(entry) ?? id
  const environment = new URL(origin).hostname.includes('.sandbox.') ? 'sandbox' : 'production'
  return [{ id, via: idOf(entry.ParentCustomerId), name, environment }]
}

/**
 * GetAccount. A suspended account can be read, one that is inactive was deactivated after 15 months without traffic:
 * https://learn.microsoft.com/advertising/customer-management-service/accountlifecyclestatus (2026-11).
 */
export async function readAccount(api: Api, tokens: Tokens, account: AccountRef): Promise<Asked<JsonRecord>> {
  const asked = await api.ask(tokens, 'clientcenter', '/Account/Query', { AccountId: account.id }, account)
  if (asked.kind !== 'ok') return asked
  const found = asRecord(asRecord(asked.value.json).Account)
  if (idOf(found.Id) !== account.id) return verdictOf(NO_ACCOUNT, 'account_not_returned', null)
  if (found.AccountLifeCycleStatus === 'Inactive') return verdictOf(CLOSED_ACCOUNT, 'account_inactive', null)
  return { kind: 'ok', value: found }
}

export async function describeAccount(api: Api, tokens: Tokens, account: AccountRef): Promise<Asked<AdAccount>> {
  const asked = await readAccount(api, tokens, account)
  if (asked.kind !== 'ok') return asked
  const currency = asText(asked.value.CurrencyCode)
  if (currency === null) return unreadable()
  const zone = timeZoneOf(asText(asked.value.TimeZone))
  return zone ? { kind: 'ok', value: { currency, timeZone: zone.iana } } : unknownTimeZone()
}

export function unknownTimeZone(): Asked<never> {
  return verdictOf(
    rejected('The account has a time zone in Microsoft Advertising that Redkey does not know, so its days can’t be told apart.'),
    'unknown_time_zone',
    null,
  )
}

export function nameOf(account: JsonRecord): string | null {
  return asText(account.Name) ?? asText(account.Number)
}

/** Long values come as numbers or as text ("LongValueHere"); both are exact below 2^53. */
export function idOf(value: unknown): string | null {
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
