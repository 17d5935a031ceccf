import type { AdAccount } from '../../../domain/ads.ts'
import type { AccountRef, Asked, Tokens, Verdict } from '../../../domain/provider.ts'
import { asRecord } from '../json.ts'
import { plainText } from '../meaning.ts'
import type { Cm360Api } from './api.ts'
import { idOf, profileOf, wholeAccountId } from './profiles.ts'

/**
 * Accounts name their currency and the zone of their reports by numbers. A subaccount has neither of its own.
 * @TODO source: that a profile of a subaccount may read the account above it, and that media cost is in the account's money: values of
 * conversions are said to be in that of an advertiser, which no answer of the API names.
 */
export async function describeAccount(api: Cm360Api, tokens: Tokens, account: AccountRef): Promise<Asked<AdAccount>> {
  const profile = await profileOf(api, tokens, account)
  if (profile.kind !== 'ok') return profile
  const path = `userprofiles/${profile.value}/accounts/${encodeURIComponent(wholeAccountId(account))}`
  const asked = await api.read(tokens, path, { fields: 'currencyId,reportsConfiguration/reportGenerationTimeZoneId' })
  if (asked.kind !== 'ok') return asked
  const currencyId = idOf(asked.value.currencyId) ?? ''
  const zoneId = idOf(asRecord(asked.value.reportsConfiguration).reportGenerationTimeZoneId) ?? ''
  const [currency, timeZone] = [CURRENCIES[currencyId], TIME_ZONES[zoneId]]
  if (currency === undefined) return unknownNumber('currency', currencyId)
  if (timeZone === undefined) return unknownNumber('time zone', zoneId)
  return { kind: 'ok', value: { currency, timeZone } }
}

/** To guess would be to tell amounts of the wrong money or day. */
function unknownNumber(what: string, number: string): Verdict {
  return {
    kind: 'rejected',
    code: `unknown_${what.replace(' ', '_')}`,
    explanation: `Campaign Manager 360 counts this account in a ${what} that Redkey does not know (number ${plainText(number) || 'not told'}), so its costs can't be read.`,
  }
}

/** `Account.currencyId` (googleapis 188.0.0, dfareporting v5, read 2026-11-29). Those that the euro replaced are among them. */
const CURRENCIES: Readonly<Record<string, string>> = {
  1: 'USD',
  2: 'GBP',
  3: 'ESP',
  4: 'SEK',
  5: 'CAD',
  6: 'JPY',
  7: 'DEM',
  8: 'AUD',
  9: 'FRF',
  10: 'ITL',
  11: 'DKK',
  12: 'NOK',
  13: 'FIM',
  14: 'ZAR',
  15: 'IEP',
  16: 'NLG',
  17: 'EUR',
  18: 'KRW',
  19: 'TWD',
  20: 'SGD',
  21: 'CNY',
  22: 'HKD',
  23: 'NZD',
  24: 'MYR',
  25: 'BRL',
  26: 'PTE',
  28: 'CLP',
  29: 'TRY',
  30: 'ARS',
  31: 'PEN',
  32: 'ILS',
  33: 'CHF',
  34: 'VEF',
  35: 'COP',
  36: 'GTQ',
  37: 'PLN',
  39: 'INR',
  40: 'THB',
  41: 'IDR',
  42: 'CZK',
  43: 'RON',
  44: 'HUF',
  45: 'RUB',
  46: 'AED',
  47: 'BGN',
  48: 'HRK',
  49: 'MXN',
  50: 'NGN',
  51: 'EGP',
}

/** `ReportsConfiguration.reportGenerationTimeZoneId` (googleapis 188.0.0, dfareporting v5, read 2026-11-29). */
const TIME_ZONES: Readonly<Record<string, string>> = {
  1: 'America/New_York',
  2: 'Europe/London',
  3: 'Europe/Paris',
  4: 'Africa/Johannesburg',
  5: 'Asia/Jerusalem',
  6: 'Asia/Shanghai',
  7: 'Asia/Hong_Kong',
  8: 'Asia/Tokyo',
  9: 'Australia/Sydney',
  10: 'Asia/Dubai',
  11: 'America/Los_Angeles',
  12: 'Pacific/Auckland',
  13: 'America/Sao_Paulo',
  16: 'America/Asuncion',
  17: 'America/Chicago',
  18: 'America/Denver',
  19: 'America/St_Johns',
  20: 'Asia/Dhaka',
  21: 'Asia/Jakarta',
  22: 'Asia/Kabul',
  23: 'Asia/Karachi',
  24: 'Asia/Calcutta',
  25: 'Asia/Pyongyang',
  26: 'Asia/Rangoon',
  27: 'Atlantic/Cape_Verde',
  28: 'Atlantic/South_Georgia',
  29: 'Australia/Adelaide',
  30: 'Australia/Lord_Howe',
  31: 'Europe/Moscow',
  32: 'Pacific/Kiritimati',
  35: 'Pacific/Norfolk',
  36: 'Pacific/Tongatapu',
}
