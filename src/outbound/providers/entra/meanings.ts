import { authorize, lacks, misconfigured, passes } from '../meaning.ts'

/**
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes (2026-11). It warns that numbers may change and that
 * `error` is the contract, so a number says more than `error` only where a row knows it.
 */
export const CODES = 'learn.microsoft.com/entra/identity-platform/reference-error-codes, read 2026-11'

export const EXPIRED = authorize(
  'expired',
  'certain',
  'Microsoft says that the login has expired: it was not used for too long, or the organization allows logins only for a certain time.',
)
export const GONE = authorize(
  'user_inactive',
  'certain',
  'Microsoft says that the user who logged in is disabled or not in this organization any more. Another user has to log in.',
)
export const STRONGER = authorize(
  'login_policy',
  'certain',
  'The organization wants the user to log in again in person, with verification.',
)
export const INTERACTION = authorize('login_policy', 'ambiguous', 'Microsoft wants the user to log in again in person.')
export const PASSWORD = authorize(
  'password_changed',
  'certain',
  'The password of the Microsoft user was changed or has expired. The user has to log in with the new one.',
)
export const CONSENT = authorize(
  'scope_missing',
  'certain',
  'Microsoft says that nobody has allowed the app to use this data, or that the permission was taken back.',
)
export const START_AGAIN = authorize(
  'expired',
  'ambiguous',
  'The login was not completed in time or was used twice. It has to be started again.',
)
export const INVALID = authorize('revoked', 'ambiguous', 'Microsoft does not accept the login any more.')
export const POLICY = lacks(
  'admin_blocked',
  'An access policy of the organization does not let Redkey in for this user. A Microsoft Entra administrator has to allow it (Conditional Access or security settings).',
)
export const ASSIGN = lacks(
  'admin_blocked',
  'This user is not among the people who may use the app. A Microsoft Entra administrator has to assign the user to it (Enterprise applications, Users and groups).',
)
export const ADMIN_CONSENT = lacks(
  'admin_blocked',
  'An administrator of the Microsoft organization has to approve the app (admin consent) before this user can log in with it.',
)
export const SWITCHED_OFF = lacks(
  'admin_blocked',
  'The app or the service behind it is switched off in this Microsoft organization. A Microsoft Entra administrator has to switch it on again.',
)
export const LOCKED = lacks(
  'admin_blocked',
  'Microsoft has locked this user after too many wrong logins, or blocks our address. A Microsoft Entra administrator has to unblock it.',
)
export const OUR_SECRET = misconfigured(
  'Microsoft does not accept the client secret that Redkey uses: it is wrong or has expired. A new one has to be made in the app registration.',
)
export const OUR_APP = misconfigured(
  'Microsoft does not know the app that Redkey uses in this organization: check the client id, the tenant, and that the app is registered there.',
)
export const OUR_REDIRECT = misconfigured(
  "The callback address of Redkey is not among the app registration's redirect URIs of type Web.",
)
export const OUR_REQUEST = misconfigured(
  'Microsoft does not accept the request that Redkey makes: check the client id, the tenant and the permissions of the app registration.',
)
export const TROUBLE = passes('Microsoft had trouble of its own and asks to try again.')
