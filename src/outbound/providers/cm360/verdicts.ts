import { SAYS_PROJECT, SAYS_QUOTA, SAYS_VERSION } from '../google/meanings.ts'
import type { Said } from '../google/said.ts'
import { apiReader } from '../google/verdicts.ts'
import { lacks, type Meaning } from '../meaning.ts'

const NO_PROFILE = lacks(
  'access_lost',
  'The Google account that logged in has no user profile in this Campaign Manager 360 account any more. An admin of that account has to make or activate one.',
)

const MAY_NOT_TRAFFIC = lacks(
  'role_missing',
  'The user role that the person who logged in has in Campaign Manager 360 does not allow this. An admin of the account there has to give that role the right to see and edit advertisers, campaigns and ads.',
)

/** Of profiles and reports. */
export const cm360Reader = apiReader(noProfile)

/** Of accounts, advertisers, campaigns and ads: a refusal that the probe does not share is about a right, and not about the account. */
export const traffickingReader = apiReader((said) => noProfile(said) ?? missingRight(said))

/** A profile that is gone is told as something that was not found. */
function noProfile({ kind, code, message }: Said): Meaning | null {
  return /^not_?found$/i.test(code) && kind !== 'ads' && /profile/i.test(message) ? NO_PROFILE : null
}

/** @TODO source: which words Campaign Manager 360 has for a right that a user role lacks; those of reports are taken for all. */
function missingRight({ kind, code, message }: Said): Meaning | null {
  if ([SAYS_QUOTA, SAYS_PROJECT, SAYS_VERSION, /authentication scopes/i].some((words) => words.test(message))) return null
  const isForbidden =
    kind === 'legacy' ? /^(forbidden|notAuthorized|accessDenied)$/i.test(code) : kind === 'status' && code === 'PERMISSION_DENIED'
  return isForbidden ? MAY_NOT_TRAFFIC : null
}
