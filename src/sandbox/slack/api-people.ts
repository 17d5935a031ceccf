import type { ApiMethod } from './api-method.ts'
import { ApiRefusal, knownPerson, requiredText } from './api-refusal.ts'
import type { JsonObject } from './json.ts'
import { type Person, tzOffsetSeconds } from './people.ts'
import type { World } from './world.ts'

export function peopleMethods(world: World): Record<string, ApiMethod> {
  return {
    'users.info': {
      scope: () => 'users:read',
      run: (args) => {
        const id = requiredText(args, 'user')
        return { user: id === world.identity.botUserId ? botOnWire(world) : personOnWire(world, knownPerson(world, id)) }
      },
    },
    'users.list': {
      scope: () => 'users:read',
      run: () => ({
        members: [...[...world.people.values()].map((person) => personOnWire(world, person)), botOnWire(world)],
        response_metadata: { next_cursor: '' },
      }),
    },
    'usergroups.users.list': {
      scope: () => 'usergroups:read',
      run: (args) => {
        const group = world.groups.find(({ id }) => id === requiredText(args, 'usergroup'))
        if (group === undefined) throw new ApiRefusal('no_such_subteam')
        return { users: group.users.filter((id) => world.people.get(id)?.deleted !== true) }
      },
    },
  }
}

function personOnWire(world: World, person: Person): JsonObject {
  const teamId = person.teamId ?? world.identity.teamId
  const isStranger = teamId !== world.identity.teamId
  const base = {
    id: person.id,
    team_id: teamId,
    name: person.name,
    real_name: person.realName,
    deleted: person.deleted === true,
    is_bot: false,
    is_app_user: false,
    ...(isStranger ? { is_stranger: true } : {}),
    profile: { real_name: person.realName, display_name: person.name, team: teamId },
    updated: 1_700_000_000,
  }
  if (person.deleted === true) return base // Slack leaves time zone and roles out
  return {
    ...base,
    tz: person.tz,
    tz_label: person.tz,
    tz_offset: tzOffsetSeconds(person.tz, world.now()),
    is_admin: person.isAdmin === true || person.isOwner === true,
    is_owner: person.isOwner === true,
    is_primary_owner: false,
    is_restricted: person.isGuest === true,
    is_ultra_restricted: false,
  }
}

function botOnWire(world: World): JsonObject {
  const { botUserId, teamId, appName, appId, botId } = world.identity
  return {
    id: botUserId,
    team_id: teamId,
    name: appName.toLowerCase(),
    real_name: appName,
    deleted: false,
    is_bot: true,
    is_app_user: false,
    profile: { real_name: appName, display_name: appName, api_app_id: appId, bot_id: botId, team: teamId },
  }
}
