import { authorize, lacks, misconfigured, passes, rejected, stale, wait } from '../meaning.ts'

export const STALE = stale('The access to Google has ended and is renewed.')
export const MISSING_SCOPE = authorize(
  'scope_missing',
  'certain',
  'The last login did not allow everything that Redkey needs. Log in again and tick every box on the Google page.',
)
export const USER_GONE = authorize(
  'user_inactive',
  'certain',
  'The Google account that logged in was deleted or disabled. Another person has to log in.',
)
export const OUR_PROJECT = misconfigured(
  'The Google Cloud project of the app may not use this API: it is not enabled there, or the project or its billing was stopped.',
)
export const OUR_CREDENTIALS = misconfigured('Google does not accept the kind of access that Redkey shows.')
export const POLICY = lacks(
  'admin_blocked',
  'A policy of the Google Workspace or Cloud organization keeps the app out. An admin of that organization has to allow it.',
)
export const SLOW_DOWN = wait('Google asks to slow down.')
export const REFUSED = rejected('Google does not accept the request.')
export const TROUBLE = passes('Google had trouble of its own.')
export const VERSION = misconfigured('Redkey asks Google for an API version that it does not offer any more.')
export const NO_RIGHT = lacks(
  'role_missing',
  'The person who logged in may not do this. An admin of the account has to give that person a role that may.',
)
export const NO_ACCESS = lacks(
  'access_lost',
  'The person who logged in has no access to this account any more. An admin of the account has to give it back.',
)

/** Reasons that come with the text of a finer one. */
export const COARSE = ['forbidden', 'badRequest', 'invalid', 'notFound']
export const SAYS_PROJECT =
  /has not been used in project|api (is|was) (not enabled|disabled)|it is disabled|project .*(was )?(not found|deleted|suspended)|api key/i
export const SAYS_VERSION =
  /method (doesn't|does not|can't|cannot|could not|not) |target method|version .*(deprecated|sunset|no longer|not supported|unsupported|discontinued)|(deprecated|sunset|discontinued) .*version/i
export const SAYS_QUOTA = /(quota|daily limit|rate limit) (was |has been |is )?exceeded|exceeded .{0,40}(quota|rate limit)/i
