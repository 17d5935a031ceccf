import type { Connection } from '../connections/connection.ts'
import type { Settings } from '../deps.ts'
import type { Person } from '../slack.ts'

export type Refusal = 'guest' | 'other_company' | 'deactivated' | 'not_in_redkey_admins' | 'not_in_redkey_members'

/** Whom the settings name. */
export type Named = Pick<Settings, 'admins' | 'members'>

/** Guests and people of other companies do nothing; every full member looks, checks and tries rejects again. */
export function whyNotMember(person: Person, teamId: string): Refusal | null {
  if (person.isDeactivated) return 'deactivated'
  if (person.teamId !== null && person.teamId !== teamId && !person.teamIds.includes(teamId)) return 'other_company'
  return person.isGuest ? 'guest' : null
}

/** Reauthorizing is for every full member, unless `REDKEY_MEMBERS` names who. Whoever may change settings because named may this too. */
export function whyNotReauthorize(person: Person, teamId: string, { admins, members }: Named): Refusal | null {
  const refused = whyNotMember(person, teamId)
  if (refused || members.length === 0 || isAmong(person, [...members, ...admins])) return refused
  return 'not_in_redkey_members'
}

/**
 * Adding is for those whom `REDKEY_ADMINS` names. Where it names nobody, for whoever may reauthorize: to add an account that is
 * connected already is to reauthorize it.
 */
export function whyNotAdd(person: Person, teamId: string, named: Named): Refusal | null {
  if (named.admins.length === 0) return whyNotReauthorize(person, teamId, named)
  return whyNotMember(person, teamId) ?? (isAmong(person, named.admins) ? null : 'not_in_redkey_admins')
}

/** Confirming a new CRM, and changing anything of everybody's. */
export function mayChangeSettings(person: Person, teamId: string, { admins }: Pick<Named, 'admins'>): boolean {
  if (whyNotMember(person, teamId)) return false
  return admins.length > 0 ? isAmong(person, admins) : person.isAdmin
}

/** What concerns the workspace as a whole is also for whoever installed the app there; `installedBy` null: it is that of the settings. */
export function whyNotChangeWorkspace(
  person: Person,
  teamId: string,
  installedBy: string | null,
  named: Pick<Named, 'admins'>,
): Refusal | 'not_admin' | null {
  const refused = whyNotMember(person, teamId)
  if (refused || installedBy === person.id || mayChangeSettings(person, teamId, named)) return refused
  return named.admins.length > 0 ? 'not_in_redkey_admins' : 'not_admin'
}

/** What changes one connection, or invites somebody to log in for it, is also for its owner. */
export function whyNotChange(
  person: Person,
  { teamId, ownerId }: Pick<Connection, 'teamId' | 'ownerId'>,
  named: Pick<Named, 'admins'>,
): Refusal | 'not_owner' | null {
  const refused = whyNotMember(person, teamId)
  if (refused || ownerId === person.id || mayChangeSettings(person, teamId, named)) return refused
  return named.admins.length > 0 ? 'not_in_redkey_admins' : 'not_owner'
}

function isAmong(person: Person, ids: readonly string[]): boolean {
  return ids.includes(person.id) || person.groups.some((group) => ids.includes(group))
}
