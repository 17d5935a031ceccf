import { openDirect } from './api-refusal.ts'
import { addMessage, findMessage } from './conversation.ts'
import type { Delivery, Receipt } from './delivery.ts'
import type { FormValues } from './form-values.ts'
import { readForm, stateOf } from './form-values.ts'
import { isObject, type JsonObject, objectList, textField } from './json.ts'
import type { Ephemeral, Message } from './message.ts'
import { blockActionsPayload, commandPayload, findElement, type Surroundings } from './payloads.ts'
import type { Channel, Person } from './people.ts'
import { type ResponseUrls, respond } from './response-url.ts'
import type { Triggers } from './triggers.ts'
import { type ViewState, viewOnWire } from './view.ts'
import type { World } from './world.ts'

/** What the person sees as soon as the app has answered, or has not. */
export interface Seen {
  readonly acked: boolean
  /** What came with the ack: text or an object, usually nothing. */
  readonly ackBody: unknown
  /** Ephemeral messages that this person got between the action and the ack. */
  readonly ephemerals: readonly Ephemeral[]
  /** `operation_timeout`, `dispatch_failed`, `http_service_error`, or Slack's refusal of what the ack asked for. */
  readonly error: string | null
  /** The address that the browser opens: a button with `url`. */
  readonly opened: string | null
}

/** Where the button is. `home` and `view` mean what is open for the person now. */
export type ClickTarget = { readonly channel: string; readonly ts: string } | 'home' | 'view'

export interface ClickChoice {
  /** When the same action id occurs in several blocks: the one in this block… */
  readonly blockId?: string
  /** …or the button with this value. */
  readonly value?: string
  /** For selects, checkboxes and the like: the values or ids chosen. */
  readonly selected?: readonly string[]
  /** What else has been filled in on the view. */
  readonly form?: FormValues
}

export interface InteractionDeps {
  readonly world: World
  readonly delivery: Delivery
  readonly triggers: Triggers
  readonly responseUrls: ResponseUrls
  /** `http://127.0.0.1:port` */
  readonly url: () => string
}

/** The person types the command in a channel. `text` is what follows the command's name. */
export async function sendCommand(deps: InteractionDeps, userId: string, channelId: string, text: string): Promise<Seen> {
  const { world } = deps
  const person = activePerson(world, userId)
  const channel = knownChannel(world, channelId)
  const origin = { user: person.id, channel: channel.id, threadTs: null, messageTs: null }
  const watch = watchEphemerals(world, person.id)
  const receipt = await deps.delivery.send({
    type: 'slash_commands',
    payload: commandPayload(world, {
      person,
      channel,
      text: escapeMentions(world, text),
      responseUrl: deps.url() + deps.responseUrls.issue('commands', origin),
      triggerId: deps.triggers.issue(person.id, channel.id),
    }),
  })
  if (receipt.kind === 'failed') return { ...watch(receipt), opened: null }
  const payload = typeof receipt.body === 'string' ? { text: receipt.body } : receipt.body
  const refusal = isObject(payload) && Object.keys(payload).length > 0 ? tryRespond(world, origin, payload) : null
  return { ...watch(receipt, refusal), opened: null }
}

/** The person clicks (confirming where that is asked for). A button with `url` sends a payload as well. */
export async function sendClick(
  deps: InteractionDeps,
  userId: string,
  target: ClickTarget,
  actionId: string,
  choice: ClickChoice = {},
): Promise<Seen> {
  const { world } = deps
  const person = activePerson(world, userId)
  const { around, blockId, element } = locate(world, person, target, actionId, choice)
  const state = stateOf(element, choice.selected ?? [])
  const values: ViewState = element.type === 'button' ? {} : { [blockId]: { [actionId]: state } }
  const channel = around.kind === 'view' ? around.view.channel : around.channel.id
  const watch = watchEphemerals(world, person.id)
  const receipt = await deps.delivery.send({
    type: 'interactive',
    payload: blockActionsPayload(world, {
      person,
      around: around.kind === 'view' ? { ...around, values: { ...around.values, ...values } } : around,
      action: actionOf(world, element, blockId, state),
      values,
      responseUrl: around.kind === 'view' ? null : deps.url() + deps.responseUrls.issue('actions', originOf(person, around)),
      triggerId: deps.triggers.issue(person.id, channel),
    }),
  })
  return { ...watch(receipt), opened: textField(element, 'url') ?? null }
}

/** The person writes a plain message. */
export function sendMessage(world: World, userId: string, channelId: string, text: string, threadTs?: string): Message {
  const person = activePerson(world, userId)
  const channel = knownChannel(world, channelId)
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const content = { text: escapeMentions(world, escaped), blocks: [], attachments: [] }
  return addMessage(world, { ...content, channel: channel.id, user: person.id, byBot: false, threadTs })
}

export function activePerson(world: World, userId: string): Person {
  const person = world.people.get(userId)
  if (person === undefined) throw new Error(`The sandbox has no person ${userId}`)
  if (person.deleted === true) throw new Error(`${person.realName} is deactivated and can do nothing`)
  return person
}

/** Notes which ephemeral messages the person has; the returned function tells what came since. */
export function watchEphemerals(
  world: World,
  userId: string,
): (receipt: Receipt, refusal?: string | null) => Omit<Seen, 'opened'> {
  const before = new Set(world.ephemerals)
  return (receipt, refusal = null) => ({
    acked: receipt.kind === 'acked',
    ackBody: receipt.kind === 'acked' ? receipt.body : undefined,
    ephemerals: world.ephemerals.filter((ephemeral) => ephemeral.user === userId && !before.has(ephemeral)),
    error: receipt.kind === 'failed' ? receipt.error : refusal,
  })
}

function tryRespond(world: World, origin: Parameters<typeof respond>[1], payload: JsonObject): string | null {
  try {
    respond(world, origin, payload)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function knownChannel(world: World, channelId: string): Channel {
  const channel = world.channels.get(channelId)
  if (channel === undefined) throw new Error(`The sandbox has no channel ${channelId}`)
  return channel
}

function locate(world: World, person: Person, target: ClickTarget, actionId: string, choice: ClickChoice) {
  const around =
    target === 'home' || target === 'view' ? openView(world, person, target, choice) : shownMessage(world, person, target)
  const content = around.kind === 'view' ? around.view : around.kind === 'message' ? around.message : around.ephemeral
  const own = findElement(content.blocks, actionId, choice)
  if (own !== undefined) return { around, ...own }
  if (around.kind !== 'view') {
    for (const attachment of objectList('attachments' in content ? content.attachments : [])) {
      const found = findElement(objectList(attachment.blocks), actionId, choice)
      if (found !== undefined) return { around: { ...around, attachmentId: Number(attachment.id) }, ...found }
    }
  }
  throw new Error(`There is nothing with the action id ${actionId} to click there`)
}

function openView(world: World, person: Person, target: 'home' | 'view', choice: ClickChoice): Surroundings {
  const view = target === 'home' ? world.homes.get(person.id) : world.views.get(person.id)?.at(-1)
  if (view === undefined) throw new Error(`${person.realName} has no ${target === 'home' ? 'Home tab' : 'modal'} open`)
  return { kind: 'view', view, values: readForm(view.blocks, choice.form ?? {}, view.channel) }
}

function shownMessage(world: World, person: Person, target: { channel: string; ts: string }): Surroundings {
  const channel = knownChannel(world, target.channel)
  const message = findMessage(world, channel.id, target.ts)
  if (message !== undefined) return { kind: 'message', message, channel, attachmentId: null }
  const ephemeral = world.ephemerals.find(({ ts, user }) => ts === target.ts && user === person.id)
  if (ephemeral === undefined) throw new Error(`${person.realName} sees no message ${target.ts} in ${channel.name}`)
  return { kind: 'ephemeral', ephemeral, channel, attachmentId: null }
}

function originOf(person: Person, around: Exclude<Surroundings, { kind: 'view' }>) {
  const shown = around.kind === 'message' ? around.message : around.ephemeral
  return { user: person.id, channel: around.channel.id, threadTs: shown.threadTs, messageTs: shown.ts }
}

function actionOf(world: World, element: JsonObject, blockId: string, state: JsonObject): JsonObject {
  const kept = ['action_id', 'text', 'value', 'style', 'url', 'confirm', 'placeholder']
  return {
    ...Object.fromEntries(kept.filter((key) => element[key] !== undefined).map((key) => [key, element[key]])),
    ...state,
    block_id: blockId,
    action_ts: world.nextTs(),
  }
}

/** `@ben` and `#general` as `<@U…|ben>` and `<#C…|general>`, which `should_escape` asks for. */
function escapeMentions(world: World, text: string): string {
  return text
    .replaceAll(/(?<![\w@])@([\w.-]+)/g, (typed, name: string) => {
      const person = [...world.people.values()].find((candidate) => candidate.name === name)
      return person === undefined ? typed : `<@${person.id}|${name}>`
    })
    .replaceAll(/(?<![\w#&])#([\w-]+)/g, (typed, name: string) => {
      const channel = [...world.channels.values()].find((candidate) => candidate.name === name)
      return channel === undefined ? typed : `<#${channel.id}|${name}>`
    })
}

/** Opens the app's Home tab: the payload of `app_home_opened`. */
export function homeOpenedEvent(world: World, userId: string): JsonObject {
  const person = activePerson(world, userId)
  const home = world.homes.get(person.id)
  return {
    type: 'app_home_opened',
    user: person.id,
    channel: openDirect(world, person.id).id,
    tab: 'home',
    event_ts: world.nextTs(),
    ...(home === undefined ? {} : { view: viewOnWire(home, world.identity) }),
  }
}
