import type { CrowdedOut } from '../domain/access/crowded-out.ts'
import type { OutageKind } from '../domain/connections/connection.ts'
import type { AuthorizationCause, PermissionCause } from '../domain/provider.ts'

/** What a person can do about a lost authorization, by cause. `{label}` is the provider. */
const AUTHORIZATION_ADVICE: Readonly<Record<AuthorizationCause, string>> = {
  revoked: 'Log in to {label} again to give the access back.',
  expired: 'Log in to {label} again to renew it.',
  password_changed: 'Log in to {label} with the new password.',
  user_inactive: 'The {label} user was deactivated, so somebody else who can use this account has to log in.',
  login_policy: 'Log in to {label} again; it may ask for a second factor or for consent.',
  scope_missing: 'Log in to {label} again and allow everything that Redkey asks for.',
}

const PERMISSION_ADVICE: Readonly<Record<PermissionCause, string>> = {
  access_lost: 'An admin of this {label} account gives that user access to it again.',
  admin_blocked: 'An admin of {label} allows the Redkey app there.',
  role_missing: 'An admin of {label} gives that user the missing right.',
}

const CAUSES: Readonly<Record<AuthorizationCause | PermissionCause, string>> = {
  revoked: 'access was revoked',
  expired: 'the login has expired',
  password_changed: 'the password was changed',
  user_inactive: 'the user was deactivated',
  login_policy: 'a login rule changed',
  scope_missing: 'a permission of the login is missing',
  access_lost: 'the user lost access',
  admin_blocked: 'an admin blocked the app',
  role_missing: 'the user lacks a right',
}

/** Why it broke, in a few words, for lists. */
export function causeWords(kind: OutageKind, cause: string): string {
  return known(CAUSES, cause) ?? (kind === 'authorization' ? 'the login is refused' : 'a right is missing')
}

export function authorizationAdvice(cause: string, label: string): string {
  return fill(known(AUTHORIZATION_ADVICE, cause) ?? 'Log in to {label} again.', label)
}

export function permissionAdvice(cause: string, label: string): string {
  return fill(known(PERMISSION_ADVICE, cause) ?? 'An admin of {label} gives that user the missing right.', label)
}

/** Said of a login that newer ones of the same user may have ended. Nobody tells, so it is a guess. */
export function crowdedOutWords(crowded: CrowdedOut | null, label: string): string {
  if (crowded === null) return ''
  const { kept, because, count } = crowded
  const signs = {
    approvals: `this user let the Redkey app in ${count} times within 90 days`,
    grants: `${count} logins of this user are stored in Redkey`,
    losses: `this login was lost and renewed ${count} times within 90 days`,
  }
  return (
    `This *may* be a limit of ${label}: it keeps ${kept} logins of one user to one app, and a further one ends the oldest without a word; ${signs[because]}. ` +
    'Test logins and other Redkeys with the same client id count as well. If it happens again, give each of them a user or an app of its own.'
  )
}

function known(table: Readonly<Record<string, string>>, cause: string): string | undefined {
  return Object.hasOwn(table, cause) ? table[cause] : undefined
}

function fill(text: string, label: string): string {
  return text.replaceAll('{label}', label)
}
