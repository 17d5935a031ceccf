import { ApiRefusal } from './api-refusal.ts'
import { pushView, readView, replaceView } from './api-views.ts'
import { clientErrors, type FormValues, readForm } from './form-values.ts'
import { activePerson, type InteractionDeps, type Seen, watchEphemerals } from './interactions.ts'
import { isObject, type JsonObject, objectField, textField } from './json.ts'
import { viewClosedPayload, viewSubmissionPayload } from './payloads.ts'
import type { View } from './view.ts'
import type { World } from './world.ts'

/** The person submits the modal on top. Field errors are then on `view(userId).errors`. */
export async function sendSubmission(deps: InteractionDeps, userId: string, filled: FormValues = {}): Promise<Seen> {
  const { world } = deps
  const person = activePerson(world, userId)
  const view = topView(world, userId)
  const values = readForm(view.blocks, filled, view.channel)
  const errors = clientErrors(view.blocks, values)
  if (Object.keys(errors).length > 0) {
    setErrors(world, view, errors)
    return { acked: false, ackBody: undefined, ephemerals: [], error: 'field_errors', opened: null }
  }
  const watch = watchEphemerals(world, userId)
  const triggerId = deps.triggers.issue(userId, view.channel)
  const receipt = await deps.delivery.send({
    type: 'interactive',
    payload: viewSubmissionPayload(world, person, view, values, triggerId),
  })
  const refusal = receipt.kind === 'acked' ? follow(world, view, receipt.body) : null
  return { ...watch(receipt, refusal), opened: null }
}

/** The person closes the modal on top, or (`isCleared`) the whole stack. */
export async function sendClose(deps: InteractionDeps, userId: string, isCleared: boolean): Promise<Seen> {
  const { world } = deps
  const person = activePerson(world, userId)
  const view = topView(world, userId)
  const stack = world.views.get(userId) ?? []
  const closed = isCleared ? stack.splice(0) : stack.splice(-1)
  world.changed()
  const watch = watchEphemerals(world, userId)
  const told = isCleared ? (closed[0] ?? view) : view
  const isRoot = told.previousId === null
  if (!told.notifyOnClose) return { ...watch({ kind: 'acked', body: undefined }), opened: null }
  const payload = viewClosedPayload(world, person, told, isCleared || (isRoot && view.clearOnClose))
  return { ...watch(await deps.delivery.send({ type: 'interactive', payload })), opened: null }
}

function topView(world: World, userId: string): View {
  const view = world.views.get(userId)?.at(-1)
  if (view === undefined) throw new Error(`${userId} has no modal open`)
  return view
}

/** Does what the ack of a submission says; the code of Slack's refusal when it can't. */
function follow(world: World, view: View, body: unknown): string | null {
  const answer = isObject(body) ? body : {}
  const stack = world.views.get(view.user) ?? []
  if (!stack.some(({ id }) => id === view.id)) return null // closed or replaced meanwhile
  try {
    apply(world, view, stack, answer)
    return null
  } catch (error) {
    if (error instanceof ApiRefusal) return error.code
    throw error
  }
}

function apply(world: World, view: View, stack: View[], answer: JsonObject): void {
  switch (answer.response_action) {
    case undefined:
      stack.splice(stack.findIndex(({ id }) => id === view.id))
      world.changed()
      return
    case 'clear':
      stack.splice(0)
      world.changed()
      return
    case 'errors':
      setErrors(world, view, readErrors(view, answer))
      return
    case 'update':
      replaceView(world, view, readView(world, answer, 'modal'))
      return
    case 'push':
      pushView(world, view.user, readView(world, answer, 'modal'))
      return
    default:
      throw new ApiRefusal('invalid_response_action')
  }
}

/** Errors count only for input blocks; Slack shows the person a failure for any other block id. */
function readErrors(view: View, answer: JsonObject): Record<string, string> {
  const errors = objectField(answer, 'errors')
  const inputs = new Set(view.blocks.filter((block) => block.type === 'input').map((block) => block.block_id))
  const entries = Object.keys(errors).map((key): [string, string] => [key, textField(errors, key) ?? ''])
  if (entries.length === 0 || entries.some(([key]) => !inputs.has(key))) throw new ApiRefusal('invalid_error_block_id')
  return Object.fromEntries(entries)
}

function setErrors(world: World, view: View, errors: Record<string, string>): void {
  const stack = world.views.get(view.user) ?? []
  const index = stack.findIndex(({ id }) => id === view.id)
  if (index >= 0) stack[index] = { ...view, errors }
  world.changed()
}
