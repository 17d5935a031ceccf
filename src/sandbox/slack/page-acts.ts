import { findMessage, removeMessage, replaceEphemeral } from './conversation.ts'
import type { FormValues } from './form-values.ts'
import type { ClickChoice, ClickTarget, Seen } from './interactions.ts'
import { isObject, type JsonObject, objectField, textField } from './json.ts'
import type { Message } from './message.ts'
import type { Panel } from './panel.ts'
import type { World } from './world.ts'

/** What a person can do, as the methods of the workspace. */
interface Acts {
  command(userId: string, channelId: string, text: string): Promise<Seen>
  click(userId: string, target: ClickTarget, actionId: string, choice?: ClickChoice): Promise<Seen>
  submitView(userId: string, values?: FormValues): Promise<Seen>
  closeView(userId: string, isCleared?: boolean): Promise<Seen>
  openHome(userId: string): Promise<Seen>
  post(userId: string, channelId: string, text: string, threadTs?: string): Message
}

/** What the page shows after an act: a sentence (bad news when `isBad`), or nothing. */
export interface ActOutcome {
  readonly say: string | null
  readonly isBad: boolean
}

const FINE: ActOutcome = { say: null, isBad: false }

export interface PageActDeps {
  readonly world: World
  readonly acts: Acts
  readonly panel: Panel | null
}

/** Does what the page asks for. `request.do` says what; the rest are its fields. Throws on nonsense. */
export async function doPageAct(deps: PageActDeps, request: JsonObject): Promise<ActOutcome> {
  const { world, acts } = deps
  const as = textField(request, 'as') ?? ''
  const channel = textField(request, 'channel') ?? ''
  const ts = textField(request, 'ts') ?? ''
  switch (request.do) {
    case 'send':
      return say(deps, as, channel, request)
    case 'click':
      return outcome(world, await acts.click(as, readTarget(request), textField(request, 'actionId') ?? '', readChoice(request)))
    case 'submit':
      return outcome(world, await acts.submitView(as, readForm(request)))
    case 'close-one':
    case 'close-all':
      return outcome(world, await acts.closeView(as, request.do === 'close-all'))
    case 'home':
      return outcome(world, await acts.openHome(as))
    case 'delete': {
      const message = findMessage(world, channel, ts)
      if (message !== undefined) removeMessage(world, message)
      return FINE
    }
    case 'dismiss': {
      const ephemeral = world.ephemerals.find((item) => item.ts === ts && item.user === as)
      if (ephemeral !== undefined) replaceEphemeral(world, ephemeral, null)
      return FINE
    }
    case 'panel':
      return { say: (await deps.panel?.run(textField(request, 'id') ?? '')) ?? null, isBad: false }
    default:
      throw new Error('The page asked for something unknown')
  }
}

async function say({ world, acts }: PageActDeps, as: string, channel: string, request: JsonObject): Promise<ActOutcome> {
  const text = (textField(request, 'text') ?? '').trim()
  const threadTs = textField(request, 'threadTs')
  if (text === '') return FINE
  if (!text.startsWith('/')) {
    acts.post(as, channel, text, threadTs)
    return FINE
  }
  const [, name = '', rest = ''] = /^(\S+)\s*([\s\S]*)$/.exec(text) ?? []
  if (threadTs !== undefined) return { say: `${name} is not supported in threads. Sorry!`, isBad: true }
  if (name.toLowerCase() !== world.identity.commandName) return { say: `${name} is not a valid command.`, isBad: true }
  const seen = await acts.command(as, channel, rest)
  return seen.error === null ? FINE : { say: `${name} failed with the error "${seen.error}"`, isBad: true }
}

function outcome(world: World, seen: Seen): ActOutcome {
  if (seen.error === null || seen.error === 'field_errors') return FINE
  return { say: `${world.identity.appName} did not answer: ${seen.error}`, isBad: true }
}

function readTarget(request: JsonObject): ClickTarget {
  if (request.target === 'home' || request.target === 'view') return request.target
  return { channel: textField(request, 'channel') ?? '', ts: textField(request, 'ts') ?? '' }
}

function readChoice(request: JsonObject): ClickChoice {
  const blockId = textField(request, 'blockId')
  const selected = request.selected
  return {
    ...(blockId === undefined ? {} : { blockId }),
    ...(Array.isArray(selected) ? { selected: selected.map(String) } : {}),
    form: readForm(request),
  }
}

function readForm(request: JsonObject): FormValues {
  if (!isObject(request.form)) return {}
  return Object.fromEntries(
    Object.entries(objectField(request, 'form')).map(([key, value]) => [
      key,
      Array.isArray(value) ? value.map(String) : String(value ?? ''),
    ]),
  )
}
