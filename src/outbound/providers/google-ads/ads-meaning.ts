import { type Meaning, passes, rejected, wait } from '../meaning.ts'
import { ADS_REFUSALS } from './ads-refusals.ts'
import { REQUEST_REFUSALS } from './request-refusals.ts'

/** Lists of the AdWords API that have another name since. developers.google.com/adwords/api/docs/common-errors (2026-11) */
const OF_OLD: Readonly<Record<string, string>> = { quotaCheckError: 'authorizationError', rateExceededError: 'quotaError' }

/** Codes that are not in the rows: what their list is about. `null`: the status of the answer says more. */
const OF_GROUP: Readonly<Record<string, Meaning | null>> = {
  authenticationError: null,
  authorizationError: null,
  quotaError: wait('Google Ads asks to slow down.'),
  internalError: passes('Google Ads had trouble of its own.'),
}

/** What an error of a GoogleAdsFailure means; `null` for a code that says nothing (UNKNOWN: a newer one than this version has). */
export function adsMeaning(said: string, code: string): Meaning | null {
  const group = OF_OLD[said] ?? said
  const rows = [...ADS_REFUSALS, ...REQUEST_REFUSALS]
  const row = rows.find((one) => [group, 'any'].includes(one.group) && one.codes.includes(code.toUpperCase()))
  if (row) return row.means
  if (['UNSPECIFIED', 'UNKNOWN', '0', '1'].includes(code)) return null
  return group in OF_GROUP ? (OF_GROUP[group] ?? null) : REFUSED
}

const REFUSED = rejected('Google Ads does not accept the request.')
