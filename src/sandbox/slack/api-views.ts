import type { ApiMethod } from './api-method.ts'
import { ApiRefusal, knownPerson, refuseBlocks, requiredText } from './api-refusal.ts'
import { checkFiles } from './block-files.ts'
import { checkView, isViewTooLarge } from './blocks.ts'
import { flagField, isObject, type JsonObject, objectList, parseJson, textField } from './json.ts'
import { withIds } from './message.ts'
import type { Triggers } from './triggers.ts'
import { type View, viewOnWire, viewTitle } from './view.ts'
import type { World } from './world.ts'

const MAX_STACK = 3

/** The views.* methods. None needs a scope. */
export function viewMethods(world: World, triggers: Triggers): Record<string, ApiMethod> {
  const method = (run: (args: JsonObject) => View): ApiMethod => ({
    scope: () => null,
    run: (args) => ({ view: viewOnWire(run(args), world.identity) }),
  })
  return {
    'views.open': method((args) => open(world, triggers, args)),
    'views.push': method((args) => push(world, triggers, args)),
    'views.update': method((args) => update(world, args)),
    'views.publish': method((args) => publish(world, args)),
  }
}

function open(world: World, triggers: Triggers, args: JsonObject): View {
  const source = readView(world, args, 'modal')
  const { user, channel } = triggers.exchange(requiredText(args, 'trigger_id'))
  const view = buildView(world, source, { user, channel, previous: null })
  world.views.set(user, [view])
  world.changed()
  return view
}

function push(world: World, triggers: Triggers, args: JsonObject): View {
  const source = readView(world, args, 'modal')
  const { user } = triggers.exchange(requiredText(args, 'trigger_id'))
  return pushView(world, user, source)
}

function update(world: World, args: JsonObject): View {
  const source = readView(world, args, 'modal')
  const viewId = textField(args, 'view_id')
  const externalId = textField(args, 'external_id')
  const stacks = [...world.views.values()].flat()
  const old = stacks.find((view) => (viewId === undefined ? view.externalId === externalId : view.id === viewId))
  if (old === undefined) throw new ApiRefusal('not_found')
  const hash = textField(args, 'hash')
  if (hash !== undefined && hash !== '' && hash !== old.hash) throw new ApiRefusal('hash_conflict')
  return replaceView(world, old, source)
}

function publish(world: World, args: JsonObject): View {
  const user = knownPerson(world, requiredText(args, 'user_id')).id
  const source = readView(world, args, 'home')
  const old = world.homes.get(user)
  const hash = textField(args, 'hash')
  if (hash !== undefined && hash !== '' && old !== undefined && hash !== old.hash) throw new ApiRefusal('hash_conflict')
  const view = buildView(world, source, { user, channel: null, previous: null, id: old?.id })
  world.homes.set(user, view)
  world.changed()
  return view
}

/** Puts a view on top of the person's stack; at most three. */
export function pushView(world: World, user: string, source: JsonObject): View {
  const stack = world.views.get(user) ?? []
  const top = stack.at(-1)
  if (top === undefined) throw new ApiRefusal('not_found')
  if (stack.length >= MAX_STACK) throw new ApiRefusal('push_limit_reached')
  const view = buildView(world, source, { user, channel: top.channel, previous: top })
  stack.push(view)
  world.changed()
  return view
}

/** Shows `source` in the place of `old`: same id, new hash, no errors. */
export function replaceView(world: World, old: View, source: JsonObject): View {
  const stack = world.views.get(old.user) ?? []
  const fresh = buildView(world, source, { user: old.user, channel: old.channel, previous: null, id: old.id })
  const view = { ...fresh, rootId: old.rootId, previousId: old.previousId }
  stack.splice(
    stack.findIndex(({ id }) => id === old.id),
    1,
    view,
  )
  world.changed()
  return view
}

/** The `view` argument, checked. Also used for views that come in an ack. */
export function readView(world: World, args: JsonObject, type: 'modal' | 'home'): JsonObject {
  const given = args.view
  const view = typeof given === 'string' ? parseJson(given) : given
  if (!isObject(view)) throw new ApiRefusal('invalid_arguments')
  const problems = [...checkView(view), ...checkFiles(world, view.blocks, '/view/blocks')]
  if (view.type !== type && problems.length === 0) problems.push(`[ERROR] must be ${type} [json-pointer:/view/type]`)
  if (problems.length > 0) refuseBlocks('invalid_arguments', problems)
  if (isViewTooLarge(view)) throw new ApiRefusal('view_too_large')
  return view
}

interface Place {
  readonly user: string
  readonly channel: string | null
  readonly previous: View | null
  readonly id?: string | undefined
}

function buildView(world: World, source: JsonObject, place: Place): View {
  const externalId = textField(source, 'external_id') ?? ''
  const others = [...world.views.values()].flat().filter(({ id }) => id !== place.id)
  if (externalId !== '' && others.some((view) => view.externalId === externalId)) throw new ApiRefusal('duplicate_external_id')
  const id = place.id ?? world.newId('V')
  return {
    id,
    hash: `${Math.floor(world.now().getTime() / 1000)}.${world.newBlockId()}`,
    user: place.user,
    type: source.type === 'home' ? 'home' : 'modal',
    callbackId: textField(source, 'callback_id') ?? '',
    externalId,
    title: viewTitle(source),
    privateMetadata: textField(source, 'private_metadata') ?? '',
    notifyOnClose: flagField(source, 'notify_on_close'),
    clearOnClose: flagField(source, 'clear_on_close'),
    rootId: place.previous?.rootId ?? id,
    previousId: place.previous?.id ?? null,
    blocks: withIds(objectList(source.blocks), world.newBlockId),
    source,
    errors: {},
    channel: place.channel,
  }
}
