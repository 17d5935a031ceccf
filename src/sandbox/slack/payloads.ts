import { replies } from './conversation.ts'
import type { JsonObject } from './json.ts'
import { type Ephemeral, type Message, messageOnWire } from './message.ts'
import type { Channel, Person } from './people.ts'
import { elementsOf, type View, type ViewState, viewOnWire } from './view.ts'
import type { World } from './world.ts'

/** Legacy verification token; apps must check the signature instead. */
const TOKEN = 'sandbox-verification-token'

function team(world: World): JsonObject {
  return { id: world.identity.teamId, domain: world.identity.teamDomain }
}

function userPart(world: World, person: Person): JsonObject {
  return { id: person.id, username: person.name, name: person.name, team_id: person.teamId ?? world.identity.teamId }
}

/** SLACK.md 5.4. Every value is a string: it travels as a form in HTTP mode. */
export function commandPayload(
  world: World,
  from: { person: Person; channel: Channel; text: string; responseUrl: string; triggerId: string },
): JsonObject {
  return {
    token: TOKEN,
    team_id: world.identity.teamId,
    team_domain: world.identity.teamDomain,
    channel_id: from.channel.id,
    channel_name: from.channel.id.startsWith('D') ? 'directmessage' : from.channel.name,
    user_id: from.person.id,
    user_name: from.person.name,
    command: world.identity.commandName,
    text: from.text,
    api_app_id: world.identity.appId,
    is_enterprise_install: 'false',
    response_url: from.responseUrl,
    trigger_id: from.triggerId,
  }
}

/** What was clicked on: a message, somebody's ephemeral message, or a view. */
export type Surroundings =
  | { readonly kind: 'message'; readonly message: Message; readonly channel: Channel; readonly attachmentId: number | null }
  | { readonly kind: 'ephemeral'; readonly ephemeral: Ephemeral; readonly channel: Channel; readonly attachmentId: number | null }
  | { readonly kind: 'view'; readonly view: View; readonly values: ViewState }

/** SLACK.md 5.5. */
export function blockActionsPayload(
  world: World,
  from: {
    person: Person
    around: Surroundings
    action: JsonObject
    values: ViewState
    responseUrl: string | null
    triggerId: string
  },
): JsonObject {
  return {
    type: 'block_actions',
    api_app_id: world.identity.appId,
    token: TOKEN,
    team: team(world),
    enterprise: null,
    is_enterprise_install: false,
    user: userPart(world, from.person),
    ...surroundings(world, from.around),
    ...(from.around.kind === 'view' ? {} : { state: { values: from.values } }),
    trigger_id: from.triggerId,
    ...(from.responseUrl === null ? {} : { response_url: from.responseUrl }),
    actions: [from.action],
  }
}

function surroundings(world: World, around: Surroundings): JsonObject {
  if (around.kind === 'view') {
    return { container: { type: 'view', view_id: around.view.id }, view: viewOnWire(around.view, world.identity, around.values) }
  }
  const isEphemeral = around.kind === 'ephemeral'
  const shown = around.kind === 'ephemeral' ? around.ephemeral : around.message
  return {
    container: {
      type: around.attachmentId === null ? 'message' : 'message_attachment',
      message_ts: shown.ts,
      channel_id: around.channel.id,
      is_ephemeral: isEphemeral,
      ...(around.attachmentId === null ? {} : { attachment_id: around.attachmentId, is_app_unfurl: false }),
      ...(shown.threadTs === null ? {} : { thread_ts: shown.threadTs }),
    },
    channel: { id: around.channel.id, name: around.channel.id.startsWith('D') ? 'directmessage' : around.channel.name },
    // The content of an ephemeral message is not sent back.
    ...(around.kind === 'message' ? { message: clicked(world, around) } : {}),
  }
}

/**
 * A message with replies has its own `ts` as `thread_ts`, as conversations.replies shows it
 * (https://qiita.com/tabimoba/items/70c6fe76b1b5e5c3ea94, read 2026-11-30). @TODO source: that payloads show it, too.
 */
function clicked(world: World, { message, channel }: Extract<Surroundings, { kind: 'message' }>): JsonObject {
  const began = replies(world, channel.id, message.ts).length > 0
  return { ...messageOnWire(message, world.identity), ...(began ? { thread_ts: message.ts } : {}) }
}

/** SLACK.md 5.6. */
export function viewSubmissionPayload(
  world: World,
  person: Person,
  view: View,
  values: ViewState,
  triggerId: string,
): JsonObject {
  return {
    type: 'view_submission',
    team: team(world),
    user: userPart(world, person),
    api_app_id: world.identity.appId,
    token: TOKEN,
    trigger_id: triggerId,
    view: viewOnWire(view, world.identity, values),
    response_urls: [],
    is_enterprise_install: false,
    enterprise: null,
  }
}

export function viewClosedPayload(world: World, person: Person, view: View, isCleared: boolean): JsonObject {
  return {
    type: 'view_closed',
    team: team(world),
    user: userPart(world, person),
    api_app_id: world.identity.appId,
    token: TOKEN,
    view: viewOnWire(view, world.identity),
    is_cleared: isCleared,
    is_enterprise_install: false,
    enterprise: null,
  }
}

/** SLACK.md 5.7: the wrapper that Socket Mode and HTTP share. */
export function eventPayload(world: World, event: JsonObject): JsonObject {
  const { teamId, appId, botUserId } = world.identity
  return {
    token: TOKEN,
    team_id: teamId,
    context_team_id: teamId,
    context_enterprise_id: null,
    api_app_id: appId,
    event,
    type: 'event_callback',
    event_id: world.newId('Ev'),
    event_time: Math.floor(world.now().getTime() / 1000),
    authorizations: [{ enterprise_id: null, team_id: teamId, user_id: botUserId, is_bot: true, is_enterprise_install: false }],
    is_ext_shared_channel: false,
  }
}

/** The one element of `blocks` that a person means; throws when there is none, so that a test says what is missing. */
export function findElement(
  blocks: readonly JsonObject[],
  actionId: string,
  which: { blockId?: string | undefined; value?: string | undefined } = {},
): { blockId: string; element: JsonObject } | undefined {
  return elementsOf(blocks).find(
    ({ blockId, element }) =>
      element.action_id === actionId &&
      (which.blockId === undefined || which.blockId === blockId) &&
      (which.value === undefined || which.value === element.value),
  )
}
