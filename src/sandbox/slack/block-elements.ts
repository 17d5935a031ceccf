import type { Problems } from './block-problems.ts'
import { isObject, type JsonObject, objectField, objectList } from './json.ts'

const SELECTS = ['static_select', 'external_select', 'users_select', 'conversations_select', 'channels_select']
const PICKERS = ['datepicker', 'timepicker', 'datetimepicker', 'checkboxes', 'radio_buttons']
const CHOICES = [...SELECTS, ...SELECTS.map((select) => `multi_${select}`), ...PICKERS]
const TEXT_INPUTS = ['plain_text_input', 'email_text_input', 'url_text_input', 'number_input', 'rich_text_input', 'file_input']

/** Elements by the place that may hold them. */
const ALLOWED = {
  actions: [...CHOICES, 'button', 'overflow', 'workflow_button'],
  accessory: [...CHOICES, 'button', 'overflow', 'workflow_button', 'image'],
  input: [...CHOICES, ...TEXT_INPUTS],
} as const

export type ElementPlace = keyof typeof ALLOWED

/** Checks one interactive element (or the image of an accessory). Limits: SLACK.md 2.4. */
export function checkElement(problems: Problems, element: JsonObject, path: string, place: ElementPlace): void {
  const type = String(element.type)
  const allowed: readonly string[] = ALLOWED[place]
  if (!allowed.includes(type)) {
    problems.add(`${path}/type`, `unsupported type: ${type}`)
    return
  }
  if (type === 'image') {
    checkImage(problems, element, path)
    return
  }
  problems.text(element, path, 'action_id', { max: 255 })
  problems.textObject(element, path, 'placeholder', { max: 150, plain: true })
  if (element.confirm !== undefined) checkConfirm(problems, element, path)
  if (type === 'button') checkButton(problems, element, path)
  if (type === 'overflow') checkOptions(problems, element, path, { max: 5, plain: true })
  if (type.endsWith('static_select')) checkStaticSelect(problems, element, path)
  if (type === 'checkboxes' || type === 'radio_buttons') checkOptions(problems, element, path, { max: 10, plain: false })
  if (TEXT_INPUTS.includes(type)) checkTextInput(problems, element, path)
}

export function checkImage(problems: Problems, image: JsonObject, path: string): void {
  if (image.slack_file === undefined) checkUrl(problems, image, path, 'image_url', true)
  else if (image.image_url !== undefined) problems.add(path, 'only one of image_url, slack_file is allowed')
  else checkSlackFile(problems, image.slack_file, `${path}/slack_file`)
  problems.text(image, path, 'alt_text', { max: 2000, required: true })
}

/** By id or by address, not by both (docs.slack.dev/reference/block-kit/composition-objects/slack-file-object, read 2026-11-29). */
function checkSlackFile(problems: Problems, file: unknown, path: string): void {
  if (!isObject(file)) problems.add(path, 'must be an object')
  else if ((file.id === undefined) === (file.url === undefined)) problems.add(path, 'exactly one of id, url is required')
  else if (file.id === undefined) checkUrl(problems, file, path, 'url', true)
  else if (!/^[F][A-Z0-9]{8,}$/.test(String(file.id)))
    problems.add(`${path}/id`, 'input must match regex pattern: ^[F][A-Z0-9]{8,}$')
}

/** An http or https address of at most 3,000 characters. */
export function checkUrl(problems: Problems, parent: JsonObject, path: string, key: string, required: boolean): void {
  problems.text(parent, path, key, { max: 3000, required })
  const value = parent[key]
  if (typeof value === 'string' && value !== '' && !isWebUrl(value)) problems.add(`${path}/${key}`, 'must be a valid url')
}

function isWebUrl(value: string): boolean {
  return /^https?:\/\//i.test(value) && URL.canParse(value)
}

function checkButton(problems: Problems, button: JsonObject, path: string): void {
  problems.textObject(button, path, 'text', { max: 75, required: true, plain: true })
  problems.text(button, path, 'value', { max: 2000 })
  problems.text(button, path, 'accessibility_label', { max: 75 })
  problems.oneOf(button, path, 'style', ['primary', 'danger'])
  if (button.url !== undefined) checkUrl(problems, button, path, 'url', true)
}

function checkConfirm(problems: Problems, element: JsonObject, path: string): void {
  const at = `${path}/confirm`
  if (!isObject(element.confirm)) {
    problems.add(at, 'must be an object')
    return
  }
  const confirm = objectField(element, 'confirm')
  problems.textObject(confirm, at, 'title', { max: 100, required: true, plain: true })
  problems.textObject(confirm, at, 'text', { max: 300, required: true })
  problems.textObject(confirm, at, 'confirm', { max: 30, plain: true })
  problems.textObject(confirm, at, 'deny', { max: 30, plain: true })
  problems.oneOf(confirm, at, 'style', ['primary', 'danger'])
}

function checkStaticSelect(problems: Problems, select: JsonObject, path: string): void {
  if (select.option_groups === undefined) {
    checkOptions(problems, select, path, { max: 100, plain: true })
    return
  }
  if (select.options !== undefined) problems.add(path, 'only one of options, option_groups is allowed')
  for (const group of problems.list(select, path, 'option_groups', { max: 100 })) {
    problems.textObject(group.item, group.path, 'label', { max: 75, required: true, plain: true })
    checkOptions(problems, group.item, group.path, { max: 100, plain: true })
  }
}

function checkOptions(problems: Problems, parent: JsonObject, path: string, limit: { max: number; plain: boolean }): void {
  const options = problems.list(parent, path, 'options', { max: limit.max })
  for (const { item, path: at } of options) {
    problems.textObject(item, at, 'text', { max: 75, required: true, plain: limit.plain })
    problems.textObject(item, at, 'description', { max: 75 })
    problems.text(item, at, 'value', { max: 150, required: true })
  }
  const values = options.map(({ item }) => item.value)
  if (new Set(values).size < values.length) problems.add(`${path}/options`, 'option values must be unique')
  const initial = [...(isObject(parent.initial_option) ? [parent.initial_option] : []), ...objectList(parent.initial_options)]
  for (const option of initial) {
    if (!values.includes(option.value)) problems.add(path, 'initial option must be one of the options')
  }
}

function checkTextInput(problems: Problems, input: JsonObject, path: string): void {
  problems.text(input, path, 'initial_value', { max: 3000 })
  for (const key of ['min_length', 'max_length']) {
    const value = input[key]
    if (value === undefined) continue
    const isInRange = typeof value === 'number' && value >= (key === 'max_length' ? 1 : 0) && value <= 3000
    if (!isInRange) problems.add(`${path}/${key}`, 'must be a number up to 3000')
  }
  if (input.type === 'number_input' && typeof input.is_decimal_allowed !== 'boolean') {
    problems.add(path, 'missing required field: is_decimal_allowed')
  }
}
