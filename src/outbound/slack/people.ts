import { WebAPIPlatformError, type WebClient } from '@slack/web-api'
import { type Clock, MINUTE_MS } from '../../clock.ts'
import type { Person } from '../../domain/slack.ts'
import type { Log } from '../../log.ts'

const KEPT_MS = 5 * MINUTE_MS
const MOST_KEPT = 1000

type SlackUser = NonNullable<Awaited<ReturnType<WebClient['users']['info']>>['user']>

export type AskPerson = (userId: string) => Promise<Person | undefined>

/**
 * Asks Slack who somebody is, at most every five minutes each. Failures are not kept, except a missing scope. `groupIds` are the
 * user groups whose membership counts.
 */
export function createPeople(client: WebClient, clock: Clock, log: Log, groupIds: readonly string[]): AskPerson {
  const groupsOf = createGroups(client, clock, log, groupIds)
  const kept = new Map<string, { readonly until: number; readonly person: Person | undefined }>()
  const keep = (userId: string, person: Person | undefined) => {
    kept.delete(userId)
    if (kept.size >= MOST_KEPT) for (const oldest of [...kept.keys()].slice(0, 1)) kept.delete(oldest)
    kept.set(userId, { until: clock.now().getTime() + KEPT_MS, person })
  }
  return async (userId) => {
    const known = kept.get(userId)
    if (known !== undefined && known.until > clock.now().getTime()) return known.person
    try {
      const { user } = await client.users.info({ user: userId })
      const person = user === undefined ? undefined : readPerson(userId, user, await groupsOf(userId))
      keep(userId, person)
      return person
    } catch (error) {
      const code = error instanceof WebAPIPlatformError ? error.data.error : 'no_answer'
      log.warn('slack.person_unknown', { userId, code })
      if (code === 'missing_scope') keep(userId, undefined)
      return undefined
    }
  }
}

/** Needs the optional scope `usergroups:read`; without it nobody is in a group, and the log says so. */
function createGroups(client: WebClient, clock: Clock, log: Log, groupIds: readonly string[]) {
  let members = new Map<string, readonly string[]>()
  let until = 0

  async function read(groupId: string): Promise<[string, readonly string[]]> {
    try {
      return [groupId, (await client.usergroups.users.list({ usergroup: groupId })).users ?? []]
    } catch (error) {
      log.warn('slack.group_unreadable', { groupId, code: error instanceof WebAPIPlatformError ? error.data.error : 'no_answer' })
      return [groupId, []]
    }
  }

  return async (userId: string): Promise<string[]> => {
    if (groupIds.length > 0 && clock.now().getTime() >= until) {
      members = new Map(await Promise.all(groupIds.map(read)))
      until = clock.now().getTime() + KEPT_MS
    }
    return groupIds.filter((groupId) => members.get(groupId)?.includes(userId))
  }
}

function readPerson(id: string, user: SlackUser, groups: readonly string[]): Person {
  return {
    id,
    teamId: user.team_id ?? null,
    name: user.profile?.display_name || user.real_name || user.name || id,
    isAdmin: user.is_admin === true || user.is_owner === true,
    isGuest: user.is_restricted === true || user.is_ultra_restricted === true || isStranger(user),
    isDeactivated: user.deleted === true,
    timeZone: user.tz ?? null,
    groups,
  }
}

/** From another company, in a shared channel. The flag is documented and missing in the client's types. */
function isStranger(user: SlackUser): boolean {
  return 'is_stranger' in user && user.is_stranger === true
}
