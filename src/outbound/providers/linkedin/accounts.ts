import type { AdAccount } from '../../../domain/ads.ts'
import type { Account, AccountRef, Asked, Identity, Tokens } from '../../../domain/provider.ts'
import { asList, asRecord, asText, type JsonRecord } from '../json.ts'
import { lacks, verdictOf } from '../meaning.ts'
import type { Api } from './api.ts'
import { idOf } from './restli.ts'
import { unreadable } from './verdicts.ts'

const PAGE_SIZE = 500
const MAX_PAGES = 50

/**
 * Who logged in by OpenID Connect, and the ad accounts in which that member has a role. LinkedIn answers an empty list to who has none.
 * https://learn.microsoft.com/linkedin/consumer/integrations/self-serve/sign-in-with-linkedin-v2,
 * …/linkedin/marketing/integrations/ads/account-structure/create-and-manage-accounts (2026-11)
 */
export async function identify(api: Api, tokens: Tokens): Promise<Asked<Identity>> {
  const user = await api.get(tokens, '/v2/userinfo')
  if (user.kind !== 'ok') return user
  const userId = asText(user.value.sub)
  if (userId === null) return unreadable()
  const listed = await listAccounts(api, tokens)
  if (listed.kind !== 'ok') return listed
  if (listed.value.length === 0) return verdictOf(NO_ACCOUNTS, 'no_ad_accounts', null)
  return { kind: 'ok', value: { userId, username: asText(user.value.name) ?? userId, accounts: listed.value } }
}

const NO_ACCOUNTS = lacks(
  'access_lost',
  'This LinkedIn member has a role in no ad account. Somebody who manages the ad account has to add the member in Campaign Manager.',
)

async function listAccounts(api: Api, tokens: Tokens): Promise<Asked<readonly Account[]>> {
  const accounts: Account[] = []
  let pageToken = ''
  for (let page = 0; page < MAX_PAGES; page++) {
    const next = pageToken === '' ? '' : `&pageToken=${encodeURIComponent(pageToken)}`
    const asked = await api.get(tokens, `/rest/adAccounts?q=search&pageSize=${PAGE_SIZE}${next}`)
    if (asked.kind !== 'ok') return asked
    if (!Array.isArray(asked.value.elements)) return unreadable()
    accounts.push(...asked.value.elements.map((row) => accountOf(asRecord(row))).filter((account) => account !== null))
    pageToken = asText(asRecord(asked.value.metadata).nextPageToken) ?? ''
    if (pageToken === '') break
  }
  return { kind: 'ok', value: accounts }
}

/** `CANCELED` is closed for good; `DRAFT` waits for its first payment. `test` accounts show no ads to anybody. */
const STATUSES: ReadonlyMap<string, { readonly words: string; readonly isOver?: true }> = new Map([
  ['CANCELED', { words: 'closed', isOver: true }],
  ['PENDING_DELETION', { words: 'being deleted', isOver: true }],
  ['REMOVED', { words: 'deleted', isOver: true }],
  ['DRAFT', { words: 'draft' }],
] as const)

function accountOf(row: JsonRecord): Account | null {
  const id = idOf('sponsoredAccount', row.id)
  if (id === null) return null
  const status = STATUSES.get(asText(row.status) ?? '')
  const name = asText(row.name) ?? id
  return {
    id,
    via: null,
    name: status ? `${name} (${status.words})` : name,
    environment: row.test === true ? 'sandbox' : 'production',
  }
}

/**
 * Reads the one account. Reports of LinkedIn are empty for who may not read them, so they prove nothing; an account that can't be
 * seen is refused or not found, and where it is neither, the member's own roles tell.
 */
export async function readAccount(api: Api, tokens: Tokens, { id }: AccountRef): Promise<Asked<null>> {
  const asked = await askForAccount(api, tokens, id)
  if (asked.kind === 'rejected') return hasRole(api, tokens, id)
  if (asked.kind !== 'ok') return asked
  if (idOf('sponsoredAccount', asked.value.id) !== id) return hasRole(api, tokens, id)
  const status = STATUSES.get(asText(asked.value.status) ?? '')
  if (status?.isOver !== true) return { kind: 'ok', value: null }
  return verdictOf(
    lacks('access_lost', `The LinkedIn ad account is ${status.words}. Somebody who manages it sees more in Campaign Manager.`),
    'account_over',
    null,
  )
}

/**
 * Reports count days in UTC, whatever the account says elsewhere: tongyujellyfish/linkedin_connector (2026-11).
 * @TODO source of LinkedIn's own.
 */
export async function describeAccount(api: Api, tokens: Tokens, { id }: AccountRef): Promise<Asked<AdAccount>> {
  const asked = await askForAccount(api, tokens, id)
  if (asked.kind !== 'ok') return asked
  const currency = asText(asked.value.currency)
  return currency === null ? unreadable() : { kind: 'ok', value: { currency, timeZone: 'UTC' } }
}

export async function accountName(api: Api, tokens: Tokens, { id }: AccountRef): Promise<Asked<string>> {
  const asked = await askForAccount(api, tokens, id)
  return asked.kind === 'ok' ? { kind: 'ok', value: asText(asked.value.name) ?? id } : asked
}

function askForAccount(api: Api, tokens: Tokens, id: string): Promise<Asked<JsonRecord>> {
  return api.get(tokens, `/rest/adAccounts/${encodeURIComponent(id)}`)
}

/** https://learn.microsoft.com/linkedin/marketing/integrations/ads/account-structure/create-and-manage-account-users (2026-11) */
async function hasRole(api: Api, tokens: Tokens, id: string): Promise<Asked<null>> {
  for (let page = 0; page < MAX_PAGES; page++) {
    const asked = await api.get(tokens, `/rest/adAccountUsers?q=authenticatedUser&start=${page * PAGE_SIZE}&count=${PAGE_SIZE}`)
    if (asked.kind !== 'ok') return asked
    if (!Array.isArray(asked.value.elements)) return unreadable()
    const rows = asList(asked.value.elements)
    if (rows.some((row) => asRecord(row).account === `urn:li:sponsoredAccount:${id}`)) return { kind: 'ok', value: null }
    if (rows.length < PAGE_SIZE) break
  }
  return verdictOf(ROLE_LOST, 'no_role', null)
}

const ROLE_LOST = lacks(
  'access_lost',
  'This LinkedIn member has no role in the ad account any more. Somebody who manages it has to add the member in Campaign Manager.',
)
