import { WebAPIPlatformError, type WebClient } from '@slack/web-api'
import { type Clock, MINUTE_MS, SECOND_MS } from '../../clock.ts'
import type { Person } from '../../domain/slack.ts'
import type { Log } from '../../log.ts'

const KEPT_MS = 5 * MINUTE_MS
const MOST_KEPT = 1000
/** After a failure that will pass. */
const ASK_GROUPS_AGAIN_MS = 15 * SECOND_MS

type SlackUser = NonNullable<Awaited<ReturnType<WebClient['users']['info']>>['user']>

/** What one look-up tells; the groups have their own. */
type Known = Omit<Person, 'groups'>

export type AskPerson = (userId: string) => Promise<Person | undefined>

/**
 * Asks Slack who somebody is, at most every five minutes each. Failures are not kept, except a missing scope. `groupIds` are the
 * user groups whose membership counts.
 */
export function createPeople(client: WebClient, clock: Clock, log: Log, groupIds: readonly string[]): AskPerson {
  const groupsOf = createGroups(client, clock, log, groupIds)
  const kept = new Map<string, { readonly until: number; readonly person: Known | undefined }>()
  const keep = (userId: string, person: Known | undefined) => {
    kept.delete(userId)
    if (kept.size >= MOST_KEPT) for (const oldest of [...kept.keys()].slice(0, 1)) kept.delete(oldest)
    kept.set(userId, { until: clock.now().getTime() + KEPT_MS, person })
  }
  const withGroups = async (person: Known | undefined) => person && { ...person, groups: await groupsOf(person.id) }
  return async (userId) => {
    const known = kept.get(userId)
    if (known !== undefined && known.until > clock.now().getTime()) return withGroups(known.person)
    try {
      const { user } = await client.users.info({ user: userId })
      const person = user === undefined ? undefined : readPerson(userId, user)
      keep(userId, person)
      return await withGroups(person)
    } catch (error) {
      const code = error instanceof WebAPIPlatformError ? error.data.error : 'no_answer'
      log.warn('slack.person_unknown', { userId, code })
      if (code === 'missing_scope') keep(userId, undefined)
      return undefined
    }
  }
}

/** Nobody of this workspace is in it: it can't be read, or it is another workspace's. */
const NO_GROUP = new Set(['missing_scope', 'no_such_subteam'])

/**
 * Needs the optional scope `usergroups:read`; without it nobody is in a group, and the log says so. After any other failure a group
 * stays as it was last read.
 */
function createGroups(client: WebClient, clock: Clock, log: Log, groupIds: readonly string[]) {
  const members = new Map<string, readonly string[]>()
  let until = 0

  /** False when it is worth asking again soon. */
  async function read(groupId: string): Promise<boolean> {
    try {
      members.set(groupId, (await client.usergroups.users.list({ usergroup: groupId })).users ?? [])
      return true
    } catch (error) {
      const code = error instanceof WebAPIPlatformError ? error.data.error : 'no_answer'
      log.warn('slack.group_unreadable', { groupId, code })
      if (!NO_GROUP.has(code)) return false
      members.delete(groupId)
      return true
    }
  }

  return async (userId: string): Promise<string[]> => {
    if (groupIds.length > 0 && clock.now().getTime() >= until) {
      const isRead = await Promise.all(groupIds.map(read))
      until = clock.now().getTime() + (isRead.every(Boolean) ? KEPT_MS : ASK_GROUPS_AGAIN_MS)
    }
    return groupIds.filter((groupId) => members.get(groupId)?.includes(userId))
  }
}

function readPerson(id: string, user: SlackUser): Known {
  return {
    id,
    teamId: user.team_id ?? null,
    teamIds: user.enterprise_user?.teams ?? [],
    name: user.real_name || user.profile?.real_name || user.profile?.display_name || user.name || id,
    isAdmin: user.is_admin === true || user.is_owner === true,
    isGuest: user.is_restricted === true || user.is_ultra_restricted === true || isStranger(user),
    isDeactivated: user.deleted === true,
    timeZone: user.tz ?? null,
  }
}

/** From another company, in a shared channel. The flag is documented and missing in the client's types. */
function isStranger(user: SlackUser): boolean {
  return 'is_stranger' in user && user.is_stranger === true
}
