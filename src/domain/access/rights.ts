import type { Connection } from '../connections/connection.ts'
import type { Settings } from '../deps.ts'
import type { Person } from '../slack.ts'

export type Refusal = 'guest' | 'other_company' | 'deactivated' | 'not_in_redkey_admins'

/** Guests and people of other companies do nothing; every full member looks, checks and reauthorizes. */
export function whyNotMember(person: Person, teamId: string): Refusal | null {
  if (person.isDeactivated) return 'deactivated'
  if (person.teamId !== null && person.teamId !== teamId && !person.teamIds.includes(teamId)) return 'other_company'
  return person.isGuest ? 'guest' : null
}

/** Adding is for every full member, unless `REDKEY_ADMINS` names who. */
export function whyNotAdd(person: Person, teamId: string, settings: Pick<Settings, 'admins'>): Refusal | null {
  const refused = whyNotMember(person, teamId)
  if (refused) return refused
  return settings.admins.length > 0 && !isNamed(person, settings) ? 'not_in_redkey_admins' : null
}

export function mayChangeSettings(person: Person, teamId: string, settings: Pick<Settings, 'admins'>): boolean {
  if (whyNotMember(person, teamId)) return false
  return settings.admins.length > 0 ? isNamed(person, settings) : person.isAdmin
}

/** What concerns one connection is also for its owner. */
export function whyNotChange(
  person: Person,
  { teamId, ownerId }: Pick<Connection, 'teamId' | 'ownerId'>,
  settings: Pick<Settings, 'admins'>,
): Refusal | 'not_owner' | null {
  const refused = whyNotMember(person, teamId)
  if (refused || ownerId === person.id || mayChangeSettings(person, teamId, settings)) return refused
  return settings.admins.length > 0 ? 'not_in_redkey_admins' : 'not_owner'
}

function isNamed(person: Person, { admins }: Pick<Settings, 'admins'>): boolean {
  return admins.includes(person.id) || person.groups.some((group) => admins.includes(group))
}
