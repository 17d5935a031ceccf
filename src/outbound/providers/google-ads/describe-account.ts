import type { AdAccount } from '../../../domain/ads.ts'
import { isTimeZone } from '../../../domain/local-time.ts'
import type { AccountRef, Asked, Tokens } from '../../../domain/provider.ts'
import { asRecord, asText, type JsonRecord } from '../json.ts'
import type { AdsApi } from './api.ts'
import { unreadableRow } from './take-rows.ts'

export async function describeAccount(api: AdsApi, tokens: Tokens, account: AccountRef): Promise<Asked<AdAccount>> {
  const asked = await readCustomer(api, tokens, account, ['currency_code', 'time_zone'])
  if (asked.kind !== 'ok') return asked
  const [currency, timeZone] = [asText(asked.value.currencyCode), asText(asked.value.timeZone)]
  if (currency === null || timeZone === null || !isTimeZone(timeZone)) return unreadableRow()
  return { kind: 'ok', value: { currency, timeZone } }
}

export async function timeZoneOf(api: AdsApi, tokens: Tokens, account: AccountRef): Promise<Asked<string>> {
  const asked = await describeAccount(api, tokens, account)
  return asked.kind === 'ok' ? { kind: 'ok', value: asked.value.timeZone } : asked
}

/** Fields of customer (developers.google.com/google-ads/api/fields/v26/customer, 2026-11). */
export async function readCustomer(
  api: AdsApi,
  tokens: Tokens,
  account: AccountRef,
  fields: readonly string[],
): Promise<Asked<JsonRecord>> {
  const query = `SELECT ${fields.map((field) => `customer.${field}`).join(', ')} FROM customer LIMIT 1`
  const asked = await api.search(tokens, account, query)
  if (asked.kind !== 'ok') return asked
  const [row] = asked.value
  return row === undefined ? unreadableRow() : { kind: 'ok', value: asRecord(row.customer) }
}
