import type { AdAccount } from '../../../domain/ads.ts'
import { isTimeZone } from '../../../domain/local-time.ts'
import type { Account, AccountRef, Asked, Identity, Tokens } from '../../../domain/provider.ts'
import { asRecord, asText, type JsonRecord } from '../json.ts'
import { lacks, verdictOf } from '../meaning.ts'
import { type Graph, unreadable } from './graph.ts'

/**
 * `account_status` of an ad account where it is not simply active: what is put behind the name, and whether the account is over.
 * https://developers.facebook.com/docs/marketing-api/reference/ad-account (2026-11)
 */
const STATUSES: ReadonlyMap<number, { readonly words: string; readonly isOver?: true }> = new Map([
  [2, { words: 'disabled by Meta', isOver: true }],
  [3, { words: 'payment is due' }],
  [7, { words: 'in review' }],
  [8, { words: 'payment is pending' }],
  [9, { words: 'payment is due' }],
  [100, { words: 'being closed' }],
  [101, { words: 'closed', isOver: true }],
  [202, { words: 'closed', isOver: true }],
] as const)

const FIELDS = 'id,account_id,name,account_status,disable_reason,currency,timezone_name'

/** Who logged in, and the ad accounts that this person reaches, also through a business. */
export async function identify(graph: Graph, tokens: Tokens): Promise<Asked<Identity>> {
  const me = await graph.get(tokens, '/me', { fields: 'id,name' })
  if (me.kind !== 'ok') return me
  const userId = asText(me.value.id)
  if (userId === null) return unreadable()
  const listed = await graph.list(tokens, '/me/adaccounts', { fields: FIELDS, limit: '200' })
  if (listed.kind !== 'ok') return listed
  const accounts = listed.value.map(accountOf).filter((account) => account !== null)
  if (accounts.length === 0) return verdictOf(NO_ACCOUNTS, 'no_ad_accounts', null)
  return { kind: 'ok', value: { userId, username: asText(me.value.name) ?? userId, accounts } }
}

const NO_ACCOUNTS = lacks(
  'access_lost',
  'This Facebook user reaches no ad account. An admin of the ad account has to give the user access in Meta Business settings.',
)

function accountOf(row: JsonRecord): Account | null {
  const id = idOf(row)
  if (id === null) return null
  const status = statusOf(row)
  const name = asText(row.name) ?? id
  return { id, via: null, name: status ? `${name} (${status.words})` : name, environment: 'production' }
}

/** `act_123`, which calls need; `account_id` is the same without `act_`. */
function idOf({ id, account_id }: JsonRecord): string | null {
  const text = asText(id) ?? (asText(account_id) && `act_${account_id}`)
  return text === null ? null : text.startsWith('act_') ? text : `act_${text}`
}

function statusOf(row: JsonRecord) {
  return STATUSES.get(Number(row.account_status))
}

/** Reads the one account. What Meta has disabled or closed still answers, but brings no new costs. */
export async function readAccount(graph: Graph, tokens: Tokens, { id }: AccountRef): Promise<Asked<null>> {
  const asked = await graph.get(tokens, `/${encodeURIComponent(id)}`, { fields: FIELDS })
  if (asked.kind !== 'ok') return asked
  const row = asRecord(asked.value)
  if (idOf(row) !== id) return unreadable()
  const status = statusOf(row)
  if (status?.isOver !== true) return { kind: 'ok', value: null }
  const said = `The ad account is ${status.words}. An admin of the ad account finds the reason in Account Quality at facebook.com.`
  return verdictOf(lacks('access_lost', said), `account_status_${row.account_status}`, null)
}

/** Money and days of an account; its time zone is an IANA name. */
export async function describeAccount(graph: Graph, tokens: Tokens, { id }: AccountRef): Promise<Asked<AdAccount>> {
  const asked = await graph.get(tokens, `/${encodeURIComponent(id)}`, { fields: FIELDS })
  if (asked.kind !== 'ok') return asked
  const [currency, timeZone] = [asText(asked.value.currency), asText(asked.value.timezone_name)]
  if (idOf(asked.value) !== id || currency === null || timeZone === null || !isTimeZone(timeZone)) return unreadable()
  return { kind: 'ok', value: { currency, timeZone } }
}
