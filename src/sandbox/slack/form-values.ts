import { isObject, type JsonObject, objectField, objectList, textField } from './json.ts'
import { elementsOf, type ViewState } from './view.ts'

/** What a person fills in, by block id or action id: a text, the value or id chosen, or several. */
export type FormValues = Readonly<Record<string, string | readonly string[] | null>>

/**
 * `state.values` for the inputs of these blocks: what was filled in, else what they came with.
 * Throws for a name that no element has, since that is a mistake of the caller.
 */
export function readForm(blocks: readonly JsonObject[], filled: FormValues, channel: string | null): ViewState {
  const fields = elementsOf(blocks).filter(({ element }) => !['button', 'overflow'].includes(String(element.type)))
  const unknown = Object.keys(filled).find(
    (key) => !fields.some(({ blockId, element }) => key === blockId || key === element.action_id),
  )
  if (unknown !== undefined)
    throw new Error(`The view has no field ${unknown}; it has ${fields.map(({ blockId }) => blockId).join(', ')}`)
  const values: ViewState = {}
  for (const { blockId, element } of fields) {
    const actionId = String(element.action_id)
    const given = filled[blockId] ?? filled[actionId]
    const picked = given === undefined ? initial(element, channel) : typeof given === 'string' ? [given] : (given ?? [])
    values[blockId] = { ...values[blockId], [actionId]: stateOf(element, picked) }
  }
  return values
}

/** Field errors that Slack's own client raises before it sends anything: an empty required input, a text too long. */
export function clientErrors(blocks: readonly JsonObject[], values: ViewState): Record<string, string> {
  const errors: Record<string, string> = {}
  for (const block of blocks) {
    const element = block.element
    if (block.type !== 'input' || !isObject(element)) continue
    const blockId = String(block.block_id)
    const state = values[blockId]?.[String(element.action_id)] ?? {}
    const picked = pickedOf(state)
    if (block.optional !== true && picked.length === 0) errors[blockId] = 'Please complete this required field.'
    const [text = ''] = picked
    const { min_length: min, max_length: max } = element
    if (typeof max === 'number' && text.length > max) errors[blockId] = `Please keep this to ${max} characters or fewer.`
    if (typeof min === 'number' && text !== '' && text.length < min) errors[blockId] = `Please write at least ${min} characters.`
  }
  return errors
}

/** What an element holds when the view opens. */
export function initial(element: JsonObject, channel: string | null): string[] {
  if (element.default_to_current_conversation === true && channel !== null) return [channel]
  const one = ['initial_value', 'initial_user', 'initial_conversation', 'initial_channel', 'initial_date', 'initial_time']
    .map((key) => textField(element, key))
    .filter((value): value is string => value !== undefined && value !== '')
  const listed = ['initial_users', 'initial_conversations', 'initial_channels'].flatMap((key) =>
    Array.isArray(element[key]) ? element[key].map(String) : [],
  )
  const options = [objectField(element, 'initial_option'), ...objectList(element.initial_options)].flatMap(
    (option) => textField(option, 'value') ?? [],
  )
  return [...one, ...listed, ...options]
}

/** All options of a select, groups included. */
export function optionsOf(element: JsonObject): JsonObject[] {
  return [...objectList(element.options), ...objectList(element.option_groups).flatMap((group) => objectList(group.options))]
}

/** The state (and, for a click, the action's fields) of one element that holds `picked`. */
export function stateOf(element: JsonObject, picked: readonly string[]): JsonObject {
  const type = String(element.type)
  const [first] = picked
  const option = (value: string) => {
    const found = optionsOf(element).find((candidate) => candidate.value === value)
    if (found === undefined) throw new Error(`${String(element.action_id)} has no option ${value}`)
    return found
  }
  switch (type) {
    case 'button':
      return { type }
    case 'checkboxes':
    case 'multi_static_select':
      return { type, selected_options: picked.map(option) }
    case 'radio_buttons':
    case 'static_select':
      return { type, selected_option: first === undefined ? null : option(first) }
    case 'overflow':
      return { type, ...(first === undefined ? {} : { selected_option: option(first) }) }
    case 'users_select':
      return { type, selected_user: first ?? null }
    case 'conversations_select':
      return { type, selected_conversation: first ?? null }
    case 'channels_select':
      return { type, selected_channel: first ?? null }
    case 'multi_users_select':
      return { type, selected_users: picked }
    case 'multi_conversations_select':
      return { type, selected_conversations: picked }
    case 'multi_channels_select':
      return { type, selected_channels: picked }
    case 'datepicker':
      return { type, selected_date: first ?? null }
    case 'timepicker':
      return { type, selected_time: first ?? null }
    default:
      return { type, value: first === undefined || first === '' ? null : first }
  }
}

function pickedOf(state: JsonObject): string[] {
  return Object.entries(state)
    .filter(([key]) => key !== 'type')
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
    .filter((value) => value !== null && value !== undefined && value !== '')
    .map((value) => (isObject(value) ? String(value.value) : String(value)))
}
